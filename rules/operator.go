package rules

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"
)

// Act is what an operator does to a case.
type Act struct {
	Verb      string       `json:"verb"`              // approve, reject, ask, answer, done, retry, note, withdraw, stop, reopen, release, resend
	Author    string       `json:"author"`            // who
	Version   int          `json:"version,omitempty"` // of the case he saw; 0: any
	Reason    Reason       `json:"reason,omitempty"`  // reject
	Text      string       `json:"text,omitempty"`    // note; the reason in words; the answer
	Documents []string     `json:"documents,omitempty"`
	Files     []LetterFile `json:"files,omitempty"`     // answer
	Procedure string       `json:"procedure,omitempty"` // approve or reject as this procedure, when the desk could not tell
	N         int          `json:"n,omitempty"`         // step or letter
	// Words go into the letter: what its template asks for besides the case
	// (dove, disponibile_fino, periodo_da, email, …; templates/README.md).
	Words map[string]string `json:"words,omitempty"`
}

// Verbs lists what an operator can do, in the order the console shows it.
var Verbs = []string{"approve", "reject", "ask", "answer", "done", "retry", "note", "withdraw", "stop", "reopen", "release", "resend"}

// ErrStale says that the case changed since the operator saw it.
var ErrStale = errors.New("the case has changed since it was shown")

// ErrRefused says that the act is not possible in the case's state.
type ErrRefused struct{ Why string }

func (e *ErrRefused) Error() string { return e.Why }

func refuse(format string, args ...any) error { return &ErrRefused{Why: fmt.Sprintf(format, args...)} }

// Perform makes the events of an operator's act on c. Errors: ErrStale when
// the case moved meanwhile, *ErrRefused when its state or the act's content
// does not allow it.
func (s *Set) Perform(c *Case, a Act, now time.Time) ([]Event, error) {
	if a.Version != 0 && a.Version != c.Version {
		return nil, fmt.Errorf("case %s: %w", c.ID, ErrStale)
	}
	if a.Author == "" {
		return nil, refuse("an act needs its author")
	}
	act, ok := s.acts()[a.Verb]
	if !ok {
		return nil, refuse("unknown verb %q (one of: %s)", a.Verb, strings.Join(Verbs, ", "))
	}
	r := s.run(c, c.ID, now)
	r.author = a.Author
	if err := act(r, a); err != nil {
		return nil, err
	}
	return r.events, r.err
}

func (s *Set) acts() map[string]func(*run, Act) error {
	return map[string]func(*run, Act) error{
		"approve": s.approve, "reject": s.reject, "ask": s.ask, "answer": s.answer, "done": s.done, "retry": s.retry,
		"note": s.note, "withdraw": s.withdraw, "stop": s.stop, "reopen": s.reopen, "release": s.release, "resend": s.resend,
	}
}

func (a Act) note() *Private {
	p := &Private{Note: a.Text}
	return p
}

// inState is the refusal of an act in a state that does not allow it.
func (r *run) inState(kind EventKind) error {
	if _, ok := r.c.State.Next(kind, ""); ok {
		return nil
	}
	verb := string(kind)
	for v, k := range decisions {
		if k == kind {
			verb = v
		}
	}
	return refuse("case %s is %s (decided by %s): %s is not possible now; possible: %s", r.c.ID, r.c.State, cmp.Or(r.c.DecidedBy, "the desk"), verb, strings.Join(r.c.Verbs(), ", "))
}

// atRest is the refusal of an act while a step is being carried out: nobody
// knows yet what its letter may say, and planned anew it would run twice.
func (r *run) atRest() error {
	if i := slices.IndexFunc(r.c.Steps, func(st StepRun) bool { return st.State == StepRunning }); i >= 0 {
		return refuse("case %s: its step %s is being carried out this moment: try again when it has ended", r.c.ID, r.c.Steps[i].Do)
	}
	return nil
}

