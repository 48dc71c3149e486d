package store

import (
	"encoding/json"
	"fmt"
	"reflect"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"sportello/rules"
)

// fill gives every exported field a value of its own, so that a field that a
// hand-written encoder forgets is noticed the day it is added.
func fill(v reflect.Value, n *int) {
	*n++
	switch v.Kind() {
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		fill(v.Elem(), n)
	case reflect.String:
		v.SetString(fmt.Sprintf("v%d <è>\n", *n))
	case reflect.Bool:
		v.SetBool(true)
	case reflect.Int, reflect.Int64:
		v.SetInt(int64(*n))
	case reflect.Uint64, reflect.Uint32:
		v.SetUint(uint64(*n))
	case reflect.Float64:
		v.SetFloat(float64(*n) / 7)
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 2, 2))
		fill(v.Index(0), n)
		fill(v.Index(1), n)
	case reflect.Array, reflect.Uint8:
		if v.Kind() == reflect.Uint8 {
			v.SetUint(uint64(*n % 256))
			return
		}
		for i := range v.Len() {
			fill(v.Index(i), n)
		}
	case reflect.Map:
		v.Set(reflect.MakeMap(v.Type()))
		for range 3 {
			k, e := reflect.New(v.Type().Key()).Elem(), reflect.New(v.Type().Elem()).Elem()
			fill(k, n)
			fill(e, n)
			v.SetMapIndex(k, e)
		}
	case reflect.Struct:
		if v.Type() == reflect.TypeFor[time.Time]() {
			v.Set(reflect.ValueOf(start.Add(time.Duration(*n)*time.Hour + 7)))
			return
		}
		for i := range v.NumField() {
			if v.Type().Field(i).IsExported() {
				fill(v.Field(i), n)
			}
		}
	default:
		panic("fill: " + v.Kind().String())
	}
}

func filled[T any]() (v T) {
	n := 0
	fill(reflect.ValueOf(&v).Elem(), &n)
	return v
}

func TestRecordsKeepEveryField(t *testing.T) {
	r := caseRecord{c: filled[rules.Case](), events: []uint64{3, 9, 1000}, proof: 3, explain: 9, letters: []uint64{4, 5}}
	x := coder{}
	r.code(&x)
	var got caseRecord
	y := newReader(x.buf)
	got.code(&y)
	if err := y.end("case"); err != nil {
		t.Fatal(err)
	}
	want := r.c
	want.Explanation, want.Proof = rules.Explanation{}, nil // the journal has them
	for i := range want.Letters {
		want.Letters[i].LetterText = rules.LetterText{}
	}
	for i := range want.Steps {
		want.Steps[i].Means = "" // the procedure says it
	}
	if d := cmp.Diff(want, got.c); d != "" {
		t.Error("case:\n", d)
	}
	if !reflect.DeepEqual(r.events, got.events) || !reflect.DeepEqual(r.letters, got.letters) || got.proof != 3 || got.explain != 9 {
		t.Errorf("record %v %v %d %d", got.events, got.letters, got.proof, got.explain)
	}

	m := filled[Message]()
	m.ID, m.Facts, m.Proof = 12, nil, nil
	x = coder{}
	m.code(&x)
	if got, err := decodeMessage(12, x.buf); err != nil || cmp.Diff(m, got) != "" {
		t.Error("message:", err, cmp.Diff(m, got))
	}

	facts := filled[rules.Message]()
	h := heavy{facts: &facts, proof: filled[[]rules.ProofStep]()}
	x = coder{}
	h.code(&x)
	var h2 heavy
	y = newReader(x.buf)
	h2.code(&y)
	if y.end("facts") != nil || cmp.Diff(*h.facts, *h2.facts) != "" || cmp.Diff(h.proof, h2.proof) != "" {
		t.Error("facts:", cmp.Diff(*h.facts, *h2.facts))
	}
}

func TestRecordsCutShort(t *testing.T) {
	r := caseRecord{c: filled[rules.Case](), events: []uint64{1}}
	x := coder{}
	r.code(&x)
	for n := range len(x.buf) {
		if _, err := decodeCase(caseKey{}, x.buf[:n]); err == nil {
			t.Fatalf("%d of %d bytes were read as a whole record", n, len(x.buf))
		}
	}
	if _, err := decodeCase(caseKey{}, append(x.buf, 0)); err == nil {
		t.Error("a byte too many was not noticed")
	}
}

