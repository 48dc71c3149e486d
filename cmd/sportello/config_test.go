package main

import (
	"bytes"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"sportello/mailproc"
	"sportello/mailproc/console"
	"sportello/mailproc/mailbox"
	"sportello/mailproc/pec/pectest"
	"sportello/rules"
)

const password = "hunter2-segretissimo"

// market is one world for every test of this package: its keys take a second.
var market = sync.OnceValues(pectest.NewWorld)

// configFiles are what packaging/sportello.toml names, and a little more.
func configFiles(t *testing.T) map[string]string {
	t.Helper()
	w, err := market()
	if err != nil {
		t.Fatal(err)
	}
	return map[string]string{
		"secrets/disattivazioni":   password + "\n",
		"secrets/customer.service": password + "\n",
		"secrets/empty":            "\n",
		"trust/roots.pem":          string(w.RootsPEM()),
		"trust/gestori.ldif":       string(pectest.WriteIndex(w.Customers, w.Desk)),
		"trust/nothing.pem":        "no certificate\n",
		"registry/mailboxes.csv":   "address,status\nmario@pec.example.it,active\n",
		"registry/orders.csv":      "number,address,kind,date\n1,mario@pec.example.it,auto_renewal,2026-11-10\n",
		"pec-admin":                "#!/bin/sh\ncat >/dev/null\n",
		"tell-someone":             "#!/bin/sh\ncat >/dev/null\n",
	}
}

// configFolder is a folder with everything that the example configuration names.
func configFolder(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range configFiles(t) {
		writeFile(t, filepath.Join(dir, name), text)
	}
	return dir
}

func writeFile(t *testing.T, name, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(name), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(name, []byte(text), 0o700); err != nil {
		t.Fatal(err)
	}
}

func example(t *testing.T) string {
	t.Helper()
	raw, err := os.ReadFile("../../packaging/sportello.toml")
	if err != nil {
		t.Fatal(err)
	}
	return string(raw)
}

// TestExampleConfig loads the annotated example, once the files it names are there.
func TestExampleConfig(t *testing.T) {
	dir := configFolder(t)
	file := filepath.Join(dir, "sportello.toml")
	writeFile(t, file, example(t))
	cfg, err := LoadConfig(file)
	if err != nil {
		t.Fatal(err)
	}
	if len(cfg.Mailboxes) != 2 || cfg.Mailboxes[1].PasswordFile != filepath.Join(dir, "secrets/customer.service") {
		t.Errorf("mailboxes: %+v", cfg.Mailboxes)
	}
	var out, errs bytes.Buffer
	if code := run(t.Context(), []string{"config", "check", "-c", file}, nil, &out, &errs); code != 0 {
		t.Fatalf("config check: exit %d: %s", code, errs.String())
	}
	if !strings.HasSuffix(out.String(), "ok\n") || strings.Contains(out.String(), password) {
		t.Errorf("config check says:\n%s", out.String())
	}
}

// commented is a key, or a table, that the example shows without setting it.
var commented = regexp.MustCompile(`(?m)^#([a-z_0-9]+ = .*|\[.*)$`)

// TestExampleNamesEveryKey compares the example with the code, both ways.
func TestExampleNamesEveryKey(t *testing.T) {
	all := commented.ReplaceAllString(example(t), "$1")
	// Within a table, commented keys repeat none that is set: TOML refuses it.
	c, p := decodeConfig("example", []byte(all))
	if err := p.join(); err != nil || c == nil {
		t.Fatalf("with every commented key set, the example is not read: %v", err)
	}
	lines := &problems{raw: []byte(all)}
	for table, of := range map[string]reflect.Type{"": reflect.TypeFor[Config](), "mailbox": reflect.TypeFor[MailboxConfig](), "trust": reflect.TypeFor[TrustConfig](),
		"registry": reflect.TypeFor[RegistryConfig](), "action.read-only": nil, "action.refund": reflect.TypeFor[ActionConfig](), "limits": reflect.TypeFor[LimitsConfig](),
		"retention": reflect.TypeFor[RetentionConfig](), "console": reflect.TypeFor[ConsoleConfig](), "alert": reflect.TypeFor[AlertConfig](), "letters": reflect.TypeOf(c.Letters)} {
		if of == nil {
			continue
		}
		head := lines.line(table, 0, "")
		for _, key := range keysOf(of) {
			if table == "" && slices.Contains([]string{"mailbox", "trust", "registry", "action", "limits", "retention", "console", "alert", "letters", "time_zone"}, key) || // time_zone is a key of old configurations
				table == "action.refund" && key == "command" {
				continue
			}
			if lines.line(table, 0, key) == head {
				t.Errorf("packaging/sportello.toml does not show %s of [%s]", key, table)
			}
		}
	}
}

