package rules

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"text/template"
	"time"
)

// Letter writes letter name of case c at now. extra are words that the case
// does not hold (see LetterWords); they win over the case's. The letter goes to
// whom the case is about: the certified sender, or for an unproved case who
// wrote. "contatti" goes to the new ordinary address that the request names
// (extra "email", or the field of that name).
//
// A letter to an ordinary address names no mailbox, and repeats no field.
func (s *Set) Letter(c *Case, name string, extra map[string]string, now time.Time) (LetterText, error) {
	out, _, err := s.letter(c, name, extra, now)
	return out, err
}

// letter also gives the text as the template made it, before layout closed its gaps.
func (s *Set) letter(c *Case, name string, extra map[string]string, now time.Time) (out LetterText, raw string, err error) {
	p := s.Procedure(c.Procedure)
	if p == nil {
		if c.Procedure != "" {
			return out, "", fmt.Errorf("no procedure %q", c.Procedure)
		}
		p = s.unknownProcedure()
	}
	t := p.Letters[name]
	if t == nil {
		return out, "", fmt.Errorf("procedure %q has no letter %q (one of: %s)", p.Name, name, strings.Join(sortedKeys(p.Letters), ", "))
	}
	w := writer{s: s, c: c, p: p, now: now, private: !c.Proved || name == "contatti"}
	if raw, err = w.text(t, extra); err != nil {
		return out, "", err
	}
	out = LetterText{To: clean(c.Mailbox), Subject: w.subject(), Text: layout(raw),
		InReplyTo: messageID(c.MessageID), References: references(c)}
	if name == "contatti" { // to who has written nothing: neither his answer, nor the customer's words
		out.To, out.InReplyTo, out.References = w.newAddress(extra), "", nil
		out.Subject = fmt.Sprintf("%s [Prot. %s]", p.Title, clean(c.ID))
		if out.To == "" {
			return out, "", fmt.Errorf("letter contatti of case %s: no new address is known — give it in \"email\"", c.ID)
		}
	}
	return out, raw, nil
}

// unknownProcedure writes the letters of a case whose procedure is not known yet.
func (s *Set) unknownProcedure() *Procedure {
	p := &Procedure{Title: "Richiesta al servizio PEC", Request: "assistenza sul servizio PEC",
		Letters: s.shared.letters, motives: s.shared.motives, ask: s.shared.ask}
	p.words = s.constants(p)
	return p
}

// render executes a template on its words.
func render(t *template.Template, words map[string]any) (string, error) {
	b := sheets.Get().(*bytes.Buffer)
	defer sheets.Put(b)
	b.Reset()
	if err := t.Execute(b, words); err != nil {
		// text/template says "template: file:3:5: executing "file" at <.x>: why".
		said := strings.TrimPrefix(err.Error(), "template: ")
		return "", errors.New(strings.Replace(said, fmt.Sprintf("executing %q at ", t.Name()), "", 1))
	}
	return b.String(), nil
}

// sheets and vocabularies are what letters are written on and with, again and again.
var (
	sheets       = sync.Pool{New: func() any { return new(bytes.Buffer) }}
	vocabularies = sync.Pool{New: func() any { return map[string]any{} }}
)

// writer makes the words of one letter.
type writer struct {
	s       *Set
	c       *Case
	p       *Procedure
	now     time.Time
	private bool   // it goes to an ordinary address: no mailbox, no field
	theirs  string // the customer's subject, once it was cleaned
	failed  error  // of a text within the letter
	within  int    // how many of them are being written, one in the other
	trace   *tracer
}

// render executes a template of the letter, with marks where it is traced.
func (w *writer) render(t *template.Template, words map[string]any) (string, error) {
	if w.trace != nil {
		t = w.trace.marked(t)
	}
	return render(t, words)
}

// text is the letter as its template gives it, before layout.
func (w *writer) text(t *template.Template, extra map[string]string) (string, error) {
	words := vocabularies.Get().(map[string]any)
	defer vocabularies.Put(words)
	clear(words)
	if err := w.words(words, extra); err != nil {
		return "", err
	}
	text, err := w.render(t, words)
	if err == nil {
		err = w.failed
	}
	return text, err
}

