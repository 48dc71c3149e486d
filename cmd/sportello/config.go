package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"time"

	"github.com/pelletier/go-toml/v2"

	"sportello/mailproc/console"
	"sportello/rules"
)

// Config is sportello.toml (design §8). Relative paths are relative to the
// file. Secrets are only named here: they lie in files or the environment.
type Config struct {
	File        string                                           `toml:"-"` // where it was read from
	Now         func() time.Time                                 `toml:"-"` // the clock; nil: the real one
	Demo        func(context.Context, console.DemoMessage) error `toml:"-"` // only in the demo: a customer's form
	DemoSamples []console.DemoMessage                            `toml:"-"` // … and what he may begin from

	Data            string   `toml:"data"`
	Domains         []string `toml:"domains"`
	TimeZone        string   `toml:"time_zone"` // of configurations that still name it: zone, or nothing
	Closures        []string `toml:"closures"`
	SaturdayWorking bool     `toml:"saturday_working"`
	Templates       string   `toml:"templates"` // overlay folder
	FourEyes        bool     `toml:"four_eyes"`

	UncertainWait  Duration `toml:"uncertain_wait"`
	AcceptanceWait Duration `toml:"acceptance_wait"`
	DiskReserve    Size     `toml:"disk_reserve"`

	Mailboxes []MailboxConfig          `toml:"mailbox"`
	Trust     TrustConfig              `toml:"trust"`
	Registry  RegistryConfig           `toml:"registry"`
	Actions   map[string]*ActionConfig `toml:"action"`
	Limits    LimitsConfig             `toml:"limits"`
	Retention RetentionConfig          `toml:"retention"`
	Console   ConsoleConfig            `toml:"console"`
	Alert     AlertConfig              `toml:"alert"`
	Letters   rules.Settings           `toml:"letters"`
}

// zone is that of terms, letters and what a person reads: the calendar of law
// is Italian, wherever the machine stands.
const zone = "Europe/Rome"

// MailboxConfig is a request mailbox.
type MailboxConfig struct {
	Name         string   `toml:"name"`
	Address      string   `toml:"address"`
	FromName     string   `toml:"from_name"` // display name of the letters' From
	IMAP         string   `toml:"imap"`
	SMTP         string   `toml:"smtp"`
	User         string   `toml:"user"`
	PasswordEnv  string   `toml:"password_env"`
	PasswordFile string   `toml:"password_file"`
	Folder       string   `toml:"folder"`
	CA           string   `toml:"ca"`
	Plaintext    bool     `toml:"plaintext"`
	SMTPAuth     *bool    `toml:"smtp_auth"`
	SMTPUser     string   `toml:"smtp_user"`
	Poll         Duration `toml:"poll"`
	Idle         Duration `toml:"idle"` // IDLE is renewed after this
	Since        string   `toml:"since"`
	MaxSize      Size     `toml:"max_size"`
	Senders      int      `toml:"senders"` // SMTP connections
}

// TrustConfig says whose signatures are believed.
type TrustConfig struct {
	Roots        []string `toml:"roots"`
	Index        string   `toml:"index"`
	IndexSigners []string `toml:"index_signers"`
	IndexMaxAge  Duration `toml:"index_max_age"`
	CRL          []string `toml:"crl"`
	CRLRefresh   Duration `toml:"crl_refresh"`
	SHA1         string   `toml:"sha1"`
}

// RegistryConfig says what is known of mailboxes and orders.
type RegistryConfig struct {
	Mailboxes string   `toml:"mailboxes"`
	Orders    string   `toml:"orders"`
	URL       string   `toml:"url"`
	TokenFile string   `toml:"token_file"`
	Timeout   Duration `toml:"timeout"`
	Cache     Duration `toml:"cache"`
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
	PeerHour     int `toml:"letters_per_hour"`
	PeerDay      int `toml:"letters_per_day"`
	OrdinaryHour int `toml:"ordinary_per_hour"` // guidance to writers whom nobody proves
}

// RetentionConfig says how long what is closed is kept; a procedure's own
// keep, in its folder, is stronger.
type RetentionConfig struct {
	Months int       `toml:"months"` // 0: 30 (D.P.R. 68/2005 art. 11)
	Purge  TimeOfDay `toml:"purge"`  // when the daemon removes what is older; left out: purgeAt
}

// purgeAt is the quiet hour, after midnight, where none is configured: nobody
// works, and the clocks are not changed.
const purgeAt = 3*time.Hour + 30*time.Minute

// ConsoleConfig is the operators' web console.
type ConsoleConfig struct {
	Listen             string   `toml:"listen"`
	TLSCert            string   `toml:"tls_cert"`
	TLSKey             string   `toml:"tls_key"`
	TrustedProxyHeader string   `toml:"trusted_proxy_header"`
	Session            Duration `toml:"session"`
}

// AlertConfig is how a person is told: exactly one of command, smtp, url.
type AlertConfig struct {
	Command      []string `toml:"command"`
	URL          string   `toml:"url"`
	SMTP         string   `toml:"smtp"`
	From         string   `toml:"from"`
	To           []string `toml:"to"`
	User         string   `toml:"user"`
	PasswordFile string   `toml:"password_file"`
	CA           string   `toml:"ca"`
	Plaintext    bool     `toml:"plaintext"`
	Language     string   `toml:"language"` // it or en; "": it
}