// TestExampleShowsDefaults compares what the example shows of keys left out
// with what the program does without them.
func TestExampleShowsDefaults(t *testing.T) {
	shown, p := decodeConfig("example", []byte(commented.ReplaceAllString(example(t), "$1")))
	if err := p.join(); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(configFolder(t), "sportello.toml")
	writeFile(t, file, small)
	none, err := LoadConfig(file)
	if err != nil {
		t.Fatal(err)
	}
	policy, err := loadPolicy(none)
	if err != nil {
		t.Fatal(err)
	}
	desk, err := mailproc.New(mailproc.Options{Policy: policy, Mailboxes: mailboxes(none)})
	if err != nil {
		t.Fatal(err)
	}
	box, letters, usual := shown.Mailboxes[0], shown.Letters, rules.DefaultSettings()
	for _, x := range []struct {
		key       string
		shown, is any
	}{
		{"uncertain_wait", shown.UncertainWait.Duration, desk.UncertainWait},
		{"acceptance_wait", shown.AcceptanceWait.Duration, desk.AcceptanceWait},
		{"disk_reserve", uint64(shown.DiskReserve.Bytes), desk.DiskReserve},
		{"senders", box.Senders, desk.Mailboxes[0].Senders},
		{"poll", box.Poll.Duration, mailbox.DefaultPoll},
		{"idle", box.Idle.Duration, mailbox.DefaultRenew},
		{"max_size", box.MaxSize.Bytes, int64(mailbox.DefaultMaxSize)},
		{"index_max_age", shown.Trust.IndexMaxAge.Duration, none.Trust.IndexMaxAge.Duration},
		{"crl_refresh", shown.Trust.CRLRefresh.Duration, crlRefresh},
		{"sha1", shown.Trust.SHA1, none.Trust.SHA1},
		{"registry.timeout", shown.Registry.Timeout.Duration, mailproc.RegistryTimeout},
		{"registry.cache", shown.Registry.Cache.Duration, mailproc.RegistryCache},
		{"timeout of a command", shown.Actions["read-only"].Timeout.Duration, mailproc.CommandTimeout},
		{"timeout of a url", shown.Actions["refund"].Timeout.Duration, mailproc.PostTimeout},
		{"letters_per_hour", shown.Limits.PeerHour, desk.PeerHour},
		{"letters_per_day", shown.Limits.PeerDay, desk.PeerDay},
		{"ordinary_per_hour", shown.Limits.OrdinaryHour, desk.OrdinaryHour},
		{"retention.months", shown.Retention.Months, none.Retention.Months},
		{"retention.purge", shown.Retention.Purge.After, none.Retention.Purge.After},
		{"session", shown.Console.Session.Duration, console.SessionLife},
		{"giorni_grazia", letters.GiorniGrazia, usual.GiorniGrazia},
		{"minuti_attivazione", letters.MinutiAttivazione, usual.MinutiAttivazione},
		{"mesi_log", letters.MesiLog, usual.MesiLog},
		{"giorni_documenti", letters.GiorniDocumenti, usual.GiorniDocumenti},
		{"giorni_conservazione", letters.GiorniConservazione, usual.GiorniConservazione},
		{"casella_scaduta", letters.CasellaScaduta, usual.CasellaScaduta},
		{"pannello_elimina", letters.PannelloElimina, usual.PannelloElimina},
		{"pannello_stato", letters.PannelloStato, usual.PannelloStato},
	} {
		if x.shown != x.is {
			t.Errorf("%s: the example shows %v, without it the program takes %v", x.key, x.shown, x.is)
		}
	}
}

// edit changes the example: each pair is a text in it and what stands there instead.
func edit(t *testing.T, text string, changes ...string) string {
	t.Helper()
	for i := 0; i < len(changes); i += 2 {
		if !strings.Contains(text, changes[i]) {
			t.Fatalf("the example has no %q", changes[i])
		}
		text = strings.Replace(text, changes[i], changes[i+1], 1)
	}
	return text
}

// small is a configuration without comments, in which lines are easily counted.
const small = `data = "data"
domains = ["pec.example.it"]
[[mailbox]]
name = "disattivazioni"
address = "disattivazioni@pec.example.com"
imap = "imaps://127.0.0.1:993"
smtp = "smtps://127.0.0.1:465"
user = "disattivazioni"
password_file = "secrets/disattivazioni"
[trust]
roots = ["trust/roots.pem"]
index = "trust/gestori.ldif"
[registry]
mailboxes = "registry/mailboxes.csv"
`