// words are all that a letter may say: every known word is there, if only empty.
func (w *writer) words(words map[string]any, extra map[string]string) error {
	maps.Copy(words, w.p.words)
	if !w.private {
		w.customer(words)
	}
	w.request(words)
	w.clocks(words)
	w.contacts(words, extra)
	for k, v := range extra {
		if k == "email" || k == "cellulare" {
			continue // masked by contacts
		}
		if _, ok := words[k]; !ok {
			return fmt.Errorf("unknown letter variable %q", k)
		}
		words[k] = w.extra(k, v)
	}
	return w.compose(words)
}

// customer adds what the request and the registry say: never to an ordinary address.
func (w *writer) customer(words map[string]any) {
	facts := w.c.Facts
	switch w.c.Reason {
	case OtherPEC, UnknownMailbox, HolderDiffers, OrderDiffers:
		facts = nil // they may be another's
	}
	for _, m := range []map[string]string{facts, w.c.Fields} {
		for k, v := range m {
			if _, ok := words[k]; ok && v != "" {
				words[k] = w.fact(k, v)
			}
		}
	}
	words["casella"] = value(w.c.Mailbox)
}

// fact writes a value of the case in Italian: dates, amounts, states.
func (w *writer) fact(name, v string) string {
	if len(v) >= len(time.DateOnly) && v[4] == '-' && v[7] == '-' {
		if d, err := ParseDate(v); err == nil {
			return italianDate(d)
		}
		if t, err := time.Parse(time.RFC3339, v); err == nil {
			return italianDate(w.s.Calendar.Date(t))
		}
	}
	switch {
	case w.isDay(name):
		if d, ok := dayWritten(v); ok {
			return italianDate(d)
		}
	case name == "importo":
		return amount(v)
	case name == "stato_casella" && known(StatusWords, v):
		return meaning(StatusWords, v)
	}
	return value(v)
}

// isDay reports whether a word of the case, or of an operator, is a day.
func (w *writer) isDay(name string) bool {
	return name == "disponibile_fino" || slices.ContainsFunc(w.p.Blanks, func(b Blank) bool { return b.Name == name && b.Kind == "date" })
}

// constants are the words of a procedure's letters that no case changes, and
// all the others, empty.
func (s *Set) constants(p *Procedure) map[string]any {
	words := make(map[string]any, len(LetterWords)+len(p.Blanks))
	for _, k := range LetterWords {
		words[k.Name] = ""
	}
	for _, b := range p.Blanks {
		words[b.Name] = ""
	}
	for name, v := range map[string]any{
		"gestore": s.Settings.Gestore, "firma": s.Settings.Firma, "telefono": s.Settings.Telefono, "orari": s.Settings.Orari,
		"url_informativa": s.Settings.URLInformativa, "url_assistenza": s.Settings.URLAssistenza, "url_pannello": s.Settings.URLPannello,
		"pannello_elimina": s.Settings.PannelloElimina, "pannello_rinnovo": s.Settings.PannelloRinnovo, "pannello_manuale": s.Settings.PannelloManuale,
		"pannello_password": s.Settings.PannelloPassword, "pannello_ricevute": s.Settings.PannelloRicevute, "pannello_stato": s.Settings.PannelloStato,
		"giorni_grazia": strconv.Itoa(s.Settings.GiorniGrazia), "casella_scaduta": s.Settings.CasellaScaduta,
		"minuti_attivazione": strconv.Itoa(s.Settings.MinutiAttivazione), "mesi_log": strconv.Itoa(s.Settings.MesiLog),
		"giorni_documenti": strconv.Itoa(s.Settings.GiorniDocumenti), "giorni_conservazione": strconv.Itoa(s.Settings.GiorniConservazione),
		"titolo": p.Title, "tipo": p.Request, "oggetto_richiesto": p.Subject,
	} {
		words[name] = v
	}
	if p.closes() {
		words["chiude"] = "sì"
	}
	if p.Form != nil {
		words["modulo"] = strings.ReplaceAll(strings.TrimSpace(p.Form.Text), "\n", "\n    ")
	}
	return words
}

