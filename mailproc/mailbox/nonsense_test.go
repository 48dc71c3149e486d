package mailbox

import (
	"bufio"
	"cmp"
	"errors"
	"fmt"
	"io"
	"net"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"
)

// scripted is an IMAP server that knows the few commands the Poller speaks, and answers some of them with nonsense.
type scripted struct {
	mails  map[uint32]string // by UID
	hidden map[uint32]bool   // not found by SEARCH and FETCH: expunged after the listing

	// body writes the answer to the fetch of one message's body. nil: as it should be. Returning false hangs up.
	body func(w io.Writer, seq int, uid uint32, raw string, bySeq bool) bool
	// line may answer a command itself: with text, or by hanging up ("" and true).
	line func(s *scripted, conn int, tag, command string) (answer string, done bool)

	// speak may answer a command with what it writes itself; it hangs up after it.
	speak func(w io.Writer, command string) bool

	greets   string // OK
	caps     string
	validity uint32             // 0: 7
	budget   func(conn int) int // bytes after which the connection is cut; 0: never

	mu    sync.Mutex
	conns int
	seen  []string // commands
}

func (s *scripted) start(t *testing.T) Account {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	var wg sync.WaitGroup
	var open sync.Map
	wg.Go(func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			s.mu.Lock()
			s.conns++
			n := s.conns
			s.mu.Unlock()
			open.Store(c, true)
			wg.Go(func() {
				defer c.Close()
				s.serve(c, n)
			})
		}
	})
	t.Cleanup(func() {
		l.Close()
		open.Range(func(c, _ any) bool { c.(net.Conn).Close(); return true })
		wg.Wait()
	})
	return Account{Name: "desk", URL: "imap://" + l.Addr().String(), Plaintext: true, User: desk, Eager: -1,
		Password: func() (string, error) { return secret, nil }, Timeout: 500 * time.Millisecond, GiveUp: time.Nanosecond}
}

// cutter ends the connection after so many bytes.
type cutter struct {
	net.Conn
	left int
}

func (c *cutter) Write(p []byte) (int, error) {
	if len(p) <= c.left {
		c.left -= len(p)
		return c.Conn.Write(p)
	}
	n, _ := c.Conn.Write(p[:c.left])
	c.Conn.Close()
	return n, net.ErrClosed
}

func (s *scripted) serve(c net.Conn, n int) {
	if s.budget != nil {
		if b := s.budget(n); b > 0 {
			c = &cutter{c, b}
		}
	}
	w := bufio.NewWriter(c)
	caps := cmp.Or(s.caps, "IMAP4rev1 IDLE")
	fmt.Fprintf(w, "* %s [CAPABILITY %s] here\r\n", cmp.Or(s.greets, "OK"), caps)
	w.Flush()
	r := bufio.NewReader(c)
	for {
		line, err := r.ReadString('\n')
		if err != nil {
			return
		}
		tag, command, _ := strings.Cut(strings.TrimRight(line, "\r\n"), " ")
		s.mu.Lock()
		s.seen = append(s.seen, command)
		s.mu.Unlock()
		if s.speak != nil && s.speak(c, command) {
			return
		}
		if s.line != nil {
			if answer, done := s.line(s, n, tag, command); done {
				if answer == "" {
					return
				}
				io.WriteString(c, answer)
				continue
			}
		}
		if !s.answer(w, r, tag, command) || w.Flush() != nil {
			w.Flush()
			return
		}
	}
}

func (s *scripted) answer(w *bufio.Writer, r *bufio.Reader, tag, command string) bool {
	fields := strings.Fields(command)
	switch strings.ToUpper(fields[0]) {
	case "CAPABILITY":
		fmt.Fprintf(w, "* CAPABILITY %s\r\n", cmp.Or(s.caps, "IMAP4rev1 IDLE"))
	case "EXAMINE":
		fmt.Fprintf(w, "* %d EXISTS\r\n* OK [UIDVALIDITY %d] v\r\n* OK [UIDNEXT %d] n\r\n", len(s.mails), cmp.Or(s.validity, 7), s.last()+1)
	case "IDLE":
		fmt.Fprintf(w, "+ idling\r\n")
		w.Flush()
		if _, err := r.ReadString('\n'); err != nil {
			return false
		}
	case "UID":
		switch strings.ToUpper(fields[1]) {
		case "SEARCH":
			fmt.Fprintf(w, "* SEARCH")
			for _, uid := range s.uids() {
				if !s.hidden[uid] && (len(fields) < 4 || inSet(fields[3], uid, s.last())) {
					fmt.Fprintf(w, " %d", uid)
				}
			}
			fmt.Fprintf(w, "\r\n")
		case "FETCH":
			if !s.fetch(w, fields[2], command, false) {
				return false
			}
		}
	case "FETCH":
		if !s.fetch(w, fields[1], command, true) {
			return false
		}
	}
	fmt.Fprintf(w, "%s OK done\r\n", tag)
	return true
}

