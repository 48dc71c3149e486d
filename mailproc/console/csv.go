package console

import (
	"encoding/csv"
	"io"
	"net/http"
	"strings"
	"time"
)

func startCSV(w http.ResponseWriter, name string) {
	w.Header().Set("Content-Type", "text/csv; charset=utf-8")
	w.Header().Set("Content-Disposition", `attachment; filename="`+name+`"`)
}

// writeCSV writes rows whose cells are ours.
func writeCSV(w io.Writer, rows [][]string) {
	out := csv.NewWriter(w)
	_ = out.WriteAll(rows) // the reader is gone: nobody to tell
}

// cells makes values harmless in a spreadsheet: one that begins like a
// formula is text (OWASP CSV injection).
func cells(v ...string) []string {
	for i, s := range v {
		if s != "" && strings.ContainsAny(s[:1], "=+-@\t\r") {
			v[i] = "'" + s
		}
	}
	return v
}

func stamp(t time.Time, zone *time.Location) string {
	if t.IsZero() {
		return ""
	}
	return t.In(zone).Format(time.RFC3339)
}
