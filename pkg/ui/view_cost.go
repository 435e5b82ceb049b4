package ui

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"

	"pixelctl/pkg/cost"
)

// Cost shows a forecast.
func Cost(f cost.Forecast) View {
	f.Lines, f.Figures, f.Next, f.Notes = list(f.Lines), list(f.Figures), list(f.Next), list(f.Notes)
	return View{json: f, text: func(p *page) {
		if !p.o.TTY {
			costTable(p, f)
			return
		}
		costHead(p, f)
		costTable(p, f)
		p.say(Muted, unverified(f))
		costFigures(p, f)
		costNext(p, f)
		costCompare(p, f)
		costSoFar(p, f)
		for _, n := range f.Notes {
			p.say(Muted, n)
		}
	}}
}

func costHead(p *page, f cost.Forecast) {
	what := amount(f.Hits) + " hits a month"
	if f.Hits == 1 {
		what = "1 hit a month"
	}
	switch f.Target {
	case "local":
		what += ": what this would cost on AWS"
	case "aws":
		what += " on AWS"
	}
	p.say(Title, what)
	s := f.Setup
	facts := []fact{
		{name: "forecast", value: dollars(f.Total) + " a month", role: Number},
		{name: "setup", value: fmt.Sprintf("front %s, format %s, buffer %s, %s", s.Front, s.Format, Duration(s.Buffer), s.Processor)},
		{name: "prices", value: priceList(f), note: freeTier(f)},
	}
	if m := f.Measured; m != nil {
		facts = append(facts, fact{name: "measured", value: instant(m.Since) + " to " + instant(m.Until), note: Duration(m.Until.Sub(m.Since).Round(time.Minute))})
	}
	p.sheet(facts)
}

// priceList names the list, its regions and the days it was looked up.
func priceList(f cost.Forecast) string {
	days := f.Dates
	if len(days) > 1 {
		days = []string{days[0] + " to " + days[len(days)-1]}
	}
	if f.Own {
		return f.List + " (" + f.Region + "), dated " + strings.Join(days, "")
	}
	return "list of " + f.Region + " (" + f.List + "), looked up " + strings.Join(days, "")
}

// PriceList shows a price list as it is, to be saved and changed.
func PriceList(p cost.Prices) View {
	p.Regions, p.Items = list(p.Regions), list(p.Items)
	return View{json: p, text: func(pg *page) { pg.b.WriteString(p.Text) }}
}

func freeTier(f cost.Forecast) string {
	if f.FreeTier {
		return "with the free tier"
	}
	return "without any free tier"
}

func costTable(p *page, f cost.Forecast) {
	t := Table{Columns: []Column{
		{Name: "part"},
		{Name: "quantity", Right: true, Whole: true},
		{Name: "is"},
		{Name: "price", Right: true, Whole: true},
		{Name: "$ a month", Right: true, Whole: true},
		{Name: "share", Right: true, Whole: true},
	}}
	for _, l := range f.Lines {
		t.Rows = append(t.Rows, []Cell{
			{Text: l.Part},
			{Text: CostQuantity(l.Quantity, l.Unit), Exact: exact(l.Quantity)},
			{Text: string(l.Basis), Role: basisRole(l.Basis)},
			{Text: CostPrice(l), Exact: exact(l.Price / l.Per)},
			{Text: dollars(l.Dollars)[1:], Exact: exact(l.Dollars), Role: Number},
			{Text: strconv.Itoa(int(math.Round(l.Share*100))) + " %", Exact: exact(l.Share)},
		})
	}
	t.Total = []Cell{{Text: "all"}, {}, {}, {}, {Text: dollars(f.Total)[1:], Role: Number}, {}}
	t.write(p.o, &p.b)
}

func basisRole(b cost.Basis) Role {
	if b == cost.Assumed {
		return Warn
	}
	return Plain
}

// exact writes a number for programs, without the dust of its calculation.
func exact(v float64) string {
	rounded, err := strconv.ParseFloat(strconv.FormatFloat(v, 'g', 12, 64), 64)
	if err != nil {
		rounded = v
	}
	return strconv.FormatFloat(rounded, 'f', -1, 64)
}

