package mailbox

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"sort"
	"time"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapclient"
)

// window is a stretch of listed messages on their way in. Its cursor stands before the first that is not settled.
type window struct {
	items   []listed
	done    []bool
	settled int    // items[:settled] are all done
	end     uint32 // the cursor when all are
}

func newWindow(items []listed, end uint32) *window {
	return &window{items: items, done: make([]bool, len(items)), end: end}
}

func (w *window) index(uid uint32) int {
	if w.settled < len(w.items) && w.items[w.settled].uid == uid {
		return w.settled // in order, as nearly always
	}
	i := sort.Search(len(w.items), func(i int) bool { return w.items[i].uid >= uid })
	if i < len(w.items) && w.items[i].uid == uid {
		return i
	}
	return -1
}

// settle notes that the message was taken, or is known to be gone.
func (w *window) settle(uid uint32) {
	if i := w.index(uid); i >= 0 {
		w.done[i] = true
	}
	for w.settled < len(w.items) && w.done[w.settled] {
		w.settled++
	}
}

func (w *window) cursor() uint32 {
	if w.settled == len(w.items) {
		return w.end
	}
	return w.items[w.settled].uid - 1
}

// open returns the UIDs not settled that pass the filter.
func (w *window) open(keep func(listed) bool) []listed {
	var out []listed
	for i := w.settled; i < len(w.items); i++ {
		if !w.done[i] && keep(w.items[i]) {
			out = append(out, w.items[i])
		}
	}
	return out
}

// uidSet names the messages; neighbours in the window become ranges, since no message lies between them.
func (w *window) uidSet(want []listed) imap.UIDSet {
	var set imap.UIDSet
	for i := 0; i < len(want); {
		first, at := want[i].uid, w.index(want[i].uid)
		last := first
		for i++; i < len(want) && at+1 < len(w.items) && w.items[at+1].uid == want[i].uid; i++ {
			last, at = want[i].uid, at+1
		}
		set.AddRange(imap.UID(first), imap.UID(last))
	}
	return set
}

var wholeBody = []*imap.FetchItemBodySection{{Peek: true}}

// fetch streams the bodies of the wanted messages into batches. What does not come stays open in the window.
func (r *run) fetch(ctx context.Context, s *session, w *window, want []listed) error {
	if len(want) == 0 {
		return nil
	}
	s.raw.expect(s.acc.Timeout)
	cmd := s.client.Fetch(w.uidSet(want), &imap.FetchOptions{UID: true, InternalDate: true, BodySection: wholeBody})
	return s.end(cmd, r.stream(ctx, s, w, cmd))
}

// errCut is a literal that ended before its announced length, with the connection.
var errCut = errors.New("cut")

// end closes a FETCH. After an error the connection goes first: Close would read on to the end of the answer. After a cut
// literal Close is left out: it would read that literal again, beside the library's own reader.
func (s *session) end(cmd *imapclient.FetchCommand, err error) error {
	if err != nil {
		s.raw.Conn.Close()
		if !errors.Is(err, errCut) {
			_ = cmd.Close()
		}
		return err
	}
	if err := cmd.Close(); err != nil && !statusError(err) { // NO, BAD: what is missing is asked for singly
		return fmt.Errorf("fetch: %w", err)
	}
	s.raw.expect(0)
	return nil
}

func (r *run) stream(ctx context.Context, s *session, w *window, cmd *imapclient.FetchCommand) error {
	for m := cmd.Next(); m != nil; m = cmd.Next() {
		if r.cur.full(r.acc.BatchCount, r.acc.BatchBytes) {
			if err := r.hand(ctx, w.cursor()); err != nil {
				return err
			}
		}
		got, err := r.read(s, m)
		if err != nil {
			return err
		}
		if !got.whole || got.uid == 0 || got.uid <= r.base || got.uid > w.end {
			got.body.Close() // empty, or not ours: it is still open in the window
			if err := s.stray(got); err != nil {
				return err
			}
			continue
		}
		if i := w.index(got.uid); i >= 0 && w.done[i] {
			got.body.Close() // said twice
			if err := s.stray(got); err != nil {
				return err
			}
			continue
		}
		r.take(s, w, got)
	}
	return nil
}

