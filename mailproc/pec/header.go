package pec

import (
	"bytes"
	"mime"
	"strings"
	"unicode"
)

// content is what the MIME fields of a header say of its body (RFC 2045).
type content struct {
	typ         string // lower case, "text/plain" when absent or unreadable
	declared    bool   // there was a Content-Type
	delimiter   string // "--" and the boundary; "" without one
	charset     string
	name        string // decoded filename, or name
	claims      claims // the provider's parts for which some reader takes it by one of its names
	twoNames    bool   // they differ
	protocol    string // RFC 1847
	micalg      string
	smimeType   string // RFC 8551 §3.2.2
	cte         string // Content-Transfer-Encoding, lower case
	encoded     bool   // there was one, be it empty
	disposition string // lower case
	fields      int    // header fields seen
	ambiguous   bool   // a Content-Type, a parameter of it or an encoding given twice, or written so that readers differ on it
	stray       bool   // a line among the fields is none
	broken      bool   // NUL or a bare CR among the fields
}

func (c content) multipart() bool { return strings.HasPrefix(c.typ, "multipart/") }

// plain reports whether the body stands there without transfer encoding.
func (c content) plain() bool {
	switch c.cte {
	case "", "7bit", "8bit", "binary":
		return true
	}
	return false
}

// header reads the header at pos: what it says of the content and where the body begins, or the
// delimiter that cuts it short.
func (s *scanner) header(pos int64, digest bool) (content, int64, *delim) {
	c := content{typ: "text/plain"}
	if digest {
		c.typ = "message/rfc822" // RFC 2046 §5.1.5
	}
	need := 4 << 10
	for {
		w := s.src.from(pos, need)
		whole := len(w) < need || pos+int64(len(w)) >= s.src.size || len(w) >= maxHeader
		r := headerReader{s: s, pos: pos, w: w[:min(len(w), maxHeader)]}
		if r.read(&c, whole) || whole {
			if r.n >= maxHeader || r.count > maxFields {
				s.fail(ReasonHeaderTooLarge)
			}
			if c.broken = brokenLines(r.w[:r.n]); c.broken {
				s.behindCR(pos, pos+int64(r.n))
			}
			return c, pos + int64(r.n), r.stop
		}
		need *= 4
		c = content{typ: c.typ}
		if digest {
			c.typ = "message/rfc822"
		} else {
			c.typ = "text/plain"
		}
	}
}

// headerReader walks the lines of one header block.
type headerReader struct {
	s     *scanner
	pos   int64 // of w in the message
	w     []byte
	n     int // bytes of w read
	count int
	stop  *delim
}

// read reads the block into c and reports whether its end was found.
func (r *headerReader) read(c *content, whole bool) bool {
	for r.n < len(r.w) && r.count <= maxFields {
		line, rest := r.w[r.n:], 0
		if end := bytes.IndexByte(line, '\n'); end >= 0 {
			rest = end + 1
		} else if whole {
			rest = len(line)
		} else {
			return false
		}
		if blankLine(line[:rest]) {
			r.n += rest
			return true
		}
		if line[0] == '-' && len(r.s.bounds) > 0 {
			if d, ok := r.s.match(r.pos, r.pos+int64(r.n)); ok {
				r.stop = &d
				return true
			}
		}
		size, ok := foldedLength(line, rest, whole)
		if !ok {
			return false
		}
		name, from, to, isField := splitField(line[:size])
		if !isField {
			if c.fields == 0 && !bytes.HasPrefix(line, []byte("From ")) {
				return true // no header at all: the body begins here
			}
			c.stray = c.stray || c.fields > 0
			r.n += rest // a line that is no field: skipped, as mail programs do
			continue
		}
		if line[len(name)] != ':' && len(name) > 8 && equalFold(name[:8], "content-") {
			c.ambiguous = true // blanks before the colon: some readers take the line for none of the header
		}
		c.take(name, line[from:to], &r.s.values)
		r.count++
		r.n += size
	}
	return whole
}

// brokenLines reports NUL, or CR that ends no line.
func brokenLines(b []byte) bool {
	if bytes.IndexByte(b, 0) >= 0 {
		return true
	}
	for {
		i := bytes.IndexByte(b, '\r')
		if i < 0 {
			return false
		}
		if i+1 < len(b) && b[i+1] != '\n' {
			return true
		}
		b = b[i+1:]
	}
}

