package main

import (
	"fmt"
	"strings"
	"time"

	"sportello/mailproc/pec/pectest"
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
		{"franco.leone", "active", "Franco Leone", "FL9009-EURO"},
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
		{"a plain deactivation request", demoDesk, good},
		{"withdrawal from a renewal, twelve days after the order", demoService, p.Transport(write("lucia.bianchi", demoService, "Recesso", fmt.Sprintf(demoWithdrawal, "Lucia Bianchi", from("lucia.bianchi"), "700100200", "LB2002")))},
		{"the form in HTML only", demoDesk, p.Transport(html)},
		{"a newsletter", demoDesk, p.Anomaly(pectest.Message{From: "news@example.org", To: demoDesk, Subject: "Le offerte di novembre", Text: "Scopri tutte le offerte! Per cancellarti clicca qui.", Date: now, Header: []pectest.Field{{Name: "List-Unsubscribe", Value: "<https://example.org/u>"}, {Name: "Precedence", Value: "bulk"}}}, demoDesk)},
		{"the mailbox is not active yet", demoDesk, p.Transport(write("paolo.neri", demoDesk, subject, form("Paolo Neri", "paolo.neri", "xxxxx")))},
		{"the right text under another subject", demoDesk, p.Transport(write("anna.gallo", demoDesk, "Comunicazione urgente", form("Anna Gallo", "anna.gallo", "222")))},
		{"a request changed after it was signed", demoDesk, []byte(tampered)},
		{"ordinary mail that asks the same", demoDesk, p.Anomaly(pectest.Message{From: "mario.rossi@example.org", To: demoDesk, Subject: subject, Text: form("Mario Rossi", "mario.rossi", "1"), Date: now}, demoDesk)},
		{"somebody else's mailbox", demoDesk, p.Transport(write("giulia.serra", demoDesk, subject, form("Mario Rossi", "mario.rossi", "xxxxx")))},
		{"a condition: a person decides", demoDesk, p.Transport(write("franco.leone", demoDesk, subject, form("Franco Leone", "franco.leone", "333")+"\r\n\r\nVi prego di procedere solo a decorrere dal 31 dicembre.\r\n"))},
		{"withdrawal after the thirty days", demoService, p.Transport(write("elena.riva", demoService, "Recesso", fmt.Sprintf(demoWithdrawal, "Elena Riva", from("elena.riva"), "700100300", "ER7007")))},
		{"signed by a provider that nobody knows", demoDesk, stranger.Transport(write("mario.rossi", demoDesk, subject, form("Mario Rossi", "mario.rossi", "1234567")))},
		{"the first request once more (restored by a backup)", demoDesk, good},
	}
}
