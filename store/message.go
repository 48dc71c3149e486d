package store

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"slices"
	"time"

	"sportello/rules"
)

// Status is what became of a message.
type Status string

// The statuses of a message.
const (
	Pending       Status = "pending"   // received, nothing decided yet
	InCase        Status = "case"      // the request of a case, or joined to one
	Receipt       Status = "receipt"   // a provider's receipt
	Parked        Status = "parked"    // no request; Reason says why
	Duplicate     Status = "duplicate" // the same bytes or the same envelope as Original
	Redacted      Status = "redacted"  // its bytes were erased by order
	Purged        Status = "purged"    // its bytes went with their month, or with the copies of documents in them
	noSuchMessage        = "message %d: %w"
)

// Cursor is a place in an IMAP folder (RFC 9051 §2.3.1).
type Cursor struct {
	UIDValidity, UID uint32
}

// Message is one message as it was read from a mailbox.
type Message struct {
	ID         uint64
	Mailbox    string // name of the request mailbox
	Cursor     Cursor // where it lay
	Kind       rules.MessageKind
	Delivered  time.Time // INTERNALDATE
	Read       time.Time // when the desk read it; its month is the archive's
	Size       int64     // bytes
	Digest     [32]byte  // SHA-256 of the raw bytes
	Identifier string    // of the certified envelope; empty when not proved
	MessageID  string    // the customer's own

	Status   Status
	Case     string
	Reason   rules.Reason
	Detail   string // for a person
	Original uint64 // of a duplicate: the message it repeats
	Place    Place

	Receipt *rules.ReceiptRef // what a receipt says
	About   string            // the Message-ID of the letter it names

	Facts *rules.Message    // not listed: see Tx.MessageFacts
	Proof []rules.ProofStep // not listed either
}

// erased reports whether the message's bytes are gone for good, or were when it came again.
func (m *Message) erased() bool {
	return m.Status == Redacted || m.Status == Purged || m.Status == Duplicate && m.Size > 0 && m.Place.Length == 0
}

// Incoming is a message to take in, with its bytes: in memory, or as a reader
// of exactly Size bytes. Digest may be zero if the bytes are in memory.
type Incoming struct {
	Message
	Bytes []byte
	Raw   io.Reader
}

// Message returns a message without its facts and proof.
func (tx *Tx) Message(id uint64) (Message, error) {
	v := tx.get(bMessages, u64(id))
	if v == nil {
		return Message{}, fmt.Errorf(noSuchMessage, id, ErrNotFound)
	}
	return decodeMessage(id, v)
}

func decodeMessage(id uint64, v []byte) (Message, error) {
	m := Message{ID: id}
	x := newReader(v)
	if m.code(&x); x.whole() { // the usual case names no message
		return m, nil
	}
	return m, x.end(fmt.Sprintf("message %d", id))
}

func (tx *Tx) putMessage(m *Message) error {
	if tx.write == nil {
		return ErrReadOnly
	}
	x := coder{buf: tx.write.buf[:0]}
	m.code(&x)
	tx.write.buf = x.buf
	return tx.put(bMessages, u64(m.ID), tx.write.keep(x.buf))
}

// MessageFacts returns what was found in a message and how its sender was
// proved; nil if nothing was kept, or no longer is.
func (tx *Tx) MessageFacts(id uint64) (*rules.Message, []rules.ProofStep, error) {
	v := tx.get(bHeavy, u64(id))
	if v == nil {
		return nil, nil, nil
	}
	var h heavy
	x := newReader(v)
	h.code(&x)
	return h.facts, h.proof, x.end(fmt.Sprintf("facts of message %d", id))
}

func (tx *Tx) putHeavy(m *Message) error {
	switch {
	case tx.write == nil:
		return ErrReadOnly
	case m.Facts == nil && len(m.Proof) == 0:
		return nil
	}
	h := heavy{facts: m.Facts, proof: m.Proof}
	x := coder{buf: tx.write.buf[:0]}
	h.code(&x)
	tx.write.buf = x.buf
	return tx.put(bHeavy, u64(m.ID), tx.write.keep(x.buf))
}

