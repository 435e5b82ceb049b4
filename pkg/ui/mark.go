package ui

import (
	"bytes"
	"strings"
)

// markLine writes a mark and text, wrapped below itself.
func (o *Output) markLine(b *bytes.Buffer, indent string, r Role, mark, text string) {
	room, hang := 0, len(indent)+Cells(mark)+1
	if o.TTY {
		room = max(o.Width()-hang, narrow)
	}
	lead := indent + o.Theme.Paint(r, mark) + " "
	for _, l := range wrap(Clean(text), room) {
		b.WriteString(strings.TrimRight(lead+l, " ") + "\n")
		lead = strings.Repeat(" ", hang)
	}
}

// marked writes a line of a list.
func (p *page) marked(r Role, mark, text string) { p.o.markLine(&p.b, "  ", r, mark, text) }

// check writes a line that something worked.
func (p *page) check(parts ...string) {
	p.o.markLine(&p.b, "", OK, p.o.glyphs().check, strings.Join(parts, ""))
}
