package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/url"
	"os"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"golang.org/x/term"

	"sportello/mailproc/console"
	"sportello/rules"
)

// watchEvery is how often the live table asks the desk.
const watchEvery = time.Second

func queueWatch(g *global) *cobra.Command {
	var f filter
	cmd := &cobra.Command{Use: "watch", Short: "the queue live, in this terminal", Args: cobra.NoArgs,
		Long: "Shows the queue and keeps it up to date. " + watchKeys + ".\nIn a case: ↑ ↓ or j k scroll, q goes back.",
		RunE: func(cmd *cobra.Command, _ []string) error {
			in, ok := cmd.InOrStdin().(*os.File)
			out, ok2 := cmd.OutOrStdout().(*os.File)
			if !ok || !ok2 || !term.IsTerminal(int(in.Fd())) || !term.IsTerminal(int(out.Fd())) {
				return errors.New("queue watch needs a terminal: use `queue list` or `log -f` in a pipe")
			}
			c, err := connect(cmd.Context(), g)
			if err != nil {
				return err
			}
			defer c.close()
			if c.stopped { // as long as it watched, no daemon could start
				return rules.ErrStopped
			}
			old, err := term.MakeRaw(int(in.Fd()))
			if err != nil {
				return err
			}
			defer term.Restore(int(in.Fd()), old) //nolint:errcheck // the process ends here
			fmt.Fprint(out, "\x1b[?1049h\x1b[?25l")
			defer fmt.Fprint(out, "\x1b[?25h\x1b[?1049l")
			tick := time.NewTicker(watchEvery)
			defer tick.Stop()
			w := &watch{client: c, out: out, filter: f, colour: screenOf(out).colour, now: time.Now,
				size: func() (int, int, error) { return term.GetSize(int(out.Fd())) }}
			return w.run(cmd.Context(), keys(in), tick.C)
		}}
	f.flags(g, cmd)
	return cmd
}

const watchKeys = "Keys: ↑ ↓ or j k choose, Enter opens the case, s the next state, o only overdue, n newest first, a everything, q quits"

// keys are the keys pressed, by name, until the terminal closes.
func keys(in io.Reader) <-chan string {
	pressed := make(chan string)
	go func() {
		defer close(pressed)
		b := make([]byte, 64)
		for {
			n, err := in.Read(b)
			for _, k := range keyNames(b[:n]) {
				pressed <- k
			}
			if err != nil {
				return
			}
		}
	}()
	return pressed
}

// keyNames are the keys of what a terminal sends at once.
func keyNames(b []byte) (out []string) {
	arrows := map[string]string{"\x1b[A": "up", "\x1b[B": "down", "\x1bOA": "up", "\x1bOB": "down", "\x1b[5~": "page up", "\x1b[6~": "page down"}
	for len(b) > 0 {
		known := false
		for code, name := range arrows {
			if bytes.HasPrefix(b, []byte(code)) {
				out, b, known = append(out, name), b[len(code):], true
				break
			}
		}
		if known {
			continue
		}
		switch c := b[0]; c {
		case 3, 4: // Ctrl-C, Ctrl-D
			out = append(out, "quit")
		case '\r', '\n':
			out = append(out, "enter")
		case 27:
			out = append(out, "back")
		case ' ':
			out = append(out, "page down")
		default:
			out = append(out, strings.ToLower(string(rune(c))))
		}
		b = b[1:]
	}
	return out
}

// watch is the live table.
type watch struct {
	client *client
	out    io.Writer
	size   func() (width, height int, err error)
	now    func() time.Time
	colour bool

	filter  filter
	list    []console.Row
	more    bool
	status  rules.Status
	problem string // why what is shown may be old

	at     int    // the row chosen
	chosen string // its case: the choice follows it when the queue moves
	opened []string
	from   int // the first line shown of the case that is open
}

func (w *watch) run(ctx context.Context, pressed <-chan string, tick <-chan time.Time) error {
	for {
		w.ask(ctx)
		if err := w.draw(); err != nil {
			return err
		}
		select {
		case <-ctx.Done():
			return nil
		case <-tick:
		case key, ok := <-pressed:
			if !ok || !w.press(ctx, key) {
				return nil
			}
		}
	}
}

// press does what a key says; false ends the watch.
func (w *watch) press(ctx context.Context, key string) bool {
	if key == "quit" {
		return false
	}
	if w.opened != nil {
		w.scroll(key)
		return true
	}
	switch key {
	case "q", "back":
		return false
	case "s":
		w.nextState()
	case "o":
		w.filter.overdue = !w.filter.overdue
	case "n":
		if w.filter.order == "received" {
			w.filter.order = ""
		} else {
			w.filter.order = "received"
		}
	case "a":
		w.filter = filter{}
	case "down", "j":
		w.choose(w.at + 1)
	case "up", "k":
		w.choose(w.at - 1)
	case "enter":
		w.open(ctx)
	}
	return true
}

func (w *watch) nextState() {
	states := append([]string{""}, stateNames()...)
	for i, s := range states {
		if s == w.filter.state {
			w.filter.state = states[(i+1)%len(states)]
			return
		}
	}
	w.filter.state = ""
}

func (w *watch) choose(n int) {
	w.at = max(min(n, len(w.list)-1), 0)
	if w.at < len(w.list) {
		w.chosen = w.list[w.at].ID
	}
}