// mistakes are changes of small, and what is said of each: "line: text".
var mistakes = []struct {
	name    string
	changes []string
	want    []string
}{
	{"none", nil, nil},
	{"unknown key", []string{`user = `, `usr = `}, []string{`3: user is missing: the login of the mailbox, often its address`, `8: unknown key "mailbox.usr": did you mean "user"?`}},
	{"unknown table", []string{`[registry]`, `[registy]`}, []string{`13: unknown key "registy": did you mean "registry"?`}},
	{"unknown, like nothing", []string{`user = `, "colour = 1\nuser = "}, []string{`8: unknown key "mailbox.colour": remove it, or use one of name, address,`}},
	{"one mailbox", []string{"[[mailbox]]", "[mailbox]", "[trust]\n", mailboxAgain + "[trust]\n"}, []string{`10: mailbox: there may be several: write each as [[mailbox]]`}},
	{"command in quotes", appended("[action.close]\ncommand = \"./pec-admin close\"\n"), []string{`16: action.close.command: this is a TOML string: write a list of texts`}},
	{"inline password", []string{`password_file = "secrets/disattivazioni"`, `password = "` + password + `"`}, []string{`3: password_file is missing`, `9: unknown key "mailbox.password": secrets do not stand here: did you mean "password_file"`}},
	{"date for a text", []string{`domains`, "closures = [2026-12-07]\ndomains"}, []string{`2: closures: this is a TOML local date: write a text in quotes`}},
	{"time for a duration", []string{`user = `, "poll = 00:30:00\nuser = "}, []string{`8: mailbox.poll: this is a TOML local time: write a duration in quotes, "15m"`}},
	{"date for a size", []string{`user = `, "max_size = 2026-12-07\nuser = "}, []string{`8: mailbox.max_size: this is a TOML local date: write a size in quotes, "100 MB"`}},
	{"from of two lines", []string{`user = `, "from_name = \"Gestore\\nPEC\"\nuser = "}, []string{`8: from_name "Gestore\nPEC" has line breaks or control characters, and no letter could leave: write it on one line`}},
	{"proxy header", appended("[console]\nlisten = \"0.0.0.0:8025\"\ntrusted_proxy_header = \"X Forwarded For\"\n"), []string{`17: trusted_proxy_header "X Forwarded For" is no name of a header: write one like "X-Forwarded-For"`}},
	{"no TOML", []string{`data = "data"`, `data = "da`}, []string{`1: `}},
	{"wrong kind of value", []string{`user = "disattivazioni"`, `user = 7`}, []string{`8: mailbox.user: this is a TOML integer: write a text in quotes`}},
	{"number in quotes", []string{`user = `, "senders = \"4\"\nuser = "}, []string{`8: mailbox.senders: this is a TOML string: write a whole number`}},
	{"text for a list", []string{`["pec.example.it"]`, `"pec.example.it"`}, []string{`2: domains: this is a TOML string: write a list of texts`}},
	{"text for a truth", []string{`user = `, "plaintext = \"yes\"\nuser = "}, []string{`8: mailbox.plaintext: this is a TOML string: write true or false`}},
	{"bad duration", []string{`user = `, "poll = \"fast\"\nuser = "}, []string{`8: mailbox.poll: "fast" is no duration: write it like "30s", "15m", "24h" or "7d"`}},
	{"number for a duration", []string{`user = `, "poll = 30\nuser = "}, []string{`8: mailbox.poll: "30" is no duration: write it like "30s"`}},
	{"numbers for values", []string{`domains`, "disk_reserve = -5 # bytes\nuncertain_wait = 30\ndomains"}, []string{`2: disk_reserve: "-5" is no size: write it like "100 MB"`, `3: uncertain_wait: "30" is no duration`}},
	{"key twice", []string{`user = `, "user = \"x\"\nuser = "}, []string{`9: user: key user is already defined: keep one of the two lines`}},
	{"no quotes", []string{`"data"`, `data`}, []string{`1: unexpected character U+0064 'd' at start of value: texts stand in quotes`}},
	{"negative duration", []string{`user = `, "poll = \"-3s\"\nuser = "}, []string{`8: mailbox.poll: "-3s" is no duration`}},
	{"bad size", []string{`user = `, "max_size = \"many MB\"\nuser = "}, []string{`8: mailbox.max_size: "many MB" is no size: write it like "100 MB"`}},
	{"several values", []string{`user = `, "poll = \"fast\"\nidle = \"slow\"\nuser = ", `index = "trust/gestori.ldif"`, `sha1 = "maybe"`},
		[]string{`8: mailbox.poll: `, `9: mailbox.idle: `, `14: sha1 "maybe": write "accept", "review" or "reject"`}},
	{"no data", []string{"data = \"data\"\n", ""}, []string{`1: data is missing: the folder`}},
	{"data is a file", []string{`"data"`, `"pec-admin"`}, []string{`1: data: DIR/pec-admin is a file: name a folder`}},
	{"data below a file", []string{`"data"`, `"pec-admin/data"`}, []string{`1: data: DIR/pec-admin is a file: name a folder`}},
	{"zone", []string{`domains`, "time_zone = \"Europe/London\"\ndomains"}, []string{`2: time_zone "Europe/London": terms of law and letters are in Italian time, Europe/Rome: remove the line`}},
	{"the zone of law", []string{`domains`, "time_zone = \"Europe/Rome\"\ndomains"}, nil},
	{"closure", []string{`domains`, "closures = [\"7/12/2026\"]\ndomains"}, []string{`2: `}},
	{"templates", []string{`domains`, "templates = \"mine\"\ndomains"}, []string{`2: templates: no such folder: DIR/mine: make it, or remove the line`}},
	{"no domains", []string{"domains = [\"pec.example.it\"]\n", ""}, []string{`1: domains is missing`}},
	{"address as domain", []string{`["pec.example.it"]`, `["mario@pec.example.it"]`}, []string{`2: domains: "mario@pec.example.it" is no domain`}},
	{"mailbox without name", []string{"name = \"disattivazioni\"\n", ""}, []string{`3: name is missing`}},
	{"mailbox named like a path", []string{`name = "disattivazioni"`, `name = "../x"`}, []string{`4: name "../x": it names a folder too`}},
	{"address", []string{`disattivazioni@pec.example.com`, `Desk <d@pec.example.com>`}, []string{`5: address "Desk <d@pec.example.com>" is no mail address`}},
	{"no imap", []string{"imap = \"imaps://127.0.0.1:993\"\n", ""}, []string{`3: imap is missing: write it like imap = "imaps://host:port"`}},
	{"port", []string{`:993`, `:99300`}, []string{`6: imap "imaps://127.0.0.1:99300": port 99300 does not exist: write one between 1 and 65535`}},
	{"folder in the address", []string{`:993`, `:993/Sent`}, []string{`6: imap "imaps://127.0.0.1:993/Sent": nothing stands behind the port; another folder than INBOX is folder =`}},
	{"no host", []string{`imaps://127.0.0.1:993`, `imaps://:993`}, []string{`6: imap "imaps://:993": write it like`}},
	{"scheme", []string{`imaps://`, `https://`}, []string{`6: imap "https://127.0.0.1:993": write it like "imaps://host:port" (TLS) or "imap://host:port" (STARTTLS)`}},
	{"password in the address", []string{`imaps://`, `imaps://me:` + password + `@`}, []string{`6: imap: user and password do not stand in the address`}},
	{"password in a wrong address", []string{`imaps://`, `https://me:` + password + `@`}, []string{`6: imap "https://***@127.0.0.1:993": write`}},
	{"plaintext with TLS", []string{`imaps://`, `imap://`, `user = `, "plaintext = true\nuser = "}, []string{`8: plaintext = true contradicts smtp "smtps://127.0.0.1:465": remove the line, or write smtp://`}},
	{"plaintext afar", []string{`imaps://127.0.0.1`, `imap://mail.example.org`, `smtps://`, `smtp://`, `user = `, "plaintext = true\nuser = "}, []string{`8: plaintext = true is for loopback only, and mail.example.org is not: use imaps:// or STARTTLS`}},
	{"password twice", []string{`user = `, "password_env = \"X\"\nuser = "}, []string{`8: password_file and password_env are both set: keep one`}},
	{"no password", []string{"password_file = \"secrets/disattivazioni\"\n", ""}, []string{`3: password_file is missing: name a file whose first line is the password`}},
	{"password file", []string{`secrets/disattivazioni`, `secrets/none`}, []string{`9: password_file: no such file: DIR/secrets/none: write the secret in its first line`}},
	{"empty password", []string{`secrets/disattivazioni`, `secrets/empty`}, []string{`9: password_file: the secret in DIR/secrets/empty is empty: write the secret in its first line`}},
	{"password folder", []string{`secrets/disattivazioni`, `secrets`}, []string{`9: password_file: DIR/secrets is a folder: name a file`}},
	{"password variable", []string{`password_file = "secrets/disattivazioni"`, `password_env = "SPORTELLO_NOT_SET"`}, []string{`9: password_env: the environment variable SPORTELLO_NOT_SET is empty: set it`}},
	{"mailbox ca", []string{`user = `, "ca = \"trust/nothing.pem\"\nuser = "}, []string{`8: ca: DIR/trust/nothing.pem holds no certificate`}},
	{"since", []string{`user = `, "since = \"yesterday\"\nuser = "}, []string{`8: since "yesterday": write "all", "now" or a date like "2026-11-01"`}},
	{"idle", []string{`user = `, "idle = \"2h\"\nuser = "}, []string{`8: idle 2h0m0s: servers may end an IDLE after 30 minutes`}},
	{"relay with user", []string{`user = `, "smtp_auth = false\nsmtp_user = \"x\"\nuser = "}, []string{`9: smtp_user has no use when smtp_auth = false`}},
	{"senders", []string{`user = `, "senders = -1\nuser = "}, []string{`8: senders -1: write how many`}},
	{"mailbox twice", []string{"[trust]\n", mailboxAgain + "[trust]\n"}, []string{`11: two mailboxes are named "disattivazioni"`, `12: two mailboxes have the address`}},
	{"folder twice", []string{"[trust]\n", strings.NewReplacer(`name = "d`, `name = "other d`, `Disattivazioni@`, `altre@`).Replace(mailboxAgain) + "[trust]\n"},
		[]string{`15: two mailboxes read the same folder of user disattivazioni: keep one`}},
	{"no mailbox", []string{"[[mailbox]]", "[nothing]"}, []string{`1: no [[mailbox]]: add one`, `3: unknown key "nothing"`}},
	{"no roots", []string{"roots = [\"trust/roots.pem\"]\n", ""}, []string{`10: [trust] roots is missing: the PEM files`}},
	{"roots", []string{`trust/roots.pem`, `trust/none.pem`}, []string{`11: roots: no such file: DIR/trust/none.pem: name a PEM file`}},
	{"index", []string{`trust/gestori.ldif`, `trust/none.ldif`}, []string{`12: index: no such file: DIR/trust/none.ldif: fetch it with`}},
	{"index by address", []string{`trust/gestori.ldif`, `https://www.example.org/index`}, []string{`12: index is the file that the index is kept in: name one`}},
	{"signers without index", []string{`index = "trust/gestori.ldif"`, `index_signers = ["trust/roots.pem"]`}, []string{`12: index_signers without index`}},
	{"crl", []string{`[registry]`, "crl = [\"ftp://crl.example.org\", \"none.crl\"]\n[registry]"}, []string{`13: crl "ftp://crl.example.org": write an http`, `13: crl: no such file: DIR/none.crl`}},
	{"registry both", []string{`mailboxes = "reg`, "url = \"https://registry.example.org\"\nmailboxes = \"reg"}, []string{`14: [registry] has both url and files: keep one`}},
	{"registry in clear", []string{`mailboxes = "registry/mailboxes.csv"`, `url = "http://registry.example.org"`}, []string{`14: url "http://registry.example.org": customers' data goes there, so write https://`}},
	{"registry file", []string{`mailboxes.csv`, `none.csv`}, []string{`14: mailboxes: no such file: DIR/registry/none.csv: export it with the columns address,status,`}},
	{"orders alone", []string{`mailboxes = "registry/mailboxes.csv"`, `orders = "registry/orders.csv"`}, []string{`14: orders without mailboxes: name both files`}},
	{"token without url", []string{`mailboxes = `, "token_file = \"secrets/disattivazioni\"\nmailboxes = "}, []string{`14: token_file is for the service at url`}},
	{"action of nothing", appended("[action.close]\n"), []string{`15: [action.close] needs command or url`}},
	{"action of both", appended("[action.close]\ncommand = [\"true\"]\nurl = \"https://a.example.org\"\n"), []string{`17: [action.close] has both command and url: keep one`}},
	{"action without program", appended("[action.\"close\"]\ncommand = [\"./none\"]\n"), []string{`16: command: DIR/none cannot be run (`}},
	{"action without key", appended("[action.close]\nurl = \"https://a.example.org\"\n"), []string{`16: url needs secret_file`}},
	{"key of a command", appended("[action.close]\ncommand = [\"true\"]\nsecret_file = \"secrets/disattivazioni\"\n"), []string{`17: secret_file signs requests to a url`}},
	{"limits", appended("[limits]\nletters_per_hour = 9\nletters_per_day = 3\n[retention]\nmonths = -1\n"), []string{`16: letters_per_hour 9 is more than letters_per_day 3: lower it`, `19: months -1: write a number above 0`}},
	{"quiet hour", appended("[retention]\npurge = \"25:00\"\n"), []string{`16: retention.purge: "25:00" is no hour of the day: write it like "03:30", or "never"`}},
	{"quiet hour unquoted", appended("[retention]\npurge = 03:30:00\n"), []string{`16: retention.purge: this is a TOML local time: write an hour in quotes, "03:30"`}},
	{"console", appended("[console]\nlisten = \"8025\"\n"), []string{`16: listen "8025": write it like "127.0.0.1:8025"`}},
	{"console port", appended("[console]\nlisten = \"127.0.0.1:80250\"\n"), []string{`16: listen "127.0.0.1:80250": write it like "127.0.0.1:8025"`}},
	{"console afar", appended("[console]\nlisten = \"0.0.0.0:8025\"\n"), []string{`16: listen "0.0.0.0:8025" is not loopback: set tls_cert and tls_key`}},
	{"console half", appended("[console]\nlisten = \"127.0.0.1:8025\"\ntls_cert = \"trust/roots.pem\"\n"), []string{`17: tls_cert and tls_key go together`}},
	{"console key", appended("[console]\nlisten = \"127.0.0.1:8025\"\ntls_cert = \"trust/roots.pem\"\ntls_key = \"trust/roots.pem\"\n"), []string{`17: tls_cert and tls_key: tls: `}},
	{"alert thrice", appended("[alert]\ncommand = [\"true\"]\nurl = \"https://a.example.org\"\n"), []string{`15: [alert] has more than one of command, smtp, url: keep one`}},
	{"alert to ourselves", appended("[alert]\nsmtp = \"smtps://m.example.org:465\"\nfrom = \"s@example.org\"\nto = [\"Disattivazioni@pec.example.com\"]\n"), []string{`18: alerts never use the request mailbox`}},
	{"alert to nobody", appended("[alert]\nsmtp = \"m.example.org\"\n"), []string{`16: smtp "m.example.org": write it like`, `16: alerts by smtp need from, an address, and to, a list of them`}},
	{"alert login", appended("[alert]\nsmtp = \"smtps://m.example.org:465\"\nfrom = \"s@example.org\"\nto = [\"x@example.org\"]\nuser = \"u\"\n"), []string{`19: user needs password_file`}},
	{"letters", appended("[letters]\nurl_pannello = \"pannello\"\n"), []string{`16: letters.url_pannello: "pannello" is not an address`}},
	{"several at once", []string{"data = \"data\"\n", "", `imaps://`, `pop3://`, `trust/roots.pem`, `none`}, []string{`1: data is missing`, `5: imap "pop3://`, `10: roots: no such file`}},
}

