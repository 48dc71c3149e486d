package rules

import (
	"slices"
	"strings"
	"testing"
	"time"
)

// knownFacts are the facts of a mailbox that may be closed.
func knownFacts(m Message) Facts {
	return Facts{Registry: true, Ours: true, SHA1: "review", Read: m.Delivered,
		Mailbox: &MailboxFact{Address: m.Sender, Status: "active", Holder: "Mario Rossi"}}
}

func TestDecideProofAndFacts(t *testing.T) {
	s := defaultSet(t)
	s.Addresses = map[string]string{"disattivazioni": "disattivazioni@pec.example.com"}
	for name, c := range map[string]struct {
		change  func(m *Message, f *Facts)
		outcome Outcome
		reason  Reason
		letter  string
	}{
		"all is well":           {func(*Message, *Facts) {}, Accept, "", "accolta"},
		"signature invalid":     {func(m *Message, _ *Facts) { m.Problem, m.Sender = SignatureInvalid, "" }, None, SignatureInvalid, ""},
		"signature untrusted":   {func(m *Message, _ *Facts) { m.Problem, m.Sender = SignatureUntrusted, "" }, None, SignatureUntrusted, ""},
		"parts contradict":      {func(m *Message, _ *Facts) { m.Problem, m.Sender = EnvelopeInconsistent, "" }, Review, EnvelopeInconsistent, ""},
		"no sender":             {func(m *Message, _ *Facts) { m.Sender = "" }, None, SignatureMissing, ""},
		"receipt":               {func(m *Message, _ *Facts) { m.Kind = Receipt }, None, IsReceipt, ""},
		"unreadable":            {func(m *Message, _ *Facts) { m.Kind = Unreadable }, None, UnreadableMessage, ""},
		"ordinary":              {func(m *Message, _ *Facts) { ordinaryMail(m) }, Reject, OrdinaryEmail, "respinta"},
		"ordinary, automatic":   {func(m *Message, _ *Facts) { ordinaryMail(m); m.Automatic = true }, None, AutomaticMail, ""},
		"ordinary, from nobody": {func(m *Message, _ *Facts) { ordinaryMail(m); m.Claimed = "" }, None, OrdinaryEmail, ""},
		"claims to be us":       {func(m *Message, _ *Facts) { ordinaryMail(m); m.Claimed = "Disattivazioni@pec.example.com" }, None, OwnAddress, ""},
		"from ourselves":        {func(m *Message, _ *Facts) { m.Sender = "disattivazioni@pec.example.com" }, None, OwnAddress, ""},
		"automatic":             {func(m *Message, _ *Facts) { m.Automatic = true }, Review, AutomaticMail, ""},
		"weak digest":           {func(m *Message, _ *Facts) { m.Notes = []string{"weak_digest"} }, Review, WeakDigest, "presa-in-carico"},
		"weak digest accepted":  {func(m *Message, f *Facts) { m.Notes, f.SHA1 = []string{"weak_digest"}, "accept" }, Accept, "", "accolta"},
		"weak digest refused":   {func(m *Message, f *Facts) { m.Notes, f.SHA1 = []string{"weak_digest"}, "reject" }, None, WeakDigest, ""},
		"from the future":       {func(m *Message, _ *Facts) { m.Sent = m.Delivered.Add(6 * time.Minute) }, Review, DateDoubtful, "presa-in-carico"},
		"a minute ahead":        {func(m *Message, _ *Facts) { m.Sent = m.Delivered.Add(time.Minute) }, Accept, "", "accolta"},
		"26 hours before":       {func(m *Message, _ *Facts) { m.Sent = m.Delivered.Add(-26 * time.Hour) }, Review, DateDoubtful, "presa-in-carico"},
		"24.5 hours before":     {func(m *Message, _ *Facts) { m.Sent = m.Delivered.Add(-24*time.Hour - 30*time.Minute) }, Accept, "", "accolta"},
		"no delivery":           {func(m *Message, _ *Facts) { m.Delivered = time.Time{} }, Accept, "", "accolta"},
		"no registry":           {func(_ *Message, f *Facts) { f.Registry, f.Mailbox = false, nil }, Review, RegistryMissing, "presa-in-carico"},
		"registry down":         {func(_ *Message, f *Facts) { f.Down, f.Mailbox = "timeout", nil }, Review, RegistryDown, "presa-in-carico"},
		"not ours":              {func(_ *Message, f *Facts) { f.Ours, f.Mailbox = false, nil }, Reject, UnknownMailbox, "respinta"},
		"unknown":               {func(_ *Message, f *Facts) { f.Mailbox = nil }, Reject, UnknownMailbox, "respinta"},
		"not active":            {func(_ *Message, f *Facts) { f.Mailbox.Status = "not_active" }, Reject, MailboxNotActive, "respinta"},
		"read only":             {func(_ *Message, f *Facts) { f.Mailbox.Status = "read_only" }, Review, MailboxNotActive, "presa-in-carico"},
		"expired by date":       {func(m *Message, f *Facts) { f.Mailbox.Expires = m.Sent.AddDate(0, 0, -3) }, Review, Ambiguous, "presa-in-carico"},
		"other holder":          {func(_ *Message, f *Facts) { f.Mailbox.Holder = "Anna Bianchi" }, Review, HolderDiffers, "presa-in-carico"},
		"other mailbox":         {func(m *Message, _ *Facts) { m.Sender = "anna.bianchi@pec.example.it" }, Reject, OtherPEC, "respinta"},
		"a slip":                {func(m *Message, _ *Facts) { m.Sender = "mario.rosi@pec.example.it" }, Review, OtherPEC, "presa-in-carico"},
		"other ending":          {func(m *Message, _ *Facts) { m.Sender = "mario.rossi@pec.example.com" }, Review, OtherPEC, "presa-in-carico"},
		"other and not active":  {func(m *Message, f *Facts) { m.Sender, f.Mailbox.Status = "anna.bianchi@pec.example.it", "not_active" }, Reject, MailboxNotActive, "respinta"},
		"other and not ours":    {func(m *Message, f *Facts) { m.Sender, f.Mailbox, f.Ours = "avv@pec.example.org", nil, false }, Reject, OtherPEC, "respinta"},
		"subject and not ours":  {func(m *Message, f *Facts) { m.Subject, f.Mailbox, f.Ours = "Richiesta", nil, false }, Reject, UnknownMailbox, "respinta"},
		"wrong subject":         {func(m *Message, _ *Facts) { m.Subject = "Richiesta" }, Reject, SubjectNotConforming, "respinta"},
		"subject and no blank": {func(m *Message, _ *Facts) {
			m.Subject, m.Text = "Richiesta", strings.Replace(m.Text, "Mario Rossi", "____", 1)
		}, Reject, SubjectNotConforming, "respinta"},
		"no name":               {func(m *Message, _ *Facts) { m.Text = strings.Replace(m.Text, "Mario Rossi", "____", 1) }, Reject, MissingFields, "respinta"},
		"other words":           {func(m *Message, _ *Facts) { m.Text = "Vorrei disattivare la mia casella." }, Reject, BodyNotConforming, "respinta"},
		"other request mailbox": {func(m *Message, _ *Facts) { m.Mailbox = "customer.service" }, Review, OperatorDecides, "presa-in-carico"},
		"same request open":     {func(_ *Message, f *Facts) { f.Open = []OpenCase{{"2026-000007", "disattivazione", Accepted}} }, None, Duplicate, "duplicato"},
		"other request open":    {func(_ *Message, f *Facts) { f.Open = []OpenCase{{"2026-000007", "recesso-rinnovo", InReview}} }, Review, Ambiguous, "presa-in-carico"},
		"refused before":        {func(_ *Message, f *Facts) { f.Open = []OpenCase{{"2026-000007", "disattivazione", Rejected}} }, Accept, "", "accolta"},
		"names an open case": {func(m *Message, f *Facts) {
			m.Subject += " [Prot. 2026-000007]"
			f.Open = []OpenCase{{"2026-000007", "disattivazione", Waiting}}
		}, Review, OperatorDecides, ""},
	} {
		m := request("Disattivazione casella", plainRequest)
		f := knownFacts(m)
		c.change(&m, &f)
		d := s.Decide(m, s.Read(m), f)
		if d.Outcome != c.outcome || d.Reason != c.reason || d.Letter != c.letter {
			t.Errorf("%s: %s %q letter %q, want %s %q %q\n\t%v", name, d.Outcome, d.Reason, d.Letter, c.outcome, c.reason, c.letter, d.Reasons)
		}
		if d.Letter != "" && d.To == "" {
			t.Errorf("%s: a letter to nobody", name)
		}
		if m.Sender == "" && d.Mailbox != "" || m.Kind != Transport && (d.Mailbox != "" || len(d.Fields) > 0) {
			t.Errorf("%s: an unproved message gave mailbox %q, fields %v", name, d.Mailbox, d.Fields)
		}
	}
}

