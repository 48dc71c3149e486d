package console

import (
	"encoding/base64"
	"fmt"
	"strings"
	"testing"
	"time"

	"sportello/rules"
)

const deactivation = "Il sottoscritto %s titolare della casella PEC %s richiede la disattivazione anticipata della stessa."

func ask(name, who string) string { return fmt.Sprintf(deactivation, name, who+"@pec.example.it") }

// onePixel is a PNG; onePage begins as a PDF does.
const (
	onePixel = "iVBORw0KGgoAAAANSUhEUgAAAAoAAAAKCAIAAAACUFjqAAAAEklEQVR4nGNkYPjPgBswDRNpAP9PAQ+bUfTtAAAAAElFTkSuQmCC"
	onePage  = "%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj 2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj 3 0 obj<</Type/Page/MediaBox[0 0 200 100]/Parent 2 0 R>>endobj\ntrailer<</Root 1 0 R>>\n"
)

// envelope wraps a message as a provider does, with the given files.
func envelope(m mail, files ...file) string {
	var b strings.Builder
	fmt.Fprintf(&b, "From: posta-certificata@pec.example.it\r\nSubject: POSTA CERTIFICATA\r\nContent-Type: multipart/mixed; boundary=out\r\n\r\n--out\r\nContent-Type: application/xml; name=daticert.xml\r\nContent-Disposition: attachment; filename=daticert.xml\r\n\r\n<postacert/>\r\n--out\r\nContent-Type: message/rfc822; name=postacert.eml\r\n\r\n")
	fmt.Fprintf(&b, "From: %s\r\nContent-Type: multipart/mixed; boundary=in\r\n\r\n--in\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n%s\r\n", strings.Map(printable, m.from), m.text)
	for _, f := range files {
		fmt.Fprintf(&b, "--in\r\nContent-Type: %s\r\nContent-Disposition: attachment; filename=\"%s\"\r\nContent-Transfer-Encoding: base64\r\n\r\n%s\r\n", f.typ, f.name, base64.StdEncoding.EncodeToString([]byte(f.data)))
	}
	b.WriteString("--in--\r\n--out--\r\n")
	return b.String()
}

func printable(r rune) rune {
	if r < ' ' {
		return -1
	}
	return r
}

type file struct{ name, typ, data string }

func pixel() string {
	raw, err := base64.StdEncoding.DecodeString(onePixel)
	if err != nil {
		panic(err)
	}
	return string(raw)
}

// fill lets a week of work arrive: every state is there at its end.
func (d *fakeDesk) fill(t testing.TB) {
	t.Helper()
	back := func(days, hour, minute int) {
		d.at = time.Date(2026, 11, 23-days, hour, minute, 0, 0, rome())
	}
	names := []struct{ who, name string }{{"mario.rossi", "Mario Rossi"}, {"lucia.bianchi", "Lucia Bianchi"}, {"anna.gallo", "Anna Gallo"}, {"elena.riva", "Elena Riva"}, {"carlo.conti", "Carlo Conti"}}
	for i, n := range names {
		back(11-2*i, 9+i, 12)
		id := d.arrive(t, mail{from: n.who + "@pec.example.it", subject: "Disattivazione casella", text: "Buongiorno,\n" + ask(n.name, n.who) + "\nCordiali saluti\n" + n.name})
		d.pass(35 * time.Minute)
		d.deliver(t, id)
	}
	back(6, 15, 3)
	id := d.arrive(t, mail{from: "paolo.neri@pec.example.it", subject: "Disattivazione casella", text: ask("Paolo Neri", "paolo.neri"), facts: rules.Facts{Mailbox: &rules.MailboxFact{Address: "paolo.neri@pec.example.it", Status: "not_active"}}})
	d.pass(time.Hour)
	d.deliver(t, id)
	back(5, 11, 40)
	id = d.arrive(t, mail{from: "giulia.serra@pec.example.it", subject: "Comunicazione urgente", text: ask("Giulia Serra", "giulia.serra")})
	d.pass(time.Hour)
	d.deliver(t, id)
	back(5, 16, 31)
	d.arrive(t, mail{from: "ditta.lenta@pec.example.it", subject: "Disattivazione casella", text: ask("Ditta Lenta Srl", "ditta.lenta") + "\nVi prego di non procedere prima di avermi telefonato."})
	back(4, 9, 2)
	d.arrive(t, mail{from: "studio.verdi@pec.example.it", to: "customer.service", subject: "Variazione contatti", text: "Si richiede la variazione dei contatti di riferimento della casella studio.verdi@pec.example.it. In allegato il documento d'identità del titolare.",
		raw: envelope(mail{from: "studio.verdi@pec.example.it", text: "In allegato."}, file{"carta identità.png", "image/png", pixel()}, file{"visura.pdf", "application/pdf", onePage}, file{"pagina.html", "text/html", "<script>alert(1)</script>"})})
	back(3, 10, 15)
	d.arrive(t, mail{from: "franco.leone@pec.example.it", subject: "Disattivazione casella", text: "Buongiorno,\n\n" + ask("Franco Leone", "franco.leone") + "\n\nVi prego di procedere solo a decorrere dal 31 dicembre.\n\nCordiali saluti\nFranco Leone"})
	back(3, 12, 50)
	d.arrive(t, mail{from: "news@example.org", kind: rules.Anomaly, subject: "Le offerte di novembre", text: "Scopri tutte le offerte! Per cancellarti clicca qui."})
	back(2, 8, 30)
	d.arrive(t, mail{from: "falso@pec.example.it", problem: rules.SignatureInvalid, subject: "Disattivazione casella", text: ask("Mario Rossi", "mario.rossi")})
	back(0, 8, 5)
	d.arrive(t, mail{from: "rosa.fiore@pec.example.it", subject: "disattivazione casela", text: ask("Rosa Fiore", "rosa.fiore") + " Attendo conferma, grazie. È possibile avere copia dei messaggi?"})
	back(0, 9, 44)
	d.arrive(t, mail{from: "teresa.blu@pec.example.it", subject: "Disattivazione casella", text: ask("Teresa Blu", "teresa.blu")})
	back(0, 10, 22)
}
