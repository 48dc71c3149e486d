package rules

import (
	"cmp"
	"fmt"
	"net/url"
	"reflect"
	"strings"
)

// Settings are the facts of a provider that letters speak of: the table
// [letters] of the configuration. An empty value takes its default, except
// Telefono and Orari, which letters then leave out.
type Settings struct {
	Gestore        string `toml:"gestore"`         // the provider's name
	Firma          string `toml:"firma"`           // last line of every letter
	URLInformativa string `toml:"url_informativa"` // privacy notice
	URLAssistenza  string `toml:"url_assistenza"`  // help pages
	URLPannello    string `toml:"url_pannello"`    // control panel
	Telefono       string `toml:"telefono"`        // of a person
	Orari          string `toml:"orari"`           // when he answers

	PannelloElimina     string `toml:"pannello_elimina"`     // path in the panel: delete a mailbox not active yet
	PannelloRinnovo     string `toml:"pannello_rinnovo"`     // renew
	PannelloManuale     string `toml:"pannello_manuale"`     // from automatic to manual renewal
	PannelloPassword    string `toml:"pannello_password"`    // reset the mailbox's password
	PannelloRicevute    string `toml:"pannello_ricevute"`    // receipts and logs
	PannelloStato       string `toml:"pannello_stato"`       // state of a mailbox
	GiorniGrazia        int    `toml:"giorni_grazia"`        // days between expiry and cancellation
	CasellaScaduta      string `toml:"casella_scaduta"`      // what an expired mailbox still does, after "la casella"
	MinutiAttivazione   int    `toml:"minuti_attivazione"`   // from the payment's confirmation to an active mailbox
	MesiLog             int    `toml:"mesi_log"`             // D.P.R. 68/2005 art. 11: 30
	GiorniDocumenti     int    `toml:"giorni_documenti"`     // the customer's term for documents asked for
	GiorniConservazione int    `toml:"giorni_conservazione"` // copies of documents are deleted this many days after the outcome
}

// DefaultSettings are the facts used where the configuration is silent. The
// panel's paths and the days are those of the providers' help pages; the name
// and the addresses are to be set.
func DefaultSettings() Settings {
	return Settings{
		Gestore:        "Gestore PEC",
		URLInformativa: "https://www.example.org/privacy",
		URLAssistenza:  "https://www.example.org/assistenza",
		URLPannello:    "https://www.example.org/pannello",

		PannelloElimina:     "dominio → icona PEC → nome della casella → Elimina",
		PannelloRinnovo:     "dominio → icona PEC → nome della casella → Rinnova",
		PannelloManuale:     "dominio → icona PEC → nome della casella → Rinnovo → Manuale",
		PannelloPassword:    "dominio → icona PEC → nome della casella → Reimposta password",
		PannelloRicevute:    "dominio → icona PEC → nome della casella → Ricevute",
		PannelloStato:       "dominio → icona PEC → elenco delle caselle",
		GiorniGrazia:        90,
		CasellaScaduta:      "non può più inviare né ricevere messaggi, ma resta accessibile in lettura",
		MinutiAttivazione:   10,
		MesiLog:             30,
		GiorniDocumenti:     15,
		GiorniConservazione: 30,
	}
}

// filled is s with the defaults in place of what is empty.
func (s Settings) filled() Settings {
	d := reflect.ValueOf(DefaultSettings())
	v := reflect.ValueOf(&s).Elem()
	for i := range v.NumField() {
		if v.Field(i).IsZero() {
			v.Field(i).Set(d.Field(i))
		}
	}
	s.Firma = cmp.Or(s.Firma, s.Gestore+" – Servizio PEC")
	return s
}

// Check reports every setting that no letter could use.
func (s Settings) Check() error {
	var p problems
	v, t := reflect.ValueOf(s), reflect.TypeFor[Settings]()
	for i := range v.NumField() {
		key := t.Field(i).Tag.Get("toml")
		switch value := v.Field(i).Interface().(type) {
		case string:
			if value != clean(value) {
				p.add("letters.%s: %q has line breaks or control characters — write it on one line", key, value)
			}
			if strings.HasPrefix(key, "url_") && value != "" && !isURL(value) {
				p.add("letters.%s: %q is not an address — write e.g. \"https://www.example.org/pannello\"", key, value)
			}
		case int:
			if value < 0 {
				p.add("letters.%s: %d is negative — leave it out for the default (%v)", key, value, fmt.Sprint(reflect.ValueOf(DefaultSettings()).Field(i)))
			}
		}
	}
	return p.join()
}

func isURL(s string) bool {
	u, err := url.Parse(s)
	return err == nil && (u.Scheme == "https" || u.Scheme == "http") && u.Host != ""
}
