package rules_test

import (
	"flag"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"sportello/rules"
	"sportello/templates"
)

var updateLetters = flag.Bool("update", false, "rewrite testdata/letters")

// Every letter of every procedure, as a person reads it: -update rewrites
// the files, the review reads the difference.
func TestLettersGolden(t *testing.T) {
	s := load(t, nil, rules.Settings{})
	want := map[string]bool{}
	for _, p := range s.Procedures {
		for _, l := range s.Samples(p.Name) {
			name := l.Name
			if l.Reason != "" {
				name += "." + string(l.Reason)
			}
			file := filepath.Join("testdata", "letters", p.Name, name+".txt")
			want[file] = true
			golden(t, file, fmt.Sprintf("To: %s\nSubject: %s\nIn-Reply-To: %s\n\n%s", l.To, l.Subject, l.InReplyTo, l.Text))
		}
	}
	have, err := filepath.Glob(filepath.Join("testdata", "letters", "*", "*.txt"))
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range have {
		if want[file] {
			continue
		}
		if *updateLetters {
			os.Remove(file)
			continue
		}
		t.Errorf("%s: no letter is of this name any more (-update removes it)", file)
	}
}

func golden(t *testing.T, file, got string) {
	t.Helper()
	if *updateLetters {
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatalf("%v (-update writes it)", err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s (-want +got):\n%s", file, diff)
	}
}

// What every letter owes its reader, whatever the procedure.
func TestLettersCommon(t *testing.T) {
	s := load(t, nil, rules.Settings{Gestore: "Posta Sicura", URLInformativa: "https://www.example.org/informativa", Telefono: "800 000 000", Orari: "9-18"})
	for _, p := range s.Procedures {
		for _, l := range s.Samples(p.Name) {
			at := p.Name + " " + l.Name + " " + string(l.Reason)
			for _, want := range []string{"2026-000123", "10:22", "lunedì 23 novembre 2026", "https://www.example.org/informativa", "Posta Sicura",
				"Per parlare con un operatore " + person(l), ", oppure telefoni al numero 800 000 000 (9-18)."} {
				if !strings.Contains(strings.Join(strings.Fields(l.Text), " "), want) {
					t.Errorf("%s: lacks %q", at, want)
				}
			}
			if strings.HasPrefix(l.Subject, "Re: ") == (l.InReplyTo == "") || !strings.HasSuffix(l.Subject, " [Prot. 2026-000123]") {
				t.Errorf("%s: subject %q", at, l.Subject)
			}
			for line := range strings.SplitSeq(l.Text, "\n") {
				if utf8.RuneCountInString(line) > 76 && strings.Contains(strings.TrimSpace(line), " ") {
					t.Errorf("%s: line longer than 76: %s", at, line)
				}
			}
			certified := strings.Contains(l.Text, "mario.rossi@pec.example.it")
			if private := strings.HasSuffix(l.To, "@example.org"); certified == private {
				t.Errorf("%s: to %s, names the mailbox: %v", at, l.To, certified)
			}
		}
	}
}

// person is how a letter says to reach one: the desk reads what proves no sender,
// but nobody is called by it, so an ordinary writer's reply would be answered by
// the desk itself.
func person(l rules.Sample) string {
	if strings.HasSuffix(l.To, "@example.org") {
		return "si rivolga all'assistenza (https://www.example.org/assistenza)"
	}
	return "risponda a questo messaggio lasciando invariato il numero di protocollo nell'oggetto"
}

// What all procedures share says nothing that only a closing means: who asks
// for a log, or for what a provider added, is not told to save his messages.
func TestSharedLettersSpeakOfNoClosing(t *testing.T) {
	text, err := fs.ReadFile(templates.FS, "README.md")
	if err != nil {
		t.Fatal(err)
	}
	s := load(t, readme(t, string(text)), rules.Settings{})
	for _, name := range []string{"cambio-intestatario", "richiesta-log", "variazione-contatti"} {
		for _, l := range s.Samples(name) {
			for _, word := range []string{"disattiv", "elimin", "salvare", "resta attiva"} {
				if strings.Contains(l.Text, word) {
					t.Errorf("%s %s %s speaks of a closing (%q):\n%s", name, l.Name, l.Reason, word, l.Text)
				}
			}
		}
	}
	closing := map[string]string{"presa-in-carico": "La invitiamo a salvare messaggi, allegati,", "revocata": "la casella resta attiva",
		"respinta mailbox_not_active": "la elimina Lei, dal pannello di controllo"}
	for _, name := range []string{"disattivazione", "recesso-rinnovo"} {
		for _, l := range s.Samples(name) {
			if want := closing[strings.TrimSpace(l.Name+" "+string(l.Reason))]; !strings.Contains(oneLine(l.Text), want) {
				t.Errorf("%s %s lacks %q:\n%s", name, l.Name, want, l.Text)
			}
		}
	}
}

// request is a case of disattivazione received on a day.
func request(t testing.TB, s *rules.Set, received string) *rules.Case {
	t.Helper()
	at, err := time.Parse(time.RFC3339, received)
	if err != nil {
		t.Fatal(err)
	}
	return &rules.Case{ID: "2026-000007", State: rules.Accepted, Outcome: rules.Accept, Procedure: "disattivazione", To: "disattivazioni",
		Mailbox: "anna.verdi@pec.example.it", Proved: true, Subject: "Disattivazione casella", Received: at, Due: s.Calendar.WorkingTerm(at, 3), Decided: at}
}

func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }

// The five days of reading: the first is not counted, and neither a Sunday
// nor a holiday moves them (procedures §3).
func TestReadingDays(t *testing.T) {
	s := load(t, nil, rules.Settings{})
	for received, want := range map[string]string{
		"2026-11-24T10:00:00+01:00": "Fino a domenica 29 novembre 2026 incluso (cinque giorni)",
		"2026-12-03T23:59:59+01:00": "Fino a martedì 8 dicembre 2026 incluso (cinque giorni)",
		"2026-12-27T00:00:00+01:00": "Fino a venerdì 1° gennaio 2027 incluso (cinque giorni)",
		"2027-02-25T23:30:00Z":      "Fino a mercoledì 3 marzo 2027 incluso (cinque giorni)",
		"2026-10-22T12:00:00+02:00": "Fino a martedì 27 ottobre 2026 incluso (cinque giorni)",
	} {
		c := request(t, s, received)
		l, err := s.Letter(c, "accolta", nil, c.Received)
		if err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(oneLine(l.Text), want) {
			t.Errorf("received %s: no %q in\n%s", received, want, l.Text)
		}
	}
}

// Instants are printed in Italian time, whatever the zone they came in.
func TestItalianTime(t *testing.T) {
	s := load(t, nil, rules.Settings{})
	for received, want := range map[string]string{
		"2026-11-23T23:30:00Z":      "pervenuto martedì 24 novembre 2026 alle ore 00:30 (ora italiana)",
		"2026-07-01T22:15:00Z":      "pervenuto giovedì 2 luglio 2026 alle ore 00:15 (ora italiana)",
		"2026-10-25T00:30:00Z":      "pervenuto domenica 25 ottobre 2026 alle ore 02:30 (ora italiana)",
		"2026-10-25T01:30:00Z":      "pervenuto domenica 25 ottobre 2026 alle ore 02:30 (ora italiana)",
		"2026-05-01T09:05:00+09:00": "pervenuto venerdì 1° maggio 2026 alle ore 02:05 (ora italiana)",
	} {
		c := request(t, s, received)
		l, err := s.Letter(c, "presa-in-carico", nil, c.Received)
		if err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(oneLine(l.Text), want) {
			t.Errorf("received %s: no %q in\n%s", received, want, l.Text)
		}
	}
}