const mailboxAgain = `[[mailbox]]
name = "disattivazioni"
address = "Disattivazioni@pec.example.com"
imap = "imaps://127.0.0.1:993"
smtp = "smtps://127.0.0.1:465"
user = "disattivazioni"
password_file = "secrets/disattivazioni"
`

// appended is the change that adds text at the end of small.
func appended(text string) []string {
	const last = "mailboxes = \"registry/mailboxes.csv\"\n"
	return []string{last, last + text}
}

// TestConfigMistakes makes every kind of mistake, and expects each to be told
// with file, line and remedy, and nothing else.
func TestConfigMistakes(t *testing.T) {
	dir := configFolder(t)
	file := filepath.Join(dir, "sportello.toml")
	for _, m := range mistakes {
		t.Run(m.name, func(t *testing.T) {
			writeFile(t, file, edit(t, small, m.changes...))
			_, err := LoadConfig(file)
			var got []string
			if err != nil {
				got = strings.Split(err.Error(), "\n")
			}
			if strings.Contains(fmt.Sprint(got), password) {
				t.Errorf("the password is told: %q", got)
			}
			if len(got) != len(m.want) {
				t.Fatalf("got %d mistakes, want %d:\n%s", len(got), len(m.want), strings.Join(got, "\n"))
			}
			for i, want := range m.want {
				want = file + ":" + strings.ReplaceAll(want, "DIR", dir)
				if !strings.HasPrefix(got[i], want) {
					t.Errorf("got  %s\nwant %s", got[i], want)
				}
			}
		})
	}
}

