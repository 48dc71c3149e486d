package rules

import (
	"testing"
	"time"
)

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
