package main

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/csv"
	"encoding/json"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"sportello/mailproc"
	"sportello/mailproc/console"
	"sportello/rules"
)

// liveDesk is a daemon that has answered the demo's samples, and the command
// line beside it.
type liveDesk struct {
	t      *testing.T
	dir    string
	config string
	office *mailproc.Office
	stop   func()
}

// newLiveDesk starts the daemon over the demo's mail server and waits until
// every sample is answered. Change sees the configuration before it starts.
func newLiveDesk(t *testing.T, change func(*Config)) *liveDesk {
	t.Helper()
	d := &liveDesk{t: t, dir: t.TempDir()}
	ctx, stop := context.WithCancel(context.Background())
	world := newDemo(d.dir)
	if err := world.start(ctx); err != nil {
		t.Fatal(err)
	}
	cfg, err := world.configure()
	if err != nil {
		t.Fatal(err)
	}
	if change != nil {
		change(cfg)
	}
	d.config = filepath.Join(d.dir, "sportello.toml")
	ready, done := make(chan struct{}), make(chan error, 1)
	go func() {
		done <- serve(ctx, cfg, slog.New(slog.NewTextHandler(t.Output(), nil)), func(o *mailproc.Office) { d.office = o; close(ready) })
	}()
	d.stop = func() {
		stop()
		if err := <-done; err != nil {
			t.Errorf("the daemon ended with %v", err)
		}
		world.smtp.Close()
		d.stop = func() {}
	}
	t.Cleanup(func() { d.stop() })
	select {
	case <-ready:
	case err := <-done:
		t.Fatal(err)
	}
	samples := demoSamples(world.provider, world.stranger, time.Now())
	changes, end := d.office.Watch()
	defer end()
	for _, s := range samples {
		if err := world.deliver(s.to, s.raw, time.Now()); err != nil {
			t.Fatal(err)
		}
	}
	for !settled(ctx, d.office, len(samples)) {
		select {
		case <-changes:
		case <-t.Context().Done():
			t.Fatal("the samples were not answered")
		}
	}
	return d
}

// outcome is how a command ended.
type outcome struct {
	code     int
	out, err string
}

// do runs the program with these arguments.
func (d *liveDesk) do(in string, args ...string) outcome {
	d.t.Helper()
	var out, errs bytes.Buffer
	code := run(d.t.Context(), append([]string{"-c", d.config}, args...), strings.NewReader(in), &out, &errs)
	return outcome{code, out.String(), errs.String()}
}

// says runs a command that must end well and whose output must match each pattern.
func (d *liveDesk) says(args []string, patterns ...string) outcome {
	d.t.Helper()
	o := d.do("", args...)
	if o.code != 0 || o.err != "" {
		d.t.Errorf("%s: exit %d: %s", strings.Join(args, " "), o.code, o.err)
	}
	for _, p := range patterns {
		if !regexp.MustCompile(p).MatchString(o.out) {
			d.t.Errorf("%s does not say %q:\n%s", strings.Join(args, " "), p, o.out)
		}
	}
	return o
}

// refuses runs a command that must end with a code and tell why.
func (d *liveDesk) refuses(code int, args []string, patterns ...string) {
	d.t.Helper()
	o := d.do("", args...)
	if o.code != code || o.out != "" || !strings.HasPrefix(o.err, "sportello: ") {
		d.t.Errorf("%s: exit %d, want %d: %q, %q", strings.Join(args, " "), o.code, code, o.out, o.err)
	}
	for _, p := range patterns {
		if !regexp.MustCompile(p).MatchString(o.err) {
			d.t.Errorf("%s does not say %q:\n%s", strings.Join(args, " "), p, o.err)
		}
	}
}

func words(s string) []string { return strings.Fields(s) }

