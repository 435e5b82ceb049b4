package ui

import (
	"bytes"
	"io"
	"strings"
)

// View is one result with its form for people and its form for programs.
type View struct {
	text func(*page)
	json any
	next []string // commands that make sense now
	news bool     // the text only says that it worked: --quiet drops it

	remark string // on s.Err, after the text; "" is none
}

// WithNext sets the commands to run next; they are told on s.Err.
func (v View) WithNext(commands ...string) View {
	v.next = commands
	return v
}

// Show writes v to s.Out as text, or as one JSON document.
func Show(s *Streams, v View, asJSON bool) error {
	if asJSON {
		return WriteJSON(s.Out, v.json)
	}
	if s.Quiet && v.news {
		return nil
	}
	p := page{o: s.Out}
	v.text(&p)
	if _, err := s.Out.Write(p.b.Bytes()); err != nil {
		return err
	}
	if v.remark != "" {
		if err := s.Say(v.remark); err != nil {
			return err
		}
	}
	return s.Next(v.next...)
}

// Next names the commands to run next on s.Err, unless --quiet.
func (s *Streams) Next(commands ...string) error {
	if s.Quiet || len(commands) == 0 {
		return nil
	}
	var b strings.Builder
	label := "next:"
	for _, c := range commands {
		b.WriteString(s.Err.Theme.Paint(Muted, label) + " " + s.Err.Theme.Paint(Command, Clean(c)) + "\n")
		label = "     "
	}
	_, err := io.WriteString(s.Err, b.String())
	return err
}

// page collects the text of a view.
type page struct {
	o *Output
	b bytes.Buffer
}

// line writes painted parts. Data in it must be clean.
func (p *page) line(parts ...string) {
	p.b.WriteString(strings.TrimRight(strings.Join(parts, ""), " ") + "\n")
}

// say writes a sentence, wrapped.
func (p *page) say(r Role, text string) {
	for _, l := range wrap(Clean(text), p.o.Width()) {
		p.line(p.o.Theme.Paint(r, l))
	}
}

// indented writes a sentence below what it is about, wrapped.
func (p *page) indented(by int, r Role, text string) {
	for _, l := range wrap(Clean(text), p.o.Width()-by) {
		p.line(strings.Repeat(" ", by), p.o.Theme.Paint(r, l))
	}
}

func (p *page) title(text string) { p.line(p.o.Theme.Paint(Title, Clean(text))) }

// fact is one line of a sheet.
type fact struct {
	name  string
	value string
	role  Role
	note  string // in brackets after the value, muted
}

// sheet writes facts in two columns. Long values go on below themselves.
func (p *page) sheet(facts []fact) { p.sheetFrom(0, facts) }

// sheetFrom is sheet with values that begin after at least names cells.
func (p *page) sheetFrom(names int, facts []fact) {
	for _, f := range facts {
		names = max(names, Cells(f.name))
	}
	room := 0
	if p.o.TTY {
		room = max(p.o.Width()-2-names-gap, narrow)
	}
	paint := p.o.Theme.Paint
	for _, f := range facts {
		name, value := pad(f.name, names, false), Clean(f.value)
		full := value
		if f.note != "" {
			full += " (" + Clean(f.note) + ")"
		}
		lines := wrap(full, room)
		for i, l := range lines {
			if i > 0 {
				name = strings.Repeat(" ", names)
			}
			if i == 0 && strings.HasPrefix(l, value) {
				l = paint(f.role, value) + paint(Muted, l[len(value):])
			} else {
				l = paint(f.role, l)
			}
			p.line("  ", paint(Key, name), strings.Repeat(" ", gap), l)
		}
	}
}
