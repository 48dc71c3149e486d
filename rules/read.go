package rules

import (
	"fmt"
	"slices"
	"strings"
	"sync"

	"golang.org/x/net/html"
)

// Read says what the text of m asks, by the text and the procedures alone.
//
// A form found word for word is the fast path; one with slips of the pen is
// aligned at least cost; what is neither is judged by its words. Accept means
// that the whole own text is the form and harmless courtesy (procedures §2).
func (s *Set) Read(m Message) Reading {
	r := readers.Get().(*reader)
	defer func() {
		r.reset()
		readers.Put(r)
	}()
	r.set, r.m, r.sender = s, &m, foldAddress(m.Sender)
	return r.read()
}

var readers = sync.Pool{New: func() any { return &reader{names: map[string]bool{}} }}

// reader is the work of one Read.
type reader struct {
	set    *Set
	m      *Message
	sender string
	out    Reading

	own      own
	toks     []token
	roles    []role
	subject  []token
	twin     []token // of what is only compared or looked through: the other version, a signature
	al       alignment
	spelt    spelling
	values   []filled
	names    map[string]bool // words of the writer's name
	body     bool            // the writer is a firm, an association or an office
	office   bool            // he signs in an office that may pass to another,
	looked   bool            // … which was looked for
	opens    bool            // his name opens the sentence of the form, which lacks "sottoscritto"
	signed   bool            // his name is only in the signature
	signedTo int             // see signedAt
	about    []string        // words of the procedure's title and subject

	unseen    string // what the HTML hides
	struck    string // what is struck through
	sign      string
	signWords string
	again     bool // the form stands twice

	whole    bool // these are the words of the message itself, not a subject or a signature
	pardoned []pardon
	against  string // a sentence without a sign that its words speak against
}

func (r *reader) reset() {
	clear(r.toks)
	clear(r.subject)
	clear(r.twin)
	clear(r.names)
	*r = reader{toks: r.toks[:0], roles: r.roles[:0], subject: r.subject[:0], twin: r.twin[:0], values: r.values[:0], names: r.names,
		al: alignment{values: r.al.values[:0], wants: r.al.wants[:0]}, spelt: spelling{pairs: r.spelt.pairs[:0], loose: r.spelt.loose[:0]}}
}

// warn notes a danger sign at tokens [from, to); the gravest names the case.
func (r *reader) warn(name string, from, to int) {
	for k := from; k < to; k++ {
		r.roles[k] = roleSign
	}
	if r.sign == "" || rank(name) < rank(r.sign) {
		r.sign, r.signWords = name, raw(r.own.text, r.toks, max(0, from-1), min(len(r.toks), to+1))
	}
}

func (r *reader) why(format string, args ...any) {
	if len(args) > 0 {
		format = fmt.Sprintf(format, args...)
	}
	r.out.Reasons = append(r.out.Reasons, format)
}

func (r *reader) read() Reading {
	long := r.ownWords()
	r.subject = tokenize(cutAt(r.m.Subject, 1000), r.subject[:0])
	r.out.Protocol = protocolIn(r.m.Subject)
	if r.out.Protocol == "" {
		r.out.Protocol = protocolIn(r.own.text)
	}
	if r.findForm() {
		// What the weights know are the lines beside requests that are carried out.
		r.whole = r.al.procedure.Beside != "known" && r.al.procedure.Decide == "automatic"
		r.filled()
	} else {
		r.unformed()
	}
	if long && r.out.Outcome != None {
		r.review(OtherWording, "The text is longer than a request ever is: a person reads it.")
	}
	r.hides()
	r.versions()
	r.account()
	return r.out
}

