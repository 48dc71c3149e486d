package main

import (
	"errors"
	"net"
	"net/mail"
	"net/url"
	"os"
	"slices"
	"strings"
	"time"

	"sportello/rules"
)

// check tells every mistake that can be seen without any network.
func (c *Config) check(p *problems) {
	if c.Data == "" {
		p.add("", 0, "data", "data is missing: the folder for database and archive, e.g. data = \"/var/lib/sportello\"")
	}
	if _, err := time.LoadLocation(c.TimeZone); err != nil {
		p.add("", 0, "time_zone", "time_zone %q is unknown: write it like \"Europe/Rome\"", c.TimeZone)
	}
	if _, err := rules.NewCalendar("Europe/Rome", c.Closures, false); err != nil {
		p.add("", 0, "closures", "%v", err)
	}
	if c.Templates != "" {
		p.folder("", 0, "templates", c.Templates)
	}
	if len(c.Domains) == 0 {
		p.add("", 0, "domains", "domains is missing: the mailbox domains that you manage, e.g. domains = [\"pec.example.it\"]")
	}
	if len(c.Mailboxes) == 0 {
		p.add("", 0, "mailbox", "no [[mailbox]]: at least one request mailbox is needed")
	}
	seen := map[string]bool{}
	for i := range c.Mailboxes {
		c.Mailboxes[i].check(p, i, seen)
	}
	c.checkTrust(p)
	c.checkRegistry(p)
	for name, a := range c.Actions {
		a.check(p, name)
	}
	c.checkConsole(p)
	c.checkAlert(p)
	if err := c.Letters.Check(); err != nil {
		p.add("letters", 0, "", "%v", err)
	}
}

func (m *MailboxConfig) check(p *problems, i int, seen map[string]bool) {
	bad := func(key, format string, args ...any) { p.add("mailbox", i, key, format, args...) }
	if m.Name == "" {
		bad("name", "a [[mailbox]] needs its name: procedures refer to \"disattivazioni\" and \"customer.service\"")
	} else if seen[m.Name] {
		bad("name", "two mailboxes are named %q", m.Name)
	}
	seen[m.Name] = true
	if a, err := mail.ParseAddress(m.Address); err != nil || a.Address != m.Address {
		bad("address", "address %q is no mail address", m.Address)
	}
	m.checkURL(bad, "imap", m.IMAP)
	m.checkURL(bad, "smtp", m.SMTP)
	if m.User == "" {
		bad("user", "user is missing: the login of the mailbox")
	}
	switch {
	case m.Password == "" && m.PasswordEnv == "":
		bad("password_file", "password_file is missing (or password_env): a file whose first line is the password")
	case m.Password != "" && m.PasswordEnv != "":
		bad("password_env", "password_file and password_env are both set: keep one")
	default:
		if _, err := readSecret(m.Password, m.PasswordEnv); err != nil {
			bad("password_file", "%v", err)
		}
	}
	if m.CA != "" {
		p.existing("mailbox", i, "ca", m.CA)
	}
	if m.Since != "" && m.Since != "all" && m.Since != "now" {
		if _, err := time.Parse(time.DateOnly, m.Since); err != nil {
			bad("since", "since %q: write \"all\", \"now\" or a date like \"2026-11-01\"", m.Since)
		}
	}
}

func (m *MailboxConfig) checkURL(bad func(key, format string, args ...any), key, value string) {
	u, err := url.Parse(value)
	switch {
	case value == "":
		bad(key, "%s is missing: write it like %s = \"%ss://host:port\"", key, key, key)
	case err != nil || u.Host == "" || u.Scheme != key && u.Scheme != key+"s":
		bad(key, "%s %q: write it like \"%ss://host:port\" (TLS) or \"%s://host:port\" (STARTTLS)", key, value, key, key)
	case m.Plaintext && !loopback(u.Hostname()):
		bad("plaintext", "plaintext = true is for loopback only, and %s is not: use %ss:// or STARTTLS", u.Hostname(), key)
	}
}

func loopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

func (c *Config) checkTrust(p *problems) {
	if len(c.Trust.Roots) == 0 {
		p.add("trust", 0, "roots", "[trust] roots is missing: the PEM files of the authorities that certify providers; without them no sender can be proved")
	}
	for _, f := range c.Trust.Roots {
		p.existing("trust", 0, "roots", f)
	}
	if c.Trust.Index != "" && !strings.Contains(c.Trust.Index, "://") {
		p.existing("trust", 0, "index", c.Trust.Index)
	}
	for _, f := range c.Trust.IndexSigner {
		p.existing("trust", 0, "index_signers", f)
	}
	if !slices.Contains([]string{"accept", "review", "reject"}, c.Trust.SHA1) {
		p.add("trust", 0, "sha1", "sha1 %q: write \"accept\", \"review\" or \"reject\"", c.Trust.SHA1)
	}
}

