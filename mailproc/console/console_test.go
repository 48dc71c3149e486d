package console

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"sportello/rules"
)

const password = "correct horse battery"

// office is a console over the fake desk, with three people.
type office struct {
	t    testing.TB
	desk *fakeDesk
	con  *Console
	srv  *httptest.Server
}

func newOffice(t testing.TB, change ...func(*Options)) *office {
	t.Helper()
	desk := newFake(t)
	opt := Options{Desk: desk, Log: slog.New(slog.NewTextHandler(t.Output(), nil)), Users: &memory{m: map[string][]byte{}}, Now: desk.now, Entry: desk.entry, Letters: desk.openLetters,
		Registry: func(_ context.Context, mailbox string, _ []string) Known {
			return Known{Configured: true, Mailbox: &rules.MailboxFact{Address: mailbox, Status: "active", Holder: "Intestatario di prova"}}
		},
		Trust: func(context.Context) (*Trust, error) {
			return &Trust{RootsPEM: []byte("-----BEGIN CERTIFICATE-----\n"), Roots: []Certificate{{Subject: "Radice di prova", Issuer: "Radice di prova", Until: desk.now().AddDate(0, 1, 0), SHA256: strings.Repeat("ab", 32)}},
				Index: "gestori.ldif", Providers: []TrustProvider{{Name: "Gestore Dimostrativo S.p.A.", Address: "posta-certificata@pec.example.it", Domains: []string{"pec.example.it"}, Certificates: []Certificate{{Subject: "posta-certificata", Issuer: "Radice di prova", Until: desk.now().AddDate(2, 0, 0), SHA256: strings.Repeat("cd", 32)}}}}}, nil
		}}
	for _, f := range change {
		f(&opt)
	}
	con, err := New(opt)
	if err != nil {
		t.Fatal(err)
	}
	for name, role := range map[string]Role{"anna": Operator, "bruno": Operator, "vera": Viewer, "capo": Admin} {
		if err := con.people.Add("test", name, role, password); err != nil {
			t.Fatal(err)
		}
	}
	o := &office{t: t, desk: desk, con: con, srv: httptest.NewServer(con.Handler())}
	t.Cleanup(o.srv.Close)
	return o
}

// visitor is a browser without JavaScript.
type visitor struct {
	*office
	http *http.Client
}

func (o *office) visit(name string) *visitor {
	o.t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		o.t.Fatal(err)
	}
	v := &visitor{o, &http.Client{Jar: jar, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}}
	if name != "" {
		if r := v.post("/login", url.Values{"name": {name}, "password": {password}}); r.StatusCode != http.StatusSeeOther {
			o.t.Fatalf("log in as %s: %s", name, r.Status)
		}
	}
	return v
}

type reply1 struct {
	*http.Response
	body string
}

func (v *visitor) do(r *http.Request) reply1 {
	v.t.Helper()
	resp, err := v.http.Do(r)
	if err != nil {
		v.t.Fatal(err)
	}
	defer resp.Body.Close()
	raw, err := io.ReadAll(resp.Body)
	if err != nil {
		v.t.Fatal(err)
	}
	return reply1{resp, string(raw)}
}

func (v *visitor) get(path string) reply1 {
	v.t.Helper()
	r, err := http.NewRequest("GET", v.srv.URL+path, nil)
	if err != nil {
		v.t.Fatal(err)
	}
	return v.do(r)
}

func (v *visitor) post(path string, form url.Values) reply1 {
	v.t.Helper()
	return v.do(v.filled(path, form))
}

// fragment asks as a page's script does, for what it shows in place.
func (v *visitor) fragment(path string, form url.Values) reply1 {
	v.t.Helper()
	r := v.filled(path, form)
	r.Header.Set("X-Fragment", "1")
	return v.do(r)
}

