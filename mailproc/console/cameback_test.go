package console

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"

	"sportello/rules"
)

// What came back to a person says why in full, and what he can do.
func TestACaseThatCameBackSaysWhyAndWhatToDo(t *testing.T) {
	o := newOffice(t)
	f := &formatter{c: o.con, lang: "it", t: o.con.views["it"].words}
	sent := o.con.now().Add(-48 * time.Hour)
	letter := rules.Letter{N: 1, Name: "accolta", State: rules.Failed, Sent: sent, Tries: []rules.Try{{At: sent, Answer: "250 2.0.0 OK"}}}
	refused := letter
	receipt := rules.ReceiptRef{Kind: rules.ReceiptUndelivered, At: sent, Identifier: "r1", Error: "no-dest"}
	refused.Receipts = []rules.ReceiptRef{receipt}
	due := o.con.now().Add(48 * time.Hour)
	for name, x := range map[string]struct {
		c    rules.Case
		want []string
	}{
		"a letter not delivered": {rules.Case{Reason: rules.LetterFailed, Due: due, Letters: []rules.Letter{refused}},
			[]string{"lettera 1 «accolta»: errore di consegna, il destinatario non esiste, 5.1.1 casella ignota", "avvisare il cliente in altro modo e ritirare la pratica senza lettera"}},
		"a letter without receipts": {rules.Case{Reason: rules.NoAcceptance, Due: due, Letters: []rules.Letter{letter}},
			[]string{"lettera 1 «accolta»: il server l'ha presa, ma nessuna ricevuta è arrivata", "Guardare se il gestore conosce la lettera."}},
		"a step that failed": {rules.Case{Reason: rules.StepFailed, Due: due, Answered: sent, Steps: []rules.StepRun{{N: 1, Step: rules.Step{Do: "read-only"}, State: rules.StepBroken, Error: "exit code 1"}}},
			[]string{"«sola lettura»: exit code 1", "la risposta al cliente è già partita", "segnarla come fatta"}},
		"a term that passed": {rules.Case{Reason: rules.DangerSign, Due: sent}, []string{"Decide una persona: il termine è passato (", "Leggere le parole segnate"}},
	} {
		c := x.c
		c.State, c.Decided, c.Outcome, c.Procedure = rules.InReview, sent, rules.Accept, "disattivazione"
		d := &rules.Detail{Case: &c, Causes: map[uint64]string{7: "5.1.1 casella ignota"},
			Events: []rules.Event{{Kind: rules.LetterReceipt, Message: 7, Letter: &rules.LetterRef{N: 1}, Receipt: &receipt}}}
		var said []string
		for _, line := range f.inBrief(&caseView{Detail: d}) {
			said = append(said, line.Texts...)
		}
		for _, want := range x.want {
			if all := strings.Join(said, "\n"); !strings.Contains(all, want) {
				t.Errorf("%s lacks %q:\n%s", name, want, all)
			}
		}
	}
}

// A case that a letter cannot reach can be ended without one on the page too,
// and only such a one.
func TestThePageEndsACaseWithoutALetter(t *testing.T) {
	o := newOffice(t)
	o.desk.fill(t)
	c := o.inState(rules.InReview)
	anna := o.visit("anna")
	if page := anna.get("/cases/"+c.ID).want(t, http.StatusOK, "Ritira").body; strings.Contains(page, `name="silent"`) {
		t.Error("a customer who can be told may go untold")
	}
	o.desk.cases[c.ID].Proved = false // a forger's
	anna.get("/cases/"+c.ID).want(t, http.StatusOK, `name="silent"`)
	anna.act(c, "withdraw", url.Values{"silent": {"true"}}).want(t, http.StatusUnprocessableEntity, "Per chiudere senza lettera serve una nota")
	letters := len(o.desk.cases[c.ID].Letters)
	anna.act(c, "withdraw", url.Values{"silent": {"true"}, "text": {"falso, segnalato"}}).want(t, http.StatusSeeOther)
	if c := o.desk.cases[c.ID]; len(c.Letters) != letters || c.State != rules.Withdrawn {
		t.Errorf("the case is %s, with %d letters of %d", c.State, len(c.Letters), letters)
	}
}

// In a browser, words written until the session was over come back after the log-in.
func TestWordsOutliveTheSessionInABrowser(t *testing.T) {
	o := newOffice(t)
	o.desk.fill(t)
	b, id := o.browse(1280, 900), o.reviewOf("franco.leone").ID
	b.logIn("anna")
	b.open("/cases/" + id)
	b.run(chromedp.Click(".v-answer summary"), chromedp.SendKeys(".v-answer textarea", "Le scrivo a lungo."), network.ClearBrowserCookies(), chromedp.Click(".v-answer button.main"), chromedp.WaitVisible("input[name=password]"))
	b.has("La sessione è finita, e non è stato fatto nulla")
	b.run(chromedp.SendKeys("input[name=name]", "anna"), chromedp.SendKeys("input[name=password]", password+"\r"), chromedp.WaitVisible(".v-answer[open] textarea"))
	b.until("document.querySelector('.v-answer textarea').value === 'Le scrivo a lungo.'")
	b.run(chromedp.Click(".v-answer button.main"), chromedp.WaitVisible(".banner.good"))
	if s := o.state(t, id); s != rules.Answered {
		t.Errorf("the case is %s", s)
	}
}
