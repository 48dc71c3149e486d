package rules

import (
	"strconv"
	"strings"
	"text/template"
	"text/template/parse"
)

// tracer tells which word of which file printed what: a letter that looks
// wrong on the sample is written once more with its templates marked.
type tracer struct {
	marks []printed
	text  strings.Builder // the letter without the marks
}

// printed is what one node of a template gave.
type printed struct {
	at       string // file:line
	word     string // as its author wrote it: .importo
	guard    string // "with", "if"; "" the word itself is printed
	from, to int    // in tracer.text
	done     bool   // its branch was taken
}

// The marks: no value of a letter holds control characters (see value).
const markBegins, markNamed, markEnds = "\x01", "\x02", "\x03"

// marked is t with marks round all that it prints.
func (r *tracer) marked(t *template.Template) *template.Template {
	tree := t.Tree.Copy()
	r.list(tree, tree.Root)
	out, err := template.New(t.Name()).Option("missingkey=error").AddParseTree(t.Name(), tree)
	if err != nil {
		return t // never: the name is new
	}
	return out
}

func (r *tracer) list(tree *parse.Tree, l *parse.ListNode) {
	if l == nil {
		return
	}
	var out []parse.Node
	for _, n := range l.Nodes {
		p := printed{}
		switch n := n.(type) {
		case *parse.ActionNode:
			p.word = n.Pipe.String()
		case *parse.IfNode:
			p.guard, p.word = "if", n.Pipe.String()
			r.list(tree, n.List)
			r.list(tree, n.ElseList)
		case *parse.WithNode:
			p.guard, p.word = "with", n.Pipe.String()
			r.list(tree, n.List)
			r.list(tree, n.ElseList)
		default:
			out = append(out, n)
			continue
		}
		p.at, _ = tree.ErrorContext(n)
		p.at = p.at[:strings.LastIndexByte(p.at, ':')] // without the column
		name := strconv.Itoa(len(r.marks))
		r.marks = append(r.marks, p)
		out = append(out, mark(markBegins+name+markNamed), n, mark(markEnds+name+markNamed))
	}
	l.Nodes = out
}

func mark(s string) parse.Node { return &parse.TextNode{NodeType: parse.NodeText, Text: []byte(s)} }

// read takes the marks out of a letter and notes what stood between them.
func (r *tracer) read(letter string) {
	for letter != "" {
		i := strings.IndexAny(letter, markBegins+markEnds)
		if i < 0 {
			break
		}
		r.text.WriteString(letter[:i])
		name, rest, _ := strings.Cut(letter[i+1:], markNamed)
		if n, err := strconv.Atoi(name); err == nil && n < len(r.marks) {
			if letter[i:i+1] == markBegins {
				r.marks[n].from = r.text.Len()
			} else {
				r.marks[n].to, r.marks[n].done = r.text.Len(), true
			}
		}
		letter = rest
	}
	r.text.WriteString(letter)
}

// near is what printed nothing beside at, or else what was printed last before it.
func (r *tracer) near(at int) (p printed, empty bool) {
	const beside = 4 // an opening bracket, a space
	best := beside + 1
	for _, m := range r.marks {
		away := max(m.from-at, at-m.from)
		if m.done && m.from == m.to && (away < best || away == best && p.guard != "") { // the word rather than its guard
			p, best, empty = m, away, true
		}
	}
	if empty {
		return p, true
	}
	for _, m := range r.marks {
		if m.done && m.from <= at && (p.at == "" || m.from >= p.from) {
			p = m
		}
	}
	return p, false
}
