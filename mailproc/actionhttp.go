package mailproc

import (
	"bytes"
	"cmp"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// HTTPAction posts the job as JSON to a URL, signed:
//
//	Idempotency-Key: mzxw6ytboi4dsmrsgm2dknjw/1/read-only
//	Sportello-Timestamp: 1795686125
//	Sportello-Signature: hex of HMAC-SHA256(secret, timestamp "." body)
//
// 2xx means done, 409 done before, any other 4xx but 408 and 429 that it cannot
// be done; the rest, and no answer, that it is tried again with the same key.
type HTTPAction struct {
	URL     string
	Secret  []byte
	Timeout time.Duration // 0: PostTimeout
}

// PostTimeout is how long a service may take that says nothing else.
const PostTimeout = 30 * time.Second

// direct follows no redirection: a POST would arrive as a GET, without its body,
// and a 200 would say that it was heeded; a 404 where a registry's address leads
// while it is down would say that a mailbox is not known.
var direct = &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}

// Run posts the job.
func (a *HTTPAction) Run(ctx context.Context, job Job) error {
	ctx, cancel := context.WithTimeout(ctx, cmp.Or(a.Timeout, PostTimeout))
	defer cancel()
	body, err := json.Marshal(job)
	if err != nil {
		return err
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, a.URL, bytes.NewReader(body))
	if err != nil {
		return permanent("%v", err)
	}
	stamp := strconv.FormatInt(time.Now().Unix(), 10)
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Idempotency-Key", job.Key)
	req.Header.Set("Sportello-Timestamp", stamp)
	req.Header.Set("Sportello-Signature", Sign(a.Secret, stamp, body))
	resp, err := direct.Do(req)
	if err != nil {
		return withoutURL(err)
	}
	defer resp.Body.Close()
	_, _ = io.Copy(io.Discard, io.LimitReader(resp.Body, 64<<10)) // so that the connection serves again
	switch c := resp.StatusCode; {
	case c/100 == 2 || c == http.StatusConflict:
		return nil
	case c/100 == 4 && c != http.StatusRequestTimeout && c != http.StatusTooManyRequests:
		return permanent("%s: the service answers %s", job.Do, statusOf(resp))
	}
	return fmt.Errorf("%s: the service answers %s", job.Do, statusOf(resp))
}

// Sign is the signature of a posted body at a timestamp.
func Sign(secret []byte, timestamp string, body []byte) string {
	mac := hmac.New(sha256.New, secret)
	mac.Write([]byte(timestamp + "."))
	mac.Write(body)
	return hex.EncodeToString(mac.Sum(nil))
}

// statusOf is what a service answers, without its own words: they may be any,
// and what is said of a step is kept for ever.
func statusOf(resp *http.Response) string {
	return strings.TrimSpace(fmt.Sprintf("%d %s", resp.StatusCode, http.StatusText(resp.StatusCode)))
}
