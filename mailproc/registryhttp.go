package mailproc

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"sportello/rules"
)

// HTTPRegistry asks the provider's own service:
//
//	GET {url}/mailboxes/{address}   200 {"address","status","holder","tax_code","panel","expires"}  404 not known
//	GET {url}/orders/{number}       200 {"number","address","kind","date","panel","amount"}          404 not known
//
// Dates are RFC 3339 or 2026-11-23; the words of status and kind are those of
// the files. Any other answer, or none in time, means that the registry is
// down (ErrDown): the case waits. A registry found down is left alone for a
// moment, so that a thousand waiting cases do not each wait for it. Answers are
// kept for the time of Cache; what is not known is asked for again.
type HTTPRegistry struct {
	URL     string
	Token   string        // sent as a bearer token when not empty
	Timeout time.Duration // of one request; 0: RegistryTimeout
	Cache   time.Duration // 0: RegistryCache
	Zone    *time.Location

	mu    sync.Mutex
	known map[string]cached
	down  time.Time // when it was found down, zero: it answers
	why   error
}

type cached struct {
	until time.Time
	fact  any // a *rules.MailboxFact or a *rules.Order
}

// Where the configuration says nothing else.
const (
	RegistryTimeout = 5 * time.Second
	RegistryCache   = 30 * time.Second
)

const (
	registryTries = 3                // requests before the registry counts as down
	registryRest  = 10 * time.Second // how long it is left alone then
	registryKept  = 10_000           // answers kept at once
)

// Mailbox asks for a mailbox.
func (r *HTTPRegistry) Mailbox(ctx context.Context, address string) (*rules.MailboxFact, error) {
	return ask(ctx, r, "/mailboxes/"+url.PathEscape(strings.ToLower(address)), func(body []byte) (*rules.MailboxFact, error) {
		var m struct {
			rules.MailboxFact
			Expires string `json:"expires"`
		}
		if err := json.Unmarshal(body, &m); err != nil {
			return nil, err
		}
		if !strings.EqualFold(m.Address, address) {
			return nil, errors.New("asked for one mailbox, it answers for another")
		}
		var err error
		if m.MailboxFact.Expires, err = r.date(m.Expires); err != nil {
			return nil, err
		}
		return &m.MailboxFact, checkMailbox(m.MailboxFact)
	})
}

// Orders asks for orders, one by one.
func (r *HTTPRegistry) Orders(ctx context.Context, numbers []string) (out []rules.Order, err error) {
	for _, n := range numbers {
		order, err := ask(ctx, r, "/orders/"+url.PathEscape(n), func(body []byte) (*rules.Order, error) {
			var o struct {
				rules.Order
				Date string `json:"date"`
			}
			if err := json.Unmarshal(body, &o); err != nil {
				return nil, err
			}
			if !strings.EqualFold(o.Number, n) {
				return nil, errors.New("asked for one order, it answers for another")
			}
			var err error
			if o.Order.Date, err = r.date(o.Date); err != nil {
				return nil, err
			}
			return &o.Order, checkOrder(o.Order)
		})
		if err != nil {
			return nil, err
		}
		if order != nil {
			out = append(out, *order)
		}
	}
	return out, nil
}

func (r *HTTPRegistry) date(s string) (time.Time, error) {
	if s == "" {
		return time.Time{}, nil
	}
	if t, err := time.Parse(time.RFC3339, s); err == nil {
		return t, nil
	}
	t, err := time.ParseInLocation(time.DateOnly, s, r.Zone)
	if err != nil {
		return t, fmt.Errorf("date %q", s)
	}
	return t, nil
}

// ask gives what the service says at a path, read by parse; nil without error:
// it is not known. An answer that parse refuses is as good as none.
func ask[T any](ctx context.Context, r *HTTPRegistry, path string, parse func(body []byte) (*T, error)) (*T, error) {
	fact, err := r.remembered(path)
	if f, ok := fact.(*T); ok || err != nil {
		return f, err
	}
	for try := range registryTries {
		if try > 0 && !pause(ctx, 100*time.Millisecond<<try) {
			break
		}
		var body []byte
		if body, err = r.once(ctx, path); err != nil {
			continue
		}
		var f *T
		if body != nil {
			if f, err = parse(body); err != nil {
				err = fmt.Errorf("its answer makes no sense: %w", err)
				continue
			}
		}
		r.answered(path, f, f != nil)
		return f, nil
	}
	if ctx.Err() != nil { // we stop: it says nothing of the registry
		return nil, fmt.Errorf("%w: %w", ErrDown, ctx.Err())
	}
	return nil, r.failed(err)
}

// remembered gives a fact asked for a moment ago, or why asking is no use now.
func (r *HTTPRegistry) remembered(path string) (fact any, err error) {
	now := time.Now()
	r.mu.Lock()
	defer r.mu.Unlock()
	if c, ok := r.known[path]; ok && now.Before(c.until) {
		return c.fact, nil
	}
	if !r.down.IsZero() && now.Sub(r.down) < registryRest {
		return nil, r.why
	}
	return nil, nil
}

func (r *HTTPRegistry) answered(path string, fact any, known bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.down = time.Time{}
	if !known {
		delete(r.known, path)
		return
	}
	if r.known == nil || len(r.known) >= registryKept {
		r.known = map[string]cached{}
	}
	r.known[path] = cached{time.Now().Add(cmp.Or(r.Cache, RegistryCache)), fact}
}

func (r *HTTPRegistry) failed(err error) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.down, r.why = time.Now(), fmt.Errorf("%w: %w", ErrDown, err)
	return r.why
}

func (r *HTTPRegistry) once(ctx context.Context, path string) ([]byte, error) {
	ctx, cancel := context.WithTimeout(ctx, cmp.Or(r.Timeout, RegistryTimeout))
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, strings.TrimRight(r.URL, "/")+path, nil)
	if err != nil {
		return nil, err
	}
	if r.Token != "" {
		req.Header.Set("Authorization", "Bearer "+r.Token)
	}
	resp, err := direct.Do(req)
	if err != nil {
		return nil, withoutURL(err)
	}
	defer resp.Body.Close()
	switch resp.StatusCode {
	case http.StatusOK:
		return io.ReadAll(io.LimitReader(resp.Body, 64<<10))
	case http.StatusNotFound:
		return nil, nil
	}
	return nil, fmt.Errorf("it answers %s", statusOf(resp))
}

// withoutURL drops the address from an HTTP client's error: it holds a
// customer's mailbox.
func withoutURL(err error) error {
	var u *url.Error
	if errors.As(err, &u) {
		return u.Err
	}
	return err
}
