package console

import (
	"context"
	"crypto/rand"
	"net"
	"net/http"
	"strings"
	"time"

	"sportello/rules"
)

// A session ends after so long without use, and after so long in any case
// where [Options] say nothing else.
const (
	sessionIdle = 8 * time.Hour
	SessionLife = 14 * time.Hour
	seenEvery   = 5 * time.Minute // how often its use is written down
)

type userInContext struct{}

// userOf is who makes a request; nil: nobody has logged in.
func userOf(r *http.Request) *User { return userIn(r.Context()) }

func userIn(ctx context.Context) *User {
	u, _ := ctx.Value(userInContext{}).(*User)
	return u
}

// cookieName carries the prefix by which browsers refuse a cookie that another
// host, or plain HTTP, would set (RFC 6265bis §4.1.3).
func (c *Console) cookieName() string {
	if c.opt.Secure {
		return "__Host-sportello"
	}
	return "sportello"
}

// signIn begins a session under a new secret: one that was there before the
// log-in is never taken over.
func (c *Console) signIn(w http.ResponseWriter, r *http.Request, u *User) error {
	c.signOut(w, r)
	now := c.now()
	token := rand.Text() + rand.Text()
	s := secret{User: u.Name, Created: now, Seen: now, Until: now.Add(c.opt.Session)}
	if err := c.people.put(digestKey(sessionKey, token), s); err != nil {
		return err
	}
	u.Seen = now
	if err := c.people.put(userKey+u.Name, u); err != nil {
		return err
	}
	http.SetCookie(w, &http.Cookie{Name: c.cookieName(), Value: token, Path: "/", HttpOnly: true, Secure: c.opt.Secure,
		SameSite: http.SameSiteStrictMode, MaxAge: int(c.opt.Session / time.Second)})
	return c.people.forget("", sessionKey)
}

// signOut ends the session of a request, in the store and in the browser.
func (c *Console) signOut(w http.ResponseWriter, r *http.Request) {
	cookie, err := r.Cookie(c.cookieName())
	if err != nil {
		return
	}
	if err := c.people.Store.Put(digestKey(sessionKey, cookie.Value), nil); err != nil {
		c.log.Error("session could not be ended", "error", err)
	}
	http.SetCookie(w, &http.Cookie{Name: c.cookieName(), Path: "/", HttpOnly: true, Secure: c.opt.Secure, SameSite: http.SameSiteStrictMode, MaxAge: -1})
}

// who finds the user of a request, by cookie or by bearer token.
func (c *Console) who(r *http.Request) (*User, error) {
	if token, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer "); ok && strings.HasPrefix(r.URL.Path, "/api/") {
		return c.holder(tokenKey, strings.TrimSpace(token))
	}
	cookie, err := r.Cookie(c.cookieName())
	if err != nil {
		return nil, nil
	}
	return c.holder(sessionKey, cookie.Value)
}

func (c *Console) holder(prefix, token string) (*User, error) {
	key := digestKey(prefix, token)
	var s secret
	if ok, err := c.people.get(key, &s); err != nil || !ok {
		return nil, err
	}
	now := c.now()
	idle := prefix == sessionKey && now.Sub(s.Seen) > sessionIdle
	if idle || !s.Until.IsZero() && now.After(s.Until) {
		return nil, c.people.Store.Put(key, nil)
	}
	if prefix == sessionKey && now.Sub(s.Seen) > seenEvery {
		s.Seen = now
		if err := c.people.put(key, s); err != nil {
			return nil, err
		}
	}
	return c.people.User(s.User)
}

// identify puts the user of a request into its context.
func (c *Console) identify(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		u, err := c.who(r)
		if err != nil {
			c.log.Error("who is asking could not be read", "error", err)
			http.Error(w, "the store does not answer", http.StatusServiceUnavailable)
			return
		}
		if u != nil {
			r = r.WithContext(context.WithValue(r.Context(), userInContext{}, u))
		}
		next.ServeHTTP(w, r)
	})
}

// need lets only those with a role through: the others are asked to log in,
// or refused.
func (c *Console) need(role Role, h http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		u := userOf(r)
		switch {
		case u == nil && strings.HasPrefix(r.URL.Path, "/api/"):
			w.Header().Set("WWW-Authenticate", `Bearer realm="sportello"`)
			fail(w, http.StatusUnauthorized, errLogIn)
		case u == nil && r.Method == http.MethodGet:
			http.Redirect(w, r, "/login?to="+queryEscape(r.URL.RequestURI()), http.StatusSeeOther)
		case u == nil:
			c.ended(w, r)
		case !u.Role.May(role) && strings.HasPrefix(r.URL.Path, "/api/"):
			fail(w, http.StatusForbidden, errRole)
		case !u.Role.May(role):
			c.sorry(w, r, http.StatusForbidden, "error.role")
		case strings.HasPrefix(r.URL.Path, "/api/"):
			h(w, r)
		default:
			h(w, c.withStatus(r))
		}
	}
}

type statusInContext struct{}

// withStatus asks for the desk's status before a page asks for anything else:
// what happens after it is told to the page as a change, so nothing is missed
// between the making of a page and its first look at the live stream.
func (c *Console) withStatus(r *http.Request) *http.Request {
	s, err := c.desk.Status(r.Context())
	if err != nil {
		c.log.Error("status", "error", err)
	}
	return r.WithContext(context.WithValue(r.Context(), statusInContext{}, s))
}

// statusOf is the status as it was when the page was asked for.
func statusOf(r *http.Request) rules.Status {
	s, _ := r.Context().Value(statusInContext{}).(rules.Status)
	return s
}

var (
	errLogIn error = &rules.ErrRefused{Why: "log in first: a session cookie or Authorization: Bearer TOKEN"}
	errRole  error = &rules.ErrRefused{Why: "your role does not allow this"}
)

// address is where a request comes from, for throttling.
func (c *Console) address(r *http.Request) string {
	if h := c.opt.TrustedProxyHeader; h != "" {
		// The last element is the one our own proxy wrote; those before it
		// are what the client claims.
		list := strings.Split(strings.Join(r.Header.Values(h), ","), ",")
		if a := strings.TrimSpace(list[len(list)-1]); a != "" {
			return a
		}
	}
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		return r.RemoteAddr
	}
	return host
}
