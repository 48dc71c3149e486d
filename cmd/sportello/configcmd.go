package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"sportello/mailproc"
	"sportello/rules"
)

func configCommand(g *global) *cobra.Command {
	cmd := &cobra.Command{Use: "config", Short: "look at the configuration"}
	var connect, alert bool
	check := &cobra.Command{Use: "check", Short: "check configuration, procedures with their examples, trust and registry; --connect also logs in and fetches",
		Long: `Says every mistake with its file, line and remedy: the keys of the configuration
and the files that it names, then the procedures with their letters and examples,
the providers' index and the registry. Notes tell what is allowed and worth
knowing. The database is not touched; without --connect and --alert no network is
asked, but for revocation lists named by an address, of which the last one got is
kept.

A folder of procedures alone: ` + "`sportello procedures check FOLDER`" + `.`,
		Example: "  sportello config check -c sportello.toml\n  sportello config check --connect\n  sportello config check --alert",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			cfg, err := LoadConfig(g.config)
			if err != nil {
				return err
			}
			out := cmd.OutOrStdout()
			policy, err := loadPolicy(cfg)
			if err == nil {
				err = cfg.checkReaders(policy.Rules)
			}
			_, err2 := openRegistry(cfg, slog.New(slog.DiscardHandler))
			if err := errors.Join(err, err2, cfg.checkPlace()); err != nil {
				return err
			}
			fmt.Fprintf(out, "%s: %s, %s with their examples", cfg.File, count(len(cfg.Mailboxes), "mailbox", "mailboxes"), count(len(policy.Rules.Procedures), "procedure", "procedures"))
			if x := policy.Trust.Index(); x != nil {
				fmt.Fprintf(out, ", %s", count(len(x.Providers), "provider", "providers"))
			}
			fmt.Fprintln(out)
			for _, note := range append(notes(cfg), unmatched(cfg, policy.Rules)...) {
				fmt.Fprintln(out, "note:", note)
			}
			fmt.Fprintln(out, daysOff(policy.Rules.Calendar, time.Now()))
			if connect {
				say := func(s string) { fmt.Fprintln(out, harmless(s)) }
				if err := errors.Join(tryLogins(cmd.Context(), cfg, say), tryLists(cmd.Context(), cfg, say)); err != nil {
					return err
				}
			}
			if alert {
				if err := tryAlert(cmd.Context(), cfg, out); err != nil {
					return err
				}
			}
			_, err = fmt.Fprintln(out, "ok")
			return err
		}}
	check.Flags().BoolVar(&connect, "connect", false, "also log in to every IMAP and SMTP server, that of [alert] too, and fetch the revocation lists, once")
	check.Flags().BoolVar(&alert, "alert", false, "also send a test alert, as [alert] says: whoever is on call gets it")
	cmd.AddCommand(check)
	return cmd
}

// daysOff are the weekdays of the next three months on which nobody works: a
// closure that was mistyped shows here.
func daysOff(cal *rules.Calendar, now time.Time) string {
	var off []string
	for _, d := range cal.DaysOff(cal.Date(now), 92) {
		off = append(off, fmt.Sprintf("%s (%s)", cal.StartOfDay(d.Day).Format("Mon 2 Jan"), cmp.Or(d.Holiday, "closure")))
	}
	if len(off) == 0 {
		return "no weekday of the next three months is off"
	}
	return "not worked in the next three months, besides weekends: " + strings.Join(off, ", ")
}

// lawfulMonths is how long a provider keeps the logs of certified mail: D.P.R. 68/2005 art. 11.
const lawfulMonths = 30

// largestMail is what a certified message of the 30 MB that every provider must
// take becomes on its way, in base64 and within its envelope.
const largestMail = 42e6

