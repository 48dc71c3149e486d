package mailproc

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"syscall"
	"time"

	"sportello/rules"
	"sportello/store"
)

// houseEvery is how often what surrounds the desk is looked at.
const houseEvery = time.Minute

// house watches what no message tells: the disk, and the age of the
// providers' index.
func (d *Desk) house(ctx context.Context) error {
	t := time.NewTicker(houseEvery)
	defer t.Stop()
	for {
		d.watchDisk()
		d.watchIndex()
		if err := d.watchCases(); err != nil {
			d.Log.Error("incidents of cases cannot be looked at", "error", err)
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-t.C:
		}
	}
}

// watchDisk warns at twice the reserve, before intake has to stop.
func (d *Desk) watchDisk() {
	var fs syscall.Statfs_t
	if d.Data == "" || syscall.Statfs(d.Data, &fs) != nil {
		return
	}
	switch free := fs.Bavail * uint64(fs.Bsize); {
	case free < d.DiskReserve: // intake says so itself
	case free < 2*d.DiskReserve:
		d.raise("disk", fmt.Sprintf("Only %d MiB are free in %s: at %d MiB no new message is taken in. Make room.", free>>20, d.Data, d.DiskReserve>>20))
	default:
		d.clear("disk")
	}
}

func (d *Desk) watchIndex() {
	if d.IndexAge == nil || d.IndexMaxAge <= 0 {
		return
	}
	if age := d.IndexAge(); age > d.IndexMaxAge {
		d.raise("index", fmt.Sprintf("The providers' index is %d days old: new providers and new certificates are not known. Import a new one with `sportello trust import`.", int(age.Hours()/24)))
	} else {
		d.clear("index")
	}
}

// watchCases ends the incidents of cases that were answered, or that a person
// has taken up, however that came about.
func (d *Desk) watchCases() error {
	if d.Alerts == nil {
		return nil
	}
	return d.Store.View(func(tx *store.Tx) error {
		for key, incident := range d.Alerts.Incidents() {
			kind, id, _ := strings.Cut(key, "/")
			if kind != "promise" && kind != "case" || d.Now().Sub(incident.Since) < houseEvery {
				continue // not yet: what raised it may not be committed
			}
			c, err := tx.Brief(id)
			switch {
			case errors.Is(err, store.ErrNotFound): // purged
			case err != nil:
				return err
			case kind == "promise" && c.Answered.IsZero() && c.State != rules.Closed:
				continue
			case kind == "case" && c.State == rules.InReview:
				continue
			}
			d.clear(key)
		}
		return nil
	})
}