// hides sends to a person a request whose HTML hides a sentence, or in which
// something is struck through.
func (r *reader) hides() bool {
	if len(foldWords(cutAt(r.struck, 200))) > 0 && r.out.Outcome != None {
		r.sign, r.signWords = signStruck, strings.TrimSpace(cutAt(r.struck, 200))
		r.review(DangerSign, "Words are struck through: %q.", r.signWords)
		return true
	}
	if r.unseen == "" || r.out.Outcome == None || len(tokenize(cutAt(r.unseen, maxText), nil)) < 3 {
		return false
	}
	r.sign, r.signWords = signHidden, strings.TrimSpace(cutAt(r.unseen, 200))
	r.review(DangerSign, "The HTML hides words that its reader does not see: %q.", r.signWords)
	return true
}

// ownWords cuts the writer's own words from the text, or from the HTML when
// there is no text. It reports whether the text was too long to be read whole.
func (r *reader) ownWords() bool {
	text, long := r.m.Text, r.m.Truncated
	if strings.TrimSpace(text) == "" && r.m.HTML != "" {
		text, r.unseen, r.struck = htmlText(cutAt(r.m.HTML, 8*maxText))
		long = long || len(r.m.HTML) > 8*maxText
	}
	if text == r.m.Text {
		text = unpictured(readable(text))
	}
	if r.struck == "" {
		r.struck = struckMarks(text)
	}
	long = long || len(text) > 2*maxText
	r.own = ownText(cutAt(text, 2*maxText))
	r.out.Signed = r.own.signature
	if len(r.own.text) > maxText {
		long = true
		r.own.text = cutAt(r.own.text, maxText)
	}
	r.tokens(tokenize(r.own.text, r.toks[:0]))
	return long
}

// readable is a plain text with the entities that a program left in it, having
// made it of HTML ("pi&ugrave;", "d&rsquo;ordine"), as its reader reads them. One
// without its semicolon is no entity.
func readable(s string) string {
	at := strings.IndexByte(s, '&')
	if at < 0 {
		return s
	}
	var b strings.Builder
	for at >= 0 {
		b.WriteString(s[:at])
		s = s[at:]
		n := strings.IndexByte(s[:min(len(s), 10)], ';') + 1
		if n > 0 && !strings.ContainsAny(s[:n], " \n") {
			b.WriteString(html.UnescapeString(s[:n]))
		} else {
			n = 1
			b.WriteByte('&')
		}
		s = s[n:]
		at = strings.IndexByte(s, '&')
	}
	b.WriteString(s)
	return b.String()
}

// unpictured is a plain text without what programs put in the place of pictures:
// "[cid:image001.png@01DC6A88.7B1D0C20]", "[image: logo.png]".
func unpictured(s string) string {
	for _, mark := range [...]string{"[cid:", "[image:"} {
		for at := strings.Index(s, mark); at >= 0; {
			end := strings.IndexAny(s[at:], "]\n")
			if end < 0 || s[at+end] != ']' {
				break
			}
			s = s[:at] + s[at+end+1:]
			at = strings.Index(s, mark)
		}
	}
	return s
}

// struckMarks is what a plain text strikes through, with the overlay of Unicode
// or between double tildes.
func struckMarks(s string) string {
	for i := range len(s) - 1 {
		if s[i] == 0xcc && s[i+1] >= 0xb5 && s[i+1] <= 0xb8 { // U+0335 to U+0338
			return cutAt(s[strings.LastIndexByte(s[:i], '\n')+1:], 200)
		}
	}
	_, after, open := strings.Cut(s, "~~")
	words, _, closed := strings.Cut(after, "~~")
	if open && closed && words != "" && words == strings.TrimSpace(words) {
		return words
	}
	return ""
}

func (r *reader) tokens(toks []token) {
	r.toks = toks
	if cap(r.roles) < len(toks) {
		r.roles = make([]role, len(toks), 2*len(toks))
	}
	r.roles = r.roles[:len(toks)]
	clear(r.roles)
}

