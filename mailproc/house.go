package mailproc

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"syscall"
	"time"

	"sportello/rules"
	"sportello/store"
)

// houseEvery is how often what surrounds the desk is looked at.
const houseEvery = time.Minute

// house watches what no message tells: the disk, the age of the providers'
// index, the registry's files, the days that are over for copies of documents and
// for what is closed.
func (d *Desk) house(ctx context.Context) error {
	var swept time.Time
	for {
		d.watchDisk()
		d.watchIndex()
		d.watchCertificates()
		d.watchRegistry()
		if err := errors.Join(d.watchClock(), d.watchCases()); err != nil {
			d.Log.Error("incidents of cases and of the clock cannot be looked at", "error", err)
		}
		if time.Since(swept) > time.Hour {
			swept = time.Now()
			if err := d.sweepBudgets(ctx); err != nil {
				return err
			}
		}
		if err := errors.Join(d.sweepCopies(ctx), d.purge(ctx)); err != nil {
			return err
		}
		every := houseEvery
		if d.Alerts != nil && d.Alerts.isOpen("disk") {
			every = min(every, d.pause) // the all-clear comes soon after the room
		}
		d.progress.beat("house", stageLimit)
		if err := d.sleep(ctx, "house", every); err != nil {
			return err
		}
	}
}

// free is the room on the disk; false when nobody knows.
func (d *Desk) free() (bytes uint64, known bool) {
	var fs syscall.Statfs_t
	if d.Data == "" || syscall.Statfs(d.Data, &fs) != nil {
		return 0, false
	}
	return fs.Bavail * uint64(fs.Bsize), true
}

// watchDisk warns at twice the reserve, before intake has to stop, and gives
// the all-clear; where writing failed lately it does not: a quota shows in no
// figure.
func (d *Desk) watchDisk() {
	free, known := d.free()
	full := d.full.Load()
	switch {
	case !known:
	case free < d.DiskReserve:
		d.raise("disk", d.noRoom(free))
	case free < 2*d.DiskReserve:
		d.raise("disk", fmt.Sprintf("Only %d MiB are free in %s: at %d MiB no new message is taken in. Make room.", free>>20, d.Data, d.DiskReserve>>20))
	case full == nil || time.Since(*full) > 2*d.pause:
		d.clear("disk")
	}
}

func (d *Desk) noRoom(free uint64) string {
	return fmt.Sprintf("Only %d MiB are free in %s: no new message is taken in until there is room. Nothing is lost: they wait in the mailbox.", free>>20, d.Data)
}

// clockSlack is how far the clock may be set back unnoticed: it is kept right
// in small steps.
const clockSlack = time.Minute

// behind reports whether the clock is behind what the journal knows: it was
// wrong then, or it is now, and nobody can say which days have come.
func behind(tx *store.Tx, now time.Time) bool { return now.Add(clockSlack).Before(tx.Latest()) }

// longBehind reports whether what may not be begun meanwhile would wait longer
// than a day, perhaps a year: a person is asked to do it then.
func longBehind(tx *store.Tx, now time.Time) bool {
	return tx.Latest().Sub(now) > 24*time.Hour
}

// watchClock tells of a clock that went back: until it has passed the journal's
// latest entry the desk begins no step that cannot be taken back.
func (d *Desk) watchClock() error {
	return d.Store.View(func(tx *store.Tx) error {
		now := d.Now()
		switch {
		case longBehind(tx, now):
			d.raise("clock", fmt.Sprintf("The clock says %s, and the journal has an entry of %s: one of them is wrong. Until the clock has passed it the desk closes no mailbox and pays nothing back itself: each such step, when it is due, is given to a person, who looks whether its day has come, does it and says done. Set the clock right.", d.local(now), d.local(tx.Latest())))
		case behind(tx, now):
			d.raise("clock", fmt.Sprintf("The clock says %s, and the journal has an entry of %s: one of them is wrong. Until the clock has passed it no mailbox is closed and nothing is paid back. Set the clock right; if it is right now, they wait, or `sportello queue stop` takes a case back to a person.", d.local(now), d.local(tx.Latest())))
		default:
			d.clear("clock")
		}
		return nil
	})
}

func (d *Desk) watchIndex() {
	if d.IndexAge == nil || d.IndexMaxAge <= 0 {
		return
	}
	if age := d.IndexAge(); age > d.IndexMaxAge {
		d.raise("index", IndexTooOld(age))
	} else {
		d.clear("index")
	}
}

// IndexTooOld is what a person is told of the providers' index.
func IndexTooOld(age time.Duration) string {
	return fmt.Sprintf("The providers' index is %d days old: new providers and new certificates are not known. Import a new one with `sportello trust import`.", int(age.Hours()/24))
}

