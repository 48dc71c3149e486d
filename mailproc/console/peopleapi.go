package console

import (
	"cmp"
	"errors"
	"net/http"
	"strings"
	"time"

	"sportello/rules"
)

// UserInfo is a user as others may see him.
type UserInfo struct {
	Name    string    `json:"name"`
	Role    Role      `json:"role"`
	Created time.Time `json:"created"`
	Seen    time.Time `json:"seen,omitzero"` // last log-in
}

type (
	usersAnswer struct {
		Users []UserInfo `json:"users"`
	}
	newUser struct {
		Name     string `json:"name"`
		Role     Role   `json:"role"`
		Password string `json:"password"`
	}
	userChange struct {
		Role     Role   `json:"role,omitempty"`
		Password string `json:"password,omitempty"`
	}
)

func (c *Console) apiUsers(w http.ResponseWriter, _ *http.Request) {
	all, err := c.people.List()
	out := usersAnswer{Users: []UserInfo{}}
	for _, u := range all {
		out.Users = append(out.Users, UserInfo{u.Name, u.Role, u.Created, u.Seen})
	}
	answer(w, out, err)
}

func (c *Console) apiAddUser(w http.ResponseWriter, r *http.Request) {
	var in newUser
	if readBody(w, r, &in) && c.writable(w, r) {
		c.oneUser(w, in.Name, c.people.Add(AuthorOf(r), in.Name, in.Role, in.Password))
	}
}

func (c *Console) apiChangeUser(w http.ResponseWriter, r *http.Request) {
	var in userChange
	if !readBody(w, r, &in) || !c.writable(w, r) {
		return
	}
	name := r.PathValue("name")
	err := error(&rules.ErrRefused{Why: "say which role or password the user gets"})
	if in.Role != "" {
		err = c.people.SetRole(AuthorOf(r), name, in.Role)
	}
	if in.Password != "" && (in.Role == "" || err == nil) {
		err = c.people.SetPassword(AuthorOf(r), name, in.Password)
	}
	c.oneUser(w, name, err)
}

func (c *Console) apiRemoveUser(w http.ResponseWriter, r *http.Request) {
	if !c.writable(w, r) {
		return
	}
	if err := c.people.Remove(AuthorOf(r), r.PathValue("name")); err != nil {
		failed(w, ofPeople(err))
		return
	}
	c.apiUsers(w, r)
}

// writable reports whether the desk takes changes, and answers when not.
func (c *Console) writable(w http.ResponseWriter, r *http.Request) bool {
	s, err := c.desk.Status(r.Context())
	if err == nil && !s.Running {
		err = rules.ErrStopped
	}
	if err != nil {
		failed(w, err)
	}
	return err == nil
}

func (c *Console) oneUser(w http.ResponseWriter, name string, err error) {
	var u *User
	if err == nil {
		u, err = c.people.User(name)
	}
	if err == nil && u == nil {
		err = ErrNoUser
	}
	if err != nil {
		failed(w, ofPeople(err))
		return
	}
	reply(w, UserInfo{u.Name, u.Role, u.Created, u.Seen})
}

// ofPeople gives an error of a user's doing the kind that answers tell apart.
func ofPeople(err error) error {
	if cmp.Or(errors.Is(err, ErrUserName), errors.Is(err, ErrRole), errors.Is(err, ErrExists), errors.Is(err, ErrLast), errors.Is(err, errPassword)) {
		return &rules.ErrRefused{Why: err.Error()}
	}
	return err
}

type (
	tokensAnswer struct {
		Tokens []TokenInfo `json:"tokens"`
	}
	newToken struct {
		Label string `json:"label"`
	}
	tokenAnswer struct {
		Token string `json:"token"` // told this once
	}
)

// TokenInfo is a bearer token as its owner sees it.
type TokenInfo struct {
	Key     string    `json:"key"` // by which it is dropped; not the token
	Label   string    `json:"label"`
	Created time.Time `json:"created"`
	Until   time.Time `json:"until"`
}

var errWhose error = &rules.ErrRefused{Why: "a token belongs to a user of the console: say who you are with --as NAME"}

// errOffspring keeps a token that leaked from outliving its end.
var errOffspring error = &rules.ErrRefused{Why: "a token makes no other token: log in, or use --as NAME with the password"}

// ownTokens calls do with the user whose tokens are meant: who asks, no other.
func (c *Console) ownTokens(w http.ResponseWriter, r *http.Request, do func(u *User)) {
	if u := userOf(r); u != nil {
		do(u)
		return
	}
	failed(w, errWhose)
}

func (c *Console) apiTokens(w http.ResponseWriter, r *http.Request) {
	c.ownTokens(w, r, func(u *User) {
		list, err := c.people.tokens(u.Name)
		answer(w, tokensAnswer{append([]TokenInfo{}, list...)}, err)
	})
}

// apiUserTokens are the tokens of somebody else, for an admin.
func (c *Console) apiUserTokens(w http.ResponseWriter, r *http.Request) {
	u, err := c.people.User(r.PathValue("name"))
	if err == nil && u == nil {
		err = ErrNoUser
	}
	if err != nil {
		failed(w, ofPeople(err))
		return
	}
	list, err := c.people.tokens(u.Name)
	answer(w, tokensAnswer{append([]TokenInfo{}, list...)}, err)
}

func (c *Console) apiDropUserTokens(w http.ResponseWriter, r *http.Request) {
	if !c.writable(w, r) {
		return
	}
	if err := c.people.dropTokens(AuthorOf(r), r.PathValue("name")); err != nil {
		failed(w, ofPeople(err))
		return
	}
	c.apiUserTokens(w, r)
}

func (c *Console) apiMakeToken(w http.ResponseWriter, r *http.Request) {
	c.ownTokens(w, r, func(u *User) {
		if strings.HasPrefix(r.Header.Get("Authorization"), "Bearer ") {
			failed(w, errOffspring)
			return
		}
		var in newToken
		if !readBody(w, r, &in) || !c.writable(w, r) {
			return
		}
		token, err := c.people.newToken(u.Name, inert(in.Label, 60))
		answer(w, tokenAnswer{token}, err)
	})
}

func (c *Console) apiDropToken(w http.ResponseWriter, r *http.Request) {
	c.ownTokens(w, r, func(u *User) {
		if !c.writable(w, r) {
			return
		}
		if err := c.people.dropToken(u.Name, r.PathValue("key")); err != nil {
			failed(w, err)
			return
		}
		c.apiTokens(w, r)
	})
}
