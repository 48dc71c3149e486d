package main

import (
	"fmt"
	"io"
	"time"
)

// meter shows on a terminal how far long work is, on one line that is written
// over; elsewhere each stage is a line of its own.
type meter struct {
	w        io.Writer
	terminal bool
	said     string
}

func meterOf(w io.Writer) *meter { return &meter{w: w, terminal: screenOf(w).width > 0} }

// clearLine goes to the beginning of the terminal's line and empties it.
const clearLine = "\r\x1b[K"

// tell says that so much of a stage is done.
func (m *meter) tell(stage string, done, total int64) {
	text := stage + " …"
	if m.terminal && total > 0 {
		text += fmt.Sprintf(" %d%%", 100*done/total)
	}
	if text == m.said {
		return
	}
	m.said = text
	if m.terminal {
		fmt.Fprint(m.w, clearLine, text)
		return
	}
	fmt.Fprintln(m.w, text)
}

// end leaves the line to what comes after.
func (m *meter) end() {
	if m.terminal && m.said != "" {
		fmt.Fprint(m.w, clearLine)
	}
	m.said = ""
}

// while does work of which only the end is told, the daemon's, and shows a
// terminal that it goes on.
func (m *meter) while(what string, work func() error) error {
	if !m.terminal {
		return work()
	}
	ended := make(chan error, 1)
	go func() { ended <- work() }()
	began, tick := time.Now(), time.NewTicker(time.Second)
	defer tick.Stop()
	defer m.end()
	for {
		select {
		case err := <-ended:
			return err
		case <-tick.C:
			m.said = what
			fmt.Fprintf(m.w, "%s%s … %d s", clearLine, what, int(time.Since(began).Seconds()))
		}
	}
}
