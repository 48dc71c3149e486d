package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestRegistryImport: a file of mailboxes or orders takes the place of the old one whole, with its rights, or not at all.
func TestRegistryImport(t *testing.T) {
	c := newTrusting(t)
	c.write("sportello.toml", strings.Replace(small, "[registry]", "[registry]\norders = \"registry/orders.csv\"", 1))
	place := map[string]string{"mailboxes": filepath.Join(c.dir, "registry/mailboxes.csv"), "orders": filepath.Join(c.dir, "registry/orders.csv")}
	if err := os.Chmod(place["mailboxes"], 0o600); err != nil {
		t.Fatal(err)
	}
	in := func(what string) string {
		t.Helper()
		raw, err := os.ReadFile(place[what])
		if err != nil {
			t.Fatal(err)
		}
		return string(raw)
	}
	for _, x := range []struct{ what, text, says string }{
		{"mailboxes", "\ufeffAddress,status\nanna@pec.example.it,active\nmario@pec.example.it,expired\n", ": 2 mailboxes\n"},
		{"orders", "kind,date,address,number\nauto_renewal,2026-11-10,anna@pec.example.it,7\n", ": 1 orders\n"},
	} {
		c.write("new.csv", x.text)
		code, out, errs := c.sportello("registry", "import", filepath.Join(c.dir, "new.csv"))
		if code != 0 || out != place[x.what]+" in force"+x.says || in(x.what) != x.text {
			t.Errorf("%s: exit code %d, %q %q, in force %q", x.what, code, out, errs, in(x.what))
		}
	}
	if info, err := os.Stat(place["mailboxes"]); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the new file of mailboxes may be read by others than the old one: %v %v", info.Mode(), err)
	}
	if code, out, errs := c.sportello("registry", "show", "anna@pec.example.it"); code != 0 || !strings.Contains(out, "status   active") {
		t.Errorf("registry show: exit code %d, %q %q", code, out, errs)
	}
	before := in("mailboxes") + in("orders")
	for text, why := range map[string]string{
		"": "the file is empty", "<html>404</html>\n": "unknown column",
		"address,status\nanna@pec.example.it,attiva\n":                            `new.csv:2: status "attiva": one of active`,
		"address,status\nanna@pec.example.it,active\nANNA@pec.example.it,active":  "new.csv:3: anna@pec.example.it is there twice",
		"number,address,kind,date\n1,anna@pec.example.it,auto_renewal,10/11/2026": `new.csv:2: date "10/11/2026"`,
	} {
		c.write("new.csv", text)
		code, out, errs := c.sportello("registry", "import", filepath.Join(c.dir, "new.csv"))
		if code != 1 || out != "" || !strings.Contains(errs, why) || !strings.Contains(errs, "the file in force stays as it was") || in("mailboxes")+in("orders") != before {
			t.Errorf("%q: exit code %d, %q %q, want 1 and %q, and the files as they were", text, code, out, errs, why)
		}
	}
}

// TestRegistryImportFirst: the files that the configuration names need not be there to import them.
func TestRegistryImportFirst(t *testing.T) {
	c := newTrusting(t)
	if err := os.Remove(filepath.Join(c.dir, "registry/mailboxes.csv")); err != nil {
		t.Fatal(err)
	}
	c.write("new.csv", "address,status\nanna@pec.example.it,active\n")
	if code, _, errs := c.sportello("registry", "show", "anna@pec.example.it"); code != 1 || !strings.Contains(errs, "registry import") {
		t.Errorf("registry show without its file: exit code %d, %q", code, errs)
	}
	if code, out, errs := c.sportello("registry", "import", filepath.Join(c.dir, "new.csv")); code != 0 {
		t.Errorf("exit code %d, %q %q", code, out, errs)
	}
	if code, out, errs := c.sportello("registry", "show", "anna@pec.example.it"); code != 0 || !strings.Contains(out, "status   active") {
		t.Errorf("registry show: exit code %d, %q %q", code, out, errs)
	}
	c.write("new.csv", "number,address,kind,date\n1,anna@pec.example.it,auto_renewal,2026-11-10\n")
	if code, _, errs := c.sportello("registry", "import", filepath.Join(c.dir, "new.csv")); code != 1 || !strings.Contains(errs, "has no [registry] orders") {
		t.Errorf("orders that the configuration has no place for: exit code %d, %q", code, errs)
	}
}
