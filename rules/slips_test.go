package rules

import (
	"strings"
	"testing"
)

// What a slip of the pen makes of a word of a form, a person would not even notice:
// a syllable less or twice, a letter of a prefix lost, words run together.
var slips = [2]string{
	`disattivazione disativazzione|anticipata anticipatata|titolare titoare|stessa stesessa|richiede rchiede|richiede richiedde|titolare titolarre|della dellala|casella casellala`,
	`indipendentemente indipendemente|indipendentemente indipentemente|indipendentemente idipendentemente|indipendentemente indipendentemenre|rinnovata rnnovata|ricezione rcezione|
	intenzione itenzione|recesso recessoso|numero numemero|scadenza scadenra|avvalendosi avvalendossi|sottoscritto sottoscritro|non nn|che ke|effettiva efetiva`,
}

// Words that look like those of a form and say something else.
var noSlips = [2]string{
	`disattivazione attivazione|disattivazione riattivazione|anticipata posticipata|anticipata anticipanda|anticipata anticipabile|richiede ririchiede|richiede richiederà|titolare contitolare`,
	`rinnovata rinnovanda|rinnovata rinnovabile|rinnovata rinnoverà|rinnovata rinnovatela|rinnovata innovata|cancellata cancellanda|cancellata cancellatela|cancellata cancellabile|
	ricezione eccezione|presente assente|presente precedente|indipendentemente dipendentemente|consapevole inconsapevole|dichiara dichiarerà|recesso accesso|utilizzare riutilizzare`,
}

func TestSlipsOfThePen(t *testing.T) {
	s := defaultSet(t)
	for n, list := range besideLists {
		for pairs, want := range map[string]bool{slips[n]: true, noSlips[n]: false} {
			for pair := range strings.SplitSeq(pairs, "|") {
				right, wrong, _ := strings.Cut(strings.TrimSpace(pair), " ")
				m := request(list.subject, strings.Replace(list.form, right, wrong, 1)+"\nMario Rossi")
				m.Mailbox = list.mailbox
				if r := s.Read(m); (r.Outcome == Accept) != want {
					t.Errorf("%s for %s: %s %v", wrong, right, r.Outcome, r.Reasons)
				}
			}
		}
	}
}
