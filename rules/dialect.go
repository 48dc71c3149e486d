package rules

import "strings"

// dialect reports whether a sentence has words that are not Italian, a dialect's or
// another language's: nobody here can tell what it says, whatever the rest of its words
// weigh. Words end in a vowel in Italian, but for few and for those that it borrows.
func (r *reader) dialect(s *sentence) bool {
	n, notices, shouts := 0, 0, r.shouting()
	for i := s.from; i < s.to; i++ {
		notices += count(r.toks[i].class&notice != 0)
		switch t := &r.toks[i]; {
		case t.kind != plainWord || t.capital && i > s.from && !shouts || t.class&(greet|thanks|goodbye|title|contact|capacity) != 0 || r.names[t.word]:
		case dialectal[t.word]:
			n += 2
		case among(t.word, "nun", "the", "you", "they", "ich", "je", "das"), r.southern(t), r.unItalian(t):
			n++
		}
	}
	return n >= 2 && 9*n >= s.to-s.from && notices < 2 && !r.saysLittle(s)
}

// saysLittle reports whether a sentence that is not Italian only greets, says that the
// mailbox is of no more use, or is a motto under the writer's name.
func (r *reader) saysLittle(s *sentence) bool {
	switch {
	case s.all&(greet|thanks|goodbye) != 0 && s.to-s.from <= 6:
		return true // "thank you very much, best regards"
	case r.mottoBelow(s):
		return true
	}
	return s.to-s.from <= 8 && r.holds(s.from, s.to, noMoreUsed) && r.holdsStem(s.from, s.to, "serv", "dopar") // "nun me serve cchiù"
}

var noMoreUsed = set("piu cchiu")

// southern reports whether a token is an article cut short, "'a putìa", or a word that
// begins as none does in Italian: "mbriaco", "cchiù".
func (r *reader) southern(t *token) bool {
	w, before := t.word, r.own.text[:t.start]
	if len(w) == 1 {
		cut := strings.TrimSuffix(strings.TrimSuffix(before, "'"), "’")
		return strings.Contains("aeiou", w) && len(cut) < len(before) && (cut == "" || strings.HasSuffix(cut, " ") || strings.HasSuffix(cut, "\n"))
	}
	return len(w) > 3 && (w[0] == w[1] && strings.IndexByte("bcdglnst", w[0]) >= 0 || anyPrefix(w, "mb", "mp", "nc", "nd", "nt", "nz"))
}

// unItalian reports whether a word ends as none does in Italian.
func (r *reader) unItalian(t *token) bool {
	w := t.word
	if len(w) < 3 || t.class&^sellingClass != 0 || t.after&(stop|glued) != 0 || borrowed[w] || foreignWord[w] && len(w) < 4 {
		return false // "rinn.", "e-mail"
	}
	if text := r.own.text[t.end:]; strings.HasPrefix(text, "'") || strings.HasPrefix(text, "’") || strings.HasPrefix(text, "-") || r.accented(t) {
		return false // "trent'anni", "perché"
	}
	return strings.IndexByte("bcdfghjkpqstuvwxyz", w[len(w)-1]) >= 0
}

// dialectal are words of dialects that nothing else is taken for.
var dialectal = set(`
	aggia aggio cchiu chella chesta chillu chista chisti figghiu gavemo ghe gh hoo iddu minga nagott ncopp nenti ostrega puru songo stongo
	sugnu trasi vaco veuj vuje xe`)

// borrowed are words that end otherwise and are Italian by now, or what Italians own
// and use.
var borrowed = set(`
	account agency ahah ahahah airbnb alias amazon anpr antivirus app asd audit autobus autocad autovelox babysitter back backup bah bancomat
	band banking bed benefit biogas bis black caos bit bitcoin blackout blog blu bonus box brand breakfast bridge brunch budget bus business bypass
	caf camping card cat caveau ced chat chatbot chef cie class clic click client cloud club cmq cocktail colf collab coop covid coworking
	crowdfunding csv daticert day decluttering default dehors derby desk desktop disk doc docx dog durc dvd ebay email est export facebook
	fac faq fast fax ficus flag folk friday font food fotovoltaic franchising freelance gas google gpl gps gratis gru grz hard help hobby holding
	honoris hosting hotspot iban ictus import inad influencer inps instagram internet iphone jazz kebab kit laptop leasing link list log
	look lunch mac mailbox mailing manager marketing mastercard meeting menu minimarket mms motoclub mpls multiutility netflix network nord
	notebook off old onlus org otp out outlook pac park parquet part partnership pass password pay pdf pec peck pellet phishing pilates
	pitch piu plafond point pos post postdoc postepay primis privacy prof pst pub puk quad rebranding receptionist record report reset restyling
	robot rock roulant royalties rugby sas satispay scout screenshot script scuolabus secundis self set shock shop show sic skipass skateboard sky
	smart smartwatch sms snack snc spending spid sponsor sport spot srls staff stand standard start startup status stent step stock stop
	streaming stress sub sud suap superbonus surf tablet tapis telex tennis test thunderbird ticket tiktok top transit trading trekking
	trend truck trust usb vat virus volley web wedding weekend whatsapp wifi working workshop xls xml yacht yogurt youtube zip`)
