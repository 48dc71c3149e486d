package mailproc

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"sportello/mailproc/submit"
	"sportello/store"
)

// alertTimeout bounds one attempt to tell a person.
const alertTimeout = 30 * time.Second

// AlertCommand runs a command with the alert as JSON on its standard input.
type AlertCommand []string

// Send runs the command.
func (c AlertCommand) Send(ctx context.Context, a Alert) error {
	ctx, cancel := context.WithTimeout(ctx, alertTimeout)
	defer cancel()
	body, err := json.Marshal(a)
	if err != nil {
		return err
	}
	var said bytes.Buffer
	cmd := exec.CommandContext(ctx, c[0], c[1:]...)
	cmd.Stdin, cmd.Stderr, cmd.Env = bytes.NewReader(body), &said, plainEnv()
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) } // and all that it started
	cmd.WaitDelay = time.Second
	if err := cmd.Run(); err != nil {
		return fmt.Errorf("%s: %w %s", filepath.Base(c[0]), err, bytes.TrimSpace(said.Bytes()[max(0, said.Len()-300):]))
	}
	return nil
}

// AlertWebhook posts the alert as JSON.
type AlertWebhook string

// Send posts the alert.
func (u AlertWebhook) Send(ctx context.Context, a Alert) error {
	ctx, cancel := context.WithTimeout(ctx, alertTimeout)
	defer cancel()
	body, err := json.Marshal(a)
	if err != nil {
		return err
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, string(u), bytes.NewReader(body))
	if err != nil {
		return err
	}
	req.Header.Set("Content-Type", "application/json")
	resp, err := direct.Do(req)
	if err != nil {
		return withoutURL(err)
	}
	defer resp.Body.Close()
	if resp.StatusCode/100 != 2 {
		return fmt.Errorf("the webhook answers %s", statusOf(resp))
	}
	return nil
}

// AlertMail writes an ordinary message, from an ordinary account.
type AlertMail struct {
	Account submit.Account
	From    string
	To      []string
	Say     func(string) string // a text in the language of who is told; nil: English
}

// Send writes to everybody. One who was reached is enough: an alert that
// cannot reach one of two is not sent again and again to the other.
func (m *AlertMail) Send(ctx context.Context, a Alert) error {
	ctx, cancel := context.WithTimeout(ctx, 4*alertTimeout) // a mail server takes its time
	defer cancel()
	sender := submit.NewPool(m.Account, 1)
	defer sender.Close()
	say := m.Say
	if say == nil {
		say = func(text string) string { return text }
	}
	subject := "Sportello: " + a.Incident
	if a.Clear {
		subject = "Sportello: " + say("all clear") + ": " + a.Incident
	}
	_, domain, _ := strings.Cut(m.From, "@")
	var errs []error
	reached := false
	for _, to := range m.To {
		raw, err := submit.Compose(submit.Message{From: m.From, To: to, Subject: subject, Date: time.Now(), Alert: true,
			Text: a.Text + "\n\n" + say("Since "+a.Since.Format(time.RFC1123Z)) + "\n", MessageID: "<alert." + strings.ToLower(rand.Text()) + "@" + domain + ">"})
		if err == nil {
			_, err = sender.Send(ctx, submit.Letter{From: m.From, To: to, Data: raw})
		}
		errs, reached = append(errs, err), reached || err == nil
		var refused *submit.Error
		if errors.As(err, &refused) && refused.Kind == submit.Login {
			break // the account would be locked
		}
	}
	if reached {
		return nil
	}
	return errors.Join(errs...)
}

// StoredAlerts keeps incidents in the desk's store.
type StoredAlerts struct{ *store.Store }

// LoadAlerts reads them all.
func (s StoredAlerts) LoadAlerts() (map[string][]byte, error) {
	out := map[string][]byte{}
	err := s.View(func(tx *store.Tx) error {
		return tx.Each(store.Alerts, func(key string, value []byte) error {
			out[key] = value
			return nil
		})
	})
	return out, err
}

// SaveAlerts keeps some, or forgets them.
func (s StoredAlerts) SaveAlerts(changes map[string][]byte) error {
	return s.Update(context.Background(), func(tx *store.Tx) error {
		for key, value := range changes {
			if err := tx.Put(store.Alerts, key, value); err != nil {
				return err
			}
		}
		return nil
	})
}
