package mailproc

import (
	"slices"

	"sportello/rules"
	"sportello/store"
)

// causes adds why the letters of a case were not delivered, in the words of
// their receipts (errore-esteso): they may name people, so the journal and the
// case have the code alone, and the words are read again where they are asked for.
func (o *Office) causes(d *rules.Detail) {
	for _, l := range d.Case.Letters {
		for _, r := range l.Receipts {
			n := d.Message(l.N, r)
			if n == 0 || r.Error == "" || l.State == rules.Delivered {
				continue
			}
			if text := o.cause(n); text != "" {
				if d.Causes == nil {
					d.Causes = map[uint64]string{}
				}
				d.Causes[n] = text
			}
		}
	}
}

// cause is what a stored receipt of non-delivery says of it; "" where it says
// nothing, or is not kept any more.
func (o *Office) cause(id uint64) string {
	var m store.Message
	err := o.Store.View(func(tx *store.Tx) (err error) {
		m, err = tx.Message(id)
		return err
	})
	if err != nil || slices.Contains([]store.Status{store.Redacted, store.Purged}, m.Status) {
		return ""
	}
	env, err := o.reopen(m)
	if err != nil || env.Daticert == nil {
		return ""
	}
	return env.Daticert.Extended
}