// SetMessage changes what became of a message: its status, case, reason and
// detail. The journal is the caller's to write, in the same transaction.
func (tx *Tx) SetMessage(id uint64, status Status, caseID string, reason rules.Reason, detail string) error {
	m, err := tx.Message(id)
	if err != nil {
		return err
	}
	if tx.write == nil {
		return ErrReadOnly
	}
	if err := tx.unlist(&m); err != nil {
		return err
	}
	m.Status, m.Case, m.Reason, m.Detail = status, caseID, reason, detail
	if err := tx.putMessage(&m); err != nil {
		return err
	}
	return tx.enlist(&m)
}

// Revise replaces what was found in a message that is looked at again: all but
// its bytes and where they lie. The journal is the caller's to write.
func (tx *Tx) Revise(m *Message) error {
	old, err := tx.Message(m.ID)
	if err != nil {
		return err
	}
	if tx.write == nil {
		return ErrReadOnly
	}
	if err := tx.rename(old.appendNames(nil), m.appendNames(nil)); err != nil {
		return err
	}
	if err := errors.Join(tx.unlist(&old), tx.del(bHeavy, u64(m.ID))); err != nil {
		return err
	}
	return errors.Join(tx.putMessage(m), tx.putHeavy(m), tx.enlist(m))
}

// enlist puts a message in the lists that its status belongs to.
func (tx *Tx) enlist(m *Message) error {
	tx.count("message\x00"+string(m.Status), 1)
	switch {
	case m.Status == Pending:
		return tx.put(bTodo, todoKey(m.Status, m.ID), nil)
	case m.Status == Parked:
		tx.count("parked\x00"+string(m.Reason), 1)
		return tx.put(bTodo, todoKey(m.Status, m.ID), nil)
	case waits(m):
		return tx.put(bEarly, earlyKey(m.About, m.ID), nil)
	}
	return nil
}

func (tx *Tx) unlist(m *Message) error {
	tx.count("message\x00"+string(m.Status), -1)
	switch {
	case m.Status == Pending:
		return tx.del(bTodo, todoKey(m.Status, m.ID))
	case m.Status == Parked:
		tx.count("parked\x00"+string(m.Reason), -1)
		return tx.del(bTodo, todoKey(m.Status, m.ID))
	case waits(m):
		return tx.del(bEarly, earlyKey(m.About, m.ID))
	}
	return nil
}

// waits reports whether a receipt waits for the letter it names.
func waits(m *Message) bool { return m.Status == Receipt && m.Case == "" && m.About != "" }

func todoKey(s Status, id uint64) []byte {
	b := make([]byte, 0, len(s)+1+8)
	return binary.BigEndian.AppendUint64(append(append(b, s...), 0), id)
}

func earlyKey(about string, id uint64) []byte {
	b := make([]byte, 0, len(about)+1+8)
	return binary.BigEndian.AppendUint64(append(append(b, about...), 0), id)
}

// Pending returns the ids of up to limit messages that wait to be decided,
// oldest first, behind the message after (0: from the oldest).
func (tx *Tx) Pending(after uint64, limit int) ([]uint64, error) {
	var out []uint64
	prefix := todoKey(Pending, 0)[:len(Pending)+1]
	err := scan(tx.b(bTodo), prefix, todoKey(Pending, after+1), func(k, _ []byte) (bool, error) {
		if len(out) >= limit {
			return false, nil
		}
		out = append(out, toU64(k[len(prefix):]))
		return true, nil
	})
	return out, err
}

