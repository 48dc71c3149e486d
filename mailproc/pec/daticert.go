package pec

import (
	"slices"
	"time"
)

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
	head, data, at  int
	given           []string // the single elements met so far
}

// parseDaticert reads daticert.xml strictly: one postacert element of the DTD's shape, nothing the
// proof rests on missing or doubled. Unknown elements are passed over.
func parseDaticert(b []byte) (*Daticert, error) {
	text, err := xmlText(b)
	if err != nil {
		return nil, err
	}
	db := daticertBuilder{given: make([]string, 0, 12)}
	if err := scanXML(text, &db); err != nil {
		return nil, err
	}
	return db.finish()
}

// elementPlaces are where the elements of the DTD stand. Elsewhere one would be read by those who look for it everywhere, and passed over here.
var elementPlaces = map[string]struct {
	depth  int
	within string
}{
	"postacert": {1, ""}, "intestazione": {2, ""}, "dati": {2, ""},
	"mittente": {3, "intestazione"}, "destinatari": {3, "intestazione"}, "risposte": {3, "intestazione"}, "oggetto": {3, "intestazione"},
	"gestore-emittente": {3, "dati"}, "data": {3, "dati"}, "identificativo": {3, "dati"}, "msgid": {3, "dati"}, "ricevuta": {3, "dati"},
	"consegna": {3, "dati"}, "ricezione": {3, "dati"}, "errore-esteso": {3, "dati"},
	"giorno": {4, "data"}, "ora": {4, "data"},
}

// start is called for each element with its path and attributes.
func (db *daticertBuilder) start(path []string, attrs []xmlAttr) error {
	name := path[len(path)-1]
	if at, ok := elementPlaces[name]; ok && (at.depth != len(path) || at.within != "" && at.within != path[len(path)-2]) {
		return xmlError("the element " + name + " is not in its place")
	}
	switch len(path) {
	case 1:
		if name != "postacert" {
			return xmlError("the root element is not postacert")
		}
		db.d.Type, db.d.Error = attr(attrs, "tipo", ""), attr(attrs, "errore", "")
	case 2:
		if name == "intestazione" && twice(&db.head) || name == "dati" && twice(&db.data) {
			return xmlError("the element " + name + " is there twice")
		}
	case 3:
		switch {
		case path[1] == "intestazione" && name == "destinatari":
			if len(db.d.Recipients) >= maxRecipients {
				return xmlError("too many recipients")
			}
			db.d.Recipients = append(db.d.Recipients, Recipient{Type: attr(attrs, "tipo", "certificato")})
		case path[1] == "dati" && name == "data":
			if twice(&db.at) {
				return xmlError("the element data is there twice")
			}
			db.zone = attr(attrs, "zona", "")
		case path[1] == "dati" && name == "ricevuta":
			db.d.ReceiptType = attr(attrs, "tipo", "")
		}
	}
	return nil
}

// text is called with the whole text of an element that has no children.
func (db *daticertBuilder) text(path []string, value string) error {
	if len(path) == 4 && path[1] == "dati" && path[2] == "data" {
		switch path[3] {
		case "giorno":
			return db.once(&db.day, "giorno", value)
		case "ora":
			return db.once(&db.hour, "ora", value)
		}
		return nil
	}
	if len(path) != 3 {
		return nil
	}
	switch path[1] {
	case "intestazione":
		return db.header(path[2], value)
	case "dati":
		return db.facts(path[2], value)
	}
	return nil
}

func (db *daticertBuilder) header(name, value string) error {
	switch name {
	case "mittente":
		return db.once(&db.d.Sender, name, value)
	case "destinatari":
		db.d.Recipients[len(db.d.Recipients)-1].Address = value
	case "risposte":
		return db.once(&db.d.Replies, name, value)
	case "oggetto":
		return db.once(&db.d.Subject, name, value)
	}
	return nil
}

func (db *daticertBuilder) facts(name, value string) error {
	switch name {
	case "gestore-emittente":
		return db.once(&db.d.Provider, name, value)
	case "identificativo":
		return db.once(&db.d.Identifier, name, value)
	case "msgid":
		return db.once(&db.d.MessageID, name, value)
	case "consegna":
		return db.once(&db.d.Delivery, name, value)
	case "errore-esteso":
		return db.once(&db.d.Extended, name, value)
	case "ricezione":
		if len(db.d.Received) < maxRecipients {
			db.d.Received = append(db.d.Received, value)
		}
	}
	return nil
}

// once sets a value that may be given once. Empty elements set nothing: given twice, one of them
// empty, is still twice.
func (db *daticertBuilder) once(to *string, name, value string) error {
	if slices.Contains(db.given, name) {
		return xmlError("the element " + name + " is there twice")
	}
	db.given = append(db.given, name)
	*to = value
	return nil
}

// twice counts and reports the second time.
func twice(n *int) bool {
	*n++
	return *n > 1
}

// finish checks what the proof rests on and puts the date together.
func (db *daticertBuilder) finish() (*Daticert, error) {
	d := &db.d
	switch {
	case db.head == 0 || db.data == 0:
		return nil, xmlError("intestazione or dati is missing")
	case d.Type == "" || d.Error == "":
		return nil, xmlError("tipo or errore is missing")
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
	return d, nil
}

// daticertTime reads giorno dd/mm/yyyy, ora hh:mm:ss and zona ±hhmm.
func daticertTime(day, hour, zone string) (time.Time, error) {
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
