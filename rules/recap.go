package rules

// recap marks the lines that say again what stands in the blanks, "- ordine n.
// 20424402 del 05/11/2026". A value that is not there is judged as any other.
func (r *reader) recap() {
	if r.al.form == nil {
		return
	}
	for from := 0; from < len(r.toks); {
		_, to := r.lineOf(from)
		if r.allLeft(from, to-from) && r.repeats(from, to) {
			for k := from; k < to; k++ {
				r.roles[k] = roleCourtesy
			}
		}
		from = to
	}
}

// repeats reports whether the line of tokens [from, to) is captions and values
// of the blanks, and nothing else.
func (r *reader) repeats(from, to int) bool {
	captions, values, money := 0, 0, false
	subject := r.toks[from].word == "oggetto" && r.toks[from].after&colon != 0 // of a letterhead
	for k := from; k < to; k++ {
		t := &r.toks[k]
		if day, n := dateAt(r.toks[k:to]); n > 2 {
			if day.Compare(r.set.Calendar.Date(r.m.Sent)) > 0 {
				return false
			}
			k += n - 1
			continue
		}
		switch {
		case subject && (k == from || r.ownWord(t.word)):
			captions++
		case caption[t.word]:
			captions++
			money = money || among(t.word, "importo", "totale", "prezzo", "euro")
		case t.after&colon != 0 && among(t.word, "cancellare", "chiudere", "disattivare", "eliminare"): // "Casella da disattivare: …"
		case t.class&weak != 0 || t.kind == filler || among(t.word, "scrivo", "scriviamo", "scrive"):
		case t.kind == number && money:
			values++
		case r.inBlank(t.word):
			values++
		default:
			return false
		}
	}
	return captions > 0 && values > 0
}

// inBlank reports whether a word stands in one of the form's blanks.
func (r *reader) inBlank(w string) bool {
	for i := r.al.from; i < r.al.to; i++ {
		if r.roles[i] == roleBlank && r.toks[i].word == w {
			return true
		}
	}
	return false
}