// open shows the case that is chosen.
func (w *watch) open(ctx context.Context) {
	if w.at >= len(w.list) {
		return
	}
	var d console.CaseAnswer
	if err := w.client.call(ctx, "GET", "/api/cases/"+url.PathEscape(w.list[w.at].ID), nil, &d); err != nil {
		w.problem = err.Error()
		return
	}
	var b bytes.Buffer
	s := sheet{w: &b, screen: screen{colour: w.colour}}
	s.theCase(&d.Detail, d.Registry)
	w.opened, w.from = strings.Split(strings.TrimRight(b.String(), "\n"), "\n"), 0
}

func (w *watch) scroll(key string) {
	_, height, _ := w.size() // draw tells when it is unknown
	step := map[string]int{"down": 1, "j": 1, "enter": 1, "up": -1, "k": -1, "page down": height - 3, "page up": 3 - height}[key]
	switch {
	case key == "q" || key == "back":
		w.opened = nil
	default:
		w.from = max(min(w.from+step, len(w.opened)-height+2), 0)
	}
}

// ask brings the queue up to date; what cannot be asked stays as it was.
func (w *watch) ask(ctx context.Context) {
	_, height, err := w.size()
	if err != nil {
		return // draw tells
	}
	q := w.filter.values()
	q.Set("limit", strconv.Itoa(min(max(height-headLines-1, 1), 1000)))
	var page struct {
		Cases []console.Row
		Next  string
	}
	err = w.client.call(ctx, "GET", "/api/cases?"+q.Encode(), nil, &page)
	if err == nil {
		err = w.client.call(ctx, "GET", "/api/status", nil, &w.status)
	}
	if err != nil {
		if ctx.Err() == nil {
			w.problem = err.Error()
		}
		return
	}
	w.problem, w.list, w.more = "", page.Cases, page.Next != ""
	at := w.at
	for i, r := range w.list {
		if r.ID == w.chosen {
			at = i
		}
	}
	w.choose(at)
}

// headLines are above the table's rows: the time, the numbers, the filter, the
// table's own head; a line of keys is below.
const headLines = 4

func (w *watch) draw() error {
	width, height, err := w.size()
	if err != nil {
		return err
	}
	var b strings.Builder
	b.WriteString("\x1b[H")
	for i, l := range w.lines(width, height) {
		if i > 0 {
			b.WriteString("\r\n")
		}
		b.WriteString(l + "\x1b[K")
	}
	b.WriteString("\x1b[J")
	_, err = io.WriteString(w.out, b.String())
	return err
}

// lines are the screen, at most height of them.
func (w *watch) lines(width, height int) []string {
	s := screen{width, w.colour}
	var out []string
	var foot string
	if w.opened != nil {
		out = w.opened[min(w.from, len(w.opened)):]
		foot = fmt.Sprintf("q back  ↑ ↓ scroll  lines %d–%d of %d", w.from+1, min(w.from+height-1, len(w.opened)), len(w.opened))
	} else {
		out = append(w.top(s), w.table(s)...)
		foot = "q quit  ↑ ↓ choose  Enter open  s state  o overdue  n newest  a all"
		if w.more {
			foot = "… more  " + foot
		}
	}
	out = out[:min(len(out), max(height-1, 0))]
	shown := make([]string, 0, height)
	for _, l := range out {
		shown = append(shown, edge(l, width))
	}
	return append(shown, s.paint(cut(foot, width), faint))
}

func (w *watch) top(s screen) []string {
	title := "Sportello  " + when(w.now())
	if w.problem != "" {
		title = s.paint(cut("what follows may be old: "+w.problem, s.width), bad)
	}
	var counts []string
	for _, st := range rules.States {
		if n := w.status.Cases[st]; n > 0 || st == rules.InReview {
			counts = append(counts, fmt.Sprintf("%s %d", st, n))
		}
	}
	counts = append(counts, fmt.Sprintf("parked %d", w.status.Messages["parked"]))
	shown := "every state"
	if w.filter.state != "" {
		shown = w.filter.state
	}
	for _, f := range []string{w.filter.procedure, w.filter.mailbox, w.filter.text, w.filter.outcome, w.filter.reason} {
		if f != "" {
			shown += ", " + printable(f)
		}
	}
	if w.filter.overdue {
		shown += ", overdue"
	}
	if w.filter.order == "received" {
		shown += ", newest first"
	}
	return []string{title, strings.Join(counts, " · "), "shown: " + shown}
}

// table are the rows, the chosen one marked.
func (w *watch) table(s screen) []string {
	lines := queueTable(w.list).lines(screen{max(s.width-2, 1), s.colour})
	for i := range lines {
		mark := "  "
		if i == w.at+1 {
			mark = "› "
		}
		lines[i] = mark + lines[i]
	}
	if len(w.list) == 0 {
		lines = append(lines, "  nothing here")
	}
	return lines
}

// edge cuts a line at the terminal's edge; colours take no room.
func edge(l string, width int) string {
	var b strings.Builder
	n, code := 0, false
	for _, r := range l {
		switch {
		case r == '\x1b':
			code = true
		case code:
			code = r != 'm'
		default:
			if n++; n > width {
				continue
			}
		}
		b.WriteRune(r)
	}
	return b.String()
}
