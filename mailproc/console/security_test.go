package console

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"sportello/rules"
)

// What a customer writes is shown and never obeyed, in whatever field it stands.
func TestHostileMailIsInert(t *testing.T) {
	const script = `<script>alert(1)</script><img src=x onerror=alert(2)>"'><svg onload=alert(3)>`
	o := newOffice(t)
	rtl := "pagina\u202egnp.exe\u2066\x00"
	files := []file{{`../../etc/passwd`, "text/html", "<script>alert(4)</script>"}, {"foto.svg", "image/svg+xml", `<svg xmlns="http://www.w3.org/2000/svg"><script>alert(5)</script></svg>`},
		{"vero.png", "text/html", pixel()}, {"falso.png", "image/png", "<html><script>alert(6)</script>"}, {"a" + strings.Repeat("b", 4000) + ".pdf", "application/pdf", onePage}}
	m := mail{from: `"` + script + `"@pec.example.it`, subject: script + rtl + strings.Repeat("A", 10<<20), text: "Il sottoscritto " + script + rtl + " titolare della casella PEC " + script + " richiede la disattivazione anticipata della stessa."}
	m.raw = envelope(mail{from: "x@pec.example.it", text: script}, files...)
	id := o.desk.arrive(t, m)
	parked := o.desk.arrive(t, mail{from: script, kind: rules.Anomaly, subject: script, text: "", html: script, problem: ""})
	v := o.visit("anna")
	paths := []string{"/", "/log", "/parked", "/letters", "/messages/1", "/messages/2", "/?q=" + url.QueryEscape(script), "/queue.csv"}
	for _, c := range []string{id, parked} {
		if c != "" {
			paths = append(paths, "/cases/"+c, "/cases/"+c+"/print")
		}
	}
	for _, p := range paths {
		r := v.get(p).want(t, http.StatusOK)
		for _, bad := range []string{"<script>alert", "<img src=x", "<svg onload", "\u202e", "\u2066", "\x00"} {
			if strings.HasPrefix(r.Header.Get("Content-Type"), "text/html") && strings.Contains(r.body, bad) {
				t.Errorf("%s has %q", p, bad)
			}
		}
		if len(r.body) > 1<<20 {
			t.Errorf("%s is %d bytes long", p, len(r.body))
		}
	}
	// The files: numbers 2 to 6 (1 is daticert.xml, the text is no file).
	if id == "" {
		t.Fatal("no case was opened")
	}
	list, err := o.con.files(context.Background(), 1)
	if err != nil || len(list) != 6 {
		t.Fatalf("files: %+v, %v", list, err)
	}
	for _, f := range list {
		path := fmt.Sprintf("/messages/1/parts/%d", f.N)
		r := v.get(path).want(t, http.StatusOK)
		if d := r.Header.Get("Content-Disposition"); !strings.HasPrefix(d, "attachment") || strings.Contains(d, "..") || strings.ContainsAny(d, "/\\") || len(d) > 500 {
			t.Errorf("%s: disposition %q", path, d)
		}
		if r.Header.Get("Content-Type") != "application/octet-stream" || r.Header.Get("X-Content-Type-Options") != "nosniff" {
			t.Errorf("%s: %v", path, r.Header)
		}
		see := v.get(path + "/img")
		switch shown := f.Name == "vero.png" || strings.HasSuffix(f.Name, ".pdf"); {
		case shown && see.StatusCode != http.StatusOK:
			t.Errorf("%s (%s) is not shown: %s", path, f.Name, see.Status)
		case !shown && see.StatusCode != http.StatusUnsupportedMediaType:
			t.Errorf("%s (%s) is shown: %s %s", path, f.Name, see.Status, see.Header.Get("Content-Type"))
		case shown && !strings.HasPrefix(see.Header.Get("Content-Type"), "image/png") && see.Header.Get("Content-Type") != "application/pdf":
			t.Errorf("%s: shown as %s", path, see.Header.Get("Content-Type"))
		}
	}
}

