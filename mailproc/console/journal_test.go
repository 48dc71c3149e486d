package console

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"sportello/rules"
)

// The journal is read by who did what, and when.
func TestJournalByWhoAndWhen(t *testing.T) {
	o := newOffice(t)
	o.desk.fill(t)
	id := o.reviewOf("franco.leone").ID
	note := func(author, text string) {
		if _, err := o.desk.Perform(t.Context(), id, rules.Act{Verb: "note", Author: author, Text: text}); err != nil {
			t.Fatal(err)
		}
	}
	note("bruno", "di ieri")
	o.desk.pass(24 * time.Hour)
	note("anna", "di oggi")
	note("bruno", "di oggi")
	lines := func(query string) (out []string) {
		w := o.ask("GET", "/api/journal?"+query, nil)
		if w.Code != http.StatusOK {
			t.Fatalf("%s: %d %s", query, w.Code, w.Body)
		}
		return strings.Split(strings.TrimSpace(w.Body.String()), "\n")
	}
	for query, want := range map[string]int{"author=bruno": 2, "author=Anna": 1, "author=bruno&since=today": 1, "author=bruno&until=yesterday": 1,
		"author=bruno&since=8h": 1, "since=today": 2, "author=bruno&limit=1": 1, "author=bruno&case=" + id: 2} {
		if got := lines(query); len(got) != want || strings.Contains(query, "author=bruno") && !strings.Contains(got[0], `"author":"bruno"`) {
			t.Errorf("%s: %d entries, want %d: %s", query, len(got), want, got)
		}
	}
	if w := o.ask("GET", "/api/journal?since=soon", nil); w.Code != http.StatusUnprocessableEntity || !strings.Contains(w.Body.String(), "is no day") {
		t.Errorf("no day: %d %s", w.Code, w.Body)
	}
	vera := o.visit("vera")
	body := vera.get("/log?author=bruno&since=today").want(t, http.StatusOK, "bruno – nota", `value="bruno"`, `href="/log"`).body
	if strings.Count(body, "– nota") != 1 {
		t.Errorf("%d notes are shown", strings.Count(body, "– nota"))
	}
	vera.get("/log?since=soon").want(t, http.StatusBadRequest)
}