func TestTermPrinted(t *testing.T) {
	cal, err := rules.NewCalendar("Europe/Rome", []string{"2026-12-07"}, true)
	if err != nil {
		t.Fatal(err)
	}
	s := load(t, nil, rules.Settings{})
	s.Calendar = cal
	c := request(t, s, "2026-12-04T10:00:00+01:00")
	c.State, c.Outcome = rules.InReview, rules.Review
	l, err := s.Letter(c, "presa-in-carico", nil, c.Received)
	if err != nil {
		t.Fatal(err)
	}
	want := "Risposta prevista entro: giovedì 10 dicembre 2026 (tre giorni lavorativi, dal lunedì al sabato, escluse le festività nazionali e le chiusure del servizio; il giorno di arrivo non si conta)."
	if !strings.Contains(oneLine(l.Text), want) {
		t.Errorf("no %q in\n%s", want, l.Text)
	}
}

// A letter to an ordinary writer repeats nothing of a mailbox, not even from
// the writer's own subject or the registry.
func TestOrdinaryWriterLearnsNothing(t *testing.T) {
	s := load(t, nil, rules.Settings{})
	for _, p := range s.Procedures {
		for _, name := range []string{"respinta", "guida", "presa-in-carico", "duplicato", "risposta"} {
			c := request(t, s, "2026-11-24T10:00:00+01:00")
			c.Procedure, c.Proved, c.Mailbox, c.Reason = p.Name, false, "qualcuno@example.org", rules.OrdinaryEmail
			c.State, c.Outcome = rules.Rejected, rules.Reject
			c.Subject = "chiudere anna.verdi@pec.example.it subito"
			c.Fields = map[string]string{"casella": "anna.verdi@pec.example.it", "titolare": "Anna Verdi", "ordine": "776655", "dominio": "pec.verdi.example.org"}
			c.Facts = map[string]string{"stato_casella": "expired", "scadenza_casella": "2027-03-04", "importo": "31,41", "ultimo_giorno": "2026-12-09"}
			l, err := s.Letter(c, name, map[string]string{"testo": "Scriva dalla casella."}, c.Received)
			if err != nil {
				t.Fatal(err)
			}
			if l.To != "qualcuno@example.org" {
				t.Errorf("%s %s goes to %s", p.Name, name, l.To)
			}
			for _, secret := range []string{"anna", "Verdi", "verdi", "776655", "risulta", "2027", "31,41", "9 dicembre"} {
				if strings.Contains(l.Subject+l.Text, secret) {
					t.Errorf("%s %s tells %q:\n%s\n%s", p.Name, name, secret, l.Subject, l.Text)
				}
			}
		}
	}
}

// Another's order is not told to whoever names its number.
func TestOtherPECLearnsNothing(t *testing.T) {
	s := load(t, nil, rules.Settings{})
	for _, reason := range []rules.Reason{rules.OtherPEC, rules.OrderDiffers} {
		c := request(t, s, "2026-11-24T10:00:00+01:00")
		c.Procedure, c.Reason, c.State, c.Outcome = "recesso-rinnovo", reason, rules.Rejected, rules.Reject
		c.Facts = map[string]string{"data_ordine": "2026-11-06", "ultimo_giorno": "2026-12-07", "importo": "31,41"}
		l, err := s.Letter(c, "respinta", nil, c.Received)
		if err != nil {
			t.Fatal(err)
		}
		for _, secret := range []string{"6 novembre", "7 dicembre", "31,41"} {
			if strings.Contains(l.Text, secret) {
				t.Errorf("%s: tells %q:\n%s", reason, secret, l.Text)
			}
		}
	}
}

