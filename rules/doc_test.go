package rules

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"
)

// The map of the package names every file of it, and none that is gone.
func TestMapNamesEveryFile(t *testing.T) {
	doc, err := os.ReadFile("doc.go")
	if err != nil {
		t.Fatal(err)
	}
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	there := map[string]bool{}
	for _, file := range files {
		if file == "doc.go" || strings.HasSuffix(file, "_test.go") {
			continue
		}
		if strings.HasPrefix(file, "sign_") {
			file = "sign_*.go"
		}
		if there[file] = true; !strings.Contains(string(doc), file) {
			t.Errorf("doc.go does not say what %s is for", file)
		}
	}
	for _, file := range regexp.MustCompile(`[a-z_*]+\.go`).FindAllString(string(doc), -1) {
		if !there[file] {
			t.Errorf("doc.go speaks of %s, which is not there", file)
		}
	}
}

// Every check that a procedure may have is carried out.
func TestEveryCheckIsKnown(t *testing.T) {
	at := time.Date(2026, 11, 10, 10, 22, 0, 0, time.UTC)
	order := Order{Number: "1", Address: "mario.rossi@pec.example.it", Kind: "auto_renewal", Date: at}
	d := decider{set: defaultSet(t), m: &Message{Sender: order.Address, Sent: at}, r: &Reading{Orders: []string{"1"}},
		f: &Facts{Registry: true, Ours: true, Mailbox: &MailboxFact{Address: order.Address, Status: "active"}, Orders: []Order{order}}}
	d.p = d.set.Procedure("recesso-rinnovo")
	for _, w := range CheckWords {
		if why, reason, ok := d.check(Check{Is: w.Name, Days: 30}); !ok || reason != "" {
			t.Errorf("%s: %v %s %s", w.Name, ok, reason, why)
		}
	}
}
