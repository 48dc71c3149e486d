package pec

import (
	"io"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/htmlindex"
)

// decodeCharset turns text of the named charset into UTF-8. Bytes that declare UTF-8 and are not,
// and charsets nobody knows, are read as windows-1252: every byte of it means something, and it is
// what Italian mail programs write when they get it wrong.
func decodeCharset(b []byte, charset string) string {
	charset = strings.TrimSpace(charset)
	switch charset {
	case "", "utf-8", "utf8", "us-ascii", "ascii", "unicode-1-1-utf-8":
		if utf8.Valid(b) {
			return string(b)
		}
	default:
		if enc, err := htmlindex.Get(charset); err == nil && enc != encoding.Replacement {
			if out, err := enc.NewDecoder().Bytes(b); err == nil {
				return strings.ToValidUTF8(string(out), "\uFFFD")
			}
		} else if utf8.Valid(b) {
			return string(b)
		}
	}
	out, err := charmap.Windows1252.NewDecoder().Bytes(b)
	if err != nil {
		return strings.ToValidUTF8(string(b), "\uFFFD")
	}
	return string(out)
}

// charsetNamed is the one name of a charset that has several, "" when nobody knows it. ISO 8859-1 and ASCII are
// read as windows-1252, which has more.
func charsetNamed(name string) string {
	enc, err := htmlindex.Get(name)
	if err != nil {
		return ""
	}
	one, err := htmlindex.Name(enc)
	if err != nil {
		return ""
	}
	return one
}

// toUTF8 repairs text whose charset is not declared: 8-bit header fields.
func toUTF8(s string) string {
	if utf8.ValidString(s) {
		return s
	}
	return decodeCharset([]byte(s), "")
}

// charsetReader serves the encoded words of RFC 2047.
func charsetReader(charset string, r io.Reader) (io.Reader, error) {
	b, err := io.ReadAll(io.LimitReader(r, maxHeader))
	if err != nil {
		return nil, err
	}
	return strings.NewReader(decodeCharset(b, strings.ToLower(charset))), nil
}
