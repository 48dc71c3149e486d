package main

import (
	"errors"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// TestMeter: a terminal sees one line that moves, a file one line a stage.
func TestMeter(t *testing.T) {
	for terminal, want := range map[bool]string{
		true:  "\r\x1b[Kjournal …\r\x1b[Karchive … 0%\r\x1b[Karchive … 50%\r\x1b[K",
		false: "journal …\narchive …\n",
	} {
		var out strings.Builder
		m := &meter{w: &out, terminal: terminal}
		for _, x := range []struct {
			what        string
			done, total int64
		}{{"journal", 7, 0}, {"archive", 0, 10}, {"archive", 5, 10}, {"archive", 5, 10}} {
			m.tell(x.what, x.done, x.total)
		}
		m.end()
		if out.String() != want {
			t.Errorf("terminal %t: %q, want %q", terminal, out.String(), want)
		}
	}
}

// TestMeterWhile: work of which nothing is heard is seen to go on.
func TestMeterWhile(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var out strings.Builder
		m := &meter{w: &out, terminal: true}
		failed := errors.New("no room")
		if err := m.while("copying", func() error { time.Sleep(2500 * time.Millisecond); return failed }); err != failed {
			t.Errorf("got %v", err)
		}
		if want := "\r\x1b[Kcopying … 1 s\r\x1b[Kcopying … 2 s\r\x1b[K"; out.String() != want {
			t.Errorf("%q, want %q", out.String(), want)
		}
	})
}
