package rules

import (
	"flag"
	"maps"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

var relearn = flag.Bool("learn", false, "TestWeights learns weights.bin anew from the lines")

// taught is a line that somebody wrote beside a form.
type taught struct {
	text     string
	features []uint32
	harmless bool
	weight   float64
	hand     string // who wrote it
}

// taughtLines are the lines of testdata/lines, which nobody looked at to tune the
// rules, those of testdata/beside, and the plain requests' own sentences.
func taughtLines(t testing.TB) (out []taught) {
	t.Helper()
	add := func(text, hand string, harmless bool, weight float64) {
		x := taught{text: text, harmless: harmless, weight: weight, hand: hand}
		features(tokenize(text, nil), func(h uint32) { x.features = append(x.features, h) })
		out = append(out, x)
	}
	for _, file := range glob(t, "testdata/lines/*.txt") {
		hand, kind, _ := strings.Cut(strings.TrimSuffix(filepath.Base(file), ".txt"), "-")
		for _, line := range linesOf(t, file) {
			add(line, hand, kind == "harmless", 1)
		}
	}
	for _, list := range besideLists {
		for file, harmless := range map[string]bool{list.harmless: true, list.harmful: false} {
			for _, line := range besideForm(t, file) {
				if line = strings.TrimPrefix(line, "FORM\n"); !strings.Contains(line, "FORM") {
					add(line, "beside", harmless, 1)
				}
			}
		}
	}
	s := defaultSet(t)
	defer func(w []byte) { weights = w }(weights)
	weights = make([]byte, 1<<weightBits) // the rules alone: what is learned must not teach itself
	for _, file := range glob(t, "testdata/corpus/*/*.txt") {
		x := readSpecimen(t, file)
		for _, w := range besideIn(s, x.message) {
			switch {
			case x.class == "plain":
				add(w.text, "corpus", true, 0.3)
			case x.class == "doubtful" && w.kind == "sign":
				add(w.text, "corpus", false, 1)
			}
		}
	}
	return out
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
		case "courtesy":
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

// weigh is bearing by other weights.
func weigh(weights []byte, features []uint32) float64 {
	sum := 0
	for _, f := range features {
		sum += int(int8(weights[f]))
	}
	return logistic(float64(sum) / weightUnit / math.Sqrt(float64(len(features))))
}

// What the weights say of lines by a hand they were not learned from: the table
// by which the limits of weigh.go were chosen.
func TestWeightsOnUnseenHands(t *testing.T) {
	lines := taughtLines(t)
	hands := map[string]bool{}
	for _, x := range lines {
		hands[x.hand] = true
	}
	delete(hands, "beside")
	delete(hands, "corpus")
	for _, hand := range slices.Sorted(maps.Keys(hands)) {
		var others, own []taught
		for _, x := range lines {
			if x.hand == hand {
				own = append(own, x)
			} else {
				others = append(others, x)
			}
		}
		w := learned(others)
		var below, above [2]int
		var n [2]int
		right := 0
		for _, x := range own {
			p := weigh(w, x.features)
			k := count(x.harmless)
			n[k]++
			below[k] += count(p < nothingFound)
			above[k] += count(p >= 0.9)
			right += count(p >= 0.5 == x.harmless)
		}
		t.Logf("%s: %d%% right; of %d harmful %d are stopped and %d surely harmless; of %d harmless %d are stopped, %d surely harmless", hand, 100*right/len(own), n[0], below[0], above[0], n[1], below[1], above[1])
	}
}

// The weights were learned from these lines and this code: whoever changes
// features, classes or lines learns them anew (go test ./rules -run TestWeights -learn).
func TestWeights(t *testing.T) {
	lines := taughtLines(t)
	if *relearn {
		weights = learned(lines)
		if err := os.WriteFile("weights.bin", weights, 0o644); err != nil {
			t.Fatal(err)
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
