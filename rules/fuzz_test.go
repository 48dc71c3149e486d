package rules

import (
	"strings"
	"testing"
	"time"
	"unicode/utf8"
)

// FuzzRead: whatever the text, reading ends, spans lie within the own text and in order,
// and nothing is accepted whose form does not name the certified sender.
func FuzzRead(f *testing.F) {
	s := defaultSet(f)
	for _, list := range [][]string{besideForm(f, "harmless.txt"), besideForm(f, "harmful.txt"), besideForm(f, "filled.txt"), besideForm(f, "altered.txt"), strings.Split(withdrawals, "\n")} {
		for i, line := range list {
			if i%7 == 0 {
				f.Add("Disattivazione casella", strings.ReplaceAll(strings.ReplaceAll(line, "FORM", coreForm), `\n`, "\n"), "")
			}
		}
	}
	f.Add("Re: x", "> "+coreForm, "<blockquote>"+coreForm+"</blockquote>")
	f.Add("", "", "<p style='display:none'>non</p>"+coreForm+"<div><s>x")
	f.Add("I: x", "-----Messaggio originale-----\nDa: a\nA: b\nOggetto: c\n\n"+coreForm, "")
	f.Add("", "@@@@ a@b a@b.c  @ d.e \u200b@\u200b _@_.__ x@y..z", "")
	f.Fuzz(func(t *testing.T, subject, text, html string) {
		m := request(subject, text)
		m.HTML = html
		start := time.Now()
		r := s.Read(m)
		if spent := time.Since(start); spent > 3*time.Second {
			t.Fatalf("read in %v: %d bytes", spent, len(text)+len(html))
		}
		last := 0
		for _, span := range r.Explanation.Spans {
			if span.Start < last || span.End < span.Start || span.End > len(r.Explanation.Own) {
				t.Fatalf("span %+v after %d of %d", span, last, len(r.Explanation.Own))
			}
			last = span.End
		}
		if len(r.Explanation.Own) > maxText {
			t.Fatalf("own text of %d bytes", len(r.Explanation.Own))
		}
		facts := Facts{Registry: true, Ours: true, Read: m.Delivered, Mailbox: &MailboxFact{Address: m.Sender, Status: "active"}}
		d := s.Decide(m, r, facts)
		if d.Outcome == Accept && (d.Fields["casella"] != m.Sender || !strings.Contains(strings.ToLower(r.Explanation.Own), "@") || len(d.Explanation.LeftOver) > 0 || d.Explanation.Sign != "") {
			t.Fatalf("accepted: %+v", d)
		}
		if d.Outcome == "" || !utf8.ValidString(r.Explanation.Sign) {
			t.Fatalf("no outcome: %+v", d)
		}
	})
}

// A text may end at any word: a rule that looks at the next one finds none.
func TestReadEndsAtAWord(t *testing.T) {
	s := defaultSet(t)
	for _, name := range []string{"harmless.txt", "harmful.txt", "harmless-recesso.txt", "harmful-recesso.txt"} {
		for _, line := range append(besideForm(t, name), "Non lo faccio volentieri, mi obbligano") {
			s.Read(request("Disattivazione casella", coreForm+"\n"+strings.ReplaceAll(line, "FORM", "")))
		}
	}
}