// amount writes a number with three digits that matter: 950, 30 M, 1.25 k.
func amount(v float64) string {
	unit := 0
	for v >= 999.5 && unit < 4 {
		v, unit = v/1000, unit+1
	}
	digits := 3
	if v < 0.001 && v > 0 {
		digits = 2
	}
	text := strconv.FormatFloat(v, 'g', digits, 64)
	if n, err := strconv.ParseFloat(text, 64); err == nil {
		text = strconv.FormatFloat(n, 'f', -1, 64)
	}
	return text + []string{"", " k", " M", " G", " T"}[unit]
}

// CostQuantity writes an amount with its unit, but for requests, which have none.
func CostQuantity(v float64, unit string) string {
	if unit == "request" {
		return amount(v)
	}
	return amount(v) + " " + unit
}

// CostPrice writes what so many units cost; a star marks a price to look up.
func CostPrice(l cost.Line) string {
	text := "$" + strconv.FormatFloat(l.Price, 'f', -1, 64) + " / " + strings.TrimPrefix(CostQuantity(l.Per, l.Unit), "1 ")
	if l.Standing == cost.Unverified {
		text += " *"
	}
	return text
}

func unverified(f cost.Forecast) string {
	for _, l := range f.Lines {
		if l.Standing == cost.Unverified {
			return "* not verified; each price has its source in --json"
		}
	}
	return "each price has its source in --json"
}

// costFigures tells what the quantities were made of.
func costFigures(p *page, f cost.Forecast) {
	p.title("figures")
	facts := make([]fact, 0, len(f.Figures))
	for _, g := range f.Figures {
		value := amount(g.Value) + " " + g.Unit
		if g.Unit == "bytes" && g.Value >= 10_000 {
			value = Bytes(int64(g.Value))
		}
		note := string(g.Basis)
		if g.Note != "" {
			note += ": " + g.Note
		}
		facts = append(facts, fact{name: g.Name, value: value, note: note})
	}
	p.sheet(facts)
}

func costNext(p *page, f cost.Forecast) {
	if len(f.Next) == 0 {
		p.say(Plain, "no single change that is known here makes it cheaper")
		return
	}
	p.title("cheapest next change")
	for _, c := range f.Next {
		p.marked(OK, p.o.glyphs().bullet, c.What+": "+dollars(c.Saving)+" a month less, "+dollars(c.Total)+" in all"+bracket(c.Note))
		if c.Command != "" {
			p.line("    ", p.o.Theme.Paint(Command, Clean(c.Command)))
		}
	}
}

func bracket(note string) string {
	if note == "" {
		return ""
	}
	return " (" + note + ")"
}

func costCompare(p *page, f cost.Forecast) {
	if len(f.Compare) == 0 {
		return
	}
	p.title("compared, one change at a time")
	t := Table{Columns: []Column{
		{Name: "change", Whole: true},
		{Name: "$ a month", Right: true, Whole: true},
		{Name: "difference", Right: true, Whole: true},
		{Name: "note", Wrap: true},
	}}
	for _, c := range f.Compare {
		difference, note := signed(-c.Saving), c.Note
		if c.Now {
			difference, note = "", "as it is"
		}
		t.Rows = append(t.Rows, []Cell{{Text: c.What}, {Text: dollars(c.Total)[1:], Role: Number}, {Text: difference}, {Text: note}})
	}
	t.write(p.o, &p.b)
}

func signed(v float64) string {
	switch {
	case v > 0.005:
		return "+" + dollars(v)[1:]
	case v < -0.005:
		return "-" + dollars(-v)[1:]
	}
	return "0.00"
}

func costSoFar(p *page, f cost.Forecast) {
	s := f.SoFar
	if s == nil {
		return
	}
	p.title("this month so far")
	p.sheet([]fact{
		{name: "since", value: instant(s.Since)},
		{name: "hits", value: Count(s.Requests), role: Number},
		{name: "all parts", value: dollars(s.Total), role: Number, note: "what metrics show, at list prices; the bill is AWS's"},
		{name: "questions", value: dollars(s.Questions), role: Number, note: Plural(s.Queries, "query") + ", " + Bytes(s.Scanned) + " scanned, by the workgroup's metrics"},
	})
}