func (v *visitor) filled(path string, form url.Values) *http.Request {
	v.t.Helper()
	r, err := http.NewRequest("POST", v.srv.URL+path, strings.NewReader(form.Encode()))
	if err != nil {
		v.t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Origin", v.srv.URL)
	return r
}

func (r reply1) want(t testing.TB, status int, words ...string) reply1 {
	t.Helper()
	if r.StatusCode != status {
		t.Fatalf("%s %s: %s, want %d\n%s", r.Request.Method, r.Request.URL.Path, r.Status, status, firstLines(r.body))
	}
	for _, w := range words {
		if !strings.Contains(r.body, w) {
			t.Errorf("%s %s does not say %q", r.Request.Method, r.Request.URL.Path, w)
		}
	}
	return r
}

func firstLines(s string) string {
	if i := strings.Index(s, "<main"); i > 0 {
		s = s[i:]
	}
	return s[:min(len(s), 1500)]
}

// inState finds a case in a state.
func (o *office) inState(s rules.State) *rules.Case {
	o.t.Helper()
	list, err := o.desk.Cases(context.Background(), rules.Query{State: s})
	if err != nil || len(list.Cases) == 0 {
		o.t.Fatalf("no case is %s (%v)", s, err)
	}
	return list.Cases[0]
}

// regionNames are the names by which a screen reader tells regions apart.
var regionNames = regexp.MustCompile(`role="region" aria-label(?:ledby)?="[^"]*"`)

// Every page is made, in both languages, for who may see it.
func TestPages(t *testing.T) {
	o := newOffice(t, func(opt *Options) {
		opt.Demo = func(context.Context, DemoMessage) error { return nil }
		opt.DemoSamples = []DemoMessage{{Name: "good", From: "mario.rossi@pec.example.it"}}
	})
	o.desk.fill(t)
	id := o.inState(rules.InReview).ID
	paths := []string{"/", "/?q=rossi", "/?state=review", "/?overdue=true", "/cases/" + id, "/cases/" + id + "/print", "/parked", "/messages/1", "/letters", "/incidents", "/trust", "/procedures",
		"/procedures/disattivazione", "/stats", "/log", "/system", "/people", "/me", "/demo", "/demo?sample=0", "/api", "/?reason=danger_sign"}
	v := o.visit("capo")
	untranslated := regexp.MustCompile(`>\s*(nav|queue|case|brief|act|api|letter|state|event|reason|verb|step|proof|proof-what|stats|system|people|me|demo|sample|print|log|trust|procedures)[.-][a-z-]+\s*<`)
	for _, lang := range Languages {
		v.post("/lang", url.Values{"lang": {lang}}).want(t, http.StatusSeeOther)
		for _, p := range paths {
			r := v.get(p).want(t, http.StatusOK, `lang="`+lang+`"`)
			if m := untranslated.FindString(r.body); m != "" {
				t.Errorf("%s in %s: a word is missing: %s", p, lang, m)
			}
			if regions := regionNames.FindAllString(r.body, -1); len(slices.Compact(slices.Sorted(slices.Values(regions)))) != len(regions) {
				t.Errorf("%s in %s: regions of the same name: %q", p, lang, regions)
			}
			if strings.Contains(r.body, "%!") || strings.Contains(r.body, "ZgotmplZ") {
				t.Errorf("%s in %s: a template went wrong", p, lang)
			}
			if got := r.Header.Get("Content-Security-Policy"); !strings.Contains(got, "default-src 'none'") || strings.Contains(got, "unsafe") {
				t.Errorf("%s: policy %q", p, got)
			}
		}
	}
	for _, p := range []string{"/cases/2026-999999", "/messages/999", "/procedures/none", "/nowhere"} {
		v.get(p).want(t, http.StatusNotFound)
	}
	if got := o.visit("").get("/").Header.Get("Location"); got != "/login?to="+url.QueryEscape("/") {
		t.Errorf("a stranger is sent to %q", got)
	}
}

// act posts an act as the case's form does.
func (v *visitor) act(c *rules.Case, verb string, form url.Values) reply1 {
	v.t.Helper()
	if form == nil {
		form = url.Values{}
	}
	form.Set("verb", verb)
	form.Set("version", fmt.Sprint(c.Version))
	return v.post("/cases/"+c.ID+"/acts", form)
}

// The second of two operators is refused, and told what the first did.
func TestSecondOperator(t *testing.T) {
	o := newOffice(t)
	o.desk.fill(t)
	c := o.inState(rules.InReview)
	anna, bruno := o.visit("anna"), o.visit("bruno")
	anna.get("/cases/"+c.ID).want(t, http.StatusOK)
	bruno.get("/cases/"+c.ID).want(t, http.StatusOK, "Ha aperto questa pratica anche:", "anna")
	anna.act(c, "reject", url.Values{"text": {"Il documento non è valido."}}).want(t, http.StatusSeeOther)
	r := bruno.act(c, "approve", url.Values{"text": {"per me va bene"}}).want(t, http.StatusConflict, "Nel frattempo", "anna – respinta", "Non è stato fatto nulla")
	if strings.Contains(r.body, "Accogli e invia") {
		t.Error("a rejected case still offers to approve")
	}
	d, err := o.desk.Case(context.Background(), c.ID)
	if err != nil || d.Case.State != rules.Rejected || d.Case.DecidedBy != "anna" {
		t.Fatalf("the case is %s by %s, %v", d.Case.State, d.Case.DecidedBy, err)
	}
	if n := len(d.Case.Letters); n == 0 || d.Case.Letters[n-1].Name != "respinta" || !strings.Contains(d.Case.Letters[n-1].Text, "Il documento non è valido.") {
		t.Errorf("letters: %+v", d.Case.Letters)
	}
}

// What preview shows is what is then sent.
func TestPreviewIsSent(t *testing.T) {
	o := newOffice(t)
	o.desk.fill(t)
	c := o.inState(rules.InReview)
	anna := o.visit("anna")
	form := url.Values{"verb": {"reject"}, "version": {fmt.Sprint(c.Version)}, "reason": {"body_not_conforming"}}
	seen := anna.post("/cases/"+c.ID+"/preview", form).want(t, http.StatusOK, "Partirebbe questa lettera")
	if after, _ := o.desk.Case(context.Background(), c.ID); after.Case.Version != c.Version {
		t.Fatal("a preview changed the case")
	}
	anna.act(c, "reject", form).want(t, http.StatusSeeOther)
	anna.get("/cases/"+c.ID+"?done=reject").want(t, http.StatusOK, `la lettera è in partenza. <a href="/">Attendono una persona: `)
	d, err := o.desk.Case(context.Background(), c.ID)
	if err != nil {
		t.Fatal(err)
	}
	sent := d.Case.Letters[len(d.Case.Letters)-1].Text
	if line := strings.Split(sent, "\n")[2]; len(line) < 20 || !strings.Contains(seen.body, line[:20]) {
		t.Errorf("the preview does not have the letter's line %q", line)
	}
	if d.Events[len(d.Events)-1].Author != "anna" {
		t.Errorf("the author is %q", d.Events[len(d.Events)-1].Author)
	}
}
