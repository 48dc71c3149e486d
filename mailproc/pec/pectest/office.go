package pectest

import (
	"fmt"
	"strings"
	"time"
)

// Office is the scene of a request desk: whose customers write, to which
// request mailboxes, and who serves those.
type Office struct {
	Customers     *Provider // serves the customers, at its first domain
	Desk          *Provider // serves the request mailboxes; may be the same
	Stranger      *Provider // signs what must not be trusted
	Deactivations string    // address of the mailbox "disattivazioni"
	Service       string    // address of the mailbox "customer.service"
}

// Office is the scene of the corpora.
func (w *World) Office() Office {
	return Office{Customers: w.Customers, Desk: w.Desk, Stranger: w.Foreign, Deactivations: w.Ours[0], Service: w.Ours[1]}
}

// Item is a message that arrives at the desk, and what must become of it.
type Item struct {
	Name    string // what it is: disattivazione, recesso-rinnovo, receipt, newsletter …
	Mailbox string // address it arrives at
	Raw     []byte
	At      time.Time // delivery
	Sender  string    // certified sender; "" when nothing is proved
	Outcome string    // accept, reject, guide, review or none
	Reason  string    // of a rejection or of what is parked; "" when it does not matter
}

// customer is one of the customers, known by number.
type customer struct {
	number        int
	name, address string
	panel, order  string
}

var (
	givenNames = []string{"Mario", "Anna", "Luca", "Giulia", "Paolo", "Chiara", "Marco", "Elena", "Andrea", "Sara", "Nicolò", "Zoë"}
	surnames   = []string{"Rossi", "Bianchi", "Verdi", "Ferrari", "Russo", "Romano", "Gallo", "Costa", "Fontana", "Conti", "D'Angelo", "Dell'Acqua", "Muñoz"}
	plain      = strings.NewReplacer("'", "", "ò", "o", "ë", "e", "ñ", "n")
)

// customer returns customer n: the same for every message of that number.
func (o Office) customer(n int) customer {
	given, family := givenNames[n%len(givenNames)], surnames[n/len(givenNames)%len(surnames)]
	local := strings.ToLower(plain.Replace(given + "." + family))
	return customer{
		number: n, name: given + " " + family,
		address: fmt.Sprintf("%s.%d@%s", local, n, o.Customers.Domains[0]),
		panel:   fmt.Sprintf("%s%05d-EURO", strings.ToUpper(plain.Replace(given[:1]+family)), n),
		order:   fmt.Sprintf("20261%03d-%05d", n%200, n),
	}
}

// deactivation is the form of disattivazione, filled to the letter.
func (c customer) deactivation() string {
	return fmt.Sprintf("Il sottoscritto %s titolare della casella PEC %s richiede la disattivazione anticipata della stessa (come da caso di assistenza %d).", c.name, c.address, 1000000+c.number)
}

// withdrawal is the declaration of recesso-rinnovo, filled to the letter.
func (c customer) withdrawal() string {
	return fmt.Sprintf("Il sottoscritto %s dichiara di non aver più intenzione di utilizzare la casella PEC %s rinnovata con numero d'ordine %s per il pannello di controllo %s -EURO, "+
		"consapevole che la casella verrà cancellata alla ricezione della presente indipendentemente dalla scadenza effettiva, avvalendosi del diritto di recesso.",
		c.name, c.address, c.order, strings.TrimSuffix(c.panel, "-EURO"))
}

// mailboxRow and orderRow are the customer's lines in the registry's files.
func (c customer) mailboxRow(status string) string {
	return fmt.Sprintf("%s,%s,%s,,%s,2027-05-01\n", c.address, status, c.name, c.panel)
}

func (c customer) orderRow(kind string, date time.Time) string {
	return fmt.Sprintf("%s,%s,%s,%s,%s,\"25,00\"\n", c.order, c.address, kind, date.In(rome).Format(time.DateOnly), c.panel)
}

const (
	mailboxHead = "address,status,holder,tax_code,panel,expires\n"
	orderHead   = "number,address,kind,date,panel,amount\n"
)

// disclaimer is what companies write under their messages; its verbs of
// cancelling are no request.
const disclaimer = "Le informazioni contenute in questo messaggio di posta elettronica sono riservate e destinate esclusivamente al destinatario. " +
	"Chi lo avesse ricevuto per errore è pregato di darne notizia al mittente e di cancellarlo. Ai sensi del Regolamento (UE) 2016/679 ne sono vietati l'uso e la diffusione."

// style is how office programs write their HTML; it fills a message to its size.
func style(size int) string {
	var b strings.Builder
	b.WriteString("<style type=\"text/css\">\r\n<!--\r\n")
	for i := 0; b.Len() < size; i++ {
		fmt.Fprintf(&b, "p.MsoNormal%d, li.MsoNormal%d, div.MsoNormal%d {margin:0cm;margin-bottom:.0001pt;font-size:11.0pt;font-family:\"Calibri\",sans-serif;}\r\n", i, i, i)
	}
	return b.String() + "-->\r\n</style>"
}

// page is a text as HTML, filled up to about size bytes.
func page(text string, size int) string {
	return "<html><head>" + style(size-len(text)-200) + "</head><body><p class=\"MsoNormal0\">" +
		strings.ReplaceAll(strings.TrimSpace(text), "\n", "<br>\r\n") + "</p></body></html>"
}
