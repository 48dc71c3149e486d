package main

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"time"

	"github.com/pelletier/go-toml/v2"

	"sportello/rules"
)

// Config is sportello.toml (design §8). Relative paths are relative to the
// file. Secrets are only named here: they lie in files or the environment.
type Config struct {
	File string           `toml:"-"` // where it was read from
	Now  func() time.Time `toml:"-"` // the clock; nil: the real one

	Data            string   `toml:"data"`
	Domains         []string `toml:"domains"`
	TimeZone        string   `toml:"time_zone"`
	Closures        []string `toml:"closures"`
	SaturdayWorking bool     `toml:"saturday_working"`
	Templates       string   `toml:"templates"` // overlay folder
	FourEyes        bool     `toml:"four_eyes"`

	UncertainWait  Duration `toml:"uncertain_wait"`
	AcceptanceWait Duration `toml:"acceptance_wait"`
	DiskReserve    Size     `toml:"disk_reserve"`

	Mailboxes []MailboxConfig         `toml:"mailbox"`
	Trust     TrustConfig             `toml:"trust"`
	Registry  RegistryConfig          `toml:"registry"`
	Actions   map[string]ActionConfig `toml:"action"`
	Limits    LimitsConfig            `toml:"limits"`
	Retention RetentionConfig         `toml:"retention"`
	Console   ConsoleConfig           `toml:"console"`
	Alert     AlertConfig             `toml:"alert"`
	Letters   rules.Settings          `toml:"letters"`
}

// MailboxConfig is a request mailbox.
type MailboxConfig struct {
	Name        string   `toml:"name"`
	Address     string   `toml:"address"`
	FromName    string   `toml:"from_name"` // display name of the letters' From
	IMAP        string   `toml:"imap"`
	SMTP        string   `toml:"smtp"`
	User        string   `toml:"user"`
	PasswordEnv string   `toml:"password_env"`
	Password    string   `toml:"password_file"`
	Folder      string   `toml:"folder"`
	CA          string   `toml:"ca"`
	Plaintext   bool     `toml:"plaintext"`
	SMTPAuth    *bool    `toml:"smtp_auth"`
	SMTPUser    string   `toml:"smtp_user"`
	Poll        Duration `toml:"poll"`
	Idle        Duration `toml:"idle"` // IDLE is renewed after this
	Since       string   `toml:"since"`
	MaxSize     Size     `toml:"max_size"`
	Senders     int      `toml:"senders"` // SMTP connections
}

// TrustConfig says whose signatures are believed.
type TrustConfig struct {
	Roots       []string `toml:"roots"`
	Index       string   `toml:"index"`
	IndexSigner []string `toml:"index_signers"`
	IndexMaxAge Duration `toml:"index_max_age"`
	CRL         []string `toml:"crl"`
	SHA1        string   `toml:"sha1"`
}

// RegistryConfig says what is known of mailboxes and orders.
type RegistryConfig struct {
	Mailboxes  string   `toml:"mailboxes"`
	Orders     string   `toml:"orders"`
	URL        string   `toml:"url"`
	SecretFile string   `toml:"token_file"`
	Timeout    Duration `toml:"timeout"`
	Cache      Duration `toml:"cache"`
}

// ActionConfig is how a step is carried out: a command or a URL.
type ActionConfig struct {
	Command    []string `toml:"command"`
	URL        string   `toml:"url"`
	SecretFile string   `toml:"secret_file"`
	Timeout    Duration `toml:"timeout"`
}

// LimitsConfig holds letters that would go out too often to one address.
type LimitsConfig struct {
	PeerHour int `toml:"letters_per_hour"`
	PeerDay  int `toml:"letters_per_day"`
}

// RetentionConfig says how long what is closed is kept; a procedure's own
// keep, in its folder, is stronger.
type RetentionConfig struct {
	Months int `toml:"months"` // 0: 30 (D.P.R. 68/2005 art. 11)
}

// ConsoleConfig is the operators' web console.
type ConsoleConfig struct {
	Listen       string   `toml:"listen"`
	TLSCert      string   `toml:"tls_cert"`
	TLSKey       string   `toml:"tls_key"`
	TrustedProxy string   `toml:"trusted_proxy_header"`
	Session      Duration `toml:"session"`
}

// AlertConfig is how a person is told: exactly one of command, smtp, url.
type AlertConfig struct {
	Command  []string `toml:"command"`
	URL      string   `toml:"url"`
	SMTP     string   `toml:"smtp"`
	From     string   `toml:"from"`
	To       []string `toml:"to"`
	User     string   `toml:"user"`
	Password string   `toml:"password_file"`
	CA       string   `toml:"ca"`
	Plain    bool     `toml:"plaintext"`
}

