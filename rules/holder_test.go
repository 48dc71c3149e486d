package rules

import (
	"strings"
	"testing"
)

// Who may dispose of a firm's mailbox that bears its whole name: one who says
// beside his own in what quality he writes, and names no other firm.
func TestHolderByItsMailbox(t *testing.T) {
	s := defaultSet(t)
	for named, want := range map[string]Outcome{
		"Gennaro Improta, socio amministratore,":                              Accept,
		"Gennaro Improta, legale rappresentante,":                             Accept,
		"Gennaro Improta":                                                     Review,
		"Gennaro Improta, cameriere,":                                         Review,
		"Gennaro Improta, amministratore della Improta Immobiliare S.r.l.,":   Review,
		"Gennaro Improta, amministratore unico di Pizzeria Vesuvio S.n.c.,":   Accept,
		"Gennaro Improta, legale rappresentante della Trattoria Vesuvio Srl,": Review,
	} {
		m := request("Disattivazione casella", strings.NewReplacer("Mario Rossi", named, "mario.rossi@", "pizzeria.vesuvio@").Replace(coreForm))
		m.Sender = "pizzeria.vesuvio@pec.example.it"
		f := knownFacts(m)
		f.Mailbox.Holder = "Pizzeria Vesuvio S.n.c."
		if d := s.Decide(m, s.Read(m), f); d.Outcome != want {
			t.Errorf("%q: %s %s %v, want %s", named, d.Outcome, d.Reason, d.Reasons, want)
		}
	}
}

// A form above the mark of a forward is the writer's own, unless somebody's,
// filled in, stands below; so is one whose subject alone says "I:", since it
// names the mailbox from which it comes.
func TestForwardWithAFormAbove(t *testing.T) {
	s := defaultSet(t)
	const mark = "\n\n-----Messaggio originale-----\nDa: Assistenza\nInviato: martedì 17 novembre 2026 17:58\nA: Mario Rossi\nOggetto: Modulo\n\n"
	blank := strings.NewReplacer("Mario Rossi", "__________", "mario.rossi@pec.example.it", "__________").Replace(coreForm)
	for text, want := range map[string]Outcome{
		coreForm + mark + "Il testo da inviare è il seguente:\n" + blank: Accept,
		coreForm + mark + coreForm:                                       Review,
		coreForm:                                                         Accept,
		"Vedi sotto." + mark + coreForm:                                  Review,
	} {
		m := request("I: Disattivazione casella", text)
		if r := s.Read(m); r.Outcome != want {
			t.Errorf("%q: %s %s %v, want %s", text, r.Outcome, r.Reason, r.Reasons, want)
		}
	}
}
