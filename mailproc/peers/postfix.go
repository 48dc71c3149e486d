package peers

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"os/user"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"text/template"
	"time"
)

// PostfixOptions says what the server does with mail.
type PostfixOptions struct {
	Domains []string // domains delivered to Deliver; every other one is refused
	Deliver *Dovecot // by LMTP; nil: all mail is accepted and thrown away
	Auth    bool     // AUTH PLAIN and LOGIN against Deliver's users, demanded after TLS
	Conf    []string // further "name = value" lines of main.cf
}

// Postfix is a running server. The addresses are host:port on 127.0.0.1; its certificate is for localhost and 127.0.0.1.
type Postfix struct {
	*Authority
	SMTPS string // implicit TLS
	SMTP  string // STARTTLS offered
	Dir   string

	opt  PostfixOptions
	bin  string
	proc *process
	once sync.Once
}

// StartPostfix starts the server and ends it with the test; the test fails when it cannot.
func StartPostfix(tb TB, opt PostfixOptions) *Postfix {
	tb.Helper()
	Need(tb, "postfix", "master")
	p, err := NewPostfix(opt)
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() {
		if tb.Failed() {
			tb.Logf("postfix's log:%s", tail(40, filepath.Join(p.Dir, "postfix.log")))
		}
		p.Close()
	})
	return p
}

// NewPostfix starts the server; Close ends it and removes its folder.
func NewPostfix(opt PostfixOptions) (*Postfix, error) {
	if os.Getuid() != 0 {
		return nil, errors.New("peers: postfix's master starts only as root: run the tests as root (sudo -E go test …)")
	}
	bin, err := find("master")
	if err != nil {
		return nil, fmt.Errorf("peers: %w", err)
	}
	if opt.Auth && opt.Deliver == nil {
		return nil, errors.New("peers: postfix: Auth needs the users of a Dovecot")
	}
	dir, err := newDir("postfix")
	if err != nil {
		return nil, fmt.Errorf("peers: %w", err)
	}
	p := &Postfix{opt: opt, bin: bin, Dir: dir}
	if p.Authority, err = newAuthority(dir); err == nil {
		err = retry(p.configureAndStart)
	}
	if err != nil {
		os.RemoveAll(dir)
		return nil, fmt.Errorf("peers: postfix: %w", err)
	}
	return p, nil
}

func (p *Postfix) configureAndStart() error {
	ports, err := freePorts(2)
	if err != nil {
		return err
	}
	p.SMTPS, p.SMTP = loopback(ports[0]), loopback(ports[1])
	if err := p.folders(); err != nil {
		return err
	}
	values := map[string]any{"Dir": p.Dir, "Cert": p.cert, "Key": p.key, "SMTPS": p.SMTPS, "SMTP": p.SMTP,
		"Daemons": filepath.Dir(p.bin), "Domains": strings.Join(p.opt.Domains, " "), "Auth": p.opt.Auth,
		"Conf": strings.Join(p.opt.Conf, "\n")}
	if p.opt.Deliver != nil {
		values["LMTP"], values["SASL"] = p.opt.Deliver.LMTP, p.opt.Deliver.Auth
	}
	for name, t := range map[string]*template.Template{"main.cf": mainCF, "master.cf": masterCF} {
		var b bytes.Buffer
		if err := t.Execute(&b, values); err != nil {
			return err
		}
		file := filepath.Join(p.Dir, "conf", name)
		if err := os.WriteFile(file, b.Bytes(), 0o644); err != nil {
			return err
		}
		// Postfix waits until a configuration file is two seconds old, lest it is still being written.
		old := time.Now().Add(-time.Minute)
		if err := os.Chtimes(file, old, old); err != nil {
			return err
		}
	}
	return p.Restart()
}

// folders makes the queue with the owners that Postfix's daemons check.
func (p *Postfix) folders() error {
	uid, gid, err := ids("postfix", "postdrop")
	if err != nil {
		return err
	}
	type folder struct {
		name     string
		mode     os.FileMode
		uid, gid int
	}
	list := []folder{{"conf", 0o755, 0, 0}, {"queue", 0o755, 0, 0}, {"queue/pid", 0o755, 0, 0}, {"data", 0o700, uid, 0},
		{"queue/maildrop", 0o730 | os.ModeSticky, uid, gid}, {"queue/public", 0o710 | os.ModeSetgid, uid, gid}}
	for _, q := range []string{"active", "bounce", "corrupt", "defer", "deferred", "flush", "hold", "incoming", "private",
		"saved", "trace"} {
		list = append(list, folder{"queue/" + q, 0o700, uid, 0})
	}
	for _, f := range list {
		path := filepath.Join(p.Dir, f.name)
		if err := os.MkdirAll(path, 0o755); err != nil {
			return err
		}
		if err := os.Chown(path, f.uid, f.gid); err != nil {
			return err
		}
		if err := os.Chmod(path, f.mode); err != nil { // after the chown, which drops the special bits
			return err
		}
	}
	return nil
}

