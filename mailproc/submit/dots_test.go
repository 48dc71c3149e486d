package submit

import (
	"strings"
	"testing"
)

// TestDots: a line that begins with a dot arrives as it was written, and ends no letter.
func TestDots(t *testing.T) {
	for _, text := range []string{".first\r\n", "a\r\n.\r\nb\r\n", "a\r\n..\r\n.c\r\n", "a\r\n.", "a"} {
		r := &relay{}
		l := compose(t, 1)
		l.Data = []byte(text)
		if _, err := sender(t, r.start(t)).Send(t.Context(), l); err != nil {
			t.Errorf("%q: %v", text, err)
			continue
		}
		if want := strings.TrimSuffix(text, "\r\n") + "\r\n"; len(r.got) != 1 || strings.ReplaceAll(r.got[0], "\n", "\r\n") != want && r.got[0] != want {
			t.Errorf("%q arrived as %q", text, r.got)
		}
	}
}