func ordinaryMail(m *Message) {
	m.Kind, m.Signature, m.Problem, m.Claimed, m.Sender, m.Sent = Ordinary, "missing", SignatureMissing, "mario@example.org", "", time.Time{}
}

// The withdrawal's 30 days, on the customer's clock.
func TestDecideWithdrawal(t *testing.T) {
	s := defaultSet(t)
	order := func(day string) Order {
		return Order{Number: "300123456", Address: "mario.rossi@pec.example.it", Kind: "auto_renewal", Panel: "MROSSI-EURO", Amount: "30,50", Date: s.Calendar.StartOfDay(mustDay(t, day))}
	}
	beside := func(m *Message, words string) { m.Text = strings.Replace(m.Text, "300123456", "300123456"+words, 1) }
	for name, c := range map[string]struct {
		sent    string
		order   Order
		change  func(o *Order, m *Message)
		outcome Outcome
		reason  Reason
	}{
		"first day":            {"2026-09-10T12:00:00+02:00", order("2026-09-10"), nil, Accept, ""},
		"last day, 23:59":      {"2026-10-10T23:59:59+02:00", order("2026-09-10"), nil, Accept, ""},
		"the day after":        {"2026-10-11T00:00:00+02:00", order("2026-09-10"), nil, Reject, Outside30Days},
		"Sunday and holiday":   {"2026-10-05T23:00:00+02:00", order("2026-09-04"), nil, Accept, ""},
		"after it":             {"2026-10-06T00:00:01+02:00", order("2026-09-04"), nil, Reject, Outside30Days},
		"still the day in UTC": {"2026-10-10T22:30:00Z", order("2026-09-10"), nil, Reject, Outside30Days},
		"first purchase":       {"2026-09-12T12:00:00+02:00", order("2026-09-10"), func(o *Order, _ *Message) { o.Kind = "first_purchase" }, Review, FirstPurchase},
		"first purchase, late": {"2026-12-12T12:00:00+01:00", order("2026-09-10"), func(o *Order, _ *Message) { o.Kind = "first_purchase" }, Review, FirstPurchase},
		"other's order":        {"2026-12-12T12:00:00+01:00", order("2026-09-10"), func(o *Order, _ *Message) { o.Address = "x@pec.example.it" }, Review, OrderDiffers},
		"other panel":          {"2026-09-12T12:00:00+02:00", order("2026-09-10"), func(o *Order, _ *Message) { o.Panel = "ALTRO-EURO" }, Review, OrderDiffers},
		"unknown order":        {"2026-09-12T12:00:00+02:00", Order{}, nil, Review, OrderUnknown},
		"order to come":        {"2026-09-01T12:00:00+02:00", order("2026-09-10"), nil, Review, Ambiguous},
		"its sum beside it":    {"2026-09-12T12:00:00+02:00", order("2026-09-10"), func(_ *Order, m *Message) { beside(m, " (di € 30,50)") }, Accept, ""},
		"sum and date":         {"2026-09-12T12:00:00+02:00", order("2026-09-10"), func(_ *Order, m *Message) { beside(m, " del 10/09/2026, importo 30.5 euro") }, Accept, ""},
		"another sum":          {"2026-09-12T12:00:00+02:00", order("2026-09-10"), func(_ *Order, m *Message) { beside(m, " (di € 61,00)") }, Review, Ambiguous},
		"a sum not known":      {"2026-09-12T12:00:00+02:00", order("2026-09-10"), func(o *Order, m *Message) { o.Amount = ""; beside(m, " da 61 euro") }, Review, Ambiguous},
		"more than the sum":    {"2026-09-12T12:00:00+02:00", order("2026-09-10"), func(_ *Order, m *Message) { beside(m, " (di € 30,50 o 61)") }, Review, OtherWording},
		"a sum that is none":   {"2026-09-12T12:00:00+02:00", order("2026-09-10"), func(_ *Order, m *Message) { beside(m, " (non di € 30,50)") }, Review, DangerSign},
		"first purchase, a blank left": {"2026-09-12T12:00:00+02:00", order("2026-09-10"), func(o *Order, m *Message) {
			o.Kind = "first_purchase"
			m.Text = strings.Replace(m.Text, "Mario Rossi", "_____", 1)
		}, Review, FirstPurchase},
	} {
		m := request("Recesso", strings.Split(withdrawals, "\n")[0])
		m.Mailbox, m.Sent = "customer.service", instantOf(t, c.sent)
		m.Delivered = m.Sent.Add(time.Second)
		if c.change != nil {
			c.change(&c.order, &m)
		}
		f := knownFacts(m)
		r := s.Read(m)
		if r.Outcome == Accept && !slices.Equal(r.Orders, []string{"300123456"}) {
			t.Fatalf("%s: orders %v", name, r.Orders)
		}
		if c.order.Number != "" {
			f.Orders = []Order{c.order}
		}
		d := s.Decide(m, r, f)
		if d.Outcome != c.outcome || d.Reason != c.reason {
			t.Errorf("%s: %s %q, want %s %q\n\t%v", name, d.Outcome, d.Reason, c.outcome, c.reason, d.Reasons)
		}
		if d.Reason == Outside30Days && (d.Facts["ultimo_giorno"] == "" || d.Facts["data_invio"] == "") {
			t.Errorf("%s: facts %v", name, d.Facts)
		}
	}
}

