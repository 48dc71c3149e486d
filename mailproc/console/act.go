package console

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"sportello/rules"
)

// maxAct bounds what an operator sends: the files of an answer. Providers take
// 30 MB a message, and files grow by more than a third on their way (RFC 2045 §6.8).
const maxAct = 20 << 20

// readForm makes an act of a form.
func (c *Console) readForm(w http.ResponseWriter, r *http.Request) (a rules.Act, err error) {
	r.Body = http.MaxBytesReader(w, r.Body, maxAct)
	if strings.HasPrefix(r.Header.Get("Content-Type"), "multipart/") {
		err = r.ParseMultipartForm(8 << 20)
	} else {
		err = r.ParseForm()
	}
	if err != nil {
		return a, err
	}
	f := r.PostForm
	a = rules.Act{Verb: f.Get("verb"), Author: AuthorOf(r), Reason: rules.Reason(f.Get("reason")), Text: strings.TrimSpace(f.Get("text")), Procedure: f.Get("procedure"), Silent: f.Get("silent") != "", Takes: f["takes"],
		To: f.Get("to"), Until: f.Get("until")}
	if a.Version, err = strconv.Atoi(f.Get("version")); err != nil || a.Version < 1 {
		return a, &rules.ErrRefused{Why: "the form does not say which version of the case it was made for"}
	}
	a.N, _ = strconv.Atoi(f.Get("n")) // absent: any
	for _, d := range append(f["document"], strings.Split(f.Get("documents"), "\n")...) {
		if d = strings.TrimSpace(d); d != "" && !slices.Contains(a.Documents, d) {
			a.Documents = append(a.Documents, d)
		}
	}
	for key := range f {
		if word, ok := strings.CutPrefix(key, "word."); ok && strings.TrimSpace(f.Get(key)) != "" {
			if a.Words == nil {
				a.Words = map[string]string{}
			}
			a.Words[word] = strings.TrimSpace(f.Get(key))
		}
	}
	a.Files, err = formFiles(r)
	return a, err
}

// badForm says that a form could not be read, and why.
func (c *Console) badForm(w http.ResponseWriter, r *http.Request, err error) {
	var large *http.MaxBytesError
	if errors.As(err, &large) {
		c.sorry(w, r, http.StatusRequestEntityTooLarge, "error.large", maxAct>>20)
		return
	}
	c.sorry(w, r, http.StatusBadRequest, "error.form")
}

func formFiles(r *http.Request) (out []rules.LetterFile, err error) {
	if r.MultipartForm == nil {
		return nil, nil
	}
	for _, h := range r.MultipartForm.File["file"] {
		f, err := h.Open()
		if err != nil {
			return nil, err
		}
		data, err := io.ReadAll(f)
		f.Close()
		if err != nil {
			return nil, err
		}
		typ := seen(data)
		if typ == "" {
			typ = "application/octet-stream"
		}
		out = append(out, rules.LetterFile{Name: fileName(h.Filename), Type: typ, Data: data})
	}
	return out, nil
}

// perform does an act. A case is handed over to somebody who can decide it;
// where nobody is registered, to whom the people at the command line name.
func (c *Console) perform(ctx context.Context, id string, a rules.Act) (*rules.Detail, error) {
	if a.To = strings.ToLower(strings.TrimSpace(a.To)); a.To != "" && a.To != rules.Nobody {
		all, err := c.operators()
		if err != nil {
			return nil, err
		}
		if len(all) > 0 && !slices.Contains(all, a.To) || !userName.MatchString(a.To) {
			return nil, &rules.ErrRefused{Why: fmt.Sprintf("no operator is called %q: there are %s", a.To, cmp.Or(strings.Join(all, ", "), "none"))}
		}
	}
	return c.desk.Perform(ctx, id, a)
}

// operators are the names of those who decide cases.
func (c *Console) operators() (names []string, err error) {
	all, err := c.people.List()
	for _, u := range all {
		if u.Role.May(Operator) {
			names = append(names, u.Name)
		}
	}
	return names, err
}

