package rules

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"
)

func (s *Set) approve(r *run, a Act) error {
	if err := r.inState(Approved); err != nil {
		return err
	}
	if err := r.atRest(); err != nil {
		return err
	}
	if !r.c.Proved {
		return refuse("case %s: its sender is not proved, so it cannot be approved; reject it or answer it", r.c.ID)
	}
	if r.c.Erased() {
		return refuse("case %s: its request was erased by order, so nothing proves it any more; reject it, answer it or withdraw it", r.c.ID)
	}
	procedure := cmp.Or(a.Procedure, r.c.Procedure)
	p := s.Procedure(procedure)
	switch {
	case p == nil && procedure != "":
		return s.unknown(procedure)
	case p == nil:
		return refuse("case %s has no procedure yet: say which", r.c.ID)
	}
	if p.Letters["accolta"] == nil {
		return refuse("procedure %s has no letter of acceptance: answer the case instead", procedure)
	}
	taken, err := s.takes(r, p, a)
	if err != nil {
		return err
	}
	letter := r.c.approvalOwes()
	e := Event{Kind: Approved, Procedure: procedure, Outcome: Accept, Steps: p.Steps, Private: a.note()}
	if letter == "accolta" {
		e.Flags = []string{FlagAnew}
	}
	if letter == "" { // the acceptance that he has holds
		s.settle(r, e, questions...)
	} else {
		s.settle(r, e, replaced...)
		s.owe(r, letter, "", a.words(taken))
	}
	s.tellNewContacts(r, a)
	return r.err
}

// approvalOwes is the letter that an approval of the case owes its customer:
// back from a failed step he already has it, not twice. Who takes back what is
// done and cannot be undone is told so.
func (c *Case) approvalOwes() string {
	l := c.outcomeLetter()
	late := l != nil && l.Name == "revoca-tardiva" && c.Lasting()
	switch {
	case c.Lasting() && c.Reason == Revocation, late && l.State == Failed:
		return "revoca-tardiva"
	case late, l != nil && l.Name == "accolta" && l.State != Failed && (c.Lasting() || c.inForce(l)): // what was done was done as it said
		return ""
	}
	return "accolta"
}

// inForce reports whether a letter of acceptance still holds. Whoever took his
// request back, or is owed an answer again, is not bound by what it said; earlier
// versions wrote no more of that than this.
func (c *Case) inForce(l *Letter) bool {
	return !l.Past && c.Reason != Revocation && !(l.State.proved() && c.Answered.IsZero())
}

// tellNewContacts writes the outcome to the new contacts too, where the
// procedure has that letter and their address is known.
func (s *Set) tellNewContacts(r *run, a Act) {
	p := s.Procedure(r.c.Procedure)
	if p == nil || p.Letters["contatti"] == nil || r.err != nil {
		return
	}
	if text, err := s.Letter(r.c, "contatti", a.words(nil), r.now); err == nil { // no address known: nobody to tell
		s.oweText(r, "contatti", text)
	}
}

// reasoned refuses a rejection whose letter would give no reason, or one that is
// not so: codes without a text in the procedure need words beside them.
func (s *Set) reasoned(c *Case, a Act, now time.Time) error {
	own, procedure := strings.TrimSpace(a.Text) != "", cmp.Or(a.Procedure, c.Procedure)
	texts := s.RejectReasons(procedure)
	switch {
	case a.Procedure != "" && s.Procedure(a.Procedure) == nil:
		return s.unknown(a.Procedure)
	case a.Reason == "" && !own:
		return refuse("a rejection needs its reason: a code, or words of your own")
	case a.Reason != "" && !slices.Contains(AllReasons, a.Reason):
		return refuse("unknown reason %q: one of %s, or words of your own", a.Reason, strings.Join(codes(texts), ", "))
	case a.Reason != "" && !own && !slices.Contains(texts, a.Reason):
		return refuse("reason %s has no text in the letter of refusal: add words of your own, or write one of %s", a.Reason, strings.Join(codes(texts), ", "))
	case a.Reason == DocumentsLapsed && !c.TermPassed(now):
		return refuse("case %s: no term for documents has passed, so a letter that says so would not be true: choose another reason, or write it in words of your own", c.ID)
	}
	return nil
}

