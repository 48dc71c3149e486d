package pec

import "time"

// Daticert is daticert.xml, the certification data a provider signs (RFC 6109 §4.4). Values are as
// signed, surrounding blanks off.
type Daticert struct {
	Type        string      // tipo
	Error       string      // errore
	Sender      string      // mittente
	Recipients  []Recipient // destinatari
	Replies     string      // risposte
	Subject     string      // oggetto
	Provider    string      // gestore-emittente
	Identifier  string      // identificativo
	MessageID   string      // msgid, angle brackets included as given
	ReceiptType string      // ricevuta/@tipo: completa, breve, sintetica
	Delivery    string      // consegna: the recipient a delivery receipt speaks of
	Received    []string    // ricezione
	Extended    string      // errore-esteso
	At          time.Time   // data, in the zone it names
}

// Recipient is one destinatario; Type is certificato or esterno.
type Recipient struct{ Address, Type string }

// The types of daticert.xml (RFC 6109 §4.4; the DTD's tipo).
const (
	TypeTransport      = "posta-certificata"
	TypeAcceptance     = "accettazione"
	TypeNonAcceptance  = "non-accettazione"
	TypeTakingCharge   = "presa-in-carico"
	TypeDelivery       = "avvenuta-consegna"
	TypeDeliveryError  = "errore-consegna"
	TypeDeliveryNotice = "preavviso-errore-consegna"
	TypeVirus          = "rilevazione-virus"
)

// receiptType reports whether a type is a receipt's.
func receiptType(t string) bool {
	switch t {
	case TypeAcceptance, TypeNonAcceptance, TypeTakingCharge, TypeDelivery, TypeDeliveryError, TypeDeliveryNotice, TypeVirus:
		return true
	}
	return false
}

// The bounds of daticert.xml.
const (
	maxDaticert   = 1 << 20
	maxRecipients = 10000
)

// daticertBuilder collects the values as the scanner meets them, and refuses what is given twice.
type daticertBuilder struct {
	d               Daticert
	day, hour, zone string
	given           uint32 // the elements met so far, by element.once
}

// parseDaticert reads daticert.xml strictly: one postacert element of the DTD's shape, nothing the
// proof rests on missing or doubled. Unknown elements are passed over.
func parseDaticert(b []byte) (*Daticert, error) {
	text, err := xmlText(b)
	if err != nil {
		return nil, err
	}
	s := xmlScanner{}
	if err := s.scan(text); err != nil {
		return nil, err
	}
	return s.to.finish()
}

// element is what the DTD says of one.
type element struct {
	depth  int
	within string
	once   uint32 // its bit in daticertBuilder.given; 0: it may be there more than once
}

// elements are those of the DTD. Out of its place one would be read by those who look for it everywhere, and passed over here.
var elements = map[string]element{
	"postacert": {1, "", 0}, "intestazione": {2, "postacert", 1 << 0}, "dati": {2, "postacert", 1 << 1},
	"mittente": {3, "intestazione", 1 << 2}, "destinatari": {3, "intestazione", 0}, "risposte": {3, "intestazione", 1 << 3}, "oggetto": {3, "intestazione", 1 << 4},
	"gestore-emittente": {3, "dati", 1 << 5}, "data": {3, "dati", 1 << 6}, "identificativo": {3, "dati", 1 << 7}, "msgid": {3, "dati", 1 << 8},
	"ricevuta": {3, "dati", 1 << 9}, "consegna": {3, "dati", 1 << 10}, "ricezione": {3, "dati", 0}, "errore-esteso": {3, "dati", 1 << 11},
	"giorno": {4, "data", 1 << 12}, "ora": {4, "data", 1 << 13},
}

// start is called for each element with its path and attributes. An element that may be there once is refused the second
// time, be it empty.
func (db *daticertBuilder) start(path []string, attrs []xmlAttr) error {
	name := path[len(path)-1]
	e, known := elements[name]
	switch {
	case len(path) == 1 && name != "postacert":
		return xmlError("the root element is not postacert")
	case !known:
		return nil
	case e.depth != len(path) || len(path) > 1 && e.within != path[len(path)-2]:
		return xmlError("the element " + name + " is not in its place")
	case db.given&e.once != 0:
		return xmlError("the element " + name + " is there twice")
	}
	db.given |= e.once
	switch name {
	case "postacert":
		db.d.Type, db.d.Error = attr(attrs, "tipo", ""), attr(attrs, "errore", "nessuno") // the DTD's default (RFC 6109 §4.4)
	case "destinatari":
		if len(db.d.Recipients) >= maxRecipients {
			return xmlError("too many recipients")
		}
		db.d.Recipients = append(db.d.Recipients, Recipient{Type: attr(attrs, "tipo", "certificato")})
	case "data":
		db.zone = attr(attrs, "zona", "")
	case "ricevuta":
		db.d.ReceiptType = attr(attrs, "tipo", "")
	}
	return nil
}

