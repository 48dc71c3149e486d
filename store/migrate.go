package store

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"path/filepath"
	"slices"

	bolt "go.etcd.io/bbolt"

	"sportello/rules"
)

// schema is the version of what lies on disk. Change a record, an index or a
// bucket: raise it. What follows from the journal and the messages is made
// anew by migrate; only a change of the messages themselves, or of the journal,
// needs a step of its own there.
//
//	1  one entry a deadline, letters being tried in a class of their own
//	2  one entry a case in deadlines; attempts keep a letter's place in the
//	   outbox; steps have a scope
//	3  the outbox says which mailbox sends a letter
//	4  the queue's entries are cards, and serve the procedures too; words
//	5  a case knows the certified identifier of its request
//	6  a letter may be of the past; cards know the state, and what waits for a
//	   person's hands is a class of the queue; the latest instant of the journal
//	7  a message is not found by its Message-ID, which nobody asked for
//	8  what became of a letter has a deadline, and a person may say that it arrived
//	9  a case may be somebody's, and put off; cards know whose it is
const schema = 9

var schemaKey = []byte("schema")

// migrate makes the buckets of a new store, brings an older one to this
// version, and refuses a newer one.
func (s *Store) migrate() error {
	version, err := s.version()
	switch {
	case err != nil:
		return err
	case version == schema:
		return nil
	case version > schema:
		return fmt.Errorf("open %s: %w (its schema is %d, ours is %d): use that version, or restore a backup",
			s.db.Path(), ErrNewer, version, schema)
	case s.opt.ReadOnly:
		return fmt.Errorf("open %s: its schema %d is older than ours: start the daemon once to bring it up to date", s.db.Path(), version)
	}
	if version == 0 {
		if err := s.unclaimed(); err != nil {
			return err
		}
	}
	err = s.db.Update(makeBuckets)
	if err == nil && version > 0 {
		err = s.rebuild()
	}
	if err == nil && version == 0 {
		err = syncNames(s.fs, s.dir)
	}
	if err == nil { // last: interrupted, it begins again
		err = s.db.Update(func(tx *bolt.Tx) error { return tx.Bucket([]byte(bucketNames[bMeta])).Put(schemaKey, u64(schema)) })
	}
	if err != nil {
		return fmt.Errorf("migrate %s: %w", s.db.Path(), err)
	}
	return nil
}

// syncNames makes the names of a new store, or of a copy, durable, its own
// folder's too: a desk whose database a power cut takes away would answer every
// message again.
func syncNames(on FS, dir string) error {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return err
	}
	if err := on.SyncDir(dir); err != nil {
		return err
	}
	if err := on.SyncDir(filepath.Dir(dir)); !errors.Is(err, fs.ErrPermission) { // not ours to open: whoever made the folder there
		return err
	}
	return nil
}

// derived are the buckets that follow from the journal and the messages.
var derived = []bucket{bCases, bQueue, bLoose, bSheets, bSender, bLetters, bOutbox, bDeadlines, bCounters, bKnown, bFresh, bTodo, bEarly}

// formerProcedures is an index that schema 3 still had.
var formerProcedures = []byte("procedures")

// rebuildStep is how many cases or messages one transaction of it holds.
const rebuildStep = 2000

// rebuild makes everything that is derived anew.
func (s *Store) rebuild() error {
	err := s.db.Update(func(tx *bolt.Tx) error {
		for _, n := range derived {
			if err := tx.DeleteBucket([]byte(bucketNames[n])); err != nil {
				return err
			}
		}
		if meta := tx.Bucket([]byte(bucketNames[bMeta])); meta != nil {
			if err := meta.Delete(mergeKey); err != nil {
				return err
			}
		}
		if tx.Bucket(formerProcedures) != nil {
			if err := tx.DeleteBucket(formerProcedures); err != nil {
				return err
			}
		}
		return makeBuckets(tx)
	})
	if err != nil {
		return err
	}
	return s.rebuildAll()
}

