package submit

import (
	"bufio"
	"io"
	"net"
	"strings"
	"sync"
	"testing"
	"time"
)

// endless answers as a server does up to one reply, and never ends that: with many bytes, or with one now and then.
type endless struct {
	at   string // the verb it is the answer to; "" is the greeting
	say  string // … begins with this
	unit string // … and goes on with this; "" hangs up
	slow bool
}

func (e endless) start(t *testing.T) Account {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	var wg sync.WaitGroup
	wg.Go(func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			wg.Go(func() { defer c.Close(); e.serve(c) })
		}
	})
	t.Cleanup(func() { l.Close(); wg.Wait() })
	return Account{Name: "desk", URL: "smtp://" + l.Addr().String(), Plaintext: true, User: desk,
		Password: func() (string, error) { return secret, nil }, Timeout: 200 * time.Millisecond, FinalTimeout: 300 * time.Millisecond}
}

func (e endless) serve(c net.Conn) {
	r := bufio.NewReader(c)
	answer := func(verb, usual string) bool {
		if verb == e.at {
			_, err := io.WriteString(c, e.say)
			for err == nil && e.unit != "" {
				if e.slow {
					time.Sleep(20 * time.Millisecond)
				}
				_, err = io.WriteString(c, e.unit)
			}
			return false
		}
		_, err := io.WriteString(c, usual+"\r\n")
		return err == nil
	}
	usual := map[string]string{"EHLO": "250-here\r\n250 AUTH PLAIN", "AUTH": "235 in", "DATA": "354 go on", ".": "250 queued"}
	for ok := answer("", "220 here"); ok; {
		line, err := r.ReadString('\n')
		if err != nil {
			return
		}
		verb := strings.TrimSpace(strings.ToUpper(line[:min(len(line), 4)]))
		text, known := usual[verb]
		if !known {
			text = "250 fine"
		}
		if ok = answer(verb, text); verb != "DATA" || !ok {
			continue
		}
		for line != ".\r\n" {
			if line, err = r.ReadString('\n'); err != nil {
				return
			}
		}
		ok = answer(".", usual["."])
	}
}

// TestRepliesWithoutEnd: a server that does not come to the end of a reply costs a letter some time, and little memory. Only
// after the final dot may it have the letter.
func TestRepliesWithoutEnd(t *testing.T) {
	for _, at := range []string{"", "EHLO", "AUTH", "MAIL", "RCPT", "DATA", "."} {
		for name, e := range map[string]endless{
			"lines":     {say: "250-a\r\n", unit: strings.Repeat("250-a\r\n", 1000)},
			"a line":    {say: "250 ", unit: strings.Repeat("x", 1000)},
			"bytes":     {say: "250-", unit: "x", slow: true},
			"challenge": {say: "334 YQ==\r\n", unit: strings.Repeat("334 YQ==\r\n", 1000)},
		} {
			t.Run(at+" "+name, func(t *testing.T) {
				t.Parallel()
				e.at = at
				start := time.Now()
				_, err := sender(t, e.start(t)).Send(t.Context(), compose(t, 1))
				got, ok := typedOf(err)
				if took := time.Since(start); !ok || took > 2*answerReads*300*time.Millisecond {
					t.Fatalf("%v after %v", err, took)
				}
				if (got.Kind == Uncertain) != (at == ".") || got.Kind == Permanent {
					t.Errorf("%v", got)
				}
			})
		}
	}
}