// text is called with the whole text of an element that has no children.
func (db *daticertBuilder) text(path []string, value string) {
	d := &db.d
	switch path[len(path)-1] {
	case "mittente":
		d.Sender = value
	case "destinatari":
		d.Recipients[len(d.Recipients)-1].Address = value
	case "risposte":
		d.Replies = value
	case "oggetto":
		d.Subject = value
	case "gestore-emittente":
		d.Provider = value
	case "identificativo":
		d.Identifier = value
	case "msgid":
		d.MessageID = value
	case "consegna":
		d.Delivery = value
	case "errore-esteso":
		d.Extended = value
	case "ricezione":
		if len(d.Received) < maxRecipients {
			d.Received = append(d.Received, value)
		}
	case "giorno":
		db.day = value
	case "ora":
		db.hour = value
	}
}

// finish checks what the proof rests on and puts the date together.
func (db *daticertBuilder) finish() (*Daticert, error) {
	d := db.d // a copy: the builder ends here
	switch {
	case db.given&elements["intestazione"].once == 0 || db.given&elements["dati"].once == 0:
		return nil, xmlError("intestazione or dati is missing")
	case d.Type == "" || d.Error == "":
		return nil, xmlError("tipo or errore is empty or missing")
	case d.Sender == "":
		return nil, xmlError("mittente is missing")
	case d.Identifier == "":
		return nil, xmlError("identificativo is missing")
	}
	at, err := daticertTime(db.day, db.hour, db.zone)
	if err != nil {
		return nil, err
	}
	d.At = at
	return &d, nil
}

// daticertTime reads giorno dd/mm/yyyy, ora hh:mm:ss and zona ±hhmm, or what zoneDigits takes for that.
func daticertTime(day, hour, zone string) (time.Time, error) {
	zone = zoneDigits(zone)
	if len(day) != 10 || len(hour) != 8 || len(zone) != 5 || (zone[0] != '+' && zone[0] != '-') ||
		day[2] != '/' || day[5] != '/' || hour[2] != ':' || hour[5] != ':' {
		return time.Time{}, xmlError("the date is not dd/mm/yyyy hh:mm:ss ±hhmm")
	}
	digits := day[:2] + day[3:5] + day[6:] + hour[:2] + hour[3:5] + hour[6:] + zone[1:]
	for i := 0; i < len(digits); i++ {
		if digits[i] < '0' || digits[i] > '9' {
			return time.Time{}, xmlError("the date is not dd/mm/yyyy hh:mm:ss ±hhmm")
		}
	}
	two := func(i int) int { return int(digits[i]-'0')*10 + int(digits[i+1]-'0') }
	year, month, dom := two(4)*100+two(6), time.Month(two(2)), two(0)
	offset := two(14)*3600 + two(16)*60
	if zone[0] == '-' {
		offset = -offset
	}
	t := time.Date(year, month, dom, two(8), two(10), two(12), 0, zoneOf(offset))
	if y, m, d := t.Date(); y != year || m != month || d != dom || two(8) > 23 || two(10) > 59 || two(12) > 60 ||
		two(14) > 14 || two(16) > 59 || year < 2005 {
		return time.Time{}, xmlError("there is no such date")
	}
	return t, nil
}

// zoneDigits writes a zone as the rules have it, ±hhmm: with a colon and as a name of Italian time it says the same.
func zoneDigits(zone string) string {
	switch {
	case zone == "CET":
		return "+0100"
	case zone == "CEST":
		return "+0200"
	case len(zone) == 6 && zone[3] == ':':
		return zone[:3] + zone[4:]
	}
	return zone
}

// Italian time has two offsets; envelopes need no zone of their own each.
var (
	zoneCET  = time.FixedZone("+0100", 3600)
	zoneCEST = time.FixedZone("+0200", 7200)
)

func zoneOf(offset int) *time.Location {
	switch offset {
	case 3600:
		return zoneCET
	case 7200:
		return zoneCEST
	}
	return time.FixedZone("", offset)
}

// attr is the value of an attribute, or what the DTD says of it when it is left out.
func attr(attrs []xmlAttr, name, absent string) string {
	for _, a := range attrs {
		if a.name == name {
			return trimBlanks(a.value)
		}
	}
	return absent
}
