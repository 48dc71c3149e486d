package pec

import (
	"bytes"
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
	if declaresUTF8(charset) && utf8.Valid(b) {
		return string(b)
	}
	return string(appendCharset(make([]byte, 0, len(b)+len(b)/8), b, charset))
}

func declaresUTF8(charset string) bool {
	switch strings.TrimSpace(charset) {
	case "", "utf-8", "utf8", "us-ascii", "ascii", "unicode-1-1-utf-8":
		return true
	}
	return false
}

// appendCharset is decodeCharset behind what to holds.
func appendCharset(to, b []byte, charset string) []byte {
	if declaresUTF8(charset) {
		if utf8.Valid(b) {
			return append(to, b...)
		}
		return appendMapped(to, b, charmap.Windows1252)
	}
	enc, err := htmlindex.Get(strings.TrimSpace(charset))
	if err != nil || enc == encoding.Replacement {
		if utf8.Valid(b) {
			return append(to, b...)
		}
		return appendMapped(to, b, charmap.Windows1252)
	}
	if one, ok := enc.(*charmap.Charmap); ok {
		return appendMapped(to, b, one)
	}
	out, err := enc.NewDecoder().Bytes(b)
	if err != nil {
		return appendMapped(to, b, charmap.Windows1252)
	}
	return append(to, bytes.ToValidUTF8(out, []byte("\uFFFD"))...)
}

// appendMapped appends text of a charset that has a letter for each byte.
func appendMapped(to, b []byte, charset *charmap.Charmap) []byte {
	for _, c := range b {
		to = utf8.AppendRune(to, charset.DecodeByte(c))
	}
	return to
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
