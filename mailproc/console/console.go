package console

import (
	"context"
	"embed"
	"errors"
	"html/template"
	"log/slog"
	"net/http"
	"net/url"
	"sync"
	"time"

	"sportello/rules"
)

// Options are the console's parts. Only Desk and Users must be there; a page
// whose question is nil says that nobody answers it here.
type Options struct {
	Desk  Desk
	Users UserStore
	Now   func() time.Time // nil: time.Now
	Log   *slog.Logger     // nil: none

	Secure             bool          // it is reached by TLS: cookies are Secure
	TrustedProxyHeader string        // header in which our own proxy writes the client's address
	FourEyes           bool          // an approval needs a second person
	Session            time.Duration // how long a session lasts at most; 0: SessionLife

	Record    func(rules.Event) error // journals what is done to users
	Trust     func(context.Context) (*Trust, error)
	Letters   func(ctx context.Context, standing rules.LetterState, limit int) ([]LetterRow, error)
	Incidents func() []Incident // open, what is about the whole desk first
	Registry  func(ctx context.Context, mailbox string, orders []string) Known
	Entry     func(ctx context.Context, seq uint64) (*Entry, error)
	Demo      func(context.Context, DemoMessage) error // "write to the desk as a customer"

	DemoSamples []DemoMessage // what a visitor may begin from
}

// Console is the web console.
type Console struct {
	opt      Options
	desk     Desk
	people   *People
	log      *slog.Logger
	now      func() time.Time
	views    map[string]*views // by language
	throttle throttle
	presence presence
	stats    statsCache

	sentences func() []sentence
}

//go:embed static
var static embed.FS

//go:embed pages
var pages embed.FS

// New makes a console; its templates are parsed here, so that a wrong one is
// an error at start.
func New(opt Options) (*Console, error) {
	if opt.Desk == nil || opt.Users == nil {
		return nil, errors.New("a console needs its desk and its users")
	}
	if opt.Now == nil {
		opt.Now = time.Now
	}
	if opt.Session <= 0 {
		opt.Session = SessionLife
	}
	if opt.Log == nil {
		opt.Log = slog.New(slog.DiscardHandler)
	}
	c := &Console{opt: opt, desk: opt.Desk, log: opt.Log, now: opt.Now, views: map[string]*views{},
		people: &People{Store: opt.Users, Now: opt.Now, Record: opt.Record}}
	if opt.FourEyes {
		c.desk = &fourEyes{Desk: opt.Desk, store: opt.Users, now: opt.Now}
	}
	words, err := loadWords()
	if err != nil {
		return nil, err
	}
	c.sentences = sync.OnceValue(func() []sentence {
		all, err := loadSentences()
		if err != nil {
			c.log.Error("the console's sentences", "error", err) // part of the program, and tested
		}
		return all
	})
	for _, lang := range Languages {
		c.views[lang] = c.parse(lang, words)
	}
	return c, nil
}

// Handler answers every request of the console and the API.
func (c *Console) Handler() http.Handler {
	mux := http.NewServeMux()
	c.public(mux)
	c.reading(mux)
	c.acting(mux)
	c.api(mux)
	cross := http.NewCrossOriginProtection()
	cross.SetDenyHandler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		c.sorry(w, r, http.StatusForbidden, "error.origin")
	}))
	return c.headers(c.identify(cross.Handler(mux)))
}

// public are the pages for anybody.
func (c *Console) public(mux *http.ServeMux) {
	files := http.FileServerFS(static)
	mux.HandleFunc("GET /static/{file}", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Cache-Control", "public, max-age=3600")
		files.ServeHTTP(w, r)
	})
	mux.HandleFunc("GET /login", c.loginPage)
	mux.HandleFunc("POST /login", c.login)
	mux.HandleFunc("POST /logout", c.logout)
	mux.HandleFunc("POST /lang", c.setLanguage)
}

// reading are the pages for everybody who has logged in.
func (c *Console) reading(mux *http.ServeMux) {
	for pattern, h := range map[string]http.HandlerFunc{
		"GET /{$}":                         c.queuePage,
		"GET /queue.csv":                   c.queueCSV,
		"GET /live":                        c.live,
		"GET /cases/{id}":                  c.casePage,
		"GET /cases/{id}/live":             c.caseLive,
		"GET /cases/{id}/print":            c.printPage,
		"GET /cases/{id}/export":           c.export,
		"GET /messages/{id}":               c.messagePage,
		"GET /messages/{id}/raw":           c.raw,
		"GET /messages/{id}/parts/{n}":     c.partFile,
		"GET /messages/{id}/parts/{n}/see": c.partPage,
		"GET /messages/{id}/parts/{n}/img": c.partImage,
		"GET /parked":                      c.parkedPage,
		"GET /letters":                     c.lettersPage,
		"GET /incidents":                   c.incidentsPage,
		"GET /trust":                       c.trustPage,
		"GET /procedures":                  c.proceduresPage,
		"GET /procedures/{name}":           c.procedurePage,
		"GET /stats":                       c.statsPage,
		"GET /stats.csv":                   c.statsCSV,
		"GET /log":                         c.logPage,
		"GET /system":                      c.systemPage,
		"GET /me":                          c.mePage,
		"POST /me/password":                c.changePassword,
		"POST /me/tokens":                  c.makeToken,
		"POST /me/tokens/drop":             c.dropToken,
		"/":                                c.notFound,
	} {
		mux.HandleFunc(pattern, c.need(Viewer, h))
	}
}

// acting are the changes, for operators and admins.
func (c *Console) acting(mux *http.ServeMux) {
	mux.HandleFunc("POST /cases/{id}/preview", c.need(Operator, c.previewPage))
	mux.HandleFunc("POST /cases/{id}/acts", c.need(Operator, c.act))
	mux.HandleFunc("POST /cases/{id}/proposal", c.need(Operator, c.answerProposal))
	mux.HandleFunc("POST /messages/{id}/replay", c.need(Operator, c.replay))
	mux.HandleFunc("POST /messages/{id}/open", c.need(Operator, c.openParked))
	mux.HandleFunc("POST /incidents/retry", c.need(Operator, c.retry))
	mux.HandleFunc("POST /log/verify", c.need(Operator, c.verify))
	mux.HandleFunc("GET /people", c.need(Admin, c.peoplePage))
	mux.HandleFunc("POST /people", c.need(Admin, c.changePeople))
	mux.HandleFunc("GET /demo", c.need(Operator, c.demoPage))
	mux.HandleFunc("POST /demo", c.need(Operator, c.demoSend))
}

// policy lets a page load its own style and script, and nothing else.
const policy = "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; frame-src 'self'; " +
	"form-action 'self'; base-uri 'none'; frame-ancestors 'none'"

func (c *Console) headers(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", policy)
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "same-origin")
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		h.Set("Cross-Origin-Resource-Policy", "same-origin")
		h.Set("X-Frame-Options", "DENY")
		h.Set("Cache-Control", "no-store")
		if c.opt.Secure {
			h.Set("Strict-Transport-Security", "max-age=31536000")
		}
		next.ServeHTTP(w, r)
	})
}

func queryEscape(s string) string { return url.QueryEscape(s) }

// views are the pages of one language.
type views struct {
	words func(key string, args ...any) string
	pages func() map[string]*template.Template
}
