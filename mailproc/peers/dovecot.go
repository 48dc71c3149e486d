package peers

import (
	"bytes"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strings"
	"sync"
	"text/template"
	"time"
)

// DovecotOptions says what the server holds.
type DovecotOptions struct {
	Users   map[string]string // address → password
	Format  string            // "sdbox" (default) or "maildir"
	Quota   int64             // KiB for each user, with the IMAP QUOTA extension; 0: none
	Verbose bool              // mail_debug and auth_debug in the log
	Conf    []string          // further lines of dovecot.conf
}

// Dovecot is a running server. The addresses are host:port on 127.0.0.1; its certificate is for localhost and 127.0.0.1.
type Dovecot struct {
	*Authority
	IMAPS string // implicit TLS
	IMAP  string // STARTTLS offered; plain logins allowed
	LMTP  string
	Auth  string // Unix socket of Postfix's SASL protocol
	Dir   string

	opt  DovecotOptions
	bin  string
	proc *process
	lmtp lmtpClient
	once sync.Once

	edits int // of the users file
}

// StartDovecot starts the server and ends it with the test; the test fails when it cannot.
func StartDovecot(tb TB, opt DovecotOptions) *Dovecot {
	tb.Helper()
	Need(tb, "dovecot", "imap", "lmtp")
	d, err := NewDovecot(opt)
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() {
		if tb.Failed() {
			tb.Logf("dovecot's log:%s", tail(40, filepath.Join(d.Dir, "dovecot.log")))
		}
		d.Close()
	})
	return d
}

// NewDovecot starts the server; Close ends it and removes its folder.
func NewDovecot(opt DovecotOptions) (*Dovecot, error) {
	bin, err := find("dovecot")
	if err != nil {
		return nil, fmt.Errorf("peers: %w", err)
	}
	if err := dovecotVersion(bin); err != nil {
		return nil, fmt.Errorf("peers: %w", err)
	}
	dir, err := newDir("dovecot")
	if err != nil {
		return nil, fmt.Errorf("peers: %w", err)
	}
	d := &Dovecot{opt: opt, bin: bin, Dir: dir}
	if d.Authority, err = newAuthority(dir); err == nil {
		err = retry(func() error { return d.configureAndStart() })
	}
	if err != nil {
		os.RemoveAll(dir)
		return nil, fmt.Errorf("peers: dovecot: %w", err)
	}
	return d, nil
}

// dovecotVersion refuses what the configuration below is not written for.
func dovecotVersion(bin string) error {
	out, err := exec.Command(bin, "--version").Output()
	if err != nil {
		return fmt.Errorf("dovecot --version: %w", err)
	}
	v := strings.TrimSpace(string(out))
	if !strings.HasPrefix(v, "2.3.") {
		return fmt.Errorf("dovecot is version %s; this configuration is for 2.3 (Debian 12), 2.4 has another syntax", v)
	}
	return nil
}

func (d *Dovecot) configureAndStart() error {
	ports, err := freePorts(3)
	if err != nil {
		return err
	}
	d.IMAPS, d.IMAP, d.LMTP = loopback(ports[0]), loopback(ports[1]), loopback(ports[2])
	d.Auth = filepath.Join(d.Dir, "run", "sasl")
	u, err := mailUser()
	if err != nil {
		return err
	}
	mail := filepath.Join(d.Dir, "mail")
	if err := os.MkdirAll(mail, 0o755); err != nil {
		return err
	}
	if u.root {
		if err := os.Chown(mail, u.uid, u.gid); err != nil {
			return err
		}
	}
	if err := d.writeUsers(); err != nil {
		return err
	}
	format := d.opt.Format
	if format == "" {
		format = "sdbox"
	}
	var conf bytes.Buffer
	err = dovecotConf.Execute(&conf, map[string]any{"Dir": d.Dir, "IMAPS": ports[0], "IMAP": ports[1], "LMTP": ports[2],
		"Cert": d.cert, "Key": d.key, "Mail": format, "UID": u.uid, "GID": u.gid, "Root": u.root, "User": u.name,
		"Group": u.group, "Quota": d.opt.Quota, "Verbose": d.opt.Verbose,
		"Conf": strings.Join(d.opt.Conf, "\n")})
	if err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(d.Dir, "dovecot.conf"), conf.Bytes(), 0o644); err != nil {
		return err
	}
	if err := d.Restart(); err != nil {
		return err
	}
	for addr, pass := range d.opt.Users {
		if err := d.visit(addr, pass); err != nil {
			d.Kill()
			return err
		}
	}
	return nil
}

