package main

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"sportello/mailproc/console"
	"sportello/rules"
)

var at = time.Date(2026, 11, 23, 10, 22, 0, 0, rome)

func someRows() []console.Row {
	due := at.AddDate(0, 0, 2)
	return []console.Row{
		{ID: "2026-000007", Procedure: "disattivazione", State: rules.InReview, Outcome: rules.Review, Reason: rules.DangerSign, Mailbox: "franco.leone@pec.example.it", Received: &at, Due: &due, DaysLeft: 2},
		{ID: "2026-000009", Procedure: "recesso-rinnovo", State: rules.InReview, Outcome: rules.Review, Reason: rules.OtherWording, Mailbox: "una.casella.dal.nome.molto.lungo.davvero@pec.example.it", Received: &at, Due: &at, Overdue: true},
		{ID: "2026-000011", Procedure: "disattivazione", State: rules.Accepted, Outcome: rules.Accept, Mailbox: "mario\x1b[2J@pec.example.it", Received: &at, Due: &due, Answered: &at, Delivered: &at},
	}
}

var colours = regexp.MustCompile("\x1b\\[[0-9;]*m")

// The live table fits every terminal, names its keys, and marks the chosen row.
func TestWatchFits(t *testing.T) {
	for _, colour := range []bool{false, true} {
		for _, size := range [][2]int{{200, 50}, {120, 30}, {80, 24}, {60, 12}, {40, 8}, {20, 5}, {1, 1}} {
			w := &watch{list: someRows(), more: true, at: 1, chosen: "2026-000009", colour: colour, now: func() time.Time { return at }, status: rules.Status{Cases: map[rules.State]int{rules.InReview: 2, rules.Accepted: 1}, Messages: map[string]int{"parked": 3}}}
			lines := w.lines(size[0], size[1])
			if len(lines) > size[1] {
				t.Errorf("%v: %d lines", size, len(lines))
			}
			for _, l := range lines {
				bare := colours.ReplaceAllString(l, "")
				if n := len([]rune(bare)); n > size[0] || strings.ContainsRune(bare, '\x1b') {
					t.Errorf("%v: a line of %d characters: %q", size, n, l)
				}
			}
			if (strings.Join(lines, "") != colours.ReplaceAllString(strings.Join(lines, ""), "")) != colour {
				t.Errorf("%v: colours %t", size, !colour)
			}
			all := colours.ReplaceAllString(strings.Join(lines, "\n"), "")
			if size[0] < 60 || size[1] < 12 {
				continue
			}
			for _, want := range []string{"Mon 23 Nov 2026 10:22 CET", "review 2 · accepted 1 · parked 3", "› 2026-000009  review", "  2026-000007  review", "OVERDUE", "delivered", "q quit", "s state", "o overdue"} {
				if !strings.Contains(all, want) {
					t.Errorf("%v does not show %q:\n%s", size, want, all)
				}
			}
		}
	}
}

// TestWatchToggles: a key pressed again takes back what it did.
func TestWatchToggles(t *testing.T) {
	for _, key := range []string{"n", "o"} {
		w := &watch{}
		w.press(t.Context(), key)
		once := w.filter
		w.press(t.Context(), key)
		if once == (filter{}) || w.filter != (filter{}) {
			t.Errorf("%s: %+v, then %+v", key, once, w.filter)
		}
	}
}

func TestKeyNames(t *testing.T) {
	for in, want := range map[string]string{"j": "j", "\x1b[A\x1b[B": "up down", "\x1bOA": "up", "q": "q", "\x03": "quit", "\r": "enter", "\x1b": "back", "S ": "s page down", "\x1b[5~k": "page up k"} {
		if got := strings.Join(keyNames([]byte(in)), " "); got != want {
			t.Errorf("%q is %q, want %q", in, got, want)
		}
	}
	var got []string
	for k := range keys(strings.NewReader("jk\x1b[Bq")) {
		got = append(got, k)
	}
	if strings.Join(got, " ") != "j k down q" {
		t.Errorf("keys: %q", got)
	}
}

// watch drives the live table over the socket, key by key.
func (d *liveDesk) watch() {
	var shown bytes.Buffer
	g := &global{}
	w := &watch{client: socketClient(filepath.Join(d.dir, "data", socketName), g.identify), out: &shown, now: time.Now, size: func() (int, int, error) { return 110, 20, nil }}
	defer w.client.close()
	pressed, ended := make(chan string), make(chan error, 1)
	go func() { ended <- w.run(d.t.Context(), pressed, nil) }()
	frame := func(key string) { pressed <- key } // taken when the frame before is drawn
	for _, key := range strings.Fields("j k s s a o o n n enter j j back s q") {
		frame(key)
	}
	if err := <-ended; err != nil {
		d.t.Fatal(err)
	}
	frames := strings.Split(shown.String(), "\x1b[H")[1:]
	for n, want := range map[int]string{
		0:  "shown: every state",
		3:  "shown: new",
		4:  "shown: review",
		5:  "shown: every state",
		6:  "shown: every state, overdue",
		7:  "shown: every state",
		8:  "shown: every state, newest first",
		9:  "shown: every state",
		10: "Case 20", // the case chosen is open
		11: "lines 2–20 of",
		12: "lines 3–21 of",
		13: "shown: every state",
		14: "shown: new",
	} {
		if n >= len(frames) || !strings.Contains(frames[n], want) {
			d.t.Errorf("frame %d of %d does not show %q", n, len(frames), want)
		}
	}
	if !strings.Contains(frames[1], "\r\n› ") || strings.Contains(frames[0], "nothing here") {
		d.t.Errorf("no row is chosen:\n%s", frames[1])
	}
	// A desk that goes away is said, and what was known stays on the screen.
	w.client = &client{http: &http.Client{Transport: gone{}}, identify: g.identify}
	w.ask(context.Background())
	if lines := w.lines(110, 20); !strings.Contains(lines[0], "what follows may be old") || len(lines) < 5 {
		d.t.Errorf("without the daemon: %q", lines)
	}
	// A pipe is no terminal.
	d.refuses(1, words("queue watch"), `queue watch needs a terminal: use .queue list. or .log -f. in a pipe`)
}

// gone is a daemon that does not answer.
type gone struct{}

func (gone) RoundTrip(*http.Request) (*http.Response, error) { return nil, io.ErrUnexpectedEOF }

// A table keeps every character in a pipe, and has colours only on a terminal
// that wants them.
func TestTable(t *testing.T) {
	full := strings.Join(queueTable(someRows()).lines(screen{}), "\n")
	for _, want := range []string{"una.casella.dal.nome.molto.lungo.davvero@pec.example.it", "Mon 23 Nov 10:22 CET", "mario�[2J@pec.example.it", "2 working days"} {
		if !strings.Contains(full, want) {
			t.Errorf("the whole table lacks %q:\n%s", want, full)
		}
	}
	narrow := queueTable(someRows()).lines(screen{width: 72})
	for _, l := range narrow {
		if len([]rune(l)) > 72 {
			t.Errorf("wider than the terminal: %q", l)
		}
	}
	if all := strings.Join(narrow, "\n"); strings.Contains(all, "OUTCOME") || !strings.Contains(all, "2026-000007") || !strings.Contains(all, "…") {
		t.Errorf("what a narrow terminal shows:\n%s", all)
	}
	f, err := os.Create(filepath.Join(t.TempDir(), "file"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if s := screenOf(f); s.colour || s.width != 0 {
		t.Errorf("a file is taken for a terminal: %+v", s)
	}
}
