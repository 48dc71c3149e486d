package main

import (
	"context"
	"crypto/sha256"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"sportello/mailproc/console"
	"sportello/mailproc/pec"
)

// fetchLimit bounds what is downloaded: the real index is a few MiB.
const fetchLimit = 64 << 20

func trustCommand(g *global) *cobra.Command {
	cmd := &cobra.Command{Use: "trust", Short: "whose signatures are believed: list, check, import",
		Long: "The providers' index (indice dei gestori, RFC 6109 §4.5) says who is a provider, which\ncertificates it signs with, and which mail domains it manages."}
	cmd.AddCommand(trustList(g), trustCheck(g), trustImport(g))
	return cmd
}

// trusted loads the trust of the configuration.
func trusted(g *global) (*Config, *pec.Trust, error) {
	cfg, err := configToLook(g.config)
	if err != nil {
		return nil, nil, err
	}
	t, err := loadTrust(cfg)
	return cfg, t, err
}

func trustList(g *global) *cobra.Command {
	cmd := &cobra.Command{Use: "list", Short: "providers, their certificates with expiry, their domains, the age of the index", Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			cfg, t, err := trusted(g)
			if err != nil {
				return err
			}
			out := cmd.OutOrStdout()
			x := t.Index()
			if g.json {
				return jsonProviders(cmd, g, x)
			}
			if x == nil {
				_, err := fmt.Fprintln(out, "no index: any certificate of the roots may sign for any domain")
				return err
			}
			if age, ok := indexAge(cfg, time.Now()); ok {
				fmt.Fprintf(out, "index %s, %d days old%s\n", cfg.Trust.Index, int(age.Hours()/24), tooOld(cfg, age))
			}
			for _, w := range x.Warnings {
				fmt.Fprintf(out, "note: %s\n", w)
			}
			tab := newTable(flexible("PROVIDER", 12), spare("UNIT", 2), flexible("SERVICE MAILBOX", 16), col("CERTIFICATE UNTIL"), flexible("DOMAINS", 12))
			for _, p := range x.Providers {
				tab.add(text(p.Name), text(p.Unit), text(p.MailReceipt), text(expiries(p)), text(strings.Join(p.Domains, " ")))
			}
			return tab.print(out)
		}}
	cmd.Flags().BoolVar(&g.json, "json", false, "one JSON object a line, a provider each")
	return cmd
}

// jsonProviders writes a provider a line, for what watches the certificates.
func jsonProviders(cmd *cobra.Command, g *global, x *pec.Index) error {
	l := newList[console.TrustProvider](cmd, g, nil)
	if x == nil {
		return nil
	}
	for _, p := range x.Providers {
		if err := l.add(providerView(p)); err != nil {
			return err
		}
	}
	return nil
}

func expiries(p pec.Provider) string {
	var out []string
	for _, c := range p.Certificates {
		s := c.NotAfter.In(rome).Format("2 Jan 2006")
		if time.Now().After(c.NotAfter) {
			s += " (EXPIRED)"
		}
		out = append(out, s)
	}
	if len(out) == 0 {
		return fmt.Sprintf("%d by hash", len(p.Hashes))
	}
	return strings.Join(out, ", ")
}

func trustCheck(g *global) *cobra.Command {
	return &cobra.Command{Use: "check ADDRESS", Short: "which provider may sign for a mailbox", Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			_, t, err := trusted(g)
			if err != nil {
				return err
			}
			found := t.ProviderFor(args[0])
			if len(found) == 0 {
				return fmt.Errorf("no provider of the index manages the domain of %s: its messages are not proved", args[0])
			}
			for _, p := range found {
				fmt.Fprintf(cmd.OutOrStdout(), "%s <%s>, certificates until %s\n", printable(p.Name), p.MailReceipt, expiries(p))
			}
			return nil
		}}
}

func trustImport(g *global) *cobra.Command {
	return &cobra.Command{Use: "import FILE|URL", Short: "put a new providers' index in force; one that is wrong leaves the old one",
		Example: "  sportello trust import igpec.ldif.p7m", Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			cfg, err := configToImport(g.config)
			if err != nil {
				return err
			}
			if cfg.Trust.Index == "" {
				return fmt.Errorf("%s has no [trust] index: name there the file that the index is kept in", cfg.File)
			}
			raw, err := fetch(cmd.Context(), args[0])
			if err != nil {
				return err
			}
			n, err := importIndex(cfg, raw)
			if err != nil {
				return fmt.Errorf("%w — the index in force stays as it was", err)
			}
			fmt.Fprintf(cmd.OutOrStdout(), "index in force: %d providers\n", n)
			return tellDaemon(cmd, g)
		}}
}

// tellDaemon has the daemon, if it runs, read again what was imported.
func tellDaemon(cmd *cobra.Command, g *global) error {
	c, err := connect(cmd.Context(), g)
	if err != nil {
		return nil // nothing runs that would have to read it again
	}
	defer c.close()
	if err := c.call(cmd.Context(), "POST", "/api/reload", struct{}{}, nil); err == nil {
		fmt.Fprintln(cmd.OutOrStdout(), "the running daemon uses it")
	}
	return nil
}

