package rules

// Whose idea the form was: what others have their members send, what a stranger on the
// telephone has an old lady write. No weights outweigh it.

// prompted names the sign of the word at i by which the form is passed on for
// information, was got out of the writer by somebody who asked for
// a code, or stands for a right of consumers that another form is for; "" for none.
func (r *reader) prompted(s *sentence, i int) string {
	switch w := r.toks[i].word; {
	case passedOnBy[w] && r.passesText(s, i), among(w, "conoscenza", "informazione", "informativo") && r.onlyToKnow(s, i):
		return signForward
	case w == "giorni" && !r.ownWord("recesso") && among(r.word(s, i-1), "quattordici", "14") && r.holdsStem(s.from, s.to, "acquist", "comprat", "ripens", "recess"):
		return signSecondRequest // a right that the form does not use
	case among(w, "codice", "codici", "pin", "password") && r.gaveCode(s, i), w == "link" && r.followedLink(s, i):
		return signDispute
	}
	return ""
}

// passedOnBy are the verbs by which one hands on what another wrote.
var passedOnBy = set("ecco giro giriamo inoltro inoltriamo invio inviamo mando mandiamo metto mettiamo mostro passo passiamo ricopio riporto riportiamo rigiro trasmetto trasmettiamo vedere")

// passesText reports whether by the verb at i the writer hands on a text that others
// made: "vi giro quello che ci ha preparato l'associazione". The desk's own is no other's.
func (r *reader) passesText(s *sentence, i int) bool {
	to := min(s.to, i+14)
	if r.negated(s, i) || r.holdsStem(s.from, s.to, "vostr", "vs", "voi", "avete", "sito", "guida", "operator", "pagin", "sportell") && !r.onlyVs(s) {
		return false
	}
	for k := i + 1; k < min(to, i+6); k++ {
		if !among(r.toks[k].word, "quello", "quanto", "cosa", "testo", "modulo", "lettera", "circolare", "modello", "righe") {
			continue
		}
		for n := k + 1; n < to; n++ {
			w := r.toks[n].word
			if anyPrefix(w, "consigl", "dat", "elaborat", "fornit", "mandat", "mandare", "preparat", "predispost", "propost", "ricevut", "scritt", "suggeri") && r.tag(n)&(tagParticiple|tagInfinitive) != 0 || anyPrefix(w, "consigli") {
				return w == "ricevuto" || !among(r.word(s, n-1), "ho", "abbiamo") && !r.holdsStem(n, s.to, "sottoscritt")
			}
		}
	}
	return false
}

// onlyVs reports whether the desk is named only as the one that is to know: "per vostra conoscenza".
func (r *reader) onlyVs(s *sentence) bool {
	for k := s.from; k < s.to; k++ {
		w := r.toks[k].word
		if anyPrefix(w, "vostr") && !among(r.word(s, k+1), "conoscenza", "informazione") || among(w, "voi", "avete", "sito", "guida", "vs") || anyPrefix(w, "operator", "pagin", "sportell") {
			return false
		}
	}
	return true
}

// onlyToKnow reports whether the words up to i say that the whole is sent to be known and
// no more: "tanto per vostra conoscenza". Before what is told they only lead to it.
func (r *reader) onlyToKnow(s *sentence, i int) bool {
	if i+1 != s.to && r.toks[s.from].word != "ve" {
		return false
	}
	for k := max(s.from, i-4); k < i; k++ {
		if among(r.toks[k].word, "tanto", "solo", "soltanto", "giusto", "puro") {
			return s.to-s.from <= 7 || r.holds(s.from, k, passedOnBy)
		}
	}
	return false
}

// gaveCode reports whether the code or password at i was given to somebody: to the one
// who rang and asked for it, as those do who steal mailboxes.
func (r *reader) gaveCode(s *sentence, i int) bool {
	if among(r.word(s, i+1), "fiscale", "univoco", "destinatario", "cliente", "sdi", "ateco", "postale", "ordine") || !r.told(s, i) && !r.told(s, s.to-1) {
		return false
	}
	given := false
	for k := max(s.from, i-9); k < min(s.to, i+14); k++ {
		w := r.toks[k].word
		given = given || r.tag(k)&tagParticiple != 0 && anyPrefix(w, "comunicat", "dat", "dett", "fornit", "girat", "lett", "mandat", "passat", "riferit") && !r.negated(s, k) &&
			(r.before(s, k, 3, iHave) || r.holdsStem(max(s.from, k-2), k, "gliel"))
	}
	if !given {
		return false
	}
	if r.toks[i].word == "password" {
		return r.holdsStem(s.from, s.to, "tecnic", "operator", "addett", "telefon", "assistenz")
	}
	return r.holdsStem(s.from, s.to, "arrivat", "cifre", "messagg", "sms", "verific", "telefon", "tecnic", "operator", "addett", "collega", "signor")
}

// followedLink reports whether the writer did what a message with a link told him.
func (r *reader) followedLink(s *sentence, i int) bool {
	return r.told(s, i) && r.holdsStem(s.from, s.to, "messagg", "sms", "whatsapp", "mail") && r.holdsStem(s.from, s.to, "seguit", "apert", "clic", "premut", "entrat", "compilat", "inserit") && !r.holdsStem(s.from, s.to, "guida", "sito")
}
