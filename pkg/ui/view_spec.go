package ui

import "pixelctl/pkg/spec"

// FieldChanges shows what a deploy changes in the records.
func FieldChanges(changes []spec.Change) View {
	changes = list(changes)
	return View{json: map[string]any{"changes": changes}, text: func(p *page) {
		if len(changes) == 0 {
			p.say(Plain, "nothing to change: the stack records what the file says")
			return
		}
		p.fieldChanges(changes)
	}}
}

// fieldChanges gives each change a line and, below it, its effect.
func (p *page) fieldChanges(changes []spec.Change) {
	marks := map[string]struct {
		mark string
		role Role
	}{"add": {"+", OK}, "revive": {"+", OK}, "retire": {"-", Warn}}
	arrow := " " + p.o.to() + " "
	room := 0 // piped, nothing is wrapped
	if p.o.TTY {
		room = max(p.o.Width()-4, narrow)
	}
	for _, c := range changes {
		m, ok := marks[c.Action]
		if !ok {
			m.mark, m.role = "~", Plain
		}
		text := c.Name
		switch {
		case c.From != "" && c.To != "":
			text += ": " + c.From + arrow + c.To
		case c.To != "":
			text += ": " + c.To
		case c.From != "":
			text += ": " + c.From + arrow + "none"
		}
		p.marked(m.role, m.mark, text)
		for _, l := range wrap(Clean(c.Effect), room) {
			p.line("    ", p.o.Theme.Paint(Muted, l))
		}
	}
}
