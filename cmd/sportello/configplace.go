package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"os/user"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"

	"sportello/mailproc"
)

// checkPlace tells what would keep the desk from working here: a data folder
// that cannot be made or has no room, and files that the desk's user may not
// read. Root reads everything, and so would notice nothing.
func (c *Config) checkPlace() error {
	if info, err := os.Stat(c.Data); err == nil {
		if stat, ok := info.Sys().(*syscall.Stat_t); ok && int(stat.Uid) != os.Geteuid() {
			return errors.Join(c.checkRoom(false), c.checkReader(readerOf(stat.Uid)))
		}
	}
	return c.checkRoom(true)
}

// checkRoom looks at the data folder, or where it would be made; ours says that
// it is for us to write there.
func (c *Config) checkRoom(ours bool) error {
	dir := c.Data
	for {
		if _, err := os.Stat(dir); !errors.Is(err, os.ErrNotExist) || filepath.Dir(dir) == dir {
			break
		}
		dir = filepath.Dir(dir)
	}
	if err := syscall.Access(dir, 2); ours && err != nil { // W_OK
		return fmt.Errorf("data: %s may not be written: %w: give it to the user that runs sportello", dir, err)
	}
	var fs syscall.Statfs_t
	if err := syscall.Statfs(dir, &fs); err != nil {
		return fmt.Errorf("data: %s: %w", dir, err)
	}
	reserve := cmp.Or(uint64(c.DiskReserve.Bytes), mailproc.DiskReserve)
	if free := fs.Bavail * uint64(fs.Bsize); free < reserve {
		return fmt.Errorf("data: %s has %d MiB free, and below %d MiB (disk_reserve) no message is taken in: make room, or name a folder on another disk", dir, free>>20, reserve>>20)
	}
	return nil
}

// reader is a user by what the file system knows of him.
type reader struct {
	name   string
	uid    uint32
	groups []uint32
}

func readerOf(uid uint32) reader {
	r := reader{name: userName(uid), uid: uid}
	u, err := user.LookupId(strconv.FormatUint(uint64(uid), 10))
	if err != nil {
		return r
	}
	ids, _ := u.GroupIds() // none known: the owner's and everybody's rights count
	for _, id := range append(ids, u.Gid) {
		if n, err := strconv.ParseUint(id, 10, 32); err == nil {
			r.groups = append(r.groups, uint32(n))
		}
	}
	return r
}

// checkReader tells the files of the configuration that its user may not read.
func (c *Config) checkReader(r reader) error {
	var problems []error
	files := []string{c.File}
	for _, p := range c.paths() {
		if *p != "" && *p != c.Data && !strings.Contains(*p, "://") && !slices.Contains(files, *p) {
			files = append(files, *p)
		}
	}
	for _, file := range files {
		if at := r.stopped(file); at != "" {
			problems = append(problems, fmt.Errorf("%s may not be read by %s, to whom the data folder belongs (%s): chgrp %[2]s it, and chmod 640, or 750 a folder", file, r.name, at))
		}
	}
	return errors.Join(problems...)
}

// stopped is where the way to a file ends for the reader; "" where it does not.
func (r reader) stopped(file string) string {
	file, err := filepath.Abs(file)
	if err != nil {
		return ""
	}
	for dir := filepath.Dir(file); ; dir = filepath.Dir(dir) {
		if !r.may(dir, 1) {
			return dir
		}
		if dir == filepath.Dir(dir) {
			break
		}
	}
	if !r.may(file, 4) {
		return file
	}
	return ""
}

// may reports whether the reader has a right (4: read, 1: pass) by the mode of a file that is there.
func (r reader) may(path string, right os.FileMode) bool {
	info, err := os.Stat(path)
	if err != nil {
		return true // told elsewhere
	}
	stat, ok := info.Sys().(*syscall.Stat_t)
	switch mode := info.Mode().Perm(); {
	case !ok || r.uid == 0:
		return true
	case stat.Uid == r.uid:
		return mode>>6&right != 0
	case slices.Contains(r.groups, stat.Gid):
		return mode>>3&right != 0
	default:
		return mode&right != 0
	}
}

// tryLists reads the revocation lists that are named by an address, once.
func tryLists(ctx context.Context, cfg *Config, say func(string)) error {
	var all []error
	for _, from := range cfg.Trust.CRL {
		if !strings.Contains(from, "://") {
			continue
		}
		raw, err := fetch(ctx, from)
		if err == nil {
			_, err = parseCRL(raw)
		}
		if err != nil {
			all = append(all, fmt.Errorf("revocation list %s: %w%s", from, err, remedy(err.Error())))
			continue
		}
		say(fmt.Sprintf("revocation list %s: read", from))
	}
	return errors.Join(all...)
}
