package pectest

import (
	"bufio"
	"bytes"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"io"
	"mime"
	"net"
	"strings"

	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"
)

// session is one connection to the server.
type session struct {
	server *Server
	conn   net.Conn
	user   string
	letter Letter
	behave Behaviour
}

var errCut = errors.New("connection cut")

func (s *Server) session(c *smtp.Conn) (smtp.Session, error) {
	return &session{server: s, conn: c.Conn()}, nil
}

// AuthMechanisms offers PLAIN and LOGIN when there are accounts. With STARTTLS
// only after it, as providers do.
func (n *session) AuthMechanisms() []string {
	if n.server.opt.Users == nil {
		return nil
	}
	if _, secure := n.conn.(*tls.Conn); !secure && n.server.opt.TLS != "" {
		return nil
	}
	return []string{sasl.Plain, "LOGIN"}
}

// Auth begins a login.
func (n *session) Auth(mech string) (sasl.Server, error) {
	switch mech {
	case sasl.Plain:
		return sasl.NewPlainServer(func(_, user, password string) error { return n.login(user, password) }), nil
	case "LOGIN":
		return &loginServer{check: n.login}, nil
	}
	return nil, smtp.ErrAuthUnknownMechanism
}

func (n *session) login(user, password string) error {
	s := n.server
	s.mu.Lock()
	defer s.mu.Unlock()
	if want, ok := s.opt.Users[user]; !ok || want != password {
		s.refused++
		return smtp.ErrAuthFailed
	}
	s.logins++
	n.user = user
	return nil
}

// loginServer is the server's side of AUTH LOGIN, which go-sasl lacks.
type loginServer struct {
	check func(user, password string) error
	step  int
	user  string
}

func (l *loginServer) Next(response []byte) (challenge []byte, done bool, err error) {
	if l.step == 0 && response != nil { // the name came with the command
		l.step = 1
	}
	l.step++
	switch l.step {
	case 1:
		return []byte("Username:"), false, nil
	case 2:
		l.user = string(response)
		return []byte("Password:"), false, nil
	}
	return nil, true, l.check(l.user, string(response))
}

func (n *session) Reset()        { n.letter, n.behave = Letter{}, Behaviour{} }
func (n *session) Logout() error { return nil }

// Mail begins a letter. The envelope sender must be the account itself.
func (n *session) Mail(from string, _ *smtp.MailOptions) error {
	if n.server.opt.Users != nil {
		if n.user == "" {
			return smtp.ErrAuthRequired
		}
		if !strings.EqualFold(n.user, from) {
			return &smtp.SMTPError{Code: 553, EnhancedCode: smtp.EnhancedCode{5, 7, 1}, Message: "sender address is not yours"}
		}
	}
	if from == "" {
		return &smtp.SMTPError{Code: 553, EnhancedCode: smtp.EnhancedCode{5, 1, 7}, Message: "empty sender refused"}
	}
	n.letter = Letter{From: from, User: n.user}
	return n.server.atBar()
}

// Rcpt takes a recipient, and at the first decides what becomes of the letter.
func (n *session) Rcpt(to string, _ *smtp.RcptOptions) error {
	n.letter.Rcpts = append(n.letter.Rcpts, to)
	if len(n.letter.Rcpts) == 1 {
		n.letter.To = to
		n.behave = n.server.decide(&n.letter)
	}
	switch b := n.behave; {
	case b.Cut == CutBeforeData:
		n.cut()
		return errCut
	case b.Refuse != nil && b.AtRcpt:
		return b.Refuse
	}
	return nil
}

// decide counts the attempt and asks the test.
func (s *Server) decide(l *Letter) Behaviour {
	s.mu.Lock()
	key := strings.ToLower(l.From + " " + l.To)
	s.attempts[key]++
	l.Attempt = s.attempts[key]
	behave := s.behave
	s.mu.Unlock()
	if behave == nil {
		return Behaviour{}
	}
	return behave(*l)
}

// Data takes the message.
func (n *session) Data(r io.Reader) error {
	b := n.behave
	if b.Cut == CutDuringData {
		bufio.NewReaderSize(r, 128).Peek(100) // some of it
		n.cut()
		return errCut
	}
	var raw bytes.Buffer
	if _, err := raw.ReadFrom(r); err != nil {
		return err
	}
	switch {
	case b.Cut == CutAfterLost:
		n.cut()
		return errCut
	case b.Refuse != nil:
		return b.Refuse
	}
	n.letter.Raw = raw.Bytes()
	n.server.accept(n.letter, b)
	if b.Cut == CutAfterTaken {
		n.cut()
		return errCut
	}
	return nil
}

// cut drops the connection as a broken line would: no reply, no TLS farewell.
func (n *session) cut() {
	c := n.conn
	if t, ok := c.(*tls.Conn); ok {
		c = t.NetConn()
	}
	if t, ok := c.(*net.TCPConn); ok {
		t.SetLinger(0)
	}
	c.Close()
}

// ServerCertificate makes a self-signed certificate for a TLS server on the
// given names and addresses.
func ServerCertificate(hosts ...string) (*Identity, error) {
	return SelfSigned(Certificate{
		CommonName: hosts[0], Hosts: hosts, Key: P256, CA: true,
		KeyUsage:    x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign,
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
	})
}

// TLS is the identity as crypto/tls wants it.
func (i *Identity) TLS() tls.Certificate {
	return tls.Certificate{Certificate: [][]byte{i.Cert.Raw}, PrivateKey: i.Key, Leaf: i.Cert}
}

// PEM returns the certificate and its private key.
func (i *Identity) PEM() (cert, key []byte, err error) {
	der, err := x509.MarshalPKCS8PrivateKey(i.Key)
	if err != nil {
		return nil, nil, err
	}
	return certificatePEM(i.Cert), pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der}), nil
}

func decodeWord(s string) string {
	var d mime.WordDecoder
	if out, err := d.DecodeHeader(s); err == nil {
		return out
	}
	return s
}