// TermPassed reports whether the customer was asked for documents, and their
// term has passed at now.
func (c *Case) TermPassed(now time.Time) bool { return !c.Until.IsZero() && now.After(c.Until) }

// unknown is the refusal of a procedure that is not there.
func (s *Set) unknown(procedure string) error {
	names := make([]string, len(s.Procedures))
	for i, p := range s.Procedures {
		names[i] = p.Name
	}
	return refuse("unknown procedure %q: one of %s", procedure, strings.Join(names, ", "))
}

func (s *Set) reject(r *run, a Act) error {
	if err := r.inState(EventRejected); err != nil {
		return err
	}
	if err := s.reasoned(r.c, a, r.now); err != nil {
		return err
	}
	if err := r.ending(); err != nil {
		return err
	}
	if r.c.Lasting() {
		return refuse("case %s: what was done of it cannot be taken back, so a letter of refusal would not be true: answer it in words of your own", r.c.ID)
	}
	s.settle(r, Event{Kind: EventRejected, Procedure: a.Procedure, Outcome: Reject, Reason: cmp.Or(a.Reason, OperatorDecides), Steps: r.c.giveBack(), Private: a.note()}, replaced...)
	s.owe(r, "respinta", "", a.words(map[string]string{"motivo_operatore": a.Text}))
	s.tellNewContacts(r, a)
	return r.err
}

func (s *Set) answer(r *run, a Act) error {
	if err := r.inState(EventAnswered); err != nil {
		return err
	}
	if strings.TrimSpace(a.Text) == "" {
		return refuse("an answer needs its text")
	}
	if a.Procedure != "" && s.Procedure(a.Procedure) == nil {
		return s.unknown(a.Procedure)
	}
	if err := r.ending(); err != nil {
		return err
	}
	s.settle(r, Event{Kind: EventAnswered, Procedure: a.Procedure, Outcome: Guide, Reason: OperatorDecides, Steps: r.c.giveBack()}, replaced...)
	text, err := s.Letter(r.c, "risposta", a.words(map[string]string{"testo": a.Text}), r.now)
	if err != nil {
		return fmt.Errorf("letter risposta of case %s: %w", r.c.ID, err)
	}
	text.Files = a.Files
	s.oweText(r, "risposta", text)
	return nil
}

func (s *Set) ask(r *run, a Act) error {
	if r.c.State == Waiting { // for something else: not what he was asked before
		s.settle(r, Event{Kind: Returned, Reason: r.c.Reason, Flags: []string{FlagInstead}}, questions...)
	}
	if err := r.inState(Asked); err != nil {
		return err
	}
	if len(a.Documents) == 0 {
		return refuse("say which documents are asked for")
	}
	until := s.Calendar.EndOfDay(s.Calendar.CustomerTerm(s.Calendar.Date(r.now), s.documentDays()))
	remind := s.Calendar.StartOfDay(s.Calendar.AddDays(s.Calendar.Date(r.now), (s.documentDays()+1)/2))
	r.add(Event{Kind: Asked, Until: &until, Warn: &remind, Private: &Private{Documents: a.Documents, Note: a.Text}})
	s.owe(r, "integrazione", "", a.words(map[string]string{"mancano": strings.Join(a.Documents, "; "), "perche": a.Text}))
	return nil
}

// documentDays is the term for documents, in calendar days.
func (s *Set) documentDays() int { return s.Settings.GiorniDocumenti }

func (s *Set) withdraw(r *run, a Act) error {
	if err := r.inState(Withdrew); err != nil {
		return err
	}
	if err := r.ending(); err != nil {
		return err
	}
	if a.Silent {
		return s.fallSilent(r, a)
	}
	return s.withdrawn(r, a, "")
}

