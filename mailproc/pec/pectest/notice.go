package pectest

import (
	"fmt"
	"html"
	"strings"
)

// receiptTitles holds, for each kind of receipt, the beginning of its subject
// and the title of its notice.
var receiptTitles = map[string]struct{ subject, title string }{
	Accettazione:     {"ACCETTAZIONE: ", "Ricevuta di accettazione"},
	NonAccettazione:  {"AVVISO DI NON ACCETTAZIONE: ", "Avviso di non accettazione"},
	PresaInCarico:    {"PRESA IN CARICO: ", "Ricevuta di presa in carico"},
	AvvenutaConsegna: {"CONSEGNA: ", "Ricevuta di avvenuta consegna"},
	ErroreConsegna:   {"AVVISO DI MANCATA CONSEGNA: ", "Avviso di mancata consegna"},
	Preavviso:        {"AVVISO DI MANCATA CONSEGNA PER SUPERAMENTO TEMPO MASSIMO: ", "Avviso di mancata consegna"},
	RilevazioneVirus: {"PROBLEMA DI SICUREZZA: ", "Avviso di rilevazione virus"},
}

// when is the instant as notices write it.
func (d *Draft) when() string {
	t := d.At.In(rome)
	return t.Format("02/01/2006") + " alle ore " + t.Format("15:04:05") + " (" + t.Format("-0700") + ")"
}

// notice is the text a provider writes on this kind of envelope or receipt.
func (d *Draft) notice() string {
	switch d.Kind {
	case "":
		return anomalyNotice(d)
	case "posta-certificata":
		return transportNotice(d)
	}
	return receiptNotice(d)
}

func transportNotice(d *Draft) string {
	return "Messaggio di posta certificata\n\n" +
		fmt.Sprintf("Il giorno %s il messaggio con oggetto\n\"%s\" è stato inviato da \"%s\"\ned è indirizzato a:\n%s\n",
			d.when(), d.Message.Subject, d.Daticert.Sender, addressees(d.Daticert.Recipients)) +
		"Il messaggio originale è contenuto nell'allegato postacert.eml, i dati di certificazione in daticert.xml.\n" +
		"L'identificativo univoco di questo messaggio è:\n" + d.Identifier + "\n"
}

func anomalyNotice(d *Draft) string {
	return "Anomalia nel messaggio\n\n" +
		fmt.Sprintf("Il giorno %s è stato ricevuto il messaggio con oggetto\n\"%s\" proveniente da \"%s\"\ned indirizzato a:\n%s\n",
			d.when(), d.Message.Subject, d.Daticert.Sender, addressees(d.Daticert.Recipients)) +
		"Tali dati non sono stati certificati per il seguente errore:\nil messaggio non proviene da una casella di posta certificata.\n" +
		"Il messaggio originale è incluso in allegato.\n"
}

func receiptNotice(d *Draft) string {
	c := d.Daticert
	head := receiptTitles[d.Kind].title + "\n\n" + fmt.Sprintf("Il giorno %s il messaggio con oggetto\n\"%s\" ", d.when(), c.Subject)
	tail := "Identificativo del messaggio: " + c.Identifier + "\n"
	switch d.Kind {
	case Accettazione:
		return head + fmt.Sprintf("proveniente da \"%s\"\ned indirizzato a:\n%sè stato accettato dal sistema ed inoltrato.\n", c.Sender, addressees(c.Recipients)) + tail
	case NonAccettazione:
		return head + fmt.Sprintf("proveniente da \"%s\"\nnon è stato accettato per il seguente problema:\n%s\nIl messaggio non verrà recapitato.\n", c.Sender, c.Extended) + tail
	case PresaInCarico:
		return head + fmt.Sprintf("proveniente da \"%s\"\nè stato preso in carico dal gestore \"%s\" per:\n%s\n", c.Sender, c.Provider, strings.Join(c.Received, "\n")) + tail
	case AvvenutaConsegna:
		return head + fmt.Sprintf("proveniente da \"%s\"\ned indirizzato a \"%s\"\nè stato consegnato nella casella di destinazione.\n", c.Sender, c.Delivery) + tail
	case Preavviso:
		return head + fmt.Sprintf("destinato all'utente \"%s\"\nnon risulta consegnato dopo dodici ore dall'invio: seguirà un avviso se non lo sarà entro ventiquattro.\n%s\n", c.Delivery, c.Extended) + tail
	case RilevazioneVirus:
		return head + fmt.Sprintf("destinato all'utente \"%s\"\ncontiene un problema di sicurezza e non viene consegnato.\n", c.Delivery) + tail
	}
	return head + fmt.Sprintf("destinato all'utente \"%s\"\nnon è stato consegnato: è stato rilevato un errore\n%s\nIl messaggio è stato rifiutato dal sistema.\n", c.Delivery, c.Extended) + tail
}

func addressees(list []Recipient) string {
	var b strings.Builder
	for _, r := range list {
		kind := "posta certificata"
		if r.Type == "esterno" {
			kind = "posta ordinaria"
		}
		fmt.Fprintf(&b, "%s (\"%s\")\n", r.Address, kind)
	}
	return b.String()
}

// noticePart writes the notice as providers do: iso-8859-1, quoted-printable.
func (d *Draft) noticePart() part {
	m := Message{Charset: "iso-8859-1"}
	text := m.text("text/plain", d.Notice)
	page := m.text("text/html", noticePage(d.Notice))
	switch d.NoticeStyle {
	case TextOnly:
		return text
	case HTMLOnly:
		return page
	}
	alt := joinParts("alternative", d.Inner+"-alt", text, page)
	alt.header = append(alt.header, Field{"Content-Transfer-Encoding", "binary"})
	return alt
}

func noticePage(text string) string {
	title, rest, _ := strings.Cut(text, "\n")
	return "<html><head><title>" + html.EscapeString(title) + "</title></head><body>\n<h3>" + html.EscapeString(title) + "</h3><hr>\n<p>" +
		strings.ReplaceAll(html.EscapeString(strings.TrimSpace(rest)), "\n", "<br>\n") + "</p>\n</body></html>\n"
}
