package mailproc

import (
	"context"
	"fmt"
	"syscall"
	"time"
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