// TestActionOfNoStep tells an action that no step can call for.
func TestActionOfNoStep(t *testing.T) {
	file := filepath.Join(configFolder(t), "sportello.toml")
	writeFile(t, file, edit(t, small, appended("[action.explode]\ncommand = [\"true\"]\n")...))
	cfg, err := LoadConfig(file)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := loadPolicy(cfg); err == nil || !strings.Contains(err.Error(), file+`: [action.explode]: unknown step "explode": write one of backup-notice, change-contacts, close,`) {
		t.Errorf("got %v", err)
	}
}

// TestLoadConfigMissing names the way out when there is no configuration.
func TestLoadConfigMissing(t *testing.T) {
	file := filepath.Join(t.TempDir(), "none.toml")
	if _, err := LoadConfig(file); err == nil || !strings.Contains(err.Error(), file+": name yours with -c FILE") {
		t.Errorf("got %v", err)
	}
}

func TestDurationAndSize(t *testing.T) {
	for text, want := range map[string]time.Duration{"30s": 30 * time.Second, "7d": 7 * 24 * time.Hour, "1h30m": 90 * time.Minute, "0s": 0, "x": -1, "-1d": -1, "1.5d": -1, "": -1, "999999999d": -1} {
		var d Duration
		if err := d.UnmarshalText([]byte(text)); err != nil && want >= 0 || err == nil && d.Duration != want {
			t.Errorf("duration %q: %v, %v", text, d, err)
		}
	}
	for text, want := range map[string]int64{"100 MB": 100e6, "1GiB": 1 << 30, "12": 12, "7 b": 7, "x": -1, "-1": -1, "9999999999 GB": -1} {
		var s Size
		if err := s.UnmarshalText([]byte(text)); err != nil && want >= 0 || err == nil && s.Bytes != want {
			t.Errorf("size %q: %d, %v", text, s.Bytes, err)
		}
	}
}

