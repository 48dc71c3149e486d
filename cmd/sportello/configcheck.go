package main

import (
	"cmp"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/mail"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"

	"golang.org/x/net/http/httpguts"

	"sportello/rules"
)

// check tells every mistake that can be seen without any network.
func (c *Config) check(p *problems) {
	c.checkHead(p)
	if len(c.Mailboxes) == 0 {
		p.add("", 0, "mailbox", "no [[mailbox]]: add one for each request mailbox, with name, address, imap, smtp, user and password_file")
	}
	seen := map[string]bool{}
	for i := range c.Mailboxes {
		c.Mailboxes[i].check(p, i)
		c.Mailboxes[i].once(p, i, seen)
	}
	c.checkTrust(p)
	c.checkRegistry(p)
	for name, a := range c.Actions {
		a.check(p, name)
	}
	c.checkNumbers(p)
	c.checkConsole(p)
	c.checkAlert(p)
	if err := c.Letters.Check(); err != nil {
		for _, text := range strings.Split(err.Error(), "\n") {
			key, _, _ := strings.Cut(strings.TrimPrefix(text, "letters."), ":")
			p.add("letters", 0, key, "%s", text)
		}
	}
}

// checkHead looks at what stands before the first table.
func (c *Config) checkHead(p *problems) {
	if c.Data == "" {
		p.add("", 0, "data", "data is missing: the folder for database and archive, e.g. data = \"/var/lib/sportello\"")
	} else if file := fileAbove(c.Data); file != "" {
		p.add("", 0, "data", "data: %s is a file: name a folder", file)
	}
	if c.TimeZone != "" && c.TimeZone != zone {
		p.add("", 0, "time_zone", "time_zone %q: terms of law and letters are in Italian time, %s: remove the line", c.TimeZone, zone)
	}
	if _, err := rules.NewCalendar(zone, c.Closures, false); err != nil {
		p.add("", 0, "closures", "%v", err)
	}
	if info, err := os.Stat(c.Templates); c.Templates != "" && (err != nil || !info.IsDir()) {
		p.add("", 0, "templates", "templates: no such folder: %s: make it, or remove the line to use the procedures that come with the program", c.Templates)
	}
	if len(c.Domains) == 0 {
		p.add("", 0, "domains", "domains is missing: the mailbox domains that you manage, e.g. domains = [\"pec.example.it\"]")
	}
	for _, d := range c.Domains {
		if !isDomain(d) {
			p.add("", 0, "domains", "domains: %q is no domain: write what follows the @, e.g. \"pec.example.it\"", d)
		}
	}
}

// fileAbove is what is no folder on the way to one that may not be there yet.
func fileAbove(path string) string {
	for ; ; path = filepath.Dir(path) {
		info, err := os.Stat(path)
		switch {
		case err == nil && !info.IsDir():
			return path
		case err == nil || path == filepath.Dir(path):
			return ""
		}
	}
}

func isDomain(s string) bool {
	return s != "" && !strings.ContainsAny(s, "@/:* \t\"") && !strings.HasPrefix(s, ".") && !strings.HasSuffix(s, ".")
}

// check looks at one mailbox, the i-th.
func (m *MailboxConfig) check(p *problems, i int) {
	bad := func(key, format string, args ...any) { p.add("mailbox", i, key, format, args...) }
	if m.Name == "" {
		bad("name", "name is missing: procedures refer to mailboxes as \"disattivazioni\" and \"customer.service\"")
	} else if strings.ContainsAny(m.Name, "/\\") || strings.HasPrefix(m.Name, ".") {
		bad("name", "name %q: it names a folder too, so write it without / and not beginning with a dot", m.Name)
	}
	if !isAddress(m.Address) {
		bad("address", "address %q is no mail address: write it like \"disattivazioni@pec.example.com\"", m.Address)
	}
	if strings.ContainsFunc(m.FromName, unicode.IsControl) {
		bad("from_name", "from_name %q has line breaks or control characters, and no letter could leave: write it on one line", m.FromName)
	}
	m.checkURL(bad, "imap", m.IMAP)
	m.checkURL(bad, "smtp", m.SMTP)
	if m.User == "" {
		bad("user", "user is missing: the login of the mailbox, often its address")
	}
	m.checkPassword(p, i)
	if m.CA != "" {
		p.certificates("mailbox", i, "ca", m.CA)
	}
	if m.Since != "" && m.Since != "all" && m.Since != "now" {
		if _, err := time.Parse(time.DateOnly, m.Since); err != nil {
			bad("since", "since %q: write \"all\", \"now\" or a date like \"2026-11-01\"", m.Since)
		}
	}
	if m.SMTPAuth != nil && !*m.SMTPAuth && m.SMTPUser != "" {
		bad("smtp_user", "smtp_user has no use when smtp_auth = false: keep one of the two lines")
	}
	if m.Senders < 0 {
		bad("senders", "senders %d: write how many SMTP connections are used at once, e.g. 4", m.Senders)
	}
	if m.Idle.Duration > 29*time.Minute {
		bad("idle", "idle %s: servers may end an IDLE after 30 minutes (RFC 2177), so write at most \"29m\"", m.Idle)
	}
}

