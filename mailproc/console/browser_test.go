package console

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

// browser is a real Chromium that remembers what went wrong in it.
type browser struct {
	t   testing.TB
	ctx context.Context
	o   *office

	mu      sync.Mutex
	errors  []string
	outside []string
}

// chromium is Debian's; without it these tests fail and say how to get it.
func chromium(t testing.TB) string {
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if p, err := exec.LookPath(name); err == nil {
			return p
		}
	}
	t.Fatal("no chromium in PATH: apt-get install chromium")
	return ""
}

// artefacts is where screenshots go: a folder of CI's, or a temporary one.
func artefacts(t testing.TB) string {
	dir := os.Getenv("SPORTELLO_ARTEFACTS")
	if dir == "" {
		dir = filepath.Join(os.TempDir(), "sportello-artefacts")
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	return dir
}

func (o *office) browse(width, height int64, extra ...chromedp.ExecAllocatorOption) *browser {
	o.t.Helper()
	dir, err := os.MkdirTemp("", "sportello-chromium-")
	if err != nil {
		o.t.Fatal(err)
	}
	flags := append([]chromedp.ExecAllocatorOption{chromedp.ExecPath(chromium(o.t)), chromedp.UserDataDir(dir), chromedp.NoFirstRun, chromedp.Headless, chromedp.NoSandbox, chromedp.DisableGPU,
		chromedp.Flag("disable-background-networking", true), chromedp.Flag("disable-component-update", true), chromedp.Flag("disable-sync", true), chromedp.Flag("hide-scrollbars", true),
		chromedp.Flag("disable-dev-shm-usage", true), chromedp.WindowSize(int(width), int(height))}, extra...)
	alloc, stop := chromedp.NewExecAllocator(context.Background(), flags...)
	ctx, cancel := chromedp.NewContext(alloc)
	ctx, late := context.WithTimeout(ctx, 90*time.Second)
	b := &browser{t: o.t, ctx: ctx, o: o}
	o.t.Cleanup(func() {
		_ = chromedp.Cancel(ctx) // it closes the browser and waits for it
		late()
		cancel()
		stop()
		if err := os.RemoveAll(dir); err != nil {
			o.t.Logf("chromium's folder stays: %v", err)
		}
		o.srv.CloseClientConnections()
	})
	chromedp.ListenTarget(ctx, b.listen)
	b.run(network.Enable(), emulation.SetDeviceMetricsOverride(width, height, 1, width < 600))
	return b
}

func (b *browser) listen(ev any) {
	b.mu.Lock()
	defer b.mu.Unlock()
	switch e := ev.(type) {
	case *runtime.EventExceptionThrown:
		b.errors = append(b.errors, e.ExceptionDetails.Error())
	case *runtime.EventConsoleAPICalled:
		if e.Type == runtime.APITypeError || e.Type == runtime.APITypeWarning {
			b.errors = append(b.errors, fmt.Sprint(e.Type, e.Args))
		}
	case *network.EventRequestWillBeSent:
		if u := e.Request.URL; !strings.HasPrefix(u, b.o.srv.URL+"/") && !strings.HasPrefix(u, "about:") && !strings.HasPrefix(u, "data:") && !strings.HasPrefix(u, "chrome-extension:") {
			b.outside = append(b.outside, u)
		}
	}
}

func (b *browser) run(actions ...chromedp.Action) {
	b.t.Helper()
	if err := chromedp.Run(b.ctx, actions...); err != nil {
		var where, text string
		_ = chromedp.Run(b.ctx, chromedp.Location(&where), chromedp.Text("main", &text, chromedp.AtLeast(0)))
		b.t.Fatalf("browser at %s: %v\n%s", where, err, text[:min(len(text), 600)])
	}
}

func (b *browser) open(path string) {
	b.t.Helper()
	b.run(chromedp.Navigate(b.o.srv.URL + path))
}

func (b *browser) logIn(name string) {
	b.t.Helper()
	b.open("/login")
	b.run(chromedp.SendKeys("input[name=name]", name), chromedp.SendKeys("input[name=password]", password+"\r"), chromedp.WaitVisible(".tabs"))
}

// shot keeps a picture of the page.
func (b *browser) shot(name string) {
	b.t.Helper()
	var png []byte
	b.run(chromedp.FullScreenshot(&png, 100))
	if err := os.WriteFile(filepath.Join(artefacts(b.t), name+".png"), png, 0o644); err != nil {
		b.t.Fatal(err)
	}
}

// clean fails when a page complained or asked another host for something.
func (b *browser) clean() {
	b.t.Helper()
	b.mu.Lock()
	defer b.mu.Unlock()
	if len(b.errors) > 0 {
		b.t.Errorf("the browser's console says: %q", b.errors)
	}
	if len(b.outside) > 0 {
		b.t.Errorf("outside requests: %q", b.outside)
	}
}

// narrow fails when a page is wider than the window.
func (b *browser) narrow(name string, width int64) {
	b.t.Helper()
	var over int64
	b.run(chromedp.Evaluate(fmt.Sprintf("Math.max(document.documentElement.scrollWidth, innerWidth) - %d", width), &over))
	if over > 0 {
		b.t.Errorf("%s is %d pixels wider than the window", name, over)
	}
}

// TestEveryPageInABrowser opens each page at both widths, light and dark.
func TestEveryPageInABrowser(t *testing.T) {
	o := newOffice(t, func(opt *Options) { opt.Demo = func(context.Context, DemoMessage) error { return nil } }, withIncidents)
	o.desk.fill(t)
	id := o.reviewOf("franco.leone").ID
	docs := o.reviewOf("studio.verdi").ID
	pages := []struct{ name, path string }{{"queue", "/"}, {"case", "/cases/" + id}, {"case-files", "/cases/" + docs}, {"parked", "/parked"}, {"message", "/messages/11"}, {"letters", "/letters"}, {"incidents", "/incidents"},
		{"procedures", "/procedures"}, {"procedure", "/procedures/recesso-rinnovo"}, {"stats", "/stats"}, {"log", "/log"}, {"trust", "/trust"}, {"system", "/system"}, {"people", "/people"}, {"picture", o.picture(docs)}, {"me", "/me"}, {"api", "/api"}, {"filters", "/?reason=danger_sign&order=received"},
		{"demo", "/demo"}, {"print", "/cases/" + id + "/print"}}
	for _, width := range []int64{1280, 390} {
		b := o.browse(width, 900)
		b.open("/login")
		b.shot(fmt.Sprintf("login-%d", width))
		b.logIn("capo")
		for _, p := range pages {
			b.open(p.path)
			b.narrow(p.name, width)
			b.shot(fmt.Sprintf("%s-%d", p.name, width))
		}
		b.run(emulation.SetEmulatedMedia().WithFeatures([]*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: "dark"}}))
		for _, p := range pages[:2] {
			b.open(p.path)
			b.shot(fmt.Sprintf("%s-dark-%d", p.name, width))
		}
		b.clean()
	}
}

