package pec_test

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"

	"sportello/mailproc/pec"
)

// onTheWay are what servers, filters and mail programs do to a message outside its signed part.
var onTheWay = []struct {
	name   string
	change func(fields []string, body string) ([]string, string)
}{
	{"received", func(f []string, b string) ([]string, string) {
		return slices.Concat([]string{"Delivered-To: disattivazioni@pec.example.com\r\n",
			"Received: from mx.pec.example.com (localhost [127.0.0.1])\r\n\tby mx.pec.example.com (lmtpd) with LMTP id 62962.002;\r\n\tTue, 10 Nov 2026 10:22:09 +0100 (CET)\r\n",
			"X-Original-To: disattivazioni@pec.example.com\r\n"}, f), b
	}},
	{"filtered", func(f []string, b string) ([]string, string) {
		return append(slices.Clone(f), "X-Spam-Flag: YES\r\n", "X-Spam-Report: Spam detection software, running on the system \"x\",\r\n has identified this.\r\n \r\n Content preview:  Messaggio: [...] \r\n  0.0 RULE  BODY: \"Per conto di: anna@pec.example.it\"\r\n",
			"Authentication-Results: mx.pec.example.com; dkim=pass header.d=pec.example.it\r\n", "DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/relaxed;\r\n h=from:from:subject; bh=AAAA=;\r\n b=BBBB\r\n"), b
	}},
	{"reversed", func(f []string, b string) ([]string, string) {
		f = slices.Clone(f)
		slices.Reverse(f)
		return f, b
	}},
	{"folded", func(f []string, b string) ([]string, string) {
		out := make([]string, len(f))
		for i, line := range f {
			name, value, _ := strings.Cut(line, ":")
			out[i] = name + ":" + strings.ReplaceAll(strings.ReplaceAll(value, "; ", ";\r\n\t"), "\" <", "\"\r\n <")
		}
		return out, b
	}},
	{"unfolded", func(f []string, b string) ([]string, string) {
		out := make([]string, len(f))
		for i, line := range f {
			out[i] = strings.NewReplacer("\r\n\t", " ", "\r\n ", " ").Replace(line)
		}
		return out, b
	}},
	{"small names", func(f []string, b string) ([]string, string) {
		return renamed(f, strings.ToLower), b
	}},
	{"capital names", func(f []string, b string) ([]string, string) {
		return renamed(f, strings.ToUpper), b
	}},
	{"blank lines at the end", func(f []string, b string) ([]string, string) { return f, b + "\r\n\r\n\r\n" }},
	{"no line end at the end", func(f []string, b string) ([]string, string) { return f, strings.TrimRight(b, "\r\n") }},
	{"mailbox line", func(f []string, b string) ([]string, string) {
		return append([]string{"From mario@pec.example.it Tue Nov 10 10:22:05 2026\r\n"}, f...), b
	}},
	{"tagged subject", func(f []string, b string) ([]string, string) {
		out := slices.Clone(f)
		for i, line := range out {
			if strings.HasPrefix(strings.ToLower(line), "subject:") {
				out[i] = "Subject: [SPAM] " + strings.TrimSpace(line[8:]) + "\r\n"
			}
		}
		return out, b
	}},
}

func renamed(fields []string, f func(string) string) []string {
	out := make([]string, len(fields))
	for i, line := range fields {
		name, value, _ := strings.Cut(line, ":")
		out[i] = f(name) + ":" + value
	}
	return out
}

// headerFields cuts a message into its fields, continuation lines included, and the rest from the blank line on.
func headerFields(raw string) (fields []string, rest string) {
	head, body, _ := strings.Cut(raw, "\r\n\r\n")
	for line := range strings.Lines(head + "\r\n") {
		if n := len(fields); n > 0 && (line[0] == ' ' || line[0] == '\t') {
			fields[n-1] += line
		} else {
			fields = append(fields, line)
		}
	}
	return fields, "\r\n" + body
}

// TestGenuineStaysProvedOnTheWay: what happens to a message outside its signed part takes nothing from the proof.
func TestGenuineStaysProvedOnTheWay(t *testing.T) {
	m := theMarket(t)
	tried := 0
	same := func(name string, was, is *pec.Envelope) {
		t.Helper()
		tried++
		if is.Kind != was.Kind || is.Verdict.Status != was.Verdict.Status || is.Sender() != was.Sender() || is.Reference() != was.Reference() {
			t.Errorf("%s: %s, was %s", name, verdict(is), verdict(was))
		}
	}
	for _, s := range m.genuine {
		was := m.open(s)
		raw := string(s.Raw)
		if !strings.Contains(raw, "\r\n\r\n") {
			continue // saved with LF
		}
		if strings.HasPrefix(raw, "From ") {
			continue // a mailbox file's first line is not a field
		}
		fields, body := headerFields(raw)
		for _, w := range onTheWay {
			f, b := w.change(fields, body)
			s.Raw = []byte(strings.Join(f, "") + b)
			same(s.Name+", "+w.name, was, m.open(s))
			if lf := bytes.ReplaceAll(s.Raw, []byte("\r\n"), []byte("\n")); bytes.Equal(bytes.ReplaceAll(lf, []byte("\n"), []byte("\r\n")), s.Raw) {
				s.Raw = lf
				same(s.Name+", "+w.name+", saved with LF", was, m.open(s))
			}
		}
	}
	if tried < 5000 {
		t.Error(fmt.Sprint("only tried ", tried))
	}
	t.Log(tried, "rewritten messages")
}
