package pec

import (
	"bytes"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// xmlError says why daticert.xml is refused.
type xmlError string

func (e xmlError) Error() string { return string(e) }

// The bounds of the XML read here.
const (
	maxXMLDepth  = 8
	maxXMLAttrs  = 16
	maxXMLPieces = 64 // of one value: text, comments and CDATA by turns
)

type xmlAttr struct{ name, value string }

// xmlText returns the document as UTF-8, without its declaration. UTF-8 is what providers write; the Latin charsets are
// read too when the declaration names them.
func xmlText(b []byte) (string, error) {
	if len(b) > maxDaticert {
		return "", xmlError("daticert.xml is larger than any real one")
	}
	b, marked := bytes.CutPrefix(b, []byte("\xef\xbb\xbf"))
	b = bytes.TrimLeft(b, " \t\r\n")
	if bytes.IndexByte(b, 0) >= 0 {
		return "", xmlError("daticert.xml holds NUL bytes")
	}
	b, encoding, ok := cutDeclaration(b)
	if !ok {
		return "", xmlError("the XML declaration is malformed")
	}
	if encoding == "" {
		encoding = "utf-8"
	}
	switch charset := charsetNamed(encoding); {
	case marked && charset != "utf-8":
		return "", xmlError("daticert.xml bears the mark of UTF-8 and declares another charset")
	case charset == "utf-8" || encoding == "us-ascii":
		if utf8.Valid(b) {
			return string(b), nil
		}
		// A subject copied as it came, in a document that says UTF-8: readable, and addresses
		// with such bytes never compare equal to one of ours.
		return strings.ToValidUTF8(string(b), "\uFFFD"), nil
	case charset == "windows-1252" || charset == "iso-8859-15":
		return decodeCharset(b, encoding), nil
	}
	return "", xmlError("daticert.xml is in a charset that is not read")
}

// cutDeclaration takes the XML declaration off, if there is one, and returns the encoding it names.
func cutDeclaration(b []byte) (rest []byte, encoding string, ok bool) {
	if !bytes.HasPrefix(b, []byte("<?xml")) || len(b) < 6 || !blank(b[5]) {
		return b, "", true
	}
	decl, rest, ok := bytes.Cut(b[5:], []byte("?>"))
	for _, name := range []string{"version", "encoding", "standalone"} {
		value, after, given := pseudoAttribute(decl, name)
		if name == "version" {
			ok = ok && (string(value) == "1.0" || string(value) == "1.1")
		}
		if given {
			decl = after
		}
		if given && name == "encoding" {
			encoding = lowerWord(value)
		}
	}
	return rest, encoding, ok && len(bytes.TrimLeft(decl, " \t\r\n")) == 0
}

// pseudoAttribute reads one of the values of the declaration, which come in a fixed order.
func pseudoAttribute(b []byte, name string) (value, rest []byte, ok bool) {
	const blanks = " \t\r\n"
	trimmed := bytes.TrimLeft(b, blanks)
	rest, ok = bytes.CutPrefix(trimmed, []byte(name))
	rest = bytes.TrimLeft(rest, blanks)
	if !ok || len(trimmed) == len(b) || len(rest) == 0 || rest[0] != '=' {
		return nil, b, false
	}
	rest = bytes.TrimLeft(rest[1:], blanks)
	if len(rest) == 0 || rest[0] != '"' && rest[0] != '\'' {
		return nil, b, false
	}
	end := bytes.IndexByte(rest[1:], rest[0])
	if end < 0 {
		return nil, b, false
	}
	return rest[1 : 1+end], rest[end+2:], true
}

// xmlScanner reads the small XML of daticert.xml: elements, attributes, text, the five predefined
// entities and numeric references, comments between elements, CDATA. A style sheet and a document type that are named
// before the root element, as one provider does, are passed over; no declarations, nothing that could make a document
// say two things. It tells the builder of the elements as they are met.
type xmlScanner struct {
	in       string
	to       daticertBuilder
	path     []string // names from the root
	attrs    []xmlAttr
	value    string // text since the innermost start tag
	pieces   int    // that it came in
	mixed    bool   // that element has children
	comments bool   // that element has a comment
	typed    bool   // there was a document type
	done     bool   // the root element has ended
}

func (s *xmlScanner) scan(text string) error {
	var path [maxXMLDepth]string
	var attrs [2]xmlAttr
	s.in, s.path, s.attrs = text, path[:0], attrs[:0]
	for s.in != "" {
		if err := s.step(); err != nil {
			return err
		}
	}
	if !s.done {
		return xmlError("daticert.xml ends within an element")
	}
	return nil
}

// step reads one piece of markup or the text before the next one.
func (s *xmlScanner) step() error {
	if s.in[0] != '<' {
		n := strings.IndexByte(s.in, '<')
		if n < 0 {
			n = len(s.in)
		}
		text := s.in[:n]
		s.in = s.in[n:]
		if len(s.path) == 0 {
			if strings.Trim(text, " \t\r\n") != "" {
				return xmlError("text outside the root element")
			}
			return nil
		}
		more, err := unescape(text)
		if err != nil {
			return err
		}
		return s.add(more)
	}
	switch {
	case strings.HasPrefix(s.in, "<!--"):
		_, after, _ := strings.Cut(s.in[4:], "--")
		if !strings.HasPrefix(after, ">") { // XML 1.0 §2.5; readers of HTML end one elsewhere
			return xmlError("a comment does not end, or holds two dashes")
		}
		s.in = after[1:]
		s.comments = true
		return nil
	case strings.HasPrefix(s.in, "<![CDATA["):
		end := strings.Index(s.in, "]]>")
		if end < 0 || len(s.path) == 0 {
			return xmlError("CDATA outside an element or without end")
		}
		more := s.in[9:end]
		s.in = s.in[end+3:]
		return s.add(more)
	case strings.HasPrefix(s.in, "<!"):
		return s.documentType()
	case strings.HasPrefix(s.in, "<?"):
		return s.styleSheet()
	case strings.HasPrefix(s.in, "</"):
		return s.endTag()
	}
	return s.startTag()
}

// prolog reports whether the root element has not begun.
func (s *xmlScanner) prolog() bool { return len(s.path) == 0 && !s.done }

// styleSheet passes over one named before the root element, which nobody fetches.
func (s *xmlScanner) styleSheet() error {
	_, after, ok := strings.Cut(s.in, "?>")
	if !ok || !s.prolog() || !strings.HasPrefix(s.in, "<?xml-stylesheet ") {
		return xmlError("a processing instruction, which daticert.xml never has")
	}
	s.in = after
	return nil
}

// documentType passes over one that names the root element and at most where its DTD is, which nobody fetches.
// Declarations of its own would be entities and default values.
func (s *xmlScanner) documentType() error {
	body, after, ok := strings.Cut(s.in, ">")
	words := strings.Fields(body)
	if !ok || !s.prolog() || s.typed || len(words) < 2 || words[0] != "<!DOCTYPE" || words[1] != "postacert" ||
		strings.ContainsAny(body[1:], "<[") || strings.Count(body, `"`)%2+strings.Count(body, "'")%2 > 0 {
		return xmlError("a document type with declarations, or a declaration where none may be")
	}
	s.typed, s.in = true, after
	return nil
}

// add appends to the text of the innermost element. A value in very many pieces is refused: joining them
// costs the square of their number.
func (s *xmlScanner) add(text string) error {
	if s.pieces++; s.pieces > maxXMLPieces {
		return xmlError("a value in too many pieces")
	}
	s.value += text
	return nil
}

func (s *xmlScanner) startTag() error {
	if s.done {
		return xmlError("a second root element")
	}
	name, rest := xmlName(s.in[1:])
	if name == "" || strings.IndexFunc(name, foreign) >= 0 {
		return xmlError("a tag without a name, or with one that others may take for another: capitals, a namespace")
	}
	if len(s.path) >= maxXMLDepth {
		return xmlError("elements lie too deep")
	}
	if len(s.path) > 0 && strings.Trim(s.value, " \t\r\n") != "" {
		return xmlError("text beside elements")
	}
	s.value, s.pieces = "", 0
	s.path = append(s.path, name)
	s.mixed, s.comments = false, false
	empty, err := s.attributes(rest)
	if err != nil {
		return err
	}
	if err := s.to.start(s.path, s.attrs); err != nil || !empty {
		return err
	}
	return s.leave()
}

// attributes reads the attributes and the end of a start tag.
func (s *xmlScanner) attributes(in string) (empty bool, err error) {
	s.attrs = s.attrs[:0]
	for {
		trimmed := strings.TrimLeft(in, " \t\r\n")
		switch {
		case strings.HasPrefix(trimmed, "/>"):
			s.in = trimmed[2:]
			return true, nil
		case strings.HasPrefix(trimmed, ">"):
			s.in = trimmed[1:]
			return false, nil
		case len(trimmed) == len(in):
			return false, xmlError("a tag is malformed")
		}
		name, rest := xmlName(trimmed)
		rest = strings.TrimLeft(rest, " \t\r\n")
		if name == "" || !strings.HasPrefix(rest, "=") || len(s.attrs) >= maxXMLAttrs || attrGiven(s.attrs, name) {
			return false, xmlError("an attribute is malformed or doubled")
		}
		rest = strings.TrimLeft(rest[1:], " \t\r\n")
		if rest == "" || (rest[0] != '"' && rest[0] != '\'') {
			return false, xmlError("an attribute value has no quotes")
		}
		end := strings.IndexByte(rest[1:], rest[0])
		if end < 0 || strings.IndexByte(rest[1:1+end], '<') >= 0 {
			return false, xmlError("an attribute value does not end")
		}
		value, err := unescape(rest[1 : 1+end])
		if err != nil {
			return false, err
		}
		if name == "xmlns" && value != "" {
			return false, xmlError("a namespace, which daticert.xml never has")
		}
		if local := lower(name[strings.IndexByte(name, ':')+1:]); local != name && (local == "tipo" || local == "errore" || local == "zona") {
			return false, xmlError("an attribute that others may take for another: capitals, a namespace")
		}
		s.attrs = append(s.attrs, xmlAttr{name, value})
		in = rest[end+2:]
	}
}

// foreign are the characters no element of the DTD has: with them a name is another one to some readers only.
func foreign(r rune) bool { return r == ':' || r >= 'A' && r <= 'Z' }

func attrGiven(attrs []xmlAttr, name string) bool {
	for _, a := range attrs {
		if a.name == name {
			return true
		}
	}
	return false
}

func (s *xmlScanner) endTag() error {
	name, rest := xmlName(s.in[2:])
	rest = strings.TrimLeft(rest, " \t\r\n")
	if len(s.path) == 0 || name != s.path[len(s.path)-1] || !strings.HasPrefix(rest, ">") {
		return xmlError("an end tag does not match its element")
	}
	s.in = rest[1:]
	return s.leave()
}

// leave ends the innermost element.
func (s *xmlScanner) leave() error {
	value := strings.Trim(s.value, " \t\r\n")
	if s.mixed && value != "" {
		return xmlError("text beside elements")
	}
	if !s.mixed {
		if s.comments && value != "" {
			return xmlError("a comment within a value")
		}
		s.to.text(s.path, value)
	}
	s.value, s.pieces = "", 0
	s.path = s.path[:len(s.path)-1]
	s.mixed, s.comments = true, false
	s.done = len(s.path) == 0
	return nil
}

// xmlName reads a name: ASCII letters, digits and the punctuation the DTD uses.
func xmlName(in string) (name, rest string) {
	i := 0
	for i < len(in) && i < 64 {
		c := in[i]
		letter := c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c == '_'
		if !letter && (i == 0 || !(c >= '0' && c <= '9' || c == '-' || c == '.' || c == ':')) {
			break
		}
		i++
	}
	return in[:i], in[i:]
}

// unescape replaces the references in text. Only the five predefined entities exist.
func unescape(text string) (string, error) {
	if strings.IndexByte(text, '&') < 0 {
		return text, nil
	}
	var to strings.Builder
	to.Grow(len(text))
	for {
		amp := strings.IndexByte(text, '&')
		if amp < 0 {
			to.WriteString(text)
			return to.String(), nil
		}
		to.WriteString(text[:amp])
		text = text[amp+1:]
		end := strings.IndexByte(text[:min(len(text), 12)], ';')
		if end < 0 {
			return "", xmlError("a bare &")
		}
		r, ok := xmlReference(text[:end])
		name, rest := text[:end], text[end+1:]
		if utf16.IsSurrogate(r) { // two for one character, as an old Java library writes them
			low, after, _ := strings.Cut(strings.TrimPrefix(rest, "&"), ";")
			second, _ := xmlReference(low)
			r, rest = utf16.DecodeRune(r, second), after
			ok = r != utf8.RuneError
		}
		if !ok {
			return "", xmlError("an entity that does not exist: " + name)
		}
		to.WriteRune(r)
		text = rest
	}
}

func xmlReference(name string) (rune, bool) {
	switch name {
	case "lt":
		return '<', true
	case "gt":
		return '>', true
	case "amp":
		return '&', true
	case "quot":
		return '"', true
	case "apos":
		return '\'', true
	}
	if len(name) < 2 || name[0] != '#' {
		return 0, false
	}
	base, digits := rune(10), name[1:]
	if digits[0] == 'x' || digits[0] == 'X' {
		base, digits = 16, digits[1:]
	}
	var n rune
	for _, c := range digits {
		var v rune
		switch {
		case c >= '0' && c <= '9':
			v = c - '0'
		case base == 16 && c >= 'a' && c <= 'f':
			v = c - 'a' + 10
		case base == 16 && c >= 'A' && c <= 'F':
			v = c - 'A' + 10
		default:
			return 0, false
		}
		if n = n*base + v; n > 0x10FFFF {
			return 0, false
		}
	}
	return n, len(digits) > 0 && (n >= 0x20 || n == '\t' || n == '\n' || n == '\r')
}
