package rules

import (
	"iter"
	"slices"
	"strings"
	"unicode/utf8"
)

// subjectOf says what is wrong with the subject, "" when it is the one the
// procedure prescribes: case, spaces, punctuation, Re: and extra words do not
// matter, other words do (procedures §2.5). Danger signs in it are noted.
func (r *reader) subjectOf(p *Procedure) string {
	r.subjectSigns()
	if p.Subject == "" || bears(r.subject, p.Subject) {
		return ""
	}
	if strings.TrimSpace(r.m.Subject) == "" {
		return "The subject is empty; it must be \"" + p.Subject + "\"."
	}
	return "The subject is \"" + cutAt(r.m.Subject, 200) + "\"; it must be \"" + p.Subject + "\"."
}

// otherSubject is the procedure whose prescribed subject the message bears,
// while its form is that of p, which prescribes none.
func (r *reader) otherSubject(p *Procedure) string {
	if p.Subject != "" {
		return ""
	}
	for _, q := range r.set.Procedures {
		if q != p && q.Subject != "" && bears(r.subject, q.Subject) {
			return q.Name
		}
	}
	return ""
}

// bears reports whether the words of want stand in a subject, in whatever order,
// one letter off at most in a long word.
func bears(subject []token, want string) bool {
	for w := range subjectWords(want) {
		if !bearsWord(subject, w) {
			return false
		}
	}
	return true
}

// subjectWords are the folded words of a prescribed subject.
func subjectWords(subject string) iter.Seq[string] {
	return func(yield func(string) bool) {
		for w := range strings.FieldsSeq(subject) {
			if !strings.ContainsFunc(w, func(r rune) bool { return r >= utf8.RuneSelf || !asciiLetter(byte(r)) }) {
				if !yield(strings.ToLower(w)) {
					return
				}
				continue
			}
			for _, f := range foldWords(w) { // with an accent, a hyphen, a full stop
				if !yield(f) {
					return
				}
			}
		}
	}
}

func bearsWord(subject []token, w string) bool {
	it := item{word: w, class: classOf(w)}
	for i := range subject {
		if subject[i].word == w || misspelt(&it, &subject[i]) > 0 {
			return true
		}
	}
	return false
}

// nearSubject reports whether a subject that is not the prescribed one bears its
// first word, or one of the same stem, and so says what is asked:
// "Disattivazione PEC", "Disattivare la casella".
func (r *reader) nearSubject(p *Procedure) bool {
	first := ""
	for first = range subjectWords(p.Subject) {
		break
	}
	stem := first[:min(8, len(first))]
	return bearsWord(r.subject, first) || slices.ContainsFunc(r.subject, func(t token) bool { return strings.HasPrefix(t.word, stem) })
}

// subjectSigns notes the danger signs of a subject.
func (r *reader) subjectSigns() {
	for _, t := range r.subject {
		if strings.HasPrefix(t.word, "sollecit") { // of a request that came before: a person looks for it
			r.raise(signSecondRequest)
		}
		if anyPrefix(t.word, "decess", "decedut", "defunt", "ered", "succession") && !r.ownWord(t.word) {
			r.raise(signThirdPerson) // the holder's, most often
		}
	}
	if len(r.subject) == 2 && (r.subject[0].word == "nessun" || r.subject[0].word == "senza") && r.subject[1].word == "oggetto" {
		return // what a program writes where nobody wrote anything
	}
	r.prescribed()
	name, _ := r.aside(cutAt(r.m.Subject, 1000), r.subject)
	if name != "" && !(r.isReply() && r.own.quoted != "" && rank(name) > rank(signDeferral)) {
		r.raise(name) // the subject of a reply is the other's, but for what turns it round
	}
}

// prescribed makes the words of the subject that the procedure prescribes mean no
// danger, whatever they mean elsewhere: "Cambio telefono di recupero".
func (r *reader) prescribed() {
	p := r.al.procedure
	dangers := func(t token) bool { return t.class&danger != 0 }
	if p == nil || p.Subject == "" || !slices.ContainsFunc(r.subject, dangers) || !bears(r.subject, p.Subject) {
		return
	}
	for w := range subjectWords(p.Subject) {
		for i := range r.subject {
			if t := &r.subject[i]; t.word == w {
				t.class &^= danger
			}
		}
	}
}

// aside reads a text that stands apart from the own words, and returns the gravest sign in it.
func (r *reader) aside(text string, toks []token) (name, words string) {
	beside := r.apart(text, toks)
	beside.figures()
	beside.sentences()
	return beside.sign, beside.signWords
}

// apart is a reader for words that stand apart, a subject or a signature: it
// knows the writer and the procedure.
func (r *reader) apart(text string, toks []token) *reader {
	beside := &reader{set: r.set, m: r.m, sender: r.sender, names: r.names, about: r.about, own: own{text: text}}
	beside.al.procedure, beside.al.form = r.al.procedure, r.al.form
	beside.tokens(toks)
	return beside
}

// raise notes a danger sign of the subject.
func (r *reader) raise(name string) {
	if r.sign == "" || rank(name) < rank(r.sign) {
		r.sign, r.signWords = name, cutAt(r.m.Subject, 120)
	}
}

// forwardedSubject reports whether the subject is that of a forward: I:, Fwd:.
func (r *reader) forwardedSubject() bool {
	s := strings.TrimSpace(r.m.Subject)
	for {
		head, rest, ok := strings.Cut(s, ":")
		if !ok {
			return false
		}
		switch strings.ToLower(strings.TrimSpace(head)) {
		case "i", "fwd", "fw", "inoltro", "inoltra", "inol":
			return true
		case "re", "r", "rif", "ris", "aw":
			s = strings.TrimSpace(rest)
		default:
			return false
		}
	}
}