func TestNewContacts(t *testing.T) {
	s := load(t, nil, rules.Settings{})
	c := request(t, s, "2026-11-24T10:00:00+01:00")
	c.Procedure = "variazione-contatti"
	c.Fields = map[string]string{"email": "anna.nuova@example.org", "cellulare": "+39 347 555 01 13", "titolare": "Anna Verdi"}
	l, err := s.Letter(c, "contatti", nil, c.Received)
	if err != nil {
		t.Fatal(err)
	}
	if l.To != "anna.nuova@example.org" || l.InReplyTo != "" || l.Subject != "Variazione dei contatti associati a una casella PEC [Prot. 2026-000007]" {
		t.Errorf("to %q, in reply to %q, %q", l.To, l.InReplyTo, l.Subject)
	}
	for _, want := range []string{"a***@e***.org", "*** *** 113", "approvata", "2026-000007", "Se non ha chiesto Lei questa modifica"} {
		if !strings.Contains(l.Text, want) {
			t.Errorf("lacks %q:\n%s", want, l.Text)
		}
	}
	own, err := s.Letter(c, "accolta", nil, c.Received)
	if err != nil {
		t.Fatal(err)
	}
	for _, secret := range []string{"anna.nuova", "347", "555"} {
		if strings.Contains(l.Text+own.Text, secret) {
			t.Errorf("tells %q", secret)
		}
	}
	if strings.Contains(l.Text, "pec.example.it") {
		t.Errorf("names the mailbox:\n%s", l.Text)
	}
	c.State, c.Outcome = rules.Rejected, rules.Reject
	if l, err = s.Letter(c, "contatti", nil, c.Received); err != nil || !strings.Contains(oneLine(l.Text), "restano validi i contatti precedenti") {
		t.Errorf("refused: %v\n%s", err, l.Text)
	}
	c.Fields = nil
	if _, err = s.Letter(c, "contatti", nil, c.Received); err == nil || !strings.Contains(err.Error(), "no new address is known") {
		t.Errorf("without an address: %v", err)
	}
}

// The outcome is told to a new address only where one is known, and the letters
// promise and say no more; the contacts are new once the step is done.
func TestNewContactsAreToldOnlyWhereKnown(t *testing.T) {
	s := load(t, nil, rules.Settings{})
	for email, told := range map[string]bool{"": false, "anna.nuova@example.org": true} {
		c := request(t, s, "2026-11-24T10:00:00+01:00")
		c.Procedure, c.Fields = "variazione-contatti", map[string]string{"email": email, "cellulare": "+39 347 555 01 13"}
		own, err := s.Letter(c, "accolta", nil, c.Received)
		if err != nil {
			t.Fatal(err)
		}
		if strings.Contains(oneLine(own.Text), "L'esito è comunicato anche al nuovo indirizzo e-mail.") != told || strings.Contains(own.Text, "ora validi") {
			t.Errorf("with the new address %q:\n%s", email, own.Text)
		}
	}
}

// Letters promise no more than holds: a withdrawal has its thirty days, and what
// ends a request is the term for its documents, not that of our answer.
func TestAskedAgainWithinItsTerm(t *testing.T) {
	s := load(t, nil, rules.Settings{})
	for _, p := range s.Procedures {
		for _, l := range s.Samples(p.Name) {
			if text := oneLine(l.Text); strings.Contains(text, "in qualsiasi momento") || strings.Contains(text, "non si conta). Trascorso il termine") {
				t.Errorf("%s %s %s:\n%s", p.Name, l.Name, l.Reason, l.Text)
			}
		}
	}
	c := request(t, s, "2026-11-24T10:00:00+01:00")
	c.Procedure, c.Facts = "recesso-rinnovo", map[string]string{"ultimo_giorno": "2026-12-07"}
	l, err := s.Letter(c, "revocata", nil, c.Received)
	if want := "entro 30 giorni dalla data dell'ordine (per questo ordine l'ultimo giorno utile è lunedì 7 dicembre 2026)."; err != nil || !strings.Contains(oneLine(l.Text), want) {
		t.Errorf("%v, no %q in\n%s", err, want, l.Text)
	}
}

// A person also accepts withdrawals in the customer's own words, and from first
// purchases: the letter says nothing of either that need not be so.
func TestWithdrawalAcceptedByAPerson(t *testing.T) {
	s := load(t, nil, rules.Settings{})
	c := request(t, s, "2026-11-24T10:00:00+01:00")
	c.Procedure, c.Reason = "recesso-rinnovo", rules.FirstPurchase
	l, err := s.Letter(c, "accolta", nil, c.Received)
	if err != nil || strings.Contains(l.Text, "rinnovo") || strings.Contains(l.Text, "come da Lei dichiarato") {
		t.Errorf("%v\n%s", err, l.Text)
	}
}

