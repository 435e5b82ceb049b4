package statement

import (
	"strings"
	"unicode"
)

// Markdown renders the document for GitHub's dialect. Texts of the owner
// (names, descriptions) cannot become markup.
func (d Document) Markdown() string {
	var b strings.Builder
	b.WriteString("# " + plain(d.Title) + "\n")
	for _, s := range d.Lead {
		b.WriteString("\n" + plain(s) + "\n")
	}
	for _, s := range d.Sections {
		b.WriteString("\n## " + plain(s.Title) + "\n")
		for _, block := range s.Blocks {
			b.WriteString("\n")
			block.markdown(&b)
		}
	}
	return b.String()
}

func (k Block) markdown(b *strings.Builder) {
	switch {
	case k.Head != nil:
		b.WriteString("| " + strings.Join(k.Head, " | ") + " |\n|" + strings.Repeat("---|", len(k.Head)) + "\n")
		for _, row := range k.Rows {
			b.WriteString("|")
			for i, cell := range row {
				if i == 0 {
					b.WriteString(" `" + code(cell) + "` |")
				} else {
					b.WriteString(" " + plain(cell) + " |")
				}
			}
			b.WriteString("\n")
		}
	case k.Items != nil:
		for _, item := range k.Items {
			b.WriteString("- " + plain(item) + "\n")
		}
	default:
		b.WriteString(plain(k.Text) + "\n")
	}
}

// code is text between back quotes in a table.
func code(s string) string {
	return strings.NewReplacer("`", "'", "|", "\\|", "\n", " ", "\r", " ").Replace(s)
}

// plain escapes what Markdown would read as markup, and makes one line of s.
func plain(s string) string {
	s = strings.Join(strings.Fields(s), " ")
	var b strings.Builder
	rest := []rune(s)
	for i, c := range rest {
		if special(rest, i) {
			b.WriteByte('\\')
		}
		b.WriteRune(c)
	}
	return b.String()
}

// special says whether the rune at i would be markup. An underscore within a
// word is none; some signs are markup only where a line begins.
func special(s []rune, i int) bool {
	letter := func(i int) bool { return i >= 0 && i < len(s) && (unicode.IsLetter(s[i]) || unicode.IsDigit(s[i])) }
	switch s[i] {
	case '\\', '`', '*', '[', ']', '<', '>', '|', '&', '~', '!':
		return true
	case '_':
		return !letter(i-1) || !letter(i+1)
	case '#', '+', '-', '=':
		return i == 0
	case '.', ')': // 1. begins a list
		digits := true
		for _, c := range s[:i] {
			digits = digits && unicode.IsDigit(c)
		}
		return i > 0 && digits
	}
	return false
}
