package rules

import (
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// htmlText is the text of an HTML body as the reader sees it, quotes marked
// with > as in plain text so that ownText cuts both alike. Scripts, styles,
// the head and what is hidden are left out: a hidden sentence must neither
// make nor break a request.
//
// The hidden sentences are returned beside it, and those struck through: they
// are not the writer's text, but whoever hides or strikes words in a request is
// for a person.
func htmlText(s string) (text, hidden, struck string) {
	r := htmlReader{z: html.NewTokenizer(strings.NewReader(s)), atStart: true}
	for {
		switch r.z.Next() {
		case html.ErrorToken:
			return r.out.String(), r.unseen.String(), r.crossed.String()
		case html.TextToken:
			words := html.UnescapeString(string(r.z.Raw()))
			switch {
			case r.hidden == 0 && r.struck > 0:
				r.crossed.WriteString(words)
				r.space = true
			case r.hidden == 0:
				r.text(words)
			case r.unseen.Len() < maxText:
				if r.code > 0 {
					words = generated(words)
				}
				r.unseen.WriteString(words)
				r.unseen.WriteByte(' ')
			}
		case html.StartTagToken:
			r.start(false)
		case html.SelfClosingTagToken:
			r.start(true)
		case html.EndTagToken:
			r.end()
		}
	}
}

// generated are the words that a style sheet has the reader see and that stand in
// no text: p:after { content: "ma non prima di marzo" } (CSS 2.1 §12.2).
func generated(css string) string {
	var words strings.Builder
	for _, rule := range strings.Split(strings.ToLower(css), "content")[1:] {
		rule = strings.TrimLeft(rule, " \t\r\n")
		value := strings.TrimLeft(strings.TrimPrefix(rule, ":"), " \t\r\n")
		if !strings.HasPrefix(rule, ":") || value == "" || value[0] != '"' && value[0] != '\'' {
			continue
		}
		quoted, _, _ := strings.Cut(value[1:], value[:1])
		words.WriteString(quoted)
		words.WriteByte(' ')
	}
	return words.String()
}

type htmlReader struct {
	z       *html.Tokenizer
	out     strings.Builder
	unseen  strings.Builder
	crossed strings.Builder
	open    []openTag // elements that hide or quote, and those within them
	hidden  int
	code    int // of those, the ones that hold no text: scripts, styles, the head
	quotes  int
	struck  int
	atStart bool // nothing on this line yet
	space   bool // a blank is owed before the next word
}

// attributed reports whether a text ends with the head of a quotation.
func attributed(s string) bool {
	s = strings.TrimRight(s[max(0, len(s)-40):], " \n\u00a0>")
	return strings.HasSuffix(s, "scritto:") || strings.HasSuffix(s, "wrote:") || strings.HasSuffix(s, "scrive:")
}

// invisibleStyles are what keeps a text from being seen.
var invisibleStyles = []string{"display:none", "visibility:hidden", "font-size:0;", "font-size:0px", "font-size:0pt", "font-size:1px", "mso-hide:all", "opacity:0;", ";color:#fff;", ";color:#ffffff", ";color:white"}

type openTag struct {
	name   atom.Atom
	hides  bool
	code   bool
	quotes bool
	struck bool
}

// maxOpen bounds the elements remembered: a hostile body may nest for ever.
const maxOpen = 2000

func (r *htmlReader) start(selfClosing bool) {
	raw, hasAttr := r.z.TagName()
	name := atom.Lookup(raw)
	tag := openTag{name: name}
	switch name {
	case atom.Script, atom.Style, atom.Head, atom.Title, atom.Template, atom.Noscript, atom.Object, atom.Svg:
		tag.hides, tag.code = true, true
	case atom.Blockquote:
		// Without a mark of its own it is an indent, unless "… ha scritto:" stands before.
		tag.quotes = attributed(r.out.String())
	case atom.S, atom.Strike, atom.Del:
		tag.struck = true
	}
	for hasAttr {
		var key, value []byte
		key, value, hasAttr = r.z.TagAttr()
		r.attribute(&tag, string(key), strings.ToLower(string(value)))
	}
	switch {
	case name == atom.Br:
		r.newline()
	case name == atom.Td || name == atom.Th:
		r.space = true
	case block(name):
		r.lineStart()
	}
	if tag.quotes {
		r.lineStart()
	}
	if selfClosing || void(name) || len(r.open) >= maxOpen || !(tag.hides || tag.quotes || tag.struck || len(r.open) > 0) {
		return
	}
	r.open = append(r.open, tag)
	r.hidden += count(tag.hides)
	r.code += count(tag.code)
	r.quotes += count(tag.quotes)
	r.struck += count(tag.struck)
}

func (r *htmlReader) attribute(tag *openTag, key, value string) {
	switch key {
	case "style":
		value = strings.ReplaceAll(value, " ", "")
		if tag.name == atom.Blockquote && (strings.Contains(value, "border:none") || strings.Contains(value, "border:0")) {
			tag.quotes = false // webmail indents with it
		}
		for _, mark := range invisibleStyles {
			tag.hides = tag.hides || strings.Contains(";"+value+";", mark)
		}
		if strings.Contains(value, "line-through") {
			tag.struck = true
		}
		tag.quotes = tag.quotes || tag.name == atom.Blockquote && strings.Contains(value, "border-left")
	case "hidden":
		tag.hides = true
	case "type", "cite":
		tag.quotes = tag.quotes || tag.name == atom.Blockquote
	case "class", "id":
		for _, mark := range []string{"gmail_quote", "yahoo_quoted"} {
			if strings.Contains(value, mark) {
				tag.quotes = true
			}
		}
	}
}

func (r *htmlReader) end() {
	raw, _ := r.z.TagName()
	name := atom.Lookup(raw)
	if block(name) {
		r.lineStart()
	}
	for i := len(r.open) - 1; i >= 0 && i > len(r.open)-64; i-- {
		if r.open[i].name != name {
			continue
		}
		for _, t := range r.open[i:] {
			r.hidden -= count(t.hides)
			r.code -= count(t.code)
			r.quotes -= count(t.quotes)
			r.struck -= count(t.struck)
		}
		r.open = r.open[:i]
		return
	}
}

func count(b bool) int {
	if b {
		return 1
	}
	return 0
}

// text adds words, with runs of blanks made one.
func (r *htmlReader) text(s string) {
	for s != "" {
		n := strings.IndexAny(s, " \t\r\n\f")
		if n == 0 {
			r.space = true
			s = s[1:]
			continue
		}
		word := s
		if n > 0 {
			word = s[:n]
		}
		s = s[len(word):]
		switch {
		case r.atStart && r.quotes > 0:
			r.out.WriteString("> ")
		case r.space && !r.atStart:
			r.out.WriteByte(' ')
		}
		r.out.WriteString(word)
		r.atStart, r.space = false, false
	}
}

func (r *htmlReader) newline() {
	if r.hidden == 0 {
		r.out.WriteByte('\n')
		r.atStart, r.space = true, false
	}
}

func (r *htmlReader) lineStart() {
	if !r.atStart {
		r.newline()
	}
}

func void(name atom.Atom) bool {
	switch name {
	case atom.Area, atom.Base, atom.Br, atom.Col, atom.Embed, atom.Hr, atom.Img, atom.Input, atom.Link, atom.Meta, atom.Source, atom.Track, atom.Wbr:
		return true
	}
	return false
}

func block(name atom.Atom) bool {
	switch name {
	case atom.Address, atom.Article, atom.Blockquote, atom.Body, atom.Dd, atom.Div, atom.Dl, atom.Dt, atom.Footer, atom.Form, atom.H1, atom.H2,
		atom.H3, atom.H4, atom.H5, atom.H6, atom.Header, atom.Hr, atom.Li, atom.Ol, atom.P, atom.Pre, atom.Section, atom.Table, atom.Tr, atom.Ul:
		return true
	}
	return false
}