// A mailbox that expired already is not said to expire.
func TestExpiryInThePast(t *testing.T) {
	s := load(t, nil, rules.Settings{})
	c := request(t, s, "2026-11-24T10:00:00+01:00")
	c.Procedure, c.Facts = "rinnovo", map[string]string{"scadenza_casella": "2026-11-02", "stato_casella": "expired"}
	l, err := s.Letter(c, "guida", nil, c.Received)
	if err != nil || !strings.Contains(l.Text, "Scadenza della casella: lunedì 2 novembre 2026.") {
		t.Errorf("%v\n%s", err, l.Text)
	}
}

// A day that a customer or an operator wrote is printed as every other day is;
// what is none stays as it was written.
func TestDaysAsTheyWereWritten(t *testing.T) {
	s := load(t, nil, rules.Settings{})
	for written, want := range map[string]string{"01/03/2026": "domenica 1° marzo 2026", "1.3.26": "domenica 1° marzo 2026", "1 marzo 2026": "domenica 1° marzo 2026", "2026-03-01": "domenica 1° marzo 2026",
		"31/02/2026": "31/02/2026", "l'inizio dell'anno": "l'inizio dell'anno", "marzo": "marzo", "1 marzo": "1 marzo"} {
		c := request(t, s, "2026-11-24T10:00:00+01:00")
		c.Procedure, c.Fields = "richiesta-log", map[string]string{"periodo_da": written, "titolare": "1 marzo 2026"}
		l, err := s.Letter(c, "accolta", map[string]string{"periodo_a": written, "disponibile_fino": written}, c.Received)
		if text := oneLine(l.Text); err != nil || !strings.Contains(text, "Periodo: da "+want+" a "+want+".") || !strings.Contains(text, "fino a "+want+" incluso") {
			t.Errorf("%q: %v\n%s", written, err, l.Text)
		}
	}
}

func TestLetterMistakes(t *testing.T) {
	s := load(t, nil, rules.Settings{})
	c := request(t, s, "2026-11-24T10:00:00+01:00")
	for _, k := range []struct {
		procedure, name string
		extra           map[string]string
		want            string
	}{
		{"disattivazione", "acolta", nil, `has no letter "acolta" (one of: accolta, `},
		{"niente", "accolta", nil, `no procedure "niente"`},
		{"disattivazione", "accolta", map[string]string{"testa": "x"}, `unknown letter variable "testa"`},
	} {
		c.Procedure = k.procedure
		if _, err := s.Letter(c, k.name, k.extra, c.Received); err == nil || !strings.Contains(err.Error(), k.want) {
			t.Errorf("%s %s: %v, want %s", k.procedure, k.name, err, k.want)
		}
	}
	c.Procedure = ""
	if l, err := s.Letter(c, "presa-in-carico", nil, c.Received); err != nil || !strings.Contains(oneLine(l.Text), "riguardante: assistenza sul servizio PEC.") {
		t.Errorf("a case without a procedure: %v\n%s", err, l.Text)
	}
}

