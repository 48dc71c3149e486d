package mailbox

import (
	"bufio"
	"crypto/tls"
	"fmt"
	"net"
	"strings"
	"sync"
	"testing"
)

// lines answers commands, a line each, until the peer goes or a command is answered by switching to TLS.
func lines(c net.Conn, answer func(tag, command string) string, until string) {
	r := bufio.NewReader(c)
	for {
		line, err := r.ReadString('\n')
		if err != nil {
			return
		}
		tag, command, _ := strings.Cut(strings.TrimSpace(line), " ")
		if _, err := fmt.Fprint(c, answer(tag, command)); err != nil || command == until {
			return
		}
	}
}

// TestSaidBeforeTLS: what somebody puts into the clear part of a connection, capabilities above all, counts for nothing
// after it; what he puts behind the answer to STARTTLS ends it; and the password is shown to nobody but the server.
func TestSaidBeforeTLS(t *testing.T) {
	server, client := certificate(t)
	for name, x := range map[string]struct {
		greeting, ok, behind string
		want                 string // of the error; "": none
	}{
		"nothing":      {"* OK hi", "OK go", "", ""},
		"capabilities": {"* OK [CAPABILITY IMAP4rev1 AUTH=EVIL] hi", "OK [CAPABILITY IMAP4rev1 LOGINDISABLED] go", "", ""},
		"answers":      {"* OK hi", "OK go", "T2 OK done\r\nT3 OK done\r\n", "TLS"},
		"PREAUTH":      {"* PREAUTH hi", "OK go", "", "PREAUTH"},
		"no TLS":       {"* OK [CAPABILITY IMAP4rev1 AUTH=PLAIN] hi", "NO not here", "", "not here"},
	} {
		t.Run(name, func(t *testing.T) {
			l, err := net.Listen("tcp", "127.0.0.1:0")
			if err != nil {
				t.Fatal(err)
			}
			var wg sync.WaitGroup
			defer wg.Wait()
			defer l.Close()
			clear := ""
			wg.Go(func() {
				c, err := l.Accept()
				if err != nil {
					return
				}
				defer c.Close()
				fmt.Fprint(c, x.greeting+"\r\n")
				lines(c, func(tag, command string) string {
					clear += command + " "
					if command != "STARTTLS" {
						return tag + " OK\r\n" // the library may ask for the capabilities first
					}
					return tag + " " + x.ok + "\r\n" + x.behind
				}, "STARTTLS")
				lines(tls.Server(c, server), func(tag, command string) string {
					switch {
					case command == "CAPABILITY":
						return "* CAPABILITY IMAP4rev1\r\n" + tag + " OK\r\n"
					case strings.HasPrefix(command, "EXAMINE"):
						return "* 0 EXISTS\r\n* OK [UIDVALIDITY 7] v\r\n" + tag + " OK\r\n"
					}
					return tag + " OK\r\n"
				}, "")
			})
			acc := Account{Name: "desk", URL: "imap://" + l.Addr().String(), User: desk, TLS: client, Password: func() (string, error) { return secret, nil }}
			err = acc.Try(t.Context())
			if (err == nil) != (x.want == "") || err != nil && !strings.Contains(err.Error(), x.want) {
				t.Errorf("%v, want %q", err, x.want)
			}
			l.Close()
			wg.Wait()
			if strings.TrimPrefix(clear, "CAPABILITY ") != "STARTTLS " {
				t.Errorf("said in the clear: %q", clear)
			}
		})
	}
}
