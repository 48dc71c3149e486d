package mailbox

import (
	"encoding/base64"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"
)

// TestServersThatDoNotLetUsIn: every one is met again later, and then works.
func TestServersThatDoNotLetUsIn(t *testing.T) {
	first := func(prefix, answer string) func(*scripted, int, string, string) (string, bool) {
		return func(_ *scripted, conn int, tag, command string) (string, bool) {
			if conn > 2 || !strings.HasPrefix(command, prefix) {
				return "", false
			}
			return strings.ReplaceAll(answer, "$tag", tag), true
		}
	}
	for name, line := range map[string]func(*scripted, int, string, string) (string, bool){
		"login unavailable": first("LOGIN", "$tag NO [UNAVAILABLE] later\r\n"),
		"login hangs up":    first("LOGIN", ""),
		"login BYE":         first("LOGIN", "* BYE no\r\n"),
		"login nonsense":    first("LOGIN", "what?\r\n"),
		"examine NO":        first("EXAMINE", "$tag NO [NONEXISTENT] no such folder\r\n"),
		"no UIDVALIDITY":    first("EXAMINE", "* 3 EXISTS\r\n$tag OK\r\n"),
		"list BAD":          first("UID FETCH", "$tag BAD what\r\n"),
		"list nonsense":     first("UID FETCH", "* 1 FETCH (UID x)\r\n$tag OK\r\n"),
		"silent":            first("EXAMINE", " "),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := &scripted{mails: someMails(1, 2, 3), line: line}
			sink := newKept()
			r := begin(t, s.start(t), sink, Cursor{})
			sink.count(t, 3)
			r.stop(t)
			complete(t, s, sink, nil)
			r.told.Lock()
			defer r.told.Unlock()
			if len(r.told.unreachable) != 2 || r.told.refused != nil {
				t.Errorf("told %v, refused %v", r.told.unreachable, r.told.refused)
			}
		})
	}
}

// TestOnlyAuthLogin: Dovecot with auth_mechanisms = login offers no LOGIN command.
func TestOnlyAuthLogin(t *testing.T) {
	s := &scripted{mails: someMails(1), caps: "IMAP4rev1 LOGINDISABLED AUTH=LOGIN"}
	asked, user := "", ""
	s.line = func(s *scripted, _ int, tag, command string) (string, bool) {
		said, _ := base64.StdEncoding.DecodeString(tag)
		switch {
		case command == "AUTHENTICATE LOGIN":
			asked = tag
			return "+ VXNlcm5hbWU6\r\n", true // Username:
		case asked != "" && user == "":
			user = string(said)
			return "+ UGFzc3dvcmQ6\r\n", true // Password:
		case asked != "" && user == desk && string(said) == secret:
			end := asked + " OK in\r\n"
			asked = ""
			return end, true
		case strings.HasPrefix(command, "LOGIN"):
			return tag + " BAD disabled\r\n", true
		}
		return "", false
	}
	if err := s.start(t).Try(t.Context()); err != nil {
		t.Error(err)
	}
}

// TestEchoedPassword: not even a server that repeats it, as it came or coded, then or later, brings the password into an error.
func TestEchoedPassword(t *testing.T) {
	const secret = `s3"cr\et`
	plain := base64.StdEncoding.EncodeToString([]byte("\x00" + desk + "\x00" + secret))
	for name, c := range map[string]struct{ caps, at, answer string }{
		"the command":  {"IMAP4rev1", "LOGIN", "NO [AUTHENTICATIONFAILED] wrong: $command"},
		"as it is":     {"IMAP4rev1", "LOGIN", "NO [AUTHENTICATIONFAILED] wrong: " + secret},
		"coded":        {"IMAP4rev1 AUTH=PLAIN SASL-IR", "AUTHENTICATE", "BAD unknown: $command"},
		"coded, alone": {"IMAP4rev1 AUTH=PLAIN SASL-IR", "AUTHENTICATE", "NO " + base64.StdEncoding.EncodeToString([]byte(secret))},
		"at length":    {"IMAP4rev1", "LOGIN", "NO [AUTHENTICATIONFAILED] " + strings.Repeat("no ", 100_000) + secret},
		"later":        {"IMAP4rev1", "EXAMINE", "NO who logs in with " + plain + " or " + secret + " has no INBOX"},
	} {
		t.Run(name, func(t *testing.T) {
			s := &scripted{caps: c.caps, line: func(_ *scripted, _ int, tag, command string) (string, bool) {
				return tag + " " + strings.ReplaceAll(c.answer, "$command", command) + "\r\n", strings.HasPrefix(command, c.at)
			}}
			acc := s.start(t)
			acc.Password = func() (string, error) { return secret, nil }
			err := acc.Try(t.Context())
			if err == nil || errors.Is(err, ErrLogin) != (c.at != "EXAMINE") {
				t.Fatal(err)
			}
			if n := len(err.Error()); n > 2*maxSaid {
				t.Errorf("%d bytes are said", n)
			}
			for _, form := range []string{secret, `s3\"cr\\et`, plain[:20], base64.StdEncoding.EncodeToString([]byte(secret))} {
				if strings.Contains(err.Error(), form) {
					t.Errorf("%v", err)
				}
			}
		})
	}
}