// Words beside the form that are not understood need a person where the request
// can be carried out; where it cannot, whatever they mean, its remedy is told. A
// sign, or another doubt, is a person's all the same, and so is a withdrawal.
func TestWordsBesideWhatCannotBeDone(t *testing.T) {
	s := defaultSet(t)
	const unclear, wrongName = "\nScrivo da quest'altra mia perché della vecchia ho perso la password.", "\nL'abbiamo creata con il nome sbagliato, ne faremo un'altra."
	other := strings.Replace(coreForm, "mario.rossi@", "rossi.traduzioni@", 1)
	for name, c := range map[string]struct {
		subject, text, status string
		outcome               Outcome
		reason                Reason
	}{
		"of the sender, active":     {"Disattivazione casella", coreForm + unclear, "active", Review, OtherWording},
		"not active yet":            {"Disattivazione casella", coreForm + wrongName, "not_active", Reject, MailboxNotActive},
		"of another":                {"Disattivazione casella", other + unclear, "active", Reject, OtherPEC},
		"of another, and forwarded": {"I: Disattivazione casella", other + unclear + "\n\n-----Messaggio originale-----\nDa: Ada\nInviato: ieri\nA: Mario\nOggetto: modulo\n\n" + other, "active", Review, DangerSign},
		"nearly the sender":         {"Disattivazione casella", strings.Replace(coreForm, "mario.rossi@", "mario.rosi@", 1) + unclear, "active", Review, OtherWording},
		"a sign beside it":          {"Disattivazione casella", other + "\nNon chiudetela prima di gennaio.", "active", Review, DangerSign},
		"a withdrawal":              {"Recesso", strings.Replace(coreWithdrawal, "mario.rossi@", "rossi.traduzioni@", 1) + unclear, "active", Review, OtherWording},
	} {
		m := request(c.subject, c.text)
		if c.subject == "Recesso" {
			m.Mailbox = "customer.service"
		}
		f := knownFacts(m)
		f.Mailbox.Status = c.status
		if d := s.Decide(m, s.Read(m), f); d.Outcome != c.outcome || d.Reason != c.reason {
			t.Errorf("%s: %s %s, want %s %s\n\t%v", name, d.Outcome, d.Reason, c.outcome, c.reason, d.Reasons)
		}
	}
}