// LoadConfig reads and checks a configuration. Every mistake is told at once,
// each with file, line and remedy.
func LoadConfig(path string) (*Config, error) { return loadConfig(path, false) }

// configToLook is LoadConfig for verbs that log in nowhere, run no step and
// tell nobody: its secrets and programs may be missing, or another user's.
func configToLook(path string) (*Config, error) { return loadConfig(path, true) }

func loadConfig(path string, idle bool) (*Config, error) {
	raw, err := os.ReadFile(path)
	if errors.Is(err, os.ErrNotExist) {
		return nil, fmt.Errorf("no configuration at %s: name yours with -c FILE or in "+configVariable+" (packaging/sportello.toml is an annotated example)", path)
	}
	if errors.Is(err, syscall.EISDIR) {
		return nil, fmt.Errorf("%s is a folder: name the configuration file in it, e.g. -c %s", path, filepath.Join(path, "sportello.toml"))
	}
	if err != nil {
		return nil, ownersOnly(err)
	}
	c, p := decodeConfig(path, raw)
	p.idle = idle
	if c != nil {
		c.defaults()
		c.check(p)
	}
	if err := p.join(); err != nil {
		return nil, err
	}
	return c, nil
}

// dataOf is the data folder that a configuration names, whatever else is wrong
// in it; "" when it cannot be told.
func dataOf(path string) string {
	raw, err := os.ReadFile(path)
	if err != nil {
		return ""
	}
	for line := range strings.Lines(string(raw)) {
		var top struct{ Data string }
		if strings.HasPrefix(strings.TrimSpace(line), "[") { // it stands above every table
			break
		}
		if toml.Unmarshal([]byte(line), &top) == nil && top.Data != "" {
			if filepath.IsAbs(top.Data) {
				return top.Data
			}
			return filepath.Join(filepath.Dir(path), top.Data)
		}
	}
	return ""
}

// ownersOnly adds the remedy to what this user may not read: the desk's files
// are its own user's.
func ownersOnly(err error) error {
	if errors.Is(err, os.ErrPermission) {
		return fmt.Errorf("%w: say this as the user that the desk runs as, e.g. sudo -u sportello sportello …", err)
	}
	return err
}

// defaults fills in what is left out and resolves paths beside the file.
func (c *Config) defaults() {
	if c.Retention.Months == 0 {
		c.Retention.Months = lawfulMonths
	}
	if !c.Retention.Purge.Set {
		c.Retention.Purge = TimeOfDay{After: purgeAt, Set: true}
	}
	if c.Trust.SHA1 == "" {
		c.Trust.SHA1 = "review"
	}
	if c.Trust.IndexMaxAge.Duration == 0 {
		c.Trust.IndexMaxAge.Duration = 7 * 24 * time.Hour
	}
	base := filepath.Dir(c.File)
	for _, p := range c.paths() {
		if *p != "" && !filepath.IsAbs(*p) && !strings.Contains(*p, "://") {
			*p = filepath.Join(base, *p)
		}
	}
	for _, a := range c.Actions {
		relativeCommand(a.Command, base)
	}
	relativeCommand(c.Alert.Command, base)
}

// paths are the places of every file and folder that the configuration names.
func (c *Config) paths() []*string {
	paths := []*string{&c.Data, &c.Templates, &c.Trust.Index, &c.Registry.Mailboxes, &c.Registry.Orders, &c.Registry.TokenFile,
		&c.Console.TLSCert, &c.Console.TLSKey, &c.Alert.PasswordFile, &c.Alert.CA}
	for i := range c.Mailboxes {
		paths = append(paths, &c.Mailboxes[i].PasswordFile, &c.Mailboxes[i].CA)
	}
	for _, list := range [][]string{c.Trust.Roots, c.Trust.IndexSigners, c.Trust.CRL} {
		for i := range list {
			paths = append(paths, &list[i])
		}
	}
	for _, a := range c.Actions {
		paths = append(paths, &a.SecretFile)
	}
	return paths
}

// secretFiles are the files that hold a password or a key.
func (c *Config) secretFiles() (out []string) {
	all := []string{c.Registry.TokenFile, c.Alert.PasswordFile, c.Console.TLSKey}
	for _, m := range c.Mailboxes {
		all = append(all, m.PasswordFile)
	}
	for _, a := range c.Actions {
		all = append(all, a.SecretFile)
	}
	for _, file := range all {
		if file != "" && !slices.Contains(out, file) {
			out = append(out, file)
		}
	}
	slices.Sort(out)
	return out
}

// relativeCommand resolves ./program beside the configuration; a bare name is
// looked for in PATH as usual.
func relativeCommand(command []string, base string) {
	if len(command) == 0 || !strings.Contains(command[0], "/") || filepath.IsAbs(command[0]) {
		return
	}
	command[0] = filepath.Join(base, command[0])
	if whole, err := filepath.Abs(command[0]); err == nil { // "-c sportello.toml" would leave a bare name, another program of PATH
		command[0] = whole
	}
}