// Each role may do what it may, and no more; a stranger nothing.
func TestRoles(t *testing.T) {
	o := newOffice(t)
	o.desk.fill(t)
	c := o.inState(rules.InReview)
	act := url.Values{"verb": {"note"}, "version": {fmt.Sprint(c.Version)}, "text": {"x"}}
	for _, x := range []struct {
		who, method, path string
		form              url.Values
		want              int
	}{
		{"vera", "GET", "/cases/" + c.ID, nil, 200},
		{"vera", "POST", "/cases/" + c.ID + "/acts", act, 403},
		{"vera", "POST", "/cases/" + c.ID + "/preview", act, 403},
		{"vera", "POST", "/messages/11/replay", nil, 403},
		{"vera", "POST", "/messages/11/open", nil, 403},
		{"vera", "POST", "/incidents/retry", nil, 403},
		{"vera", "POST", "/api/cases/" + c.ID + "/acts", act, 403},
		{"vera", "GET", "/people", nil, 403},
		{"anna", "GET", "/people", nil, 403},
		{"anna", "POST", "/people", url.Values{"do": {"add"}, "name": {"intruso"}, "role": {"admin"}, "password": {password}}, 403},
		{"anna", "GET", "/demo", nil, 404},
		{"capo", "GET", "/people", nil, 200},
		{"", "GET", "/cases/" + c.ID, nil, 303},
		{"", "GET", "/messages/1/raw", nil, 303},
		{"", "GET", "/messages/1/parts/1", nil, 303},
		{"", "GET", "/cases/" + c.ID + "/export", nil, 303},
		{"", "GET", "/live", nil, 303},
		{"", "GET", "/api/cases", nil, 401},
		{"", "POST", "/cases/" + c.ID + "/acts", act, 401},
	} {
		v := o.visit(x.who)
		var got int
		if x.method == "GET" {
			got = v.get(x.path).StatusCode
		} else {
			got = v.post(x.path, x.form).StatusCode
		}
		if got != x.want {
			t.Errorf("%s %s by %q: %d, want %d", x.method, x.path, x.who, got, x.want)
		}
	}
	if d, _ := o.desk.Case(context.Background(), c.ID); d.Case.Version != c.Version {
		t.Error("somebody changed the case")
	}
	if body := o.visit("vera").get("/cases/" + c.ID).body; strings.Contains(body, `name="verb"`) {
		t.Error("a viewer is offered verbs")
	}
}

// A form of another site changes nothing.
func TestCrossSiteRequests(t *testing.T) {
	o := newOffice(t)
	o.desk.fill(t)
	c := o.inState(rules.InReview)
	v := o.visit("anna")
	for _, h := range []http.Header{{"Origin": {"https://evil.example.org"}}, {"Sec-Fetch-Site": {"cross-site"}}, {"Sec-Fetch-Site": {"same-site"}}, {"Origin": {"null"}}} {
		for _, path := range []string{"/cases/" + c.ID + "/acts", "/login", "/logout", "/me/tokens"} {
			r, err := http.NewRequest("POST", o.srv.URL+path, strings.NewReader(url.Values{"verb": {"note"}, "text": {"x"}, "version": {fmt.Sprint(c.Version)}}.Encode()))
			if err != nil {
				t.Fatal(err)
			}
			r.Header = h.Clone()
			r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
			v.do(r).want(t, http.StatusForbidden)
		}
	}
	v.get("/").want(t, http.StatusOK) // still logged in
	for _, to := range []string{"//evil.example.org", "https://evil.example.org", `/\evil.example.org`, "/a\nb"} {
		if got := o.visit("").post("/login", url.Values{"name": {"anna"}, "password": {password}, "to": {to}}).Header.Get("Location"); got != "/" {
			t.Errorf("after log-in %q leads to %q", to, got)
		}
	}
}

