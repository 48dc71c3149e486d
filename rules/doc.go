// Package rules says what a verified message means and what is owed for it:
// forms and how they are matched, checks, decisions, cases and their states,
// letters, and the calendar of law.
//
// It is pure: no files but those handed to it, no network, no clock (time is
// an argument), no logger. The desk (package mailproc) feeds it facts and
// carries out what it says.
//
// The way of a message:
//
//	Message ── Set.Read ──▶ Reading ── Set.Decide(Facts) ──▶ Decision ── Set.Open ──▶ events of a Case
//	Case + time ── Set.Advance ──▶ the next events (letters owed, steps due, lapse, close)
//
// # The road of a text
//
// Read (read.go) takes a text down this road. Each step gives every word it
// understands a role, and what has none at the end is for a person.
//
//	html.go, text.go      the writer's own words: no quotes, no hidden text
//	fold.go, lexicon.go   words, folded, each with the classes of what it may mean
//	form.go, align.go     a form, found word for word,
//	formwords.go          … or in words as good,
//	moved.go, distance.go … with its parts moved about, or with slips of the pen
//	spelling.go           … (each pair of words compared once);
//	filled.go, blank.go   the form is there: what its blanks hold,
//	names.go, quality.go  … whose name, and in what quality he fills them in (holder.go)
//	beside.go             what stands beside it:
//	notice.go, footer.go  … furniture of letters,
//	furniture.go          … also below the writer's name, and what stands in a line with it,
//	services.go           … and what a shop or a practice says there to its customers,
//	recap.go              … and what says again what the form says,
//	signature.go, place.go … names, firms, places (signed.go: the only name may be there)
//	mend.go               … and sentences, whose words in haste are mended
//	sentence.go           each sentence: is a word of it a sign? is it understood?
//	phrase.go, turns.go   … a run of words that is a sign,
//	idioms.go             … or an idiom,
//	cue.go, peculiar.go   … a word, by its class, its ending and those beside it,
//	sign_*.go             … which the rule of its sign weighs
//	predicate.go, past.go … without a sign: a verb known to change nothing,
//	matter.go, ownlife.go … a proceeding that is over, a life told in passing
//	claim.go              … a claim of what the withdrawal brings by itself
//	weigh.go              … and all its words together, which may outweigh what the rules say
//	vocabulary.go         … of which most are to be words that people write beside a form
//	grave.go              … but for what seldom is told in passing,
//	misled.go             … and for what is expected that no closing brings
//	handover.go           … or for an office that is another's by now
//	staying.go            … or for terms on which he would stay, a day, a sum, an address
//	prompted.go           … or for a form that is passed on, or was got out of him by a stranger
//	elsewhere.go          … signs that tell only of something else where they stand:
//	otherbox.go           … of another mailbox, which stays,
//	passing.go            … of his days, his family, what he has learned,
//	timesince.go          … where he lives from a day on,
//	manner.go             … or in a manner of speaking
//	subject.go            the subject, which may hold signs too
//	freetext.go           no form: what else it may be,
//	notours.go            … what asks the desk for nothing,
//	recognise.go          … by the procedures' own words
//	explain.go            how it was read, for check and the console
//
// What rules ask of a sentence (which words stand where, told, denied, with what
// verb) is in clause.go; how Italian words end, in grammar.go.
//
// # The road of a case
//
//	message.go            what the desk proved of a message, and its clock
//	decide.go             Decide: what proves nothing, whose message it is, what it asks;
//	checks.go, holder.go  … the procedure's checks, and of those that fail the gravest
//	otherorder.go         … what in the text does not fit the order it names
//	decision.go           what is known, and what was decided, as data
//	open.go               the first events of a case, or those of one it joins
//	state.go, event.go    the table of states, and what may happen
//	case.go, caseparts.go Apply: a case is the fold of its events
//	advance.go            what it owes by itself: steps, reminders, its promise, its end
//	overdue.go            … and when no receipt says what became of a letter
//	arrived.go            … and a person knows that it arrived
//	revoked.go            a revocation that does not say which case it takes back, and its approval
//	documents.go          how long copies of documents are kept
//	operator.go           what a person does to it, and when he may:
//	operator_decides.go   … decide, and what a decision does to the letters before it,
//	operator_arranges.go  … hand a case over, put it off
//	operator_carries.go   … carry out a step, try it again, let a letter go
//	remedy.go             … what he can do, for each reason that asks him
//	byhand.go             … who opens a case from a parked message
//	undo.go               what was done of it, and what gives the mailbox back
//	calendar.go, holidays.go, dates.go   working days, terms, dates as people write them
//	letter.go             the words of a letter, its subject and what it answers
//	                      (mailproc/submit/compose.go writes the other headers)
//	layout.go, italian.go … folded, dates and numbers in words
//	proof.go              how a step of the proof of sender ended
//	detail.go             whose reasons a case has, and what brought it where it is
//	query.go, search.go, found.go, identity.go   how a case is found, where in it, and told from another
//
// The procedures come from files before all that:
//
//	load.go, position.go  a folder, and the line of whatever is wrong in it
//	loadcheck.go, procedurewords.go      the keys and words of procedure.toml
//	procedure.go, set.go, settings.go    what was read
//	letterwords.go        the words of letters
//	sample.go, trace.go   each letter tried on an invented case
//	example.go            the examples, which are decided too
//
// # What is added often
//
//	a reason         its constant and its row in reason.go, its remedy (remedy.go); if it refuses, its place in
//	                 precedence (checks.go) and its text in templates/comuni/motivi; its Italian in words.txt
//	a kind of blank  its row in blankkind.go with the way to read it (blank.go)
//	a check          its row in CheckWords (procedurewords.go), a case in check or checkOrder (checks.go)
//	a holiday        its row in holidays.go; days one does not work besides are closures of sportello.toml
//	a step           its row in StepWords; the desk runs [action.NAME] and knows no step by name.
//	                 A procedure's own step needs no Go (means, in procedure.toml)
//
//	a letter         its row in LetterNames and its words in LetterWords (letterwords.go), what fills them (letter.go),
//	                 its text in templates/comuni/lettere, and owe (open.go) called where it is owed
//	a setting        a provider's fact for letters: its field in settings.go, its row in LetterWords
//	an event         its constant in event.go, its row in state.go (the README's table: a test compares it) or in anywhere
//	                 there; what it changes, in case.go or caseparts.go
//	an act           of a person: its word in Verbs, its function in acts, when he may in allows (operator.go); its row in
//	                 actVerbs (cmd/sportello/acts.go), its form in the console's pages/case.html
//	a filter         of the queue: its field in Query (query.go) and in Filter (store/list.go), brought together by filter
//	                 (mailproc/office.go); asked for by ParseQuery and filterParams of the console and by queue of the CLI
//	a reminder       or another thing that time brings: its event, made in advance.go; its instant, which an event before
//	                 it stored in the case, in eachDeadline (store/deadlines.go)
//
// A test misses the Italian of each (the console's words.txt), and go test
// ./rules -update writes the tables of templates/README.md.
//
// # Where a word goes
//
//	lexicon.go   it is harmless wherever it stands: courtesy, titles, firms, thanks
//	sign.go      it is a sign of danger: hard in any sentence, soft where the rule
//	             of the sign (sign_*.go) says so
//	turns.go     it means something only with those about it: a line under its sign,
//	             or in idioms.go for a manner of speaking
//	wordsets.go  several rules ask for it: verbs, pronouns, places, bodies
//	grammar.go   its ending deceives: a noun that looks like a verb, a participle
//	predicate.go a verb in the present, past.go one in the past, that changes
//	             nothing when it is said of the mailbox
//	given.go     a first name; names.go: a surname that is a word of warning
//
// A word that one rule alone asks for stands below that rule. A word in any of
// these places is taken for no slip of the pen, and slips are mended into it.
//
// A new sign is a constant and an entry in sign.go, its class in lexicon.go, a
// case in softCue (cue.go) with its rule, its row in doubts (weigh.go) if the
// weights may outweigh it, and its Italian in the console's words.txt (a test
// misses it).
//
// # How to try it
//
//	sportello check message.eml              how one message is decided; --json: word for word
//	go test ./rules -run Beside              testdata/beside: a line a phrase, harmless or harmful
//	go test ./rules -run Corpus -v           testdata/corpus: whole messages, with a table of the decisions
//	go test ./rules -run '^$' -bench Read    a plain request costs some 20 µs
//
//	go test ./rules -run Weights -v          what the weights say of lines by people they were not learned from
//	go test ./rules -run 'Weights$' -learn   learn the weights anew, after a change of lines, words or features
//
// First the line or the message that goes wrong, then the word. A wrong
// acceptance is the worst that can happen: when in doubt it is a sign.
//
// Limits: rules knows Italian working days (see Calendar) and Italian forms;
// it judges text, never pictures or attachments.
package rules
