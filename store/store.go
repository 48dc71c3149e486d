package store

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"time"

	bolt "go.etcd.io/bbolt"
	berrors "go.etcd.io/bbolt/errors"

	"sportello/rules"
)

// The names of the store's files inside its folder.
const (
	dbName     = "sportello.db"
	archiveDir = "archive"
)

// Errors that callers tell apart with errors.Is.
var (
	ErrNotFound = errors.New("not found")
	ErrLocked   = errors.New("the store is held by another process")
	ErrNewer    = errors.New("the store was written by a newer version of sportello")
	ErrNoSpace  = errors.New("no space left for the store")
	ErrBroken   = errors.New("the store could not make its writes durable; restart to check and go on")
	ErrDamaged  = errors.New("the store is damaged")
	ErrErased   = errors.New("the message's bytes were erased")
	ErrClosed   = errors.New("the store is closed")
	ErrReadOnly = errors.New("the store is open for reading only")
)

// Options says how a store is opened. The zero value is what the daemon uses.
type Options struct {
	ReadOnly bool
	LockWait time.Duration // how long to wait for another process; 0: two seconds
	NoSync   bool          // for benchmarks only: nothing is durable
	FS       FS            // nil: the real one; tests count and fail its effects
	MaxSize  int64         // of the database file, bytes; 0: no limit
	// Progress, if not nil, is told while Open brings an older schema to ours
	// how many of the cases and messages are done: minutes, where there are many.
	Progress func(done, all int)

	unfinished bool // the restore itself looks at what it has made
}

// Store is an open store. Its methods may be called at once by many goroutines.
type Store struct {
	dir  string
	opt  Options
	fs   FS
	db   *bolt.DB
	file *os.File // of db

	archive *archive
	intake  sync.Mutex // one batch at a time: append, sync, commit
	keeping sync.Mutex // one of backup and purge at a time
	leaving *Retention // guarded by intake: what a purge is removing; nil: none is

	work       chan *request
	stop       chan struct{}
	stopped    chan struct{}
	closing    sync.RWMutex // read-held while a request is handed in
	closed     bool
	broken     atomic.Pointer[error]
	sheetCases int          // how many cases make a sheet of words
	mapped     atomic.Int64 // bytes of files mapped in besides the database: the program itself
	touched    atomic.Int64 // places of the file, see trimSome
	recorded   func(*Tx, *rules.Event) error

	// Of the committer's goroutine:
	commits int
	warm    warm
	values  slabs
}

// Open opens the store in dir, making it if it is not there. An older schema is
// migrated, a newer one refused; archive bytes that no transaction names are
// cut off, and the end of every chain is checked.
func Open(dir string, opt Options) (*Store, error) {
	s := &Store{dir: dir, opt: opt, fs: opt.FS, sheetCases: sheetCases,
		work: make(chan *request, 256), stop: make(chan struct{}), stopped: make(chan struct{})}
	if s.fs == nil {
		s.fs = osFS{noSync: opt.NoSync}
	}
	if err := s.restored(); err != nil {
		return nil, err
	}
	if !opt.ReadOnly {
		if err := os.MkdirAll(filepath.Join(dir, archiveDir), 0o700); err != nil {
			return nil, fmt.Errorf("open store: %w", err)
		}
	}
	if err := guarded(s.openDB); err != nil {
		s.letGo(err)
		return nil, err
	}
	s.archive = newArchive(filepath.Join(dir, archiveDir), s.fs)
	if err := guarded(s.ready); err != nil {
		s.archive.close()
		s.letGo(err)
		return nil, err
	}
	if opt.ReadOnly {
		close(s.stopped)
	} else {
		go s.committer()
	}
	return s, nil
}

func (s *Store) openDB() error {
	wait := s.opt.LockWait
	if wait == 0 {
		wait = 2 * time.Second
	}
	path := filepath.Join(s.dir, dbName)
	o := &bolt.Options{Timeout: wait, FreelistType: bolt.FreelistMapType, ReadOnly: s.opt.ReadOnly,
		NoSync: s.opt.NoSync, NoGrowSync: s.opt.NoSync, MaxSize: int(s.opt.MaxSize)}
	if !s.opt.ReadOnly {
		// Address space only: growing within it needs no new mapping, which would wait for readers.
		o.InitialMmapSize = 1 << 30
	}
	db, file, err := openBolt(path, o)
	if err == nil && !s.opt.ReadOnly && worthCompacting(db) {
		if err = errors.Join(s.compact(db, path), db.Close()); err == nil {
			db, file, err = openBolt(path, o)
		}
	}
	s.db, s.file = db, file
	return err
}

// ready brings the files to the state that the last transaction knows.
func (s *Store) ready() error {
	if err := s.migrate(); err != nil {
		return err
	}
	if !s.opt.ReadOnly {
		for _, finish := range []func(func(func(*Tx) error) error) error{s.doChores, s.sayRemoved} {
			// On a full disk the desk starts all the same: the intake and the next purge do it first.
			if err := finish(s.strikeAtOpen); err != nil && !errors.Is(err, ErrNoSpace) {
				return err
			}
		}
		if err := s.cutArchive(); err != nil {
			return err
		}
	}
	return s.quickCheck()
}

// Close ends what is begun and closes the files. Calls after it fail with ErrClosed.
func (s *Store) Close() error {
	s.closing.Lock()
	if s.closed {
		s.closing.Unlock()
		return nil
	}
	s.closed = true
	s.closing.Unlock()
	close(s.stop)
	<-s.stopped
	s.intake.Lock()
	defer s.intake.Unlock()
	err := guarded(s.syncFreelist)
	return errors.Join(err, s.archive.close(), s.db.Close())
}

// View runs fn on a consistent reading of the store. fn must not keep the Tx,
// nor call Update, nor wait for the network: old pages stay while it runs.
func (s *Store) View(fn func(*Tx) error) error {
	btx, err := s.db.Begin(false)
	if err != nil {
		return fmt.Errorf("read store: %w", closedError(err))
	}
	defer btx.Rollback()
	return guarded(func() error { return fn(&Tx{btx: btx, s: s}) })
}

// Update runs fn in a transaction that is durable when Update returns nil.
// Calls that come together are committed together; one that fails does not
// fail its neighbours and leaves nothing behind. fn may be run more than once,
// so it must not change anything outside the transaction but by assignment.
func (s *Store) Update(ctx context.Context, fn func(*Tx) error) error {
	if s.opt.ReadOnly {
		return ErrReadOnly
	}
	return s.do(&request{ctx: ctx, fn: fn, done: make(chan struct{})})
}

// do hands a request to the committer and waits for its end.
func (s *Store) do(r *request) error {
	if err := s.submit(r); err != nil {
		return err
	}
	<-r.done
	if r.panicked != nil {
		panic(r.panicked)
	}
	return r.err
}

func (s *Store) submit(r *request) error {
	s.closing.RLock()
	defer s.closing.RUnlock()
	if s.closed {
		return ErrClosed
	}
	select {
	case s.work <- r:
		return nil
	case <-r.ctx.Done():
		return r.ctx.Err()
	}
}

func closedError(err error) error {
	if errors.Is(err, berrors.ErrDatabaseNotOpen) {
		return ErrClosed
	}
	return err
}
