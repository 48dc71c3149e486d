package main

import (
	"context"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"encoding/hex"
	"encoding/pem"
	"errors"
	"fmt"
	"net"
	"net/http"

	"sportello/mailproc"
	"sportello/mailproc/console"
	"sportello/mailproc/pec"
	"sportello/rules"
)

// openConsole opens the console's listener; nil when none is configured. A
// taken port is an error at start.
func openConsole(cfg *Config) (net.Listener, error) {
	k := cfg.Console
	if k.Listen == "" {
		return nil, nil
	}
	l, err := net.Listen("tcp", k.Listen)
	if err != nil {
		return nil, fmt.Errorf("console: %w: free the address, or name another in [console] listen", err)
	}
	if k.TLSCert == "" {
		return l, nil
	}
	pair, err := tls.LoadX509KeyPair(k.TLSCert, k.TLSKey)
	if err != nil {
		l.Close()
		return nil, fmt.Errorf("console: %w", err)
	}
	return tls.NewListener(l, &tls.Config{Certificates: []tls.Certificate{pair}, MinVersion: tls.VersionTLS12}), nil
}

// buildConsole is the web console over a desk.
func buildConsole(cfg *Config, office *mailproc.Office) (*console.Console, error) {
	return console.New(console.Options{
		Desk: office, Users: mailproc.StoredPeople{Store: office.Store}, Now: office.Now, Log: office.Log,
		Secure: cfg.Console.TLSCert != "" || cfg.Console.TrustedProxyHeader != "", TrustedProxyHeader: cfg.Console.TrustedProxyHeader, FourEyes: cfg.FourEyes,
		Session: cfg.Console.Session.Duration,
		Record:  office.Note,
		Trust:   func(context.Context) (*console.Trust, error) { return trustView(cfg, office) },
		Letters: func(ctx context.Context, standing rules.LetterState, limit int) ([]console.LetterRow, error) {
			open, err := office.OpenLetters(ctx, standing, limit)
			return letterRows(open), err
		},
		Incidents: func() []console.Incident {
			var out []console.Incident
			for _, a := range office.Incidents() {
				out = append(out, console.Incident{About: a.Incident, Text: a.Text, Since: a.Since})
			}
			return out
		},
		Registry: func(ctx context.Context, mailbox string, orders []string) console.Known {
			return registryView(ctx, office, mailbox, orders)
		},
		Entry: func(ctx context.Context, seq uint64) (*console.Entry, error) {
			public, before, hash, err := office.Entry(ctx, seq)
			return &console.Entry{Public: public, Before: before, Hash: hash}, err
		},
		Demo: cfg.Demo, DemoSamples: cfg.DemoSamples,
	})
}

// webHandler is the console with the pages for monitors beside it.
func webHandler(c *console.Console, office *mailproc.Office) http.Handler {
	mux := http.NewServeMux()
	mux.Handle("/", c.Handler())
	monitored(office)(mux)
	return mux
}

func letterRows(open []mailproc.OpenLetter) []console.LetterRow {
	var out []console.LetterRow
	for _, o := range open {
		row := console.LetterRowOf(o.Case, &o.Letter)
		if o.Standing == rules.Overdue {
			row = console.OverdueRowOf(o.Case, &o.Letter)
		}
		row.Held = o.Held
		out = append(out, row)
	}
	return out
}

func registryView(ctx context.Context, office *mailproc.Office, mailbox string, orders []string) console.Known {
	if office.Registry == nil {
		return console.Known{}
	}
	k := console.Known{Configured: true}
	var err, err2 error
	k.Mailbox, err = office.Registry.Mailbox(ctx, mailbox)
	if len(orders) > 0 {
		k.Orders, err2 = office.Registry.Orders(ctx, orders)
	}
	if err = errors.Join(err, err2); err != nil {
		k.Problem = err.Error()
	}
	return k
}

// trustView shows whose signatures are believed.
func trustView(cfg *Config, office *mailproc.Office) (*console.Trust, error) {
	t := &console.Trust{Index: cfg.Trust.Index}
	for _, name := range cfg.Trust.Roots {
		certs, err := readCertificates(name)
		if err != nil {
			return nil, err
		}
		for _, c := range certs {
			t.Roots = append(t.Roots, certificateView(c))
			t.RootsPEM = append(t.RootsPEM, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: c.Raw})...)
		}
	}
	x := office.Policy().Trust.Index()
	if x == nil {
		return t, nil
	}
	t.Notes = x.Warnings
	if age, ok := indexAge(cfg, office.Now()); ok {
		read := office.Now().Add(-age)
		t.IndexOf = &read
		if limit := cfg.Trust.IndexMaxAge.Duration; limit > 0 && age > limit {
			t.Notes = append(t.Notes, mailproc.IndexTooOld(age))
		}
	}
	for _, p := range x.Providers {
		t.Providers = append(t.Providers, providerView(p))
	}
	return t, nil
}

func providerView(p pec.Provider) console.TrustProvider {
	v := console.TrustProvider{Name: p.Name, Address: p.MailReceipt, Domains: p.Domains}
	for _, c := range p.Certificates {
		v.Certificates = append(v.Certificates, certificateView(c))
	}
	return v
}

func certificateView(c *x509.Certificate) console.Certificate {
	sum := sha256.Sum256(c.Raw)
	return console.Certificate{Subject: c.Subject.String(), Issuer: c.Issuer.String(), Serial: c.SerialNumber.String(),
		SHA256: hex.EncodeToString(sum[:]), From: c.NotBefore, Until: c.NotAfter}
}
