package main

import (
	"errors"
	"fmt"
	"os"
	"os/user"
	"strconv"
	"syscall"
)

// ownData refuses to write into a data folder that is another user's: what
// root makes there the desk itself could not open.
func ownData(dir string) error {
	info, err := os.Stat(dir)
	if errors.Is(err, os.ErrNotExist) {
		return nil // it is made
	}
	if err != nil {
		return ownersOnly(err)
	}
	stat, ok := info.Sys().(*syscall.Stat_t)
	if !ok || int(stat.Uid) == os.Geteuid() {
		return nil
	}
	owner := userName(stat.Uid)
	return fmt.Errorf("%s belongs to %s, who could not open what another user makes there: say this as %[2]s, e.g. sudo -u %[2]s sportello …", dir, owner)
}

func userName(uid uint32) string {
	id := strconv.FormatUint(uint64(uid), 10)
	if u, err := user.LookupId(id); err == nil {
		return u.Username
	}
	return "#" + id
}

// notOurs adds the remedy to a file of the data folder that the desk may not open.
func notOurs(err error, dir string) error {
	if errors.Is(err, os.ErrPermission) {
		name := userName(uint32(os.Geteuid()))
		return fmt.Errorf("%w: everything in %s must belong to the user that the desk runs as: chown -R %s: %[2]s", err, dir, name)
	}
	return err
}
