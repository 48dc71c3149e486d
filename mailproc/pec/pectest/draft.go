package pectest

import (
	"bytes"
	"crypto/x509"
	"fmt"
	"strconv"
	"strings"
	"time"
)

// Variation changes how one envelope or receipt is made. Variations run in
// order on the draft before anything is written; what can only be changed later
// they leave to the draft's hooks.
type Variation func(*Draft)

// Draft is an envelope or receipt about to be made. Its fields are completed
// from the message before the variations run.
type Draft struct {
	Provider   *Provider
	Message    Message // the original
	Kind       string  // the daticert's tipo; "" for an anomaly envelope
	At         time.Time
	Identifier string
	Daticert   Daticert
	Header     []Field // outer fields, up to MIME-Version
	CMS        CMS

	Notice      string // the notice's text; default as the kind wants
	NoticeStyle NoticeStyle
	Columns     int    // of daticert.xml in base64; 60 or 76
	Disposition string // of daticert and postacert; default inline
	Original    []byte // postacert.eml; nil: made from Message
	NoOriginal  bool
	NoDaticert  bool
	Opaque      bool   // application/pkcs7-mime instead of multipart/signed
	Protocol    string // default application/x-pkcs7-signature
	Micalg      string // default as the digest
	Preamble    string
	Epilogue    string
	Outer       string // boundary of multipart/signed, dashes included
	Inner       string // boundary of multipart/mixed

	// Hooks, run in this order; each may be given several times by appending.
	Parts    []func([]Part) []Part // the parts of the signed multipart
	Signed   []func([]byte) []byte // the signed part, before it is signed
	Tamper   []func([]byte) []byte // the signed part, after it was signed
	Outside  []func([]Field) []Field
	Siblings []string // more parts of multipart/signed, written after the signature
	Finish   []func([]byte) []byte
}

// Part is a part of the signed multipart.
type Part struct {
	Name   string // notice, daticert or postacert; free for others
	Header []Field
	Body   []byte // encoded already
}

// NoticeStyle is the form of the notice.
type NoticeStyle int

// Forms of the notice.
const (
	Alternative NoticeStyle = iota // text and html
	TextOnly
	HTMLOnly
	NoNotice
)

// draft completes what every kind shares.
func (p *Provider) draft(m Message, kind string) *Draft {
	at := m.date()
	id := p.identifier(at)
	d := &Draft{
		Provider: p, Message: m, Kind: kind, At: at, Identifier: id,
		Columns: 60, Disposition: "inline", Protocol: "application/x-pkcs7-signature",
		Preamble: "This is an S/MIME signed message\r\n",
		Daticert: Daticert{
			Type: kind, Sender: address(m.From), Recipients: m.recipients(), Subject: m.Subject,
			Provider: p.Name, At: at, Identifier: id, MessageID: m.messageID(),
		},
	}
	d.boundaries()
	d.CMS = CMS{
		Digest: p.digest, PSS: p.pss, Time: at, Signers: []*Identity{p.Signer},
		Certificates: append([]*x509.Certificate{p.Signer.Cert}, p.authority.chain()...),
	}
	return d
}

// boundaries gives the draft boundaries of the shape real ones have, which
// depend on its identifier alone.
func (d *Draft) boundaries() {
	sum := func(n int) uint32 { return checksum(d.Identifier, d.Kind, strconv.Itoa(n)) }
	d.Outer = fmt.Sprintf("----%08X%08X%08X%08X", sum(0), sum(1), sum(2), sum(3))
	d.Inner = fmt.Sprintf("----------=_%d-%d-%d", d.At.Unix(), sum(4)%30000, sum(5)%9999)
}

// make runs the variations and writes the message.
func (d *Draft) make(v []Variation) []byte {
	for _, vary := range v {
		vary(d)
	}
	if d.Notice == "" {
		d.Notice = d.notice()
	}
	signed := d.signedPart()
	for _, f := range d.Signed {
		signed = f(signed)
	}
	if d.Opaque {
		d.CMS.Encapsulated = signed
	}
	sig, err := d.CMS.sign(signed)
	if err != nil {
		panic(err) // the draft asks for a signature its key cannot make
	}
	for _, f := range d.Tamper {
		signed = f(signed)
	}
	raw := d.assemble(signed, sig)
	for _, f := range d.Finish {
		raw = f(raw)
	}
	return raw
}