// LoadConfig reads and checks a configuration. Every mistake is told at once,
// each with file, line and remedy.
func LoadConfig(path string) (*Config, error) {
	raw, err := os.ReadFile(path)
	if errors.Is(err, os.ErrNotExist) {
		return nil, fmt.Errorf("no configuration at %s: name yours with -c FILE (packaging/sportello.toml is an annotated example)", path)
	}
	if err != nil {
		return nil, err
	}
	c := &Config{File: path}
	dec := toml.NewDecoder(bytes.NewReader(raw))
	dec.DisallowUnknownFields()
	if err := dec.Decode(c); err != nil {
		return nil, decodeError(path, err)
	}
	c.defaults()
	p := &problems{file: path, raw: raw}
	c.check(p)
	return c, p.join()
}

// decodeError gives a TOML error its file, line and, for an unknown key, the
// nearest right word.
func decodeError(path string, err error) error {
	var strict *toml.StrictMissingError
	if errors.As(err, &strict) {
		var all []error
		for _, e := range strict.Errors {
			row, _ := e.Position()
			key := strings.Join(e.Key(), ".")
			all = append(all, fmt.Errorf("%s:%d: unknown key %q%s", path, row, key, suggest(e.Key())))
		}
		return errors.Join(all...)
	}
	var d *toml.DecodeError
	if errors.As(err, &d) {
		row, _ := d.Position()
		return fmt.Errorf("%s:%d: %s: %s", path, row, strings.Join(d.Key(), "."), strings.TrimPrefix(d.Error(), "toml: "))
	}
	return fmt.Errorf("%s: %w", path, err)
}

// suggest names the key that was probably meant, among those of its table.
func suggest(key []string) string {
	t := reflect.TypeFor[Config]()
	for _, k := range key[:len(key)-1] {
		next, ok := fieldType(t, k)
		if !ok {
			break
		}
		t = next
	}
	last, best, near := key[len(key)-1], "", 3
	var names []string
	if t.Kind() != reflect.Struct {
		return ""
	}
	for i := range t.NumField() {
		name := t.Field(i).Tag.Get("toml")
		if name == "" || name == "-" {
			continue
		}
		names = append(names, name)
		if d := distance(last, name); d < near {
			best, near = name, d
		}
	}
	if best != "" {
		return fmt.Sprintf(": did you mean %q?", best)
	}
	return fmt.Sprintf(" (known here: %s)", strings.Join(names, ", "))
}

func fieldType(t reflect.Type, key string) (reflect.Type, bool) {
	if t.Kind() == reflect.Map {
		return t.Elem(), true
	}
	if t.Kind() != reflect.Struct {
		return nil, false
	}
	for i := range t.NumField() {
		if f := t.Field(i); f.Tag.Get("toml") == key {
			if f.Type.Kind() == reflect.Slice && f.Type.Elem().Kind() == reflect.Struct {
				return f.Type.Elem(), true
			}
			return f.Type, true
		}
	}
	return nil, false
}

// distance is Levenshtein's, for words of a few letters.
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := 1; i <= len(a); i++ {
		before := row[0]
		row[0] = i
		for j := 1; j <= len(b); j++ {
			cost := before
			if a[i-1] != b[j-1] {
				cost++
			}
			before, row[j] = row[j], min(row[j]+1, row[j-1]+1, cost)
		}
	}
	return row[len(b)]
}

func (c *Config) defaults() {
	if c.TimeZone == "" {
		c.TimeZone = "Europe/Rome"
	}
	if c.Retention.Months == 0 {
		c.Retention.Months = 30
	}
	if c.Trust.SHA1 == "" {
		c.Trust.SHA1 = "review"
	}
	base := filepath.Dir(c.File)
	abs := func(p *string) {
		if *p != "" && !filepath.IsAbs(*p) {
			*p = filepath.Join(base, *p)
		}
	}
	paths := []*string{&c.Data, &c.Templates, &c.Trust.Index, &c.Registry.Mailboxes, &c.Registry.Orders, &c.Registry.SecretFile,
		&c.Console.TLSCert, &c.Console.TLSKey, &c.Alert.Password, &c.Alert.CA}
	for i := range c.Mailboxes {
		paths = append(paths, &c.Mailboxes[i].Password, &c.Mailboxes[i].CA)
	}
	for _, list := range [][]string{c.Trust.Roots, c.Trust.IndexSigner, c.Trust.CRL} {
		for i := range list {
			if !strings.Contains(list[i], "://") {
				paths = append(paths, &list[i])
			}
		}
	}
	for name, a := range c.Actions {
		abs(&a.SecretFile)
		relativeCommand(a.Command, base)
		c.Actions[name] = a
	}
	relativeCommand(c.Alert.Command, base)
	for _, p := range paths {
		abs(p)
	}
}

// relativeCommand resolves ./program beside the configuration; a bare name is
// looked for in PATH as usual.
func relativeCommand(command []string, base string) {
	if len(command) > 0 && strings.Contains(command[0], "/") && !filepath.IsAbs(command[0]) {
		command[0] = filepath.Join(base, command[0])
	}
}
