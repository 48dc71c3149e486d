package rules

// spelling remembers how the words of a text stand to the fixed words of the
// forms, which have most of their words in common: each pair is compared once.
type spelling struct {
	toks  []token
	pairs []pair // by the number of the form's word, then by token
	loose []bool // the token may stand anywhere in a form, or be left out
}

// pair is what was found of a form's word and a token, each plus one; 0: nothing yet.
type pair struct {
	turn int8 // the tokens that say it (item.said)
	slip int8 // the letters it is off (misspelt)
}

// begin forgets all, and is for this text, as far as it is aligned.
func (s *spelling) begin(toks []token, words int) {
	s.toks = toks[:min(len(toks), maxAlign)]
	s.loose = s.loose[:0]
	for i := range s.toks {
		s.loose = append(s.loose, s.toks[i].class&weak != 0 || withinForm[s.toks[i].word])
	}
	n := (words + 1) * len(s.toks)
	if cap(s.pairs) < n {
		s.pairs = make([]pair, n)
		return
	}
	s.pairs = s.pairs[:n]
	clear(s.pairs)
}

// said is how many tokens from j on say the item.
func (s *spelling) said(it *item, j int) int {
	p := &s.pairs[it.number*len(s.toks)+j]
	if it.number == 0 || p.turn == 0 {
		p.turn = int8(it.said(s.toks[j:])) + 1
	}
	return int(p.turn) - 1
}

// misspelt is how many letters token j is off the item's word.
func (s *spelling) misspelt(it *item, j int) int {
	p := &s.pairs[it.number*len(s.toks)+j]
	if it.number == 0 || p.slip == 0 {
		p.slip = int8(misspelt(it, &s.toks[j])) + 1
	}
	return int(p.slip) - 1
}

// numbered gives equal fixed words of the forms one number, from 1 on, and says
// how many there are.
func (s *Set) numbered() {
	numbers := map[string]int{}
	for _, f := range s.formed() {
		for i := range f.items {
			it := &f.items[i]
			if it.blank >= 0 {
				continue
			}
			if numbers[it.word] == 0 {
				numbers[it.word] = len(numbers) + 1
			}
			it.number = numbers[it.word]
		}
	}
	s.words = len(numbers)
}
