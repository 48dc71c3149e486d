package console

import (
	"fmt"
	"io"
	"runtime"
	"strings"
	"testing"
)

// TestHeaderOfNames looks for the files of a message with a name in each short
// line of a long header: they are found, and it costs little memory.
func TestHeaderOfNames(t *testing.T) {
	var b strings.Builder
	for i := range 500_000 {
		fmt.Fprintf(&b, "x%x: \r\n", i)
	}
	raw := b.String() + "Subject: " + strings.Repeat("a", 1<<20) + "\r\nConTent-Type: multipart/mixed;\r\n boundary=b\r\n\r\n--b\r\nContent-Type: text/plain; name=a.txt\r\n\r\nciao\r\n--b--\r\n"
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	got := ""
	err := walk(strings.NewReader(raw), func(p Part, content io.Reader) error {
		text, err := io.ReadAll(content)
		got += p.Name + " " + string(text)
		return err
	})
	runtime.ReadMemStats(&after)
	if err != nil || got != "a.txt ciao" {
		t.Errorf("%q, %v", got, err)
	}
	if used := after.TotalAlloc - before.TotalAlloc; used > 1<<20 {
		t.Errorf("%d KiB were needed for %d", used>>10, len(raw)>>10)
	}
}

// TestOddHeaders: a header that is none, or cut, or damaged, hides no more than
// what it says itself.
func TestOddHeaders(t *testing.T) {
	for raw, want := range map[string]string{
		"":                                    "text/plain ",
		"\r\n\r\nciao":                        "text/plain \r\nciao",
		"\n\nciao":                            "text/plain \nciao",
		"Content-Type: a/b":                   "a/b ",
		"no field\r\n\r\nciao":                "text/plain ciao",
		" x\r\nContent-Type: a/b\r\n\r\nciao": "a/b ciao",
		"A: b\r\n Content-Type: a/b\r\nContent-Type:\r\n c/d\r\n\r\nciao":         "c/d ciao",
		"Content-Type: a/b; c=" + strings.Repeat("x", maxFields) + "\r\n\r\nciao": "a/b ciao",
	} {
		got := ""
		if err := walk(strings.NewReader(raw), func(p Part, content io.Reader) error {
			text, err := io.ReadAll(content)
			got = p.Type + " " + string(text)
			return err
		}); err != nil || got != want {
			t.Errorf("%.40q: %q, %v, want %q", raw, got, err, want)
		}
	}
}