// A session begins under a new secret, in a cookie that scripts and other
// sites do not see; it ends when it is left, unused, or the password changes.
func TestSessions(t *testing.T) {
	o := newOffice(t)
	v := o.visit("")
	at, err := url.Parse(o.srv.URL)
	if err != nil {
		t.Fatal(err)
	}
	v.http.Jar.SetCookies(at, []*http.Cookie{{Name: "sportello", Value: "planted-by-somebody", Path: "/"}})
	r := v.post("/login", url.Values{"name": {"anna"}, "password": {password}}).want(t, http.StatusSeeOther)
	var set *http.Cookie
	for _, k := range r.Cookies() {
		if k.Name == "sportello" && k.MaxAge > 0 {
			set = k
		}
	}
	if set == nil || set.Value == "planted-by-somebody" || len(set.Value) < 40 || !set.HttpOnly || set.SameSite != http.SameSiteStrictMode {
		t.Fatalf("cookie: %+v", set)
	}
	raw, err := o.con.people.Store.Get(sessionKey + set.Value)
	if err != nil || raw != nil {
		t.Error("the store holds the session's secret itself")
	}
	v.get("/").want(t, http.StatusOK)
	stolen := o.visit("")
	stolen.http.Jar.SetCookies(at, []*http.Cookie{set})
	stolen.get("/").want(t, http.StatusOK)
	v.post("/logout", nil).want(t, http.StatusSeeOther)
	stolen.get("/").want(t, http.StatusSeeOther) // it ended at the server, not in one browser
	idle := o.visit("anna")
	o.desk.pass(sessionIdle + time.Minute)
	idle.get("/").want(t, http.StatusSeeOther)
	one, two := o.visit("anna"), o.visit("anna")
	one.post("/me/password", url.Values{"old": {password}, "new": {"another good password"}}).want(t, http.StatusSeeOther)
	one.get("/").want(t, http.StatusOK)
	two.get("/").want(t, http.StatusSeeOther)
	if err := o.con.people.Remove("test", "anna"); err != nil {
		t.Fatal(err)
	}
	one.get("/").want(t, http.StatusSeeOther)
}

func TestSecureCookie(t *testing.T) {
	o := newOffice(t, func(opt *Options) { opt.Secure = true })
	r := o.visit("").post("/login", url.Values{"name": {"anna"}, "password": {password}})
	if k := r.Cookies(); len(k) != 1 || !k[0].Secure || k[0].Name != "__Host-sportello" || k[0].Path != "/" {
		t.Errorf("cookies: %+v", k)
	}
	if r.Header.Get("Strict-Transport-Security") == "" {
		t.Error("no HSTS behind TLS")
	}
}

// Guessing is slowed, by name and by address, and the right password then
// waits too.
func TestThrottling(t *testing.T) {
	o := newOffice(t)
	v := o.visit("")
	try := func(p string) int {
		return v.post("/login", url.Values{"name": {"anna"}, "password": {p}}).StatusCode
	}
	for i := range freeTries {
		if got := try("wrong password"); got != http.StatusUnauthorized {
			t.Fatalf("try %d: %d", i+1, got)
		}
	}
	if got := try(password); got != http.StatusTooManyRequests {
		t.Fatalf("the right password at once: %d", got)
	}
	if got := v.post("/login", url.Values{"name": {"bruno"}, "password": {password}}).StatusCode; got != http.StatusTooManyRequests {
		t.Errorf("another name from the same address: %d", got)
	}
	o.desk.pass(firstWait + time.Second)
	if got := try(password); got != http.StatusSeeOther {
		t.Errorf("after the wait: %d", got)
	}
}

// Guesses that come all at once are no more than those that come one by one.
func TestGuessesAtOnce(t *testing.T) {
	o := newOffice(t)
	looked := make(chan bool, 50)
	var all sync.WaitGroup
	for range cap(looked) {
		all.Go(func() {
			_, wait, err := o.con.check("anna", "wrong password", "address/192.0.2.1")
			looked <- wait == 0 && err == nil
		})
	}
	all.Wait()
	close(looked)
	n := 0
	for was := range looked {
		if was {
			n++
		}
	}
	if n != freeTries {
		t.Errorf("%d passwords were looked at, want %d", n, freeTries)
	}
}