// configToImport is LoadConfig for the commands that put the first index or registry there: they may be missing.
func configToImport(path string) (*Config, error) {
	raw, err := os.ReadFile(path)
	if err != nil {
		return LoadConfig(path) // which says what to do
	}
	cfg, p := decodeConfig(path, raw)
	if cfg == nil {
		return nil, p.join()
	}
	p.idle = true
	cfg.defaults()
	trust, registry := cfg.Trust, cfg.Registry
	if toCome(trust.Index) {
		cfg.Trust.Index, cfg.Trust.IndexSigners = "", nil
	}
	if toCome(registry.Orders) || toCome(registry.Mailboxes) {
		cfg.Registry.Orders = ""
	}
	if toCome(registry.Mailboxes) {
		cfg.Registry.Mailboxes = ""
	}
	cfg.check(p)
	cfg.Trust, cfg.Registry = trust, registry
	return cfg, p.join()
}

// toCome tells a file that the configuration names and that is not there yet.
func toCome(name string) bool {
	_, err := os.Stat(name)
	return name != "" && errors.Is(err, os.ErrNotExist) && !strings.Contains(name, "://")
}

// importIndex checks an index and replaces the one in force in one step.
func importIndex(cfg *Config, raw []byte) (providers int, err error) {
	signers, err := indexSigners(cfg)
	if err != nil {
		return 0, err
	}
	x, err := pec.ParseIndex(raw, signers)
	if err != nil {
		return 0, err
	}
	return len(x.Providers), replaceFile(cfg.Trust.Index, raw, func(tmp *os.File) error { return tmp.Chmod(0o644) })
}

// replaceFile puts new bytes in the place of a file, in one step, which is durable when it returns; allow says who may read them.
func replaceFile(name string, raw []byte, allow func(tmp *os.File) error) error {
	tmp, err := os.CreateTemp(filepath.Dir(name), ".import-*")
	if err != nil {
		return err
	}
	defer os.Remove(tmp.Name())
	_, err = tmp.Write(raw)
	if err = errors.Join(err, allow(tmp), tmp.Sync(), tmp.Close()); err != nil {
		return err
	}
	if err := os.Rename(tmp.Name(), name); err != nil {
		return err
	}
	dir, err := os.Open(filepath.Dir(name))
	if errors.Is(err, os.ErrPermission) {
		return nil // one may write into a folder that one may not list
	}
	if err != nil {
		return err
	}
	return errors.Join(dir.Sync(), dir.Close())
}

// fetch reads a file, or downloads a URL.
func fetch(ctx context.Context, from string) ([]byte, error) {
	if !strings.HasPrefix(from, "http://") && !strings.HasPrefix(from, "https://") {
		return os.ReadFile(from)
	}
	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, from, nil)
	if err != nil {
		return nil, err
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return nil, fmt.Errorf("download: %w", err)
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("download %s: the server answers %s", from, resp.Status)
	}
	raw, err := io.ReadAll(io.LimitReader(resp.Body, fetchLimit+1))
	if err == nil && len(raw) > fetchLimit {
		err = fmt.Errorf("download %s: larger than %d MiB", from, fetchLimit>>20)
	}
	return raw, err
}

// fetchCRL reads a revocation list from a file, or from an address. What an address answered last and was a list is kept,
// for when it does not answer or answers something else; one that never did gives nil: the proof then notes no_crl.
func fetchCRL(ctx context.Context, cfg *Config, from string) (*x509.RevocationList, error) {
	kept := from
	if strings.Contains(from, "://") {
		kept = filepath.Join(cfg.Data, "trust", fmt.Sprintf("%x", sha256.Sum256([]byte(from)))[:24])
		if raw, err := fetch(ctx, from); err == nil {
			if list, err := parseCRL(raw); err == nil {
				keepFile(kept, raw)
				return list, nil
			}
		}
	}
	raw, err := os.ReadFile(kept)
	if kept != from && errors.Is(err, os.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	list, err := parseCRL(raw)
	if err != nil {
		return nil, fmt.Errorf("%s: %w: name a revocation list, PEM or DER, or its http:// address", from, err)
	}
	return list, nil
}

// keepFile replaces a file in one step. What was read is good without it: keeping is for the next time.
func keepFile(name string, raw []byte) {
	if os.MkdirAll(filepath.Dir(name), 0o700) == nil && os.WriteFile(name+".tmp", raw, 0o600) == nil {
		_ = os.Rename(name+".tmp", name)
	}
}

// indexAge is how old the index in force is: the time of its file.
func indexAge(cfg *Config, now time.Time) (time.Duration, bool) {
	info, err := os.Stat(cfg.Trust.Index)
	if cfg.Trust.Index == "" || err != nil {
		return 0, false
	}
	return now.Sub(info.ModTime()), true
}

func tooOld(cfg *Config, age time.Duration) string {
	if limit := cfg.Trust.IndexMaxAge.Duration; limit > 0 && age > limit {
		return " — TOO OLD: import a new one with `sportello trust import`"
	}
	return ""
}
