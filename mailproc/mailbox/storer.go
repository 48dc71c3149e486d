package mailbox

import (
	"context"
	"errors"
)

// errStore says that the Sink failed; Run ends.
var errStore = errors.New("store failed")

// storer is the goroutine that calls the Sink. Two batches go round: the reader fills one while the other is stored, and
// waits when it is full.
type storer struct {
	sink   Sink
	in     chan *batch
	free   chan *batch
	broken chan struct{} // closed at the first error
	done   chan struct{}
	err    error // before broken is closed
}

func newStorer(ctx context.Context, sink Sink, count int) *storer {
	s := &storer{sink: sink, in: make(chan *batch), free: make(chan *batch, 2), broken: make(chan struct{}),
		done: make(chan struct{})}
	s.free <- newBatch(count)
	s.free <- newBatch(count)
	go s.loop(ctx)
	return s
}

func (s *storer) loop(ctx context.Context) {
	defer close(s.done)
	for b := range s.in {
		if s.err == nil {
			if s.err = s.sink.Store(ctx, b.msgs, b.next); s.err != nil {
				close(s.broken)
			}
		}
		b.reset()
		s.free <- b
	}
}

// close waits until the batch in hand is stored.
func (s *storer) close() {
	close(s.in)
	<-s.done
}

// failed returns the Sink's error, if it had one.
func (s *storer) failed() error {
	select {
	case <-s.broken:
		return s.err
	default:
		return nil
	}
}

// give hands the batch over and puts an empty one in its place.
func (s *storer) give(ctx context.Context, b **batch) error {
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-s.broken:
		return errStore
	case s.in <- *b:
	}
	*b = nil
	return s.drain(ctx, b)
}

// drain waits, when *b is set, until nothing is being stored; else it fetches the next empty batch.
func (s *storer) drain(ctx context.Context, b **batch) error {
	// The reader owns its batch also after an error, so that it can go on filling or throw it away.
	next := <-s.free
	if *b != nil {
		s.free <- next
	} else {
		*b = next
	}
	if s.failed() != nil {
		return errStore
	}
	return ctx.Err()
}

// hand gives the batch to the store, with the window's cursor.
func (r *run) hand(ctx context.Context, cursor uint32) error {
	if len(r.cur.msgs) == 0 {
		r.cursor.UID = max(r.cursor.UID, cursor)
		return nil
	}
	return r.handAlways(ctx, cursor)
}

func (r *run) handAlways(ctx context.Context, cursor uint32) error {
	next := Cursor{r.cursor.UIDValidity, max(r.cursor.UID, cursor)}
	r.cur.next = next
	if err := r.store.give(ctx, &r.cur); err != nil {
		return err
	}
	r.cursor, r.moved = next, true
	return nil
}