// findForm looks for a form: word for word, then with its parts moved about, then
// with slips of the pen.
func (r *reader) findForm() bool {
	for p, f := range r.set.formed() {
		w := walker{form: f, toks: r.toks, roles: r.roles, a: &r.al}
		if w.find(0) {
			r.al.procedure = p
			r.twice()
			return true
		}
	}
	r.spelt.begin(r.toks, r.set.words)
	var worthy []wording // their words are in the text, misspelt or not
	for p, f := range r.set.formed() {
		if worth(f, &r.spelt) {
			worthy = append(worthy, wording{p, f})
		}
	}
	for _, x := range worthy {
		if move(x.form, r.toks[:min(len(r.toks), maxAlign)], r.roles, &r.al) {
			r.al.procedure = x.procedure
			return true
		}
	}
	return r.findNear(worthy)
}

// wording is a text by which a procedure is asked for.
type wording struct {
	procedure *Procedure
	form      *Form
}

// findNear takes the one of worthy to which the text is most alike.
func (r *reader) findNear(worthy []wording) bool {
	var best alignment
	var bestRoles []role
	for _, x := range worthy {
		var a alignment
		roles := make([]role, len(r.toks))
		if near(x.form, &r.spelt, roles, &a) && (a.similarity > best.similarity || a.similarity == best.similarity && a.cost < best.cost) {
			best, bestRoles = a, roles
			best.procedure = x.procedure
		}
	}
	if best.form == nil {
		return false
	}
	r.al = best
	copy(r.roles, bestRoles)
	r.twice()
	return true
}

// twice looks for a second form after the one found. The same one pasted
// twice, word for word, says nothing more.
func (r *reader) twice() {
	for p, f := range r.set.formed() {
		for j := r.al.to; j < len(r.toks); j++ {
			if f.items[0].said(r.toks[j:]) == 0 {
				continue
			}
			roles := make([]role, len(r.toks))
			var a alignment
			w := walker{form: f, toks: r.toks, roles: roles, a: &a}
			if !w.find(j) {
				break
			}
			if p == r.al.procedure && !valued(p, r.toks, &a) && valued(p, r.toks, &r.al) {
				copy(r.roles[a.from:a.to], roles[a.from:a.to]) // the form as it was found, left below
				j = a.to - 1
				continue
			}
			if p != r.al.procedure || !sameWords(r.toks[a.from:a.to], r.toks[r.al.from:r.al.to]) {
				r.again = true
				return
			}
			copy(r.roles[a.from:a.to], roles[a.from:a.to])
			j = a.to - 1
		}
	}
}

func (r *reader) review(reason Reason, format string, args ...any) {
	r.out.Outcome, r.out.Reason = Review, reason
	r.why(format, args...)
}

// aboutWords are the words of the procedure's subject and title, and of the
// refund it brings.
func (r *reader) aboutWords() []string {
	p := r.al.procedure
	if r.about != nil || p == nil {
		return r.about
	}
	r.about = append(foldWords(p.Subject), foldWords(p.Title)...)
	for _, s := range p.Steps {
		if s.Do == "refund" {
			r.about = append(r.about, "rimborso", "rimborsare", "storno", "importo", "restituzione", "accredito", "riaccredito",
				"addebito", "anno", "annuale", "fattura", "recedere", "recedo", "disdire", "chiusura", "eliminazione",
				"pagato", "pagata", "pagamento", "versato", "disdetta", "cancellazione")
		}
	}
	return r.about
}

// odd sends to a person a value that is no value of its kind.
func (r *reader) odd(p *Procedure) bool {
	for i, b := range p.Blanks {
		if !r.values[i].odd {
			continue
		}
		if b.Kind == kindMailbox && r.values[i].text == "" {
			continue
		}
		reason := OtherWording
		r.review(reason, "The blank %q holds %q, which a person has to look at.", b.Name, cutAt(r.values[i].text, 80))
		return true
	}
	return false
}