// act does what an operator decided, or says why not, beside the case as it
// is now and with his words still in the form.
func (c *Console) act(w http.ResponseWriter, r *http.Request) {
	a, err := c.readForm(w, r)
	if err != nil {
		c.badForm(w, r, err)
		return
	}
	id := r.PathValue("id")
	_, err = c.perform(r.Context(), id, a)
	if err == nil {
		http.Redirect(w, r, "/cases/"+url.PathEscape(id)+"?done="+url.QueryEscape(a.Verb), http.StatusSeeOther)
		return
	}
	c.refusedAct(w, r, a, err)
}

func (c *Console) refusedAct(w http.ResponseWriter, r *http.Request, a rules.Act, err error) {
	d, derr := c.desk.Case(r.Context(), r.PathValue("id"))
	if derr != nil {
		c.failedPage(w, r, derr)
		return
	}
	t := c.views[language(r)].words
	var refused *rules.ErrRefused
	var wait *errProposed
	v := c.caseView(r, d, &a, a.Verb)
	switch {
	case errors.As(err, &wait):
		http.Redirect(w, r, "/cases/"+url.PathEscape(d.Case.ID)+"?done=proposed", http.StatusSeeOther)
	case errors.Is(err, rules.ErrStale):
		v.Held = c.meanwhile(language(r), d, a.Version)
		c.showCase(w, r, http.StatusConflict, v, t("act.stale"))
	case errors.As(err, &refused):
		c.showCase(w, r, http.StatusUnprocessableEntity, v, t("act.refused", c.refusal(language(r), refused)))
	default:
		c.failedPage(w, r, err)
	}
}

// refusal says in the reader's language why the desk did not do something.
func (c *Console) refusal(lang string, err error) string {
	f := &formatter{c: c, lang: lang, t: c.views[lang].words}
	return f.why(err.Error()).Text
}

// meanwhile says what others did to a case after version.
func (c *Console) meanwhile(lang string, d *rules.Detail, version int) string {
	f := &formatter{c: c, lang: lang, t: c.views[lang].words}
	events := d.Events[min(max(version, 0), len(d.Events)):]
	var out []string
	for i := range events {
		if e := &events[i]; e.Author != "" || len(events) == 1 {
			out = append(out, fmt.Sprintf("%s: %s", e.At.In(f.zone()).Format("15:04"), f.event(e)))
		}
	}
	if len(out) == 0 {
		for i := range events[:min(3, len(events))] {
			out = append(out, fmt.Sprintf("%s: %s", events[i].At.In(f.zone()).Format("15:04"), f.event(&events[i])))
		}
	}
	return strings.Join(out, " · ")
}

// previewPage shows the letter that an act would send, before it is sent. A
// page that asks with X-Fragment gets the letter alone.
func (c *Console) previewPage(w http.ResponseWriter, r *http.Request) {
	a, err := c.readForm(w, r)
	if err != nil {
		c.badForm(w, r, err)
		return
	}
	id := r.PathValue("id")
	letters, then, err := c.desk.Preview(r.Context(), id, a)
	if r.Header.Get("X-Fragment") != "" {
		c.fragment(w, r, a.Verb, letters, then, err)
		return
	}
	if err != nil {
		c.refusedAct(w, r, a, err)
		return
	}
	d, err := c.desk.Case(r.Context(), id)
	if err != nil {
		c.failedPage(w, r, err)
		return
	}
	v := c.caseView(r, d, &a, a.Verb)
	for i := range v.Verbs {
		if v.Verbs[i].Name == a.Verb {
			v.Verbs[i].Letters, v.Verbs[i].Then = letters, then
		}
	}
	v.Letters, v.Then = letters, then
	c.showCase(w, r, http.StatusOK, v, "")
}

// fragment answers with what an act would do and nothing around it, for a page
// that shows it in place.
func (c *Console) fragment(w http.ResponseWriter, r *http.Request, verb string, letters []rules.LetterText, then []rules.StepRun, err error) {
	v := c.views[language(r)]
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	problem := ""
	if err != nil {
		problem = c.refusal(language(r), err)
		w.WriteHeader(http.StatusUnprocessableEntity)
	}
	if err := v.pages()["case"].ExecuteTemplate(w, "preview", map[string]any{"Name": verb, "Letters": letters, "Then": then, "Problem": problem}); err != nil {
		c.log.Error("preview", "error", err)
	}
}