// once tells mailboxes that share a name, an address, or the folder that they
// are read from; seen is what those before it have.
func (m *MailboxConfig) once(p *problems, i int, seen map[string]bool) {
	name, address := "name "+m.Name, "address "+strings.ToLower(m.Address)
	folder := strings.Join([]string{"folder", m.IMAP, m.User, cmp.Or(m.Folder, "INBOX")}, " ")
	if m.Name != "" && seen[name] {
		p.add("mailbox", i, "name", "two mailboxes are named %q: give each its own name", m.Name)
	}
	switch {
	case m.Address != "" && seen[address]:
		p.add("mailbox", i, "address", "two mailboxes have the address %s: keep one, or each message would be read twice", m.Address)
	case m.IMAP != "" && m.User != "" && seen[folder]:
		p.add("mailbox", i, "user", "two mailboxes read the same folder of user %s: keep one, or each message would be read twice", m.User)
	}
	seen[name], seen[address], seen[folder] = true, true, true
}

func (m *MailboxConfig) checkPassword(p *problems, i int) {
	switch {
	case m.PasswordFile == "" && m.PasswordEnv == "":
		p.add("mailbox", i, "password_file", "password_file is missing: name a file whose first line is the password (or password_env, an environment variable)")
	case m.PasswordFile != "" && m.PasswordEnv != "":
		p.add("mailbox", i, "password_env", "password_file and password_env are both set: keep one")
	case m.PasswordEnv != "":
		if os.Getenv(m.PasswordEnv) == "" && !p.idle {
			p.add("mailbox", i, "password_env", "password_env: the environment variable %s is empty: set it to the password before starting", m.PasswordEnv)
		}
	default:
		p.secret("mailbox", i, "password_file", m.PasswordFile)
	}
}

func isAddress(s string) bool {
	a, err := mail.ParseAddress(s)
	return err == nil && a.Address == s && a.Name == ""
}

func (m *MailboxConfig) checkURL(bad func(key, format string, args ...any), key, value string) {
	u, err := url.Parse(value)
	switch {
	case value == "":
		bad(key, "%s is missing: write it like %s = \"%ss://host:port\"", key, key, key)
	case err != nil || u.Hostname() == "" || u.Scheme != key && u.Scheme != key+"s":
		bad(key, "%s %q: write it like \"%ss://host:port\" (TLS) or \"%s://host:port\" (STARTTLS)", key, value, key, key)
	case u.User != nil:
		bad(key, "%s: user and password do not stand in the address: write user = and password_file =", key)
	case u.Port() != "" && !isPort(u.Port()):
		bad(key, "%s %q: port %s does not exist: write one between 1 and 65535, or none for the usual one", key, value, u.Port())
	case strings.Trim(u.Path, "/") != "" || u.RawQuery != "" || u.Fragment != "":
		bad(key, "%s %q: nothing stands behind the port; another folder than INBOX is folder = \"…\"", key, value)
	case m.Plaintext && u.Scheme == key+"s":
		bad("plaintext", "plaintext = true contradicts %s %q: remove the line, or write %s://", key, value, key)
	case m.Plaintext && !loopback(u.Hostname()):
		bad("plaintext", "plaintext = true is for loopback only, and %s is not: use %ss:// or STARTTLS", u.Hostname(), key)
	}
}