// maxStrays are the bodies that a server may send unasked on one connection.
const maxStrays = 100

// stray counts a body that nobody asked for: each has its own room and time, which must end.
func (s *session) stray(a arrival) error {
	if a.whole {
		s.strays++
	}
	if s.strays > maxStrays {
		return fmt.Errorf("fetch: %w: bodies of other messages, such as %d", errFlood, a.uid)
	}
	return nil
}

// arrival is one FETCH answer, read.
type arrival struct {
	uid       uint32
	delivered time.Time
	body      Body
	whole     bool // there was a body, and every announced byte of it came
	empty     bool
}

// read takes one answer from the stream, wherever the UID stands in it. The library reports a literal cut by the end of
// the connection as a plain end: only the count tells (go-imap pull request 676).
func (r *run) read(s *session, m *imapclient.FetchMessageData) (a arrival, err error) {
	for item := m.Next(); item != nil; item = m.Next() {
		switch item := item.(type) {
		case imapclient.FetchItemDataUID:
			a.uid = uint32(item.UID)
		case imapclient.FetchItemDataInternalDate:
			a.delivered = item.Time
		case imapclient.FetchItemDataBodySection:
			if item.Literal == nil || item.Literal.Size() == 0 {
				a.empty = true
				continue
			}
			if a.body.size > 0 {
				continue // a second body: the library discards it
			}
			size := item.Literal.Size()
			if size > r.acc.MaxSize {
				r.huge[a.uid] = true // the listing said less; it is not read, however long it is
				return a, fmt.Errorf("fetch: message %d announced with %d bytes, listed with less", a.uid, size)
			}
			s.raw.body(size)
			if a.body, err = r.body(item.Literal, size); err != nil {
				return a, fmt.Errorf("fetch: message %d of %d bytes: %w", a.uid, size, err)
			}
			a.whole = true
		}
	}
	return a, nil
}

func (r *run) body(lit io.Reader, size int64) (Body, error) {
	if size > r.acc.SpoolOver {
		if r.copyBuf == nil {
			r.copyBuf = make([]byte, 256<<10)
		}
		f, n, err := spool(r.acc.Spool, lit, r.copyBuf)
		if err != nil {
			return Body{}, err
		}
		if n != size {
			f.Close()
			return Body{}, fmt.Errorf("%w after %d", errCut, n)
		}
		return Body{file: f, size: size}, nil
	}
	mem := r.cur.mem.alloc(int(size))
	if n, err := io.ReadFull(lit, mem); err != nil {
		r.cur.mem.free(len(mem))
		return Body{}, fmt.Errorf("%w after %d: %w", errCut, n, err)
	}
	_, _ = lit.Read(r.one[:]) // the end of the literal sets the library's reader free
	return Body{mem: mem, size: size}, nil
}

// take puts a whole message into the batch and settles it.
func (r *run) take(s *session, w *window, a arrival) {
	r.cur.add(Message{UIDValidity: s.validity, UID: a.uid, Delivered: a.delivered, Size: a.body.size}, a.body)
	if len(r.known) >= 8*compared {
		r.known = append(r.known[:0], r.known[len(r.known)-compared:]...)
	}
	r.known = append(r.known, Known{a.uid, a.delivered})
	r.proven = true
	delete(r.deaths, a.uid)
	w.settle(a.uid)
}

// park hands over a message without its bytes.
func (r *run) park(ctx context.Context, s *session, w *window, l listed, why error) error {
	if r.cur.full(r.acc.BatchCount, r.acc.BatchBytes) {
		if err := r.hand(ctx, w.cursor()); err != nil {
			return err
		}
	}
	if l.delivered.IsZero() {
		if again, err := s.list(l.uid, l.uid, true); err == nil && len(again) == 1 {
			l.delivered = again[0].delivered
		} else if err != nil && !statusError(err) {
			return err
		}
	}
	r.log.Warn("message not read", "uid", l.uid, "size", l.size, "reason", why)
	r.cur.add(Message{UIDValidity: s.validity, UID: l.uid, Delivered: l.delivered, Size: l.size,
		Err: fmt.Errorf("message %d, %d bytes: %w", l.uid, l.size, why)}, Body{})
	delete(r.deaths, l.uid)
	w.settle(l.uid)
	return nil
}

