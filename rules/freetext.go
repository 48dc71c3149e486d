package rules

import (
	"slices"
	"strings"
)

// unformed judges a text that has no form of ours in it.
func (r *reader) unformed() {
	if r.quotedRequest() {
		return
	}
	candidates := r.recognised()
	prescribed := r.bySubject()
	if len(r.toks) == 0 && r.wordless(prescribed, candidates) {
		return
	}
	r.beside()
	thanks := prescribed == nil && !slices.Contains(candidates, r.set.revoking()) && r.isReply() && r.noRequest() // the subject is ours
	r.subjectSigns()
	guide := r.guideAmong(candidates)
	switch {
	case thanks:
		r.out.Outcome, r.out.Reason = None, NotOurs
	case r.takesBack(candidates):
		r.out.Procedure = r.set.revoking()
		r.sign = signRevocation
		r.review(Revocation, "The writer takes a request back: a person looks at once.")
	case prescribed != nil:
		r.underSubject(prescribed, candidates)
	case r.noticed():
		r.out.Outcome, r.out.Reason = None, NotOurs
	case len(candidates) == 1:
		r.onlyOne(r.set.Procedure(candidates[0]))
	case guide != nil:
		r.onlyOne(guide)
	case len(candidates) > 1:
		r.review(Ambiguous, "The words fit more than one procedure: %s.", strings.Join(candidates, ", "))
	case r.noRequest():
		r.out.Outcome, r.out.Reason = None, NotOurs
	case r.onlyEnclosed():
		r.review(AttachmentOnly, "The text only points to an attachment: a person opens it.")
	default:
		r.review(OtherWording, "No form and no procedure was recognised, but a person should read it.")
	}
}

// quotedRequest sends to a person a message in which the form, filled, is only
// in what is quoted or forwarded: it is not the writer's own.
func (r *reader) quotedRequest() bool {
	if r.own.quoted == "" || r.meaningful() {
		return false
	}
	if p := r.filledBelow(); p != nil {
		r.out.Procedure = p.Name
		r.sign = signForward
		r.review(DangerSign, "The form of %s, filled, is only in the quoted or forwarded part: a person looks who wrote it.", p.Name)
		return true
	}
	if r.own.forwarded || r.forwardedSubject() {
		r.sign = signForward
		r.review(DangerSign, "The message only forwards another one: a person reads it.")
		return true
	}
	return false
}

// filledBelow is the procedure whose form stands, filled, in what is quoted or
// forwarded; nil when none does.
func (r *reader) filledBelow() *Procedure {
	toks := tokenize(cutAt(r.own.quoted, maxText), nil)
	r.spelt.begin(toks, r.set.words)
	for p, f := range r.set.formed() {
		var a alignment
		roles := make([]role, len(toks))
		w := walker{form: f, toks: toks, roles: roles, a: &a}
		if (w.find(0) || f == p.Form && worth(f, &r.spelt) && near(f, &r.spelt, roles, &a)) && valued(p, toks, &a) {
			return p
		}
	}
	return nil
}

// passes reports whether the message is a forward in which who wrote what is for
// a person to tell. Above the mark of his program the writer's own form is as
// good as in an answer, where nobody else's stands below; without the mark what
// stands below must be what the desk wrote, with its form.
func (r *reader) passes() bool {
	if !r.own.forwarded {
		return r.forwardedSubject() && strings.TrimSpace(r.own.quoted) != "" && (r.filledBelow() != nil || !r.instructedBelow())
	}
	return strings.TrimSpace(r.own.quoted) == "" || r.filledBelow() != nil
}

// instructedBelow reports whether what is quoted is the desk's own: its form, not filled in,
// or one of its addresses.
func (r *reader) instructedBelow() bool {
	toks := tokenize(cutAt(r.own.quoted, maxText), nil)
	if slices.ContainsFunc(toks, func(t token) bool { return t.kind == address && r.set.ours(t.word) }) {
		return true
	}
	r.spelt.begin(toks, r.set.words)
	for _, f := range r.set.formed() {
		if worth(f, &r.spelt) {
			return true
		}
	}
	return false
}

// valued reports whether a blank that must be filled is.
func valued(p *Procedure, toks []token, a *alignment) bool {
	for i, b := range p.Blanks {
		if b.Optional || a.values[i][0] < 0 {
			continue
		}
		for _, t := range toks[a.values[i][0]:a.values[i][1]] {
			if t.kind != filler && t.class&weak == 0 {
				return true
			}
		}
	}
	return false
}

