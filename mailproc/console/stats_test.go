package console

import (
	"encoding/csv"
	"net/http"
	"strconv"
	"strings"
	"testing"
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

func TestCells(t *testing.T) {
	if got := cells("=1+1", "@x", "a", "-5", ""); strings.Join(got, "|") != "'=1+1|'@x|a|'-5|" {
		t.Errorf("cells: %q", got)
	}
}
