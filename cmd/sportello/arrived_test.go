package main

import (
	"path/filepath"
	"strings"
	"testing"
	"time"

	"sportello/mailproc/pec/pectest"
	"sportello/rules"
)

// TestArrivedOnRealServers: Postfix refuses the letter for good, the customer
// calls and has it from elsewhere, and the operator says so: the case is carried
// out to its end, and no letter goes.
func TestArrivedOnRealServers(t *testing.T) {
	r := newRealDesk(t, func(o pectest.Office) ([]pectest.Item, []byte, []byte) {
		items, boxes, orders := o.Samples(time.Now(), 0)
		return items[:1], boxes, orders
	}, "smtpd_recipient_restrictions = check_recipient_access static:{554 5.7.1 mailbox is being moved}")
	r.deliver(r.items)
	r.run()
	only := func() *rules.Case {
		for _, list := range r.cases() {
			return list[0]
		}
		return &rules.Case{}
	}
	r.until("the letter has failed", 30*time.Second, func() bool { return only().State == rules.InReview })
	d := &liveDesk{t: t, config: filepath.Join(r.dir, "sportello.toml")}
	id := only().ID
	d.says([]string{"letters", "list", "--state", "failed"}, id+` +1 +accolta +failed .*554 5\.7\.1.*mailbox is being moved`)
	d.says([]string{"queue", "show", id}, `the customer has it all the same, say that it arrived`)
	d.refuses(1, []string{"queue", "arrived", id}, `no receipt says that letter 1 was accepted: say how you know that it arrived`)
	d.says([]string{"queue", "arrived", id, "--text", "ha telefonato"}, `case `+id+` is now accepted`)
	d.says([]string{"queue", "show", id}, `note by \S+, .*: ha telefonato`)
	if o := d.do("", "letters", "list", "--state", "failed"); o.code != 0 || !strings.Contains(o.err, "no letter is failed") {
		t.Errorf("letters list: %+v", o)
	}
	d.refuses(1, []string{"letters", "list", "--state", "bogus"}, `unknown state "bogus": one of failed, overdue`)
	r.until("read-only", 30*time.Second, func() bool { return len(r.ran("read-only")) == 1 && !r.running() })
	r.clock.advance(6 * 24 * time.Hour)
	r.until("the mailbox is closed", 60*time.Second, func() bool { r.office.Wake(); return only().State == rules.Closed })
	if n := r.letters.count(); n != 0 || len(r.ran("close")) != 1 {
		t.Errorf("%d letters went, closed %v", n, r.ran("close"))
	}
	if err := r.office.Store.Check(t.Context(), nil, true); err != nil {
		t.Error(err)
	}
}