// TestSecretNeverPrints prints a secret in every way.
func TestSecretNeverPrints(t *testing.T) {
	s := Secret{password}
	for _, format := range []string{"%v", "%+v", "%#v", "%s", "%q", "%d", "%t", "%x", "%X"} {
		if got := fmt.Sprintf(format, s); strings.Contains(got, password) || strings.Contains(strings.ToLower(got), fmt.Sprintf("%x", password)) {
			t.Errorf("%s prints %s", format, got)
		}
		if got := fmt.Sprintf(format, struct{ S Secret }{s}); strings.Contains(got, password) {
			t.Errorf("%s of a struct prints %s", format, got)
		}
	}
}

// TestLookingNeedsNoSecret: who only looks needs no password, key or program,
// which may be another user's; every other mistake is told to him too.
func TestLookingNeedsNoSecret(t *testing.T) {
	dir := configFolder(t)
	file := filepath.Join(dir, "sportello.toml")
	writeFile(t, file, edit(t, small, `secrets/disattivazioni`, `secrets/none`)+"[console]\nlisten = \"127.0.0.1:8025\"\ntls_cert = \"c.pem\"\ntls_key = \"k.pem\"\n"+
		"[action.close]\ncommand = [\"./none\"]\n[action.refund]\nurl = \"https://billing.example.org\"\nsecret_file = \"none\"\n[alert]\ncommand = [\"./none\"]\n")
	if _, err := LoadConfig(file); err == nil || strings.Count(err.Error(), "\n") != 4 {
		t.Errorf("the daemon would start without what it needs: %v", err)
	}
	for what, load := range map[string]func(string) (*Config, error){"look": configToLook, "import": configToImport} {
		if _, err := load(file); err != nil {
			t.Errorf("%s: %v", what, err)
		}
	}
	writeFile(t, file, edit(t, small, `trust/roots.pem`, `trust/nothing.pem`))
	if _, err := configToLook(file); err == nil || !strings.Contains(err.Error(), "holds no certificate") {
		t.Errorf("roots without a certificate: %v", err)
	}
}

