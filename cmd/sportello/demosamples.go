package main

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"sportello/mailproc"
	"sportello/mailproc/console"
	"sportello/mailproc/pec/pectest"
	"sportello/rules"
)

// The demo's provider, its request mailboxes and what its registry knows.
const (
	demoDomain  = "pec.example.it"
	demoDesk    = "disattivazioni@pec.example.com"
	demoService = "customer.service@pec.example.com"
)

// demoRegistry are the files the demo's registry is made of.
func demoRegistry(now time.Time) (mailboxes, orders string) {
	expires := now.AddDate(0, 8, 0).Format(time.DateOnly)
	var m, o strings.Builder
	m.WriteString("address,status,holder,tax_code,panel,expires\n")
	for _, row := range [][4]string{
		{"mario.rossi", "active", "Mario Rossi", "MR1001-EURO"}, {"lucia.bianchi", "active", "Lucia Bianchi", "LB2002-EURO"},
		{"studio.verdi", "active", "Anna Verdi", "SV3003-EURO"}, {"paolo.neri", "not_active", "Paolo Neri", "PN4004-EURO"},
		{"anna.gallo", "active", "Anna Gallo", "AG5005-EURO"}, {"carlo.conti", "active", "Carlo Conti", "CC6006-EURO"},
		{"elena.riva", "active", "Elena Riva", "ER7007-EURO"}, {"giulia.serra", "active", "Giulia Serra", "GS8008-EURO"},
		{"franco.leone", "active", "Franco Leone", "FL9009-EURO"}, {"bruno.fumi", "active", "Bruno Fumi", "BF1010-EURO"},
		{"ada.fumi", "active", "Ada Fumi", "AF1111-EURO"}, {"ugo.fumi", "active", "Ugo Fumi", "UF1212-EURO"}, {"rita.villa", "active", "Rita Villa", "RV1313-EURO"},
		{"dario.monti", "active", "Dario Monti", "DM1414-EURO"}, {"vera.pieni", "active", "Vera Pieni", "VP1515-EURO"},
	} {
		fmt.Fprintf(&m, "%s@%s,%s,%s,,%s,%s\n", row[0], demoDomain, row[1], row[2], row[3], expires)
	}
	o.WriteString("number,address,kind,date,panel,amount\n")
	fmt.Fprintf(&o, "700100200,lucia.bianchi@%s,auto_renewal,%s,LB2002-EURO,\"30,50\"\n", demoDomain, now.AddDate(0, 0, -12).Format(time.DateOnly))
	fmt.Fprintf(&o, "700100300,elena.riva@%s,auto_renewal,%s,ER7007-EURO,\"24,40\"\n", demoDomain, now.AddDate(0, 0, -75).Format(time.DateOnly))
	return m.String(), o.String()
}

const demoForm = "Il sottoscritto %s titolare della casella PEC %s richiede la disattivazione anticipata della stessa (come da caso di assistenza %s)."

const demoWithdrawal = `Il sottoscritto %s dichiara di non aver più intenzione di utilizzare la casella PEC %s rinnovata con numero d\'ordine %s per il pannello di controllo %s -EURO, consapevole che la casella verrà cancellata alla ricezione della presente indipendentemente dalla scadenza effettiva, avvalendosi del diritto di recesso.`

// demoSample is a message that arrives while the demo runs.
type demoSample struct {
	what string // for the person who watches
	to   string
	raw  []byte
	ago  time.Duration // delivered so long ago
}