// caseOf is the protocol number of a mailbox's case.
func (d *liveDesk) caseOf(who string) string {
	d.t.Helper()
	o := d.says([]string{"queue", "list", "--json", "--mailbox", who + "@" + demoDomain})
	var r console.Row
	if err := json.NewDecoder(strings.NewReader(o.out)).Decode(&r); err != nil {
		d.t.Fatalf("the case of %s: %v in %q", who, err, o.out)
	}
	return r.ID
}

// Every verb of the command line, over the daemon's socket.
func TestCommandLine(t *testing.T) {
	d := newLiveDesk(t, nil)
	t.Run("list", func(t *testing.T) { d.with(t).list() })
	t.Run("show", func(t *testing.T) { d.with(t).show() })
	t.Run("files", func(t *testing.T) { d.with(t).files() })
	t.Run("hints", func(t *testing.T) { d.with(t).hints() })
	t.Run("acts", func(t *testing.T) { d.with(t).acts() })
	t.Run("parked", func(t *testing.T) { d.with(t).parked() })
	t.Run("log", func(t *testing.T) { d.with(t).log() })
	t.Run("stats", func(t *testing.T) { d.with(t).stats() })
	t.Run("users", func(t *testing.T) { d.with(t).users() })
	t.Run("keeping", func(t *testing.T) { d.with(t).keeping() })
	t.Run("completion", func(t *testing.T) { d.with(t).completion() })
	t.Run("watch", func(t *testing.T) { d.with(t).watch() })
	t.Run("stopped", func(t *testing.T) { d.with(t).stopped() })
	t.Run("damaged", func(t *testing.T) { d.with(t).damaged() })
}

func (d *liveDesk) with(t *testing.T) *liveDesk {
	c := *d
	c.t = t
	c.stop = func() { d.stop() }
	return &c
}

func (d *liveDesk) list() {
	d.says(words("queue list"), `(?m)^PROTOCOL +STATE +LEFT +PROCEDURE`, `review +[\w ]+ +disattivazione +review +danger_sign +franco.leone@pec.example.it`, `\bCES?T\b`)
	d.says(words("queue list --state review --procedure disattivazione --outcome review --reason danger_sign"), `franco.leone`)
	for _, args := range []string{"queue list --text leone", "queue list --mailbox franco", "queue list --text FRANCO.LEONE@pec", "queue list --order received --text leone", "queue list --search leone"} {
		if o := d.says(words(args), `franco.leone`); strings.Contains(o.out, "mario.rossi") {
			d.t.Errorf("%s lists others too:\n%s", args, o.out)
		}
	}
	d.says(words("queue list --text leone"), `DUE +FOUND`, `mailbox: franco\.«leone»@pec\.example\.it`)
	d.says(words("queue list --text leone --json"), `"found":\[\{"in":"mailbox","pieces":\[\{"text":"franco\."\},\{"text":"leone","found":true\}`)
	if o := d.do("", words("queue list --overdue")...); o.code != 0 || o.err != "no case passes these filters\n" {
		d.t.Errorf("nothing is overdue: %+v", o)
	}
	if o := d.do("", words("queue list --limit 2")...); o.code != 0 || strings.Count(o.out, "\n") != 3 || !strings.Contains(o.err, "… more") {
		d.t.Errorf("two of several: %+v", o)
	}
	all := d.says(words("queue list --json"))
	for _, line := range strings.Split(strings.TrimSpace(all.out), "\n") {
		var r console.Row
		if err := json.Unmarshal([]byte(line), &r); err != nil || r.ID == "" || r.Received == nil {
			d.t.Errorf("%v: %s", err, line)
		}
	}
	table, err := csv.NewReader(strings.NewReader(d.says(words("queue list --csv")).out)).ReadAll()
	if err != nil || len(table) != strings.Count(all.out, "\n")+1 || strings.Join(table[0], " ") != "id procedure state outcome reason mailbox received due answered delivered decided_by subject assignee later" {
		d.t.Errorf("%d lines of CSV for %d cases (%v)", len(table), strings.Count(all.out, "\n"), err)
	}
	d.refuses(1, words("queue list --state open"), `unknown state "open": one of new, review,`)
	d.refuses(1, words("queue list --procedure none"), `unknown procedure "none": one of .*disattivazione`)
	d.refuses(1, words("queue list --reason why"), `unknown reason "why"`)
	d.refuses(2, words("queue list --json --csv"), `--json and --csv: choose one of them`)
	d.refuses(2, words("queue list everything"), `see .sportello queue list --help.`)
}

