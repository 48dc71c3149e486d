package main

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"time"

	"sportello/mailproc"
	"sportello/mailproc/mailbox"
	"sportello/mailproc/pec"
	"sportello/mailproc/submit"
	"sportello/rules"
	"sportello/store"
	"sportello/templates"
)

// buildDesk wires the parts of a configuration into a desk.
func buildDesk(cfg *Config, st *store.Store, log *slog.Logger) (*mailproc.Desk, error) {
	policy, err := loadPolicy(cfg)
	if err != nil {
		return nil, err
	}
	registry, err := openRegistry(cfg, log)
	if err != nil {
		return nil, err
	}
	opt := mailproc.Options{Store: st, Data: cfg.Data, Mailboxes: mailboxes(cfg), Domains: cfg.Domains, Policy: policy, Registry: registry,
		Log: log, Now: cfg.Now, UncertainWait: cfg.UncertainWait.Duration, AcceptanceWait: cfg.AcceptanceWait.Duration,
		DiskReserve: uint64(cfg.DiskReserve.Bytes), PeerHour: cfg.Limits.PeerHour, PeerDay: cfg.Limits.PeerDay, OrdinaryHour: cfg.Limits.OrdinaryHour}
	if cfg.Trust.Index != "" {
		opt.IndexMaxAge = cfg.Trust.IndexMaxAge.Duration
		opt.IndexAge = func() time.Duration {
			age, _ := indexAge(cfg, time.Now())
			return age
		}
	}
	if !cfg.Retention.Purge.Never {
		opt.PurgeAt = cfg.Retention.Purge.After
		opt.Retention = func(now time.Time, set *rules.Set) (store.Retention, error) {
			return retention(now, cfg.Retention.Months, set.Procedures)
		}
	}
	if opt.Actions, err = actions(cfg); err != nil {
		return nil, err
	}
	for _, m := range opt.Mailboxes {
		if err := os.MkdirAll(m.Read.Spool, 0o700); err != nil {
			return nil, err
		}
	}
	if opt.Alerts, err = alerts(cfg, st, policy.Rules.Calendar, log); err != nil {
		return nil, err
	}
	return mailproc.New(opt)
}

// loadPolicy reads procedures and trust, and runs the procedures' examples.
func loadPolicy(cfg *Config) (mailproc.Policy, error) {
	set, err := loadProcedures(cfg)
	trust, err2 := loadTrust(cfg)
	return mailproc.Policy{Rules: set, Trust: trust, SHA1: cfg.Trust.SHA1}, errors.Join(err, err2)
}

// loadProcedures reads the procedures that come with the program and, over them,
// those of the configuration's own folder, and runs their examples.
func loadProcedures(cfg *Config) (*rules.Set, error) {
	cal, err := rules.NewCalendar(zone, cfg.Closures, cfg.SaturdayWorking)
	if err != nil {
		return nil, err
	}
	var overlay fs.FS
	if cfg.Templates != "" {
		overlay = os.DirFS(cfg.Templates)
	}
	set, err := rules.Load(templates.FS, overlay, cfg.Letters, cal)
	if err != nil {
		return nil, err
	}
	if err := set.CheckExamples(); err != nil {
		return nil, err
	}
	return set, cfg.checkSteps(set)
}

// loadTrust reads roots, index and revocation lists.
func loadTrust(cfg *Config) (*pec.Trust, error) {
	var tc pec.TrustConfig
	for _, name := range cfg.Trust.Roots {
		certs, err := readCertificates(name)
		if err != nil {
			return nil, err
		}
		tc.Roots = append(tc.Roots, certs...)
	}
	if cfg.Trust.Index != "" {
		signers, err := indexSigners(cfg)
		if err != nil {
			return nil, err
		}
		raw, err := os.ReadFile(cfg.Trust.Index)
		if err != nil {
			return nil, err
		}
		if tc.Index, err = pec.ParseIndex(raw, signers); err != nil {
			return nil, fmt.Errorf("%s: %w: name the providers' index, LDIF or signed .p7m (`sportello trust import FILE|URL` puts one there)", cfg.Trust.Index, err)
		}
	}
	for _, name := range cfg.Trust.CRL {
		crl, err := fetchCRL(context.Background(), cfg, name)
		if err != nil {
			return nil, err
		}
		if crl != nil { // else never had: each proof says no_crl
			tc.CRLs = append(tc.CRLs, crl)
		}
	}
	return pec.NewTrust(tc)
}

// indexSigners are the certificates that may sign the index.
func indexSigners(cfg *Config) (out []*x509.Certificate, err error) {
	for _, name := range cfg.Trust.IndexSigners {
		certs, err := readCertificates(name)
		if err != nil {
			return nil, err
		}
		out = append(out, certs...)
	}
	return out, nil
}

// parseCRL reads a revocation list, DER or PEM.
func parseCRL(raw []byte) (*x509.RevocationList, error) {
	if b, _ := pem.Decode(raw); b != nil {
		raw = b.Bytes
	}
	return x509.ParseRevocationList(raw)
}

func readCertificates(name string) ([]*x509.Certificate, error) {
	raw, err := os.ReadFile(name)
	if err != nil {
		return nil, err
	}
	certs, err := pec.ParseRoots(raw)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return certs, nil
}

