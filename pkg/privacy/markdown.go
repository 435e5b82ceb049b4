package privacy

import (
	"strings"

	"pixelctl/pkg/event"
	"pixelctl/pkg/spec"
)

// What the columns of a spec are called in the table.
const (
	ownPersonal = "own, personal"
	ownOthers   = "own, others"
)

// Markdown returns the table for documents: the columns that a mode touches,
// the modes, and what each does to each.
func Markdown() string {
	var b strings.Builder
	modes := Modes()
	b.WriteString("| column |")
	for _, m := range modes {
		b.WriteString(" " + string(m) + " |")
	}
	b.WriteString("\n|---|" + strings.Repeat("---|", len(modes)) + "\n")
	for _, c := range (event.Schema{}).Columns() {
		row(&b, "`"+c.Name+"`", func(m Mode) Action { return Effect(m, c.Name) })
	}
	row(&b, ownPersonal, func(m Mode) Action { return EffectOn(m, spec.Field{Personal: true}) })
	row(&b, ownOthers, func(m Mode) Action { return EffectOn(m, spec.Field{}) })
	return b.String()
}

// row writes the line of a column, unless no mode touches it.
func row(b *strings.Builder, name string, effect func(Mode) Action) {
	cells := []string{name}
	plain := true
	for _, m := range Modes() {
		action := effect(m)
		plain = plain && action == Kept
		cells = append(cells, string(action))
	}
	if !plain {
		b.WriteString("| " + strings.Join(cells, " | ") + " |\n")
	}
}

// Touched returns the columns that a mode does not keep as they came, by what
// it does to them. Own columns stand there as in the table.
func Touched(mode Mode) map[Action][]string {
	by := map[Action][]string{}
	note := func(action Action, name string) {
		if action != Kept {
			by[action] = append(by[action], name)
		}
	}
	for _, c := range (event.Schema{}).Columns() {
		note(Effect(mode, c.Name), c.Name)
	}
	note(EffectOn(mode, spec.Field{Personal: true}), ownPersonal)
	note(EffectOn(mode, spec.Field{}), ownOthers)
	return by
}