// Whoever logs in is not counted among those who guess.
func TestLoggingInAgainAndAgain(t *testing.T) {
	o := newOffice(t)
	for i := range 2 * freeTries {
		if u, wait, err := o.con.check("anna", password, "address/192.0.2.1"); u == nil || wait != 0 || err != nil {
			t.Fatalf("log-in %d: %v, %v, %v", i+1, u, wait, err)
		}
	}
}

// A bearer token opens the API alone, with its owner's role, and ends with him.
func TestTokens(t *testing.T) {
	o := newOffice(t)
	o.desk.fill(t)
	token, err := o.con.people.newToken("vera", "prova")
	if err != nil {
		t.Fatal(err)
	}
	ask := func(method, path, body string) int {
		r, err := http.NewRequest(method, o.srv.URL+path, strings.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Authorization", "Bearer "+token)
		return o.visit("").do(r).StatusCode
	}
	c := o.inState(rules.InReview)
	note := fmt.Sprintf(`{"verb":"note","text":"x","version":%d,"author":"somebody else"}`, c.Version)
	for _, x := range []struct {
		method, path, body string
		want               int
	}{{"GET", "/api/cases", "", 200}, {"POST", "/api/cases/" + c.ID + "/acts", note, 403}, {"GET", "/", "", 303}, {"GET", "/me", "", 303}} {
		if got := ask(x.method, x.path, x.body); got != x.want {
			t.Errorf("%s %s: %d, want %d", x.method, x.path, got, x.want)
		}
	}
	// Another's token is not his to end (IDOR).
	key := strings.TrimPrefix(digestKey(tokenKey, token), tokenKey)
	o.visit("anna").post("/me/tokens/drop", url.Values{"key": {key}}).want(t, http.StatusNotFound)
	if err := o.con.people.SetRole("test", "vera", Operator); err != nil {
		t.Fatal(err)
	}
	if got := ask("POST", "/api/cases/"+c.ID+"/acts", note); got != http.StatusOK {
		t.Errorf("an operator's token: %d", got)
	}
	d, err := o.desk.Case(context.Background(), c.ID)
	if err != nil || d.Events[len(d.Events)-1].Author != "vera" {
		t.Errorf("the author is who holds the token, not who the body says: %+v", d.Events[len(d.Events)-1])
	}
	if err := o.con.people.Remove("test", "vera"); err != nil {
		t.Fatal(err)
	}
	if got := ask("GET", "/api/cases", ""); got != http.StatusUnauthorized {
		t.Errorf("a token outlives its owner: %d", got)
	}
}

// Numbers and paths that are none lead nowhere.
func TestPathTraversal(t *testing.T) {
	o := newOffice(t)
	o.desk.fill(t)
	v := o.visit("capo")
	for _, p := range []string{"/static/..%2fconsole.go", "/static/%2e%2e/pages/layout.html", "/messages/..%2f1/raw", "/messages/-1", "/messages/1/parts/..%2f..%2fetc", "/messages/1/parts/-1", "/messages/1/parts/99",
		"/cases/..%2f..%2fetc%2fpasswd", "/cases/2026-000001%00", "/procedures/..%2fcomuni", "/static/"} {
		if r := v.get(p); r.StatusCode != http.StatusNotFound && r.StatusCode != http.StatusMovedPermanently && r.StatusCode != http.StatusTemporaryRedirect {
			t.Errorf("%s: %s", p, r.Status)
		}
	}
}

func TestFileNames(t *testing.T) {
	for in, want := range map[string]string{`..\..\boot.ini`: "boot.ini", "/etc/passwd": "passwd", "..": "", "a\u202eb\x00c.pdf": "a_b_c.pdf", ".htaccess": "htaccess", "ok à.pdf": "ok à.pdf", `x"y;z.txt`: "x_y;z.txt"} {
		if got := fileName(in); got != want {
			t.Errorf("fileName(%q) = %q, want %q", in, got, want)
		}
	}
}