// meaningful reports whether the own text says more than courtesy.
func (r *reader) meaningful() bool {
	for i := range r.toks {
		c := r.toks[i].class
		if c&(danger|wish|execute) != 0 && c&(civil|thanks) == 0 || c&topic != 0 && c&(civil|box|asked) == 0 {
			return true
		}
	}
	return false
}

// bySubject is the procedure whose prescribed subject the message bears.
func (r *reader) bySubject() *Procedure {
	for _, p := range r.set.Procedures {
		if p.Subject != "" && r.addressed(p) && bears(r.subject, p.Subject) {
			return p
		}
	}
	return nil
}

// addressed reports whether p is handled by the request mailbox of the message.
func (r *reader) addressed(p *Procedure) bool { return reaches(*r.m, p) }

func reaches(m Message, p *Procedure) bool {
	return p.Mailbox == "" || m.Mailbox == "" || p.Mailbox == m.Mailbox
}

// wordless judges a message with no words of the writer's own.
func (r *reader) wordless(prescribed *Procedure, candidates []string) bool {
	switch {
	case prescribed != nil:
		r.out.Procedure = prescribed.Name
	case len(candidates) == 1:
		r.out.Procedure = candidates[0]
	}
	switch {
	case r.m.Encrypted:
		r.review(AttachmentOnly, "The message is encrypted: nobody here can read it.")
	case len(r.m.Attachments) > 0:
		r.review(AttachmentOnly, "The message has no text, only attachments: a person opens them.")
	case prescribed != nil:
		r.subjectSigns()
		r.refuseBody(prescribed, "The message has no text of the writer's own.")
	case len(r.subject) == 0:
		r.out.Outcome, r.out.Reason = None, NotOurs
		r.why("The message is empty.")
	default:
		return false
	}
	return true
}

// underSubject judges other words under the subject that p prescribes.
func (r *reader) underSubject(p *Procedure, candidates []string) {
	r.out.Procedure = p.Name
	others := slices.DeleteFunc(candidates, func(name string) bool { return name == p.Name })
	switch {
	case r.m.Encrypted || r.onlyEnclosed():
		r.review(AttachmentOnly, "The text only points to an attachment: a person opens it.")
	case r.isReply() && r.noRequest():
		r.out.Procedure, r.out.Outcome, r.out.Reason = "", None, NotOurs
	case r.forwardedSubject() || r.own.forwarded:
		r.sign = signForward
		r.review(DangerSign, "The message is a forward: a person looks who wrote what.")
	case r.sign != "":
		r.review(DangerSign, "The text is not the form, and has a sign of %s: %q.", r.sign, r.signWords)
	case r.isReply() || r.thanksOnly():
		r.review(OtherWording, "The subject is right, but the text answers or thanks rather than asks: a person reads it.")
	case len(others) > 0:
		r.review(Ambiguous, "The subject is that of %s, the words fit %s too.", p.Name, strings.Join(others, ", "))
	default:
		r.refuseBody(p, "The subject is right, but the text is not the form.")
	}
}

// thanksOnly reports whether the text thanks, and has no word of asking.
func (r *reader) thanksOnly() bool {
	var all class
	for i := range r.toks {
		if t := &r.toks[i]; t.class&civil == 0 || t.class&thanks != 0 {
			all |= t.class
		}
		if r.toks[i].class&execute != 0 && r.tag(i)&(tagYou|tagYouPlural) != 0 {
			return false // "chiudetemi la pec, grazie"
		}
		if i > 1 && r.toks[i].class&execute != 0 && r.tag(i)&tagInfinitive != 0 && anyPrefix(r.toks[i-2].word, "preg") {
			return false // "vi prego di cancellare questa pec, grazie"
		}
	}
	return all&thanks != 0 && all&wish == 0
}

// refuseBody refuses other words where the form is prescribed.
func (r *reader) refuseBody(p *Procedure, why string) {
	switch {
	case r.sign != "":
		r.review(DangerSign, "%s There is a sign of %s: %q.", why, r.sign, r.signWords)
	case p.Wording != "form":
		r.review(OtherWording, "%s This procedure's form is only an example: a person decides.", why)
	case r.tells(p.Form):
		r.review(OtherWording, "%s It says in other words what the form says: a person decides.", why)
	default:
		r.out.Outcome, r.out.Reason = Reject, BodyNotConforming
		r.why("%s", why)
	}
}