// notes are what is allowed and worth knowing.
func notes(cfg *Config) (out []string) {
	if cfg.Trust.Index == "" {
		out = append(out, "no [trust] index: any certificate of the roots may sign for any domain")
	}
	if cfg.Registry.Mailboxes == "" && cfg.Registry.URL == "" {
		out = append(out, "no [registry]: every check on a mailbox asks an operator")
	}
	for _, step := range []string{"read-only", "close"} {
		if _, ok := cfg.Actions[step]; !ok {
			out = append(out, fmt.Sprintf("no [action.%s]: an operator does it and says `queue done`", step))
		}
	}
	if len(cfg.Alert.Command) == 0 && cfg.Alert.URL == "" && cfg.Alert.SMTP == "" {
		out = append(out, "no [alert]: nobody is told when a promise is about to be broken; only the console and `sportello incidents` show it")
	}
	if cfg.Retention.Months < lawfulMonths {
		out = append(out, fmt.Sprintf("[retention] months = %d: the law asks %d for the logs of certified mail (D.P.R. 68/2005 art. 11); what is purged sooner proves nothing any more", cfg.Retention.Months, lawfulMonths))
	}
	if n := cfg.Letters.MesiLog; n != 0 && n != lawfulMonths {
		out = append(out, fmt.Sprintf("[letters] mesi_log = %d: the letters call it the months that the law asks, which are %d (D.P.R. 68/2005 art. 11)", n, lawfulMonths))
	}
	if names := invented(cfg.Letters); len(names) > 0 {
		out = append(out, fmt.Sprintf("[letters] %s: not set, so customers read an example in their place", strings.Join(names, ", ")))
	}
	for _, m := range cfg.Mailboxes {
		if n := m.MaxSize.Bytes; n > 0 && n < largestMail {
			out = append(out, fmt.Sprintf("mailbox %s: max_size = %d bytes: a certified message may have 30 MB, %d on its way, and larger ones than this are parked and answered by nobody", m.Name, n, int64(largestMail)))
		}
		if from, err := time.Parse(time.DateOnly, m.Since); err == nil && from.After(time.Now()) {
			out = append(out, fmt.Sprintf("mailbox %s: since = %q has not come yet: a first start before that day passes over every message that is there", m.Name, m.Since))
		}
	}
	for _, file := range cfg.secretFiles() {
		if info, err := os.Stat(file); err == nil && info.Mode().Perm()&0o007 != 0 {
			out = append(out, fmt.Sprintf("everybody on this machine may read the secret in %s: chmod 600 it", file))
		}
	}
	return out
}

// invented are the facts of letters that no provider has as the defaults say.
func invented(l rules.Settings) (names []string) {
	for _, k := range []struct{ name, value string }{{"gestore", l.Gestore}, {"url_informativa", l.URLInformativa},
		{"url_assistenza", l.URLAssistenza}, {"url_pannello", l.URLPannello}} {
		if k.value == "" {
			names = append(names, k.name)
		}
	}
	return names
}

// count is a number with its noun.
func count(n int, one, many string) string {
	if n == 1 {
		many = one
	}
	return fmt.Sprintf("%d %s", n, many)
}

// unmatched are procedures whose mailbox is not configured, and mailboxes that
// no procedure reads.
func unmatched(cfg *Config, set *rules.Set) (out []string) {
	read := map[string][]string{}
	for _, p := range set.Procedures {
		read[p.Mailbox] = append(read[p.Mailbox], p.Name)
	}
	var unread []string
	for _, m := range cfg.Mailboxes {
		if len(read[m.Name]) == 0 {
			unread = append(unread, m.Name)
		}
		if len(read[m.Name]) == 0 && len(read[""]) == 0 {
			out = append(out, fmt.Sprintf("mailbox %s: no procedure refers to it, so all its requests go to an operator", m.Name))
		}
		delete(read, m.Name)
	}
	delete(read, "") // procedures of every mailbox
	for _, name := range slices.Sorted(maps.Keys(read)) {
		hint := ""
		if near := nearest(name, unread); near != "" {
			hint = fmt.Sprintf(": is it the one that you named %s?", near)
		}
		out = append(out, fmt.Sprintf("no [[mailbox]] %s: the procedures %s receive nothing%s", name, strings.Join(read[name], ", "), hint))
	}
	return out
}

