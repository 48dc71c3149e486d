package mailproc

import (
	"maps"
	"os"
	"path/filepath"
	"sync"

	"sportello/rules"
	"sportello/store"
)

// Figures are what monitors ask of the desk, as of one instant.
type Figures struct {
	Cases   []store.Count             // by procedure and state
	Letters map[rules.LetterState]int // by state
	Parked  int
	Height  uint64 // of the journal

	Near    int // unanswered cases with a working day left or less
	Overdue int // unanswered cases past their term

	ArchiveBytes int64
}

// Figures counts. What is closed costs nothing: it is kept in counters.
func (o *Office) Figures() (f Figures, err error) {
	now := o.Now()
	err = o.Store.View(func(tx *store.Tx) (err error) {
		if f.Cases, err = tx.Counts(); err != nil {
			return err
		}
		if f.Letters, err = tx.LetterCounts(); err != nil {
			return err
		}
		byStatus, _, err := tx.MessageCounts()
		if err != nil {
			return err
		}
		f.Parked = byStatus[store.Parked]
		f.Height, _ = tx.Head()
		_, err = tx.Cases(store.Filter{OverdueAt: o.beyondNext(now)}, func(c *rules.Case) bool {
			if c.Overdue(now) {
				f.Overdue++
			} else {
				f.Near++
			}
			return true
		})
		return err
	})
	f.ArchiveBytes = archiveBytes(o.Data)
	return f, told(err)
}

// archiveBytes is the size of the evidence archive of a data folder.
func archiveBytes(data string) (n int64) {
	months, _ := filepath.Glob(filepath.Join(data, "archive", "*.tar")) // the pattern is right
	for _, name := range months {
		if info, err := os.Stat(name); err == nil { // gone meanwhile: purged
			n += info.Size()
		}
	}
	return n
}

// Verdict names what messages are counted by.
type Verdict struct{ Kind, Verdict string }

// Tally counts what happens from its making on, by following the journal.
type Tally struct {
	office *Office

	mu       sync.Mutex
	height   uint64 // of the last entry counted
	message  uint64 // the last message counted
	messages map[Verdict]uint64
	missed   uint64
}

// NewTally begins to count.
func (o *Office) NewTally() *Tally {
	t := &Tally{office: o, messages: map[Verdict]uint64{}}
	err := o.Store.View(func(tx *store.Tx) error {
		t.height, _ = tx.Head()
		return nil
	})
	if err != nil {
		o.Log.Error("the journal cannot be read: everything is counted", "error", err)
	}
	return t
}

// tallyPage is how many entries are read in one transaction.
const tallyPage = 1000

// Counts catches up with the journal, and gives the messages received by kind
// and verdict, and the terms missed, since the tally was made.
func (t *Tally) Counts() (messages map[Verdict]uint64, missed uint64, err error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for more := true; more && err == nil; {
		err = t.office.Store.View(func(tx *store.Tx) error {
			events, err := tx.Journal(t.height+1, tallyPage)
			more = len(events) == tallyPage
			for i := 0; err == nil && i < len(events); i++ {
				err = t.count(tx, &events[i])
			}
			return err
		})
	}
	return maps.Clone(t.messages), t.missed, told(err)
}

// count counts one entry. A message is counted at the first that names it;
// later ones (parked, replayed) tell what became of it.
func (t *Tally) count(tx *store.Tx, e *rules.Event) error {
	switch {
	case e.Kind == rules.Breached:
		t.missed++
	case e.Case == "" && e.Message > t.message:
		m, err := tx.Message(e.Message)
		if err != nil {
			return err
		}
		v := Verdict{Kind: string(m.Kind), Verdict: "none"} // duplicates are not looked at again
		facts, _, err := tx.MessageFacts(e.Message)
		if err != nil {
			return err
		}
		if facts != nil && facts.Signature != "" {
			v.Verdict = facts.Signature
		}
		t.messages[v]++
		t.message = e.Message
	}
	t.height = e.Seq
	return nil
}