// request adds what the letter answers.
func (w *writer) request(words map[string]any) {
	c, p := w.c, w.p
	words["protocollo"], words["precedente"] = value(c.ID), value(c.Previous)
	words["oggetto"] = w.theirSubject()
	words["indirizzo"] = value(w.s.Addresses[cmp.Or(p.Mailbox, c.To)])
	if c.Outcome == Accept || c.State == Accepted {
		words["accolta"] = "sì"
	}
	if c.givesBack() {
		words["torna_attiva"] = "sì"
	}
	if l := c.superseded(); l != nil {
		words["superata"] = italianDate(w.s.Calendar.Date(l.wentAt()))
	}
	words["campi"] = italianList(w.labels(c.Missing))
	items := make([]string, 0, len(c.Asked))
	for _, d := range c.Asked {
		items = append(items, "- "+value(d))
	}
	words["documenti"], words["mancano"] = strings.Join(items, "\n"), value(strings.Join(c.Asked, "; "))
}

// labels are the Italian names of blanks.
func (w *writer) labels(names []string) []string {
	out := make([]string, len(names))
	for i, n := range names {
		out[i] = value(n)
		for _, b := range w.p.Blanks {
			if b.Name == n {
				out[i] = b.Label
			}
		}
	}
	return out
}

// clocks adds the days and hours, all in the calendar's zone.
func (w *writer) clocks(words map[string]any) {
	cal, c := w.s.Calendar, w.c
	received := c.Received.In(cal.Zone)
	today := cal.Date(w.now)
	outcome := w.now
	if !c.Decided.IsZero() {
		outcome = c.Decided
	}
	words["data"], words["ora"] = italianDate(cal.Date(received)), received.Format("15:04")
	words["ricevuta"] = italianDate(cal.Date(received)) + ", ore " + received.Format("15:04")
	words["oggi"], words["data_esito"] = italianDate(today), italianDate(cal.Date(outcome))
	words["termine"] = w.s.termRule(w.p)
	words["inizio_log"] = italianDate(cal.AddMonths(cal.Date(received), -w.s.Settings.MesiLog))
	closing := today
	if n := w.p.readingDays(); n > 0 {
		// procedures.md §3: the day of the confirmation is not counted, and
		// the reading days do not move off a holiday.
		closing = cal.AddDays(today, n)
		words["giorni_lettura"], words["ultimo_giorno_lettura"] = numberWord(n), italianDate(closing)
	}
	words["data_cancellazione"] = italianDate(closing)
	words["fine_ricevute"] = italianDate(cal.AddMonths(closing, w.s.Settings.MesiLog))
	if !c.Due.IsZero() && c.State.Decidable() {
		words["scadenza"] = italianDate(cal.Date(c.Due))
	}
	if !c.Until.IsZero() {
		words["scadenza_integrazione"] = italianDate(cal.Date(c.Until))
	}
	if last, err := ParseDate(c.Facts["ultimo_giorno"]); err == nil && today.Compare(last) > 0 {
		words["termine_passato"] = "sì"
	}
}

// closes reports whether the mailbox ends with the procedure: its letter of
// acceptance says on which day.
func (p *Procedure) closes() bool {
	return slices.ContainsFunc(p.Steps, func(st Step) bool { return st.Do == stepClose })
}

// readingDays are the calendar days between reading only and the closing.
func (p *Procedure) readingDays() int {
	for _, st := range p.Steps {
		if n, unit, err := ParseSpan(st.After); st.Do == stepClose && err == nil && unit == "days" {
			return n
		}
	}
	return 0
}

// termRule is the term and the rule that counts it, as letters print it.
func (s *Set) termRule(p *Procedure) string {
	n := p.termDays()
	week, closures := "venerdì", ""
	if s.Calendar.Saturday {
		week = "sabato"
	}
	if len(s.Calendar.Closures) > 0 {
		closures = " e le chiusure del servizio"
	}
	days := "giorni lavorativi"
	if n == 1 {
		days = "giorno lavorativo"
	}
	return fmt.Sprintf("%s %s, dal lunedì al %s, escluse le festività nazionali%s; il giorno di arrivo non si conta", numberWord(n), days, week, closures)
}

// contacts adds the new contacts, masked.
func (w *writer) contacts(words map[string]any, extra map[string]string) {
	if a := w.newAddress(extra); a != "" {
		words["email"] = maskAddress(a)
	}
	if n := cmp.Or(extra["cellulare"], w.c.Fields["cellulare"]); n != "" {
		words["cellulare"] = maskNumber(n)
	}
}

