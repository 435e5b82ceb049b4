package snippet

import (
	"context"
	"os"
	"slices"
	"strings"
	"testing"
	"time"
)

// browserCase is one page with one tag, visited in a tab of its own. The
// requests are those for the pixel: method and answer, or why there was none.
type browserCase struct {
	name      string // also the path of the page
	form      Form
	noScripts bool
	script    string   // of the page, before the tag
	policy    string   // of the page
	label     string   // instead of one with the name
	visits    int      // 0 is one
	requests  []string // each answered one is a row
	origin    bool     // the browser tells only the page's origin
	complaint string   // part of what the console says in red; empty for nothing
	scrolls   bool     // the tag takes room
}

const (
	asImage  = "GET 200 image/gif"
	asBeacon = "POST 204"
	refused  = "GET refused: csp"

	noBeacon     = "Object.defineProperty(navigator, 'sendBeacon', {value: undefined})"
	fullBeacon   = "navigator.sendBeacon = function () { return false }"
	brokenBeacon = "navigator.sendBeacon = function () { throw new Error('no') }"

	// Policies of pages that allow what is theirs; CSP adds the pixel.
	policy       = "default-src 'none'; style-src 'self' 'unsafe-inline'; script-src 'nonce-" + nonce + "'; "
	strictStyles = "default-src 'none'; style-src 'self'; "
)

// browserCases need the endpoint for their policies.
func browserCases(endpoint string) []browserCase {
	allowed := CSP(endpoint)
	image := []string{asImage}
	beacon := []string{asBeacon}
	return []browserCase{
		{name: "html", form: HTML, requests: image},
		{name: "html-off", form: HTML, noScripts: true, requests: image},
		{name: "html-twice", form: HTML, visits: 2, requests: []string{asImage, asImage}},
		{name: "html-slash", form: HTML, label: "a/b 'c'", requests: image},
		{name: "noscript", form: NoScript},
		{name: "noscript-off", form: NoScript, noScripts: true, requests: image},
		{name: "js", form: JS, requests: beacon},
		{name: "js-off", form: JS, noScripts: true, requests: image},
		{name: "js-without-beacon", form: JS, script: noBeacon, requests: image},
		{name: "js-beacon-false", form: JS, script: fullBeacon, requests: image},
		{name: "js-beacon-throws", form: JS, script: brokenBeacon, requests: image},
		{name: "email", form: Email, requests: image, origin: true},
		{name: "email-off", form: Email, noScripts: true, requests: image, origin: true},
		{name: "css", form: CSS, requests: image, origin: true},
		{name: "css-off", form: CSS, noScripts: true, requests: image, origin: true},

		{name: "policy-html", form: HTML, policy: policy + allowed, requests: image},
		{name: "policy-js", form: JS, policy: policy + allowed, requests: beacon},
		{name: "policy-js-off", form: JS, noScripts: true, policy: policy + allowed, requests: image},
		{name: "policy-js-without-beacon", form: JS, script: noBeacon, policy: policy + allowed, requests: image},
		{name: "policy-css", form: CSS, policy: policy + allowed, requests: image, origin: true},
		// The hit counts; the style attribute does not, and the image takes a line.
		{name: "policy-no-inline-style", form: HTML, policy: strictStyles + allowed, requests: image, complaint: "style", scrolls: true},
		// Without the directives of CSP there is no hit. A refused beacon says
		// it was sent, so the image does not stand in.
		{name: "policy-without-image", form: HTML, policy: policy + "img-src 'self'", requests: []string{refused}, complaint: "img-src"},
		{name: "policy-without-beacon", form: JS, policy: policy + "img-src *; connect-src 'self'", complaint: "connect-src"},
	}
}

// notInBrowser are the forms that the cases leave out, and why.
var notInBrowser = map[Form]string{
	AMP:      "the runtime that turns amp-pixel into a request comes from cdn.ampproject.org and cannot be loaded here; a parser checks the tag",
	Markdown: "a renderer makes HTML of it, each its own",
	Curl:     "a shell runs it",
	URL:      "it is no tag",
}

