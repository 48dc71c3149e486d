package pec

import (
	"bytes"
	"crypto"
	"crypto/sha256"
	"io"
	"strings"
	"sync"
)

// Open reads the message of size bytes in r and proves what can be proved of it. Nothing in the
// message makes it fail: what cannot be read is Unreadable, with the reason. The error is r's.
// Messages above 512 KiB are read through a window: memory does not grow with them. r must not change meanwhile.
func Open(r io.ReaderAt, size int64, opt Options) (*Envelope, error) {
	m := newMessage(opt)
	defer m.leave()
	if m.room.window == nil {
		m.room.window = make([]byte, windowSize)
	}
	m.given = newSource(r, size, m.room.window)
	if m.given.err != nil {
		return nil, m.given.err
	}
	return m.read()
}

// OpenBytes is Open for a message in memory.
func OpenBytes(raw []byte, opt Options) *Envelope {
	m := newMessage(opt)
	defer m.leave()
	m.given = bytesSource(raw)
	e, _ := m.read() // no reader, no error
	return e
}

func bytesSource(b []byte) source {
	return source{buf: b, size: int64(len(b)), whole: true}
}

// message is one message while it is opened, and again the next one. Nothing in an Envelope may point into it.
type message struct {
	given    source
	src      *source // given
	opt      Options
	parts    []part // of the message; parts[0] is the outermost entity
	fault    string
	lf       bool // saved with LF line ends
	alike    bool // see scanner.lookalike, of an opaque signature's content too
	reopened bool // see scanner.reopened, likewise
	scanner  scanner
	outer    outerHeader
	env      *Envelope
	proof    proof

	room   room
	digest *tap // of the raw bytes, when they go by in windows
	signed *tap // of the signed entity, likewise
	sigAlg crypto.Hash

	// what the signed multipart is made of: the message's own parts, or those of an opaque
	// signature's content
	inner    *source
	entities []part
	root     int // the signed entity in entities; -1 when there is none
	original *enclosed
	found    enclosed // original, once it is found
}

// room is the memory that is kept for the next message.
type room struct {
	parts     []part
	values    mediaRoom
	certs     []*certificate
	signature []byte
	decoded   []byte
	plain     []byte // the text, and its HTML version
	html      []byte
	window    []byte // of Open
}

var messages = sync.Pool{New: func() any {
	return &message{room: room{parts: make([]part, 0, 16), signature: make([]byte, 0, 8<<10)}}
}}

func newMessage(opt Options) *message {
	m := messages.Get().(*message)
	m.opt, m.src, m.root = opt, &m.given, -1
	return m
}

// leave clears the message and keeps its room, unless a hostile message made it large.
func (m *message) leave() {
	r := m.room
	if cap(m.parts) <= 64 && m.parts != nil {
		r.parts = m.parts
	}
	clear(r.parts[:cap(r.parts)])
	clear(r.certs[:cap(r.certs)])
	clear(r.values.params[:cap(r.values.params)])
	for _, b := range []*[]byte{&r.decoded, &r.plain, &r.html} {
		if cap(*b) > maxKept {
			*b = nil
		}
	}
	if cap(r.signature) > maxKept {
		r.signature = nil
	}
	*m = message{room: r}
	messages.Put(m)
}

// maxKept bounds the memory kept for decoding.
const maxKept = 64 << 10

