package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
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
	return &cobra.Command{Use: "watch", Short: "the queue live, in this terminal", Args: cobra.NoArgs,
		Long: "Shows the queue and keeps it up to date. Keys: s the next state, o only overdue,\na everything, q quit.",
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
			old, err := term.MakeRaw(int(in.Fd()))
			if err != nil {
				return err
			}
			defer term.Restore(int(in.Fd()), old) //nolint:errcheck // the process ends here
			fmt.Fprint(out, "\x1b[?1049h\x1b[?25l")
			defer fmt.Fprint(out, "\x1b[?25h\x1b[?1049l")
			return (&watch{client: c, out: out}).run(cmd.Context(), keys(in))
		}}
}

// keys are the keys pressed, until the terminal closes.
func keys(in *os.File) <-chan byte {
	pressed := make(chan byte)
	go func() {
		defer close(pressed)
		var b [1]byte
		for {
			if n, err := in.Read(b[:]); n == 0 || err != nil {
				return
			}
			pressed <- b[0]
		}
	}()
	return pressed
}

// watch is the live table.
type watch struct {
	client  *client
	out     *os.File
	state   int // of rules.States, 1 the first; 0: every state
	overdue bool
}

func (w *watch) run(ctx context.Context, pressed <-chan byte) error {
	tick := time.NewTicker(watchEvery)
	defer tick.Stop()
	for {
		if err := w.draw(ctx); err != nil {
			return err
		}
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		case key, ok := <-pressed:
			if !ok || !w.press(key) {
				return nil
			}
		}
	}
}

// press does what a key says; false ends the watch.
func (w *watch) press(key byte) bool {
	switch key {
	case 'q', 'Q', 3, 4, 27: // also Ctrl-C, Ctrl-D, Esc
		return false
	case 's':
		w.state = (w.state + 1) % (len(rules.States) + 1)
	case 'o':
		w.overdue = !w.overdue
	case 'a':
		w.state, w.overdue = 0, false
	}
	return true
}

func (w *watch) draw(ctx context.Context) error {
	width, height, err := term.GetSize(int(w.out.Fd()))
	if err != nil {
		return err
	}
	q := url.Values{"limit": {strconv.Itoa(max(height-4, 1))}}
	shown := "every state"
	if w.state > 0 {
		shown = string(rules.States[w.state-1])
		q.Set("state", shown)
	}
	if w.overdue {
		shown += ", overdue"
		q.Set("overdue", "true")
	}
	var page struct {
		Cases []console.Row
		Next  string
	}
	if err := w.client.call(ctx, "GET", "/api/cases?"+q.Encode(), nil, &page); err != nil {
		return err
	}
	var table bytes.Buffer
	print, flush := rowPrinter(&table, "table")
	for _, r := range page.Cases {
		if err := print(r); err != nil {
			return err
		}
	}
	if err := flush(); err != nil {
		return err
	}
	lines := append([]string{fmt.Sprintf("Sportello, %s — %s", time.Now().In(rome).Format(minute), shown)}, strings.Split(strings.TrimRight(table.String(), "\n"), "\n")...)
	if page.Next != "" {
		lines = append(lines, "…")
	}
	lines = append(lines, "s state  o overdue  a all  q quit")
	return w.show(lines, width)
}

// show writes the lines from the top, each cut to the terminal's width.
func (w *watch) show(lines []string, width int) error {
	var b strings.Builder
	b.WriteString("\x1b[H")
	for _, l := range lines {
		if r := []rune(l); len(r) > width {
			l = string(r[:width])
		}
		b.WriteString(l + "\x1b[K\r\n")
	}
	b.WriteString("\x1b[J")
	_, err := w.out.WriteString(b.String())
	return err
}
