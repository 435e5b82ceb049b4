package html

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

	"github.com/chromedp/cdproto/accessibility"
	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	cdplog "github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"

	"pixelctl/pkg/awsfake/rigs"
	"pixelctl/pkg/report"
	"pixelctl/pkg/report/reporttest"
)

// visit is a report in a tab of a real browser, and what the browser said of it.
type visit struct {
	ctx context.Context //nolint:containedctx // chromedp keeps the tab in it
	url string

	mu         sync.Mutex
	requests   []string
	complaints []string
}

// open shows reports from a file. The profile lies outside of t.TempDir(), which
// would fail the test over a file that a child of the browser writes late.
func open(t *testing.T, reports ...report.Report) *visit {
	t.Helper()
	file := filepath.Join(t.TempDir(), "report.html")
	if err := os.WriteFile(file, []byte(written(t, reports...)), 0o600); err != nil {
		t.Fatal(err)
	}
	path, err := exec.LookPath("chromium")
	if err != nil {
		t.Fatal(err)
	}
	profile, err := os.MkdirTemp("", "pixelctl-report-") //nolint:usetesting // see above
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(profile) }) // at worst a profile stays in the temporary directory
	options := []chromedp.ExecAllocatorOption{
		chromedp.ExecPath(path), chromedp.UserDataDir(profile), chromedp.NoSandbox, chromedp.NoFirstRun,
		chromedp.DisableGPU, chromedp.Flag("headless", "new"), chromedp.Flag("disable-dev-shm-usage", true),
		chromedp.Flag("disable-background-networking", true), chromedp.Flag("disable-component-update", true),
	}
	ctx, cancel := context.WithTimeout(context.Background(), 3*time.Minute)
	t.Cleanup(cancel)
	ctx, cancel = chromedp.NewExecAllocator(ctx, options...)
	t.Cleanup(cancel)
	v := &visit{url: "file://" + file}
	v.ctx, cancel = chromedp.NewContext(ctx)
	t.Cleanup(cancel)
	chromedp.ListenTarget(v.ctx, v.listen)
	v.run(t, network.Enable(), cdplog.Enable(), runtime.Enable(), chromedp.Navigate(v.url), chromedp.WaitReady("main"))
	return v
}

func (v *visit) run(t *testing.T, actions ...chromedp.Action) {
	t.Helper()
	if err := chromedp.Run(v.ctx, actions...); err != nil {
		t.Fatal(err)
	}
}

func (v *visit) listen(event any) {
	v.mu.Lock()
	defer v.mu.Unlock()
	switch e := event.(type) {
	case *network.EventRequestWillBeSent:
		v.requests = append(v.requests, e.Request.URL)
	case *cdplog.EventEntryAdded:
		v.complaints = append(v.complaints, e.Entry.Text)
	case *runtime.EventConsoleAPICalled:
		v.complaints = append(v.complaints, fmt.Sprint("console.", e.Type))
	case *runtime.EventExceptionThrown:
		v.complaints = append(v.complaints, e.ExceptionDetails.Text)
	case *page.EventJavascriptDialogOpening:
		v.complaints = append(v.complaints, "a dialog: "+e.Message)
	}
}

// ask evaluates an expression, past the page's own policy.
func ask[T any](t *testing.T, v *visit, expression string) T {
	t.Helper()
	var out T
	v.run(t, chromedp.Evaluate(expression, &out))
	return out
}

// TestBrowser shows what a visitor of the page gets. What it loads and what the
// console says is checked at the end, after every form of the page was shown.
func TestBrowser(t *testing.T) {
	rigs.Need(t, "reports are shown to no browser")
	v := open(t, samples()...)
	t.Run("forms", func(t *testing.T) { v.forms(t) })
	t.Run("hostile names are text", func(t *testing.T) { v.hostile(t) })
	t.Run("keyboard", func(t *testing.T) { v.keyboard(t) })
	t.Run("screen reader", func(t *testing.T) { v.readAloud(t) })
	t.Run("paper", func(t *testing.T) { v.paper(t) })
	v.mu.Lock()
	defer v.mu.Unlock()
	for _, r := range v.requests {
		if url, _, _ := strings.Cut(r, "#"); url != v.url {
			t.Errorf("requested %s", r)
		}
	}
	if len(v.requests) == 0 || len(v.complaints) > 0 {
		t.Errorf("%d requests; the console said %q", len(v.requests), v.complaints)
	}
}

