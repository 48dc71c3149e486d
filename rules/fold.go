package rules

import (
	"slices"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// token is a word, a number or an address of a text, folded for comparing:
// lower case, without accents, quotes, wraps and punctuation. An address is
// only put in lower case and freed of blanks (procedures §2.2).
type token struct {
	word       string // folded
	start, end int    // bytes of the text
	from, to   int    // bytes of the folded text, until word is cut from it
	lines      int    // line ends before it, since the token before
	kind       tokenKind
	capital    bool // begins with a capital
	shout      bool // capitals only, more than one letter
	after      punct
	tagged     bool // its grammar is in tags
	tags       tag
	endingRead bool // that of its ending alone is in ending
	ending     tag
	class      class
}

type tokenKind uint8

const (
	plainWord tokenKind = iota
	number              // has a digit
	address             // has an @
	filler              // xxxxx, left where the form has it
)

// punct is what stands between a token and the next one.
type punct uint8

const (
	question punct = 1 << iota
	stop           // full stop or exclamation mark
	comma
	opening
	closing
	colon
	ruled // underscores or a row of dots: a blank of the printed form
	glued // something other than a space joins it to the next: 12/2026, d'ordine
)

// latin folds the letters of Latin-1 and a few beyond that Italian mail is
// full of; the rest goes the long way through NFKC. 0: not a letter.
var latin = func() (t [0x180]byte) {
	for letter, list := range map[byte]string{
		'a': "àáâãäåÀÁÂÃÄÅāăą", 'c': "çÇćč", 'e': "èéêëÈÉÊËēęě", 'i': "ìíîïÌÍÎÏī",
		'n': "ñÑńň", 'o': "òóôõöÒÓÔÕÖō", 'u': "ùúûüÙÚÛÜū", 'y': "ýÿÝ",
	} {
		for _, r := range list {
			t[r] = letter
		}
	}
	return t
}()

// invisible runes carry no meaning and break no word: NFKC leaves them in.
func invisible(r rune) bool {
	switch r {
	case '\u00ad', '\u200b', '\u200c', '\u200d', '\u2060', '\ufeff', '\u200e', '\u200f', '\ufe0f':
		return true
	}
	return r >= 0x300 && unicode.Is(unicode.Mn, r)
}

// maxTokens bounds what is read of a text, whatever its length.
const maxTokens = 6000

// tokenize appends the tokens of s to toks, with their classes.
func tokenize(s string, toks []token) []token {
	if s == "" {
		return toks
	}
	if cap(toks) == 0 {
		toks = make([]token, 0, len(s)/6+8)
	}
	room := folding.Get().(*[]byte)
	z := tokenizer{s: s, buf: slices.Grow((*room)[:0], len(s)+16), toks: toks}
	z.findAddress(0)
	for z.i < len(s) && len(z.toks) < maxTokens {
		if z.i == z.addrFrom && z.addrTo > z.i {
			z.address()
			continue
		}
		z.rune()
	}
	z.flush()
	folded := string(z.buf)
	*room = z.buf
	folding.Put(room)
	for i := range z.toks {
		t := &z.toks[i]
		t.word = folded[t.from:t.to]
		if t.kind == plainWord && isFiller(t.word) {
			t.kind = filler
		}
		t.class = classOf(t.word)
	}
	return z.toks
}

// folding and shorts keep room in which texts are folded, and for the tokens of
// short ones.
var (
	folding = sync.Pool{New: func() any { return new([]byte) }}
	shorts  = sync.Pool{New: func() any { return new([]token) }}
)

func isFiller(w string) bool { return len(w) >= 3 && strings.Trim(w, "x") == "" }

type tokenizer struct {
	s    string
	i    int
	buf  []byte
	toks []token

	in       bool // a token is open
	cur      token
	letters  int // of the open token
	uppers   int
	initials bool // the open token is one letter, or letters joined by dots: C.F., P.IVA
	lines    int
	mark     int // underscores or dots in a row
	space    bool

	addrFrom, addrTo int
}

func (z *tokenizer) open(at int, upper bool) {
	z.in, z.letters, z.uppers, z.initials = true, 0, 0, false
	z.cur = token{start: at, from: len(z.buf), lines: z.lines, capital: upper}
	z.lines, z.mark = 0, 0
	if n := len(z.toks); n > 0 && !z.space {
		z.toks[n-1].after |= glued
	}
	z.space = false
}

func (z *tokenizer) flush() {
	if !z.in {
		return
	}
	z.in = false
	z.cur.to = len(z.buf)
	z.cur.shout = z.letters > 1 && z.uppers == z.letters
	z.toks = append(z.toks, z.cur)
}

// letter adds a folded letter or digit of the rune at z.i.
func (z *tokenizer) letter(b byte, upper, digit bool) {
	if !z.in {
		z.open(z.i, upper)
	}
	if digit {
		z.cur.kind = number
	} else {
		z.letters++
		if upper {
			z.uppers++
		}
	}
	z.buf = append(z.buf, b)
}

func (z *tokenizer) rune() {
	c := z.s[z.i]
	switch {
	case c >= 'a' && c <= 'z':
		z.letter(c, false, false)
	case c >= 'A' && c <= 'Z':
		z.letter(c|0x20, true, false)
	case c >= '0' && c <= '9':
		z.letter(c, false, true)
	case c == '.' && z.joinsInitials():
		z.initials = true
	case c < utf8.RuneSelf:
		z.separator(c)
		return
	default:
		z.wide()
		return
	}
	z.i++
	z.cur.end = z.i
}

// joinsInitials reports whether the dot at z.i stands within C.F., s.r.l. or P.IVA.
func (z *tokenizer) joinsInitials() bool {
	if !z.in || z.cur.kind != plainWord {
		return false
	}
	rest := z.s[z.i+1:]
	if !(z.initials || len(z.buf)-z.cur.from == 1) {
		return z.shortened(rest)
	}
	if len(rest) == 0 || !asciiLetter(rest[0]) {
		return false
	}
	if len(rest) == 1 || !asciiLetter(rest[1]) {
		return true
	}
	if z.shortened(rest) {
		return true
	}
	return z.buf[z.cur.from] == 'p' && len(rest) >= 3 && strings.EqualFold(rest[:3], "iva")
}

// shortened reports whether the dot stands within Gent.ma, Spett.le, Sig.ra,
// F.to: the ending alone may be another word ("ma" is "but").
func (z *tokenizer) shortened(rest string) bool {
	switch string(z.buf[z.cur.from:]) {
	case "gent", "egr", "preg", "ill", "spett", "sig", "dott", "prof", "chiar", "stim", "rev", "f", "d", "dr", "gentil":
	default:
		return false
	}
	n := 0
	for n < len(rest) && asciiLetter(rest[n]) {
		n++
	}
	switch strings.ToLower(rest[:n]) {
	case "mo", "ma", "mi", "me", "le", "li", "ri", "ra", "re", "ssa", "to", "ta", "na", "na'":
		return true
	}
	return false
}

func asciiLetter(c byte) bool { return c|0x20 >= 'a' && c|0x20 <= 'z' }

// separator ends the open token and notes what stands after it.
func (z *tokenizer) separator(c byte) {
	z.flush()
	var p punct
	z.i++
	switch c {
	case ' ', '\t', '\r', '\f', '\v':
		z.space = true
	case '\n':
		z.space = true
		z.lines++
	case '?':
		// A question mark within a word is a letter that lost its encoding.
		if z.i == len(z.s) || !asciiLetter(z.s[z.i]) {
			p = question
		}
	case '.', '_':
		if z.mark++; z.mark > 1 {
			p = ruled
		} else if c == '.' {
			p = stop
		}
	case '!':
		p = stop
	case ',', ';':
		p = comma
	case '(', '[':
		p = opening
	case ')', ']':
		p = closing
	case ':':
		p = colon
	}
	z.note(p)
}

func (z *tokenizer) note(p punct) {
	if n := len(z.toks); p != 0 && n > 0 {
		z.toks[n-1].after |= p
	}
}

// wide folds a rune beyond ASCII.
func (z *tokenizer) wide() {
	r, size := utf8.DecodeRuneInString(z.s[z.i:])
	switch {
	case int(r) < len(latin) && latin[r] != 0:
		z.letter(latin[r], unicode.IsUpper(r), false)
	case invisible(r):
	case r == 'º' || r == 'ª': // of "n.º 5": letters to Unicode, and "no" is another word
		z.flush()
	case unicode.IsLetter(r) || unicode.IsDigit(r):
		z.compatible(r, size)
	case unicode.IsSpace(r) || r == utf8.RuneError:
		z.flush()
		z.space = true
	case r == '…':
		z.flush()
		z.note(ruled)
	case r == '？':
		z.flush()
		z.note(question)
	default: // quotes, dashes, symbols
		z.flush()
	}
	z.i += size
	if z.in {
		z.cur.end = z.i
	}
}

// compatible folds a rare letter by NFKD, without its marks.
func (z *tokenizer) compatible(r rune, size int) {
	if !z.in {
		z.open(z.i, unicode.IsUpper(r))
	}
	z.letters++
	if unicode.IsUpper(r) {
		z.uppers++
	}
	for _, d := range norm.NFKD.String(z.s[z.i : z.i+size]) {
		if unicode.Is(unicode.Mn, d) {
			continue
		}
		if unicode.IsDigit(d) {
			z.cur.kind = number
		}
		z.buf = utf8.AppendRune(z.buf, unicode.ToLower(d))
	}
}

// findAddress finds the next address at or after from: what stands round an @.
func (z *tokenizer) findAddress(from int) {
	z.addrFrom, z.addrTo = -1, -1
	for at := from; ; at++ {
		n := strings.IndexByte(z.s[at:], '@')
		if n < 0 {
			return
		}
		at += n
		start, end := localPart(z.s, from, at), domainPart(z.s, at+1)
		if start < at && end > at+1 {
			z.addrFrom, z.addrTo = start, end
			return
		}
	}
}

// localPart is where the local part before the @ at s[at] begins. Blanks
// between it and the @ are a slip of the pen.
func localPart(s string, from, at int) int {
	i := at
	for i > from && (s[i-1] == ' ' || s[i-1] == '\t') {
		i--
	}
	begin := i
	for i > from {
		r, size := utf8.DecodeLastRuneInString(s[from:i])
		if !localRune(r) || r == '_' && ruledAt(s, i) {
			break
		}
		i -= size
	}
	for i < begin && (s[i] == '.' || s[i] == '-') {
		i++
	}
	if i == begin {
		return at
	}
	return i
}

// ruledAt reports whether the underscore before s[i] is one of a ruled blank
// with a word before it: "PEC__mario@pec.example.it".
func ruledAt(s string, i int) bool {
	k := i
	for k > 0 && s[k-1] == '_' {
		k--
	}
	return i-k > 1 && k > 0 && asciiLetter(s[k-1])
}

// domainPart is where the domain that begins at s[i] ends.
func domainPart(s string, i int) int {
	begin := i
	for i < len(s) && (s[i] == ' ' || s[i] == '\t') {
		i++
	}
	first := i
	for i < len(s) {
		r, size := utf8.DecodeRuneInString(s[i:])
		if !domainRune(r) || r == '_' && strings.HasPrefix(s[i:], "__") {
			break
		}
		i += size
	}
	for i > first && (s[i-1] == '.' || s[i-1] == '-' || s[i-1] == '_') {
		i--
	}
	if i == first || !strings.Contains(s[first:i], ".") {
		return begin
	}
	return i
}

func localRune(r rune) bool {
	return domainRune(r) || r == '+' || r == '%' || r == '&' || r == '~'
}

func domainRune(r rune) bool {
	switch {
	case r >= 'a' && r <= 'z', r >= 'A' && r <= 'Z', r >= '0' && r <= '9', r == '.', r == '-', r == '_':
		return true
	case r < utf8.RuneSelf || r == utf8.RuneError:
		return false
	}
	return unicode.IsLetter(r) || unicode.IsDigit(r) || invisible(r)
}

// address takes the address at z.i as one token.
func (z *tokenizer) address() {
	z.flush()
	z.open(z.i, false)
	z.cur.kind = address
	z.buf = appendAddress(z.buf, z.s[z.addrFrom:z.addrTo])
	z.i = z.addrTo
	z.cur.end = z.i
	z.flush()
	z.findAddress(z.i)
}

// appendAddress folds an address: lower case, no blanks. Nothing else.
func appendAddress(buf []byte, s string) []byte {
	for _, r := range s {
		switch {
		case r == ' ' || r == '\t' || invisible(r):
		case r >= 'A' && r <= 'Z':
			buf = append(buf, byte(r)|0x20)
		case r < utf8.RuneSelf:
			buf = append(buf, byte(r))
		default:
			buf = utf8.AppendRune(buf, unicode.ToLower(r))
		}
	}
	return buf
}

// foldAddress is an address as it is compared: lower case, without blanks,
// trailing dot and mailto:.
func foldAddress(s string) string {
	s = strings.TrimSpace(s)
	if len(s) > 7 && strings.EqualFold(s[:7], "mailto:") {
		s = s[7:]
	}
	return strings.TrimRight(string(appendAddress(make([]byte, 0, len(s)), s)), ".")
}

// foldWords are the folded words of a short text: a subject, a setting.
func foldWords(s string) []string {
	if s == "" {
		return nil
	}
	words := make([]string, 0, strings.Count(s, " ")+1)
	eachToken(s, func(t *token) { words = append(words, t.word) })
	return words
}

// eachToken calls fn with the tokens of a short text, each fn's only until it
// returns.
func eachToken(s string, fn func(t *token)) {
	room := shorts.Get().(*[]token)
	toks := tokenize(s, (*room)[:0])
	for i := range toks {
		fn(&toks[i])
	}
	clear(toks)
	*room = toks
	shorts.Put(room)
}
