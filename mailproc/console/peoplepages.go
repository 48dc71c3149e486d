package console

import (
	"errors"
	"net/http"

	"sportello/rules"
)

// peopleView are the users and the roles one can have.
type peopleView struct {
	Users  []User
	Roles  []Role
	Tokens map[string]int // how many each has
}

func (c *Console) peoplePage(w http.ResponseWriter, r *http.Request) {
	c.askPeople(w, r, http.StatusOK, "")
}

func (c *Console) askPeople(w http.ResponseWriter, r *http.Request, status int, problem string) {
	all, err := c.people.List()
	if err != nil {
		c.failedPage(w, r, err)
		return
	}
	tokens := map[string]int{}
	for _, u := range all {
		list, err := c.people.tokens(u.Name)
		if err != nil {
			c.failedPage(w, r, err)
			return
		}
		tokens[u.Name] = len(list)
	}
	c.render(w, r, status, &page{Name: "people", Title: "people.title", Data: peopleView{all, Roles, tokens}, Problem: problem, Notice: r.URL.Query().Get("done")})
}

// changePeople adds, removes or changes a user.
func (c *Console) changePeople(w http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(w, r.Body, 16<<10)
	name, me, do := r.PostFormValue("name"), AuthorOf(r), r.PostFormValue("do")
	var err error
	switch do {
	case "add":
		err = c.people.Add(me, name, Role(r.PostFormValue("role")), r.PostFormValue("password"))
	case "role":
		err = c.people.SetRole(me, name, Role(r.PostFormValue("role")))
	case "password":
		err = c.people.SetPassword(me, name, r.PostFormValue("password"))
	case "tokens":
		err = c.people.dropTokens(me, name)
	case "remove":
		err = c.people.Remove(me, name)
	default:
		err = ErrNoUser
	}
	if err != nil {
		c.askPeople(w, r, http.StatusUnprocessableEntity, c.told(r, err))
		return
	}
	http.Redirect(w, r, "/people?done=people", http.StatusSeeOther)
}

// told says an error of a user's doing in the language of the page.
func (c *Console) told(r *http.Request, err error) string {
	for known, key := range map[error]string{ErrNoUser: "people.no-user", ErrUserName: "people.bad-name", ErrRole: "people.bad-role",
		ErrExists: "people.exists", ErrLast: "people.last", errPassword: "people.bad-password"} {
		if errors.Is(err, known) {
			return c.views[language(r)].words(key)
		}
	}
	c.log.Error("people", "error", err)
	return c.views[language(r)].words("error.internal")
}

// meView is one's own page.
type meView struct {
	Tokens []TokenInfo
	Fresh  string // a token just made: shown this once
}

func (c *Console) mePage(w http.ResponseWriter, r *http.Request) {
	c.askMe(w, r, http.StatusOK, "", "")
}

func (c *Console) askMe(w http.ResponseWriter, r *http.Request, status int, fresh, problem string) {
	list, err := c.people.tokens(AuthorOf(r))
	if err != nil {
		c.failedPage(w, r, err)
		return
	}
	c.render(w, r, status, &page{Name: "me", Title: "me.title", Data: meView{list, fresh}, Problem: problem, Notice: r.URL.Query().Get("done")})
}

func (c *Console) changePassword(w http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(w, r.Body, 16<<10)
	u := userOf(r)
	same, _, err := c.check(u.Name, r.PostFormValue("old"))
	if err != nil {
		c.failedPage(w, r, err)
		return
	}
	if same == nil {
		c.askMe(w, r, http.StatusUnauthorized, "", c.views[language(r)].words("me.wrong"))
		return
	}
	if err := c.people.SetPassword(u.Name, u.Name, r.PostFormValue("new")); err != nil {
		c.askMe(w, r, http.StatusUnprocessableEntity, "", c.told(r, err))
		return
	}
	// Every session of his has ended; this one begins anew.
	fresh, err := c.people.User(u.Name)
	if err == nil && fresh != nil {
		err = c.signIn(w, r, fresh)
	}
	if err != nil {
		c.failedPage(w, r, err)
		return
	}
	http.Redirect(w, r, "/me?done=password", http.StatusSeeOther)
}

func (c *Console) makeToken(w http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(w, r.Body, 16<<10)
	token, err := c.people.newToken(AuthorOf(r), inert(r.PostFormValue("label"), 60))
	if err != nil {
		c.failedPage(w, r, err)
		return
	}
	c.askMe(w, r, http.StatusOK, token, "")
}

func (c *Console) dropToken(w http.ResponseWriter, r *http.Request) {
	err := c.people.dropToken(AuthorOf(r), r.PostFormValue("key"))
	if errors.Is(err, rules.ErrNotFound) {
		c.notFound(w, r)
		return
	}
	if err != nil {
		c.failedPage(w, r, err)
		return
	}
	http.Redirect(w, r, "/me?done=token", http.StatusSeeOther)
}