// TestFolderUnderAPrefix: who configured a folder without the server's prefix is told what there is.
func TestFolderUnderAPrefix(t *testing.T) {
	s := &scripted{line: func(_ *scripted, _ int, tag, command string) (string, bool) {
		switch {
		case strings.HasPrefix(command, "EXAMINE"):
			return tag + " NO [TRYCREATE] no such mailbox\r\n", true
		case strings.HasPrefix(command, "LIST"):
			return "* LIST () \".\" INBOX\r\n* LIST () \".\" \"INBOX.Richieste\"\r\n" + tag + " OK done\r\n", true
		}
		return "", false
	}}
	acc := s.start(t)
	acc.Folder = "Richieste"
	err := acc.Try(t.Context())
	if err == nil || !strings.Contains(err.Error(), "open folder Richieste") || !strings.HasSuffix(err.Error(), "; the server has INBOX, INBOX.Richieste") {
		t.Errorf("%v", err)
	}
}

// TestFolderShownForEver: a session shows the folder that it has opened, also when that was renamed and another bears its
// name (so does Dovecot). The Poller opens it anew now and then, and reads the new one.
func TestFolderShownForEver(t *testing.T) {
	s := &scripted{mails: someMails(1, 2, 3)}
	opened := 0
	s.line = func(s *scripted, _ int, tag, command string) (string, bool) {
		if strings.HasPrefix(command, "EXAMINE") {
			if opened++; opened == 2 {
				s.mails, s.validity = someMails(4, 5), 8
			}
		}
		return "", false
	}
	acc := s.start(t)
	acc.Renew, acc.Reopen = time.Millisecond, 20*time.Millisecond
	sink := newKept()
	r := begin(t, acc, sink, Cursor{})
	sink.count(t, 5)
	r.stop(t)
	r.told.Lock()
	defer r.told.Unlock()
	if s.conns != 1 || !slices.Equal(r.told.validity, [][2]uint32{{7, 8}}) || r.told.connected != 1 {
		t.Errorf("%d connections, %d told of; UIDVALIDITY %v", s.conns, r.told.connected, r.told.validity)
	}
}

// TestUIDNextLags: a server that says less than it has given is not one that was put back from a backup.
func TestUIDNextLags(t *testing.T) {
	s := &scripted{mails: someMails(10, 20, 30), line: func(_ *scripted, _ int, tag, command string) (string, bool) {
		return "* 3 EXISTS\r\n* OK [UIDVALIDITY 7] v\r\n* OK [UIDNEXT 11] n\r\n" + tag + " OK done\r\n", strings.HasPrefix(command, "EXAMINE")
	}}
	sink := newKept()
	r := begin(t, s.start(t), sink, Cursor{7, 20}, Known{UID: 10}, Known{UID: 20})
	sink.count(t, 1)
	r.quiet(t)
	if msgs, next := sink.state(); len(msgs) != 1 || next != (Cursor{7, 30}) || r.told.validity != nil {
		t.Errorf("%d messages, cursor %v, told of %v", len(msgs), next, r.told.validity)
	}
}

