package rules

import "strings"

// contactLine reports whether the ordinary address at i stands, after the
// closing or beside a telephone or a web site, on a line that has nothing else.
func (r *reader) contactLine(i int) bool {
	if certifiedDomain(r.toks[i].word) {
		return false
	}
	from, to := r.lineOf(i)
	signed := r.closed(i)
	for k := from; k < to; k++ {
		t := &r.toks[k]
		switch {
		case t.kind == address && !certifiedDomain(t.word), t.kind == number, t.class&(contact|mailing) != 0, r.webSite(k), r.names[t.word]:
		default:
			return false
		}
		signed = signed || t.class&contact != 0
	}
	return signed
}

// certifiedDomain reports whether an address looks like another certified mailbox.
func certifiedDomain(a string) bool {
	_, domain, _ := strings.Cut(a, "@")
	return strings.Contains(domain, "pec") || strings.Contains(domain, "legal") || strings.Contains(domain, "cert")
}

// lineOf is the line of the token at i.
func (r *reader) lineOf(i int) (from, to int) {
	for from = i; from > 0 && r.toks[from].lines == 0; from-- {
	}
	for to = i + 1; to < len(r.toks) && r.toks[to].lines == 0; to++ {
	}
	return from, to
}

// webSite reports whether the word at i is the rest of "www.studio.it" in a signature.
func (r *reader) webSite(i int) bool {
	for k := i; k > 0 && r.toks[k].class&danger == 0; k-- {
		switch r.own.text[r.toks[k-1].end:r.toks[k].start] {
		case ".", "-", "://", "/":
		default:
			return false
		}
		if w := r.toks[k-1].word; w == "www" || w == "http" || w == "https" {
			return true
		}
	}
	return false
}

// thankful reports whether the postscript that begins at i only thanks or
// greets: every word of it is courtesy, to the end of the text or a blank line.
func (r *reader) thankful(i int) bool {
	thanked := false
	for k := i; k < len(r.toks) && (k == i || r.toks[k].lines < 2); k++ {
		t := &r.toks[k]
		if t.kind != plainWord || t.class&danger != 0 && t.word != "ancora" || t.after&question != 0 || t.class&wish != 0 && t.class&thanks == 0 ||
			t.class&(polite|weak|thanks|goodbye) == 0 && t.word != "telefono" && !(t.word == "ancora" && r.toks[k-1].class&thanks != 0) {
			return false
		}
		thanked = thanked || t.class&thanks != 0 || t.class&goodbye != 0
	}
	return thanked
}

// slip reports whether the word at i, in the sentence that the form ends in,
// is a long fixed word of the form with a slip of the pen.
func (r *reader) slip(i int) bool {
	t := &r.toks[i]
	if r.al.form == nil || t.kind != plainWord || t.class != 0 || len(t.word) < 8 || i < r.al.to || i > r.al.to+8 {
		return false
	}
	for k := r.al.to; k < i; k++ {
		if r.toks[k].after&stop != 0 || r.toks[k].lines > 1 {
			return false
		}
	}
	for w := range r.al.form.known {
		if len(w) >= 8 && w[0] == t.word[0] && distance(w, t.word, 1) == 1 {
			return true
		}
	}
	return false
}

// ofRequest reports whether the word at i makes a notice speak of the request
// itself, its validity or its time: no disclaimer does, so a person reads it.
func (r *reader) ofRequest(i int) bool {
	t := &r.toks[i]
	if timing[t.word] || t.kind == address && t.word != r.sender && certifiedDomain(t.word) {
		return true
	}
	if strings.HasPrefix(t.word, "titolar") { // but the controller of the data: "titolare del trattamento"
		return i+2 >= len(r.toks) || r.toks[i+2].word != "trattamento" && r.toks[i+2].word != "dati"
	}
	for _, s := range requestStems {
		if strings.HasPrefix(t.word, s) {
			return s != "proced" || !r.destroys(i)
		}
	}
	return false
}

// destroys reports whether "procedere" at i goes on with what disclaimers ask
// of a wrong recipient: to destroy the message.
func (r *reader) destroys(i int) bool {
	for k := i + 1; k < len(r.toks) && k <= i+5 && r.toks[k-1].after&stop == 0; k++ {
		w := r.toks[k].word
		if strings.HasPrefix(w, "distru") || strings.HasPrefix(w, "elimina") || strings.HasPrefix(w, "cancella") {
			return true
		}
	}
	return false
}

var (
	requestStems = []string{"richiest", "istanz", "disattiv", "recess", "rinnov", "rimbors", "storn", "efficac", "confermat", "conferma", "proced", "esegu", "annull",
		"aspett", "attend", "sospen", "chius", "chiud", "bozza", "valid", "invalid", "disdett", "domand", "pratica", "dichiaraz"}
	timing = set("domani dopodomani lunedi martedi mercoledi giovedi venerdi sabato decorrenza decorrere finche purche appena inefficace nullo delega request test draft prova esempio")
)
