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
		readAs(t, s, "I: Disattivazione casella", text, want)
	}
}

// A death told beside the form is not the holder's where a widower writes, or a
// widow; whose it may be, or what the dead left, is for a person.
func TestWhoMourns(t *testing.T) {
	s := defaultSet(t)
	const form = " titolare della casella PEC mario.rossi@pec.example.it richiede la disattivazione anticipata della stessa."
	for _, c := range []struct {
		who, beside string
		want        Outcome
	}{
		{"Il sottoscritto Mario Rossi", "Dopo la scomparsa di mia moglie ho chiuso la merceria.", Accept},
		{"La sottoscritta Anna Rossi", "Dopo la scomparsa di mio marito ho chiuso la merceria.", Accept},
		{"Il sottoscritto Andrea Rossi", "Mia moglie è deceduta a marzo e ho smesso di lavorare.", Accept},
		{"Il sottoscritto Mario Rossi", "La mia defunta moglie ha lavorato con me fino a marzo, l'attività era sua.", Review},
		{"Il sottoscritto Anna Rossi", "Mia moglie è deceduta a marzo e ho smesso di lavorare.", Review}, // the form's own article, left there
		{"La sottoscritta Mario Rossi", "Mio marito è deceduto a marzo e ho smesso di lavorare.", Review},
		{"Il sottoscritto Mario Rossi", "Mio marito è deceduto a marzo e ho smesso di lavorare.", Review},
		{"Il sottoscritto Anna Bruno", "Mia moglie è deceduta a marzo e ho smesso di lavorare.", Review},
	} {
		readAs(t, s, "Disattivazione casella", c.who+form+"\n"+c.beside, c.want)
	}
}

// A body called after persons is nobody else's: "Comitato Genitori".
func TestBodiesCalledAfterPersons(t *testing.T) {
	s := defaultSet(t)
	const form = "La sottoscritta Federica Moro, presidente del Comitato Genitori Scuola Rodari, titolare della casella PEC mario.rossi@pec.example.it richiede la disattivazione anticipata della stessa."
	for _, c := range []struct {
		subject, beside string
		want            Outcome
	}{
		{"Disattivazione casella comitato genitori Rodari", "", Accept},
		{"Disattivazione casella", "Il comitato genitori si è sciolto a giugno.", Accept},
		{"Disattivazione casella dei genitori", "", Review},
		{"Disattivazione casella", "Lo chiedono i genitori del comitato.", Review},
		{"Disattivazione casella gruppo genitori", "", Review}, // whose is that
	} {
		readAs(t, s, c.subject, form+"\n"+c.beside, c.want)
	}
}

// Who says that he has left the firm that holds the mailbox does not dispose of it.
func TestWhoHasLeftTheFirm(t *testing.T) {
	s := defaultSet(t)
	for beside, want := range map[string]bool{
		"Abbiamo chiuso il laboratorio a giugno.":                  false,
		"Le quote le ho cedute a mio cognato, che è rimasto.":      true,
		"L'azienda non mi riguarda più.":                           true,
		"Scrivo da ex socio, la fornace è spenta.":                 true,
		"Le quote del latte erano troppo care e abbiamo smesso.":   false,
		"Il latte costava troppo e la stalla non mi riguarda più.": false,
	} {
		if got := leftFirm(beside); got != want {
			t.Errorf("%q: he has left it: %v, want %v", beside, got, want)
		}
		m := request("Disattivazione casella", coreForm+"\n"+beside)
		f := knownFacts(m)
		f.Mailbox.Holder = "Caseificio Rossi Mario S.n.c."
		if d := s.Decide(m, s.Read(m), f); want && d.Outcome != Review {
			t.Errorf("%q: %s %s %v, want review", beside, d.Outcome, d.Reason, d.Reasons)
		}
	}
}

// A practice is its professional's; that of several, or one without a title, is looked at.
func TestOwnStudio(t *testing.T) {
	for _, x := range []struct {
		named, holder, text string
		want                bool
	}{
		{"Nicola Zanotti", "Studio Legale Zanotti", "Il sottoscritto avv. Nicola Zanotti", true},
		{"Zanotti Nicola", "Studio tecnico Zanotti", "geom. Zanotti Nicola", true},
		{"Nicola Zanotti", "Studio Legale Associato Zanotti", "avv. Nicola Zanotti", false},
		{"Nicola Zanotti", "Studio Legale Zanotti e Bianchi", "avv. Nicola Zanotti", false},
		{"Nicola Zanotti", "Studio Legale Bianchi", "avv. Nicola Zanotti", false},
		{"Nicola Zanotti", "Studio Legale Zanotti", "Nicola Zanotti", false},
		{"Zanotti", "Studio Legale Zanotti", "avv. Zanotti", false},
	} {
		if got := ownStudio(x.named, x.holder, x.text); got != x.want {
			t.Errorf("%s of %s in %q: %v, want %v", x.named, x.holder, x.text, got, x.want)
		}
	}
	if !otherFirm("Verdi Impianti S.a.s. di Verdi Osvaldo & C.", "Verdi Impianti S.r.l.") || otherFirm("Verdi S.r.l.s.", "Verdi srl") || otherFirm("Verdi Impianti", "Verdi S.r.l.") {
		t.Error("legal forms are not told apart")
	}
}
