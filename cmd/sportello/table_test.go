package main

import (
	"bytes"
	"encoding/json"
	"strconv"
	"strings"
	"testing"
)

// What a stranger writes may hold what moves a terminal about, hides text or
// turns it: escape, the control characters beyond ASCII, marks of direction.
const unruly = "a\x1b[2J\u009b31m\u202e\u200b\U000e0041 \u00a0è<\x00"

// TestJSONOnATerminal: JSON holds nothing of the kind, and reads the same.
func TestJSONOnATerminal(t *testing.T) {
	var out bytes.Buffer
	if err := toJSON(&out).Encode(map[string]string{unruly: unruly}); err != nil {
		t.Fatal(err)
	}
	for _, r := range strings.TrimSuffix(out.String(), "\n") {
		if !strconv.IsPrint(r) && r != '\u00a0' {
			t.Errorf("%U in %q", r, out.String())
		}
	}
	var got map[string]string
	if err := json.Unmarshal(out.Bytes(), &got); err != nil || got[unruly] != unruly {
		t.Errorf("%q reads %q, %v", out.String(), got, err)
	}
}

// TestErrorOnATerminal: an error keeps its lines and what can be printed.
func TestErrorOnATerminal(t *testing.T) {
	var out, errs bytes.Buffer
	code := run(t.Context(), []string{"config", "check", "-c", "/none/" + strings.ReplaceAll(unruly, "\x00", "") + "\nx"}, nil, &out, &errs)
	if code != 1 || !strings.Contains(errs.String(), "/none/a�[2J�31m�") || !strings.Contains(errs.String(), "\nx") || strings.ContainsAny(errs.String(), "\x1b\u009b\u202e") {
		t.Errorf("%d: %q", code, errs.String())
	}
}