func (d *liveDesk) show() {
	id := d.caseOf("franco.leone")
	d.says([]string{"queue", "show", id}, `^Case `+id+`: review — disattivazione, review \(danger_sign\)`, `sender +franco.leone@pec.example.it`,
		`(?m)^Who signed$`, `ok   signature`, `sign +".*31 dicembre.*"`, `danger_sign: a negation, condition, question`, `stopped by a sign of condition`,
		`titolare +Franco Leone`, `Letter 1 \(presa-in-carico\): delivered`, `receipt +.* avvenuta-consegna, Gestore Dimostrativo`, `sha256 [0-9a-f]{64}, archive/`,
		`decided`, `Possible now\n +approve, reject`)
	var detail rules.Detail
	if err := json.Unmarshal([]byte(d.says([]string{"queue", "show", id, "--json"}).out), &detail); err != nil || detail.Case.ID != id || len(detail.Events) < 4 || len(detail.Messages) != 1 {
		d.t.Errorf("as JSON: %v, %+v", err, detail.Case)
	}
	d.refuses(1, words("queue show 2020-000001"), `^sportello: case 2020-000001: not found\n$`)
	d.refuses(1, words("parked show 99999"), `^sportello: message 99999: not found\n$`)
	d.refuses(1, words("queue show nonsense"), `nonsense`)
	d.refuses(2, words("queue show"), `see .sportello queue show --help.`)
}

func (d *liveDesk) files() {
	id := d.caseOf("franco.leone")
	d.says([]string{"queue", "files", id}, `MESSAGE +FILE`, `daticert.xml +application/xml +\d+ +envelope`)
	d.says([]string{"queue", "files", id, "--json"}, `^\{"message":\d+,"n":\d+,"name":`)
	dir := filepath.Join(d.t.TempDir(), "allegati")
	d.says([]string{"queue", "files", id, "--save", dir})
	if list, err := os.ReadDir(dir); err != nil || len(list) != 0 {
		d.t.Errorf("the customer sent no file: %v %v", list, err)
	}
	name := filepath.Join(d.t.TempDir(), "fascicolo.zip")
	d.says([]string{"queue", "export", id, "-o", name}, `fascicolo.zip: \d+ bytes`)
	d.zipHolds(name, "fascicolo-"+id+"/LEGGIMI.txt", "fascicolo-"+id+"/SHA256SUMS", "fascicolo-"+id+"/giornale.jsonl", "fascicolo-"+id+"/roots.pem", "fascicolo-"+id+"/lettere/1-presa-in-carico.txt")
	d.refuses(1, []string{"queue", "export", id, "-o", name}, `is there already: choose another name`)
	d.refuses(1, words("queue export 2020-000001 -o none.zip"), `not found`)
	if _, err := os.Stat("none.zip"); err == nil {
		d.t.Error("a refused export left a file")
	}
	both := filepath.Join(d.t.TempDir(), "mario.zip")
	d.says([]string{"queue", "list", "--mailbox", "mario.rossi@" + demoDomain, "--export", both}, `mario.zip: \d+ bytes`)
	d.zipHolds(both, "fascicolo-"+d.caseOf("mario.rossi")+"/pratica.json")
}

func (d *liveDesk) zipHolds(name string, want ...string) {
	d.t.Helper()
	z, err := zip.OpenReader(name)
	if err != nil {
		d.t.Fatal(err)
	}
	defer z.Close()
	var got []string
	for _, f := range z.File {
		got = append(got, f.Name)
	}
	for _, w := range want {
		if !slices.Contains(got, w) {
			d.t.Errorf("%s lacks %s: %v", name, w, got)
		}
	}
}