// tryLogins logs in once everywhere and says how it went.
func tryLogins(ctx context.Context, cfg *Config, say func(string)) error {
	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	var all []error
	for _, b := range mailboxes(cfg) {
		for _, server := range []struct {
			what string
			try  func(context.Context) error
		}{{"imap", b.Read.Try}, {"smtp", b.Send.Try}} {
			if err := server.try(ctx); err != nil {
				text := strings.TrimPrefix(err.Error(), "mailbox "+b.Name+": ")
				all = append(all, fmt.Errorf("mailbox %s, %s: %s%s", b.Name, server.what, text, remedy(text)))
				continue
			}
			say(fmt.Sprintf("mailbox %s: %s login works", b.Name, server.what))
		}
	}
	if a := cfg.Alert; a.SMTP != "" {
		if err := alertAccount(a).Try(ctx); err != nil {
			all = append(all, fmt.Errorf("[alert], smtp: %w%s", err, remedy(err.Error())))
		} else {
			say("[alert]: smtp login works")
		}
	}
	return errors.Join(all...)
}

// tryAlert tells whoever is on call that the way to him works: else it would
// first be tried when a promise is in danger.
func tryAlert(ctx context.Context, cfg *Config, out io.Writer) error {
	sender := alertSender(cfg.Alert)
	if sender == nil {
		return errors.New("there is no [alert] to try: name command, smtp or url")
	}
	text := "Prova: gli avvisi di Sportello arrivano. Non c'è nulla da fare."
	if cfg.Alert.Language == "en" {
		text = "Test: Sportello's alerts arrive. Nothing is to be done."
	}
	ways := []mailproc.AlertSender{sender}
	if mail, ok := sender.(*mailproc.AlertMail); ok { // one who is reached hides nobody who is not
		ways = nil
		for _, to := range mail.To {
			one := *mail
			one.To = []string{to}
			ways = append(ways, &one)
		}
	}
	for _, way := range ways {
		if err := way.Send(ctx, mailproc.Alert{Incident: "test", Text: text, Since: time.Now()}); err != nil {
			to := ""
			if mail, ok := way.(*mailproc.AlertMail); ok {
				to = " to " + mail.To[0]
			}
			return fmt.Errorf("[alert]: the test alert%s was not sent: %w%s", to, err, remedy(err.Error()))
		}
	}
	_, err := fmt.Fprintln(out, "[alert]: a test alert was sent; see that it arrived")
	return err
}

// remedies are what to do about what a server, or the way to it, says.
var remedies = []struct{ when, do string }{
	{"connection refused", "is the server running, and is the port right?"},
	{"no such host", "is the host's name right?"},
	{"i/o timeout", "does a firewall stand between, and are host and port right?"},
	{"deadline exceeded", "does a firewall stand between, and are host and port right?"},
	{"first record does not look like a TLS handshake", "this port begins without TLS: write imap:// or smtp:// for STARTTLS"},
	{"certificate signed by unknown authority", "name its authority's PEM file in ca"},
	{"certificate is valid for", "write the name that the certificate bears"},
	{"certificate is not valid for", "write the name that the certificate bears"},
	{"any IP SANs", "write the name that the certificate bears"},
	{"certificate has expired", "the server needs a new certificate"},
	{"login refused", "check user and password_file"},
	{"submit: login: ", "check user and password_file, or smtp_auth = false for a relay"},
}

// remedy is what to do about a failed try, after a colon; "" when nobody knows.
func remedy(text string) string {
	for _, r := range remedies {
		if strings.Contains(text, r.when) {
			return ": " + r.do
		}
	}
	return ""
}

// judgingDesk is a desk without database or network, for `check`.
func judgingDesk(_ *cobra.Command, g *global) (*mailproc.Desk, error) {
	cfg, err := configToLook(g.config)
	if err != nil {
		return nil, err
	}
	policy, err := loadPolicy(cfg)
	if err != nil {
		return nil, err
	}
	var registry mailproc.Registry
	if cfg.Registry.URL == "" { // without network: a registry service is not asked
		if registry, err = openRegistry(cfg, slog.New(slog.DiscardHandler)); err != nil {
			return nil, err
		}
	}
	return mailproc.New(mailproc.Options{Mailboxes: mailboxes(cfg), Domains: cfg.Domains, Policy: policy, Registry: registry})
}
