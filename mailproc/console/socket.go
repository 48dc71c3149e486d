package console

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"
)

// AuthorHeader names who acts over the daemon's socket without proving it:
// the Unix user, as the command line says.
const AuthorHeader = "X-Author"

type nameInContext struct{}

// AuthorOf is the name under which what a request does is journaled: of the
// user who proved himself, or the name that the socket's owner gave.
func AuthorOf(r *http.Request) string {
	if u := userOf(r); u != nil {
		return u.Name
	}
	name, _ := r.Context().Value(nameInContext{}).(string)
	return name
}

// AdminOnly is the error of a request by a user who is no admin; the socket's
// owner, who proves nobody else to be he, may do everything.
func AdminOnly(r *http.Request) error {
	if u := userOf(r); u != nil && !u.Role.May(Admin) {
		return errRole
	}
	return nil
}

// atSocket puts who asks into the context of a request.
func (c *Console) atSocket(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		ctx := r.Context()
		if r.Header.Get("Authorization") == "" {
			name := inert(strings.TrimSpace(r.Header.Get(AuthorHeader)), 40)
			if name == "" {
				name = "cli"
			}
			ctx = context.WithValue(ctx, nameInContext{}, name)
		} else {
			u, err := c.proved(r)
			if err != nil {
				fail(w, http.StatusUnauthorized, err)
				return
			}
			ctx = context.WithValue(ctx, userInContext{}, u)
		}
		next.ServeHTTP(w, r.WithContext(ctx))
	})
}

var errNotProved = errors.New("wrong name, password or token")

// proved is the user that the Authorization of a request proves.
func (c *Console) proved(r *http.Request) (*User, error) {
	if token, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer "); ok {
		u, err := c.holder(tokenKey, strings.TrimSpace(token))
		if err == nil && u == nil {
			err = errNotProved
		}
		return u, err
	}
	name, password, ok := r.BasicAuth()
	if !ok {
		return nil, errNotProved
	}
	u, wait, err := c.check(name, password)
	switch {
	case err != nil:
		return nil, err
	case wait > 0:
		return nil, fmt.Errorf("too many attempts: try again in %d seconds", int(wait/time.Second)+1)
	case u == nil:
		return nil, errNotProved
	}
	return u, nil
}

// check finds the user whose name and password these are, nil when they are
// nobody's. After a few failures under the name, or under one of the other
// keys, it only says how long one has to wait.
func (c *Console) check(name, password string, keys ...string) (u *User, wait time.Duration, err error) {
	now, byName := c.now(), "name/"+name[:min(len(name), 64)]
	if wait := c.throttle.begin(now, append(keys, byName)...); wait > 0 {
		return nil, wait, nil
	}
	if u, err = c.people.User(name); err != nil {
		return nil, 0, err
	}
	hash := nobody
	if u != nil {
		hash = u.Password
	}
	if !samePassword(password, hash) || u == nil {
		return nil, 0, nil
	}
	c.throttle.passed(byName, keys...)
	return u, 0, nil
}