// TestNearest proves what is suggested for a word.
func TestNearest(t *testing.T) {
	names := []string{"user", "smtp_user", "password_file", "name"}
	for word, want := range map[string]string{"usr": "user", "password": "password_file", "nmae": "name", "colour": "", "smtpuser": "smtp_user"} {
		if got := nearest(word, names); got != want {
			t.Errorf("%q: suggested %q, want %q", word, got, want)
		}
	}
}

// TestConfigBeside reads a configuration by a name without a folder: its
// commands lie beside it all the same, and a program of that name in PATH is
// another one.
func TestConfigBeside(t *testing.T) {
	dir := configFolder(t)
	writeFile(t, filepath.Join(dir, "sportello.toml"), small+"[action.close]\ncommand = [\"./pec-admin\", \"close\"]\n")
	t.Chdir(dir)
	cfg, err := LoadConfig("sportello.toml")
	if err != nil {
		t.Fatal(err)
	}
	if got := cfg.Actions["close"].Command[0]; got != filepath.Join(dir, "pec-admin") {
		t.Errorf("the command is %s", got)
	}
}

// TestSecretsForEverybody: config check says which secrets everybody may read.
func TestSecretsForEverybody(t *testing.T) {
	dir := configFolder(t)
	file, secret := filepath.Join(dir, "sportello.toml"), filepath.Join(dir, "secrets/disattivazioni")
	writeFile(t, file, small)
	cfg, err := LoadConfig(file)
	if err != nil {
		t.Fatal(err)
	}
	for mode, want := range map[os.FileMode]bool{0o600: false, 0o640: false, 0o644: true} {
		if err := os.Chmod(secret, mode); err != nil {
			t.Fatal(err)
		}
		if got := strings.Contains(strings.Join(notes(cfg), "\n"), "the secret in "+secret+": chmod 600"); got != want {
			t.Errorf("mode %o: told %t", mode, got)
		}
	}
}