// forms are windows of three widths, light and dark.
func (v *visit) forms(t *testing.T) {
	for _, scheme := range []struct{ name, paper, line string }{
		{"light", "rgb(255, 255, 255)", "rgb(31, 95, 168)"},
		{"dark", "rgb(20, 23, 28)", "rgb(125, 181, 255)"},
	} {
		for _, width := range []int64{360, 800, 1400} {
			v.run(t, chromedp.EmulateViewport(width, 900),
				emulation.SetEmulatedMedia().WithFeatures([]*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme.name}}))
			if got := ask[string](t, v, `getComputedStyle(document.body).backgroundColor`); got != scheme.paper {
				t.Errorf("%s: the paper is %s", scheme.name, got)
			}
			strokes := ask[[]string](t, v, `[...document.querySelectorAll("svg path")].flatMap(e => [getComputedStyle(e).stroke, getComputedStyle(e).fill])`)
			if !slices.Contains(strokes, scheme.line) {
				t.Errorf("%s: no line is %s", scheme.name, scheme.line)
			}
			if got := ask[int64](t, v, `document.scrollingElement.scrollWidth`); got > width {
				t.Errorf("the page is %d wide in a window of %d", got, width)
			}
			class := map[bool]string{true: "narrow", false: "wide"}[width < 500]
			shown := ask[[]string](t, v, `[...document.querySelectorAll("svg")].filter(e => e.getClientRects().length).map(e => e.getAttribute("class"))`)
			if len(shown) != 4 || slices.ContainsFunc(shown, func(c string) bool { return c != class }) {
				t.Errorf("%d: pictures %v", width, shown)
			}
			v.clipped(t, width)
			v.shot(t, fmt.Sprintf("%s-%d.png", scheme.name, width))
		}
	}
}

// clipped looks for letters of a chart outside of it.
func (v *visit) clipped(t *testing.T, width int64) {
	out := ask[[]string](t, v, `[...document.querySelectorAll("svg text")].filter(e => {
		const s = e.ownerSVGElement.getBoundingClientRect(), b = e.getBoundingClientRect()
		return s.width > 0 && (b.left < s.left - 1 || b.right > s.right + 1 || b.top < s.top - 1 || b.bottom > s.bottom + 1)
	}).map(e => e.textContent)`)
	if len(out) > 0 {
		t.Errorf("%d: cut off: %q", width, out)
	}
}

// shot keeps a picture where somebody wants to look at it.
func (v *visit) shot(t *testing.T, name string) {
	dir := os.Getenv("PIXELCTL_SCREENSHOTS")
	if dir == "" {
		return
	}
	var png []byte
	v.run(t, chromedp.FullScreenshot(&png, 100))
	if err := os.WriteFile(filepath.Join(dir, name), png, 0o600); err != nil {
		t.Fatal(err)
	}
}

func (v *visit) hostile(t *testing.T) {
	if got := ask[string](t, v, `document.title`); got != "Overview · Hours · Mail · shop" {
		t.Errorf("the title is %q", got)
	}
	if n := ask[int](t, v, `document.querySelectorAll("script, img, iframe, object, [onerror]").length`); n != 0 {
		t.Errorf("%d elements of visitors", n)
	}
	texts := ask[[]string](t, v, `[...document.querySelectorAll("bdi")].map(e => e.textContent)`)
	for _, label := range reporttest.Hostile() {
		if !slices.Contains(texts, named(label)) {
			t.Errorf("%q is not shown", label)
		}
	}
	// The policy holds even for who gets an element in.
	ask[bool](t, v, `(() => {
		const s = document.createElement("script"); s.textContent = "document.title = 'ran'"; document.body.append(s)
		const i = new Image(); i.src = "http://127.0.0.1:9/x"; document.body.append(i)
		const e = document.createElement("p"); e.setAttribute("style", "color:red"); document.body.append(e)
		const ran = document.title === "ran" || getComputedStyle(e).color === "rgb(255, 0, 0)"
		s.remove(); i.remove(); e.remove()
		return ran
	})()`)
	if ask[string](t, v, `document.title`) == "ran" {
		t.Error("a script ran")
	}
	v.mu.Lock()
	defer v.mu.Unlock()
	refused := 0
	v.complaints = slices.DeleteFunc(v.complaints, func(c string) bool {
		if strings.Contains(c, "Content Security Policy") {
			refused++
			return true
		}
		return false
	})
	v.requests = slices.DeleteFunc(v.requests, func(r string) bool { return r == "http://127.0.0.1:9/x" }) // announced, then refused
	if refused < 3 {
		t.Errorf("%d of 3 things were refused", refused)
	}
}