// isPort reports whether a listener or a server can have this port.
func isPort(s string) bool {
	n, err := strconv.ParseUint(s, 10, 16)
	return err == nil && n > 0
}

func loopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

func (c *Config) checkTrust(p *problems) {
	t := c.Trust
	if len(t.Roots) == 0 {
		p.add("trust", 0, "roots", "[trust] roots is missing: the PEM files of the authorities that certify providers; without them no sender can be proved")
	}
	for _, f := range t.Roots {
		p.certificates("trust", 0, "roots", f)
	}
	switch {
	case strings.Contains(t.Index, "://"):
		p.add("trust", 0, "index", "index is the file that the index is kept in: name one, and fill it with `sportello trust import %s`", t.Index)
	case t.Index != "":
		p.exists("trust", 0, "index", t.Index, "fetch it with `sportello trust import FILE|URL`")
	case len(t.IndexSigners) > 0:
		p.add("trust", 0, "index_signers", "index_signers without index: name the file of the index too")
	}
	for _, f := range t.IndexSigners {
		p.certificates("trust", 0, "index_signers", f)
	}
	for _, f := range t.CRL {
		if !strings.Contains(f, "://") {
			p.exists("trust", 0, "crl", f, "name a revocation list, PEM or DER, or its http:// address")
		} else if !webURL(f) {
			p.add("trust", 0, "crl", "crl %q: write an http:// or https:// address, or a file", f)
		}
	}
	if !slices.Contains([]string{"accept", "review", "reject"}, t.SHA1) {
		p.add("trust", 0, "sha1", "sha1 %q: write \"accept\", \"review\" or \"reject\"", t.SHA1)
	}
}

func (c *Config) checkRegistry(p *problems) {
	r := c.Registry
	if r.URL != "" && (r.Mailboxes != "" || r.Orders != "") {
		p.add("registry", 0, "url", "[registry] has both url and files: keep one")
	}
	if r.URL != "" {
		p.service("registry", "url", r.URL)
	} else if r.TokenFile != "" {
		p.add("registry", 0, "token_file", "token_file is for the service at url, which is not set: remove one or add the other")
	}
	if r.Orders != "" && r.Mailboxes == "" {
		p.add("registry", 0, "orders", "orders without mailboxes: name both files")
	}
	if r.Mailboxes != "" {
		p.exists("registry", 0, "mailboxes", r.Mailboxes, "export it with the columns address,status,holder,tax_code,panel,expires and `sportello registry import` it")
	}
	if r.Orders != "" {
		p.exists("registry", 0, "orders", r.Orders, "export it with the columns number,address,kind,date,panel,amount and `sportello registry import` it")
	}
	if r.TokenFile != "" {
		p.secret("registry", 0, "token_file", r.TokenFile)
	}
}

func webURL(s string) bool {
	u, err := url.Parse(s)
	return err == nil && u.Host != "" && (u.Scheme == "https" || u.Scheme == "http")
}

func (a *ActionConfig) check(p *problems, name string) {
	table := "action." + name
	switch {
	case len(a.Command) == 0 && a.URL == "":
		p.add(table, 0, "command", "[%s] needs command or url (leave the table out and an operator does the step)", table)
	case len(a.Command) > 0 && a.URL != "":
		p.add(table, 0, "url", "[%s] has both command and url: keep one", table)
	case len(a.Command) > 0:
		p.program(table, a.Command)
		if a.SecretFile != "" {
			p.add(table, 0, "secret_file", "secret_file signs requests to a url, and this is a command: remove it")
		}
	case a.SecretFile == "":
		p.add(table, 0, "url", "url needs secret_file: a file whose first line is the key that signs each request")
	default:
		p.secret(table, 0, "secret_file", a.SecretFile)
	}
	if a.URL != "" {
		p.service(table, "url", a.URL)
	}
}

// checkNumbers refuses what is below nothing.
func (c *Config) checkNumbers(p *problems) {
	for _, n := range []struct {
		table, key string
		value      int
	}{{"limits", "letters_per_hour", c.Limits.PeerHour}, {"limits", "letters_per_day", c.Limits.PeerDay},
		{"limits", "ordinary_per_hour", c.Limits.OrdinaryHour}, {"retention", "months", c.Retention.Months}} {
		if n.value < 0 {
			p.add(n.table, 0, n.key, "%s %d: write a number above 0, or remove the line for the default", n.key, n.value)
		}
	}
	if h, d := c.Limits.PeerHour, c.Limits.PeerDay; h > 0 && d > 0 && h > d {
		p.add("limits", 0, "letters_per_hour", "letters_per_hour %d is more than letters_per_day %d: lower it", h, d)
	}
}

