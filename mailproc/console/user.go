package console

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"sportello/rules"
)

// Role is what a person may do.
type Role string

// The roles: each may do what those before it may.
const (
	Viewer   Role = "viewer"   // sees everything, changes nothing
	Operator Role = "operator" // decides cases
	Admin    Role = "admin"    // and manages people
)

// Roles lists the roles from the least to the most.
var Roles = []Role{Viewer, Operator, Admin}

// May reports whether r includes what need may do.
func (r Role) May(need Role) bool {
	return slices.Contains(Roles, r) && slices.Index(Roles, r) >= slices.Index(Roles, need)
}

// User is a person who uses the console.
type User struct {
	Name     string    `json:"name"`
	Role     Role      `json:"role"`
	Password string    `json:"password,omitempty"` // PHC string of argon2id
	Created  time.Time `json:"created"`
	Seen     time.Time `json:"seen,omitzero"` // last log-in
}

// secret is a session or a bearer token; only its digest is stored.
type secret struct {
	User    string    `json:"user"`
	Label   string    `json:"label,omitempty"` // of a token
	Created time.Time `json:"created"`
	Seen    time.Time `json:"seen"`
	Until   time.Time `json:"until,omitzero"`
}

// People are the users of the console, over their store.
type People struct {
	Store UserStore
	Now   func() time.Time
	// Record journals a change; nil: it is not journaled.
	Record func(rules.Event) error
}

// Errors that people are told.
var (
	ErrNoUser   error = missing("there is no such user (`sportello user list` names them)")
	ErrUserName       = errors.New("a name has 2 to 40 characters: a-z, 0-9, dot, dash, underscore")
	ErrRole           = errors.New("a role is viewer, operator or admin")
	ErrExists         = errors.New("there is such a user already (`sportello user passwd` and `sportello user role` change one)")
	ErrLast           = errors.New("the last admin stays")
)

// missing says that something is not there: rules.ErrNotFound, in its own words.
type missing string

func (m missing) Error() string { return string(m) }

// Is makes it what answers know as not found.
func (missing) Is(target error) bool { return target == rules.ErrNotFound }

var userName = regexp.MustCompile(`^[a-z0-9][a-z0-9._-]{1,39}$`)

const (
	userKey    = "user/"
	sessionKey = "session/"
	tokenKey   = "token/"
)

func (p *People) get(key string, v any) (bool, error) {
	raw, err := p.Store.Get(key)
	if err != nil || raw == nil {
		return false, err
	}
	if err := json.Unmarshal(raw, v); err != nil {
		return false, fmt.Errorf("read %s: %w", key, err)
	}
	return true, nil
}

func (p *People) put(key string, v any) error {
	raw, err := json.Marshal(v)
	if err != nil {
		return err
	}
	return p.Store.Put(key, raw)
}

func (p *People) record(author, detail string) error {
	if p.Record == nil {
		return nil
	}
	return p.Record(rules.Event{At: p.Now(), Kind: rules.UserChanged, Author: author, Detail: detail})
}

// User finds a person by name; nil without error: there is none.
func (p *People) User(name string) (*User, error) {
	if !userName.MatchString(name) {
		return nil, nil
	}
	var u User
	if ok, err := p.get(userKey+name, &u); err != nil || !ok {
		return nil, err
	}
	return &u, nil
}

// List is everybody, by name, without passwords.
func (p *People) List() ([]User, error) {
	var out []User
	err := p.Store.Each(func(key string, value []byte) error {
		if !strings.HasPrefix(key, userKey) {
			return nil
		}
		var u User
		if err := json.Unmarshal(value, &u); err != nil {
			return fmt.Errorf("read %s: %w", key, err)
		}
		u.Password = ""
		out = append(out, u)
		return nil
	})
	slices.SortFunc(out, func(a, b User) int { return strings.Compare(a.Name, b.Name) })
	return out, err
}

// Add makes a user. Author is who does it, for the journal.
func (p *People) Add(author, name string, role Role, password string) error {
	if !userName.MatchString(name) {
		return ErrUserName
	}
	if !slices.Contains(Roles, role) {
		return ErrRole
	}
	if err := checkPassword(password); err != nil {
		return err
	}
	if u, err := p.User(name); err != nil || u != nil {
		return errors.Join(err, ErrExists)
	}
	if err := p.put(userKey+name, User{Name: name, Role: role, Password: hashPassword(password), Created: p.Now()}); err != nil {
		return err
	}
	return p.record(author, fmt.Sprintf("user %s added as %s", name, role))
}