func (s *scripted) fetch(w *bufio.Writer, set, command string, bySeq bool) bool {
	for i, uid := range s.uids() {
		key, last := uid, s.last()
		if bySeq {
			key, last = uint32(i+1), uint32(len(s.mails))
		}
		if !inSet(set, key, last) {
			continue
		}
		raw := s.mails[uid]
		if !strings.Contains(command, "BODY") {
			fmt.Fprintf(w, "* %d FETCH (UID %d RFC822.SIZE %d)\r\n", i+1, uid, len(raw))
			continue
		}
		if s.hidden[uid] {
			continue
		}
		if s.body == nil {
			rightBody(w, i+1, uid, raw)
		} else if !s.body(w, i+1, uid, raw, bySeq) {
			return false
		}
	}
	return true
}

func rightBody(w io.Writer, seq int, uid uint32, raw string) {
	fmt.Fprintf(w, "* %d FETCH (UID %d INTERNALDATE \"10-Nov-2026 10:22:05 +0100\" BODY[] {%d}\r\n%s)\r\n", seq, uid, len(raw), raw)
}

func (s *scripted) uids() []uint32 {
	var all []uint32
	for uid := range s.mails {
		all = append(all, uid)
	}
	slices.Sort(all)
	return all
}

func (s *scripted) last() uint32 {
	all := s.uids()
	if len(all) == 0 {
		return 0
	}
	return all[len(all)-1]
}

func inSet(set string, n, last uint32) bool {
	for part := range strings.SplitSeq(set, ",") {
		from, to, isRange := strings.Cut(part, ":")
		lo, hi := number(from, last), number(from, last)
		if isRange {
			hi = number(to, last)
		}
		if n >= min(lo, hi) && n <= max(lo, hi) {
			return true
		}
	}
	return false
}

func number(s string, last uint32) uint32 {
	if s == "*" {
		return last
	}
	n, _ := strconv.ParseUint(s, 10, 32)
	return uint32(n)
}

func someMails(uids ...uint32) map[uint32]string {
	m := map[uint32]string{}
	for _, uid := range uids {
		m[uid] = string(sample(int(uid), 500))
	}
	return m
}

// complete checks that every message came with the right bytes, but for those named, which came with the error.
func complete(t *testing.T, s *scripted, sink *kept, why error, but ...uint32) {
	t.Helper()
	msgs, next := sink.state()
	for uid, raw := range s.mails {
		got, ok := msgs[Cursor{7, uid}]
		switch {
		case s.hidden[uid]:
			if ok {
				t.Errorf("message %d came, and is gone", uid)
			}
		case !ok:
			t.Errorf("message %d is lost", uid)
		case slices.Contains(but, uid):
			if !errors.Is(got.err, why) {
				t.Errorf("message %d: %v, want %v", uid, got.err, why)
			}
		case got.err != nil || got.digest != digest(&Body{mem: []byte(raw), size: int64(len(raw))}):
			t.Errorf("message %d: other bytes (%v)", uid, got.err)
		}
	}
	if next != (Cursor{7, s.last()}) {
		t.Errorf("cursor %v, want %d", next, s.last())
	}
}

// bodyFunc answers the fetch of one body, as scripted.body.
type bodyFunc = func(w io.Writer, seq int, uid uint32, raw string, bySeq bool) bool

const bad = 30 // the UID that is answered with nonsense

func onlyBad(f bodyFunc) bodyFunc {
	return func(w io.Writer, seq int, uid uint32, raw string, bySeq bool) bool {
		if uid == bad {
			return f(w, seq, uid, raw, bySeq)
		}
		rightBody(w, seq, uid, raw)
		return true
	}
}