func (c *Config) checkConsole(p *problems) {
	k := c.Console
	if k.Listen == "" {
		return
	}
	host, port, err := net.SplitHostPort(k.Listen)
	switch {
	case err != nil || !isPort(port):
		p.add("console", 0, "listen", "listen %q: write it like \"127.0.0.1:8025\"", k.Listen)
	case k.TrustedProxyHeader != "" && !httpguts.ValidHeaderFieldName(k.TrustedProxyHeader):
		p.add("console", 0, "trusted_proxy_header", "trusted_proxy_header %q is no name of a header: write one like \"X-Forwarded-For\"", k.TrustedProxyHeader)
	case (k.TLSCert == "") != (k.TLSKey == ""):
		p.add("console", 0, "tls_cert", "tls_cert and tls_key go together: name both files or neither")
	case !loopback(host) && k.TLSCert == "" && k.TrustedProxyHeader == "":
		p.add("console", 0, "listen", "listen %q is not loopback: set tls_cert and tls_key, or trusted_proxy_header behind a proxy that does TLS", k.Listen)
	}
	if k.TLSCert != "" && k.TLSKey != "" && !p.idle {
		if _, err := tls.LoadX509KeyPair(k.TLSCert, k.TLSKey); err != nil {
			p.add("console", 0, "tls_cert", "tls_cert and tls_key: %v: name a PEM certificate (with its chain) and its key", err)
		}
	}
}

func (c *Config) checkAlert(p *problems) {
	a := c.Alert
	if a.Language != "" && a.Language != "it" && a.Language != "en" {
		p.add("alert", 0, "language", "language %q: write \"it\" or \"en\"", a.Language)
	}
	ways := 0
	for _, set := range []bool{len(a.Command) > 0, a.URL != "", a.SMTP != ""} {
		if set {
			ways++
		}
	}
	if ways > 1 {
		p.add("alert", 0, "", "[alert] has more than one of command, smtp, url: keep one")
	}
	if len(a.Command) > 0 {
		p.program("alert", a.Command)
	}
	if a.URL != "" && !webURL(a.URL) {
		p.add("alert", 0, "url", "url %q: write an https:// address", a.URL)
	}
	if a.SMTP != "" {
		c.checkAlertMail(p)
	}
}

func (c *Config) checkAlertMail(p *problems) {
	a := c.Alert
	as := &MailboxConfig{Plaintext: a.Plaintext}
	as.checkURL(func(key, format string, args ...any) { p.add("alert", 0, key, format, args...) }, "smtp", a.SMTP)
	if !isAddress(a.From) || len(a.To) == 0 {
		p.add("alert", 0, "smtp", "alerts by smtp need from, an address, and to, a list of them")
	}
	for _, to := range a.To {
		if !isAddress(to) {
			p.add("alert", 0, "to", "to: %q is no mail address", to)
		}
	}
	for _, m := range c.Mailboxes {
		if strings.EqualFold(a.From, m.Address) || slices.ContainsFunc(a.To, func(to string) bool { return strings.EqualFold(to, m.Address) }) {
			p.add("alert", 0, "to", "alerts never use the request mailbox %s: name an ordinary account", m.Address)
		}
	}
	switch {
	case a.User != "" && a.PasswordFile == "":
		p.add("alert", 0, "user", "user needs password_file: a file whose first line is the password")
	case a.PasswordFile != "":
		p.secret("alert", 0, "password_file", a.PasswordFile)
	}
	if a.CA != "" {
		p.certificates("alert", 0, "ca", a.CA)
	}
}