// Remove takes a user away, with all sessions and tokens.
func (p *People) Remove(author, name string) error {
	u, err := p.User(name)
	if err != nil {
		return err
	}
	if u == nil {
		return ErrNoUser
	}
	if err := p.keepAdmin(u); err != nil {
		return err
	}
	if err := p.forget(name, sessionKey, tokenKey); err != nil {
		return err
	}
	if err := p.Store.Put(userKey+name, nil); err != nil {
		return err
	}
	return p.record(author, fmt.Sprintf("user %s removed", name))
}

// keepAdmin refuses to lose the last admin.
func (p *People) keepAdmin(u *User) error {
	all, err := p.List()
	if err != nil || u.Role != Admin {
		return err
	}
	if slices.ContainsFunc(all, func(o User) bool { return o.Role == Admin && o.Name != u.Name }) {
		return nil
	}
	return ErrLast
}

// SetRole changes what a user may do.
func (p *People) SetRole(author, name string, role Role) error {
	u, err := p.User(name)
	switch {
	case err != nil:
		return err
	case u == nil:
		return ErrNoUser
	case !slices.Contains(Roles, role):
		return ErrRole
	}
	if role != Admin {
		if err := p.keepAdmin(u); err != nil {
			return err
		}
	}
	u.Role = role
	if err := p.put(userKey+name, u); err != nil {
		return err
	}
	return p.record(author, fmt.Sprintf("user %s is now %s", name, role))
}

// SetPassword changes a password and ends the user's sessions.
func (p *People) SetPassword(author, name, password string) error {
	u, err := p.User(name)
	if err != nil {
		return err
	}
	if u == nil {
		return ErrNoUser
	}
	if err := checkPassword(password); err != nil {
		return err
	}
	u.Password = hashPassword(password)
	if err := p.put(userKey+name, u); err != nil {
		return err
	}
	if err := p.forget(name, sessionKey); err != nil {
		return err
	}
	return p.record(author, fmt.Sprintf("password of user %s changed", name))
}

// forget removes the sessions or tokens of a user; name "" those run out.
func (p *People) forget(name string, prefixes ...string) error {
	var keys []string
	err := p.Store.Each(func(key string, value []byte) error {
		for _, prefix := range prefixes {
			var s secret
			if !strings.HasPrefix(key, prefix) || json.Unmarshal(value, &s) != nil {
				continue
			}
			if s.User == name || name == "" && !s.Until.IsZero() && p.Now().After(s.Until) {
				keys = append(keys, key)
			}
		}
		return nil
	})
	for _, k := range keys {
		err = errors.Join(err, p.Store.Put(k, nil))
	}
	return err
}

// digestKey is where a secret is kept: whoever reads the store cannot use it.
func digestKey(prefix, token string) string {
	sum := sha256.Sum256([]byte(token))
	return prefix + hex.EncodeToString(sum[:])
}

// newToken makes a bearer token for scripts; it is told once.
func (p *People) newToken(user, label string) (string, error) {
	token := "sportello_" + rand.Text()
	err := p.put(digestKey(tokenKey, token), secret{User: user, Label: label, Created: p.Now(), Seen: p.Now(), Until: p.Now().AddDate(1, 0, 0)})
	if err == nil {
		err = p.record(user, fmt.Sprintf("token made for user %s", user))
	}
	return token, err
}

func (p *People) tokens(user string) (out []TokenInfo, err error) {
	err = p.Store.Each(func(key string, value []byte) error {
		var s secret
		if strings.HasPrefix(key, tokenKey) && json.Unmarshal(value, &s) == nil && s.User == user {
			out = append(out, TokenInfo{Key: strings.TrimPrefix(key, tokenKey), Label: s.Label, Created: s.Created, Until: s.Until})
		}
		return nil
	})
	return out, err
}

// dropToken ends a token of a user; another's is not his to end.
func (p *People) dropToken(user, key string) error {
	var s secret
	if ok, err := p.get(tokenKey+key, &s); err != nil || !ok || s.User != user {
		return errors.Join(err, rules.ErrNotFound)
	}
	if err := p.Store.Put(tokenKey+key, nil); err != nil {
		return err
	}
	return p.record(user, fmt.Sprintf("token of user %s ended", user))
}

// dropTokens ends every token of a user, as after a theft. Author is who does it.
func (p *People) dropTokens(author, name string) error {
	u, err := p.User(name)
	if err != nil {
		return err
	}
	if u == nil {
		return ErrNoUser
	}
	if err := p.forget(name, tokenKey); err != nil {
		return err
	}
	return p.record(author, fmt.Sprintf("tokens of user %s ended", name))
}
