package submit

import (
	"bufio"
	"strings"
	"testing"
)

// A letter whose recipient was refused within a group must not go out by its DATA, nor stop the next one.
func TestRefusalWithinAGroup(t *testing.T) {
	s := &script{together: true, refuse: true, reply: "250 2.0.0 queued"}
	snd := sender(t, s.start(t))
	for i := range 6 {
		_, err := snd.Send(t.Context(), compose(t, i))
		e, _ := typedOf(err)
		switch {
		case i%2 == 0 && (e == nil || e.Kind != Permanent || e.Stage != AtRcpt || e.Code != 550 || e.Enhanced != "5.1.1"):
			t.Errorf("letter %d: %v, want its recipient refused", i, err)
		case i%2 == 1 && err != nil:
			t.Errorf("letter %d: %v", i, err)
		}
	}
	if n := s.conns.Load(); n != 1 {
		t.Errorf("%d connections, want 1", n)
	}
	if n := s.letters.Load(); n != 3 {
		t.Errorf("the server has %d letters with a text, want 3", n)
	}
}

func TestReplies(t *testing.T) {
	for _, x := range []struct {
		in   string
		want reply
		ok   bool
	}{
		{"250 2.0.0 Ok: queued as 4F2C\r\n", reply{250, "2.0.0", "Ok: queued as 4F2C"}, true},
		{"250\r\n", reply{250, "", ""}, true},
		{"250 \n", reply{250, "", ""}, true},
		{"550-5.7.1 one\r\n550 5.7.1 two\r\n", reply{550, "5.7.1", "one\ntwo"}, true},
		{"250 2.0.0.1 is no such code\r\n", reply{250, "", "2.0.0.1 is no such code"}, true},
		{"250-one\r\n251 two\r\n", reply{}, false},
		{"25 short\r\n", reply{}, false},
		{"2500 long\r\n", reply{}, false},
		{"hello\r\n", reply{}, false},
		{"250 cut", reply{}, false},
		{"250 " + strings.Repeat("x", 5000) + "\r\n", reply{}, false},
		{strings.Repeat("250-and\r\n", 5000), reply{}, false},
	} {
		w := &wire{r: bufio.NewReader(strings.NewReader(x.in))}
		got, err := w.reply()
		if x.ok != (err == nil) || x.ok && got != x.want || w.broken == x.ok {
			t.Errorf("%.40q: %+v, %v", x.in, got, err)
		}
	}
}

// FuzzReply: whatever a server says, it is read in bounded room, and a reply's code has three digits.
func FuzzReply(f *testing.F) {
	f.Add("250-2.1.0 a\r\n250 2.1.0 b\r\n354 go on\r\n")
	f.Add("550 5.1.1 no such user\r\n")
	f.Fuzz(func(t *testing.T, said string) {
		w := &wire{r: bufio.NewReader(strings.NewReader(said))}
		for range 10 {
			r, err := w.reply()
			if err != nil {
				return
			}
			if r.code < 0 || r.code > 999 || len(r.text) > maxReplyLines*4096 {
				t.Errorf("%+v", r)
			}
			if e := r.refusal(AtEnd); e.Kind == "" {
				t.Errorf("no kind for %+v", r)
			}
		}
	})
}

// TestAnswersAhead: a server whose answers are one too many is out of step, and what it says next is no answer to the next
// question: no letter is taken for sent by it, and the next goes over a new connection.
func TestAnswersAhead(t *testing.T) {
	for _, together := range []bool{false, true} {
		for at, extra := range map[string]string{"DATA": "250 queued", "RCPT": "354 go on", ".": "250 fine\r\n250 fine\r\n354 go on\r\n250 queued"} {
			s := &script{together: together, ahead: map[string]string{at: extra}}
			snd := sender(t, s.start(t))
			for i := range 3 {
				answer, err := snd.Send(t.Context(), compose(t, i))
				switch e, _ := typedOf(err); {
				case i == 0 && at != ".":
					if e == nil || e.Kind != Unreachable && e.Kind != Temporary || s.accepted.Load() != 0 {
						t.Errorf("%s, together %v: %q, %v", at, together, answer, err)
					}
				case err != nil:
					t.Errorf("%s, together %v, letter %d: %v", at, together, i, err)
				}
			}
			if n := s.conns.Load(); n != 2 {
				t.Errorf("%s, together %v: %d connections, want 2", at, together, n)
			}
		}
	}
}