// exists tells a file that is not there, or cannot be read, and what to do.
func (p *problems) exists(table string, nth int, key, path, remedy string) bool {
	f, err := os.Open(path)
	if err == nil {
		defer f.Close()
		var info os.FileInfo
		if info, err = f.Stat(); err == nil && info.IsDir() {
			p.add(table, nth, key, "%s: %s is a folder: name a file", key, path)
			return false
		}
	}
	switch {
	case err == nil:
		return true
	case errors.Is(err, os.ErrNotExist):
		p.add(table, nth, key, "%s: no such file: %s: %s", key, path, remedy)
	case errors.Is(err, os.ErrPermission):
		p.add(table, nth, key, "%s: %s may not be read: say this as the user that the desk runs as, or give him the file", key, path)
	default:
		p.add(table, nth, key, "%s: %v", key, err)
	}
	return false
}

// certificates tells a file that holds no PEM certificate.
func (p *problems) certificates(table string, nth int, key, path string) {
	if !p.exists(table, nth, key, path, "name a PEM file of certificates") {
		return
	}
	raw, err := os.ReadFile(path)
	if err == nil && !x509.NewCertPool().AppendCertsFromPEM(raw) {
		p.add(table, nth, key, "%s: %s holds no certificate: name a PEM file (-----BEGIN CERTIFICATE-----)", key, path)
	}
}

// secret tells a file without a secret in its first line; never the secret.
func (p *problems) secret(table string, nth int, key, path string) {
	if p.idle || !p.exists(table, nth, key, path, "write the secret in its first line and make it readable for sportello only (chmod 600)") {
		return
	}
	if _, err := readSecret(path, ""); err != nil {
		p.add(table, nth, key, "%s: %v: write the secret in its first line", key, err)
	}
}

// service tells an address that secrets or customers' data may not go to.
func (p *problems) service(table, key, value string) {
	u, err := url.Parse(value)
	switch {
	case err != nil || !webURL(value):
		p.add(table, 0, key, "%s %q is no address: write it like \"https://host/path\"", key, value)
	case u.User != nil:
		p.add(table, 0, key, "%s: user and password do not stand in the address: name the secret's file", key)
	case u.Scheme == "http" && !loopback(u.Hostname()):
		p.add(table, 0, key, "%s %q: customers' data goes there, so write https:// (http:// is for loopback only)", key, value)
	}
}

// program tells a command that cannot be run.
func (p *problems) program(table string, command []string) {
	if _, err := exec.LookPath(command[0]); err != nil && !p.idle {
		p.add(table, 0, "command", "command: %s cannot be run (%v): name an executable file", command[0], errors.Unwrap(err))
	}
}

// checkSteps tells an action for a step that no procedure can have.
func (c *Config) checkSteps(set *rules.Set) error {
	var names []string
	for _, w := range rules.StepWords {
		names = append(names, w.Name)
	}
	for _, p := range set.Procedures {
		for _, st := range p.Steps {
			names = append(names, st.Do)
		}
	}
	for name := range c.Actions {
		if !slices.Contains(names, name) {
			slices.Sort(names)
			return fmt.Errorf("%s: [action.%s]: unknown step %q: write one of %s, or give a procedure a step of that name", c.File, name, name, strings.Join(slices.Compact(names), ", "))
		}
	}
	return nil
}

// usualMailboxes are those that the procedures in the program refer to: who
// does not have one of them does not offer what is asked there.
var usualMailboxes = []string{"disattivazioni", "customer.service"}

// checkReaders tells a procedure of a mailbox that is none of ours: a slip of
// the pen, with which it would receive nothing. Only config check refuses it: a
// daemon that runs is not to stop for it.
func (c *Config) checkReaders(set *rules.Set) error {
	known := slices.Clone(usualMailboxes)
	for _, m := range c.Mailboxes {
		known = append(known, m.Name)
	}
	var wrong []error
	for _, p := range set.Procedures {
		if p.Mailbox == "" || slices.Contains(known, p.Mailbox) {
			continue
		}
		hint := ""
		if n := slices.IndexFunc(known, func(k string) bool { return k == nearest(p.Mailbox, known) || strings.HasPrefix(k, p.Mailbox) }); n >= 0 {
			hint = fmt.Sprintf(" (did you mean %q?)", known[n])
		}
		wrong = append(wrong, fmt.Errorf("procedure %s: mailbox %q: no [[mailbox]] of %s has that name%s", p.Name, p.Mailbox, c.File, hint))
	}
	return errors.Join(wrong...)
}
