package console

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"sportello/rules"
)

// fileView is a part of a message as pages list it.
type fileView struct {
	Part
	Message uint64
	Shows   string // the type under which it can be looked at; "" only saved
}

// files lists what a stored message holds besides its text.
func (c *Console) files(ctx context.Context, id uint64) (out []fileView, err error) {
	raw, err := c.desk.Raw(ctx, id)
	if err != nil {
		return nil, err
	}
	defer raw.Close()
	err = walk(raw, func(p Part, content io.Reader) error {
		if p.Text {
			return nil
		}
		head := make([]byte, 512)
		n, _ := io.ReadFull(content, head)
		rest, _ := io.Copy(io.Discard, content) // a damaged encoding ends it early
		p.Size = int64(n) + rest
		out = append(out, fileView{Part: p, Message: id, Shows: seen(head[:n])})
		return nil
	})
	return out, err
}

// filesOf are the files of a message: the writer's own and those of its provider;
// problem says why some cannot be told.
func (c *Console) filesOf(ctx context.Context, m *rules.MessageView) (own, providers []fileView, problem string) {
	if m.Erased() {
		return nil, nil, ""
	}
	files, err := c.files(ctx, m.ID)
	if err != nil {
		problem = err.Error()
	}
	for _, f := range files {
		if f.Original || !enveloped(m.Kind) {
			own = append(own, f)
		} else {
			providers = append(providers, f)
		}
	}
	return own, providers, problem
}

// enveloped reports whether a kind of message holds the writer's own: what
// stands beside that is the provider's.
func enveloped(kind string) bool {
	return kind == string(rules.Transport) || kind == string(rules.Anomaly)
}

func (c *Console) messageID(w http.ResponseWriter, r *http.Request) (uint64, bool) {
	id, err := strconv.ParseUint(r.PathValue("id"), 10, 64)
	if err != nil {
		c.notFound(w, r)
	}
	return id, err == nil
}

// messageView is a stored message with its files.
type messageView struct {
	*rules.MessageView
	Own, Envelope []fileView
	FilesProblem  string
}

func (c *Console) messagePage(w http.ResponseWriter, r *http.Request) {
	id, ok := c.messageID(w, r)
	if !ok {
		return
	}
	m, err := c.desk.Message(r.Context(), id)
	if err != nil {
		c.failedPage(w, r, err)
		return
	}
	v := &messageView{MessageView: m}
	v.Own, v.Envelope, v.FilesProblem = c.filesOf(r.Context(), m)
	c.show(w, r, http.StatusOK, "message", "message.title", v)
}

func (c *Console) raw(w http.ResponseWriter, r *http.Request) {
	id, ok := c.messageID(w, r)
	if !ok {
		return
	}
	raw, err := c.desk.Raw(r.Context(), id)
	if err != nil {
		c.failedPage(w, r, err)
		return
	}
	defer raw.Close()
	saveAs(w, fmt.Sprintf("messaggio-%d.eml", id))
	_, _ = io.Copy(w, raw) // the reader is gone: nobody to tell
}

// saveAs makes the browser save what follows, whatever it is.
func saveAs(w http.ResponseWriter, name string) {
	w.Header().Set("Content-Type", "application/octet-stream")
	w.Header().Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": name}))
	w.Header().Set("Content-Security-Policy", "default-src 'none'; sandbox")
}

var errDone = errors.New("found")

// part finds one part of a message and gives its content to fn.
func (c *Console) part(w http.ResponseWriter, r *http.Request, fn func(Part, io.Reader)) {
	id, ok := c.messageID(w, r)
	if !ok {
		return
	}
	n, err := strconv.Atoi(r.PathValue("n"))
	if err != nil {
		c.notFound(w, r)
		return
	}
	if err := c.onePart(r, id, n, fn); err != nil {
		c.failedPage(w, r, err)
	}
}

// onePart gives part n of a message to fn.
func (c *Console) onePart(r *http.Request, id uint64, n int, fn func(Part, io.Reader)) error {
	raw, err := c.desk.Raw(r.Context(), id)
	if err != nil {
		return err
	}
	defer raw.Close()
	err = walk(raw, func(p Part, content io.Reader) error {
		if p.N != n {
			return nil
		}
		fn(p, content)
		return errDone
	})
	if !errors.Is(err, errDone) {
		return fmt.Errorf("file %d of message %d: %w", n, id, rules.ErrNotFound)
	}
	return nil
}

func (c *Console) partFile(w http.ResponseWriter, r *http.Request) {
	c.part(w, r, func(p Part, content io.Reader) {
		saveAs(w, p.Name)
		_, _ = io.Copy(w, content)
	})
}