func say(format string) bodyFunc {
	return onlyBad(func(w io.Writer, seq int, uid uint32, raw string, _ bool) bool {
		io.WriteString(w, strings.NewReplacer("$seq", fmt.Sprint(seq), "$uid", fmt.Sprint(uid), "$len", fmt.Sprint(len(raw)), "$raw", raw).Replace(format))
		return true
	})
}

// flagsFirst is a flag changed meanwhile: the library takes the first reply with the UID for the answer. It is said once.
func flagsFirst() bodyFunc {
	said := false
	return onlyBad(func(w io.Writer, seq int, uid uint32, raw string, _ bool) bool {
		if !said {
			fmt.Fprintf(w, "* %d FETCH (UID %d FLAGS (\\Seen))\r\n", seq, uid)
		}
		said = true
		rightBody(w, seq, uid, raw)
		return true
	})
}

func TestNonsense(t *testing.T) {
	for name, c := range map[string]struct {
		body bodyFunc
		why  error // of the bad one; nil: it comes all the same
	}{
		"UID after BODY":      {say("* $seq FETCH (BODY[] {$len}\r\n$raw UID $uid)\r\n"), nil},
		"no UID":              {say("* $seq FETCH (BODY[] {$len}\r\n$raw)\r\n"), ErrMissing},
		"NIL body":            {say("* $seq FETCH (UID $uid BODY[] NIL)\r\n"), ErrEmpty},
		"empty body":          {say("* $seq FETCH (UID $uid BODY[] {0}\r\n)\r\n"), ErrEmpty},
		"no body":             {say("* $seq FETCH (UID $uid)\r\n"), ErrMissing},
		"nothing":             {say(""), ErrMissing},
		"flags before it":     {flagsFirst(), nil},
		"twice":               {say("* $seq FETCH (UID $uid BODY[] {$len}\r\n$raw)\r\n* $seq FETCH (UID $uid BODY[] {$len}\r\n$raw)\r\n"), nil},
		"other UID":           {say("* $seq FETCH (UID 4000 BODY[] {$len}\r\n$raw)\r\n"), ErrMissing},
		"unknown item after":  {say("* $seq FETCH (UID $uid BODY[] {$len}\r\n$raw X-FOO 1)\r\n"), nil},
		"unknown item before": {say("* $seq FETCH (X-FOO 1 UID $uid BODY[] {$len}\r\n$raw)\r\n"), ErrUnfetchable},
		"no INTERNALDATE":     {say("* $seq FETCH (UID $uid BODY[] {$len}\r\n$raw)\r\n"), nil},
		"no date when asked": {onlyBad(func(w io.Writer, seq int, uid uint32, raw string, bySeq bool) bool {
			date := map[bool]string{false: " INTERNALDATE NIL"}[bySeq]
			fmt.Fprintf(w, "* %d FETCH (UID %d%s BODY[] {%d}\r\n%s)\r\n", seq, uid, date, len(raw), raw)
			return true
		}), nil},
		"odd INTERNALDATE": {say("* $seq FETCH (UID $uid INTERNALDATE \"tomorrow\" BODY[] {$len}\r\n$raw)\r\n"), ErrUnfetchable},
		"unknown reply":    {say("* XINFO what\r\n* $seq FETCH (UID $uid BODY[] {$len}\r\n$raw)\r\n"), ErrUnfetchable},
		"garbage":          {say("\x00\xff{{{(((\r\n"), ErrUnfetchable},
		"endless literal":  {say("* $seq FETCH (UID $uid BODY[] {999999999999}\r\nabc"), ErrOversized},
		"negative literal": {say("* $seq FETCH (UID $uid BODY[] {-5}\r\nabc)\r\n"), ErrUnfetchable},
		"BYE":              {say("* BYE tired\r\n"), ErrMissing},
		"hangs up":         {onlyBad(func(io.Writer, int, uint32, string, bool) bool { return false }), ErrUnfetchable},
		"cut literal": {onlyBad(func(w io.Writer, seq int, uid uint32, raw string, _ bool) bool {
			fmt.Fprintf(w, "* %d FETCH (UID %d BODY[] {%d}\r\n%s", seq, uid, len(raw), raw[:len(raw)-1])
			return false
		}), ErrUnfetchable},
		"falls silent": {onlyBad(func(w io.Writer, seq int, uid uint32, raw string, _ bool) bool {
			fmt.Fprintf(w, "* %d FETCH (UID %d BODY[] {%d}\r\n%s", seq, uid, len(raw), raw[:10])
			w.(*bufio.Writer).Flush()
			time.Sleep(600 * time.Millisecond)
			return false
		}), ErrUnfetchable},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := &scripted{mails: someMails(10, 20, 30, 40, 5000, 9000000), body: c.body}
			acc := s.start(t)
			sink := newKept()
			r := begin(t, acc, sink, Cursor{})
			sink.until(t, "all", func(m map[Cursor]kind, next Cursor) bool { return len(m) == len(s.mails) && next.UID == s.last() })
			r.quiet(t)
			if c.why != nil {
				complete(t, s, sink, c.why, bad)
			} else {
				complete(t, s, sink, nil)
			}
			if missing := r.told.missing; (c.why != nil && c.why != ErrOversized) != slices.Contains(missing, bad) {
				t.Errorf("told of missing %v", missing)
			}
		})
	}
}