// certificateNotice is how long before its end a certificate that every proof
// rests on is told of: a new one has to be issued, published and imported.
const certificateNotice = 30 * 24 * time.Hour

// watchCertificates tells, in time, of the day from which our own customers'
// messages would no more be proved.
func (d *Desk) watchCertificates() {
	now := d.Now()
	for _, domain := range d.Domains {
		switch c := d.Policy().Trust.Lasts(domain, now); {
		case c == nil || c.NotAfter.Sub(now) > certificateNotice:
			d.clear("certificate/" + domain)
		case c.NotAfter.After(now):
			d.raise("certificate/"+domain, fmt.Sprintf("The certificate that proves messages of %s ends on %s, and neither roots nor index have a longer one: what is signed after that day is not proved. Import the new index with `sportello trust import`, or name the new root in [trust] roots.", domain, d.local(c.NotAfter)))
		default:
			d.raise("certificate/"+domain, fmt.Sprintf("The certificate that proves messages of %s ended on %s: what was signed since is not proved, and waits among the parked. Import the new index with `sportello trust import`, or name the new root in [trust] roots, then replay them.", domain, d.local(c.NotAfter)))
		}
	}
}

// watchRegistry tells of a registry whose files are not those in force.
func (d *Desk) watchRegistry() {
	r, ok := d.Registry.(interface{ Problem() error })
	if !ok {
		return
	}
	if err := r.Problem(); err != nil {
		d.raise("registry", fmt.Sprintf("The registry's files are wrong, and what was read of them before stays in force: %s", oneLine(err)))
	} else {
		d.clear("registry")
	}
}

// oneLine is an error of several lines in one.
func oneLine(err error) string { return strings.ReplaceAll(err.Error(), "\n", "; ") }

// watchCases ends the incidents of cases that were answered, or that a person
// has taken up, however that came about, and of those that move again.
func (d *Desk) watchCases() error {
	if d.Alerts == nil {
		return nil
	}
	stuck := d.stucks.list()
	return d.Store.View(func(tx *store.Tx) error {
		_, parked, err := tx.MessageCounts()
		if err != nil {
			return err
		}
		for key, incident := range d.Alerts.Incidents() {
			kind, id, _ := strings.Cut(key, "/")
			if age := d.Now().Sub(incident.Since); age >= 0 && age < houseEvery { // what raised it may not be committed yet
				continue
			}
			ended := false
			switch {
			case kind == "stuck":
				ended = !slices.Contains(stuck, id)
			case kind == "untrusted":
				ended = d.Now().Sub(incident.Since) > unreadFor || parked[rules.SignatureUntrusted] == 0
			case kind == "unread":
				ended = d.Now().Sub(incident.Since) > unreadFor || parked[rules.UnreadableMessage]+parked[rules.Oversized] == 0
			case kind == "unfetched" || kind == "removed":
				ended = d.Now().Sub(incident.Since) > unreadFor
			case kind == "certificate":
				ended = !slices.Contains(d.Domains, id)
			case slices.Contains(ofCases, kind):
				c, err := tx.Brief(id)
				if err != nil && !errors.Is(err, store.ErrNotFound) {
					return err
				}
				ended = err != nil || over(kind, c) // purged, or over
				if kind == "promise" && !ended && c.Breached {
					d.raise(key, d.breachOf(c))
				}
			}
			if ended {
				d.clear(key)
			}
		}
		_, err = tx.Cases(store.Filter{Task: true}, func(c *rules.Case) bool { // an earlier version told nobody
			if !d.Alerts.isOpen("step/" + c.ID) {
				d.raise("task/"+c.ID, taskWaits(c.ID, c.Task().Do))
			}
			return true
		})
		return err
	})
}

// breachOf is what a person is told of a case whose term was taken for passed: a
// clock that ran ahead may have said so, and when the term does pass no event
// will say it again.
func (d *Desk) breachOf(c *rules.Case) string {
	if !d.Now().After(c.Due) {
		return fmt.Sprintf("Case %s: a clock that ran ahead took its term for passed. It must be answered by %s.", c.ID, d.local(c.Due))
	}
	_, text := d.incidentOf(c, &rules.Event{Kind: rules.Breached})
	return text
}

// errNoRoom stops the intake before the disk is full, so that answering and
// deciding still can.
var errNoRoom = errors.New("the disk is nearly full: intake waits for room")

// room refuses intake while less than the reserve is free.
func (d *Desk) room(ctx context.Context) error {
	if free, known := d.free(); known && free < d.DiskReserve {
		d.raise("disk", d.noRoom(free))
		return errNoRoom
	}
	return ctx.Err()
}