// Whatever a customer writes, the headers of the answer stay what they are.
func TestHeadersCannotBeInjected(t *testing.T) {
	s := load(t, nil, rules.Settings{})
	base := request(t, s, "2026-11-24T10:00:00+01:00")
	nasty := rapid.OneOf(rapid.String(), rapid.SampledFrom([]string{
		"Disattivazione casella\r\nBcc: spia@example.org", "a\nX: y", "\u202eatsop", "x\u2028To: a@example.org", "\x00\x1b[2J", "Re: R: Re: [Prot. 2026-000001] ciao",
		strings.Repeat("à", 5000), "<a@example.org>\r\n Bcc: b@example.org", "caf\xe9 \xff"}))
	rapid.Check(t, func(t *rapid.T) {
		c := *base
		c.Subject, c.MessageID = nasty.Draw(t, "subject"), nasty.Draw(t, "id")
		c.References = rapid.SliceOfN(nasty, 0, 20).Draw(t, "references")
		c.Mailbox = nasty.Draw(t, "mailbox")
		c.Fields = map[string]string{"titolare": nasty.Draw(t, "name")}
		l, err := s.Letter(&c, "respinta", map[string]string{"motivo_operatore": nasty.Draw(t, "words")}, c.Received)
		if err != nil {
			t.Fatal(err)
		}
		for _, h := range append([]string{l.To, l.Subject, l.InReplyTo}, l.References...) {
			if strings.ContainsFunc(h, func(r rune) bool { return unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r) }) || !utf8.ValidString(h) {
				t.Fatalf("header %q", h)
			}
		}
		if n := utf8.RuneCountInString(l.Subject); n > 160 || !strings.HasSuffix(l.Subject, "[Prot. 2026-000007]") {
			t.Fatalf("subject of %d: %q", n, l.Subject)
		}
		if strings.ContainsFunc(l.Text, func(r rune) bool { return r != '\n' && unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r) }) {
			t.Fatalf("text %q", l.Text)
		}
		if len(l.References) > 10 {
			t.Fatalf("%d references", len(l.References))
		}
	})
}

func TestSubjectKeepsTheCustomersWords(t *testing.T) {
	s := load(t, nil, rules.Settings{})
	for subject, want := range map[string]string{
		"Disattivazione casella":                           "Re: Disattivazione casella [Prot. 2026-000007]",
		"POSTA CERTIFICATA: Re: R: Disattivazione casella": "Re: Disattivazione casella [Prot. 2026-000007]",
		"R: Re: Disattivazione [Prot. 2026-000003]":        "Re: Disattivazione [Prot. 2026-000007]",
		"[Prot. 55/2026] Disattivazione casella":           "Re: [Prot. 55/2026] Disattivazione casella [Prot. 2026-000007]",
		"  Ri: doppio   spazio ":                           "Re: Ri: doppio spazio [Prot. 2026-000007]",
		"":                                                 "Re: Disattivazione anticipata di una casella PEC [Prot. 2026-000007]",
		"Re:":                                              "Re: Disattivazione anticipata di una casella PEC [Prot. 2026-000007]",
		"Recesso caffè <b>PEC</b>":                         "Re: Recesso caffè <b>PEC</b> [Prot. 2026-000007]",
		"chiusura anna.verdi@pec.example.it":               "Re: chiusura anna.verdi@pec.example.it [Prot. 2026-000007]",
		"Disattivazione\u200b ca\u00adsella":               "Re: Disattivazione casella [Prot. 2026-000007]",
		"Disattivazione casella\r\nBcc: spia@example.org":  "Re: Disattivazione casella Bcc: spia@example.org [Prot. 2026-000007]",
	} {
		c := request(t, s, "2026-11-24T10:00:00+01:00")
		c.Subject = subject
		l, err := s.Letter(c, "accolta", nil, c.Received)
		if err != nil {
			t.Fatal(err)
		}
		if l.Subject != want {
			t.Errorf("%q: %q, want %q", subject, l.Subject, want)
		}
	}
}

// A duplicate is told when the answer comes, or that it has come.
func TestDuplicate(t *testing.T) {
	s := load(t, nil, rules.Settings{})
	c := request(t, s, "2026-11-24T10:00:00+01:00")
	for state, want := range map[rules.State]string{
		rules.InReview: "La risposta è prevista entro venerdì 27 novembre 2026",
		rules.Accepted: "A quella richiesta abbiamo già dato risposta",
	} {
		c.State = state
		l, err := s.Letter(c, "duplicato", nil, c.Received)
		if err != nil || !strings.Contains(oneLine(l.Text), want) {
			t.Errorf("%s: %v, no %q in\n%s", state, err, want, l.Text)
		}
	}
}
