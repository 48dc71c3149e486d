package main

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

// TestWantsRestart names what a reload leaves as it was.
func TestWantsRestart(t *testing.T) {
	cfg, file := placed(t)
	for _, x := range []struct {
		change []string
		want   []string
	}{
		{nil, nil},
		{[]string{`domains = `, "closures = [\"2026-12-07\"]\ndomains = "}, nil},
		{[]string{`domains = `, "four_eyes = true\ndisk_reserve = \"1 GiB\"\ndomains = "}, []string{"four_eyes", "disk_reserve"}},
		{[]string{`127.0.0.1:993`, `127.0.0.1:994`}, []string{"mailbox"}},
		{[]string{`mailboxes = "registry/mailboxes.csv"`, `mailboxes = "registry/orders.csv"`}, []string{"registry.mailboxes"}},
	} {
		writeFile(t, file, edit(t, small, x.change...))
		fresh, err := LoadConfig(file)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(x.want, cfg.wantsRestart(fresh), cmpopts.EquateEmpty()); diff != "" {
			t.Errorf("%s: %s", strings.Join(x.change, " -> "), diff)
		}
	}
	fresh := *cfg
	fresh.Console.Listen, fresh.Retention.Months, fresh.Trust.SHA1, fresh.Letters.Gestore = "127.0.0.1:1", 36, "accept", "Altro"
	if diff := cmp.Diff([]string{"retention.months", "console.listen"}, cfg.wantsRestart(&fresh)); diff != "" {
		t.Error(diff)
	}
}
