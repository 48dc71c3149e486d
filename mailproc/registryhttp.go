package mailproc

import (
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
// Dates are RFC 3339 or 2026-11-23. Any other answer, or none in time, means
// that the registry is down (ErrDown): the case waits. Answers are kept for
// the time of Cache; a mailbox that is not known is asked for again.
type HTTPRegistry struct {
	URL     string
	Token   string        // sent as a bearer token when not empty
	Timeout time.Duration // of one request; 0: 5 s
	Cache   time.Duration // 0: 30 s
	Zone    *time.Location
	Client  *http.Client // nil: the default one

	mu    sync.Mutex
	known map[string]cached
}

type cached struct {
	until time.Time
	body  []byte
}

// registryTries is how often a request is made before the registry counts as down.
const registryTries = 3

// Mailbox asks for a mailbox.
func (r *HTTPRegistry) Mailbox(ctx context.Context, address string) (*rules.MailboxFact, error) {
	body, err := r.get(ctx, "/mailboxes/"+url.PathEscape(strings.ToLower(address)))
	if err != nil || body == nil {
		return nil, err
	}
	var m struct {
		rules.MailboxFact
		Expires string `json:"expires"`
	}
	if err := json.Unmarshal(body, &m); err != nil {
		return nil, fmt.Errorf("%w: its answer is no mailbox: %w", ErrDown, err)
	}
	if !strings.EqualFold(m.Address, address) {
		return nil, fmt.Errorf("%w: asked for one mailbox, it answers for another", ErrDown)
	}
	m.MailboxFact.Expires, err = r.date(m.Expires)
	return &m.MailboxFact, err
}

// Orders asks for orders, one by one.
func (r *HTTPRegistry) Orders(ctx context.Context, numbers []string) (out []rules.Order, err error) {
	for _, n := range numbers {
		body, err := r.get(ctx, "/orders/"+url.PathEscape(n))
		if err != nil {
			return nil, err
		}
		if body == nil {
			continue
		}
		var o struct {
			rules.Order
			Date string `json:"date"`
		}
		if err := json.Unmarshal(body, &o); err != nil {
			return nil, fmt.Errorf("%w: its answer is no order: %w", ErrDown, err)
		}
		if o.Order.Date, err = r.date(o.Date); err != nil {
			return nil, err
		}
		out = append(out, o.Order)
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
		return t, fmt.Errorf("%w: date %q", ErrDown, s)
	}
	return t, nil
}

// get asks for a path; a nil body without error means that it is not known.
func (r *HTTPRegistry) get(ctx context.Context, path string) ([]byte, error) {
	now := time.Now()
	r.mu.Lock()
	c, ok := r.known[path]
	r.mu.Unlock()
	if ok && now.Before(c.until) {
		return c.body, nil
	}
	var body []byte
	var err error
	for try := range registryTries {
		if try > 0 {
			select {
			case <-ctx.Done():
				return nil, ctx.Err()
			case <-time.After(100 * time.Millisecond << try):
			}
		}
		if body, err = r.once(ctx, path); err == nil || ctx.Err() != nil {
			break
		}
	}
	if err != nil {
		return nil, errors.Join(ErrDown, err)
	}
	if body != nil {
		r.keep(path, body, now)
	}
	return body, nil
}

func (r *HTTPRegistry) keep(path string, body []byte, now time.Time) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.known == nil || len(r.known) > 10_000 {
		r.known = map[string]cached{}
	}
	keep := r.Cache
	setDefault(&keep, 30*time.Second)
	r.known[path] = cached{now.Add(keep), body}
}

func (r *HTTPRegistry) once(ctx context.Context, path string) ([]byte, error) {
	timeout := r.Timeout
	setDefault(&timeout, 5*time.Second)
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, strings.TrimRight(r.URL, "/")+path, nil)
	if err != nil {
		return nil, err
	}
	if r.Token != "" {
		req.Header.Set("Authorization", "Bearer "+r.Token)
	}
	client := r.Client
	if client == nil {
		client = http.DefaultClient
	}
	resp, err := client.Do(req)
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
	return nil, fmt.Errorf("it answers %s", resp.Status)
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