// blankLine reports whether line, with its line end, is the empty one that ends a header.
func blankLine(line []byte) bool {
	return line[0] == '\n' || (line[0] == '\r' && len(line) == 2 && line[1] == '\n')
}

// foldedLength is the length of the field that starts at b, continuation lines included (RFC 5322
// §2.2.3). first is the length of its first line. Not ok: more bytes are needed to know.
func foldedLength(b []byte, first int, whole bool) (int, bool) {
	n := first
	for {
		if n >= len(b) {
			return n, whole
		}
		if b[n] != ' ' && b[n] != '\t' {
			return n, true
		}
		end := bytes.IndexByte(b[n:], '\n')
		if end < 0 {
			return len(b), whole
		}
		n += end + 1
	}
}

// splitField cuts a field into its name and where its value lies, surrounding blanks off. Names are
// printable ASCII (RFC 5322 §2.2).
func splitField(b []byte) (name []byte, from, to int, ok bool) {
	i := bytes.IndexByte(b, ':')
	if i <= 0 {
		return nil, 0, 0, false
	}
	name = b[:i]
	for len(name) > 0 && (name[len(name)-1] == ' ' || name[len(name)-1] == '\t') {
		name = name[:len(name)-1] // obsolete, but read by every program (RFC 5322 §4.5)
	}
	for _, ch := range name {
		if ch <= ' ' || ch > '~' {
			return nil, 0, 0, false
		}
	}
	from, to = i+1, len(b)
	for from < to && blank(b[from]) {
		from++
	}
	for from < to && blank(b[to-1]) {
		to--
	}
	return name, from, to, len(name) > 0
}

func blank(c byte) bool { return c == ' ' || c == '\t' || c == '\r' || c == '\n' }

// take notes the MIME fields.
func (c *content) take(name, value []byte, room *mediaRoom) {
	c.fields++
	if len(name) < 10 || !equalFold(name[:8], "content-") {
		return
	}
	switch rest := name[8:]; {
	case equalFold(rest, "type"):
		if c.declared {
			c.ambiguous = true
			return
		}
		c.contentType(value, room)
	case equalFold(rest, "transfer-encoding"):
		cte := lowerWord(token(value))
		c.ambiguous = c.ambiguous || c.encoded && c.cte != cte
		c.cte, c.encoded = cte, true
	case equalFold(rest, "disposition"):
		m := parseMedia(value, room)
		c.disposition = m.value
		if name, ok := c.named(&m, "filename"); ok {
			c.name = name // it goes before the name of Content-Type
		}
	}
}

func (c *content) contentType(value []byte, room *mediaRoom) {
	c.declared = true
	m := parseMedia(value, room)
	c.typ = m.value
	if !strings.Contains(c.typ, "/") {
		c.typ = "text/plain" // RFC 2045 §5.2
	}
	c.ambiguous = c.ambiguous || m.twice || m.cut || m.odd && c.multipart()
	for _, p := range m.params {
		if strings.HasPrefix(p.name, "boundary*") {
			c.ambiguous = true // RFC 2231 pieces: some readers put them together
		}
		switch p.name {
		case "boundary":
			c.delimiter = ""
			if len(p.value) > 0 {
				c.delimiter = "--" + string(p.value)
				c.ambiguous = c.ambiguous || c.multipart() && !plainBoundary(p)
			}
		case "charset":
			c.charset = lowerWord(p.value)
		case "protocol":
			c.protocol = lowerWord(p.value)
		case "micalg":
			c.micalg = lowerWord(p.value)
		case "smime-type":
			c.smimeType = lowerWord(p.value)
		}
	}
	c.named(&m, "name")
}

// token is the first token of a value: what follows (comments, a stray semicolon) is left out.
func token[T string | []byte](value T) T {
	for i := range len(value) {
		switch value[i] {
		case ' ', '\t', '\r', '\n', ';', '(':
			return value[:i]
		}
	}
	return value
}

// equalFold compares ASCII without case; want is lower case.
func equalFold(b []byte, want string) bool {
	if len(b) != len(want) {
		return false
	}
	for i, c := range b {
		if lowerByte(c) != want[i] {
			return false
		}
	}
	return true
}

