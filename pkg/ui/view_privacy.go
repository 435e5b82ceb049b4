package ui

import (
	"maps"
	"slices"
	"strings"

	"pixelctl/pkg/privacy/statement"
)

// Statement shows a privacy statement as it is written.
func Statement(text string, d statement.Document) View {
	return View{json: struct {
		Document statement.Document `json:"document"`
		Text     string             `json:"text"`
	}{d, text}, text: func(p *page) { p.b.WriteString(text) }}
}

// Mode is one setting of privacy.
type Mode struct {
	Name    string              `json:"mode"`
	Effects map[string][]string `json:"effects"` // columns by what becomes of them
}

// Modes shows what each mode does: piped the table for documents, which is
// wider than a terminal.
func Modes(markdown string, modes []Mode) View {
	return View{json: map[string]any{"modes": list(modes)}, text: func(p *page) {
		if !p.o.TTY {
			p.b.WriteString(markdown)
			return
		}
		for _, m := range modes {
			p.title(m.Name)
			var facts []fact
			for _, action := range slices.Sorted(maps.Keys(m.Effects)) {
				facts = append(facts, fact{name: action, value: strings.Join(m.Effects[action], p.o.dot())})
			}
			p.sheet(facts)
		}
	}}
}

// Findings shows what a strict reading would set otherwise.
func Findings(findings []statement.Finding) View {
	findings = list(findings)
	return View{json: map[string]any{"findings": findings}, text: func(p *page) {
		if len(findings) == 0 {
			p.check("a strict reading would change nothing")
			return
		}
		if !p.o.TTY {
			t := Table{}
			for _, f := range findings {
				t.Rows = append(t.Rows, []Cell{{Text: f.Setting}, {Text: f.Now}, {Text: f.Strict}, {Text: f.Why}})
			}
			t.write(p.o, &p.b)
			return
		}
		for _, f := range findings {
			p.title(f.Setting)
			p.sheet([]fact{{name: "now", value: f.Now}, {name: "strict", value: f.Strict}, {name: "why", value: f.Why}})
		}
	}}
}
