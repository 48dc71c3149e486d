package rules

// The kinds of blank that rules speak of by name.
const (
	kindPerson  = "person"
	kindMailbox = "pec-address"
	kindCase    = "case-number"
	kindOrder   = "order-number"
	kindPanel   = "panel"
	kindAmount  = "amount"
	kindDate    = "date"
	kindTaxCode = "tax-code"
	kindText    = "text"
)

// blankKind is a kind of value that a blank of a form takes.
type blankKind struct {
	Word
	width   int    // the most words of such a value
	code    bool   // it is one word with figures, not a phrase: where it ends is seen from itself
	printed string // what the form shows in its place; "" a line of underscores
	read    func(r *reader, b Blank, from, to int) filled
}

// blankKinds is every kind. A new one is a row here, with the way to read it
// (blank.go), and its Italian in the console's words.txt (a test misses it).
var blankKinds = []blankKind{
	{Word: Word{kindPerson, "name of a person or company"}, width: 80, read: readPerson},
	{Word: Word{kindMailbox, "a certified mailbox"}, width: 12, read: (*reader).mailbox},
	{Word: Word{kindCase, "number of a support case"}, width: 8, code: true, printed: "xxxxx", read: (*reader).code},
	{Word: Word{kindOrder, "number of an order"}, width: 10, code: true, read: (*reader).code},
	{Word: Word{kindPanel, "account of the control panel"}, width: 8, code: true, read: (*reader).code},
	{Word: Word{kindAmount, "a sum of money"}, width: 6, code: true, read: (*reader).code},
	{Word: Word{kindDate, "a date"}, width: 8, code: true, read: (*reader).code},
	{Word: Word{kindTaxCode, "codice fiscale or partita IVA"}, width: 6, code: true, read: (*reader).code},
	{Word: Word{kindText, "any words"}, width: 60, read: readText},
}

// BlankKinds are the kinds of value that a blank of a form takes.
var BlankKinds, kindsByName = func() (words []Word, byName map[string]*blankKind) {
	byName = map[string]*blankKind{}
	for i := range blankKinds {
		words = append(words, blankKinds[i].Word)
		byName[blankKinds[i].Name] = &blankKinds[i]
	}
	return words, byName
}()

// kindOf is a kind by its name, which the loader has checked.
func kindOf(name string) *blankKind {
	if k := kindsByName[name]; k != nil {
		return k
	}
	return kindsByName[kindText]
}

func readPerson(r *reader, _ Blank, from, to int) filled { return r.person(from, to) }

func readText(r *reader, _ Blank, from, to int) filled { return r.free(from, to) }