func (c *Config) checkRegistry(p *problems) {
	r := c.Registry
	if r.URL != "" && (r.Mailboxes != "" || r.Orders != "") {
		p.add("registry", 0, "url", "[registry] has both url and files: keep one")
	}
	if r.URL != "" && !webURL(r.URL) {
		p.add("registry", 0, "url", "url %q is no http(s) address", r.URL)
	}
	if r.Orders != "" && r.Mailboxes == "" {
		p.add("registry", 0, "orders", "orders without mailboxes: name both files")
	}
	for key, f := range map[string]string{"mailboxes": r.Mailboxes, "orders": r.Orders, "token_file": r.SecretFile} {
		if f != "" {
			p.existing("registry", 0, key, f)
		}
	}
}

func webURL(s string) bool {
	u, err := url.Parse(s)
	return err == nil && u.Host != "" && (u.Scheme == "https" || u.Scheme == "http")
}

func (a ActionConfig) check(p *problems, name string) {
	table := "action." + name
	if !slices.ContainsFunc(rules.StepWords, func(w rules.Word) bool { return w.Name == name }) {
		p.add(table, 0, "", "unknown step %q (one of: %s)", name, stepNames())
	}
	switch {
	case len(a.Command) == 0 && a.URL == "":
		p.add(table, 0, "", "[%s] needs command or url (leave the table out and an operator does the step)", table)
	case len(a.Command) > 0 && a.URL != "":
		p.add(table, 0, "url", "[%s] has both command and url: keep one", table)
	case a.URL != "" && !webURL(a.URL):
		p.add(table, 0, "url", "url %q is no http(s) address", a.URL)
	case a.URL != "" && a.SecretFile == "":
		p.add(table, 0, "url", "url needs secret_file: the key that signs each request")
	}
	if a.SecretFile != "" {
		p.existing(table, 0, "secret_file", a.SecretFile)
	}
}

func (c *Config) checkConsole(p *problems) {
	k := c.Console
	if k.Listen == "" {
		return
	}
	host, _, err := net.SplitHostPort(k.Listen)
	switch {
	case err != nil:
		p.add("console", 0, "listen", "listen %q: write it like \"127.0.0.1:8025\"", k.Listen)
	case (k.TLSCert == "") != (k.TLSKey == ""):
		p.add("console", 0, "tls_cert", "tls_cert and tls_key go together")
	case !loopback(host) && k.TLSCert == "" && k.TrustedProxy == "":
		p.add("console", 0, "listen", "listen %q is not loopback: set tls_cert and tls_key, or trusted_proxy_header behind a proxy that does TLS", k.Listen)
	}
}

func (c *Config) checkAlert(p *problems) {
	a := c.Alert
	ways := 0
	for _, set := range []bool{len(a.Command) > 0, a.URL != "", a.SMTP != ""} {
		if set {
			ways++
		}
	}
	if ways > 1 {
		p.add("alert", 0, "", "[alert] takes exactly one of command, smtp, url")
	}
	if a.SMTP != "" && (a.From == "" || len(a.To) == 0) {
		p.add("alert", 0, "smtp", "alerts by smtp need from and to")
	}
	for _, m := range c.Mailboxes {
		if a.SMTP != "" && (a.From == m.Address || slices.Contains(a.To, m.Address)) {
			p.add("alert", 0, "to", "alerts never use the request mailbox %s: name an ordinary account", m.Address)
		}
	}
}

func (p *problems) existing(table string, nth int, key, path string) {
	info, err := os.Stat(path)
	switch {
	case errors.Is(err, os.ErrNotExist):
		p.add(table, nth, key, "%s: no such file: %s", key, path)
	case err != nil:
		p.add(table, nth, key, "%s: %v", key, err)
	case info.IsDir():
		p.add(table, nth, key, "%s: %s is a folder", key, path)
	}
}

func (p *problems) folder(table string, nth int, key, path string) {
	if info, err := os.Stat(path); err != nil || !info.IsDir() {
		p.add(table, nth, key, "%s: no such folder: %s", key, path)
	}
}

func stepNames() string {
	var names []string
	for _, w := range rules.StepWords {
		names = append(names, w.Name)
	}
	return strings.Join(names, ", ")
}
