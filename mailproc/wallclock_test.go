package mailproc

import (
	"testing"
	"time"

	"sportello/rules"
	"sportello/store"
)

// A term that was set while the desk ran comes at its hour of the wall clock,
// whatever the machine's steady clock did meanwhile: that one stands still
// while the machine sleeps. So the desk's instants hold no steady reading.
func TestInstantsAreOfTheWallClock(t *testing.T) {
	if steady := time.Now(); steady == steady.Round(0) {
		t.Fatal("this machine has no steady clock to be kept out")
	}
	st, err := store.Open(t.TempDir(), store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer st.Close()
	d, err := New(Options{Store: st, Policy: Policy{Rules: &rules.Set{Calendar: &rules.Calendar{Zone: time.UTC}}}})
	if err != nil {
		t.Fatal(err)
	}
	if now := d.Now(); now != now.Round(0) {
		t.Errorf("the desk's clock says %v", now)
	}
	a := &Alerts{Store: StoredAlerts{Store: st}, Log: silent()}
	if err := a.Open(); err != nil {
		t.Fatal(err)
	}
	if now := a.Now(); now != now.Round(0) {
		t.Errorf("the alerts' clock says %v", now)
	}
}