// rebuildAll makes the cases and then the messages anew, a part at a time.
func (s *Store) rebuildAll() error {
	messages := 0
	err := s.View(func(tx *Tx) error {
		messages = tx.b(bMessages).Stats().KeyN
		return nil
	})
	if err != nil {
		return err
	}
	cases, err := s.rebuildCases(messages)
	if err != nil {
		return err
	}
	done := 0
	for from, more := uint64(0), true; more; {
		var n int
		err := s.strikeAtOpen(func(tx *Tx) (err error) {
			from, n, more, err = tx.rebuildMessages(from)
			return err
		})
		if err != nil {
			return err
		}
		done += n
		s.progress(cases+done, cases+messages)
	}
	return nil
}

func (s *Store) progress(done, all int) {
	if s.opt.Progress != nil {
		s.opt.Progress(done, all)
	}
}

// rebuildCases says how many cases there are; the messages come after them.
func (s *Store) rebuildCases(messages int) (cases int, err error) {
	events, latest := map[caseKey][]uint64{}, uint64(0)
	err = s.View(func(tx *Tx) error {
		return scan(tx.b(bJournal), nil, nil, func(key, _ []byte) (bool, error) {
			e, err := tx.event(toU64(key), tx.get(bJournal, key))
			latest = max(latest, sortable(e.At))
			if err != nil || e.Case == "" {
				return true, err
			}
			k, err := keyOf(e.Case)
			events[k] = append(events[k], e.Seq)
			return true, err
		})
	})
	if err != nil {
		return 0, err
	}
	if err := s.strikeAtOpen(func(tx *Tx) error { tx.write.latest = latest; return nil }); err != nil {
		return 0, err
	}
	keys := slices.SortedFunc(maps.Keys(events), func(a, b caseKey) int { return bytes.Compare(a[:], b[:]) })
	for part := range slices.Chunk(keys, rebuildStep) {
		err := s.strikeAtOpen(func(tx *Tx) error {
			for _, k := range part {
				if err := tx.rebuildCase(k, events[k]); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return 0, err
		}
		cases += len(part)
		s.progress(cases, len(keys)+messages)
	}
	return cases, nil
}

func (tx *Tx) rebuildCase(k caseKey, events []uint64) error {
	r, err := tx.refold(k, events)
	if err != nil {
		return err
	}
	r.dirty = true
	tx.write.cases[k] = r
	tx.write.order = append(tx.write.order, k)
	tx.loosen(k, r, &rules.Private{Mailbox: r.c.Mailbox, Subject: r.c.Subject, Fields: r.c.Fields})
	for _, l := range r.c.Letters {
		if err := tx.nameLetter(k, &rules.LetterRef{N: l.N, MessageID: l.MessageID}); err != nil {
			return err
		}
	}
	return nil
}

// rebuildMessages enlists the messages after one, and says up to which
// and how many.
func (tx *Tx) rebuildMessages(after uint64) (last uint64, n int, more bool, err error) {
	last = after
	var names []nameEntry
	err = scan(tx.b(bMessages), nil, u64(after+1), func(k, v []byte) (bool, error) {
		if n == rebuildStep {
			more = true
			return false, nil
		}
		n++
		m, err := decodeMessage(toU64(k), v)
		if err != nil {
			return false, err
		}
		last = m.ID
		names = m.appendNames(names)
		return true, tx.enlist(&m)
	})
	if err != nil {
		return last, n, more, err
	}
	return last, n, more, tx.addNames(after+1, names)
}

func makeBuckets(tx *bolt.Tx) error {
	for _, name := range bucketNames {
		if _, err := tx.CreateBucketIfNotExists([]byte(name)); err != nil {
			return err
		}
	}
	return nil
}

// version is the schema of the file, 0 for a new one.
func (s *Store) version() (v uint64, err error) {
	err = s.db.View(func(tx *bolt.Tx) error {
		if b := tx.Bucket([]byte(bucketNames[bMeta])); b != nil {
			v = toU64(b.Get(schemaKey))
		} else if k, _ := tx.Cursor().First(); k != nil {
			return fmt.Errorf("open %s: %w: it is no store of sportello", s.db.Path(), ErrDamaged)
		}
		return nil
	})
	return v, err
}