// mailboxes are the request mailboxes of a configuration.
func mailboxes(cfg *Config) []mailproc.Mailbox {
	var out []mailproc.Mailbox
	for _, m := range cfg.Mailboxes {
		password := func() (string, error) {
			s, err := readSecret(m.PasswordFile, m.PasswordEnv)
			return s.value, err
		}
		read := mailbox.Account{Name: m.Name, URL: m.IMAP, User: m.User, Password: password, Folder: m.Folder, TLS: tlsConfig(m.CA), Plaintext: m.Plaintext,
			Poll: m.Poll.Duration, Renew: m.Idle.Duration, MaxSize: m.MaxSize.Bytes, Spool: filepath.Join(cfg.Data, "spool", m.Name)}
		switch m.Since {
		case "", "all":
		case "now":
			read.SinceMode = mailbox.SinceNow
		default:
			read.SinceMode = mailbox.SinceDate
			read.Since, _ = time.ParseInLocation(time.DateOnly, m.Since, rome) // checked when the configuration was read
		}
		send := submit.Account{Name: m.Name, URL: m.SMTP, User: m.User, Password: password, TLS: tlsConfig(m.CA), Plaintext: m.Plaintext,
			NoAuth: m.SMTPAuth != nil && !*m.SMTPAuth}
		if m.SMTPUser != "" {
			send.User = m.SMTPUser
		}
		from := m.FromName
		if from == "" {
			from = cfg.Letters.Gestore
		}
		out = append(out, mailproc.Mailbox{Name: m.Name, Address: m.Address, From: from, Read: read, Send: send, Senders: m.Senders})
	}
	return out
}

// tlsConfig trusts the CA of a file besides nobody; without one, the system's.
func tlsConfig(ca string) *tls.Config {
	if ca == "" {
		return nil
	}
	pool := x509.NewCertPool()
	if raw, err := os.ReadFile(ca); err == nil { // checked when the configuration was read
		pool.AppendCertsFromPEM(raw)
	}
	return &tls.Config{RootCAs: pool, MinVersion: tls.VersionTLS12}
}

// openRegistry opens the registry; nil when none is configured.
func openRegistry(cfg *Config, log *slog.Logger) (mailproc.Registry, error) {
	r := cfg.Registry
	if r.URL != "" {
		h := &mailproc.HTTPRegistry{URL: r.URL, Timeout: r.Timeout.Duration, Cache: r.Cache.Duration, Zone: rome}
		if r.TokenFile != "" {
			token, err := readSecret(r.TokenFile, "")
			if err != nil {
				return nil, err
			}
			h.Token = token.value
		}
		return h, nil
	}
	if r.Mailboxes == "" {
		return nil, nil
	}
	return mailproc.OpenCSVRegistry(r.Mailboxes, r.Orders, rome, log)
}

// actions are the configured ways to carry out steps.
func actions(cfg *Config) (map[string]mailproc.Action, error) {
	out := map[string]mailproc.Action{}
	for name, a := range cfg.Actions {
		if len(a.Command) > 0 {
			out[name] = &mailproc.CommandAction{Command: a.Command, Dir: filepath.Join(cfg.Data, "actions"), Timeout: a.Timeout.Duration}
			continue
		}
		key, err := readSecret(a.SecretFile, "")
		if err != nil {
			return nil, err
		}
		out[name] = &mailproc.HTTPAction{URL: a.URL, Secret: []byte(key.value), Timeout: a.Timeout.Duration}
	}
	return out, nil
}

// alerts keeps incidents, and tells them as [alert] says: without one, who asks sees them.
func alerts(cfg *Config, st *store.Store, cal *rules.Calendar, log *slog.Logger) (*mailproc.Alerts, error) {
	keeper := &mailproc.Alerts{Sender: alertSender(cfg.Alert), Store: mailproc.StoredAlerts{Store: st}, Calendar: cal, Log: log, Now: cfg.Now}
	return keeper, keeper.Open()
}

// alertSender is the way to a person that [alert] names; nil: none.
func alertSender(a AlertConfig) mailproc.AlertSender {
	switch {
	case len(a.Command) > 0:
		return mailproc.AlertCommand(a.Command)
	case a.URL != "":
		return mailproc.AlertWebhook(a.URL)
	case a.SMTP != "":
		return &mailproc.AlertMail{From: a.From, To: a.To, Account: alertAccount(a)}
	}
	return nil
}

// alertAccount is the ordinary account that alerts go out by.
func alertAccount(a AlertConfig) submit.Account {
	return submit.Account{Name: "alert", URL: a.SMTP, User: a.User, TLS: tlsConfig(a.CA), Plaintext: a.Plaintext, NoAuth: a.User == "",
		Password: func() (string, error) {
			s, err := readSecret(a.PasswordFile, "")
			return s.value, err
		}}
}

// notifySystemd says that the service is ready, alive, and stopping.
func notifySystemd(ctx context.Context, office *mailproc.Office) error {
	if err := mailproc.Notify("READY=1"); err != nil {
		return err
	}
	mailproc.Watchdog(ctx, func() bool { return office.Stalled() == nil })
	return mailproc.Notify("STOPPING=1")
}