// words are what the headers of every message hold: no string is made for these.
var words = func() map[string]string {
	m := map[string]string{}
	for _, w := range strings.Fields(`7bit 8bit binary base64 quoted-printable inline attachment
		text/plain text/html application/xml text/xml message/rfc822 application/octet-stream application/pdf
		multipart/mixed multipart/alternative multipart/related multipart/signed image/png image/jpeg
		application/x-pkcs7-signature application/pkcs7-signature application/pkcs7-mime application/x-pkcs7-mime
		boundary charset name filename protocol micalg smime-type format delsp type size modification-date creation-date
		utf-8 iso-8859-1 iso-8859-15 windows-1252 us-ascii sha1 sha256 sha-1 sha-256 posta-certificata errore
		daticert.xml postacert.eml smime.p7s smime.p7m`) {
		m[w] = w
	}
	return m
}()

// word is b as a string.
func word(b []byte) string {
	if w, ok := words[string(b)]; ok {
		return w
	}
	return string(b)
}

// lowerWord is b as a string in ASCII lower case: names and tokens, never text.
func lowerWord(b []byte) string {
	var buf [64]byte
	if len(b) > len(buf) {
		return lower(string(b))
	}
	for i, c := range b {
		buf[i] = lowerByte(c)
	}
	return word(buf[:len(b)])
}

// lower is ASCII lower case.
func lower(s string) string {
	for i := range len(s) {
		if s[i] >= 'A' && s[i] <= 'Z' {
			b := []byte(s)
			for j := i; j < len(b); j++ {
				b[j] = lowerByte(b[j])
			}
			return string(b)
		}
	}
	return s
}

func lowerByte(c byte) byte {
	if c >= 'A' && c <= 'Z' {
		c += 'a' - 'A'
	}
	return c
}

// eachField reads a header block that was already found, field by field in the order they stand.
// The value is block[from:to] as it stands: folded, not decoded, surrounding blanks off.
func eachField(block []byte, do func(name []byte, from, to int)) {
	for n, count := 0, 0; n < len(block) && count < maxFields; {
		line := block[n:]
		first := bytes.IndexByte(line, '\n') + 1
		if first == 0 {
			first = len(line)
		}
		if blankLine(line[:first]) {
			break
		}
		size, _ := foldedLength(line, first, true)
		name, from, to, ok := splitField(line[:size])
		if !ok {
			n += first
			continue
		}
		do(name, n+from, n+to)
		count++
		n += size
	}
}

// unfold removes the line ends of a folded value (RFC 5322 §2.2.3). A CR that ends no line stays, and is refused
// wherever a value matters.
func unfold(v string) string {
	if strings.IndexByte(v, '\n') < 0 && strings.IndexByte(v, '\t') < 0 {
		return v
	}
	return string(appendUnfolded(make([]byte, 0, len(v)), v))
}

func appendUnfolded[T string | []byte](to []byte, v T) []byte {
	for i := range len(v) {
		switch c := v[i]; {
		case c == '\n' || (c == '\r' && i+1 < len(v) && v[i+1] == '\n'):
		case c == '\t':
			to = append(to, ' ')
		default:
			to = append(to, c)
		}
	}
	return to
}

// decodeText is the value of an unstructured field as a person reads it: unfolded, encoded words
// decoded (RFC 2047), 8-bit bytes read as UTF-8 or else windows-1252, controls made blanks.
func decodeText(v string) string {
	if plainText(v) {
		return v
	}
	s := toUTF8(unfold(v))
	if strings.Contains(s, "=?") {
		dec := mime.WordDecoder{CharsetReader: charsetReader}
		if out, err := dec.DecodeHeader(s); err == nil {
			s = toUTF8(out)
		}
	}
	if strings.IndexFunc(s, unicode.IsControl) < 0 {
		return s
	}
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return ' '
		}
		return r
	}, s)
}

// plainText reports whether a value reads as it stands: printable ASCII, no encoded word.
func plainText(v string) bool {
	for i := range len(v) {
		if c := v[i]; c < ' ' || c > '~' || c == '=' && i+1 < len(v) && v[i+1] == '?' {
			return false
		}
	}
	return true
}