// demoSamples makes a dozen varied messages, as customers and others write them.
func demoSamples(p, stranger *pectest.Provider, now time.Time) []demoSample {
	from := func(who string) string { return who + "@" + demoDomain }
	write := func(who, to, subject, text string) pectest.Message {
		return pectest.Message{From: from(who), To: to, Subject: subject, Text: text, Date: now}
	}
	form := func(name, who, caseNumber string) string { return fmt.Sprintf(demoForm, name, from(who), caseNumber) }
	const subject = "Disattivazione casella"
	good := p.Transport(write("mario.rossi", demoDesk, subject, "Buongiorno,\r\n\r\n"+form("Mario Rossi", "mario.rossi", "1234567")+"\r\n\r\nCordiali saluti\r\nMario Rossi\r\n"))
	tampered := strings.Replace(string(p.Transport(write("carlo.conti", demoDesk, subject, form("Carlo Conti", "carlo.conti", "xxxxx")))), "anticipata", "immediata.", 1)
	html := write("studio.verdi", demoDesk, "Re: DISATTIVAZIONE CASELLA", "")
	html.HTML = "<p>Spett.le provider,</p><p>" + strings.Replace(form("Anna Verdi", "studio.verdi", "7654321"), "Il sottoscritto", "La sottoscritta", 1) + "</p><p>Distinti saluti</p>"
	return []demoSample{
		{"a plain deactivation request", demoDesk, good, 0},
		{"withdrawal from a renewal, twelve days after the order", demoService, p.Transport(write("lucia.bianchi", demoService, "Recesso", fmt.Sprintf(demoWithdrawal, "Lucia Bianchi", from("lucia.bianchi"), "700100200", "LB2002"))), 0},
		{"the form in HTML only", demoDesk, p.Transport(html), 0},
		{"a newsletter", demoDesk, p.Anomaly(pectest.Message{From: "news@example.org", To: demoDesk, Subject: "Le offerte di novembre", Text: "Scopri tutte le offerte! Per cancellarti clicca qui.", Date: now, Header: []pectest.Field{{Name: "List-Unsubscribe", Value: "<https://example.org/u>"}, {Name: "Precedence", Value: "bulk"}}}, demoDesk), 0},
		{"the mailbox is not active yet", demoDesk, p.Transport(write("paolo.neri", demoDesk, subject, form("Paolo Neri", "paolo.neri", "xxxxx"))), 0},
		{"the right text under another subject", demoDesk, p.Transport(write("anna.gallo", demoDesk, "Comunicazione urgente", form("Anna Gallo", "anna.gallo", "222"))), 0},
		{"a request changed after it was signed", demoDesk, []byte(tampered), 0},
		{"ordinary mail that asks the same", demoDesk, p.Anomaly(pectest.Message{From: "mario.rossi@example.org", To: demoDesk, Subject: subject, Text: form("Mario Rossi", "mario.rossi", "1"), Date: now}, demoDesk), 0},
		{"somebody else's mailbox", demoDesk, p.Transport(write("giulia.serra", demoDesk, subject, form("Mario Rossi", "mario.rossi", "xxxxx"))), 0},
		{"a condition: a person decides", demoDesk, p.Transport(write("franco.leone", demoDesk, subject, form("Franco Leone", "franco.leone", "333")+"\r\n\r\nVi prego di procedere solo a decorrere dal 31 dicembre.\r\n")), 0},
		{"withdrawal after the thirty days", demoService, p.Transport(write("elena.riva", demoService, "Recesso", fmt.Sprintf(demoWithdrawal, "Elena Riva", from("elena.riva"), "700100300", "ER7007"))), 0},
		{"signed by a provider that nobody knows", demoDesk, stranger.Transport(write("mario.rossi", demoDesk, subject, form("Mario Rossi", "mario.rossi", "1234567"))), 0},
		{"the first request once more (restored by a backup)", demoDesk, good, 0},
	}
}

// demoReceipts are customers whose mailboxes do not answer as most do: the
// demo has a case in every state because of them.
var demoReceipts = map[string]pectest.Receipts{
	"bruno.fumi@" + demoDomain: pectest.ReceiptsNone,
	"ada.fumi@" + demoDomain:   pectest.ReceiptsNone,
	"ugo.fumi@" + demoDomain:   pectest.ReceiptsNone,
	"vera.pieni@" + demoDomain: pectest.ReceiptsFailed,
}

