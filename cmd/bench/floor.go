package main

import (
	"bytes"
	"context"
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapclient"
)

// opensslSample is how many files openssl verifies, a process each.
const opensslSample = 200

// openssl verifies a sample of the files, and says what all would take.
func (s *scene) openssl(ctx context.Context, dir string) (result, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return result{}, err
	}
	var total result
	n := 0
	for _, it := range s.items {
		if it.Name != "disattivazione" && it.Name != "recesso-rinnovo" {
			continue
		}
		file := filepath.Join(dir, "m.eml")
		if err := os.WriteFile(file, it.Raw, 0o600); err != nil {
			return total, err
		}
		r, err := timed(exec.CommandContext(ctx, "openssl", "cms", "-verify", "-in", file, "-CAfile", filepath.Join(s.dir, "roots.pem"), "-purpose", "smimesign", "-out", "/dev/null"))
		if err != nil {
			return total, err
		}
		total.wall, total.cpu, total.rss = total.wall+r.wall, total.cpu+r.cpu, max(total.rss, r.rss)
		if n++; n == opensslSample {
			break
		}
	}
	scale := time.Duration(s.signed) / time.Duration(max(n, 1))
	total.wall, total.cpu = total.wall*scale, total.cpu*scale
	total.note = fmt.Sprintf("(%d files, scaled to %d)", n, s.signed)
	return total, nil
}

// floor is the work that nobody can avoid: for each message SHA-256 and base64
// of its bytes, and for each signed one an RSA-2048 verification; on one core.
func (s *scene) floor(context.Context, string) (result, error) {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		return result{}, err
	}
	digest := sha256.Sum256([]byte("x"))
	sig, err := rsa.SignPKCS1v15(rand.Reader, key, crypto.SHA256, digest[:])
	if err != nil {
		return result{}, err
	}
	text := []byte(base64.StdEncoding.EncodeToString(bytes.Repeat([]byte("abc"), 1<<20)))
	out := make([]byte, len(text))
	start := time.Now()
	for i, it := range s.items {
		_ = sha256.Sum256(it.Raw)
		n := min(len(it.Raw)/4*4, len(text))
		if _, err := base64.StdEncoding.Decode(out, text[:n]); err != nil {
			return result{}, err
		}
		if i < s.signed {
			if err := rsa.VerifyPKCS1v15(&key.PublicKey, crypto.SHA256, digest[:], sig); err != nil {
				return result{}, err
			}
		}
	}
	d := time.Since(start)
	return result{wall: d, cpu: d}, nil
}

// fetchOnly is the minimal go-imap fetch: every byte read, none kept.
func fetchOnly(_ context.Context, o options) error {
	for _, user := range strings.Split(os.Getenv("BENCH_USERS"), ",") {
		if err := fetchFolder(o.fetch, user); err != nil {
			return err
		}
	}
	return nil
}

func fetchFolder(server, user string) error {
	c, err := imapclient.DialInsecure(server, nil)
	if err != nil {
		return err
	}
	defer c.Close()
	if err := c.Login(user, password).Wait(); err != nil {
		return err
	}
	box, err := c.Select("INBOX", &imap.SelectOptions{ReadOnly: true}).Wait()
	if err != nil || box.NumMessages == 0 {
		return err
	}
	all := imap.UIDSet{}
	all.AddRange(1, 0)
	cmd := c.Fetch(all, &imap.FetchOptions{UID: true, InternalDate: true, BodySection: []*imap.FetchItemBodySection{{Peek: true}}})
	buf := make([]byte, 64<<10)
	for m := cmd.Next(); m != nil; m = cmd.Next() {
		for item := m.Next(); item != nil; item = m.Next() {
			if b, ok := item.(imapclient.FetchItemDataBodySection); ok && b.Literal != nil {
				for {
					if _, err := b.Literal.Read(buf); err != nil {
						break
					}
				}
			}
		}
	}
	return cmd.Close()
}