// until waits for a case to come into a state.
func (d *liveDesk) until(id string, want rules.State) {
	d.t.Helper()
	changes, end := d.office.Watch()
	defer end()
	for {
		x, err := d.office.Case(d.t.Context(), id)
		if err != nil {
			d.t.Fatal(err)
		}
		if x.Case.State == want {
			return
		}
		select {
		case <-changes:
		case <-d.t.Context().Done():
			d.t.Fatalf("case %s never became %s", id, want)
		}
	}
}

// hints are the commands that queue show suggests: each of them is one.
func (d *liveDesk) hints() {
	for _, verb := range actVerbs {
		args := regexp.MustCompile(`"[^"]*"|\S+`).FindAllString(strings.TrimPrefix(verb.hint("2020-000001"), "sportello "), -1)
		d.refuses(1, args, `case 2020-000001: not found`)
	}
}

func (d *liveDesk) acts() {
	id := d.caseOf("franco.leone")
	d.says([]string{"queue", "note", id, "--text", "telefonato"}, `case `+id+` is now review`)
	d.says([]string{"queue", "show", id}, `note by \S+, .*: telefonato`, `what to do: Read the words that are marked`)
	d.refuses(1, []string{"queue", "withdraw", id, "--no-letter", "--text", "detto"}, `it ends without a letter only where one could not be delivered`)
	d.refuses(1, []string{"queue", "note", id}, `a note needs its text`)
	d.refuses(1, []string{"queue", "reject", id}, `a rejection needs its reason: a code, or words of your own`)
	d.refuses(1, []string{"queue", "approve", id, "--version", "1"}, `has changed since`)
	d.refuses(1, []string{"queue", "approve", id, "--procedure", "zz"}, `unknown procedure "zz": one of .*disattivazione`)
	d.says([]string{"queue", "reject", id, "--reason", "body_not_conforming", "--preview"}, `Subject: Re: .*Prot. `+id, `(?m)^  > `)
	d.says([]string{"queue", "show", id}, `: review`) // a preview does nothing
	d.says([]string{"queue", "ask", id, "--document", "carta d'identità", "--text", "manca"}, `case `+id+` is now waiting`, `letter 2 \(integrazione\) goes to franco.leone`)
	d.says([]string{"queue", "show", id}, `asked for +carta d'identità \(by .+; until`)
	d.refuses(1, []string{"queue", "reopen", id}, `^sportello: case `+id+` is waiting \(decided by the desk\): reopen is not possible now; possible: approve, reject, ask, answer, note, withdraw, assign, later\n$`)
	d.says([]string{"queue", "reject", id, "--text", "Il documento non è arrivato."}, `is now rejected`)
	d.until(id, rules.Closed) // its letter is accepted
	d.refuses(1, []string{"queue", "approve", id}, `not possible now`)
	d.refuses(1, []string{"queue", "withdraw", id}, `not possible now`)
	d.says([]string{"queue", "reopen", id, "--text", "ha telefonato"}, `is now review`)
	d.says([]string{"queue", "approve", id, "--preview"}, `Subject: Re: `)
	d.says([]string{"queue", "withdraw", id}, `is now withdrawn`)
	d.until(id, rules.Closed)
	d.refuses(1, []string{"queue", "done", id}, `no step waits for an operator`)
	d.refuses(1, []string{"queue", "release", id}, `no letter is held`)
	d.refuses(1, []string{"queue", "resend", id}, `no letter failed`)
	d.refuses(1, []string{"queue", "arrived", id}, `no letter was left without a receipt`)
	d.refuses(1, []string{"queue", "answer", id, "--file", "not-there.pdf", "--text", "x"}, `attach: open not-there.pdf`)
	d.refuses(1, []string{"queue", "drop", id}, `four_eyes is not set`)
	d.refuses(1, words("queue approve 2020-000001"), `not found`)
	d.refuses(2, words("queue approve"), `see .sportello queue approve --help.`)
}