// demoStates are further messages, whose cases stay in the states that most
// pass in a moment. The demo's operator takes part: see demoOperator.
func demoStates(p *pectest.Provider, now time.Time) []demoSample {
	const subject = "Disattivazione casella"
	mail := func(name, to, subject, text string, ago time.Duration) []byte {
		return p.Transport(pectest.Message{From: strings.ReplaceAll(strings.ToLower(name), " ", ".") + "@" + demoDomain, To: to, Subject: subject, Text: text, Date: now.Add(-ago)})
	}
	form := func(name string) string {
		return fmt.Sprintf(demoForm, name, strings.ReplaceAll(strings.ToLower(name), " ", ".")+"@"+demoDomain, "555")
	}
	const long = 9 * 24 * time.Hour
	return []demoSample{
		{"refused, and the letter's receipts are awaited", demoDesk, mail("Bruno Fumi", demoDesk, "Comunicazione", form("Bruno Fumi"), 0), 0},
		{"a question answered, and the receipts are awaited", demoService, mail("Ada Fumi", demoService, "Informazioni", "Buongiorno, in che stato è la mia casella PEC? Grazie.", 0), 0},
		{"a request that its operator withdraws", demoDesk, mail("Ugo Fumi", demoDesk, subject, form("Ugo Fumi")+"\r\n\r\nAnzi no, aspettate una mia conferma.", 0), 0},
		{"new contacts without the document: the operator asks for it", demoService, mail("Rita Villa", demoService, "Variazione contatti", "Si richiede la variazione dei contatti associati alla casella rita.villa@"+demoDomain+".", 0), 0},
		{"nine days old and undecided: the term has passed", demoDesk, mail("Dario Monti", demoDesk, subject, form("Dario Monti")+"\r\n\r\nÈ possibile avere prima una copia dei messaggi?", long), long},
		{"accepted, but the customer's mailbox takes no letter", demoDesk, mail("Vera Pieni", demoDesk, subject, form("Vera Pieni"), 0), 0},
	}
}

// demoOperator does what the demo's operator is there for, once a case waits
// for it.
func demoOperator(ctx context.Context, office *mailproc.Office) error {
	for _, todo := range []struct {
		who string
		act rules.Act
	}{
		{"ugo.fumi", rules.Act{Verb: "withdraw", Author: "anna", Text: "ha telefonato"}},
		{"rita.villa", rules.Act{Verb: "ask", Author: "anna", Documents: []string{"documento d'identità, fronte e retro"}, Text: "Senza il documento la variazione non si può eseguire."}},
	} {
		page, err := office.Cases(ctx, rules.Query{Mailbox: todo.who + "@" + demoDomain, State: rules.InReview})
		if err != nil {
			return err
		}
		for _, c := range page.Cases {
			if c.DecidedBy != "" || len(c.Asked) > 0 {
				continue // done, and come back since
			}
			if _, err := office.Perform(ctx, c.ID, todo.act); err != nil && !errors.Is(err, rules.ErrStale) {
				return err
			}
		}
	}
	return nil
}

// visitorSamples are what a visitor of the demo may begin from, in his own form.
func visitorSamples() []console.DemoMessage {
	const rossi, subject = "mario.rossi@" + demoDomain, "Disattivazione casella"
	form := fmt.Sprintf(demoForm, "Mario Rossi", rossi, "7654321")
	mail := func(name, to, subject, text string) console.DemoMessage {
		return console.DemoMessage{Name: name, From: rossi, To: to, Subject: subject, Text: text}
	}
	withdrawal := mail("withdrawal", demoService, "Recesso", fmt.Sprintf(demoWithdrawal, "Lucia Bianchi", "lucia.bianchi@"+demoDomain, "700100200", "LB2002"))
	withdrawal.From = "lucia.bianchi@" + demoDomain
	ordinary := mail("ordinary", demoDesk, subject, form)
	ordinary.From, ordinary.Ordinary = "mario.rossi@example.org", true
	return []console.DemoMessage{
		mail("good", demoDesk, subject, "Buongiorno,\n\n"+form+"\n\nCordiali saluti\nMario Rossi\n"),
		mail("condition", demoDesk, subject, form+"\n\nVi prego però di procedere solo dopo avermi telefonato.\n"),
		withdrawal,
		mail("other", demoDesk, subject, fmt.Sprintf(demoForm, "Lucia Bianchi", "lucia.bianchi@"+demoDomain, "7654321")),
		mail("subject", demoDesk, "Comunicazione urgente", form),
		mail("question", demoService, "Informazioni", "Buongiorno, in che stato è la mia casella PEC? Grazie."),
		mail("hostile", demoDesk, subject, form+"\n\n<script>alert('x')</script><img src=x onerror=alert(1)> \u202egro.elpmaxe\n"),
		ordinary,
	}
}
