package console

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// loginView is the log-in page.
type loginView struct {
	To, Name string
	First    bool       // there is no user yet: say how to make one
	Kept     url.Values // the form of an act that came after the session's end
}

func (c *Console) loginPage(w http.ResponseWriter, r *http.Request) {
	if userOf(r) != nil {
		http.Redirect(w, r, "/", http.StatusSeeOther)
		return
	}
	c.askLogin(w, r, http.StatusOK, loginView{To: localPath(r.URL.Query().Get("to"))}, "")
}

func (c *Console) askLogin(w http.ResponseWriter, r *http.Request, status int, v loginView, problem string) {
	if all, err := c.people.List(); err == nil && len(all) == 0 {
		v.First = true
	}
	c.render(w, r, status, &page{Name: "login", Title: "login.title", Data: v, Problem: problem})
}

func (c *Console) login(w http.ResponseWriter, r *http.Request) {
	t := c.views[language(r)].words
	r.Body = http.MaxBytesReader(w, r.Body, 2*maxKept)
	name, password := strings.ToLower(strings.TrimSpace(r.PostFormValue("name"))), r.PostFormValue("password")
	v := loginView{To: localPath(r.PostFormValue("to")), Name: inert(name, 40)}
	u, wait, err := c.check(name, password, "address/"+c.address(r))
	switch {
	case err != nil:
		c.failedPage(w, r, err)
		return
	case wait > 0:
		w.Header().Set("Retry-After", fmt.Sprint(int(wait/time.Second)+1))
		c.askLogin(w, r, http.StatusTooManyRequests, v, t("login.wait", int(wait/time.Second)+1))
		return
	case u == nil:
		c.log.Warn("log-in refused", "address", c.address(r))
		c.askLogin(w, r, http.StatusUnauthorized, v, t("login.wrong"))
		return
	}
	if err := c.signIn(w, r, u); err != nil {
		c.failedPage(w, r, err)
		return
	}
	status := http.StatusSeeOther
	if r.PostForm.Has("verb") {
		status = http.StatusTemporaryRedirect // the form goes on with him, to be looked at again
	}
	http.Redirect(w, r, v.To, status)
}

// maxKept bounds a form that is kept over a log-in: words, and no files.
const maxKept = 64 << 10

// ended tells who sends a form that his session is over and nothing was done. An
// act's words are kept: logged in, he finds them in the case's form again.
func (c *Console) ended(w http.ResponseWriter, r *http.Request) {
	v := loginView{To: "/"}
	if path, ok := strings.CutPrefix(r.URL.Path, "/cases/"); ok {
		id, _, _ := strings.Cut(path, "/")
		v.To = "/cases/" + url.PathEscape(id)
		r.Body = http.MaxBytesReader(w, r.Body, maxKept)
		if r.ParseMultipartForm(maxKept); r.PostForm.Has("verb") {
			v.To, v.Kept = v.To+"/preview", r.PostForm
		}
	}
	c.askLogin(w, r, http.StatusUnauthorized, v, c.views[language(r)].words("login.ended"))
}

func (c *Console) logout(w http.ResponseWriter, r *http.Request) {
	c.signOut(w, r)
	http.Redirect(w, r, "/login", http.StatusSeeOther)
}