// Parked returns up to limit parked messages, newest first, older than the
// message before (0: from the newest).
func (tx *Tx) Parked(before uint64, limit int) ([]Message, error) {
	var out []Message
	if before == 0 {
		before = ^uint64(0)
	}
	c := tx.b(bTodo).Cursor()
	prefix := todoKey(Parked, 0)[:len(Parked)+1]
	k, _ := c.Seek(todoKey(Parked, before))
	if k == nil {
		k, _ = c.Last()
	} else {
		k, _ = c.Prev()
	}
	for ; k != nil && len(out) < limit && string(k[:min(len(prefix), len(k))]) == string(prefix); k, _ = c.Prev() {
		m, err := tx.Message(toU64(k[len(prefix):]))
		if err != nil {
			return out, err
		}
		out = append(out, m)
	}
	return out, nil
}

// ReceiptsFor returns the receipts that came before the letter they name.
// They leave the list when SetMessage gives them its case.
func (tx *Tx) ReceiptsFor(messageID string) ([]uint64, error) {
	var out []uint64
	if messageID == "" {
		return nil, nil
	}
	prefix := append([]byte(messageID), 0)
	c := tx.cursor(bEarly)
	for k, _ := c.Seek(prefix); bytes.HasPrefix(k, prefix); k, _ = c.Next() {
		out = append(out, toU64(k[len(prefix):]))
	}
	return out, nil
}

// MessageCounts returns the number of messages by status, and of parked ones
// by reason, from counters.
func (tx *Tx) MessageCounts() (byStatus map[Status]int, parked map[rules.Reason]int, err error) {
	if err := tx.settle(); err != nil {
		return nil, nil, err
	}
	byStatus, parked = map[Status]int{}, map[rules.Reason]int{}
	for prefix, add := range map[string]func(string, int){
		"message\x00": func(k string, n int) { byStatus[Status(k)] = n },
		"parked\x00":  func(k string, n int) { parked[rules.Reason(k)] = n },
	} {
		err = scan(tx.b(bCounters), []byte(prefix), nil, func(k, v []byte) (bool, error) {
			add(string(k[len(prefix):]), int(toU64(v)))
			return true, nil
		})
		if err != nil {
			return nil, nil, err
		}
	}
	return byStatus, parked, nil
}

// LastOf returns up to n messages of a mailbox at a UIDVALIDITY, the oldest
// first: its last ones, as far as they are among the last within messages.
func (tx *Tx) LastOf(mailbox string, validity uint32, n, within int) ([]Message, error) {
	var out []Message
	c := tx.b(bMessages).Cursor()
	for k, v := c.Last(); k != nil && len(out) < n && within > 0; k, v = c.Prev() {
		within--
		m, err := decodeMessage(toU64(k), v)
		if err != nil {
			return nil, err
		}
		if m.Mailbox == mailbox && m.Cursor.UIDValidity == validity {
			out = append(out, m)
		}
	}
	slices.Reverse(out)
	return out, nil
}

// Cursor is how far a mailbox has been read; false if it never was.
func (tx *Tx) Cursor(mailbox string) (Cursor, bool) {
	v := tx.get(bFolders, []byte(mailbox))
	if len(v) != 8 {
		return Cursor{}, false
	}
	return Cursor{UIDValidity: binary.BigEndian.Uint32(v), UID: binary.BigEndian.Uint32(v[4:])}, true
}

// SetCursor says how far a mailbox has been read.
func (tx *Tx) SetCursor(mailbox string, c Cursor) error {
	v := binary.BigEndian.AppendUint32(binary.BigEndian.AppendUint32(nil, c.UIDValidity), c.UID)
	return tx.put(bFolders, []byte(mailbox), v)
}

// LastMessages calls fn with the messages (without facts), the newest first,
// until it returns false.
func (tx *Tx) LastMessages(fn func(*Message) (more bool, err error)) error {
	b := tx.b(bMessages)
	return backwards(b, nil, func(k []byte) (bool, error) {
		m, err := decodeMessage(toU64(k), b.Get(k))
		if err != nil {
			return false, err
		}
		return fn(&m)
	})
}
