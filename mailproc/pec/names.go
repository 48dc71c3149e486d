package pec

import (
	"bytes"
	"slices"
	"strings"
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

// looksLikeHost reports whether a common name may be a host: labels of letters, digits, hyphens within and underscores, two of them
// at least.
func looksLikeHost(b []byte) bool {
	dots := 0
	for i, c := range b {
		within := i > 0 && i < len(b)-1
		switch {
		case c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '_' || c == '-' && within:
		case c == '.' && within && b[i+1] != '.' && b[i+1] != '-' && b[i-1] != '-':
			dots++
		default:
			return false
		}
	}
	return dots > 0
}

// holds reports whether a name of its kind is within the subtree.
func (s *subtree) holds(name []byte) (bool, error) {
	switch s.kind {
	case kindMail:
		return holdsMail(string(s.value), string(name))
	case kindHost:
		return holdsHost(string(s.value), string(name)), nil
	case kindName:
		return bytes.HasPrefix(name, s.value), nil
	case kindURI:
		return holdsURI(string(s.value), string(name))
	case kindIP:
		return holdsIP(s.value, name)
	}
	return false, errSyntax
}

// holdsMail: a mailbox is itself, a host its own mailboxes, a domain with a dot before it those of
// the hosts below it.
func holdsMail(base, address string) (bool, error) {
	at := strings.LastIndexByte(address, '@')
	if at < 0 {
		return false, errSyntax
	}
	local, host := address[:at], address[at+1:]
	i := strings.LastIndexByte(base, '@')
	switch {
	case i < 0 && strings.HasPrefix(base, "."):
		return len(address) > len(base) && sameFold(base, address[len(address)-len(base):]), nil
	case i > 0 && len(local) == i && strings.IndexByte(base[:i]+local, 0) >= 0:
		return false, errSyntax
	case i > 0 && base[:i] != local:
		return false, nil
	}
	return sameFold(base[i+1:], host), nil
}

// sameFold compares hosts: ASCII letters alone have two sizes.
func sameFold(a, b string) bool { return len(a) == len(b) && lower(a) == lower(b) }

// holdsHost: a host is itself and all below it; with a dot before it only those.
func holdsHost(base, host string) bool {
	if base == "" || len(host) < len(base) {
		return base == ""
	}
	before := len(host) - len(base)
	return sameFold(base, host[before:]) && (before == 0 || base[0] == '.' || host[before-1] == '.')
}

// holdsURI: a host is itself alone; with a dot before it those below it.
func holdsURI(base, uri string) (bool, error) {
	_, host, ok := strings.Cut(uri, ":")
	host, slashes := strings.CutPrefix(host, "//")
	if i := strings.IndexByte(host, ':'); i >= 0 {
		host = host[:i]
	} else if i := strings.IndexByte(host, '/'); i >= 0 {
		host = host[:i]
	}
	if !ok || !slashes || host == "" {
		return false, errSyntax
	}
	if strings.HasPrefix(base, ".") {
		return len(host) > len(base) && sameFold(base, host[len(host)-len(base):]), nil
	}
	return sameFold(base, host), nil
}

// holdsIP: an address and a mask.
func holdsIP(base, ip []byte) (bool, error) {
	n := len(ip)
	if n != 4 && n != 16 || len(base) != 8 && len(base) != 32 {
		return false, errSyntax
	}
	if len(base) != 2*n {
		return false, nil
	}
	for i := range ip {
		if (ip[i]^base[i])&base[n+i] != 0 {
			return false, nil
		}
	}
	return true, nil
}