func (d *liveDesk) parked() {
	o := d.says(words("parked list"), `MESSAGE +KIND +REASON`, `signature_untrusted`, `automatic|not_ours`)
	d.refuses(1, words("parked list --reason bogus"), `unknown reason "bogus": one of .*signature_untrusted`)
	d.says(words("parked list --limit 1 --json"), `^\{"id":\d+,"kind":"\w+","reason":"\w+","mailbox":"[\w.]+","received":"`)
	if one := d.says(words("parked list --reason signature_untrusted"), `signature_untrusted`); strings.Contains(one.out, "signature_invalid") || len(one.out) >= len(o.out) {
		d.t.Errorf("only one reason was asked for:\n%s", one.out)
	}
	m := regexp.MustCompile(`(?m)^(\d+) .*signature_untrusted`).FindStringSubmatch(o.out)
	if m == nil {
		d.t.Fatal("nobody's signature is parked")
	}
	d.says([]string{"parked", "show", m[1]}, `^Message `+m[1]+`: parked`, `signed by nobody we trust`, `(?m)^Who signed$`, `FAIL`, `claims +`, `subject +Disattivazione casella`)
	d.says([]string{"parked", "show", m[1], "--json"}, `"reason":"signature_untrusted"`)
	d.says([]string{"parked", "show", m[1], "--raw"}, `(?m)^Subject: POSTA CERTIFICATA:`)
	d.says([]string{"parked", "replay", m[1]}, `message `+m[1]+` is looked at again: parked, signature_untrusted`)
	d.opensParked()
	d.mistaken()
	d.says(words("retry"), `everything that waited is tried again`)
	d.refuses(1, words("parked show 99999"), `not found`)
	d.refuses(1, words("parked show x"), `no message number`)
	d.refuses(2, words("parked replay"), `see .sportello parked replay --help.`)
	if o := d.do("", words("letters list")...); o.code != 0 {
		d.t.Errorf("letters list: %+v", o)
	}
	d.says(words("letters show disattivazione"), `── disattivazione: accolta`)
	d.says(words("procedures list"), `NAME +DECIDED BY`, `disattivazione +automatic +3 working days +disattivazioni`)
	d.says(words("procedures list --json"), `"name":"disattivazione"`)
	d.says(words("procedures show disattivazione"), `^disattivazione: Disattivazione anticipata`, `(?m)^The form$`, `letters +accolta`)
	d.says(words("procedures show disattivazione --json"), `"form":"Il sottoscritto`)
	d.refuses(1, words("procedures show none"), `no procedure "none": one of .*disattivazione`)
}

func (d *liveDesk) log() {
	d.says(words("log"), `(?m)^ +1  20\d\d-\d\d-\d\d \d\d:\d\d:\d\d CES?T  `, `letter-receipt`)
	if o := d.says(words("log --last 2 --json")); strings.Count(o.out, "\n") != 2 {
		d.t.Errorf("the last two: %s", o.out)
	}
	id := d.caseOf("mario.rossi")
	for _, line := range strings.Split(strings.TrimSpace(d.says([]string{"log", "--case", id, "--json"}).out), "\n") {
		if !strings.Contains(line, `"case":"`+id+`"`) {
			d.t.Errorf("of another case: %s", line)
		}
	}
	d.says(words("log verify"), `the chain is whole: \d+ entries`)
	d.refuses(1, words("log --case 2020-000001"), `not found`)
	// -f goes on until it is stopped, with what happens meanwhile.
	ctx, stop := context.WithCancel(d.t.Context())
	r, w := io.Pipe()
	ended := make(chan int, 1)
	go func() {
		ended <- run(ctx, []string{"-c", d.config, "log", "-f", "--last", "1", "--json"}, nil, w, io.Discard)
		w.Close()
	}()
	dec := json.NewDecoder(r)
	var last, next rules.Event
	if err := dec.Decode(&last); err != nil {
		d.t.Fatal(err)
	}
	d.says([]string{"queue", "note", id, "--text", "mentre si guarda"})
	for next.Kind != rules.Noted {
		if err := dec.Decode(&next); err != nil {
			d.t.Fatal(err)
		}
	}
	stop()
	if code := <-ended; next.Seq <= last.Seq || code != 0 {
		d.t.Errorf("entry %d after %d, exit %d", next.Seq, last.Seq, code)
	}
}