func TestEventIsWrittenAsJSONWould(t *testing.T) {
	e := filled[rules.Event]()
	want, err := json.Marshal(e)
	if err != nil {
		t.Fatal(err)
	}
	if got := appendEvent(nil, &e); string(got) != string(want) {
		t.Fatalf("every field:\n got %s\nwant %s", got, want)
	}
	rapid.Check(t, func(t *rapid.T) {
		e := rules.Event{Seq: rapid.Uint64().Draw(t, "seq"), At: start, Kind: rules.Noted, Case: rapid.String().Draw(t, "case"),
			Detail: string(rapid.SliceOf(rapid.Byte()).Draw(t, "detail")), Message: uint64(rapid.IntRange(0, 3).Draw(t, "message")),
			Flags: rapid.SliceOf(rapid.String()).Draw(t, "flags")}
		if rapid.Bool().Draw(t, "letter") {
			e.Letter = &rules.LetterRef{N: rapid.Int().Draw(t, "n"), Answer: rapid.String().Draw(t, "answer")}
		}
		want, err := json.Marshal(e)
		if err != nil {
			t.Fatal(err)
		}
		if got := appendEvent(nil, &e); string(got) != string(want) {
			t.Fatalf("\n got %s\nwant %s", got, want)
		}
	})
}

func TestPrivateIsWrittenAsJSONWould(t *testing.T) {
	full := filled[rules.Private]()
	same(t, &full)
	full.Letter.Files = nil // attachments are read by encoding/json
	if r := samePrivateText(t, &full); r.strange {
		t.Error("the fast reader gave up on what we write ourselves")
	}
	same(t, &rules.Private{})
	same(t, &rules.Private{Explanation: &rules.Explanation{}, Letter: &rules.LetterText{Files: []rules.LetterFile{{}}}, Proof: make([]rules.ProofStep, 1)})
	text := rapid.Custom(func(t *rapid.T) string { return string(rapid.SliceOf(rapid.Byte()).Draw(t, "bytes")) })
	any := rapid.OneOf(rapid.String(), text, rapid.SampledFrom([]string{"", "\u2028\\\"</a>&\x00\x7f", "\\"}))
	rapid.Check(t, func(t *rapid.T) {
		same(t, &rules.Private{Mailbox: any.Draw(t, "mailbox"), Reasons: rapid.SliceOf(any).Draw(t, "reasons"),
			Fields:      rapid.MapOf(any, any).Draw(t, "fields"),
			Explanation: &rules.Explanation{Own: any.Draw(t, "own"), Similarity: rapid.Float64Range(-1e22, 1e22).Draw(t, "similarity"), Spans: make([]rules.Span, rapid.IntRange(0, 2).Draw(t, "spans"))},
			Letter:      &rules.LetterText{Text: any.Draw(t, "letter")}})
	})
}

// same demands that a private part is written as encoding/json writes it, and
// read as it reads it.
func same(t rapid.TB, p *rules.Private) {
	t.Helper()
	samePrivateText(t, p)
	b := appendPrivate(nil, p)
	var want rules.Private
	if err := json.Unmarshal(b, &want); err != nil {
		t.Fatal(err)
	}
	got, err := readPrivate(b)
	if d := cmp.Diff(&want, got); err != nil || d != "" {
		t.Fatal(err, d)
	}
}

func samePrivateText(t rapid.TB, p *rules.Private) (r reader) {
	t.Helper()
	want, err := json.Marshal(p)
	if err != nil {
		t.Fatal(err)
	}
	got := appendPrivate(nil, p)
	if string(got) != string(want) {
		t.Fatalf("\n got %s\nwant %s", got, want)
	}
	r.b = string(got)
	r.object(func(key string) { r.private(&rules.Private{}, key) })
	return r
}

// FuzzPrivate: whatever lies in the database, reading it ends, and as
// encoding/json would have it.
func FuzzPrivate(f *testing.F) {
	f.Add([]byte(`{"letter":{"to":"a","subject":"b","text":"c\nd\u00e8"},"note":"x"}`))
	f.Add([]byte(`{"explanation":{"own":"a\\","spans":[{"start":1,"end":2,"kind":"form"}],"similarity":0.5},"fields":{"a":"b"}}`))
	f.Add([]byte(`{"note":"\ud83d\ude00"}`))
	f.Fuzz(func(t *testing.T, b []byte) {
		var want rules.Private
		if json.Unmarshal(b, &want) != nil {
			readPrivate(b)
			return
		}
		again := appendPrivate(nil, &want) // in our own hand
		got, err := readPrivate(again)
		if err != nil || string(appendPrivate(nil, got)) != string(again) {
			t.Fatalf("%s: %v", again, err)
		}
	})
}
