package peers

import (
	"fmt"
	"os"
	"path/filepath"
	"time"
)

// Put lays a message into the INBOX of a user of a server with Format
// "maildir", as if it had been delivered at that instant: thousands a second,
// where LMTP brings a hundred. Messages get their UIDs in the order of instants
// and numbers n.
func (d *Dovecot) Put(to string, n int, raw []byte, at time.Time) error {
	u, err := mailUser()
	if err != nil {
		return err
	}
	inbox := filepath.Join(d.Dir, "mail", to, "maildir")
	name := fmt.Sprintf("%d.M%06dP%d.peers", at.Unix(), n%1_000_000, n)
	tmp := filepath.Join(inbox, "tmp", name)
	if err := os.WriteFile(tmp, raw, 0o600); err != nil {
		return err
	}
	if u.root {
		if err := os.Chown(tmp, u.uid, u.gid); err != nil {
			return err
		}
	}
	if err := os.Chtimes(tmp, at, at); err != nil { // Dovecot takes INTERNALDATE from it
		return err
	}
	return os.Rename(tmp, filepath.Join(inbox, "new", name))
}