func (d *liveDesk) stats() {
	d.says(words("stats"), `^daemon +running`, `cases +review +\d`, `journal +\d+ entries`, `mailbox +disattivazioni`)
	d.says(words("stats --json"), `"running":true`)
	d.says(words("stats --days 7"), `^7 days, from`, `requests +\d+: \d+ decided by the desk`, `promise +100 % kept`, `disattivazione +\d+`, `refused +\d+  mailbox_not_active \(the mailbox is not active\)`)
	d.says(words("stats --days 7 --json"), `"per_day":\[`)
	table, err := csv.NewReader(strings.NewReader(d.says(words("stats --csv")).out)).ReadAll()
	if err != nil || len(table) < 30 || table[0][0] != "measure" {
		d.t.Errorf("CSV: %d lines, %v", len(table), err)
	}
}

func (d *liveDesk) users() {
	in := func(stdin string, code int, want string, args ...string) {
		d.t.Helper()
		o := d.do(stdin, args...)
		if o.code != code || !strings.Contains(o.out+o.err, want) {
			d.t.Errorf("%s: exit %d, want %d: %s%s", strings.Join(args, " "), o.code, code, o.out, o.err)
		}
	}
	const secret = "una parola lunga\n"
	in(secret, 0, "anna is added as operator", "user", "add", "anna")
	in(secret, 1, "there is such a user already", "user", "add", "anna")
	in("corta\n", 1, "10", "user", "add", "bruno")
	in(secret, 1, "a role is viewer, operator or admin", "user", "add", "bruno", "--role", "king")
	in("", 1, "no password on standard input: give it as the first line, or at a terminal\n", "user", "add", "bruno")
	in("", 0, "anna is now admin", "user", "role", "anna", "admin")
	in("un'altra parola\n", 0, "anna has a new password", "user", "passwd", "anna")
	d.says(words("user list"), `USER +ROLE`, `anna +admin`)
	d.says(words("user list --json"), `"name":"anna","role":"admin"`)
	in("", 1, "the last admin stays", "user", "remove", "anna")
	in(secret, 0, "vera is added as viewer", "user", "add", "vera", "--role", "viewer")
	// As a user of the console: in his role, under his name.
	id := d.caseOf("mario.rossi")
	in("sbagliata\n", 1, "wrong name, password or token", "queue", "note", id, "--text", "x", "--as", "anna")
	in(secret, 1, "your role does not allow this", "queue", "note", id, "--text", "x", "--as", "vera")
	in("un'altra parola\n", 0, "is now", "queue", "note", id, "--text", "come anna", "--as", "anna")
	d.says([]string{"queue", "show", id}, `note by anna, .*: come anna`)
	in("", 0, "vera is removed", "user", "remove", "vera")
	// A token of hers does without the password.
	in("", 1, "say who you are with --as NAME", "token", "make", "prova")
	o := d.do("un'altra parola\n", "token", "make", "prova", "--as", "anna")
	token := strings.TrimSpace(o.out)
	if o.code != 0 || !strings.HasPrefix(token, "sportello_") {
		d.t.Fatalf("a token: %+v", o)
	}
	d.t.Setenv(tokenVariable, token)
	d.says([]string{"queue", "note", id, "--text", "col token"}, `is now`)
	d.says([]string{"queue", "show", id}, `note by anna, .*: col token`)
	d.refuses(1, words("token make altro"), `a token makes no other token`)
	key := regexp.MustCompile(`(?m)^([0-9a-f]{64}) +prova`).FindStringSubmatch(d.says(words("token list"), `KEY +LABEL`).out)
	if key == nil {
		d.t.Fatal("the token is not listed")
	}
	d.says(words("token list --json"), `"label":"prova"`)
	d.says([]string{"token", "drop", key[1]}, `counts no more`)
	d.refuses(1, words("token list"), `wrong name, password or token`)
	d.t.Setenv(tokenVariable, "")
	in("", 1, "sportello: there is no such user (`sportello user list` names them)\n", "user", "remove", "vera")
	d.refuses(2, words("user role anna"), `see .sportello user role --help.`)
}