// keyboard: the skip link is the first stop, and every table can be scrolled.
func (v *visit) keyboard(t *testing.T) {
	v.run(t, chromedp.KeyEvent("\t"))
	if got := ask[string](t, v, `document.activeElement.className`); got != "skip" {
		t.Errorf("the first stop is %q", got)
	}
	if w := ask[float64](t, v, `document.activeElement.getBoundingClientRect().left`); w < 0 {
		t.Error("the skip link is not seen when it has the focus")
	}
	v.run(t, chromedp.KeyEvent("\r"))
	if got := ask[string](t, v, `document.activeElement.id`); got != "content" {
		t.Errorf("the skip link leads to %q", got)
	}
	if n := ask[int](t, v, `[...document.querySelectorAll("table")].filter(e => e.closest("[tabindex='0']") === null).length`); n > 0 {
		t.Errorf("%d tables cannot be scrolled by keys", n)
	}
}

// readAloud: pictures, tables and regions have names.
func (v *visit) readAloud(t *testing.T) {
	// Our own types: the browser knows more properties than the library.
	type text struct {
		Value string `json:"value"`
	}
	var tree struct {
		Nodes []struct {
			Ignored bool `json:"ignored"`
			Role    text `json:"role"`
			Name    text `json:"name"`
		} `json:"nodes"`
	}
	v.run(t, chromedp.ActionFunc(func(ctx context.Context) error {
		return cdp.Execute(ctx, accessibility.CommandGetFullAXTree, nil, &tree)
	}))
	roles := map[string]int{}
	for _, n := range tree.Nodes {
		if n.Ignored {
			continue
		}
		roles[n.Role.Value]++
		named := slices.Contains([]string{"image", "img", "table", "region", "columnheader", "rowheader", "link", "heading"}, n.Role.Value)
		if named && strings.TrimSpace(n.Name.Value) == "" {
			t.Errorf("a %s without a name", n.Role.Value)
		}
	}
	if roles["image"]+roles["img"] != 4 || roles["main"] != 1 || roles["table"] < 3 {
		t.Errorf("%v", roles)
	}
}

// paper has the wide pictures in the colours of light, and no long table.
func (v *visit) paper(t *testing.T) {
	v.run(t, chromedp.EmulateViewport(360, 900), chromedp.ActionFunc(func(ctx context.Context) error {
		pdf, _, err := page.PrintToPDF().WithPrintBackground(false).Do(ctx)
		if err != nil {
			return err
		}
		if !strings.HasPrefix(string(pdf), "%PDF-") || len(pdf) < 20_000 {
			t.Errorf("%d bytes, no PDF", len(pdf))
		}
		if pages := strings.Count(string(pdf), "/Type /Page\n"); pages < 3 || pages > 15 {
			t.Errorf("%d pages", pages)
		}
		if dir := os.Getenv("PIXELCTL_SCREENSHOTS"); dir != "" {
			return os.WriteFile(filepath.Join(dir, "report.pdf"), pdf, 0o600)
		}
		return nil
	}))
	v.run(t, emulation.SetEmulatedMedia().WithMedia("print").WithFeatures([]*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: "dark"}}))
	if got := ask[string](t, v, `getComputedStyle(document.body).backgroundColor`); got != "rgb(255, 255, 255)" {
		t.Errorf("paper is %s", got)
	}
	if n := ask[int](t, v, `[...document.querySelectorAll("details, nav, .narrow")].filter(e => e.getClientRects().length).length`); n > 0 {
		t.Errorf("%d things are printed that only a screen needs", n)
	}
}