func mustDay(t testing.TB, s string) Date { t.Helper(); return day(t, s) }

func TestRevocationJoins(t *testing.T) {
	s := defaultSet(t)
	open := []OpenCase{{"2026-000007", "disattivazione", Accepted}}
	for name, m := range map[string]Message{
		"by number":          request("Re: Disattivazione casella [Prot. 2026-000007]", "Revoco la richiesta in oggetto. Non disattivate la casella."),
		"without a number":   request("Revoca", "Revoco la mia richiesta di disattivazione."),
		"number in the text": request("Annullamento", "Annullo la richiesta protocollo 2026-000007."),
		"the form quoted":    request("Revoca", "Ritiro la seguente richiesta.\n\n> "+coreForm),
		"the form pasted":    request("Disattivazione casella", "Ritiro la seguente richiesta: "+coreForm),
	} {
		f := knownFacts(m)
		f.Open = open
		d := s.Decide(m, s.Read(m), f)
		if d.Joins != "2026-000007" || d.Outcome != Review || d.Reason != Revocation {
			t.Errorf("%s: joins %q, %s %q %v", name, d.Joins, d.Outcome, d.Reason, d.Reasons)
		}
		f.Open = nil
		if d := s.Decide(m, s.Read(m), f); d.Outcome != Review {
			t.Errorf("%s, nothing open: %s %q", name, d.Outcome, d.Reason)
		}
	}
}