func (w *writer) newAddress(extra map[string]string) string {
	a := clean(cmp.Or(extra["email"], w.c.Fields["email"]))
	if addressLike.FindString(a) != a {
		return ""
	}
	return a
}

// extra is a word that the case does not hold.
func (w *writer) extra(name, v string) string {
	switch name {
	case "testo", "perche", "motivo_operatore", "documenti", "mancano":
		return paragraphs(v)
	}
	return w.fact(name, v)
}

// later is a text of words that is written where a letter prints it: most
// print the closing, few how to ask rightly.
type later struct {
	w     *writer
	t     *template.Template
	words map[string]any
}

func (l later) String() string {
	if l.w.within == 2 { // there are two such texts: one of them prints itself, and would for ever
		l.w.failed = cmp.Or(l.w.failed, fmt.Errorf("%s:1: the text prints itself — take {{.chiusura}} or {{.come_chiedere}} out of it", l.t.Name()))
		return ""
	}
	l.w.within++
	defer func() { l.w.within-- }()
	text, err := l.w.render(l.t, l.words)
	if err != nil && l.w.failed == nil {
		l.w.failed = err
	}
	return strings.TrimSpace(text)
}

// compose adds the words that are texts of words: the reason and the closing.
func (w *writer) compose(words map[string]any) error {
	words["chiusura"], words["come_chiedere"] = later{w, w.s.shared.closing, words}, later{w, w.p.ask, words}
	t := w.p.motives[w.c.Reason]
	if t == nil {
		words["motivo"] = words["motivo_operatore"]
		words["motivo_operatore"] = ""
		return nil
	}
	text, err := w.render(t, words)
	if err != nil {
		return err
	}
	reason, remedy, _ := strings.Cut(text, motiveMark)
	words["motivo"], words["istruzioni"] = strings.TrimSpace(reason), strings.TrimSpace(remedy)
	return nil
}

// subject is "Re: … [Prot. 2026-000123]": one line, whatever the customer wrote.
func (w *writer) subject() string {
	return fmt.Sprintf("Re: %s [Prot. %s]", w.theirSubject(), clean(w.c.ID))
}

var (
	answerMark   = regexp.MustCompile(`(?i)^\s*(?:(?:re|r|rif|fwd?|i|aw)\s*:|posta certificata\s*:|anomalia messaggio\s*:)\s*`)
	protocolMark = regexp.MustCompile(`(?i)\s*\[Prot\.\s*\d{4}-\d{6,}\]`) // ours: another office's number stays
)

// theirSubject is the customer's subject without the marks of earlier
// answers. An ordinary writer's is given back without any address in it.
func (w *writer) theirSubject() string {
	if w.theirs == "" {
		w.theirs = w.cleanSubject()
	}
	return w.theirs
}

func (w *writer) cleanSubject() string {
	subject := clean(w.c.Subject)
	if strings.Contains(subject, "[") {
		subject = protocolMark.ReplaceAllString(subject, "")
	}
	for strings.Contains(subject, ":") {
		rest := answerMark.ReplaceAllString(subject, "")
		if rest == subject {
			break
		}
		subject = rest
	}
	if w.private {
		subject = addressLike.ReplaceAllString(subject, "…")
	}
	if subject = short(strings.TrimSpace(subject), maxSubject); subject == "" {
		return w.p.Title
	}
	return subject
}

// messageID is an identifier fit for a header, without angle brackets; ""
// when it is not one.
func messageID(id string) string {
	id = strings.Trim(strings.TrimSpace(id), "<>")
	if len(id) < 3 || len(id) > 250 {
		return ""
	}
	for _, c := range []byte(id) {
		if c <= ' ' || c > '~' || c == '<' || c == '>' {
			return ""
		}
	}
	return id
}

// references is the thread of the case: at most ten identifiers, the first
// and the last of them (RFC 5322 §3.6.4 asks for no more than a line can hold).
func references(c *Case) []string {
	var out []string
	for _, id := range append(append([]string{}, c.References...), c.MessageID) {
		if id = messageID(id); id != "" {
			out = append(out, id)
		}
	}
	if len(out) > 10 {
		out = append(out[:1:1], out[len(out)-9:]...)
	}
	return out
}