// TestLastUIDs: near the end of their range UIDs do not wrap.
func TestLastUIDs(t *testing.T) {
	s := &scripted{mails: someMails(10, 4294963000, 4294967000, 4294967290)}
	sink := newKept()
	r := begin(t, s.start(t), sink, Cursor{})
	sink.count(t, 4)
	r.quiet(t)
	complete(t, s, sink, nil)
}

// TestNoNews: a server that says at every NOOP what is known already brings no look after the other.
func TestNoNews(t *testing.T) {
	s := &scripted{mails: someMails(1, 2), line: func(_ *scripted, _ int, tag, command string) (string, bool) {
		return "* 2 EXISTS\r\n* 0 RECENT\r\n* FLAGS (\\Seen)\r\n" + tag + " OK done\r\n", command == "NOOP"
	}}
	acc := s.start(t)
	acc.Renew = time.Hour
	sink := newKept()
	r := begin(t, acc, sink, Cursor{})
	<-r.caughtUp
	select {
	case <-r.caughtUp:
		t.Error("looked again, though nothing was said to be new")
	case <-time.After(200 * time.Millisecond):
	}
}

func TestIdleRefusedFallsBackToPolling(t *testing.T) {
	s := &scripted{mails: someMails(1), line: func(_ *scripted, _ int, tag, command string) (string, bool) {
		return tag + " NO not today\r\n", command == "IDLE"
	}}
	acc := s.start(t)
	acc.Poll = time.Millisecond
	sink := newKept()
	r := begin(t, acc, sink, Cursor{})
	for range 5 {
		<-r.caughtUp
	}
	if f := r.failures(); f != nil {
		t.Errorf("told %v", f)
	}
}

// TestIdleEndsEachConnection: a server that hangs up in IDLE is met again later and later, though its folder can be read.
func TestIdleEndsEachConnection(t *testing.T) {
	s := &scripted{mails: someMails(1), line: func(_ *scripted, _ int, _, command string) (string, bool) { return "", command == "IDLE" }}
	acc := s.start(t)
	acc.RetryMin, acc.RetryMax = time.Millisecond, time.Hour
	sink := newKept()
	begun := time.Now()
	r := begin(t, acc, sink, Cursor{})
	for range 11 {
		<-r.caughtUp
	}
	if took := time.Since(begun); took < 500*time.Millisecond { // half of 1, 2, 4 … 512
		t.Errorf("eleven connections in %v", took)
	}
}

// TestQuotas: the fullest limit is told. One that cannot be read ends one connection and not the next: it is a hint only.
func TestQuotas(t *testing.T) {
	for said, want := range map[string][]string{
		"a b\r\n* QUOTA a (STORAGE 95 100)\r\n* QUOTA b (STORAGE 1 100)": {"95 of 100 KiB"},
		"a b\r\n* QUOTA b (STORAGE 1 100)\r\n* QUOTA a (STORAGE 95 100)": {"95 of 100 KiB"},
		"a\r\n* QUOTA a (STORAGE 1 100 MESSAGE 99 100)":                  {"99 of 100 messages"},
		"a\r\n* QUOTA a ()": {"0 of 0 "},
		"":                  {"0 of 0 "},
		"a\r\n* QUOTA a (STORAGE 10 18446744073709551615)": nil,
		"a\r\n* QUOTA a (STORAGE 10 -1)":                   nil,
	} {
		t.Run(said, func(t *testing.T) {
			t.Parallel()
			s := &scripted{mails: someMails(1, 2), caps: "IMAP4rev1 IDLE QUOTA", line: func(_ *scripted, _ int, tag, command string) (string, bool) {
				return "* QUOTAROOT INBOX " + said + "\r\n" + tag + " OK done\r\n", strings.HasPrefix(command, "GETQUOTAROOT")
			}}
			sink := newKept()
			r := begin(t, s.start(t), sink, Cursor{})
			r.quiet(t)
			complete(t, s, sink, nil)
			r.told.Lock()
			defer r.told.Unlock()
			if s.conns > 2 || !slices.Equal(r.told.quota, want) {
				t.Errorf("%d connections, told %q, want %q", s.conns, r.told.quota, want)
			}
		})
	}
}
