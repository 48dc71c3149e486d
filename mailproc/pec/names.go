package pec

import (
	"bytes"
	"slices"
	"unicode/utf8"

	"golang.org/x/crypto/cryptobyte"
	casn1 "golang.org/x/crypto/cryptobyte/asn1"
)

// sameName compares names that are encoded differently: some programs write the issuer anew, in other string types
// or with other lengths.
func sameName(a, b []byte) bool {
	x, ok := canonicalName(a)
	y, also := canonicalName(b)
	return ok && also && bytes.Equal(x, y)
}

// canonicalName writes a Name so that names are the same when it is, one relative name behind the other (RFC 5280 §7.1 as OpenSSL
// reads it): characters in UTF-8, ASCII letters small, blanks at the ends off and one in place of several. Strings of other kinds
// stay as they are.
func canonicalName(b []byte) ([]byte, bool) {
	b, _, err := toDER(b)
	if err != nil || !nameShape(b) {
		return nil, false
	}
	in := cryptobyte.String(b)
	var name, rdn, attr, kind cryptobyte.String
	in.ReadASN1(&name, casn1.SEQUENCE) // nameShape has seen it all
	out := make([]byte, 0, len(b)+8)
	for !name.Empty() {
		var attrs [][]byte
		for name.ReadASN1(&rdn, casn1.SET); !rdn.Empty(); {
			rdn.ReadASN1(&attr, casn1.SEQUENCE)
			attr.ReadASN1Element(&kind, casn1.OBJECT_IDENTIFIER)
			value, ok := canonicalString(attr)
			if !ok {
				return nil, false
			}
			body := append(bytes.Clone(kind), value...)
			attrs = append(attrs, append(appendHead(nil, 0x30, len(body)), body...))
		}
		slices.SortFunc(attrs, bytes.Compare)
		body := bytes.Join(attrs, nil)
		out = append(appendHead(out, 0x31, len(body)), body...)
	}
	return out, true
}

// canonicalString is the value of an attribute, el, as canonicalName writes it.
func canonicalString(el cryptobyte.String) ([]byte, bool) {
	var value cryptobyte.String
	var tag casn1.Tag
	all := el
	el.ReadAnyASN1(&value, &tag)
	text, known, ok := directoryText(tag, value)
	if !known || !ok {
		return all, ok
	}
	folded := make([]byte, 0, len(text))
	for _, c := range trimSpaces(text) {
		switch {
		case !spaceByte(c):
			folded = append(folded, lowerByte(c))
		case folded[len(folded)-1] != ' ':
			folded = append(folded, ' ')
		}
	}
	return append(appendHead(nil, byte(casn1.UTF8String), len(folded)), folded...), true
}

func spaceByte(c byte) bool { return c == ' ' || c >= '\t' && c <= '\r' }

func trimSpaces(b []byte) []byte { return bytes.Trim(b, " \t\n\v\f\r") }

const tagVisibleString, tagT61String = casn1.Tag(26), casn1.Tag(20)

// directoryText is the text in UTF-8 of a string in a name. known: of a kind in which characters are compared; not ok: it is none.
func directoryText(tag casn1.Tag, b []byte) (text []byte, known, ok bool) {
	switch tag {
	case casn1.UTF8String:
		return b, true, utf8.Valid(b)
	case casn1.PrintableString, casn1.IA5String, tagVisibleString, tagT61String:
		for _, c := range b {
			text = append(text, string(rune(c))...) // as of Latin-1
		}
		return text, true, true
	case tagBMPString:
		for ; len(b) > 1; b = b[2:] {
			r := rune(b[0])<<8 | rune(b[1])
			if !utf8.ValidRune(r) {
				return nil, true, false
			}
			text = append(text, string(r)...)
		}
		return text, true, true
	case tagUniversalString:
		for ; len(b) > 3; b = b[4:] {
			r := rune(b[0])<<24 | rune(b[1])<<16 | rune(b[2])<<8 | rune(b[3])
			if !utf8.ValidRune(r) {
				return nil, true, false
			}
			text = append(text, string(r)...)
		}
		return text, true, true
	}
	return nil, false, true
}