func ids(name, group string) (uid, gid int, err error) {
	u, err := user.Lookup(name)
	if err != nil {
		return 0, 0, err
	}
	g, err := user.LookupGroup(group)
	if err != nil {
		return 0, 0, err
	}
	if uid, err = strconv.Atoi(u.Uid); err != nil {
		return 0, 0, err
	}
	gid, err = strconv.Atoi(g.Gid)
	return uid, gid, err
}

// Restart starts the server again on the same ports and queue; it ends it first when it runs.
func (p *Postfix) Restart() error {
	p.Stop()
	proc, err := start(filepath.Join(p.Dir, "output.log"), p.bin, "-c", filepath.Join(p.Dir, "conf"), "-d")
	if err != nil {
		return err
	}
	if err := proc.listening(p.SMTPS, p.SMTP); err != nil {
		proc.stop()
		return fmt.Errorf("%w%s", err, tail(10, filepath.Join(p.Dir, "output.log"), filepath.Join(p.Dir, "postfix.log")))
	}
	p.proc = proc
	return nil
}

// Kill ends the server and all its daemons at once, as a power cut would. Restart brings it back.
func (p *Postfix) Kill() {
	if p.proc != nil {
		p.proc.kill()
		p.proc = nil
	}
}

// Stop ends the server in order. Restart brings it back.
func (p *Postfix) Stop() {
	if p.proc != nil {
		p.proc.stop()
		p.proc = nil
	}
}

// Close ends the server and removes its folder.
func (p *Postfix) Close() {
	p.once.Do(func() {
		p.Kill() // what it holds is thrown away
		os.RemoveAll(p.Dir)
	})
}

// mainCF: nothing leaves the machine, no name is looked up, no limit on clients from the loopback.
var mainCF = template.Must(template.New("main.cf").Parse(`compatibility_level = 3.6
queue_directory = {{.Dir}}/queue
data_directory = {{.Dir}}/data
daemon_directory = {{.Daemons}}
maillog_file = {{.Dir}}/postfix.log
maillog_file_prefixes = {{.Dir}}
myhostname = mx.pec.example.it
mydomain = pec.example.it
myorigin = pec.example.it
mydestination =
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
mynetworks = 127.0.0.0/8
alias_maps =
alias_database =
smtpd_peername_lookup = no
smtp_dns_support_level = disabled
smtp_host_lookup = native
message_size_limit = 104857600
mailbox_size_limit = 0
biff = no
enable_long_queue_ids = yes
smtpd_error_sleep_time = 0
minimal_backoff_time = 1s
maximal_backoff_time = 5s
queue_run_delay = 1s
smtpd_tls_security_level = may
smtpd_tls_cert_file = {{.Cert}}
smtpd_tls_key_file = {{.Key}}
smtpd_tls_auth_only = yes
smtpd_banner = mx.pec.example.it ESMTP
append_dot_mydomain = no
local_recipient_maps =
local_transport = error:no local mail
{{- if .Auth}}
smtpd_sasl_auth_enable = yes
smtpd_sasl_type = dovecot
smtpd_sasl_path = {{.SASL}}
smtpd_relay_restrictions = permit_sasl_authenticated, reject
{{- else if .LMTP}}
smtpd_relay_restrictions = reject_unauth_destination
{{- else}}
smtpd_relay_restrictions = permit_mynetworks, reject
{{- end}}
{{- if .LMTP}}
virtual_mailbox_domains = {{.Domains}}
virtual_mailbox_maps = static:all
virtual_transport = lmtp:inet:{{.LMTP}}
default_transport = error:5.7.1 mail does not leave this machine
{{- else}}
default_transport = discard:
relay_transport = discard:
{{- end}}
{{.Conf}}
`))

var masterCF = template.Must(template.New("master.cf").Parse(`{{.SMTP}} inet n - n - - smtpd
{{.SMTPS}} inet n - n - - smtpd
  -o smtpd_tls_wrappermode=yes
pickup unix n - n 60 1 pickup
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
tlsmgr unix - - n 1000? 1 tlsmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
verify unix - - n - 1 verify
proxymap unix - - n - - proxymap
smtp unix - - n - - smtp
showq unix n - n - - showq
error unix - - n - - error
retry unix - - n - - error
discard unix - - n - - discard
lmtp unix - - n - - lmtp
anvil unix - - n - 1 anvil
scache unix - - n - 1 scache
postlog unix-dgram n - n - 1 postlogd
`))
