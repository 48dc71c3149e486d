package mailproc

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"sportello/mailproc/mailbox"
	"sportello/rules"
	"sportello/store"
)

// receive reads one request mailbox until ctx ends, from the stored cursor on.
func (d *Desk) receive(ctx context.Context, box *Mailbox) error {
	p := &mailbox.Poller{Account: box.Read, Sink: &intake{d: d, box: box}, Observer: d.observer(box), Log: d.Log}
	d.progress.beat("receive/"+box.Name, folderLimit(box))
	err := d.room(ctx) // without it each look would end at its first batch, a login each
	var from store.Cursor
	if err == nil {
		from, err = d.place(ctx, p)
	}
	if err == nil {
		s := d.box(box.Name)
		s.mu.Lock()
		s.poller = p
		s.mu.Unlock()
		err = p.Run(ctx, mailbox.Cursor(from))
	}
	if errors.Is(err, errNoRoom) || errors.Is(err, store.ErrNoSpace) {
		d.trouble(box.Name, "no room on the disk")
	}
	return err
}

// knownMessages is how many of the last messages of a folder are compared with
// what the server has under their numbers; they are looked for among the last
// knownWithin of all mailboxes.
const (
	knownMessages = 32
	knownWithin   = 20_000
)

// place says from where a mailbox is read, and tells the poller what was read
// last and, for one that is read "from now", when that was.
func (d *Desk) place(ctx context.Context, p *mailbox.Poller) (from store.Cursor, err error) {
	name, first := p.Account.Name, ""
	err = d.Store.View(func(tx *store.Tx) error {
		from, _ = tx.Cursor(name)
		last, err := tx.LastOf(name, from.UIDValidity, knownMessages, knownWithin)
		for _, m := range last {
			p.Known = append(p.Known, mailbox.Known{UID: m.Cursor.UID, Delivered: m.Delivered})
		}
		if p.Account.SinceMode == mailbox.SinceNow && err == nil {
			first, err = d.firstRead(tx, name, from)
		}
		return err
	})
	if err != nil || first == "" {
		return from, err
	}
	if p.Account.Since, err = time.Parse(time.RFC3339, first); err != nil {
		return from, fmt.Errorf("first reading of %s: %w", name, err)
	}
	return from, d.Store.Update(ctx, func(tx *store.Tx) error { return tx.Put(store.Desk, "since/"+name, []byte(first)) })
}

// firstRead is when a mailbox was first read, RFC 3339: what lay in it before
// is not read either when the server makes the folder anew.
func (d *Desk) firstRead(tx *store.Tx, name string, from store.Cursor) (string, error) {
	kept, err := tx.Get(store.Desk, "since/"+name)
	if err != nil || kept != nil {
		return string(kept), err
	}
	at := d.Now()
	if begun, err := tx.Journal(1, 1); err == nil && from != (store.Cursor{}) && len(begun) > 0 {
		at = begun[0].At // it was read before this was kept
	}
	return at.UTC().Format(time.RFC3339), nil
}

// trouble notes why a mailbox is not read; "" when it is.
func (d *Desk) trouble(name, problem string) {
	s := d.box(name)
	s.mu.Lock()
	if s.problem != problem {
		s.problem, s.since = problem, d.Now()
	}
	s.mu.Unlock()
	d.changed()
}

// observer turns what the poller sees into health, alerts and the journal.
func (d *Desk) observer(box *Mailbox) mailbox.Observer {
	s, failed := d.box(box.Name), 0
	trouble := func(problem string) {
		d.progress.beat("receive/"+box.Name, folderLimit(box))
		d.trouble(box.Name, problem)
	}
	return mailbox.Observer{
		CaughtUp: func(at time.Time) {
			s.mu.Lock()
			s.caughtUp, s.looked = d.Now().Add(-time.Since(at)), at
			s.mu.Unlock()
			failed = 0
			trouble("")
			d.clear("mailbox/" + box.Name)
			d.clear("login/" + box.Name)
			d.kick("send", "clock", "act")
		},
		LoginRefused: func(err error) {
			trouble("login refused")
			failed = 0
			d.clear("mailbox/" + box.Name) // the server answers: what is wrong is the login
			d.raise("login/"+box.Name, fmt.Sprintf("The IMAP server refused the login of mailbox %s. It is tried again slowly, so that the account is not locked; check user and password_file. (%v)", box.Name, err))
		},
		Unreachable: func(err error) {
			trouble("unreachable")
			if failed++; failed > 1 { // a connection that ends, and the next is good, is no incident
				d.raise("mailbox/"+box.Name, fmt.Sprintf("Mailbox %s cannot be read; it is tried again by itself, and nothing is lost meanwhile. If this lasts, look whether the server's address, the folder and the certificate are right (`sportello config check --connect`), else ask the provider. (%v)", box.Name, err))
			}
		},
		NewValidity: func(old, now uint32) {
			what := fmt.Sprintf("UIDVALIDITY %d became %d", old, now)
			if old == now {
				what = "the folder was put back to an earlier state, as from a backup"
			}
			d.note(rules.Event{Kind: rules.ValidityChanged, Mailbox: box.Name, Detail: what + ": the folder is read again, known messages are recognised"})
		},
		Missing: func(uids []uint32) {
			d.Log.Warn("messages listed by the server could not be fetched", "mailbox", box.Name, "uids", uids)
			d.raise("unfetched/"+box.Name, fmt.Sprintf("Messages in mailbox %s cannot be fetched and are parked (UID %s): each may be a request. Look at them in the mailbox; what keeps them from being read must go, then move them out of the folder and back.", box.Name, some(uids)))
		},
		Expunged: func(uids []uint32) {
			d.Log.Warn("messages were removed by somebody before they could be read", "mailbox", box.Name, "uids", uids)
			d.raise("removed/"+box.Name, fmt.Sprintf("Somebody removed messages from mailbox %s before they were read (UID %s): each may be a request. Look for them in its trash and other folders and move them back; nobody else may move or delete mail there.", box.Name, some(uids)))
		},
		Quota: func(used, limit int64, unit string) {
			switch key := "quota/" + box.Name; {
			case float64(used) <= 0.9*float64(limit):
				d.clear(key)
			case unit == "messages":
				d.raise(key, fmt.Sprintf("Mailbox %s is nearly full: %d of %d messages. A full mailbox refuses requests and receipts; make room.", box.Name, used, limit))
			default:
				d.raise(key, fmt.Sprintf("Mailbox %s is nearly full: %d of %d KiB. A full mailbox refuses requests and receipts; make room.", box.Name, used, limit))
			}
		},
	}
}

// some names the first few messages.
func some(uids []uint32) string {
	var names []string
	for i, uid := range uids {
		if i == alertLines {
			names = append(names, "…")
			break
		}
		names = append(names, fmt.Sprint(uid))
	}
	return strings.Join(names, ", ")
}