// tells reports whether a text names the mailbox it comes from and has three in
// five of the form's telling words, in whatever order: no fair operator would send
// it back for its wording.
func (r *reader) tells(f *Form) bool {
	own, found := false, 0
	for i := range r.toks {
		own = own || r.toks[i].kind == address && r.toks[i].word == r.sender
	}
	for i := 0; f != nil && own && i < len(f.items); i++ {
		it := &f.items[i]
		if it.open > 0 {
			i += it.open - 1
			continue
		}
		if it.blank < 0 && !it.weak && slices.ContainsFunc(r.toks, func(t token) bool { return it.is(t.word) }) {
			found++
		}
	}
	return own && 5*found >= 3*f.words
}

// onlyOne judges a text whose words fit p alone.
func (r *reader) onlyOne(p *Procedure) {
	r.out.Procedure = p.Name
	r.noSecond(p)
	switch {
	case p.Decide == "guide":
		if r.sign != "" && rank(r.sign) < rank(signNegation) || r.sign == signThirdPerson || r.sign == signIBAN {
			r.review(DangerSign, "It asks for %s, with a sign of %s: %q.", p.Name, r.sign, r.signWords)
			return
		}
		r.out.Outcome = Guide
		r.why("The words ask for %s.", p.Name)
	case p.Decide == "operator":
		r.review(OperatorDecides, "The words ask for %s, which a person always decides.", p.Name)
	case r.onlyEnclosed():
		r.review(AttachmentOnly, "The text only points to an attachment: a person opens it.")
	default:
		r.review(OtherWording, "The words ask for %s, but neither subject nor text are those prescribed.", p.Name)
	}
}

// noSecond forgets a sign that is the request itself, where no form says it: what
// asks for p is no second request, and the days for which p has blanks put
// nothing off.
func (r *reader) noSecond(p *Procedure) {
	dated := slices.ContainsFunc(p.Blanks, func(b Blank) bool { return b.Kind == kindDate })
	if r.sign != signSecondRequest && !(r.sign == signDeferral && dated) {
		return
	}
	r.sign, r.signWords = "", ""
	for i := range r.roles {
		if r.roles[i] == roleSign {
			r.roles[i] = roleLeft
		}
	}
}

// takesBack reports whether the writer revokes a request of his.
func (r *reader) takesBack(candidates []string) bool {
	return slices.Contains(candidates, r.set.revoking()) || r.sign == signRevocation && italian(r.toks) && (r.out.Protocol != "" || r.isReply())
}

// italian reports whether a third of a text's words are Italian ones we know.
func italian(toks []token) bool {
	n := 0
	for i := range toks {
		n += count(toks[i].class&^(sellingClass|notice) != 0)
	}
	return 3*n >= len(toks)
}

// looksAsking reports whether an unproved message, of no procedure known, asks
// for something of ours: only then is it worth a letter of guidance.
func looksAsking(subject, text string) bool {
	toks := slices.Concat(tokenize(cutAt(subject, 1000), nil), tokenize(cutAt(text, maxText), nil))
	var all class
	asks := false
	for _, t := range toks {
		all |= t.class
		asks = asks || t.after&question != 0 || ownVoice[t.word]
	}
	ours := slices.ContainsFunc(toks, func(t token) bool { return ourThings[t.word] || ourStem(t.word) })
	return ours && (asks || all&wish != 0) && all&bank == 0 && italian(toks)
}

// ourThings are the words without which a message is about nothing of ours.
var ourThings = set("casella caselle certificata disattivazione dominio mailbox pec recesso")

// ownVoice are words of one who speaks of his own mailbox.
var ownVoice = set(`
	cancellate chiudete disattivate disdico ho impostate mia miei mio nostra nostro recedo revoco riesco rimborsatemi sottoscritta
	sottoscritto`)

func ourStem(w string) bool {
	return anyPrefix(w, "disattiv", "disdett", "disdir", "recess", "reced", "rinnov", "rimbors", "domini")
}

// sells reports whether a text reads as a newsletter or advertising.
func sells(subject, text string) bool {
	n := 0
	for _, t := range slices.Concat(tokenize(cutAt(subject, 1000), nil), tokenize(cutAt(text, maxText), nil)) {
		n += count(t.class&sellingClass != 0)
	}
	return n >= 2
}

// isReply reports whether the message answers another.
func (r *reader) isReply() bool {
	if r.m.InReplyTo != "" || len(r.m.References) > 0 {
		return true
	}
	head, _, ok := strings.Cut(strings.TrimSpace(r.m.Subject), ":")
	return ok && (strings.EqualFold(head, "re") || strings.EqualFold(head, "r"))
}

// onlyEnclosed reports whether the own text is courtesy that points to an attachment.
func (r *reader) onlyEnclosed() bool {
	if len(r.m.Attachments) == 0 && !r.m.Encrypted {
		return false
	}
	return !r.asks()
}

