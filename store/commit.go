package store

import (
	"context"
	"errors"
	"fmt"
	"slices"

	bolt "go.etcd.io/bbolt"
)

// groupMax is how many updates share a commit at most: enough that the two
// syncs of a commit weigh nothing, few enough that a reader's view stays fresh.
const groupMax = 256

// request is an Update that waits for its commit.
type request struct {
	ctx      context.Context
	fn       func(*Tx) error
	looks    bool // it writes nothing, and only wants to be alone
	err      error
	panicked any
	done     chan struct{}
}

// committer is the one goroutine that writes: it takes a request, whatever
// else is queued with it, and commits them together. No delay when idle,
// grouping under load.
func (s *Store) committer() {
	defer close(s.stopped)
	for {
		select {
		case r := <-s.work:
			s.commitGroup(s.gather(r))
		case <-s.stop:
			for { // what was handed in before Close is still done
				select {
				case r := <-s.work:
					s.commitGroup(s.gather(r))
				default:
					return
				}
			}
		}
	}
}

func (s *Store) gather(r *request) []*request {
	group := []*request{r}
	for len(group) < groupMax {
		select {
		case r := <-s.work:
			group = append(group, r)
		default:
			return group
		}
	}
	return group
}

func (s *Store) commitGroup(group []*request) {
	live := group[:0]
	for _, r := range group {
		if r.err = r.ctx.Err(); r.err != nil {
			close(r.done)
			continue
		}
		live = append(live, r)
	}
	if len(live) == 0 {
		return
	}
	failed, err := s.commitSafely(live)
	if failed && len(live) > 1 { // one of them is bad: each for itself
		for _, r := range live {
			_, r.err = s.commitSafely([]*request{r})
			close(r.done)
		}
		return
	}
	for _, r := range live {
		r.err = err
		close(r.done)
	}
}

// commitSafely is commit on a file that may be damaged: then nothing is written any more.
func (s *Store) commitSafely(group []*request) (failed bool, err error) {
	err = guarded(func() (err error) {
		failed, err = s.commit(group)
		return err
	})
	if errors.As(err, new(fault)) {
		err = fmt.Errorf("%w: %w", ErrBroken, err)
		s.broken.Store(&err)
		return false, err
	}
	return failed, err
}

// commit runs a group in one bbolt transaction. failed means that a function
// of the group, not the disk, was the reason of the error.
func (s *Store) commit(group []*request) (failed bool, err error) {
	if p := s.broken.Load(); p != nil {
		return false, *p
	}
	s.tuneFreelist()
	btx, err := s.db.Begin(true)
	if err != nil {
		return false, fmt.Errorf("begin: %w", closedError(err))
	}
	defer btx.Rollback() // over already, unless a damaged page was the end
	tx := s.newTx(btx)
	committed := false
	defer func() {
		s.values.reuse()
		if !committed {
			s.warm.forget(tx.write.cases)
		}
	}()
	for _, r := range group {
		if err := r.run(tx); err != nil {
			return true, errors.Join(err, rollback(btx))
		}
	}
	if !slices.ContainsFunc(group, func(r *request) bool { return !r.looks }) {
		return false, rollback(btx)
	}
	if err := tx.settle(); err != nil {
		return true, errors.Join(noSpace(err), rollback(btx))
	}
	id := btx.ID()
	if err := s.fs.Commit(btx.Commit); err != nil {
		return false, s.commitFailed(id, btx, err)
	}
	committed = true
	s.warm.keep(tx.write.cases)
	s.trim()
	return false, nil
}

// commitFailed decides whether the store can go on. A full disk is known
// before anything points at the new pages: it can. (Where even the page that
// points at them needs room, the transaction may be there after all.) After
// any other failure nobody knows what the disk holds, and only opening again
// tells.
func (s *Store) commitFailed(id int, btx *bolt.Tx, err error) error {
	_ = btx.Rollback() // bbolt has done so itself, unless the commit never began
	if err = noSpace(err); errors.Is(err, ErrNoSpace) && !s.reached(id) {
		return fmt.Errorf("commit: %w", err)
	}
	err = fmt.Errorf("commit: %w: %w", ErrBroken, err)
	s.broken.Store(&err)
	return err
}

// reached reports whether readers see the transaction with this number, or
// cannot see.
func (s *Store) reached(id int) bool {
	btx, err := s.db.Begin(false)
	if err != nil {
		return true
	}
	defer btx.Rollback()
	return btx.ID() >= id
}

func rollback(btx *bolt.Tx) error {
	if err := btx.Rollback(); err != nil {
		return fmt.Errorf("roll back: %w", err)
	}
	return nil
}

// run calls the request's function; a panic is handed to the goroutine that
// asked for it, so that it does not take the committer with it.
func (r *request) run(tx *Tx) (err error) {
	defer func() {
		if p := recover(); p != nil {
			if ofTheFile(p) {
				err = fault{damage(p)}
				return
			}
			r.panicked, err = p, fmt.Errorf("update: panic: %v", p)
		}
	}()
	r.panicked = nil
	return r.fn(tx)
}

// largeFreelist is in pages: 8 bytes each are written at every commit.
const largeFreelist = 8192

// tuneFreelist keeps the list of free pages on disk while it is short, so that
// opening needs no scan of the file, and leaves it out after a purge, when it
// would cost more than the commit itself. Close always writes it.
func (s *Store) tuneFreelist() {
	if s.commits++; s.commits%64 == 1 {
		s.db.NoFreelistSync = s.db.Stats().FreePageN > largeFreelist
	}
}

// syncFreelist writes the list of free pages if the last commit left it out.
func (s *Store) syncFreelist() error {
	if s.opt.ReadOnly || !s.db.NoFreelistSync || s.broken.Load() != nil {
		return nil
	}
	s.db.NoFreelistSync = false
	btx, err := s.db.Begin(true)
	if err != nil {
		return fmt.Errorf("close: %w", err)
	}
	defer btx.Rollback()
	id := btx.ID()
	if err := s.fs.Commit(btx.Commit); err != nil {
		return s.commitFailed(id, btx, err)
	}
	return nil
}