// single asks once more for one message that was listed and did not come: is it still there, does it come alone, does
// it come by its sequence number and without its date (there the library does not need the UID before the body). Only a message that the
// server no longer lists, by FETCH and by SEARCH, is gone.
func (r *run) single(ctx context.Context, s *session, w *window, l listed) error {
	again, err := s.list(l.uid, l.uid, false)
	if err != nil && !statusError(err) {
		return err
	}
	if len(again) == 0 {
		found, err := s.searchUID(l.uid, l.uid)
		if err != nil {
			return err
		}
		if len(found) == 0 {
			w.settle(l.uid)
			delete(r.deaths, l.uid)
			r.gone = append(r.gone, l.uid)
			return nil
		}
		return r.missing(ctx, s, w, l, ErrMissing)
	}
	if r.deaths[l.uid].count <= suspicious { // else it may be its date that ends the connection
		if err := r.fetch(ctx, s, w, again); err != nil || w.isDone(l.uid) {
			return err
		}
	}
	a, err := r.bySequence(ctx, s, w, again[0])
	if err != nil || w.isDone(l.uid) {
		return err
	}
	why := ErrMissing
	if a.empty {
		why = ErrEmpty
	}
	return r.missing(ctx, s, w, l, why)
}

func (w *window) isDone(uid uint32) bool {
	i := w.index(uid)
	return i < 0 || w.done[i]
}

func (r *run) missing(ctx context.Context, s *session, w *window, l listed, why error) error {
	r.lost = append(r.lost, l.uid)
	return r.park(ctx, s, w, l, why)
}

// bySequence fetches one message by its sequence number, which cannot change while no command allows EXPUNGE replies
// (RFC 9051 §7.5.1); the UID inside the answer proves that it is the one.
func (r *run) bySequence(ctx context.Context, s *session, w *window, l listed) (arrival, error) {
	if r.cur.full(r.acc.BatchCount, r.acc.BatchBytes) {
		if err := r.hand(ctx, w.cursor()); err != nil {
			return arrival{}, err
		}
	}
	s.raw.expect(s.acc.Timeout)
	cmd := s.client.Fetch(imap.SeqSetNum(l.seq), &imap.FetchOptions{UID: true, BodySection: wholeBody})
	var last arrival
	var err error
	for m := cmd.Next(); m != nil; m = cmd.Next() {
		a, rerr := r.read(s, m)
		if rerr != nil {
			err = rerr
			break
		}
		if a.uid == l.uid && a.whole && !w.isDone(l.uid) {
			if a.delivered.IsZero() {
				a.delivered = l.delivered
			}
			r.take(s, w, a)
		} else {
			a.body.Close()
			err = s.stray(a)
		}
		if err != nil {
			break
		}
		last = a
	}
	return last, s.end(cmd, err)
}

// readWindow brings in every message of the window, the easy ones first.
func (r *run) readWindow(ctx context.Context, s *session, w *window) error {
	for _, l := range w.open(r.tooLarge) {
		if err := r.park(ctx, s, w, l, ErrOversized); err != nil {
			return err
		}
	}
	innocent := func(l listed) bool { return r.deaths[l.uid].count < suspicious }
	if err := r.fetch(ctx, s, w, w.open(innocent)); err != nil {
		r.blame(err, w.open(innocent))
		return err
	}
	rest := w.open(func(listed) bool { return true })
	slices.SortStableFunc(rest, func(a, b listed) int { return r.deaths[a.uid].count - r.deaths[b.uid].count })
	for _, l := range rest {
		if d := r.deaths[l.uid]; d.count >= hopeless && r.proven && time.Since(d.since) >= r.acc.GiveUp {
			if err := r.missing(ctx, s, w, l, ErrUnfetchable); err != nil {
				return err
			}
			continue
		}
		if err := r.single(ctx, s, w, l); err != nil {
			r.blame(err, []listed{l})
			return err
		}
	}
	return nil
}

func (r *run) tooLarge(l listed) bool { return l.size > r.acc.MaxSize || r.huge[l.uid] }