// TestMailThatIsPassedOver: config check says of a mailbox that takes no large
// request in, and of one that none is taken from yet.
func TestMailThatIsPassedOver(t *testing.T) {
	for key, want := range map[string]string{`max_size = "30 MB"`: "larger ones than this are parked", `max_size = "100 MB"`: "", `since = "2999-01-01"`: "has not come yet", `since = "2026-11-01"`: ""} {
		file := filepath.Join(configFolder(t), "sportello.toml")
		writeFile(t, file, strings.Replace(small, "user = ", key+"\nuser = ", 1))
		cfg, err := LoadConfig(file)
		if err != nil {
			t.Fatal(err)
		}
		if got := strings.Join(notes(cfg), "\n"); strings.Contains(got, "mailbox disattivazioni: ") != (want != "") || !strings.Contains(got, want) {
			t.Errorf("%s: %s, want %q", key, got, want)
		}
	}
}

// TestConnectSaysWhatToDo tries servers that are not there, and one that
// begins without TLS where TLS is expected.
func TestConnectSaysWhatToDo(t *testing.T) {
	gone, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	gone.Close()
	plain, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer plain.Close()
	go func() {
		for {
			c, err := plain.Accept()
			if err != nil {
				return
			}
			_, _ = c.Write([]byte("* OK ready\r\n")) // whoever is gone already need not be greeted
			c.Close()
		}
	}()
	file := filepath.Join(configFolder(t), "sportello.toml")
	writeFile(t, file, edit(t, small, "127.0.0.1:993", plain.Addr().String(), "127.0.0.1:465", gone.Addr().String()))
	var out, errs bytes.Buffer
	if code := run(t.Context(), []string{"config", "check", "--connect", "-c", file}, nil, &out, &errs); code != 1 {
		t.Fatalf("exit %d: %s", code, out.String())
	}
	for _, want := range []string{"mailbox disattivazioni, imap: TLS with ", "this port begins without TLS: write imap://", "mailbox disattivazioni, smtp: ", "connection refused: is the server running"} {
		if !strings.Contains(errs.String(), want) {
			t.Errorf("no %q in:\n%s", want, errs.String())
		}
	}
}

// TestAlertIsTried: the way to who is on call is tried before a promise is in
// danger, by whatever it goes.
func TestAlertIsTried(t *testing.T) {
	got := filepath.Join(t.TempDir(), "got")
	hook := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { w.WriteHeader(http.StatusBadGateway) }))
	defer hook.Close()
	gone, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	gone.Close()
	mail := fmt.Sprintf("smtp = \"smtp://%s\"\nplaintext = true\nfrom = \"s@example.org\"\nto = [\"anna@example.org\"]\n", gone.Addr())
	for name, x := range map[string]struct {
		alert, flag string
		code        int
		want        string
	}{
		"none":        {"", "--alert", 1, "there is no [alert] to try"},
		"a command":   {"[alert]\ncommand = [\"./tell\"]\n", "--alert", 0, "a test alert was sent"},
		"it fails":    {"[alert]\ncommand = [\"./broken\"]\n", "--alert", 1, "the test alert was not sent: broken: exit status 3 no route"},
		"a webhook":   {"[alert]\nurl = \"" + hook.URL + "\"\n", "--alert", 1, "the webhook answers 502"},
		"mail":        {"[alert]\n" + mail, "--alert", 1, "the test alert to anna@example.org was not sent"},
		"mail, login": {"[alert]\n" + mail, "--connect", 1, "[alert], smtp: "},
	} {
		t.Run(name, func(t *testing.T) {
			dir := configFolder(t)
			for file, script := range map[string]string{"tell": "#!/bin/sh\ncat > " + got + "\n", "broken": "#!/bin/sh\necho no route >&2\nexit 3\n"} {
				if err := os.WriteFile(filepath.Join(dir, file), []byte(script), 0o700); err != nil {
					t.Fatal(err)
				}
			}
			file := filepath.Join(dir, "sportello.toml")
			writeFile(t, file, small+x.alert)
			var out, errs bytes.Buffer
			if code := run(t.Context(), []string{"config", "check", x.flag, "-c", file}, nil, &out, &errs); code != x.code || !strings.Contains(out.String()+errs.String(), x.want) {
				t.Errorf("exit %d, want %d with %q:\n%s%s", code, x.code, x.want, out.String(), errs.String())
			}
		})
	}
	if raw, err := os.ReadFile(got); err != nil || !strings.Contains(string(raw), `"incident":"test"`) {
		t.Errorf("the command got %s: %v", raw, err)
	}
}