// postscript is what the part under "-- " says about the request: a signature
// is furniture, with words of every trade, so only what speaks of the request,
// or to the desk, counts.
func (r *reader) postscript() string {
	if r.own.signature == "" {
		return ""
	}
	text := cutAt(r.own.signature, maxText)
	r.twin = tokenize(text, r.twin[:0])
	beside := r.apart(text, r.twin)
	beside.notices()
	beside.figures()
	spoken := false
	for from := 0; from < len(beside.toks); {
		_, to := beside.lineOf(from)
		for to < len(beside.toks) && !beside.sentenceEnds(to) {
			_, to = beside.lineOf(to)
		}
		s := beside.sentence(from, to)
		if beside.speaks(&s) {
			spoken = true
			if beside.allLeft(from, to-from) {
				beside.judge(&s)
			}
		}
		from = to
	}
	if beside.sign == "" || !spoken && (beside.sign == signSecondMailbox || beside.sign == signIBAN) {
		return ""
	}
	return beside.signWords
}

// speaks reports whether a line of a signature says something of the request or
// to the desk: it is otherwise furniture, with words of every trade.
func (r *reader) speaks(s *sentence) bool {
	for i := s.from; i < s.to; i++ {
		t := &r.toks[i]
		g := r.tag(i)
		if toDesk[t.word] || anyPrefix(t.word, "impegna", "vincol", "valid", "volont") || t.class&danger != 0 && t.class&soft == 0 ||
			g&(tagYou|tagYouPlural) != 0 || t.class&(box|asked|contents) != 0 ||
			t.class&execute != 0 && g&tagInfinitive != 0 {
			return true
		}
	}
	if r.motto(s.from) {
		return false
	}
	return sinceWhen[r.toks[s.from].word] && s.all&deferral != 0 || // "(dal 1° febbraio)"
		s.to-s.from > 3 && r.holds(s.from, s.to, ofWriters) && r.hasVerb(s, s.from, s.to)
}

// sinceWhen are words that begin what puts the request off.
var sinceWhen = set("a appena dal dalla decorrenza dopo entro fino non prima quando")

// motto reports whether quotation marks open the line at token i.
func (r *reader) motto(i int) bool {
	before := r.own.text[:r.toks[i].start]
	return strings.HasSuffix(before, `"`) || strings.HasSuffix(before, "“") || strings.HasSuffix(strings.TrimRight(before, " \u00a0\u202f"), "«") // the French leave a space
}

// ofWriters are words of what is told of oneself: no furniture has them beside a verb.
var ofWriters = set("me mi ce ci mia mio nostra nostro questa quella")

// toDesk are words of a signature that speak to who reads it.
var toDesk = set("ps nb postscriptum corso seguito attesa visto ufficio procedere evadere lavorare confermare")

// telling is the name of an attachment that says more than the form does: a
// proxy, a revocation, a form of another procedure, a forwarded message.
func (r *reader) telling() string {
	for _, a := range r.m.Attachments {
		for _, kind := range []string{"message/", "outlook", "spreadsheet", "excel", "zip"} {
			if strings.Contains(a.Type, kind) {
				return a.Name
			}
		}
		for _, t := range tokenize(cutAt(a.Name, 200), nil) {
			c := t.class & (revoking | thirdHand | erasing)
			if c != 0 || t.class&another != 0 && t.class&topic != 0 && !r.ownWord(t.word) {
				return a.Name
			}
		}
	}
	return ""
}

func (r *reader) leftOver() bool { return slices.Contains(r.roles, roleOver) }

// protocolIn finds a protocol number, 2026-000123, in s.
func protocolIn(s string) string {
	for i := strings.Index(s, "-"); i >= 0; {
		if i >= 4 && i+7 <= len(s) && allDigits(s[i-4:i]) && allDigits(s[i+1:i+7]) && s[i-4:i-2] == "20" &&
			(i == 4 || !digit(s[i-5])) && (i+7 == len(s) || !digit(s[i+7])) {
			return s[i-4 : i+7]
		}
		n := strings.Index(s[i+1:], "-")
		if n < 0 {
			break
		}
		i += 1 + n
	}
	return ""
}

func digit(c byte) bool { return c >= '0' && c <= '9' }

func allDigits(s string) bool {
	for i := range len(s) {
		if !digit(s[i]) {
			return false
		}
	}
	return s != ""
}
