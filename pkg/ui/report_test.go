package ui

import (
	"fmt"
	"strings"
	"testing"

	"pixelctl/pkg/report"
	"pixelctl/pkg/report/reporttest"
)

// everyForm draws a report at each width in colour, without and in ASCII.
func everyForm(t *testing.T, r report.Report) string {
	t.Helper()
	var b strings.Builder
	for _, width := range []int{40, 80, 200} {
		for _, f := range []struct {
			name  string
			pairs []string
		}{{"colour", nil}, {"NO_COLOR", []string{"NO_COLOR", "1"}}, {"ASCII", []string{"NO_COLOR", "1", "LANG", "C"}}} {
			s := newScreen("", tty(width, f.pairs...))
			if err := Show(s.Streams, Report(r), false); err != nil {
				t.Fatal(err)
			}
			name := fmt.Sprintf("%d columns, %s", width, f.name)
			if f.name != "colour" {
				fits(t, name, s.out.String(), width)
				checkTame(t, name, s.out.String())
			}
			fmt.Fprintf(&b, "=== %s\n%s", name, visible(s.out.String()))
		}
	}
	return b.String()
}

func TestReport(t *testing.T) {
	for _, r := range []report.Report{reporttest.Overview(), reporttest.Hours(90), reporttest.Nothing()} {
		golden(t, "report_"+r.Name, everyForm(t, r))
	}
}

// What a report is made of is ASCII where the locale is; visitors' own
// characters are theirs.
func TestReportInASCII(t *testing.T) {
	r := reporttest.Overview()
	r.Parts[2].Rows = r.Parts[2].Rows[:2]
	for _, width := range []int{40, 80} {
		s := newScreen("", tty(width, "LANG", "C"))
		if err := Show(s.Streams, Report(r), false); err != nil {
			t.Fatal(err)
		}
		if at := strings.IndexFunc(s.out.String(), func(r rune) bool { return r > 0x7e }); at >= 0 {
			t.Errorf("%d columns: %q", width, s.out.String()[at:at+10])
		}
	}
}

// Into a pipe the same is drawn as on a plain terminal of 80 columns.
func TestReportPiped(t *testing.T) {
	draw := func(o TestOptions) string {
		s := newScreen("", o)
		if err := Show(s.Streams, Report(reporttest.Overview()), false); err != nil {
			t.Fatal(err)
		}
		return s.out.String()
	}
	if got, want := draw(TestOptions{}), draw(tty(80, "NO_COLOR", "1")); got != want {
		t.Errorf("%s instead of %s", got, want)
	}
}

func TestReportJSON(t *testing.T) {
	s := newScreen("", TestOptions{})
	if err := Show(s.Streams, Report(reporttest.Nothing()), true); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(s.out.String(), `"name": "mail"`) || strings.Contains(s.out.String(), "null,\n  \"notes") {
		t.Error(s.out.String())
	}
}

func TestReportOddParts(t *testing.T) {
	zero, half := 0.0, 0.5
	r := reporttest.Overview()
	for _, chart := range []report.Chart{report.Bars, report.Timeline, report.Figures, report.Table} {
		for _, values := range [][]report.Value{{}, {{}}, {{N: &zero}}, {{N: &half}, {}}, {{}, {}, {N: &zero, Before: &half}}} {
			p := report.Part{Name: "odd", Title: "Odd", Chart: chart, Step: "hour", Measures: []report.Measure{{Title: "M", Kind: report.Share}}}
			for _, v := range values {
				p.Rows = append(p.Rows, report.Row{At: r.Made, Values: []report.Value{v}})
			}
			r.Parts[1] = p
			for _, width := range []int{10, 40} {
				s := newScreen("", tty(width, "NO_COLOR", "1"))
				if err := Show(s.Streams, Report(r), false); err != nil {
					t.Fatal(err)
				}
				if strings.Contains(s.out.String(), "NaN") {
					t.Errorf("%s of %d rows draws no number", chart, len(values))
				}
			}
		}
	}
}

// What to do about a number stands on the terminal whole.
func TestAdviceIsNotCut(t *testing.T) {
	const advice = "add the site to sites: in the spec, or remove the tag"
	n, share, low, high := 127.0, 0.44, 0.39, 0.5
	part := report.Part{Title: "Dropped hits by reason", Chart: report.Bars, Labels: []string{"Reason", "What to do"}, Measures: []report.Measure{
		{Title: "Hits", Kind: report.Count}, {Title: "Of all hits", Kind: report.Share},
	}}
	for _, reason := range []string{"site", "gpc"} {
		part.Rows = append(part.Rows, report.Row{Label: []string{reason, advice}, Values: []report.Value{{N: &n}, {N: &share, Low: &low, High: &high}}})
	}
	for _, chart := range []report.Chart{report.Bars, report.Table} {
		for _, width := range []int{40, 60, 80, 200} {
			part.Chart = chart
			s := newScreen("", tty(width, "NO_COLOR", "1"))
			if err := Show(s.Streams, Report(report.Report{Parts: []report.Part{part}}), false); err != nil {
				t.Fatal(err)
			}
			text := s.out.String()
			for word := range strings.FieldsSeq(advice) {
				if strings.Count(text, word) < 2 {
					t.Errorf("%s at %d columns cuts %q:\n%s", chart, width, word, text)
					break
				}
			}
			for line := range strings.SplitSeq(text, "\n") {
				if Cells(line) > width {
					t.Errorf("%s at %d columns: %q", chart, width, line)
				}
			}
		}
	}
}

// A comparison of many columns stays a table where that of the first fits.
func TestComparisonStaysATable(t *testing.T) {
	n, before := 1234.0, 1000.0
	part := report.Part{Title: "Hits by campaign", Chart: report.Bars, Labels: []string{"Campaign"}}
	row := report.Row{Label: []string{"spring"}}
	for _, name := range []string{"People", "Visitors", "Proxies", "Bots", "Synthetic", "Unknown"} {
		part.Measures = append(part.Measures, report.Measure{Title: name, Kind: report.Count})
		row.Values = append(row.Values, report.Value{N: &n, Before: &before})
	}
	part.Rows = []report.Row{row, row}
	for width, want := range map[int]struct {
		changes int
		record  bool
	}{40: {12, true}, 80: {1, false}, 200: {6, false}} {
		s := newScreen("", tty(width, "NO_COLOR", "1"))
		if err := Show(s.Streams, Report(report.Report{Parts: []report.Part{part}}), false); err != nil {
			t.Fatal(err)
		}
		text := s.out.String()
		told := strings.Contains(text, "changes of the other columns")
		if strings.Contains(text, "row 1") != want.record || strings.Count(text, "change")-strings.Count(text, "changes") != want.changes || told != (want.changes == 1) {
			t.Errorf("%d columns:\n%s", width, text)
		}
	}
}