func (m *message) read() (*Envelope, error) {
	m.env = &Envelope{Kind: Ordinary, Size: m.src.size}
	m.lf = lfFile(m.src.from(0, 4<<10))
	if !m.src.whole && m.opt.Digest == nil {
		m.digest = newTap(crypto.SHA256, 0, false)
		m.src.taps = append(m.src.taps, m.digest)
	}
	s := &m.scanner
	s.src, s.parts, s.values = m.src, m.room.parts[:0], m.room.values
	if !m.src.whole {
		s.signedFrom, s.signedEnd = m.signedFrom, m.signedEnd
	}
	s.scan(levelOuter)
	m.room.values = s.values
	m.parts, m.fault, m.alike, m.reopened = s.parts, s.fault, s.lookalike, s.reopened
	m.sumRaw()
	m.outer = readOuter(m.src.load(0, m.parts[0].body, maxHeader))
	m.env.Header = m.outer.header()
	switch {
	case m.env.Size == 0:
		m.fault = ReasonEmpty
	case m.parts[0].fields == 0 && m.fault == "":
		m.fault = ReasonNoHeader
	}
	prove(m)
	m.readOriginal()
	if m.fault != "" {
		m.env.Kind, m.env.Reason = Unreadable, m.fault
	} else if m.env.Kind == Transport {
		m.env.Reason = m.env.Verdict.Reason
	}
	return m.env, m.src.err
}

// signedFrom begins to hash the signed entity while it goes by. micalg is a hint of how: when it is wrong
// the bytes are read again.
func (m *message) signedFrom(at int64, outer content) {
	m.sigAlg = hashNamed(outer.micalg)
	if m.sigAlg == 0 {
		m.sigAlg = crypto.SHA256
	}
	m.signed = newTap(m.sigAlg, at, m.lf)
	m.src.taps = append(m.src.taps, m.signed)
}

func (m *message) signedEnd(at int64) { m.signed.end = at }

// sumRaw sets the digest of the raw bytes.
func (m *message) sumRaw() {
	if m.signed != nil {
		m.signed.finish(m.src, m.signed.end) // first: its end is in the window still
	}
	switch {
	case m.opt.Digest != nil:
		m.env.Digest = *m.opt.Digest
	case m.src.whole:
		m.env.Digest = sha256.Sum256(m.src.buf)
	default:
		copy(m.env.Digest[:], m.digest.finish(m.src, m.src.size))
	}
}

// sum is the digest of the entity n of the message as it was signed. A file whose first line alone ends with LF, as that of a
// mailbox file may, was not saved with LF: an entity with CRLF in it is taken as it stands.
func (m *message) sum(n int, alg crypto.Hash) []byte {
	p := m.parts[n]
	end := p.end
	if end == p.body && p.closed && string(m.src.load(end, end+2, 2)) == "--" {
		// the one line end between header and delimiter is the delimiter's
		end -= int64(len(lineEndOf(m.src.load(p.start, end, maxHeader))))
	}
	if m.src.whole && !m.lf {
		return sumOf(alg, m.src.buf[p.start:end])
	}
	t := m.signed
	if t == nil || m.sigAlg != alg || t.canon != m.lf || t.end != end {
		t = newTap(alg, p.start, m.lf)
	}
	sum := t.finish(m.src, end)
	if t.crlf {
		m.lf = false
		return m.sum(n, alg)
	}
	return sum
}

// lfFile reports whether a message was saved with LF line ends: its first line tells.
func lfFile(b []byte) bool {
	i := bytes.IndexByte(b, '\n')
	return i == 0 || (i > 0 && b[i-1] != '\r')
}

// lineEndOf is the line end b ends with.
func lineEndOf(b []byte) []byte {
	line := bytes.TrimSuffix(b, newline)
	if len(line) < len(b) {
		line = bytes.TrimSuffix(line, carriageReturn)
	}
	return b[len(line):]
}

// hashNamed reads a micalg parameter (RFC 8551 §3.5.3.2), in the spellings that occur.
func hashNamed(s string) crypto.Hash {
	switch strings.TrimSpace(s) {
	case "sha1", "sha-1":
		return crypto.SHA1
	case "sha256", "sha-256":
		return crypto.SHA256
	case "sha384", "sha-384":
		return crypto.SHA384
	case "sha512", "sha-512":
		return crypto.SHA512
	case "sha224", "sha-224":
		return crypto.SHA224
	case "md5", "rsa-md5":
		return crypto.MD5
	}
	return 0
}
