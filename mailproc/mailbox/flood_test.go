package mailbox

import (
	"io"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

// endless says the same until the connection goes, and returns how many bytes went.
func endless(w io.Writer, unit string) (sent int) {
	piece := []byte(strings.Repeat(unit, 64<<10/len(unit)))
	for {
		n, err := w.Write(piece)
		if sent += n; err != nil {
			return sent
		}
	}
}

// TestAnswersWithoutEnd lets a server speak without end where it was asked for a few lines: the connection ends while it can
// have cost little memory, and the mailbox is read when the server is sound again.
func TestAnswersWithoutEnd(t *testing.T) {
	for name, c := range map[string]struct{ at, say, unit string }{
		"a line":           {"NOOP", "* OK ", "A"},
		"lines":            {"NOOP", "", "* OK hello\r\n"},
		"capabilities":     {"NOOP", "* CAPABILITY", " X"},
		"a string":         {"UID FETCH", "* 1 FETCH (UID 1 X-JUNK \"", "q"},
		"a listing":        {"UID FETCH", "", "* 1 FETCH (UID 1 RFC822.SIZE 7)\r\n"},
		"a literal":        {"NOOP", "* LIST () \"/\" {9223372036854775807}\r\n", "x"},
		"lists in lists":   {"NOOP", "* 1 FETCH ", "("},
		"folders":          {"EXAMINE", "", "* LIST () \"/\" INBOX\r\n"},
		"bodies unasked":   {"BODY", "", "* 9 FETCH (UID 99999 BODY[] {3}\r\nabc)\r\n"},
		"a second body":    {"BODY", "* 1 FETCH (UID 1 BODY[] {$len}\r\n$raw BODY[] {9223372036854775807}\r\n", "x"},
		"a body in quotes": {"BODY", "* 1 FETCH (UID 1 BODY[] \"", "x"},
	} {
		t.Run(name, func(t *testing.T) {
			s := &scripted{mails: someMails(1, 2)}
			var sound atomic.Bool
			sent := make(chan int, 1)
			s.speak = func(w io.Writer, command string) bool {
				if !strings.Contains(command, c.at) || sound.Swap(true) {
					return false
				}
				raw := s.mails[1]
				io.WriteString(w, strings.NewReplacer("$len", strconv.Itoa(len(raw)), "$raw", raw).Replace(c.say))
				sent <- endless(w, c.unit)
				return true
			}
			acc := s.start(t)
			acc.Timeout, acc.room = 10*time.Second, 256<<10 // all of answerBytes takes the race detector too long
			sink := newKept()
			r := begin(t, acc, sink, Cursor{})
			sink.until(t, "all", func(m map[Cursor]kind, next Cursor) bool { return len(m) == 2 && next.UID == 2 })
			r.quiet(t)
			complete(t, s, sink, nil)
			if n := <-sent; n > answerBytes { // some of it lies in the sockets
				t.Errorf("the server could say %d MiB", n>>20)
			}
		})
	}
}

// TestByteAfterByte lets a server answer with a byte now and then, each in time, and never come to an end.
func TestByteAfterByte(t *testing.T) {
	for _, at := range []string{"NOOP", "EXAMINE", "UID FETCH", "BODY"} {
		t.Run(at, func(t *testing.T) {
			s := &scripted{mails: someMails(1, 2)}
			var sound atomic.Bool
			s.speak = func(w io.Writer, command string) bool {
				if !strings.Contains(command, at) || sound.Swap(true) {
					return false
				}
				_, err := io.WriteString(w, "* OK ")
				for ; err == nil; _, err = w.Write([]byte("x")) {
					time.Sleep(10 * time.Millisecond)
				}
				return true
			}
			acc := s.start(t)
			acc.Timeout = 100 * time.Millisecond
			sink := newKept()
			r := begin(t, acc, sink, Cursor{})
			r.quiet(t)
			complete(t, s, sink, nil)
			if all := r.failures(); len(all) != 1 || !strings.Contains(all[0].Error(), errSlow.Error()) {
				t.Errorf("unreachable: %v", all)
			}
		})
	}
}

// TestSearchesThatCannotBe answers a SEARCH with what no folder holds: nothing of it unfolds, or breaks.
func TestSearchesThatCannotBe(t *testing.T) {
	for _, found := range []string{"* SEARCH 0", "* ESEARCH (TAG \"$tag\") UID ALL 1:4294967295", "* ESEARCH (TAG \"$tag\") UID ALL 9:*", "* SEARCH -1", "* SEARCH 99999999999999999999"} {
		t.Run(found, func(t *testing.T) {
			s := &scripted{mails: someMails(1, 90000)}
			var asked atomic.Int32
			s.line = func(_ *scripted, _ int, tag, command string) (string, bool) {
				if !strings.HasPrefix(command, "UID SEARCH") || asked.Add(1) > 1 {
					return "", false
				}
				return strings.ReplaceAll(found, "$tag", tag) + "\r\n" + tag + " OK\r\n", true
			}
			acc := s.start(t)
			acc.RetryMin, acc.RetryMax = time.Millisecond, time.Millisecond
			sink := newKept()
			r := begin(t, acc, sink, Cursor{})
			sink.until(t, "all", func(m map[Cursor]kind, next Cursor) bool { return len(m) == 2 && next.UID == 90000 })
			r.stop(t)
			complete(t, s, sink, nil)
			if asked.Load() < 2 {
				t.Errorf("asked %d times", asked.Load())
			}
		})
	}
}

// TestFolderMadeAnewEachTime: a server that gives the folder another UIDVALIDITY on each connection, and ends it, is come back
// to more and more slowly: the journal has an entry of each.
func TestFolderMadeAnewEachTime(t *testing.T) {
	s := &scripted{mails: someMails(1)}
	s.line = func(s *scripted, conn int, tag, command string) (string, bool) {
		if strings.HasPrefix(command, "EXAMINE") {
			return "* 1 EXISTS\r\n* OK [UIDVALIDITY " + strconv.Itoa(conn) + "] v\r\n* OK [UIDNEXT 2] n\r\n" + tag + " OK\r\n", true
		}
		return "", strings.HasPrefix(command, "UID FETCH")
	}
	acc := s.start(t)
	acc.RetryMin, acc.RetryMax = 20*time.Millisecond, time.Hour
	r := begin(t, acc, newKept(), Cursor{})
	time.Sleep(time.Second)
	r.told.Lock()
	defer r.told.Unlock()
	if n := len(r.told.validity); n < 2 || n > 8 { // 10 to 20 ms, then twice as long each time
		t.Errorf("the folder was new %d times", n)
	}
}