// signedPart writes the multipart/mixed that is signed.
func (d *Draft) signedPart() []byte {
	parts := d.parts()
	for _, f := range d.Parts {
		parts = f(parts)
	}
	list := make([]part, len(parts))
	for i, p := range parts {
		list[i] = part{p.Header, p.Body}
	}
	mixed := joinParts("mixed", d.Inner, list...)
	mixed.header = append(mixed.header, Field{"Content-Transfer-Encoding", "binary"}, Field{"MIME-Version", "1.0"})
	var b bytes.Buffer
	mixed.write(&b)
	return b.Bytes()
}

// parts are the notice, the certification data and the original.
func (d *Draft) parts() []Part {
	var out []Part
	if d.NoticeStyle != NoNotice {
		n := d.noticePart()
		out = append(out, Part{"notice", n.header, n.body})
	}
	if d.Kind != "" && !d.NoDaticert {
		out = append(out, d.DaticertPart(d.Daticert.XML()))
	}
	if !d.NoOriginal {
		out = append(out, d.OriginalPart(d.original()))
	}
	return out
}

// DaticertPart is a daticert.xml part as this draft writes it.
func (d *Draft) DaticertPart(xml []byte) Part {
	return Part{"daticert", []Field{
		{"Content-Type", `application/xml; name="daticert.xml"`},
		{"Content-Disposition", d.Disposition + `; filename="daticert.xml"`},
		{"Content-Transfer-Encoding", "base64"},
	}, base64Lines(xml, d.Columns)}
}

// OriginalPart is a postacert.eml part as this draft writes it.
func (d *Draft) OriginalPart(eml []byte) Part {
	enc := "7bit"
	if bytes.ContainsFunc(eml, func(r rune) bool { return r > 127 }) {
		enc = "8bit"
	}
	return Part{"postacert", []Field{
		{"Content-Type", `message/rfc822; name="postacert.eml"`},
		{"Content-Disposition", d.Disposition + `; filename="postacert.eml"`},
		{"Content-Transfer-Encoding", enc},
	}, eml}
}

func (d *Draft) original() []byte {
	switch {
	case d.Original != nil:
		return d.Original
	case d.Kind == "":
		return d.Message.bytes("") // an anomaly envelope leaves the message as it came
	}
	return d.Message.bytes(d.Identifier)
}

// assemble puts the outer header, the signed part and the signature together.
func (d *Draft) assemble(signed, sig []byte) []byte {
	micalg := d.Micalg
	if micalg == "" {
		micalg = algorithms[d.CMS.Digest].micalg
	}
	fields := d.Header
	for _, f := range d.Outside {
		fields = f(fields)
	}
	var b bytes.Buffer
	b.Grow(len(signed) + len(sig)*3/2 + 4096)
	writeFields(&b, fields)
	if d.Opaque {
		b.WriteString("Content-Type: application/pkcs7-mime; smime-type=signed-data; name=\"smime.p7m\"\r\n" +
			"Content-Disposition: attachment; filename=\"smime.p7m\"\r\nContent-Transfer-Encoding: base64\r\n\r\n")
		b.Write(base64Lines(sig, 64))
		return b.Bytes()
	}
	fmt.Fprintf(&b, "Content-Type: multipart/signed; protocol=\"%s\"; micalg=\"%s\"; boundary=\"%s\"\r\n\r\n", d.Protocol, micalg, d.Outer)
	if d.Preamble != "" {
		b.WriteString(strings.TrimSuffix(d.Preamble, "\r\n") + "\r\n\r\n")
	}
	b.WriteString("--" + d.Outer + "\r\n")
	b.Write(signed)
	b.WriteString("\r\n--" + d.Outer + "\r\n")
	fmt.Fprintf(&b, "Content-Type: %s; name=\"smime.p7s\"\r\nContent-Transfer-Encoding: base64\r\n"+
		"Content-Disposition: attachment; filename=\"smime.p7s\"\r\n\r\n", d.Protocol)
	b.Write(base64Lines(sig, 64))
	for _, s := range d.Siblings {
		b.WriteString("\r\n--" + d.Outer + "\r\n" + s)
	}
	b.WriteString("\r\n--" + d.Outer + "--\r\n" + d.Epilogue)
	return b.Bytes()
}
