package console

import (
	"net/http"
	"testing"
	"time"

	"sportello/rules"
)

// TestRowIsOfOneZone: in one row all instants are written in one zone.
func TestRowIsOfOneZone(t *testing.T) {
	cal, err := rules.NewCalendar("Europe/Rome", nil, false)
	if err != nil {
		t.Fatal(err)
	}
	at := time.Date(2026, 11, 26, 6, 4, 17, 0, time.UTC)
	c := &rules.Case{ID: "2026-000123", Received: at, Due: at.Add(72 * time.Hour), Answered: at, Delivered: at}
	r := RowOf(c, cal, at)
	for _, got := range []*time.Time{r.Received, r.Due, r.Answered, r.Delivered} {
		if got.Location() != cal.Zone || got.Sub(at)%(72*time.Hour) != 0 {
			t.Errorf("an instant is %s", got)
		}
	}
	if c.Received.Location() != time.UTC {
		t.Error("the case itself was changed")
	}
}

// TestStatisticsOfNoDays: a number of days that cannot be is refused, and not
// answered with another.
func TestStatisticsOfNoDays(t *testing.T) {
	o := newOffice(t)
	for query, want := range map[string]int{"": http.StatusOK, "?days=7": http.StatusOK, "?days=0": http.StatusBadRequest, "?days=99999": http.StatusBadRequest, "?days=x": http.StatusBadRequest} {
		if w := o.ask("GET", "/api/statistics"+query, nil); w.Code != want {
			t.Errorf("%q: %d, want %d: %s", query, w.Code, want, w.Body)
		}
	}
}