// TestBrowserTriesEveryForm holds for the table, without a browser.
func TestBrowserTriesEveryForm(t *testing.T) {
	for _, form := range Forms() {
		tried := slices.ContainsFunc(browserCases("http://e.example"), func(c browserCase) bool { return c.form == form })
		if _, left := notInBrowser[form]; tried == left {
			t.Errorf("form %s: in the cases %t, left out %t", form, tried, left)
		}
	}
}

// TestBrowser has a real browser load pages of one site with the pixel of
// another and looks for the rows.
func TestBrowser(t *testing.T) {
	if os.Getenv("PIXELCTL_RIGS") != "1" {
		t.Skip("PIXELCTL_RIGS is not 1: no tag is loaded by a real browser (forms html, noscript, js, email and css, with and without JavaScript, under content security policies)")
	}
	for _, form := range Forms() {
		if why, left := notInBrowser[form]; left {
			t.Logf("left out: form %s: %s", form, why)
		}
	}
	r := newBrowserRig(t)
	want := 0
	t.Run("pages", func(t *testing.T) {
		for _, c := range browserCases(r.endpoint) {
			want += c.rows()
			t.Run(c.name, func(t *testing.T) {
				t.Parallel()
				visit(t, r, c)
			})
		}
		for _, form := range []Form{HTML, NoScript, JS, Email, CSS} {
			want += len(hostile)
			t.Run("names-"+string(form), func(t *testing.T) {
				t.Parallel()
				visitNames(t, r, form)
			})
		}
	})
	all, err := r.ask(t.Context(), "SELECT count(*) AS n FROM tp_hits")
	if err != nil {
		t.Fatal(err)
	}
	if n := all[0]["n"]; n != int64(want) {
		t.Errorf("%v rows altogether, want %d: hits of no page, or twice", n, want)
	}
}

// rows is how many hits the pipeline keeps of a case.
func (c browserCase) rows() int {
	return len(slices.DeleteFunc(slices.Clone(c.requests), func(r string) bool { return r == refused }))
}

// timeout is when a page or its rows are given up on.
const timeout = 20 * time.Second

func visit(t *testing.T, r *browserRig, c browserCase) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), timeout)
	defer cancel()
	if c.label == "" {
		c.label = c.name + ` & "é"`
	}
	address := r.publish(t, c)
	b := newTab(t, r, !c.noScripts)
	var f facts
	for range max(c.visits, 1) {
		var err error
		if f, err = b.open(ctx, address); err != nil {
			t.Fatalf("open %s: %v", address, err)
		}
	}
	checkFacts(t, c, f)
	complaints := 0
	if c.complaint != "" {
		complaints = 1
	}
	requests, problems, err := b.exchanges(ctx, len(c.requests), complaints)
	if err != nil || !slices.Equal(requests, c.requests) {
		t.Errorf("requests: %q, want %q: %v", requests, c.requests, err)
	}
	checkProblems(t, problems, c.complaint)
	rows, err := r.rows(ctx, "label = "+literal(c.label), c.rows())
	if err != nil || len(rows) != c.rows() {
		t.Fatalf("%d rows, want %d: %v", len(rows), c.rows(), err)
	}
	for _, got := range rows {
		checkRow(t, got, r.wantRow(c, f, address))
		checkClientTime(t, got, c.tells())
	}
}

func checkProblems(t *testing.T, problems []string, complaint string) {
	t.Helper()
	if complaint != "" && len(problems) == 0 {
		t.Errorf("the console says nothing of %s", complaint)
	}
	for _, p := range problems {
		if complaint == "" || !strings.Contains(p, complaint) {
			t.Errorf("console: %s", p)
		}
	}
}

func checkFacts(t *testing.T, c browserCase, f facts) {
	t.Helper()
	var images []string
	switch {
	case slices.Contains(c.requests, refused) && c.form == HTML:
		images = []string{"0x0"}
	case c.form == HTML || c.form == Email || c.noScripts && c.form != CSS:
		images = []string{"1x1"}
	}
	if !slices.Equal(f.Images, images) {
		t.Errorf("natural sizes of the images: %v, want %v", f.Images, images)
	}
	if (f.Scroll > 0) != c.scrolls {
		t.Errorf("the page scrolls by %d pixels", f.Scroll)
	}
}
