// Package reporttest has reports for the tests of whatever draws them.
package reporttest

import (
	"fmt"
	"math"
	"time"

	"pixelctl/pkg/query"
	"pixelctl/pkg/report"
)

// Hostile are labels that visitors may send.
func Hostile() []string {
	return []string{
		`spring"><script>document.title='ran'</script>`, `</svg></style><img src=http://127.0.0.1:9/x onerror=alert(1)>`,
		"\x1b[31mred\x1b[0m\a", "rtl \u202egnp.exe", "漢字テスト、とても長いキャンペーンの名前です、終わりがない", "👩‍👩‍👧‍👦 family", "bad \xff utf8\x00",
		"a name that goes on and on, far beyond what any table or any chart has room for, and then some", "", "tab\tand\nline", "=HYPERLINK(\"http://x\")",
	}
}

// Overview has every kind of part, compared with the period before.
func Overview() report.Report {
	start := time.Date(2026, 7, 1, 0, 0, 0, 0, time.UTC)
	window := query.Window{Since: start.Add(-2 * time.Hour), Until: start.AddDate(0, 0, 14).Add(-2 * time.Hour)}
	before, _ := window.Before()
	return report.Report{
		Name: "overview", Title: "Overview", Stack: "shop", Zone: "Europe/Berlin", Made: window.Until.Add(9 * time.Hour),
		Window: window, Compare: before,
		Parts: []report.Part{totals(), days(window.Since), campaigns(), classes()},
		Notes: []string{
			"A hit that arrived twice is counted once.",
			"People are all classes of visitors but bots, mail clients and synthetic checks.",
		},
	}
}

func count(name, title string) report.Measure {
	return report.Measure{Name: name, Title: title, Kind: report.Count}
}

func totals() report.Part {
	return report.Part{
		Name: "totals", Title: "In all", Chart: report.Figures,
		Measures: []report.Measure{
			count("views", "Views"), count("visitors", "Visitors"),
			{Name: "per", Title: "Views per visitor", Kind: report.Number},
			{Name: "mail", Title: "Opened in mail", Kind: report.Share},
			count("unknown", "Not known"),
		},
		Rows: []report.Row{{Values: []report.Value{
			{N: number(1234567), Before: number(1100000)},
			{N: number(45678), Before: number(50123)},
			{N: number(27.0276), Before: number(21.9)},
			{N: number(0.118), Low: number(0.042), High: number(0.31), Before: number(0.09)},
			{},
		}}},
	}
}

func days(since time.Time) report.Part {
	p := report.Part{
		Name: "days", Title: "Views per day", Chart: report.Timeline, Step: "day",
		Measures: []report.Measure{count("views", "Views"), count("people", "People"), {Name: "bots", Title: "Bots", Kind: report.Share}},
	}
	for i := range 14 {
		v := 80000 + 30000*math.Sin(float64(i))
		p.Rows = append(p.Rows, report.Row{At: since.AddDate(0, 0, i), Values: []report.Value{
			{N: number(math.Round(v)), Before: number(math.Round(v * (0.7 + 0.03*float64(i))))}, {N: number(math.Round(v / 3))}, {N: number(0.05), Low: number(0.03), High: number(0.08)},
		}})
	}
	p.Rows[9].Values[0].N = nil
	return p
}

func campaigns() report.Part {
	p := report.Part{
		Name: "campaigns", Title: "Campaigns", Note: "By the parameter utm_campaign.", Chart: report.Bars, Labels: []string{"Campaign"}, More: 1234,
		Measures: []report.Measure{count("views", "Views"), {Name: "share", Title: "Bounce rate", Kind: report.Share}},
	}
	for i, label := range append([]string{"summer", "newsletter"}, Hostile()...) {
		v := math.Round(54321 / float64(i*i+1))
		p.Rows = append(p.Rows, report.Row{Label: []string{label}, Values: []report.Value{
			{N: number(v), Before: number(math.Round(v * 0.9))}, {N: number(0.12), Low: number(0.04), High: number(0.31)},
		}})
	}
	p.Rows[3].Values[0].Before = number(0)
	return p
}

func classes() report.Part {
	return report.Part{
		Name: "classes", Title: "Who asked", Chart: report.Table, Labels: []string{"Class", "Device"},
		Measures: []report.Measure{count("hits", "Hits")},
		Rows: []report.Row{
			{Label: []string{"human", "phone"}, Values: []report.Value{{N: number(34567)}}},
			{Label: []string{"bot", ""}, Values: []report.Value{{N: number(12)}}},
			{Label: []string{"synthetic", "other"}, Values: []report.Value{{N: number(0)}}},
		},
	}
}

// Hours is a report with a timeline by hours, some days long, and many rows.
func Hours(days int) report.Report {
	start := time.Date(2026, 5, 1, 0, 0, 0, 0, time.UTC)
	p := report.Part{
		Name: "hours", Title: "Views per hour", Chart: report.Timeline, Step: "hour",
		Measures: []report.Measure{count("views", "Views"), count("people", "People"), count("opens", "Mail opens")},
	}
	for i := range days * 24 {
		v := math.Round(500 + 400*math.Sin(float64(i)/24*2*math.Pi) + float64(i*7919%97))
		p.Rows = append(p.Rows, report.Row{At: start.Add(time.Duration(i) * time.Hour), Values: []report.Value{
			{N: number(v), Before: number(v * 0.8)}, {N: number(math.Round(v / 2))}, {N: number(math.Round(v / 9))},
		}})
	}
	pages := report.Part{
		Name: "pages", Title: "Pages", Chart: report.Bars, Labels: []string{"Page"}, Measures: []report.Measure{count("views", "Views")},
	}
	for i := range 100 {
		pages.Rows = append(pages.Rows, report.Row{Label: []string{fmt.Sprintf("/shop/page-%d", i)}, Values: []report.Value{{N: number(float64(1000 - 9*i))}}})
	}
	return report.Report{
		Name: "hours", Title: "Hours", Stack: "shop", Zone: "UTC", Made: start.AddDate(0, 0, days),
		Window: query.Window{Since: start, Until: start.AddDate(0, 0, days)}, Parts: []report.Part{p, pages},
	}
}

// Nothing is the report of an empty lake.
func Nothing() report.Report {
	r := Overview()
	r.Name, r.Title, r.Compare = "mail", "Mail", query.Window{}
	for i := range r.Parts {
		r.Parts[i].Rows, r.Parts[i].More = nil, 0
	}
	r.Parts[0].Rows = []report.Row{{Values: []report.Value{{N: number(0)}, {N: number(0)}, {}, {}, {}}}}
	return r
}

func number(v float64) *float64 { return new(v) }
