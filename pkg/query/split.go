package query

import "strings"

// Split gives the statements of a text that semicolons part; comments alone are
// none. Each stands on its line and in its column of the text, so that places
// in errors are places of the text.
func Split(text string) []string {
	var out []string
	from := -1 // the first byte of a statement
	end := 0
	emit := func() {
		if from >= 0 {
			line, column := Place(text, from)
			out = append(out, strings.Repeat("\n", line-1)+strings.Repeat(" ", column-1)+text[from:end])
		}
		from = -1
	}
	for _, t := range Tokens(text) {
		if t.Text == ";" {
			emit()
			continue
		}
		if from < 0 {
			from = t.Start
		}
		end = t.End
	}
	emit()
	return out
}