// ending is the refusal of an act that ends a case while what was done of it
// cannot be taken back, and the rest is still owed: a mailbox closed, and its
// refund forgotten.
func (r *run) ending() error {
	if err := r.atRest(); err != nil {
		return err
	}
	if st := r.c.owesStep(); st != nil && r.c.Lasting() {
		return refuse("case %s: what was done of it cannot be taken back, and its step %s is still owed: approve carries it out", r.c.ID, st.Do)
	}
	return nil
}

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
	letter := r.c.approvalOwes()
	e := Event{Kind: Approved, Procedure: procedure, Outcome: Accept, Steps: p.Steps, Private: a.note()}
	if letter == "accolta" {
		e.Flags = []string{FlagAnew}
	}
	if letter == "" { // the acceptance that he has holds
		s.settle(r, e, questions...)
	} else {
		s.settle(r, e, replaced...)
		s.owe(r, letter, "", a.words(nil))
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

// words are the operator's, under what the verb itself says.
func (a Act) words(own map[string]string) map[string]string {
	out := maps.Clone(a.Words)
	for k, v := range own {
		setOnce(&out, k, v)
	}
	return out
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

// reasoned refuses a rejection whose letter would give no reason: codes without
// a text in the procedure need words beside them.
func (s *Set) reasoned(c *Case, a Act) error {
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
	}
	return nil
}

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
	if err := s.reasoned(r.c, a); err != nil {
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

// done records a step that a person carried out: one that was asked of him, or
// one that failed, after which the case goes on where it had stopped.
func (s *Set) done(r *run, a Act) error {
	var open []string
	for _, st := range r.c.Steps {
		switch {
		case !r.c.Doable(st):
		case a.N == 0 || a.N == st.N:
			resumes := r.c.failedOnly()
			r.add(Event{Kind: StepDone, Step: &StepRef{N: st.N, Do: st.Do}, Private: a.note()})
			if resumes {
				s.resume(r)
			}
			return r.err
		default:
			open = append(open, fmt.Sprintf("%d (%s)", st.N, st.Do))
		}
	}
	if len(open) > 0 {
		return refuse("case %s: step %d waits for nobody; %s does", r.c.ID, a.N, strings.Join(open, ", "))
	}
	return refuse("case %s: no step waits for an operator", r.c.ID)
}

// retry lets a failed step be tried again: the customer has his letter, and
// nothing is decided anew.
func (s *Set) retry(r *run, a Act) error {
	if err := r.atRest(); err != nil {
		return err
	}
	if !r.c.failedOnly() {
		return refuse("case %s: no step failed that could be tried again", r.c.ID)
	}
	if p := a.note(); p.Note != "" {
		r.add(Event{Kind: Noted, Private: p})
	}
	s.resume(r)
	return r.err
}

// resume accepts a case again whose step failed, as it was accepted.
func (s *Set) resume(r *run) {
	s.settle(r, Event{Kind: Approved, Procedure: r.c.Procedure, Outcome: Accept, Steps: s.steps(r.c.Procedure)}, questions...)
}

// Doable reports whether a person can say of a step that he has carried it out.
func (c *Case) Doable(st StepRun) bool {
	switch st.State {
	case StepWithHuman: // the one who was asked may have done it before the case was stopped
		return c.Runs(st) || c.State == InReview || c.State == Waiting
	case StepBroken:
		return c.State == InReview
	}
	return false
}

// failedOnly reports whether nothing but a failed step keeps an accepted case
// from going on.
func (c *Case) failedOnly() bool {
	return c.State == InReview && c.Reason == StepFailed && c.Proved && !c.Erased() && c.approvalOwes() == "" &&
		slices.ContainsFunc(c.Steps, func(s StepRun) bool { return s.State == StepBroken })
}

func (s *Set) note(r *run, a Act) error {
	if strings.TrimSpace(a.Text) == "" {
		return refuse("a note needs its text")
	}
	r.add(Event{Kind: Noted, Private: a.note()})
	return nil
}

func (s *Set) withdraw(r *run, a Act) error {
	if err := r.inState(Withdrew); err != nil {
		return err
	}
	if err := r.ending(); err != nil {
		return err
	}
	letter := "revocata"
	if r.c.Lasting() {
		letter = "revoca-tardiva"
	}
	s.settle(r, Event{Kind: Withdrew, Outcome: None, Reason: Revocation, Steps: r.c.giveBack(), Private: a.note()}, replaced...)
	s.owe(r, letter, "", a.words(nil))
	return r.err
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
	e := Event{Kind: Reopened, Private: a.note()}
	s.takeBack(r, &e)
	r.add(e)
	return nil
}

// release lets a held letter go out.
func (s *Set) release(r *run, a Act) error {
	for i := range r.c.Letters {
		if l := &r.c.Letters[i]; l.State == Held && (a.N == 0 || a.N == l.N) {
			r.add(Event{Kind: LetterReleased, Letter: &LetterRef{N: l.N, MessageID: l.MessageID}})
			return nil
		}
	}
	return refuse("case %s: no letter is held", r.c.ID)
}

// resend owes the text of a failed letter again, as a new letter. One that
// promises days of reading is written anew: its days are counted from today.
func (s *Set) resend(r *run, a Act) error {
	for i := len(r.c.Letters) - 1; i >= 0; i-- {
		l := &r.c.Letters[i]
		if !r.c.Resendable(l) || a.N != 0 && a.N != l.N {
			continue
		}
		if p := s.Procedure(r.c.Procedure); l.Name == "accolta" && p != nil && p.readingDays() > 0 {
			s.owe(r, l.Name, "", a.words(nil))
		} else {
			s.oweText(r, l.Name, l.LetterText)
		}
		return r.err
	}
	return refuse("case %s: no letter failed", r.c.ID)
}

// Resendable reports whether a failed letter may go out again: what it says
// holds still, and no later one has said it.
func (c *Case) Resendable(l *Letter) bool {
	return l.State == Failed && !l.Past && !slices.ContainsFunc(c.Letters[l.N:], func(m Letter) bool { return m.Name == l.Name })
}

// Verbs are the acts that the case's state allows now, in the console's order.
func (c *Case) Verbs() []string {
	var out []string
	for _, v := range Verbs {
		if c.allows(v) {
			out = append(out, v)
		}
	}
	return out
}

// decisions are the events of the verbs that the table of states allows.
var decisions = map[string]EventKind{"approve": Approved, "reject": EventRejected, "ask": Asked, "answer": EventAnswered,
	"withdraw": Withdrew, "stop": Halted, "reopen": Reopened, "note": Noted}

func (c *Case) allows(verb string) bool {
	if kind, ok := decisions[verb]; ok {
		_, can := c.State.Next(kind, "")
		return (can || verb == "ask" && c.State == Waiting) && (verb != "approve" || c.Proved && !c.Erased())
	}
	anyLetter := func(s LetterState) bool {
		return slices.ContainsFunc(c.Letters, func(l Letter) bool { return l.State == s })
	}
	switch verb {
	case "done":
		return slices.ContainsFunc(c.Steps, c.Doable)
	case "retry":
		return c.failedOnly() && !slices.ContainsFunc(c.Steps, func(s StepRun) bool { return s.State == StepRunning })
	case "release":
		return anyLetter(Held)
	case "resend":
		return slices.ContainsFunc(c.Letters, func(l Letter) bool { return c.Resendable(&l) })
	}
	return false
}