// visit opens the user's INBOX once, which makes it: two first deliveries at the same time would meet while they make it,
// and one would be refused, or its process even die.
func (d *Dovecot) visit(addr, password string) error {
	c, err := net.DialTimeout("tcp", d.IMAP, startLimit)
	if err != nil {
		return err
	}
	defer c.Close()
	if err := c.SetDeadline(time.Now().Add(startLimit)); err != nil {
		return err
	}
	fmt.Fprintf(c, "a LOGIN %q %q\r\nb SELECT INBOX\r\nc LOGOUT\r\n", addr, password)
	said, err := io.ReadAll(c)
	if err != nil || !bytes.Contains(said, []byte("\r\nb OK")) {
		return fmt.Errorf("first visit of %s: %v: %q", addr, err, said)
	}
	return nil
}

func (d *Dovecot) writeUsers() error {
	var b strings.Builder
	for addr, pass := range d.opt.Users {
		if strings.ContainsAny(addr+pass, ":\n") {
			return fmt.Errorf("user %q: no colon or line end in names and passwords", addr)
		}
		fmt.Fprintf(&b, "%s:{PLAIN}%s\n", addr, pass)
	}
	return os.WriteFile(filepath.Join(d.Dir, "users"), []byte(b.String()), 0o644)
}

// AddUser adds a user, or changes its password, while the server runs. Dovecot looks at the file's modification time
// in whole seconds, at most once a second: the next second is waited for.
func (d *Dovecot) AddUser(addr, password string) error {
	users := map[string]string{addr: password}
	for a, p := range d.opt.Users {
		if a != addr {
			users[a] = p
		}
	}
	d.opt.Users = users
	if err := d.writeUsers(); err != nil {
		return err
	}
	d.edits++
	now := time.Now()
	if err := os.Chtimes(filepath.Join(d.Dir, "users"), now, now.Add(time.Duration(d.edits)*2*time.Second)); err != nil {
		return err
	}
	time.Sleep(time.Until(now.Truncate(time.Second).Add(1050 * time.Millisecond)))
	return d.visit(addr, password)
}

// Restart starts the server again on the same ports and mail; it ends it first when it runs.
func (d *Dovecot) Restart() error {
	d.Stop()
	p, err := start(filepath.Join(d.Dir, "output.log"), d.bin, "-F", "-c", filepath.Join(d.Dir, "dovecot.conf"))
	if err != nil {
		return err
	}
	if err := p.listening(d.IMAPS, d.IMAP, d.LMTP); err != nil {
		p.stop()
		return fmt.Errorf("%w%s", err, tail(10, filepath.Join(d.Dir, "output.log"), filepath.Join(d.Dir, "dovecot.log")))
	}
	d.proc = p
	return nil
}

// Kill ends the server and all its sessions at once, as a power cut would. Restart brings it back.
func (d *Dovecot) Kill() {
	d.lmtp.close()
	if d.proc != nil {
		d.proc.kill()
		d.proc = nil
	}
}

// Stop ends the server in order. Restart brings it back.
func (d *Dovecot) Stop() {
	d.lmtp.close()
	if d.proc != nil {
		d.proc.stop()
		d.proc = nil
	}
}

// Close ends the server and removes its folder.
func (d *Dovecot) Close() {
	d.once.Do(func() {
		d.Kill() // what it holds is thrown away
		os.RemoveAll(d.Dir)
	})
}

