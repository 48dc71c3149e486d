package rules

import (
	"encoding/binary"

	"flag"
	"maps"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

var relearn = flag.Bool("learn", false, "TestWeights learns weights.bin and vocabulary.bin anew from the lines")

// taught is a line that somebody wrote beside a form.
type taught struct {
	text     string
	features []uint32
	harmless bool
	weight   float64
	hand     string // who wrote it
}

// taughtLines are the lines of testdata/lines, which nobody looked at to tune the
// rules, those of testdata/beside, and the sentences of the corpus.
func taughtLines(t testing.TB) []taught {
	t.Helper()
	var out []taught
	for _, file := range glob(t, "testdata/lines/*.txt") {
		hand, kind, _ := strings.Cut(strings.TrimSuffix(filepath.Base(file), ".txt"), "-")
		for _, line := range linesOf(t, file) {
			out = append(out, lesson(line, hand, kind == "harmless", 1))
		}
	}
	return slices.Concat(out, besideLessons(t), corpusLessons(t))
}

func lesson(text, hand string, harmless bool, weight float64) taught {
	x := taught{text: text, harmless: harmless, weight: weight, hand: hand}
	features(tokenize(text, nil), func(h uint32) { x.features = append(x.features, h) })
	return x
}

// besideLessons are the lines of testdata/beside without the form itself.
func besideLessons(t testing.TB) (out []taught) {
	for _, list := range besideLists {
		for _, file := range []string{list.harmless, list.harmful} {
			harmless := file == list.harmless
			for _, line := range besideForm(t, file) {
				parts := slices.DeleteFunc(strings.Split(line, "FORM"), func(part string) bool { return strings.TrimSpace(part) == "" })
				if !harmless && (len(parts) != 1 || line != parts[0] && !strings.Contains(line, "FORM\n")) {
					continue // who knows which part of it does the harm
				}
				for _, part := range parts {
					out = append(out, lesson(part, "beside", harmless, 2))
				}
			}
		}
	}
	return out
}

// corpusLessons are the sentences of plain requests, and those of doubtful ones
// that bear a sign, or are not understood, by the rules alone: what is learned
// must not teach itself.
func corpusLessons(t testing.TB) (out []taught) {
	s := unweighed(t)
	for _, file := range glob(t, "testdata/corpus/*/*.txt") {
		x := readSpecimen(t, file)
		for _, w := range besideIn(s, x.message) {
			if x.class == "plain" || x.class == "doubtful" && w.kind != "courtesy" {
				out = append(out, lesson(w.text, "corpus", x.class == "plain", 1))
			}
		}
	}
	return out
}

// unweighed are procedures for which the rules alone speak.
func unweighed(t testing.TB) *Set {
	s := defaultSet(t)
	for _, p := range s.Procedures {
		p.Beside = "known"
	}
	return s
}

// worded is a sentence beside a form, and how the rules read it.
type worded struct{ text, kind string }

// besideIn cuts what stands beside the form in a message into sentences.
func besideIn(s *Set, m Message) (out []worded) {
	e := s.Read(m).Explanation
	if !slices.ContainsFunc(e.Spans, func(x Span) bool { return x.Kind == "form" }) {
		return nil
	}
	ends := func(r rune) bool { return r == '\n' || r == '.' }
	for _, x := range e.Spans {
		switch x.Kind {
		case "courtesy", "left-over":
			for _, words := range strings.FieldsFunc(e.Own[x.Start:x.End], ends) {
				out = append(out, worded{words, x.Kind})
			}
		case "sign":
			from := strings.LastIndexFunc(e.Own[:x.Start], ends) + 1
			to := strings.IndexFunc(e.Own[x.End:], ends)
			if to < 0 {
				to = len(e.Own) - x.End
			}
			out = append(out, worded{e.Own[from : x.End+to], x.Kind})
		}
	}
	return out
}

func glob(t testing.TB, pattern string) []string {
	t.Helper()
	files, err := filepath.Glob(pattern)
	if err != nil || len(files) == 0 {
		t.Fatalf("%s: %d files, %v", pattern, len(files), err)
	}
	return files
}

func linesOf(t testing.TB, file string) []string {
	t.Helper()
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return strings.Split(strings.TrimSpace(string(data)), "\n")
}

// learned are the weights that tell the harmless lines from the others: logistic
// regression by stochastic gradient descent, each weight with its own step
// (AdaGrad), both kinds of the same weight together.
func learned(lines []taught) []byte {
	const passes, step = 12, 0.5
	var sum [2]float64
	for _, x := range lines {
		sum[count(x.harmless)] += x.weight
	}
	w, g := make([]float64, 1<<weightBits), make([]float64, 1<<weightBits)
	order := rand.New(rand.NewPCG(1, 2))
	for range passes {
		for _, i := range order.Perm(len(lines)) {
			x := &lines[i]
			scale := 1 / math.Sqrt(float64(len(x.features)))
			z := 0.0
			for _, f := range x.features {
				z += w[f] * scale
			}
			miss := (logistic(z) - float64(count(x.harmless))) * x.weight
			if !x.harmless {
				miss *= sum[1] / sum[0]
			}
			for _, f := range x.features {
				d := miss * scale
				g[f] += d * d
				w[f] -= step * d / math.Sqrt(g[f]+1e-8)
			}
		}
	}
	out := make([]byte, len(w))
	for i := range w {
		out[i] = byte(int8(max(-127, min(127, math.Round(w[i]*weightUnit)))))
	}
	return out
}

// severalHands is by how many hands of lines a word of the vocabulary was written.
const severalHands = 5

// heardWords is the vocabulary of the lines, but for those in another language.
func heardWords(lines []taught) []byte {
	hands := map[uint32]map[string]bool{}
	for _, x := range lines {
		toks, abroad := tokenize(x.text, nil), 0
		for _, t := range toks {
			abroad += count(foreignWord[t.word])
		}
		for _, t := range toks {
			if t.kind == plainWord && abroad < 2 {
				h := hash(t.word)
				if hands[h] == nil {
					hands[h] = map[string]bool{}
				}
				hands[h][x.hand] = true
			}
		}
	}
	maps.DeleteFunc(hands, func(_ uint32, by map[string]bool) bool { return len(by) < severalHands })
	var out []byte
	for _, h := range slices.Sorted(maps.Keys(hands)) {
		out = binary.BigEndian.AppendUint32(out, h)
	}
	return out
}

// weigh is bearing by other weights.
func weigh(weights []byte, features []uint32) float64 {
	sum := 0
	for _, f := range features {
		sum += int(int8(weights[f]))
	}
	return logistic(float64(sum) / weightUnit / math.Sqrt(float64(len(features))))
}

// What rules and weights make of lines by a hand that neither was made from: the
// table by which the doubts of weigh.go were chosen.
//
// The hands are left out by a third at a time.
func TestWeightsOnUnseenHands(t *testing.T) {
	lines, set, known := taughtLines(t), defaultSet(t), unweighed(t)
	defer func(w []byte) { weights = w }(weights)
	hands := map[string][]taught{}
	for _, x := range lines {
		if x.hand != "beside" && x.hand != "corpus" { // the rules were made from these
			hands[x.hand] = append(hands[x.hand], x)
		}
	}
	var rules, both, all [2]int
	drowned := 0
	for unseen := range slices.Chunk(slices.Sorted(maps.Keys(hands)), (len(hands)+folds-1)/folds) {
		weights = learned(slices.DeleteFunc(slices.Clone(lines), func(x taught) bool { return slices.Contains(unseen, x.hand) }))
		for _, hand := range unseen {
			n, alone, weighed := [2]int{}, accepted(known, hands[hand]), accepted(set, hands[hand])
			for _, x := range hands[hand] {
				n[count(x.harmless)]++
			}
			drowned += accepted(set, amid(hands[hand]))[0]
			t.Logf("%s: accepted of %d harmful %d (by the rules alone %d), of %d harmless %d (%d)", hand, n[0], weighed[0], alone[0], n[1], weighed[1], alone[1])
			for k := range all {
				rules[k], both[k], all[k] = rules[k]+alone[k], both[k]+weighed[k], all[k]+n[k]
			}
		}
	}
	t.Logf("together: accepted of %d harmful %d (%d), of %d harmless %d (%d)", all[0], both[0], rules[0], all[1], both[1], rules[1])
	t.Logf("of the harmful ones, behind a harmless one in the same sentence, %d", drowned)
	if 7*drowned > all[0] {
		t.Error("a harmful line drowns in a harmless one")
	}
	if both[0] > rules[0] || 5*both[1] < 6*rules[1] {
		t.Error("the weights let more harmful lines pass than the rules alone, or hardly more harmless ones")
	}
}

const folds = 3

// amid puts each harmful line behind a harmless one, into the same sentence.
func amid(lines []taught) (out []taught) {
	var harmless []string
	for _, x := range lines {
		if x.harmless {
			harmless = append(harmless, strings.TrimRight(x.text, ". "))
		}
	}
	for _, x := range lines {
		if !x.harmless {
			x.text = harmless[len(out)%len(harmless)] + ", " + strings.ToLower(x.text[:1]) + x.text[1:]
			out = append(out, x)
		}
	}
	return out
}

// withdrawing are words of lines that go with a withdrawal.
var withdrawing = regexp.MustCompile(`(?i)rinnov|rimbors|recess|storn`)

// accepted counts the lines beside which a form is accepted: harmful, harmless.
func accepted(s *Set, lines []taught) (n [2]int) {
	for _, x := range lines {
		list := besideLists[count(withdrawing.MatchString(x.text))]
		m := request(list.subject, list.form+"\n"+x.text+"\nCordiali saluti\nMario Rossi")
		m.Mailbox = list.mailbox
		n[count(x.harmless)] += count(s.Read(m).Outcome == Accept)
	}
	return n
}

// The weights were learned from these lines and this code: whoever changes
// features, classes or lines learns them anew (go test ./rules -run TestWeights -learn).
func TestWeights(t *testing.T) {
	lines := taughtLines(t)
	if *relearn {
		weights = learned(lines)
		vocabulary = heardWords(lines)
		for file, data := range map[string][]byte{"weights.bin": weights, "vocabulary.bin": vocabulary} {
			if err := os.WriteFile(file, data, 0o644); err != nil {
				t.Fatal(err)
			}
		}
	}
	if len(weights) != 1<<weightBits {
		t.Fatalf("weights.bin has %d weights", len(weights))
	}
	right, n := 0, 0
	for _, x := range lines {
		if x.hand != "corpus" {
			right += count(weigh(weights, x.features) >= 0.5 == x.harmless)
			n++
		}
	}
	t.Logf("%d of %d lines told apart", right, n)
	if 100*right < 99*n {
		t.Errorf("only %d of %d lines are told apart: learn the weights anew, with -learn", right, n)
	}
}
