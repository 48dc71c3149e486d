package rules

// State of a case.
type State string

// The states. A case is the fold of its events: see Apply.
const (
	New       State = "new"       // recorded, not yet decided
	InReview  State = "review"    // a person decides
	Waiting   State = "waiting"   // the customer owes documents
	Accepted  State = "accepted"  // outcome letter owed, steps running
	Rejected  State = "rejected"  // letter owed
	Answered  State = "answered"  // letter owed
	Withdrawn State = "withdrawn" // letter owed
	Closed    State = "closed"    // nothing owed
)

// States lists every state in the order of a case's life.
var States = []State{New, InReview, Waiting, Accepted, Rejected, Answered, Withdrawn, Closed}

// Transition is a row of the table of states.
type Transition struct {
	From State
	By   EventKind
	When Outcome // for Decided: the outcome that leads there
	To   State
}

// Transitions is the whole life of a case; the README shows the same table.
// An event that is not here and not in anywhere is refused by Apply.
var Transitions = []Transition{
	{New, Decided, Accept, Accepted},
	{New, Decided, Reject, Rejected},
	{New, Decided, Guide, Answered},
	{New, Decided, Review, InReview},
	{New, Withdrew, "", Withdrawn},
	{InReview, Approved, "", Accepted},
	{InReview, EventRejected, "", Rejected},
	{InReview, EventAnswered, "", Answered},
	{InReview, Asked, "", Waiting},
	{InReview, Withdrew, "", Withdrawn},
	{Waiting, Approved, "", Accepted},
	{Waiting, EventAnswered, "", Answered},
	{Waiting, Joined, "", InReview},
	{Waiting, Revoked, "", InReview},
	{Waiting, EventRejected, "", Rejected},
	{Waiting, Lapsed, "", Rejected},
	{Waiting, Returned, "", InReview},
	{Waiting, Withdrew, "", Withdrawn},
	{Accepted, Halted, "", InReview},
	{Accepted, Revoked, "", InReview},
	{Accepted, Returned, "", InReview},
	{Accepted, EventClosed, "", Closed},
	{Rejected, Returned, "", InReview},
	{Rejected, EventClosed, "", Closed},
	{Answered, Returned, "", InReview},
	{Answered, EventClosed, "", Closed},
	{Withdrawn, Returned, "", InReview},
	{Withdrawn, EventClosed, "", Closed},
	{Closed, Reopened, "", InReview},
}

// anywhere are the events that move no case: they may happen in any state.
var anywhere = map[EventKind]bool{
	Opened: true, Deferred: true, Joined: true, Revoked: true, Noted: true, Assigned: true, PutOff: true, Recalled: true,
	LetterOwed: true, LetterHeld: true, LetterReleased: true, LetterAttempt: true, LetterDeferred: true,
	LetterUncertain: true, LetterSent: true, EventLetterFailed: true, LetterReceipt: true, LetterOverdue: true, LetterArrived: true,
	StepScheduled: true, StepStarted: true, StepRetry: true, StepAsked: true, StepDone: true, EventStepFailed: true,
	TargetPassed: true, Warned: true, Breached: true, Reminded: true, Redacted: true, Purged: true,
}

// Next is the state that an event leads to from s, and whether it may happen.
func (s State) Next(kind EventKind, outcome Outcome) (State, bool) {
	for _, t := range Transitions {
		if t.From == s && t.By == kind && (t.When == "" || t.When == outcome) {
			return t.To, true
		}
	}
	return s, anywhere[kind]
}

// Decidable reports whether a person's or the rules' decision is still owed.
func (s State) Decidable() bool { return s == New || s == InReview || s == Waiting }
