package pectest

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"io"
	"math/rand/v2"
)

// Large writes to w a transport envelope of m with one more attachment of size
// bytes, without ever holding it in memory. What the attachment contains depends
// on the seed alone. Variations may not look at or change the signed bytes.
func (p *Provider) Large(w io.Writer, m Message, size int64, seed uint64, v ...Variation) error {
	const columns = 57 // bytes to a line of 76 letters
	mark := bytes.Repeat([]byte{0xfb, 0xef, 0xbe}, columns/3)
	line := base64.StdEncoding.AppendEncode(nil, mark)
	line = append(line, "\r\n"...)
	m.Attachments = append(m.Attachments[:len(m.Attachments):len(m.Attachments)], Attachment{"allegato.pdf", "application/pdf", mark})

	d := p.transportDraft(m)
	for _, vary := range v {
		vary(d)
	}
	d.Notice = d.notice()
	signed := d.signedPart()
	h := d.CMS.Digest.New()
	body := &filler{seed: seed, lines: (size + columns - 1) / columns}
	if err := spliced(h, signed, line, body); err != nil {
		return err
	}
	sig, err := d.CMS.signDigest(h.Sum(nil))
	if err != nil {
		return err
	}
	return spliced(w, d.assemble(signed, sig), line, body)
}

// spliced writes b with the one line replaced by the filler.
func spliced(w io.Writer, b, line []byte, f *filler) error {
	i := bytes.Index(b, line)
	if i < 0 || bytes.Contains(b[i+len(line):], line) {
		return fmt.Errorf("pectest: the attachment's place is not found once")
	}
	if _, err := w.Write(b[:i]); err != nil {
		return err
	}
	if err := f.write(w); err != nil {
		return err
	}
	_, err := w.Write(b[i+len(line):])
	return err
}

// filler is base64 that means nothing.
type filler struct {
	seed  uint64
	lines int64
}

func (f *filler) write(w io.Writer) error {
	const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
	const perBlock = 840 // lines: about 64 KiB
	r := rand.New(rand.NewPCG(f.seed, 0))
	block := make([]byte, 0, perBlock*78)
	for range perBlock {
		for range 76 {
			block = append(block, alphabet[r.Uint32()&63])
		}
		block = append(block, "\r\n"...)
	}
	for left := f.lines; left > 0; left -= perBlock {
		// Each block differs from the one before: nothing may be found twice.
		for i := range 8 {
			block[i] = alphabet[uint64(left)>>(6*i)&63]
		}
		if _, err := w.Write(block[:min(left, perBlock)*78]); err != nil {
			return err
		}
	}
	return nil
}