// On a telephone each row of the journal and of the mailboxes stands whole in
// the window, and is read along and not letter by letter.
func TestTablesAreReadOnATelephone(t *testing.T) {
	o := newOffice(t)
	o.desk.fill(t)
	b := o.browse(390, 900)
	b.logIn("capo")
	for _, path := range []string{"/log", "/system", "/people"} {
		var seen struct{ Cells, Outside, Thin int }
		b.open(path)
		b.run(chromedp.Evaluate(`(() => {
			const cells = [...document.querySelectorAll("table td")], boxes = cells.map(c => c.getBoundingClientRect());
			return { cells: cells.length, outside: boxes.filter(b => b.left < 0 || b.right > innerWidth).length,
				thin: cells.filter((c, i) => c.matches(":last-child") && c.textContent.length > 40 && boxes[i].width < 260).length };
		})()`, &seen))
		if seen.Cells < 6 || seen.Outside > 0 || seen.Thin > 0 {
			t.Errorf("%s: of %d cells %d are outside of the window, and %d are read letter by letter", path, seen.Cells, seen.Outside, seen.Thin)
		}
	}
	b.clean()
}

// picture is the page of the first picture of a case.
func (o *office) picture(id string) string {
	o.t.Helper()
	d, err := o.desk.Case(context.Background(), id)
	if err != nil {
		o.t.Fatal(err)
	}
	files, err := o.con.files(context.Background(), d.Case.Messages[0])
	if err != nil {
		o.t.Fatal(err)
	}
	for _, f := range files {
		if f.Shows == "image/png" {
			return fmt.Sprintf("/messages/%d/parts/%d/see", f.Message, f.N)
		}
	}
	o.t.Fatal("no picture")
	return ""
}

// reviewOf finds the case of a customer.
func (o *office) reviewOf(who string) *caseRef {
	o.t.Helper()
	o.desk.mu.Lock()
	defer o.desk.mu.Unlock()
	i := slices.IndexFunc(o.desk.order, func(id string) bool { return o.desk.cases[id].Mailbox == who+"@pec.example.it" })
	if i < 0 {
		o.t.Fatalf("no case of %s", who)
	}
	return &caseRef{o.desk.order[i]}
}

type caseRef struct{ ID string }

func awaitPromise(p *runtime.EvaluateParams) *runtime.EvaluateParams { return p.WithAwaitPromise(true) }