func (s *Set) withdrawn(r *run, a Act, detail string) error {
	if err := r.ending(); err != nil {
		return err
	}
	letter := "revocata"
	if r.c.Lasting() {
		letter = "revoca-tardiva"
	}
	s.settle(r, Event{Kind: Withdrew, Outcome: None, Reason: Revocation, Detail: detail, Steps: r.c.giveBack(), Private: a.note()}, replaced...)
	s.owe(r, letter, "", a.words(nil))
	return r.err
}

// fallSilent ends a case without a letter: else one whose customer's mailbox
// takes none would come back for ever, and a forged sender would have to be
// written to. What the case came back for stays its reason.
func (s *Set) fallSilent(r *run, a Act) error {
	if !r.c.Deaf() {
		return refuse("case %s: it ends without a letter only where one could not be delivered, or its sender is not proved", r.c.ID)
	}
	if strings.TrimSpace(a.Text) == "" {
		return refuse("to end a case without a letter needs a note: how its customer was told, or why nobody is")
	}
	e := Event{Kind: Withdrew, Outcome: None, Reason: r.c.Reason, Steps: r.c.giveBack(), Private: a.note()}
	if r.c.Lasting() {
		e.Outcome = r.c.Outcome // it was carried out
	}
	s.settle(r, e, replaced...)
	return r.err
}

// Deaf reports whether a letter of the case could not be delivered, or is
// unheard of, or nobody is proved to be there to read one.
func (c *Case) Deaf() bool {
	return !c.Proved || slices.ContainsFunc(c.Letters, func(l Letter) bool {
		return l.State == Failed && len(l.Tries) > 0 || l.State == Taken && l.Told
	})
}

// stop takes an accepted case back to a person: what was begun ends, what was
// not does not begin, and an acceptance that has not gone out yet does not go.
func (s *Set) stop(r *run, a Act) error {
	if err := r.inState(Halted); err != nil {
		return err
	}
	e := Event{Kind: Halted, Reason: StoppedByPerson, Private: a.note()}
	if !r.c.Lasting() { // else what the customer was told holds still
		s.takeBack(r, &e)
	}
	r.add(e)
	return r.err
}

// questions are the letters that a decision takes the place of.
var questions = []string{"integrazione", "sollecito"}

// replaced are the letters that one with another outcome takes the place of.
var replaced = append([]string{"accolta", "respinta", "guida", "risposta", "revocata", "revoca-tardiva", "contatti"}, questions...)

// settle adds a decision of a person, or of the term that passed. It is instead of the letters of these names:
// those that wait go out no more, and those that failed, or that nobody knows the
// end of, are of the past, whatever becomes of them.
func (s *Set) settle(r *run, e Event, instead ...string) {
	s.onwards(r, &e)
	why := StoppedByPerson
	if r.author == "" {
		why = e.Reason
	}
	r.unsend(why, instead...)
	for i := range r.c.Letters {
		if l := &r.c.Letters[i]; !l.Past && l.State != Delivered && slices.Contains(instead, l.Name) {
			e.Letters = append(e.Letters, l.N)
		}
	}
	r.add(e)
}

// unsend ends letters of these names that were never tried, or not to the end.
func (r *run) unsend(why Reason, names ...string) {
	for _, l := range r.c.Letters {
		if (l.State == Owed || l.State == Held) && slices.Contains(names, l.Name) {
			r.add(Event{Kind: EventLetterFailed, Reason: why, Letter: &LetterRef{N: l.N, Name: l.Name, MessageID: l.MessageID}})
		}
	}
}

func (s *Set) reopen(r *run, a Act) error {
	if err := r.inState(Reopened); err != nil {
		return err
	}
	if r.c.Emptied() {
		return refuse("case %s: its content was removed when its retention ended, so nothing is left to decide; a new request makes a new case", r.c.ID)
	}
	e := Event{Kind: Reopened, Private: a.note()}
	s.takeBack(r, &e)
	r.add(e)
	return nil
}