// asks reports whether the own text has words of asking about our things.
func (r *reader) asks() bool {
	var c class
	for i := range r.toks {
		if r.roles[i] != roleCourtesy {
			c |= r.toks[i].class
		}
	}
	return c&topic != 0 && c&(wish|danger) != 0
}

// noRequest reports whether the text is no request at all: thanks, greetings,
// newsletters, advertising. Whatever else is there is for a person.
func (r *reader) noRequest() bool {
	var all class
	selling, answers := 0, false
	for i := range r.toks {
		t := &r.toks[i]
		all |= t.class
		selling += count(t.class&sellingClass != 0)
		answers = answers || t.class&(revoking|erasing) != 0 && !(t.class&soft != 0 && r.tag(i)&tagParticiple != 0 && r.tag(i)&tagYouPlural == 0) || // "il prezzo è bloccato"
			i > 0 && yours[r.toks[i-1].word] && anyPrefix(t.word, "offert", "promo", "newsletter", "tariff", "listino") // he answers ours
	}
	for i := range r.subject {
		selling += count(r.subject[i].class&sellingClass != 0)
	}
	switch {
	case selling >= 3 && !answers:
		r.why("The text reads as a newsletter or advertising.")
		return true
	case r.wishesOnly(all):
		r.why("The text is seasonal wishes, or praise that wants no answer.")
		return true
	case r.satisfied(all):
		r.why("The text says that all is well, thanks or praises, and asks for nothing.")
		return true
	case r.sign != "" || len(r.m.Attachments) > 0 || all&(topic|execute|revoking) != 0 || len(r.toks) > 80,
		all&negation != 0 && !r.holdsStem(0, len(r.toks), praise...): // "non è risolto niente, grazie"
		return false
	case all&(thanks|greet|goodbye) != 0:
		r.why("The text thanks or greets, and asks for nothing.")
		return true
	}
	return false
}

// wishesOnly reports whether a text only wishes a happy feast, perhaps with the
// days on which an office is closed, or says itself that no answer is needed. It
// touches nothing of ours, and asks for nothing.
func (r *reader) wishesOnly(all class) bool {
	if len(r.m.Attachments) > 0 || len(r.toks) > 80 || all&(erasing|bank) != 0 {
		return false
	}
	season, needless, asks, ours := false, false, false, false
	for i := range r.toks {
		t := &r.toks[i]
		ours = ours || t.class&(topic|execute|box) != 0 && t.class&civil == 0 && !strings.HasPrefix(t.word, "chius")
		season = season || anyPrefix(t.word, "augur", "natal", "pasqu", "festivit")
		needless = needless || i > 0 && anyPrefix(t.word, "rispond", "rispost") && (r.toks[i-1].word == "occorre" || r.toks[i-1].word == "serve")
		asks = asks || r.asksAt(i)
	}
	if ours || !season && r.holdsStem(0, len(r.toks), "chius") {
		return false
	}
	return season && !asks || needless && r.sign != signQuestion
}

// satisfied reports whether a text only says that something went well, and thanks
// or praises: "tutto risolto, gentilissimi come sempre". A word of denial, of
// wanting or of what is to come, or of anything of ours but the mailbox, and it is
// for a person.
func (r *reader) satisfied(all class) bool {
	if r.sign != "" || len(r.m.Attachments) > 0 || len(r.toks) > 60 || all&(execute|wish|will|negation|enclosed) != 0 {
		return false
	}
	well, content := false, all&thanks != 0 || r.holdsStem(0, len(r.toks), praise...) || slices.ContainsFunc(r.subject, func(t token) bool { return t.class&thanks != 0 })
	for i := range r.toks {
		t := &r.toks[i]
		if r.asksAt(i) || t.class&topic != 0 && t.class&box == 0 || t.class&danger != 0 && t.class&civil == 0 || r.tag(i)&(tagFuture|tagConditional) != 0 || adversative[t.word] {
			return false
		}
		well = well || anyPrefix(t.word, "funziona", "risolt", "sistemat") || t.word == "posto" && i > 0 && r.toks[i-1].word == "a"
	}
	return well && content
}

// praise is of those who did well; "gentilissimi" greets as well.
var praise = stems("bravissim chiarissim complimen efficient velocissim")

// asksAt reports whether token i is of asking: a question's end, a wish, an order.
func (r *reader) asksAt(i int) bool {
	t := &r.toks[i]
	return t.after&question != 0 || t.class&wish != 0 || t.class&weak == 0 && r.tag(i)&tagYou != 0
}
