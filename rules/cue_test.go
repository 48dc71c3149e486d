package rules

import "testing"

// TestStopsCharges: who withdraws from a renewal may take back his leave to charge
// the next ones; what he leaves to others, or keeps, a person reads.
func TestStopsCharges(t *testing.T) {
	s := defaultSet(t)
	for line, want := range map[string]Outcome{
		"Non autorizzo altri addebiti per il rinnovo.":                 Accept,
		"Non autorizzo ulteriori rinnovi né addebiti.":                 Accept,
		"Revoco l'autorizzazione all'addebito del rinnovo.":            Accept,
		"Autorizzo l'addebito del rinnovo.":                            Review,
		"Non autorizzo altri a chiedere il rinnovo.":                   Review,
		"Non autorizzo mio fratello a chiedere il rinnovo a nome mio.": Review,
		"Non autorizzo altri addebiti e tengo la casella.":             Review,
		"Non autorizzo la chiusura della casella.":                     Review,
	} {
		m := request("Recesso", coreWithdrawal+"\n"+line+"\nCordiali saluti\nMario Rossi")
		m.Mailbox = "customer.service"
		if r := s.Read(m); r.Outcome != want {
			t.Errorf("%q: %s %v, want %s", line, r.Outcome, r.Reasons, want)
		}
	}
}
