package pec

import "errors"

// The bounds of a signature, checked before anything parses it. Real ones with their chain have 3
// to 10 kB; revocation lists may travel along, and the content of an opaque one comes on top.
const (
	maxCMS      = 1 << 20
	maxOpaque   = 4 << 20
	maxBERDepth = 24
)

var errBER = errors.New("not well-formed BER")

// toDER returns b's first element, n bytes of it, with definite, minimal lengths and primitive strings, as DER
// has them (X.690 §10.1, §10.2). Input that has them already, as nearly all has, comes back
// itself. Element order and string contents are left as they are: what is signed keeps its bytes.
func toDER(b []byte) (der []byte, n int, err error) {
	n, plain, err := derLength(b, 0)
	if err != nil {
		return nil, 0, err
	}
	if plain {
		return b[:n], n, nil
	}
	return rewriteBER(make([]byte, 0, len(b)), b, 0)
}

// berHead is the identifier and length of one element.
type berHead struct {
	size       int // of identifier and length
	length     int // of the content; -1 indefinite
	constructd bool
	octets     bool // a universal OCTET STRING
	text       bool // a universal string, which may stand there in pieces: of octets or characters
	minimal    bool // the length is as short as can be
}

func readHead(b []byte) (berHead, error) {
	var h berHead
	if len(b) < 2 {
		return h, errBER
	}
	h.constructd = b[0]&0x20 != 0
	h.octets = b[0]&^0x20 == 0x04
	if tag := b[0] &^ 0x20; h.octets || tag == 0x0c || tag >= 0x12 && tag <= 0x1e {
		h.text = true
	}
	if b[0]&0x1f == 0x1f {
		return h, errBER // high tag numbers: CMS and X.509 have none
	}
	if b[0] == 0 && b[1] == 0 {
		return h, errBER // end-of-contents where an element must be
	}
	l := int(b[1])
	h.size, h.length, h.minimal = 2, l, true
	switch {
	case l < 0x80:
	case l == 0x80:
		if !h.constructd {
			return h, errBER
		}
		h.length, h.minimal = -1, false
	default:
		n := l & 0x7f
		if len(b) < 3+n {
			return h, errBER // nor does OpenSSL read a length so long that nothing is behind it
		}
		h.length = 0
		for _, c := range b[2 : 2+n] {
			if h.length = h.length<<8 | int(c); h.length > len(b) {
				return h, errBER
			}
		}
		h.size += n
		h.minimal = h.length >= 0x80 && b[2] != 0
	}
	if h.length > len(b)-h.size {
		return h, errBER
	}
	return h, nil
}

// derLength walks one element and reports its full length and whether it is DER in what toDER
// mends. It does not look inside primitive elements.
func derLength(b []byte, depth int) (n int, plain bool, err error) {
	if depth > maxBERDepth {
		return 0, false, errBER
	}
	h, err := readHead(b)
	if err != nil {
		return 0, false, err
	}
	if !h.minimal || h.text && h.constructd {
		return 0, false, nil
	}
	if h.constructd {
		for body := b[h.size : h.size+h.length]; len(body) > 0; {
			m, plain, err := derLength(body, depth+1)
			if err != nil || !plain {
				return 0, false, err
			}
			body = body[m:]
		}
	}
	return h.size + h.length, true, nil
}

// rewriteBER appends the DER of b's first element to dst and reports how much of b it took.
func rewriteBER(dst, b []byte, depth int) ([]byte, int, error) {
	if depth > maxBERDepth {
		return nil, 0, errBER
	}
	h, err := readHead(b)
	if err != nil {
		return nil, 0, err
	}
	if !h.constructd {
		dst = appendHead(dst, b[0], h.length)
		return append(dst, b[h.size:h.size+h.length]...), h.size + h.length, nil
	}
	var body []byte
	n := h.size
	for {
		if h.length >= 0 && n == h.size+h.length {
			break
		}
		if h.length < 0 && len(b) >= n+2 && b[n] == 0 && b[n+1] == 0 {
			n += 2
			break
		}
		in := b[n:]
		if h.length >= 0 {
			in = b[n : h.size+h.length]
		}
		var m int
		if h.text {
			body, m, err = appendChunk(body, in, depth+1)
		} else {
			body, m, err = rewriteBER(body, in, depth+1)
		}
		if err != nil {
			return nil, 0, err
		}
		n += m
	}
	tag := b[0]
	if h.text {
		tag &^= 0x20
	}
	dst = appendHead(dst, tag, len(body))
	return append(dst, body...), n, nil
}

// appendChunk appends the content of one piece of a constructed string: whatever the characters, the pieces are octets (X.690 §8.23.3).
func appendChunk(dst, b []byte, depth int) ([]byte, int, error) {
	h, err := readHead(b)
	if err != nil || !h.octets {
		return nil, 0, errBER
	}
	if !h.constructd {
		return append(dst, b[h.size:h.size+h.length]...), h.size + h.length, nil
	}
	chunk, n, err := rewriteBER(nil, b, depth)
	if err != nil {
		return nil, 0, err
	}
	h, err = readHead(chunk)
	if err != nil {
		return nil, 0, err
	}
	return append(dst, chunk[h.size:]...), n, nil
}

func appendHead(dst []byte, tag byte, n int) []byte {
	dst = append(dst, tag)
	switch {
	case n < 0x80:
		return append(dst, byte(n))
	case n < 1<<8:
		return append(dst, 0x81, byte(n))
	case n < 1<<16:
		return append(dst, 0x82, byte(n>>8), byte(n))
	case n < 1<<24:
		return append(dst, 0x83, byte(n>>16), byte(n>>8), byte(n))
	}
	return append(dst, 0x84, byte(n>>24), byte(n>>16), byte(n>>8), byte(n))
}
