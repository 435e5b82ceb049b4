package ui

import (
	"strconv"

	"pixelctl/pkg/pipeline"
)

// Matches shows where a person was found.
func Matches(m pipeline.SubjectMatches) View {
	m.Values, m.Files, m.Notes = list(m.Values), list(m.Files), list(m.Notes)
	return View{json: m, text: func(p *page) {
		if p.o.TTY {
			p.found(m)
		}
		p.subjectFiles(m.Files)
		if p.o.TTY {
			p.notes(m.Notes)
		}
	}}
}

// ShowMatches draws m on s.Err, for the question before a removal.
func ShowMatches(s *Streams, m pipeline.SubjectMatches) error {
	p := page{o: s.Err}
	Matches(m).text(&p)
	_, err := s.Err.Write(p.b.Bytes())
	return err
}

// found says in numbers where a person is.
func (p *page) found(m pipeline.SubjectMatches) {
	if m.Rows == 0 && m.Spool <= 0 && m.Errors == 0 {
		p.say(Plain, "nothing found by "+m.Column)
	} else {
		p.say(Plain, "found by "+m.Column+": "+plural(m.Rows, "row")+" in "+plural(int64(len(m.Files)), "file")+" of "+Bytes(m.Bytes))
	}
	var facts []fact
	for _, f := range []struct {
		name, thing string
		n           int64
	}{{"not files yet", "record", m.Spool}, {"errors", "line", m.Errors}, {"results", "stored result", m.Results}} {
		switch {
		case f.n > 0:
			facts = append(facts, fact{name: f.name, value: plural(f.n, f.thing)})
		case f.n < 0:
			facts = append(facts, fact{name: f.name, value: "cannot be seen"})
		}
	}
	if m.Scanned >= 0 {
		facts = append(facts, fact{name: "read", value: Bytes(m.Scanned)})
	}
	p.sheet(facts)
}

// subjectFiles lists files: on a terminal the first ten, piped all of them.
func (p *page) subjectFiles(files []pipeline.SubjectFile) {
	number := func(name string) Column { return Column{Name: name, Right: true, Whole: true} }
	t := Table{Columns: []Column{{Name: "file", Tail: true}, number("rows"), number("bytes")}}
	shown := files
	if p.o.TTY && len(files) > shownNames+1 {
		shown = files[:shownNames]
	}
	for _, f := range shown {
		t.Rows = append(t.Rows, []Cell{{Text: f.Name}, count(f.Rows), size(f.Bytes)})
	}
	if len(t.Rows) == 0 {
		return
	}
	t.write(p.o, &p.b)
	if left := len(files) - len(shown); left > 0 {
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
	return View{news: true, json: r, text: func(p *page) {
		done := "erased"
		if r.Anonymise {
			done = "made anonymous"
		}
		p.check(plural(r.Rows, "row"), " in ", plural(int64(len(r.Files)), "file"), " ", done)
		var facts []fact
		for _, f := range []struct {
			name, thing string
			n           int64
		}{{"not files yet", "record", r.Spool}, {"errors", "line", r.Errors}, {"results", "stored result", r.Results}} {
			if f.n > 0 {
				facts = append(facts, fact{name: f.name, value: plural(f.n, f.thing)})
			}
		}
		p.sheet(append(facts, fact{name: r.Column, value: "sha256 " + r.ValueHash}))
		p.notes(r.Notes)
	}}
}

// erasure shows a dry run.
func erasure(r pipeline.Receipt) View {
	v := Matches(r.Matches)
	v.json = struct {
		DryRun  bool                    `json:"dry_run"`
		Matches pipeline.SubjectMatches `json:"matches"`
		Calls   []string                `json:"calls,omitempty"`
	}{true, r.Matches, r.Calls}
	find := v.text
	v.text = func(p *page) {
		find(p)
		if p.o.TTY {
			p.say(Plain, "would write "+strconv.Itoa(len(r.Matches.Files))+" of these anew")
			p.calls(r.Calls)
		}
	}
	return v
}
