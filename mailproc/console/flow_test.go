package console

import (
	"context"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"sportello/rules"
)

func (b *browser) has(words ...string) {
	b.t.Helper()
	var text string
	b.run(chromedp.Text("body", &text))
	for _, w := range words {
		if !strings.Contains(text, w) {
			b.t.Errorf("the page does not say %q", w)
		}
	}
}

// until waits for an expression of the page to become true, also when the
// page leaves for another meanwhile.
func (b *browser) until(js string) {
	b.t.Helper()
	deadline := time.Now().Add(20 * time.Second)
	tick := time.NewTicker(50 * time.Millisecond)
	defer tick.Stop()
	for {
		var ok bool
		err := chromedp.Run(b.ctx, chromedp.Evaluate("Boolean("+js+")", &ok))
		if err == nil && ok {
			return
		}
		if time.Now().After(deadline) {
			b.shot("failed")
			b.t.Fatalf("never true: %s (%v)", js, err)
		}
		<-tick.C
	}
}

func (o *office) state(t testing.TB, id string) rules.State {
	t.Helper()
	d, err := o.desk.Case(context.Background(), id)
	if err != nil {
		t.Fatal(err)
	}
	return d.Case.State
}

// The whole work of an operator in a browser: a request arrives live, one is
// approved and its receipts come, another is refused with a reason, another
// operator is seen.
func TestOperatorInABrowser(t *testing.T) {
	for _, width := range []int64{1280, 390} {
		o := newOffice(t)
		o.desk.fill(t)
		b := o.browse(width, 900)
		b.logIn("anna")
		// A request arrives, and is there without a reload.
		b.run(chromedp.Evaluate("window.same = true", nil))
		id := o.desk.arrive(t, mail{from: "nuovo.cliente@pec.example.it", subject: "Disattivazione casella", text: ask("Nuovo Cliente", "nuovo.cliente") + " Posso ancora leggere la posta?"})
		b.until("document.querySelector('a.open[href=\"/cases/" + id + "\"]') !== null && window.same")
		// Approve it: the letter is seen first.
		b.run(chromedp.Evaluate("document.querySelector('a.open[href=\"/cases/"+id+"\"]').click()", nil), chromedp.WaitVisible("#case"))
		b.run(chromedp.Click(".v-approve summary"), chromedp.WaitVisible(".v-approve .letter"))
		b.has("Partirebbe questa lettera", "nuovo.cliente@pec.example.it")
		bruno := o.visit("bruno")
		bruno.get("/cases/" + id)
		b.until("!document.getElementById('presence').hidden && document.getElementById('presence').textContent.includes('bruno')")
		b.run(chromedp.Click(".v-approve button.main"), chromedp.WaitVisible(".banner.good"))
		b.has("Accolta: la lettera è in partenza")
		if s := o.state(t, id); s != rules.Accepted {
			t.Fatalf("the case is %s", s)
		}
		// Its receipts come, live.
		o.desk.deliver(t, id)
		b.until("document.querySelectorAll('.sent .receipt').length >= 2")
		// Refuse another, with a reason: the letter follows the choice.
		other := o.reviewOf("franco.leone").ID
		b.open("/cases/" + other)
		b.run(chromedp.Click(".v-reject summary"), chromedp.SetValue(".v-reject select[name=reason]", "body_not_conforming"),
			chromedp.Evaluate("document.querySelector('.v-reject select').dispatchEvent(new Event('change', {bubbles: true}))", nil), chromedp.WaitVisible(".v-reject .letter"))
		b.shot("reject-" + itoa(width))
		b.run(chromedp.Click(".v-reject button.main"), chromedp.WaitVisible(".banner.good"))
		if s := o.state(t, other); s != rules.Rejected {
			t.Fatalf("the case is %s", s)
		}
		// Search finds it.
		b.open("/")
		b.run(chromedp.SendKeys("#q", "leone\r"), chromedp.WaitVisible("a.quiet[href='/']"))
		b.has("franco.leone@pec.example.it")
		b.clean()
	}
}

func itoa(n int64) string { raw, _ := json.Marshal(n); return string(raw) }

// The keyboard alone reaches a decision.
func TestKeyboardOnly(t *testing.T) {
	o := newOffice(t)
	o.desk.fill(t)
	b := o.browse(1280, 900)
	b.open("/login")
	b.run(chromedp.KeyEvent("anna"+kb.Tab+password+kb.Enter), chromedp.WaitVisible(".tabs"))
	b.run(chromedp.KeyEvent("jjjk"))
	b.until("document.activeElement.matches('a.open') && [...document.querySelectorAll('a.open')].indexOf(document.activeElement) === 1")
	b.run(chromedp.KeyEvent(kb.Enter), chromedp.WaitVisible("#case"))
	var id string
	b.run(chromedp.AttributeValue("#case", "data-case", &id, nil))
	// 2 opens the second verb, reject; Tab walks to its words and on to its button.
	b.run(chromedp.KeyEvent("2"))
	b.until("document.querySelector('.v-reject').open")
	b.run(chromedp.KeyEvent(kb.Tab+kb.Tab+"Serve il modulo compilato."), chromedp.KeyEvent(kb.Tab))
	b.until("document.activeElement.matches('.v-reject select[name=procedure]')") // as what it was taken for
	for range 4 {
		var there bool
		if b.run(chromedp.Evaluate("document.activeElement.matches('.v-reject button.main')", &there)); there {
			break
		}
		b.run(chromedp.KeyEvent(kb.Tab))
	}
	b.run(chromedp.KeyEvent(kb.Enter), chromedp.WaitVisible(".banner.good"))
	if s := o.state(t, id); s != rules.Rejected {
		t.Errorf("the case is %s", s)
	}
	b.run(chromedp.KeyEvent("g"), chromedp.WaitVisible(".tabs"), chromedp.KeyEvent("/"))
	b.until("document.activeElement.id === 'q'")
	b.clean()
}

