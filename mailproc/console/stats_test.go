package console

import (
	"context"
	"encoding/csv"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	"sportello/rules"
)

// The numbers of the page are those of the CSV, and both those of the cases.
func TestStatistics(t *testing.T) {
	o := newOffice(t)
	o.desk.fill(t)
	v := o.visit("vera")
	v.get("/stats?days=30").want(t, http.StatusOK, "<svg", "La casella non è attiva")
	r := v.get("/stats.csv?days=30").want(t, http.StatusOK)
	rows, err := csv.NewReader(strings.NewReader(r.body)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	total, refused, answered := 0, 0, 0
	for _, row := range rows[1:] {
		n, err := strconv.Atoi(row[5])
		if err != nil {
			t.Fatal(err)
		}
		switch row[0] {
		case "requests":
			total += n
		case "refusals":
			refused += n
		case "answered_after_working_days":
			answered += n
		}
	}
	if total != len(o.desk.cases) || refused != 2 || answered != 7 {
		t.Errorf("%d requests of %d, %d refusals of 2, %d answers of 7", total, len(o.desk.cases), refused, answered)
	}
	if got := len(rows); got < 30 {
		t.Errorf("%d rows for thirty days", got)
	}
}

// An answer is late by the term of its own procedure, not by the day it went out.
func TestAnswersChart(t *testing.T) {
	o := newOffice(t)
	f := &formatter{c: o.con, lang: "en", t: o.con.views["en"].words}
	c := f.answersChart(&Statistics{Kept: 5, Late: 2, Answers: []answerTime{{Days: 1, N: 3, Late: 1}, {Days: 4, N: 4, Late: 1}}})
	var got []string
	for _, b := range c.Bars {
		got = append(got, b.Class+" "+b.Title)
	}
	if want := "good 1: 2 in time|late 1: 1 past the term|good 4: 3 in time|late 4: 1 past the term"; strings.Join(got, "|") != want {
		t.Errorf("the bars are %s, want %s", strings.Join(got, "|"), want)
	}
}

// Answers given after their term are counted with the day they went out on.
func TestLateAnswersAreCounted(t *testing.T) {
	o := newOffice(t)
	o.desk.fill(t)
	for _, c := range o.desk.cases {
		if !c.Answered.IsZero() {
			c.Due = c.Answered.Add(-1) // a procedure with a shorter term
			break
		}
	}
	s, err := count(t.Context(), o.desk, lastDays(o.desk.Rules().Calendar, 30, o.con.now()), o.con.now())
	if err != nil {
		t.Fatal(err)
	}
	answers, late := 0, 0
	for _, a := range s.Answers {
		answers, late = answers+a.N, late+a.Late
	}
	if answers != 7 || late != 1 || s.Late != 1 {
		t.Errorf("%d of %d answers are late, and %d cases; want 1 of 7", late, answers, s.Late)
	}
}

func TestCells(t *testing.T) {
	if got := cells("=1+1", "@x", "a", "-5", ""); strings.Join(got, "|") != "'=1+1|'@x|a|'-5|" {
		t.Errorf("cells: %q", got)
	}
	// A spreadsheet in Italian ends cells at ";": the quotes of what it does not see as one begin in the middle.
	if got := cells("ciao;=1+1", "a; =b", "x\t@y", "\n+1", "uno; due", "＝1"); strings.Join(got, "|") != "ciao;'=1+1|a;' =b|x\t'@y|'\n+1|uno; due|'＝1" {
		t.Errorf("cells within cells: %q", got)
	}
}

// cards is a desk of nothing but cards.
type cards struct {
	Desk
	list []rules.Card
}

func (d cards) Cards(_ context.Context, fn func(*rules.Card) bool) error {
	for i := range d.list {
		if !fn(&d.list[i]) {
			break
		}
	}
	return nil
}

// A case that came back to a person is to be decided, as the queue says, and
// what it came back for is no reason of a refusal.
func TestACaseThatCameBackIsToBeDecided(t *testing.T) {
	now := time.Date(2026, 11, 26, 12, 0, 0, 0, rome())
	refused := rules.Card{State: rules.Closed, Procedure: "disattivazione", Outcome: rules.Reject, Reason: rules.OtherPEC, Received: now}
	back := refused
	back.State, back.Reason = rules.InReview, rules.LetterFailed
	desk := cards{newOffice(t).desk, []rules.Card{refused, back}}
	s, err := count(t.Context(), desk, lastDays(desk.Rules().Calendar, 7, now), now)
	if err != nil {
		t.Fatal(err)
	}
	if s.Alone != 1 || s.Open != 1 || len(s.Reasons) != 1 || s.Reasons[0] != (reasonCount{rules.OtherPEC, 1}) {
		t.Errorf("%d decided, %d to decide, refused for %v", s.Alone, s.Open, s.Reasons)
	}
}

// A month counts what came in it, answers given after its end too, and ends
// with today.
func TestStatisticsOfAMonth(t *testing.T) {
	now := time.Date(2026, 11, 26, 12, 0, 0, 0, rome())
	at := func(month time.Month, day int) rules.Card {
		return rules.Card{State: rules.Closed, Outcome: rules.Accept, Received: time.Date(2026, month, day, 9, 0, 0, 0, rome()), Answered: 3 * 24 * time.Hour}
	}
	desk := cards{newOffice(t).desk, []rules.Card{at(9, 30), at(10, 1), at(10, 30), at(11, 1), at(11, 20)}}
	for word, want := range map[string]struct {
		month           string
		days, total, n1 int
	}{"2026-10": {"2026-10", 31, 2, 2}, "last": {"2026-10", 31, 2, 2}, "2026-11": {"2026-11", 26, 2, 1}} {
		x, err := monthOf(desk.Rules().Calendar, word, now)
		if err != nil {
			t.Fatal(err)
		}
		s, err := count(t.Context(), desk, x, now)
		if err != nil {
			t.Fatal(err)
		}
		// Thursday 1 to Sunday 4 October is one working day, and so are 30 October to 2 November, 20 to 23 November.
		if s.Month != want.month || s.Days != want.days || len(s.PerDay) != want.days || s.Total != want.total || s.Answers[1].N != want.n1 {
			t.Errorf("%s: %s of %d days, %d requests, answered %v; want %+v", word, s.Month, s.Days, s.Total, s.Answers, want)
		}
	}
	for _, bad := range []string{"2026-12", "2026-13", "x", "0001-01"} {
		if _, err := monthOf(desk.Rules().Calendar, bad, now); err == nil {
			t.Errorf("%q is a month", bad)
		}
	}
	o := newOffice(t)
	o.desk.fill(t)
	o.visit("anna").get("/stats?month=2026-11").want(t, http.StatusOK, `value="2026-11" selected`, "nov 2026", `href="/stats.csv?month=2026-11"`)
	if w := o.ask("GET", "/api/statistics?month=2027-01", nil); w.Code != http.StatusBadRequest || !strings.Contains(w.Body.String(), "2026-10, or last") {
		t.Errorf("a month to come: %d %s", w.Code, w.Body)
	}
}

// TestPercent: one promise broken of two hundred is no hundred percent; of none, none was kept.
func TestPercent(t *testing.T) {
	s := &Statistics{Alone: 2, People: 1, Kept: 199, Late: 1}
	if got := s.Share(s.Alone) + ", " + s.OnTime() + ", " + (&Statistics{}).OnTime(); got != "67 %, 99 %, –" {
		t.Error(got)
	}
}