func TestExpungedAfterTheListing(t *testing.T) {
	s := &scripted{mails: someMails(1, 2, 3, 4)}
	s.line = func(s *scripted, _ int, tag, command string) (string, bool) {
		// Listed at first; from the first body fetch on two are gone.
		if strings.Contains(command, "BODY") && s.hidden == nil {
			s.hidden = map[uint32]bool{2: true, 4: true}
		}
		if s.hidden != nil && strings.HasPrefix(command, "UID FETCH 2 ") || strings.HasPrefix(command, "UID FETCH 4 ") {
			return tag + " OK none\r\n", true
		}
		return "", false
	}
	sink := newKept()
	r := begin(t, s.start(t), sink, Cursor{})
	sink.until(t, "both", func(m map[Cursor]kind, next Cursor) bool { return len(m) == 2 && next.UID == 4 })
	r.stop(t)
	complete(t, s, sink, nil)
	if !slices.Equal(r.told.expunged, []uint32{2, 4}) || r.told.missing != nil {
		t.Errorf("expunged %v, missing %v", r.told.expunged, r.told.missing)
	}
}

// TestCutAtEachByte cuts the first connection after every possible number of bytes: all messages come all the same, whole.
func TestCutAtEachByte(t *testing.T) {
	probe := &scripted{mails: someMails(1, 2, 7)}
	total := 2200 // more than a whole session says before IDLE
	step := 13
	if testing.Short() {
		step = 97
	}
	for cut := 1; cut < total; cut += step {
		s := &scripted{mails: probe.mails, budget: func(conn int) int { return map[bool]int{true: cut}[conn == 1] }}
		acc := s.start(t)
		acc.RetryMin, acc.RetryMax = 100*time.Microsecond, time.Millisecond
		sink := newKept()
		r := begin(t, acc, sink, Cursor{})
		sink.until(t, fmt.Sprint("all, cut at ", cut), func(m map[Cursor]kind, next Cursor) bool { return len(m) == 3 && next.UID == 7 })
		r.stop(t)
		complete(t, s, sink, nil)
		if t.Failed() {
			t.Fatalf("cut after %d bytes", cut)
		}
	}
}

// TestCutAgainAndAgain cuts every connection after a growing number of bytes.
func TestCutAgainAndAgain(t *testing.T) {
	var uids []uint32
	for i := range uint32(60) {
		uids = append(uids, 3*i+1)
	}
	s := &scripted{mails: someMails(uids...), budget: func(conn int) int { return 300 + 150*conn }}
	acc := s.start(t)
	acc.BatchCount, acc.GiveUp = 7, time.Hour
	acc.RetryMin, acc.RetryMax = 100*time.Microsecond, time.Millisecond
	sink := newKept()
	r := begin(t, acc, sink, Cursor{})
	sink.until(t, "all", func(m map[Cursor]kind, next Cursor) bool { return len(m) == 60 && next.UID == s.last() })
	r.stop(t)
	complete(t, s, sink, nil)
}
