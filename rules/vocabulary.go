package rules

import (
	_ "embed"
	"encoding/binary"
	"sort"
)

// What nobody has written beside a form is not understood, whatever the weights
// make of the few words they know: another language, a dialect, scribbling.

//go:embed vocabulary.bin
var vocabulary []byte // hashes of the words of several hands of testdata/lines, rising, 4 bytes each, big-endian

// everyday reports whether several hands wrote the word beside a form.
func everyday(word string) bool {
	h, n := hash(word), len(vocabulary)/4
	i := sort.Search(n, func(i int) bool { return binary.BigEndian.Uint32(vocabulary[4*i:]) >= h })
	return i < n && binary.BigEndian.Uint32(vocabulary[4*i:]) == h
}

// abroad are words of courtesies in the languages of those who live here and write in another.
var abroad = set(`
	all bonne beaucoup best beste bien bis cordialement danke de dank everything fetes for frohe fur gracias gruss grusse help
	heureux je journee jour kind les merci mes mit muchas multumesc noel obrigada obrigado pour por regards respectueusement
	salutations schone sehr sentiments sincerely team thank thanks the todo todos tous tout und va vielen viele vous weihnachten wir wishes year
	years you your yours`)

// leastWords is how many words a sentence has of which it can be told that they are unheard of.
const leastWords = 4

// unheard reports whether a sentence of the message itself is of words that next to
// nobody writes: "we are waiting for the green light from our head office". Names,
// and the trades and streets of letterheads and signatures, are not asked.
func (r *reader) unheard(s *sentence) bool {
	if !r.whole || s.from >= r.al.to && r.anyOwn(r.al.to, s.from) || s.from < r.al.from && r.inLetterhead(s.from) {
		return false
	}
	familiar, n := 0, 0
	for i := s.from; i < s.to; i++ {
		t := &r.toks[i]
		if t.kind != plainWord || t.capital && i > s.from && !(t.shout && r.shouting()) || r.names[t.word] {
			continue
		}
		n++
		familiar += count(t.class != 0 || everyday(t.word) || abroad[t.word])
	}
	return n >= leastWords && 5*familiar < 3*n
}