// The same work with JavaScript off.
func TestWithoutJavaScript(t *testing.T) {
	o := newOffice(t)
	o.desk.fill(t)
	b := o.browse(390, 900)
	b.run(emulation.SetScriptExecutionDisabled(true))
	b.logIn("anna")
	id := o.reviewOf("rosa.fiore").ID
	b.run(chromedp.Click(`a.open[href="/cases/`+id+`"]`, chromedp.ByQuery), chromedp.WaitVisible("#case"))
	b.run(chromedp.Click(".v-reject summary"), chromedp.WaitVisible(".v-reject textarea"), chromedp.SendKeys(".v-reject textarea", "Il testo contiene una domanda."),
		chromedp.Click(".v-reject button.see"), chromedp.WaitVisible("#h-preview"))
	b.shot("preview-nojs-390")
	if s := o.state(t, id); s != rules.InReview {
		t.Fatalf("a preview decided: %s", s)
	}
	b.run(chromedp.Click(".v-reject button.main"), chromedp.WaitVisible(".banner.good"))
	if s := o.state(t, id); s != rules.Rejected {
		t.Errorf("the case is %s", s)
	}
	b.clean()
}

// axe is axe-core, fetched by npm into a temporary folder: it is under the
// MPL, so it is not kept here.
func axe(t *testing.T) string {
	t.Helper()
	dir := filepath.Join(os.TempDir(), "sportello-axe")
	file := filepath.Join(dir, "node_modules", "axe-core", "axe.min.js")
	if _, err := os.Stat(file); err != nil {
		if err := os.MkdirAll(dir, 0o755); err != nil {
			t.Fatal(err)
		}
		out, err := exec.Command("npm", "install", "--prefix", dir, "--no-audit", "--no-fund", "--ignore-scripts", "axe-core@4.14.1").CombinedOutput()
		if err != nil {
			t.Fatalf("axe-core cannot be fetched: %v\n%s\ninstall npm (apt-get install npm), or put axe.min.js at %s", err, out, file)
		}
	}
	raw, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return string(raw)
}

// No page has a violation of WCAG 2.2 A or AA that axe can find, in light and
// in dark, wide and narrow.
func TestAccessible(t *testing.T) {
	script := axe(t)
	o := newOffice(t, func(opt *Options) { opt.Demo = func(context.Context, DemoMessage) error { return nil } })
	o.desk.fill(t)
	id := o.reviewOf("studio.verdi").ID
	paths := []string{"/", "/cases/" + id + "?do=reject", "/cases/" + o.reviewOf("rosa.fiore").ID + "?do=approve", "/parked", "/messages/1", "/letters", "/incidents", "/procedures", "/procedures/disattivazione",
		"/stats", "/log", "/trust", "/system", "/people", "/me", "/api", "/?reason=danger_sign", "/demo", "/cases/" + id + "/print", "/nowhere"}
	for _, look := range []struct {
		width  int64
		scheme string
	}{{1280, "light"}, {390, "dark"}} {
		b := o.browse(look.width, 900)
		b.run(emulation.SetEmulatedMedia().WithFeatures([]*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: look.scheme}}))
		b.open("/login")
		b.axe(script, "/login", look.scheme)
		b.logIn("capo")
		for _, p := range paths {
			b.open(p)
			b.axe(script, p, look.scheme)
		}
	}
}

// axe runs it over the page that is open.
func (b *browser) axe(script, path, scheme string) {
	b.t.Helper()
	var raw string
	b.run(chromedp.Evaluate(script, nil), chromedp.Evaluate(`axe.run(document, {runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}).then(r => JSON.stringify({n: r.passes.length, bad: r.violations.map(v => v.impact + " " + v.id + ": " + v.nodes.slice(0, 3).map(n => n.target + " " + (n.any[0]?.message ?? "")).join(" | "))}))`,
		&raw, chromedp.EvalAsValue, awaitPromise))
	var got struct {
		N   int
		Bad []string
	}
	if err := json.Unmarshal([]byte(raw), &got); err != nil || got.N < 8 {
		b.t.Fatalf("axe on %s: %d rules passed, %v", path, got.N, err)
	}
	for _, v := range got.Bad {
		b.t.Errorf("%s (%s): %s", path, scheme, v)
	}
}
