package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"golang.org/x/term"
)

// table is rows for a person: on a terminal it fits the width and has colours,
// in a pipe it has every character and none.
type table struct {
	cols []column
	rows [][]cell
}

// column is one of a table.
type column struct {
	head  string
	least int // how narrow it may be made; 0: it is never cut
	drop  int // when space is short the column with the highest is left out first; 0: never
}

func col(head string) column { return column{head: head} }

// flexible is a column that may be cut down to so many characters.
func flexible(head string, least int) column { return column{head: head, least: least} }

// spare is a column that is left out where there is no room; the highest goes first.
func spare(head string, drop int) column { return column{head: head, drop: drop} }

// cell is a value with its colour.
type cell struct {
	text string
	tone tone
}

// tone is what a colour means.
type tone string

const (
	good  tone = "32"
	alert tone = "33"
	bad   tone = "31"
	calm  tone = "36"
	faint tone = "2"
	bold  tone = "1"
)

func text(s string) cell { return cell{text: printable(dash(s))} }

func toned(s string, t tone) cell { return cell{printable(dash(s)), t} }

func newTable(cols ...column) *table { return &table{cols: cols} }

func (t *table) add(cells ...cell) { t.rows = append(t.rows, cells) }

// screen is what can be shown where the output goes.
type screen struct {
	width  int // characters; 0: no limit
	colour bool
}

// screenOf asks the terminal; NO_COLOR and TERM=dumb are heeded (no-color.org).
func screenOf(w io.Writer) screen {
	f, ok := w.(*os.File)
	if !ok || !term.IsTerminal(int(f.Fd())) {
		return screen{}
	}
	width, _, err := term.GetSize(int(f.Fd()))
	if err != nil {
		width = 0
	}
	return screen{width, os.Getenv("NO_COLOR") == "" && os.Getenv("TERM") != "dumb"}
}

func (s screen) paint(text string, t tone) string {
	if !s.colour || t == "" || text == "" {
		return text
	}
	return "\x1b[" + string(t) + "m" + text + "\x1b[0m"
}

func (t *table) print(w io.Writer) error {
	for _, line := range t.lines(screenOf(w)) {
		if _, err := fmt.Fprintln(w, line); err != nil {
			return err
		}
	}
	return nil
}

// lines are the head and the rows.
func (t *table) lines(s screen) []string {
	widths := t.widths(s.width)
	head := make([]cell, len(t.cols))
	for i, c := range t.cols {
		head[i] = cell{c.head, faint}
	}
	out := []string{line(head, widths, s)}
	for _, r := range t.rows {
		out = append(out, line(r, widths, s))
	}
	return out
}

// gap is between two columns.
const gap = 2

// widths is how wide each column is; -1: it is left out.
func (t *table) widths(room int) []int {
	widths := make([]int, len(t.cols))
	for i, c := range t.cols {
		widths[i] = utf8.RuneCountInString(c.head)
		for _, r := range t.rows {
			widths[i] = max(widths[i], utf8.RuneCountInString(r[i].text))
		}
	}
	for room > 0 && total(widths) > room {
		if !t.leaveOut(widths, false) && !t.narrow(widths, total(widths)-room) && !t.leaveOut(widths, true) {
			break // it is cut at the edge
		}
	}
	return widths
}

func total(widths []int) int {
	n := -gap
	for _, w := range widths {
		if w >= 0 {
			n += w + gap
		}
	}
	return n
}

// narrow cuts the widest flexible column, at most by over.
func (t *table) narrow(widths []int, over int) bool {
	widest := -1
	for i, c := range t.cols {
		if c.least > 0 && widths[i] > max(c.least, utf8.RuneCountInString(c.head)) && (widest < 0 || widths[i] > widths[widest]) {
			widest = i
		}
	}
	if widest < 0 {
		return false
	}
	c := t.cols[widest]
	widths[widest] -= min(over, (widths[widest]-max(c.least, utf8.RuneCountInString(c.head))+1)/2)
	return true
}

// leaveOut leaves one column out: one that is never cut, or one that is.
func (t *table) leaveOut(widths []int, flexible bool) bool {
	last := -1
	for i, c := range t.cols {
		if widths[i] >= 0 && c.drop > 0 && (c.least > 0) == flexible && (last < 0 || c.drop > t.cols[last].drop) {
			last = i
		}
	}
	if last < 0 {
		return false
	}
	widths[last] = -1
	return true
}

func line(cells []cell, widths []int, s screen) string {
	var b strings.Builder
	used := 0
	for i, c := range cells {
		if widths[i] < 0 {
			continue
		}
		if used > 0 {
			b.WriteString(strings.Repeat(" ", gap))
			used += gap
		}
		room := widths[i]
		if s.width > 0 {
			room = min(room, max(s.width-used, 0))
		}
		shown := cut(c.text, room)
		b.WriteString(s.paint(shown, c.tone))
		if n := utf8.RuneCountInString(shown); i < len(cells)-1 {
			b.WriteString(strings.Repeat(" ", max(room-n, 0)))
		}
		used += room
	}
	return strings.TrimRight(b.String(), " ")
}

// cut is s with at most n characters; an ellipsis says that there were more.
func cut(s string, n int) string {
	if utf8.RuneCountInString(s) <= n {
		return s
	}
	if n < 1 {
		return ""
	}
	return string([]rune(s)[:n-1]) + "…"
}

func dash(s string) string {
	if s == "" {
		return "-"
	}
	return s
}

// printable keeps a customer's text from moving the terminal about.
func printable(s string) string {
	return strings.Map(func(r rune) rune {
		if !strconv.IsPrint(r) {
			return '�'
		}
		return r
	}, s)
}

// harmless is printable for a text of several lines.
func harmless(s string) string {
	return strings.Map(func(r rune) rune {
		if r == '\n' || r == '\t' || strconv.IsPrint(r) {
			return r
		}
		return '�'
	}, s)
}

// toJSON writes values as JSON, an object a line, for programs, and for whoever
// looks at it on a terminal.
func toJSON(w io.Writer) *json.Encoder {
	enc := json.NewEncoder(jsonOut{w})
	enc.SetEscapeHTML(false)
	return enc
}

// jsonOut writes JSON with what could move a terminal about, or turn its text,
// escaped: that stands within strings only, and reads the same (RFC 8259 §7).
type jsonOut struct{ io.Writer }

func (o jsonOut) Write(b []byte) (int, error) {
	_, err := o.Writer.Write(visible(b))
	return len(b), err
}

func visible(b []byte) []byte {
	if !bytes.ContainsFunc(b, hidden) {
		return b
	}
	out := make([]byte, 0, len(b)+64)
	for _, r := range string(b) {
		if !hidden(r) {
			out = utf8.AppendRune(out, r)
			continue
		}
		for _, u := range utf16.Encode([]rune{r}) {
			out = fmt.Appendf(out, `\u%04x`, u)
		}
	}
	return out
}

func hidden(r rune) bool { return r > 0x7e && !strconv.IsPrint(r) && r != '\u00a0' }
