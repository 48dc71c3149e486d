package console

import (
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"sportello/rules"
)

// A case is handed over to one who can decide it, and the queue says whose it is.
func TestCaseIsHandedOver(t *testing.T) {
	o := newOffice(t)
	o.desk.fill(t)
	c := o.desk.cases[o.reviewOf("franco.leone").ID]
	anna := o.visit("anna")
	anna.get("/cases/"+c.ID).want(t, http.StatusOK, `name="to"`, `<option value="capo">`, "Affida", "Rinvia")
	form := func(verb, key, value string) url.Values {
		v := strconv.Itoa(o.inStateOf(c).Version)
		return url.Values{"verb": {verb}, "version": {v}, key: {value}}
	}
	anna.post("/cases/"+c.ID+"/acts", form("assign", "to", "vera")).want(t, http.StatusUnprocessableEntity, "Nessun operatore si chiama", "anna")
	anna.post("/cases/"+c.ID+"/acts", form("assign", "to", "capo")).want(t, http.StatusSeeOther)
	anna.get("/cases/"+c.ID).want(t, http.StatusOK, "affidata a capo", "anna – affidata a capo")
	anna.get("/?assignee=capo").want(t, http.StatusOK, c.ID, "affidata a capo", "Affidate a:")
	if body := anna.get("/?assignee=-").want(t, http.StatusOK, "nessuno").body; strings.Contains(body, c.ID) {
		t.Error("it is nobody's all the same")
	}
	anna.post("/cases/"+c.ID+"/acts", form("later", "until", "2020-01-01")).want(t, http.StatusUnprocessableEntity, "un giorno che deve venire")
	anna.post("/cases/"+c.ID+"/acts", form("later", "until", "tomorrow")).want(t, http.StatusSeeOther)
	anna.get("/").want(t, http.StatusOK, "rinviata a ")
	if w := o.ask("GET", "/api/cases?assignee=capo", nil); w.Code != http.StatusOK || !strings.Contains(w.Body.String(), `"assignee":"capo","later":"`) {
		t.Errorf("the API: %d %s", w.Code, w.Body)
	}
}

// Of a case with hundreds of notes the newest are shown, and the others when asked.
func TestALongCaseIsFolded(t *testing.T) {
	o := newOffice(t)
	o.desk.fill(t)
	id := o.reviewOf("franco.leone").ID
	for n := range 200 {
		if _, err := o.desk.Perform(t.Context(), id, rules.Act{Verb: "note", Author: "bruno", Text: fmt.Sprintf("nota numero %d.", n)}); err != nil {
			t.Fatal(err)
		}
	}
	body := o.visit("anna").get("/cases/"+id).want(t, http.StatusOK, "nota numero 0.", "nota numero 199.", "188 precedenti").body
	shown := regexp.MustCompile(`(?s)<details.*?</details>`).ReplaceAllString(body, "")
	if n := strings.Count(shown, "nota numero"); n != shownNotes+shownEvents {
		t.Errorf("%d notes are seen at once", n)
	}
	o.visit("anna").get("/cases/"+id+"/print").want(t, http.StatusOK, "nota numero 0.", "nota numero 199.")
}

// The quick days of the filters are links that stay right tomorrow, and a
// filter that is set says its day as people read it.
func TestDaysAreFilters(t *testing.T) {
	o := newOffice(t)
	o.desk.fill(t)
	o.visit("anna").get("/?from=today&due_by=2026-11-30").want(t, http.StatusOK, `href="/?due_by=today"`, `href="/?assignee=anna"`,
		`name="due_by" value="2026-11-30"`, "Da rispondere entro il:", "lun 30 nov 2026")
}
