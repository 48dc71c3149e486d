package console

import (
	"bytes"
	"errors"
	"html/template"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"sportello/rules"
)

// page is what every page knows.
type page struct {
	Lang    string
	Name    string // of the template
	Title   string
	Path    string // to come back to after a change of language
	User    *User
	Status  rules.Status
	Wrong   []Incident // open incidents
	Now     time.Time
	Notice  string // what was just done
	Problem string // what was refused
	Demo    bool
	Data    any
}

// parse makes the pages of a language, when the first is wanted: a desk that
// is only asked over its socket shows none.
func (c *Console) parse(lang string, w words) *views {
	v := &views{words: w.in(lang)}
	v.pages = sync.OnceValue(func() map[string]*template.Template {
		all, err := parsePages(c.funcs(lang, v.words))
		if err != nil {
			c.log.Error("the console's pages", "error", err) // they are part of the program: a test parses them
		}
		return all
	})
	return v
}

func parsePages(funcs template.FuncMap) (map[string]*template.Template, error) {
	all := map[string]*template.Template{}
	base, err := template.New("layout.html").Funcs(funcs).ParseFS(pages, "pages/layout.html", "pages/parts/*.html")
	if err != nil {
		return nil, err
	}
	entries, err := pages.ReadDir("pages")
	if err != nil {
		return nil, err
	}
	for _, e := range entries {
		name, ok := strings.CutSuffix(e.Name(), ".html")
		if !ok || name == "layout" {
			continue
		}
		t, err := template.Must(base.Clone()).ParseFS(pages, "pages/"+e.Name())
		if err != nil {
			return nil, err
		}
		all[name] = t
	}
	return all, nil
}

// show answers with a page.
func (c *Console) show(w http.ResponseWriter, r *http.Request, status int, name, title string, data any) {
	c.render(w, r, status, &page{Name: name, Title: title, Data: data, Notice: r.URL.Query().Get("done")})
}

func (c *Console) render(w http.ResponseWriter, r *http.Request, status int, p *page) {
	v := c.views[language(r)]
	p.Lang, p.Path, p.User, p.Now, p.Demo = language(r), r.URL.RequestURI(), userOf(r), c.now(), c.opt.Demo != nil
	if r.Method != http.MethodGet {
		p.Path = "/"
	}
	p.Title = v.words(p.Title)
	if p.Notice != "" {
		if word := v.words("done." + p.Notice); word != "done."+p.Notice { // only words of ours: the URL is anybody's
			p.Notice = word
		} else {
			p.Notice = ""
		}
	}
	if p.User != nil && r.Context().Value(statusInContext{}) == nil {
		r = c.withStatus(r) // a page of refusal, before any was let through
	}
	p.Status = statusOf(r)
	if p.User != nil {
		p.Wrong = c.incidents(r.Context())
	}
	var b bytes.Buffer
	if err := v.pages()[p.Name].ExecuteTemplate(&b, "layout.html", p); err != nil {
		c.log.Error("page could not be made", "page", p.Name, "error", err)
		http.Error(w, v.words("error.internal"), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(status)
	_, _ = w.Write(b.Bytes()) // the reader is gone: nobody to tell
}

// sorry answers with a page that says what went wrong, by a word of the catalogue.
func (c *Console) sorry(w http.ResponseWriter, r *http.Request, status int, key string, args ...any) {
	c.render(w, r, status, &page{Name: "error", Title: "error.title", Problem: c.views[language(r)].words(key, args...), Data: status})
}

func (c *Console) notFound(w http.ResponseWriter, r *http.Request) {
	c.sorry(w, r, http.StatusNotFound, "error.missing")
}

// failedPage answers with the page that an error of the desk means.
func (c *Console) failedPage(w http.ResponseWriter, r *http.Request, err error) {
	var refused *rules.ErrRefused
	switch {
	case errors.Is(err, rules.ErrNotFound):
		c.notFound(w, r)
	case errors.Is(err, rules.ErrStopped):
		c.sorry(w, r, http.StatusServiceUnavailable, "error.stopped")
	case errors.As(err, &refused):
		c.render(w, r, http.StatusUnprocessableEntity, &page{Name: "error", Title: "error.title", Problem: c.refusal(language(r), refused), Data: http.StatusUnprocessableEntity})
	default:
		c.log.Error("request failed", "path", r.URL.Path, "error", err)
		c.sorry(w, r, http.StatusInternalServerError, "error.internal")
	}
}

// shownByState are the kinds of incident that a case's state and term show.
var shownByState = []string{"promise", "case", "proposed"}

// WrongWith are the incidents of a case that its own page does not show
// otherwise.
func (p *page) WrongWith(id string) (out []Incident) {
	for _, i := range p.Wrong {
		if i.Case() == id && !slices.Contains(shownByState, i.Kind()) {
			out = append(out, i)
		}
	}
	return out
}

// Marks are what a row of the queue does not show otherwise: its state and its
// step do.
func (p *page) Marks(id string) []string { return marks(p.Wrong)[id] }

// Waiting is how many cases need a person.
func (p *page) Waiting() int { return p.Status.Cases[rules.InReview] + p.Status.Tasks }
