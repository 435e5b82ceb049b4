package ui

import (
	"pixelctl/pkg/pipeline"
)

// Matches shows where a person was found.
func Matches(m pipeline.SubjectMatches) View {
	m.Values, m.Files, m.Notes = list(m.Values), list(m.Files), list(m.Notes)
	return View{json: m, text: func(p *page) {
		if p.o.TTY {
			p.found(m)
		}
		p.subjectFiles(m, !p.o.TTY)
		if p.o.TTY {
			p.notes(m.Notes)
		}
	}}
}

// ShowMatches draws m on s.Err, for the question before a removal.
func ShowMatches(s *Streams, m pipeline.SubjectMatches) error {
	p := page{o: s.Err}
	p.found(m)
	p.subjectFiles(m, false)
	p.notes(m.Notes)
	_, err := s.Err.Write(p.b.Bytes())
	return err
}

// elsewhere are the places of a person that are no files of the table.
func elsewhere(waits string, spool, errors, results int64) []fact {
	var facts []fact
	for _, f := range []struct {
		name, thing string
		n           int64
	}{{waits, "record", spool}, {"errors", "line", errors}, {"results", "stored result", results}} {
		switch {
		case f.n > 0:
			facts = append(facts, fact{name: f.name, value: Plural(f.n, f.thing)})
		case f.n < 0:
			facts = append(facts, fact{name: f.name, value: "cannot be seen"})
		}
	}
	return facts
}

// found says in numbers where a person is.
func (p *page) found(m pipeline.SubjectMatches) {
	if m.Rows == 0 && m.Spool <= 0 && m.Errors <= 0 {
		p.say(Plain, "nothing found by "+m.Column)
	} else {
		p.say(Plain, "found by "+m.Column+": "+Plural(m.Rows, "row")+" in "+Plural(int64(len(m.Files)), "file")+" of "+Bytes(m.Bytes))
	}
	facts := elsewhere("not files yet", m.Spool, m.Errors, m.Results)
	if m.Scanned >= 0 {
		facts = append(facts, fact{name: "read", value: Bytes(m.Scanned)})
	}
	p.sheet(facts)
}

// subjectFiles lists files, on a terminal the first ten; with all it also lists
// what lies elsewhere.
func (p *page) subjectFiles(m pipeline.SubjectMatches, all bool) {
	t := Table{Columns: []Column{{Name: "file", Tail: true}, numberColumn("rows"), numberColumn("bytes")}}
	shown := p.first(len(m.Files))
	for _, f := range m.Files[:shown] {
		t.Rows = append(t.Rows, []Cell{{Text: f.Name}, count(f.Rows), size(f.Bytes)})
	}
	if all {
		for _, f := range []struct {
			name string
			n    int64
		}{{"spool", m.Spool}, {"errors", m.Errors}, {"results", m.Results}} {
			if f.n > 0 {
				t.Rows = append(t.Rows, []Cell{{Text: f.name}, count(f.n), {}})
			}
		}
	}
	p.tableOf(t, len(m.Files)-shown)
}

func numberColumn(name string) Column { return Column{Name: name, Right: true, Whole: true} }

// first says how many of a list are shown.
func (p *page) first(n int) int {
	if p.o.TTY && n > shownNames+1 {
		return shownNames
	}
	return n
}

// tableOf draws a table, unless it is empty, and how many rows are left out.
func (p *page) tableOf(t Table, left int) {
	if len(t.Rows) == 0 {
		return
	}
	t.write(p.o, &p.b)
	if left > 0 {
		p.line(p.o.Theme.Paint(Muted, "and "+Count(int64(left))+" more; all of them with --json"))
	}
}

func (p *page) notes(notes []string) {
	for _, n := range notes {
		p.say(Warn, n)
	}
}

// Erased shows the receipt of an erasure, or what it would do.
func Erased(r pipeline.Receipt) View {
	if r.DryRun {
		return erasure(r)
	}
	r.Files = list(r.Files)
	return View{json: r, text: func(p *page) {
		if p.o.TTY {
			done := " erased"
			if r.Anonymise {
				done = " made anonymous"
			}
			p.check(Plural(r.Rows, "row"), " in ", Plural(int64(len(r.Files)), "file"), done)
			p.sheet(append(elsewhere("waited", max(r.Spool, 0), r.Errors, r.Results), fact{name: r.Column, value: "sha256 " + p.short(r.ValueHash)}))
		}
		p.erasedFiles(r)
		if p.o.TTY {
			p.notes(r.Notes)
		}
	}}
}

// shortDigest is how much of a digest a terminal shows; JSON has all.
const shortDigest = 12

func (p *page) short(digest string) string {
	if len(digest) <= shortDigest {
		return digest
	}
	return digest[:shortDigest] + p.o.glyphs().ellipsis
}

func (p *page) erasedFiles(r pipeline.Receipt) {
	changed := "erased"
	if r.Anonymise {
		changed = "blanked"
	}
	t := Table{Columns: []Column{{Name: "file", Tail: true}, numberColumn(changed), numberColumn("left"), {Name: "sha256"}}}
	shown := p.first(len(r.Files))
	for _, f := range r.Files[:shown] {
		digest := Cell{Text: f.SHA256[:min(len(f.SHA256), shortDigest)], Exact: f.SHA256}
		if f.SHA256 == "" {
			digest.Text = "removed"
		}
		t.Rows = append(t.Rows, []Cell{{Text: f.Name}, count(f.Changed), count(f.RowsAfter), digest})
	}
	p.tableOf(t, len(r.Files)-shown)
}

// erasure shows a dry run.
func erasure(r pipeline.Receipt) View {
	v := Matches(r.Matches)
	m := r.Matches
	m.Values, m.Files, m.Notes = list(m.Values), list(m.Files), list(m.Notes)
	v.json = struct {
		DryRun    bool                    `json:"dry_run"`
		Anonymise bool                    `json:"anonymise"`
		Matches   pipeline.SubjectMatches `json:"matches"`
		Calls     []string                `json:"calls,omitempty"`
	}{true, r.Anonymise, m, r.Calls}
	find := v.text
	v.text = func(p *page) {
		find(p)
		if p.o.TTY {
			would := "would take these rows out of " + Plural(int64(len(r.Matches.Files)), "file")
			if r.Anonymise {
				would = "would blank the person in these rows of " + Plural(int64(len(r.Matches.Files)), "file")
			}
			p.say(Plain, would)
			p.calls(r.Calls)
		}
	}
	return v
}
