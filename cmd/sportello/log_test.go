package main

import (
	"bytes"
	"testing"
)

// TestTail: the last lines stay, however they were cut into writes.
func TestTail(t *testing.T) {
	for _, c := range []struct {
		most uint64
		want string
	}{{2, "three\nfour\n"}, {9, "one\ntwo\nthree\nfour\n"}} {
		x := tail{most: c.most}
		for _, piece := range []string{"one\ntw", "o\n", "three", "\nfour\n"} {
			if n, err := x.Write([]byte(piece)); n != len(piece) || err != nil {
				t.Fatal(n, err)
			}
		}
		if got := string(bytes.Join(x.lines, nil)); got != c.want {
			t.Errorf("the last %d are %q, want %q", c.most, got, c.want)
		}
	}
}
