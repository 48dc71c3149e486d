package peers

import (
	"bufio"
	"bytes"
	"fmt"
	"net"
	"net/textproto"
	"sync"
	"time"
)

// lmtpLimit bounds each delivery.
const lmtpLimit = 30 * time.Second

// lmtpClient delivers over one kept connection, with the commands of a delivery in one write (RFC 2920): a benchmark's
// mailbox of ten thousand messages is filled in seconds.
type lmtpClient struct {
	mu   sync.Mutex
	conn net.Conn
	in   *textproto.Reader
	out  *bufio.Writer
}

func (c *lmtpClient) close() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.drop()
}

func (c *lmtpClient) drop() {
	if c.conn != nil {
		c.conn.Close()
		c.conn = nil
	}
}

func (c *lmtpClient) deliver(addr, to string, raw []byte) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	err := c.try(addr, to, raw)
	if err != nil {
		c.drop()
		return fmt.Errorf("peers: deliver to %s: %w", to, err)
	}
	return nil
}

func (c *lmtpClient) try(addr, to string, raw []byte) error {
	if c.conn == nil {
		if err := c.dial(addr); err != nil {
			return err
		}
	}
	if err := c.conn.SetDeadline(time.Now().Add(lmtpLimit)); err != nil {
		return err
	}
	fmt.Fprintf(c.out, "MAIL FROM:<>\r\nRCPT TO:<%s>\r\nDATA\r\n", to)
	if err := c.out.Flush(); err != nil {
		return err
	}
	for _, want := range []int{250, 250, 354} {
		if _, _, err := c.in.ReadResponse(want); err != nil {
			return err
		}
	}
	if err := writeDotted(c.out, raw); err != nil {
		return err
	}
	_, _, err := c.in.ReadResponse(250)
	return err
}

func (c *lmtpClient) dial(addr string) error {
	conn, err := net.DialTimeout("tcp", addr, lmtpLimit)
	if err != nil {
		return err
	}
	c.conn, c.in = conn, textproto.NewReader(bufio.NewReader(conn))
	c.out = bufio.NewWriterSize(conn, 64<<10)
	if err := conn.SetDeadline(time.Now().Add(lmtpLimit)); err != nil {
		return err
	}
	if _, _, err := c.in.ReadResponse(220); err != nil {
		return err
	}
	fmt.Fprintf(c.out, "LHLO localhost\r\n")
	if err := c.out.Flush(); err != nil {
		return err
	}
	_, _, err = c.in.ReadResponse(250)
	return err
}

// writeDotted writes the message as DATA wants it: dots doubled at line starts, a last CRLF, the final dot. Line ends
// stay what they are: byte for byte is what the tests need.
func writeDotted(w *bufio.Writer, raw []byte) error {
	rest := raw
	if bytes.HasPrefix(rest, []byte(".")) {
		w.WriteByte('.')
	}
	for {
		i := bytes.Index(rest, []byte("\n."))
		if i < 0 {
			break
		}
		w.Write(rest[:i+1])
		w.WriteByte('.')
		rest = rest[i+1:]
	}
	w.Write(rest)
	if !bytes.HasSuffix(raw, []byte("\r\n")) {
		w.WriteString("\r\n")
	}
	w.WriteString(".\r\n")
	return w.Flush()
}
