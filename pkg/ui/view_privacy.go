package ui

import "pixelctl/pkg/privacy/statement"

// Statement shows a privacy statement as it is written.
func Statement(text string, d statement.Document) View {
	return View{json: struct {
		Document statement.Document `json:"document"`
		Text     string             `json:"text"`
	}{d, text}, text: func(p *page) { p.b.WriteString(text) }}
}

// Markdown shows a generated table as it is.
func Markdown(name, text string) View {
	return View{json: map[string]string{name: text}, text: func(p *page) { p.b.WriteString(text) }}
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
