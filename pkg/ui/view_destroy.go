package ui

import (
	"cmp"
	"slices"
	"strconv"

	"pixelctl/pkg/pipeline"
)

// Inventory shows what a stack owns.
func Inventory(inv pipeline.Inventory) View {
	inv.Items = list(inv.Items)
	return View{json: inv, text: func(p *page) {
		if p.o.TTY {
			p.line("stack ", p.o.Theme.Paint(Title, Clean(inv.Stack)), " on target ", Clean(inv.Target), " owns:")
		}
		items := inv.Items
		if p.o.TTY { // what holds data comes last, next to the question
			items = slices.SortedStableFunc(slices.Values(items), func(a, b pipeline.Item) int {
				return cmp.Compare(holds(a), holds(b))
			})
		}
		inventoryTable(items).write(p.o, &p.b)
	}}
}

// holds is 1 for an item in which something was counted, else 0.
func holds(it pipeline.Item) int {
	if it.Files == 0 && it.Bytes == 0 && it.Rows == 0 {
		return 0
	}
	return 1
}

// ShowInventory draws inv on s.Err, for the question before destroy.
func ShowInventory(s *Streams, inv pipeline.Inventory) error {
	p := page{o: s.Err}
	Inventory(inv).text(&p)
	_, err := s.Err.Write(p.b.Bytes())
	return err
}

func inventoryTable(items []pipeline.Item) Table {
	number := func(name string) Column { return Column{Name: name, Right: true, Whole: true} }
	t := Table{Columns: []Column{{Name: "kind", Whole: true}, {Name: "name", Tail: true}, number("files"), number("bytes"), number("rows")}}
	var files, bytes, rows int64
	var unknown bool
	for _, it := range items {
		row := []Cell{{Text: plainType(it.Kind), Exact: it.Kind, Role: Key}, {Text: it.Name}, count(it.Files), size(it.Bytes), count(it.Rows)}
		if it.Kept {
			row[0].Text += " (kept)"
		}
		if holds(it) == 0 {
			row[2].Text, row[3].Text, row[4].Text = "", "", ""
		}
		t.Rows = append(t.Rows, row)
		files, bytes, unknown = files+max(it.Files, 0), bytes+max(it.Bytes, 0), unknown || it.Rows < 0
		rows += max(it.Rows, 0)
	}
	if unknown && rows == 0 {
		rows = -1
	}
	t.Total = []Cell{{Text: "total", Role: Title}, {}, count(files), size(bytes), count(rows)}
	return t
}

func count(n int64) Cell { return Cell{Text: Count(n), Exact: strconv.FormatInt(n, 10)} }

func size(n int64) Cell { return Cell{Text: Bytes(n), Exact: strconv.FormatInt(n, 10)} }

// Destroyed shows each item of a stack as gone, kept or still there.
func Destroyed(r pipeline.DestroyResult) View {
	r.Items = list(r.Items)
	return View{news: true, json: r, text: func(p *page) {
		if r.DryRun {
			p.line("stack ", p.o.Theme.Paint(Title, Clean(r.Stack)), " on target ", Clean(r.Target), ": would remove")
		} else {
			p.line("stack ", p.o.Theme.Paint(Title, Clean(r.Stack)), " on target ", Clean(r.Target))
		}
		left := 0
		for _, it := range r.Items {
			role, mark, word := fate(p.o.glyphs(), it, r.DryRun)
			if role == Bad {
				left++
			}
			p.marked(role, mark, p.itemText(it, word))
		}
		if r.KeptData != "" {
			p.sheet([]fact{{name: "data", value: r.KeptData}})
		}
		p.calls(r.Calls)
		if !r.DryRun && left == 0 {
			p.check("everything was asked for again: nothing is left", keptSuffix(r))
		}
	}}
}

func keptSuffix(r pipeline.DestroyResult) string {
	if r.KeptData != "" {
		return " but the data"
	}
	return ""
}

// fate is what became of an item, or will.
func fate(g glyphs, it pipeline.Item, dryRun bool) (role Role, mark, word string) {
	switch {
	case it.Kept && dryRun:
		return Muted, g.kept, "would be kept"
	case it.Kept:
		return Muted, g.kept, "kept"
	case dryRun:
		return Plain, "-", "would go"
	case it.Gone:
		return OK, g.check, "gone"
	}
	return Bad, g.cross, "still there"
}

func (p *page) itemText(it pipeline.Item, word string) string {
	text := p.typeName(it.Kind) + " " + it.Name + ": " + word
	if it.Reason != "" {
		text += " (" + it.Reason + ")"
	}
	return text
}
