package ui

import (
	"strconv"
	"time"

	"pixelctl/pkg/verify"
)

// Verified shows how far hits came.
func Verified(r verify.Report) View {
	r.Hits = list(r.Hits)
	return View{json: r, text: func(p *page) {
		t := Table{Columns: []Column{
			{Name: "hit"},
			{Name: "answered", Right: true, Whole: true},
			{Name: "recorded", Right: true, Whole: true},
			{Name: "stored", Right: true, Whole: true},
			{Name: "queryable", Right: true, Whole: true},
			{Name: "rows", Right: true, Whole: true},
			{Name: "outcome"},
		}}
		for _, h := range r.Hits {
			rows := Cell{Text: strconv.FormatInt(h.Rows, 10), Role: OK}
			if h.Rows != 1 {
				rows.Role = Warn
			}
			t.Rows = append(t.Rows, []Cell{
				{Text: h.ID}, reached(h.Answered), reached(h.Recorded), reached(h.Stored), reached(h.Queryable), rows, {Text: h.Outcome},
			})
		}
		t.write(p.o, &p.b)
		if p.o.TTY {
			verdict(p, r)
		}
	}}
}

// reached is the time to a stage; a hyphen is for one that was not reached.
func reached(s *float64) Cell {
	if s == nil {
		return Cell{Text: "-", Role: Warn}
	}
	return Cell{Text: Duration(time.Duration(*s * float64(time.Second))), Exact: strconv.FormatFloat(*s, 'f', 6, 64)}
}

func verdict(p *page, r verify.Report) {
	after := " after " + Duration(time.Duration(r.Seconds*float64(time.Second)))
	price := p.o.dot() + Plural(int64(r.Queries), "query")
	if r.Dollars > 0 {
		price += " of " + dollars(r.Dollars) + " and " + Plural(int64(r.Listings), "listing")
	}
	all := Count(int64(r.Arrived)) + " of " + Plural(int64(len(r.Hits)), "hit")
	if len(r.Hits) == 1 {
		all += " is a row"
	} else {
		all += " are rows"
	}
	if r.Arrived == len(r.Hits) {
		p.check(all, " exactly once", after, price)
		return
	}
	p.marked(Warn, "!", all+" exactly once"+after+price)
}