// partPage shows a picture on a page of its own: no script, and a sandbox
// around it.
func (c *Console) partPage(w http.ResponseWriter, r *http.Request) {
	c.part(w, r, func(p Part, content io.Reader) {
		head, _ := io.ReadAll(io.LimitReader(content, 512))
		switch typ := seen(head); {
		case typ == "application/pdf":
			http.Redirect(w, r, strings.TrimSuffix(r.URL.Path, "see")+"img", http.StatusSeeOther)
		case typ != "":
			w.Header().Set("Content-Security-Policy", policy+"; sandbox allow-same-origin allow-top-navigation-by-user-activation")
			c.show(w, r, http.StatusOK, "part", "part.title", fileView{Part: p, Message: mustID(r), Shows: typ})
		default:
			c.sorry(w, r, http.StatusUnsupportedMediaType, "error.unshown")
		}
	})
}

func mustID(r *http.Request) uint64 {
	id, _ := strconv.ParseUint(r.PathValue("id"), 10, 64) // messageID has looked at it
	return id
}

// partImage sends a picture or a PDF under the type its bytes have.
func (c *Console) partImage(w http.ResponseWriter, r *http.Request) {
	c.part(w, r, func(p Part, content io.Reader) {
		head, _ := io.ReadAll(io.LimitReader(content, 512))
		typ := seen(head)
		if typ == "" {
			c.sorry(w, r, http.StatusUnsupportedMediaType, "error.unshown")
			return
		}
		h := w.Header()
		h.Set("Content-Type", typ)
		h.Set("Content-Disposition", mime.FormatMediaType("inline", map[string]string{"filename": p.Name}))
		h.Set("Content-Security-Policy", "default-src 'none'; sandbox")
		if typ == "application/pdf" { // browsers show PDF in a process of their own, and in no sandbox
			h.Set("Content-Security-Policy", "default-src 'none'; object-src 'self'; style-src 'unsafe-inline'; frame-ancestors 'none'")
		}
		_, _ = io.Copy(w, io.MultiReader(bytes.NewReader(head), content))
	})
}

func (c *Console) replay(w http.ResponseWriter, r *http.Request) {
	id, ok := c.messageID(w, r)
	if !ok {
		return
	}
	if err := c.desk.Replay(r.Context(), id, AuthorOf(r)); err != nil {
		c.failedPage(w, r, err)
		return
	}
	http.Redirect(w, r, "/parked?done=replay", http.StatusSeeOther)
}

func (c *Console) openParked(w http.ResponseWriter, r *http.Request) {
	id, ok := c.messageID(w, r)
	if !ok {
		return
	}
	caseID, err := c.desk.OpenParked(r.Context(), id, AuthorOf(r))
	if err != nil {
		c.failedPage(w, r, err)
		return
	}
	http.Redirect(w, r, "/cases/"+url.PathEscape(caseID)+"?done=opened", http.StatusSeeOther)
}

func (c *Console) apiOpenParked(w http.ResponseWriter, r *http.Request) {
	if id, ok := apiMessageID(w, r); ok {
		caseID, err := c.desk.OpenParked(r.Context(), id, AuthorOf(r))
		answer(w, openedAnswer{caseID}, err)
	}
}

// parkedView is a page of messages that are no request.
type parkedView struct {
	Rows   []rules.MessageView
	Reason rules.Reason
	Counts []reasonCount
	Total  int
	Next   string // URL of the next page
}

func (c *Console) parkedPage(w http.ResponseWriter, r *http.Request) {
	before, err := number(r, "before", 0)
	if err != nil {
		c.sorry(w, r, http.StatusBadRequest, "error.query")
		return
	}
	v := parkedView{Reason: rules.Reason(r.URL.Query().Get("reason"))}
	rows, next, err := c.parked(r.Context(), before, 50, v.Reason)
	if err != nil {
		c.failedPage(w, r, err)
		return
	}
	status := statusOf(r)
	for _, x := range rules.AllReasons {
		if n := status.Parked[x]; n > 0 || x == v.Reason {
			v.Counts = append(v.Counts, reasonCount{x, n})
			v.Total += n
		}
	}
	for _, m := range rows {
		if whole, err := c.desk.Message(r.Context(), m.ID); err == nil { // its list has no facts
			m.Facts = whole.Facts
		}
		v.Rows = append(v.Rows, m)
	}
	if next > 0 {
		v.Next = "/parked?" + with(r.URL.Query(), "before", strconv.FormatUint(next, 10))
	}
	c.show(w, r, http.StatusOK, "parked", "parked.title", v)
}