func (d *liveDesk) keeping() {
	d.says([]string{"backup", filepath.Join(d.t.TempDir(), "copia")}, `backed up to .* and verified`)
	d.says(words("purge --dry-run"), `would remove: 0 cases`)
	d.says(words("verify"), ``)
	d.says(words("trust list"), `PROVIDER`, `Gestore Dimostrativo`)
	d.says(words("trust list --json"), `^\{"name":"Gestore Dimostrativo.*"domains":\["pec.example.it".*"until":"`)
	d.says(words("registry show mario.rossi@pec.example.it"), `status +active`)
	d.says(words("registry show mario.rossi@pec.example.it --json"), `^\{"address":"mario.rossi@pec.example.it","status":"active"`)
	d.says(words("purge --dry-run --json"), `^\{"months":\[\],"bytes":0,"messages":0,"cases":0\}`)
	o := d.says(words("parked list --json"))
	var m struct{ ID uint64 }
	if err := json.NewDecoder(strings.NewReader(o.out)).Decode(&m); err != nil {
		d.t.Fatal(err)
	}
	d.refuses(1, []string{"redact", "1"}, `nothing is erased yet: message 1`)
	d.refuses(1, []string{"redact", "1", "--yes"}, `on whose order`)
	d.says([]string{"redact", "1", "--yes", "--order", "ordine 12/2026"}, `message 1 is erased`)
	d.says(words("parked show 1"), `redacted`)
	d.refuses(2, words("redact x --order y"), `no message number`)
}

func (d *liveDesk) completion() {
	offers := func(want string, args ...string) {
		d.t.Helper()
		if o := d.do("", append([]string{"__complete"}, args...)...); o.code != 0 || !regexp.MustCompile(want).MatchString(o.out) {
			d.t.Errorf("%q is offered %q, want %q (%s)", args, o.out, want, o.err)
		}
	}
	offers(`(?m)^\d{4}-\d{6}\t\w+ disattivazione mario.rossi@pec.example.it`, "-c", d.config, "queue", "show", "mario")
	offers(`(?m)^disattivazione\t`, "-c", d.config, "queue", "list", "--procedure", "")
	offers(`(?m)^review$`, "queue", "list", "--state", "")
	offers(`(?m)^missing_fields$`, "queue", "reject", "2026-000001", "--reason", "")
	offers(`(?m)^dove=$`, "queue", "approve", "2026-000001", "--word", "")
	offers(`(?m)^anna\tadmin$`, "-c", d.config, "user", "passwd", "")
	offers(`(?m)^\d+\t\w+ `, "-c", d.config, "parked", "show", "")
	offers(`(?m)^:4$`, "-c", "nowhere.toml", "queue", "show", "") // no desk: nothing, and no complaint
	for _, shell := range []string{"bash", "zsh", "fish"} {
		if o := d.do("", "completion", shell); o.code != 0 || !strings.Contains(o.out, "sportello") {
			d.t.Errorf("completion %s: exit %d", shell, o.code)
		}
	}
}
