// Package peers starts the real programs that Sportello's tests and benchmarks talk to: Dovecot (IMAP and LMTP) and
// Postfix (SMTP). Each runs in its own temporary folder, on free ports of the loopback, with its own certificate
// authority, and ends with the test, even when the test dies.
//
//	d := peers.StartDovecot(t, peers.DovecotOptions{Users: map[string]string{"desk@pec.example.it": "secret"}})
//	p := peers.StartPostfix(t, peers.PostfixOptions{Domains: []string{"pec.example.it"}, Deliver: d})
//	d.Deliver("desk@pec.example.it", raw)
//
// # Limits
//
// Linux only. Dovecot 2.3 (Debian 12): the configuration of 2.4 is another language and is refused with a clear error.
// Dovecot runs as root or as an ordinary user; Postfix's master insists on root.
package peers

import (
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
)

// TB is what is needed of a test; *testing.T and *testing.B have it. A program that is no test (a benchmark driver)
// uses NewDovecot and NewPostfix, which return errors.
type TB interface {
	Helper()
	Fatal(args ...any)
	Logf(format string, args ...any)
	Cleanup(func())
	Failed() bool
}

// packages names the Debian package that brings each program.
var packages = map[string]string{
	"dovecot": "dovecot-imapd", "doveadm": "dovecot-imapd", "imap": "dovecot-imapd", "lmtp": "dovecot-lmtpd",
	"postfix": "postfix", "postconf": "postfix", "master": "postfix", "smtp-sink": "postfix", "openssl": "openssl",
	"mbsync": "isync", "fetchmail": "fetchmail", "getmail": "getmail6", "chromium": "chromium",
}

// libexec are the folders where daemons live that are not meant for a PATH.
var libexec = []string{"/usr/sbin", "/sbin", "/usr/local/sbin", "/usr/lib/dovecot", "/usr/libexec/dovecot",
	"/usr/lib/postfix/sbin", "/usr/libexec/postfix"}

// find returns the program's path, looking also where daemons live, or an error that says what to install.
func find(program string) (string, error) {
	if p, err := exec.LookPath(program); err == nil {
		return p, nil
	}
	for _, dir := range libexec {
		p := filepath.Join(dir, program)
		if st, err := os.Stat(p); err == nil && st.Mode()&0o111 != 0 && !st.IsDir() {
			return p, nil
		}
	}
	pkg := packages[program]
	if pkg == "" {
		pkg = program
	}
	return "", fmt.Errorf("program %s not found: apt-get install --no-install-recommends %s", program, pkg)
}

// Missing says which of the programs are not installed and the command that installs them; nil when all are there.
func Missing(programs ...string) error {
	var absent []string
	pkgs := map[string]bool{}
	for _, p := range programs {
		if _, err := find(p); err != nil {
			absent = append(absent, p)
			if pkg := packages[p]; pkg != "" {
				pkgs[pkg] = true
			} else {
				pkgs[p] = true
			}
		}
	}
	if absent == nil {
		return nil
	}
	var names []string
	for p := range pkgs {
		names = append(names, p)
	}
	return fmt.Errorf("not installed: %s\n\tapt-get install --no-install-recommends %s",
		strings.Join(absent, ", "), strings.Join(names, " "))
}

// Need fails the test (it never skips) when a program is missing, naming the Debian package to install.
func Need(tb TB, programs ...string) {
	tb.Helper()
	if err := Missing(programs...); err != nil {
		tb.Fatal("peers: ", err)
	}
}

// freePorts returns n loopback ports free at this moment. Another process may take one before the server binds it:
// the servers' starters try again with others then.
func freePorts(n int) ([]int, error) {
	var ports []int
	for range n {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			return nil, err
		}
		defer l.Close()
		ports = append(ports, l.Addr().(*net.TCPAddr).Port)
	}
	return ports, nil
}

func loopback(port int) string { return net.JoinHostPort("127.0.0.1", strconv.Itoa(port)) }

// newDir makes a folder that the servers' own users may enter; short, since Unix sockets inside it allow 108 bytes.
// testing's TempDir is private to the test's user and may be long.
func newDir(name string) (string, error) {
	dir, err := os.MkdirTemp("", name+"-")
	if err != nil {
		return "", err
	}
	return dir, os.Chmod(dir, 0o755)
}