// A revocation follows the request that it names, and no earlier revocation: its
// letter would say that this one was taken back.
func TestRevocationFollowsNoRevocation(t *testing.T) {
	s := defaultSet(t)
	for text, want := range map[string]string{"Revoco la mia richiesta. Cordiali saluti": "", "Annullo la richiesta protocollo 2026-000004.": "2026-000004"} {
		m := request("Revoca", text)
		f := knownFacts(m)
		f.Closed = []OpenCase{{"2026-000005", "revoca", Closed}, {"2026-000004", "disattivazione", Closed}}
		if d := s.Decide(m, s.Read(m), f); d.Procedure != "revoca" || d.Previous != want {
			t.Errorf("%s: %s follows %q, want %q", text, d.Procedure, d.Previous, want)
		}
	}
}

// A request taken back of which none is open, or more than one, says so to whoever decides it.
func TestRevocationOfNoneOrOfSeveral(t *testing.T) {
	s := defaultSet(t)
	m := request("Revoca", "Revoco la mia richiesta. Cordiali saluti")
	for open, want := range map[int]string{0: "No request of this mailbox is open that it could take back.", 2: "it does not say which it takes back: 2026-000007, 2026-000008."} {
		f := knownFacts(m)
		f.Open = []OpenCase{{"2026-000007", "disattivazione", Accepted}, {"2026-000008", "recesso-rinnovo", InReview}}[:open]
		d := s.Decide(m, s.Read(m), f)
		if d.Joins != "" || d.Reason != Revocation || !strings.Contains(strings.Join(d.Reasons, " "), want) {
			t.Errorf("%d open: %+v, want %q", open, d, want)
		}
	}
}
