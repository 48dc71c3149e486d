package main

import (
	"context"
	"fmt"
	"io"
	"strings"
	"sync"
	"time"

	"sportello/mailproc"
	"sportello/mailproc/console"
	"sportello/rules"
)

// demoScreen shows the queue of the demo while it changes.
type demoScreen struct {
	mu    sync.Mutex
	out   io.Writer
	once  bool
	shown map[string]string // case -> what was last said of it
}

func (s *demoScreen) say(format string, args ...any) {
	s.mu.Lock()
	defer s.mu.Unlock()
	fmt.Fprintf(s.out, format, args...)
}

// live says each change of a case in one line, as it happens.
func (s *demoScreen) live(ctx context.Context, office *mailproc.Office) error {
	page, err := office.Cases(ctx, rules.Query{Limit: 200})
	if err != nil {
		return err
	}
	if s.shown == nil {
		s.shown = map[string]string{}
	}
	for _, c := range page.Cases {
		now := fmt.Sprintf("%-9s  %-19s  %s", c.State, c.Procedure, strings.TrimSpace(fmt.Sprint(c.Outcome, " ", c.Reason)))
		for _, l := range c.Letters {
			now += fmt.Sprintf("  [%s: %s]", l.Name, l.State)
		}
		if s.shown[c.ID] != now {
			s.shown[c.ID] = now
			s.say("%s  %s  %s\n", time.Now().In(rome).Format("15:04:05.000"), c.ID, now)
		}
	}
	return nil
}

// table prints the queue and the parked messages.
func (s *demoScreen) table(ctx context.Context, office *mailproc.Office) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	fmt.Fprintln(s.out)
	page, err := office.Cases(ctx, rules.Query{Limit: 200})
	if err != nil {
		return err
	}
	var list []console.Row
	for _, c := range page.Cases {
		list = append(list, console.RowOf(c, office.Rules().Calendar, time.Now()))
	}
	if err := queueTable(list).print(s.out); err != nil {
		return err
	}
	parked, err := office.Parked(ctx, 0, 200)
	if err != nil {
		return err
	}
	fmt.Fprintln(s.out, "\nParked: no request, nobody is answered")
	for _, m := range parked {
		fmt.Fprintf(s.out, "  message %d: %s, %s — %s\n", m.ID, m.Kind, m.Reason, printable(sentences(m.Detail)))
	}
	height, err := office.Verify(ctx)
	if err == nil {
		fmt.Fprintf(s.out, "\nThe journal's chain is whole: %d entries.\n", height)
	}
	return err
}

// settled reports whether every message has its decision and every letter its
// delivery.
func settled(ctx context.Context, office *mailproc.Office, messages int) bool {
	st, err := office.Status(ctx)
	if err != nil || st.Messages["pending"] > 0 {
		return false
	}
	read := st.Messages["case"] + st.Messages["parked"] + st.Messages["duplicate"]
	page, err := office.Cases(ctx, rules.Query{Limit: 200})
	if err != nil || read < messages {
		return false
	}
	for _, c := range page.Cases {
		if c.State == rules.New {
			return false
		}
		for _, l := range c.Letters {
			if l.State != rules.Delivered && (c.Proved || l.State != rules.Taken) {
				return false
			}
		}
	}
	return true
}