// Deliver hands one message (CRLF lines) to the user's INBOX by LMTP; when it returns the message is there. All
// deliveries share one connection.
func (d *Dovecot) Deliver(to string, raw []byte) error {
	return d.lmtp.deliver(d.LMTP, to, raw)
}

// account is the user that owns the mail.
type account struct {
	uid, gid    int
	name, group string
	root        bool
}

// mailUser is Debian's mail user when we are root (Dovecot gives no mail to root), else the user we are.
func mailUser() (account, error) {
	if os.Getuid() != 0 {
		u, err := user.Current()
		if err != nil {
			return account{}, err
		}
		g, err := user.LookupGroupId(u.Gid)
		if err != nil {
			return account{}, err
		}
		return account{uid: os.Getuid(), gid: os.Getgid(), name: u.Username, group: g.Name}, nil
	}
	u, err := user.Lookup("mail")
	if err != nil {
		return account{}, err
	}
	a := account{name: "mail", group: "mail", root: true}
	if _, err := fmt.Sscan(u.Uid+" "+u.Gid, &a.uid, &a.gid); err != nil {
		return account{}, err
	}
	return a, nil
}

// dovecotConf: no fsync (the tests' subject is Sportello's durability, not Dovecot's), and no fork limits that a crash
// test's reconnections would meet, nor the growing delay after wrong passwords.
var dovecotConf = template.Must(template.New("dovecot.conf").Parse(`
base_dir = {{.Dir}}/run
state_dir = {{.Dir}}/state
log_path = {{.Dir}}/dovecot.log
instance_name = {{.Dir}}
protocols = imap lmtp
listen = 127.0.0.1
ssl = yes
ssl_cert = <{{.Cert}}
ssl_key = <{{.Key}}
ssl_min_protocol = TLSv1.2
disable_plaintext_auth = no
auth_mechanisms = plain login
auth_failure_delay = 0
auth_cache_size = 0
mail_location = {{.Mail}}:~/{{.Mail}}
mail_home = {{.Dir}}/mail/%u
mail_uid = {{.UID}}
mail_gid = {{.GID}}
first_valid_uid = 1
first_valid_gid = 1
mail_fsync = never
lock_method = flock
mail_max_userip_connections = 1000
mail_plugins ={{if .Quota}} quota{{end}}
{{if .Verbose}}mail_debug = yes
auth_debug = yes{{end}}
passdb {
  driver = passwd-file
  args = scheme=PLAIN username_format=%u {{.Dir}}/users
}
userdb {
  driver = static
  args = uid={{.UID}} gid={{.GID}} home={{.Dir}}/mail/%u
}
namespace inbox {
  inbox = yes
}
protocol imap {
  mail_plugins = $mail_plugins{{if .Quota}} imap_quota{{end}}
}
{{if .Quota}}plugin {
  quota = count:User quota
  quota_rule = *:storage={{.Quota}}K
  quota_vsizes = yes
}{{end}}
protocol lmtp {
  postmaster_address = postmaster@pec.example.it
}
{{if not .Root}}
default_internal_user = {{.User}}
default_login_user = {{.User}}
default_internal_group = {{.Group}}
{{end}}
service anvil {
{{if not .Root}}  chroot =
{{end}}  client_limit = 2000
  unix_listener anvil-auth-penalty {
    mode = 0
  }
}
service stats {
  client_limit = 2000
}
service imap-login {
{{if not .Root}}  chroot =
{{end}}  service_count = 0
  process_min_avail = 1
  client_limit = 500
  inet_listener imap {
    address = 127.0.0.1
    port = {{.IMAP}}
  }
  inet_listener imaps {
    address = 127.0.0.1
    port = {{.IMAPS}}
    ssl = yes
  }
}
service imap {
  process_limit = 500
}
service lmtp {
  process_min_avail = 1
  inet_listener lmtp {
    address = 127.0.0.1
    port = {{.LMTP}}
  }
}
service auth {
  client_limit = 2000
  unix_listener sasl {
    mode = 0666
  }
}
{{.Conf}}
`))
