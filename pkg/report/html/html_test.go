package html

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"pixelctl/pkg/report"
	"pixelctl/pkg/report/reporttest"
)

func written(t *testing.T, reports ...report.Report) string {
	t.Helper()
	var b bytes.Buffer
	if err := Write(&b, reports); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func samples() []report.Report {
	return []report.Report{reporttest.Overview(), reporttest.Hours(90), reporttest.Nothing()}
}

// element is what the tests ask of an element.
type element struct {
	*html.Node
}

func (e element) attribute(name string) string {
	for _, a := range e.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}

func (e element) text() string {
	var b strings.Builder
	for n := range e.Descendants() {
		if n.Type == html.TextNode {
			b.WriteString(n.Data)
		}
	}
	return b.String()
}

func elements(t *testing.T, doc string) []element {
	t.Helper()
	root, err := html.Parse(strings.NewReader(doc))
	if err != nil {
		t.Fatal(err)
	}
	var out []element
	for n := range root.Descendants() {
		if n.Type == html.ElementNode {
			out = append(out, element{n})
		}
	}
	return out
}

func only(all []element, names ...string) []element {
	return slices.DeleteFunc(slices.Clone(all), func(e element) bool { return !slices.Contains(names, e.Data) })
}

// The document loads nothing and runs nothing, and every word of a visitor is
// text.
func TestNothingButTextOfVisitors(t *testing.T) {
	doc := written(t, samples()...)
	all := elements(t, doc)
	known := strings.Fields(`html head meta title style body a header h1 h2 h3 bdi nav ul li main section dl div dt dd b span time p
		figure svg path circle text figcaption details summary table caption thead tbody tr th td`)
	for _, e := range all {
		if !slices.Contains(known, e.Data) {
			t.Errorf("an element %s", e.Data)
		}
		for _, a := range e.Attr {
			link := a.Key == "href" && strings.HasPrefix(a.Val, "#")
			if strings.HasPrefix(a.Key, "on") || slices.Contains([]string{"style", "src", "srcset", "xlink:href", "action", "data"}, a.Key) || a.Key == "href" && !link {
				t.Errorf("<%s %s=%q>", e.Data, a.Key, a.Val)
			}
		}
	}
	if strings.Contains(doc, "url(") || strings.Contains(doc, "@import") {
		t.Error("the style sheet loads something")
	}
	texts := map[string]bool{}
	for _, e := range only(all, "bdi") {
		texts[e.text()] = true
	}
	for _, label := range reporttest.Hostile() {
		if !texts[named(label)] {
			t.Errorf("%q is not shown", label)
		}
	}
}

// The policy names the only style sheet by its hash.
func TestPolicy(t *testing.T) {
	all := elements(t, written(t, reporttest.Overview()))
	styles := only(all, "style")
	if len(styles) != 1 {
		t.Fatalf("%d style sheets", len(styles))
	}
	sum := sha256.Sum256([]byte(styles[0].text()))
	want := "default-src 'none'; style-src 'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'; base-uri 'none'; form-action 'none'"
	for _, e := range only(all, "meta") {
		if e.attribute("http-equiv") == "Content-Security-Policy" {
			if got := e.attribute("content"); got != want {
				t.Errorf("policy %q, want %q", got, want)
			}
			return
		}
	}
	t.Error("no policy")
}

// Every number of a report stands in the document as the terminal writes it.
func TestSameFigures(t *testing.T) {
	r := reporttest.Overview()
	cells := map[string]bool{}
	for _, e := range only(elements(t, written(t, r)), "td", "b", "span") {
		cells[e.text()] = true
	}
	for _, p := range r.Parts {
		for _, row := range p.Rows {
			for i, m := range p.Measures {
				want := []string{m.Kind.Full(row.Values[i])}
				if p.Chart == report.Figures {
					want = []string{m.Kind.Text(row.Values[i].N), m.Kind.Interval(row.Values[i])}
				}
				for _, text := range append(want, m.Kind.Change(row.Values[i])) {
					if text != "" && !cells[text] {
						t.Errorf("%s: %q is missing", p.Name, text)
					}
				}
			}
		}
	}
}

// A picture has a name, and the same numbers follow as a table.
func TestReadAloud(t *testing.T) {
	all := elements(t, written(t, samples()...))
	ids := map[string]string{}
	for _, e := range all {
		if id := e.attribute("id"); id != "" {
			if _, ok := ids[id]; ok {
				t.Errorf("two elements have the id %s", id)
			}
			ids[id] = e.text()
		}
	}
	for _, e := range only(all, "svg") {
		if e.attribute("role") != "img" || ids[e.attribute("aria-labelledby")] == "" {
			t.Errorf("a picture without a name: %v", e.Attr)
		}
	}
	figures, tables := only(all, "figure"), only(all, "table")
	if len(figures) != 4 || len(tables) != 5 {
		t.Errorf("%d pictures and %d tables", len(figures), len(tables))
	}
	for _, e := range figures {
		after := e.NextSibling.NextSibling
		if !strings.Contains(after.Data, "section") && !strings.Contains(after.Data, "details") {
			t.Errorf("%s follows a picture", after.Data)
		}
	}
	for _, e := range only(all, "th") {
		if s := e.attribute("scope"); s != "row" && s != "col" {
			t.Errorf("a head of no scope: %s", e.text())
		}
	}
}

func TestEmptyReport(t *testing.T) {
	doc := written(t, reporttest.Nothing())
	if !strings.Contains(doc, "Nothing was counted in this window") || strings.Contains(doc, "<table") {
		t.Error(doc)
	}
}

// Charts of parts that are odd are drawn, or none is.
func TestOddParts(t *testing.T) {
	zero, half := 0.0, 0.5
	r := reporttest.Overview()
	for _, chart := range []report.Chart{report.Bars, report.Timeline, report.Figures, report.Table} {
		for _, values := range [][]report.Value{{}, {{}}, {{N: &zero}}, {{N: &half}, {}}, {{}, {}, {N: &zero, Before: &half}}} {
			p := report.Part{Name: "odd", Title: "Odd", Chart: chart, Measures: []report.Measure{{Title: "M", Kind: report.Share}}}
			for _, v := range values {
				p.Rows = append(p.Rows, report.Row{At: r.Made, Values: []report.Value{v}})
			}
			r.Parts[1] = p
			doc := written(t, r)
			if strings.Contains(doc, "NaN") || strings.Contains(doc, "e+308") {
				t.Errorf("%s of %d rows draws no number", chart, len(values))
			}
		}
	}
}

// 90 days by hours with all that a report may have are below 2 MB.
func TestSize(t *testing.T) {
	all := append(slices.Repeat([]report.Report{reporttest.Hours(90)}, 2), slices.Repeat([]report.Report{reporttest.Overview()}, 10)...)
	if n := len(written(t, all...)); n > 2_000_000 {
		t.Errorf("%d bytes", n)
	}
}

func TestTicks(t *testing.T) {
	tests := []struct {
		hours int
		want  string
	}{
		{1, "00:00"},
		{24, "00:00 03:00 06:00 09:00 12:00 15:00 18:00 21:00"},
		{24 * 8, "05-01 05-02 05-03 05-04 05-05 05-06 05-07 05-08"},
		{24 * 90, "05-01 05-13 05-25 06-06 06-18 06-30 07-12 07-24"},
	}
	for _, tt := range tests {
		p := reporttest.Hours(90).Parts[0]
		p.Rows = p.Rows[:tt.hours]
		d := newDrawing(p, reporttest.Hours(1).Location())
		got := strings.Fields(strings.Join(d.axis(sizes[0]), " "))
		if strings.Join(got, " ") != tt.want {
			t.Errorf("%d hours: %v", tt.hours, got)
		}
	}
}

func TestShown(t *testing.T) {
	for in, want := range map[string]string{
		"plain": "plain", "a\x1b[2J": `a\x1b[2J`, "\u202egnp": `\u202egnp`, "a\xff": "a\ufffd", "👩‍👧 漢": "👩‍👧 漢", "<b>": "<b>", "'\\": `'\`,
	} {
		if got := shown(in); got != want {
			t.Errorf("shown(%q) = %q", in, got)
		}
	}
}

func TestWriteFails(t *testing.T) {
	if err := Write(broken{}, samples()); err == nil {
		t.Error("a failed write went unnoticed")
	}
}

type broken struct{}

func (broken) Write([]byte) (int, error) { return 0, fmt.Errorf("no space left") }

// The budget is 200 ms.
func BenchmarkWrite(b *testing.B) {
	r := []report.Report{reporttest.Overview(), reporttest.Hours(90)}
	var out bytes.Buffer
	for b.Loop() {
		out.Reset()
		if err := Write(&out, r); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(out.Len()), "B/doc")
}
