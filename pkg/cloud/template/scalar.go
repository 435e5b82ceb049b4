package template

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"pixelctl/pkg/event"
)

// maxComment is the most bytes of a column's comment (Glue API, CommentString;
// it counts characters, of which there are no more than bytes).
const maxComment = 255

// words are plain scalars that YAML 1.1 takes for truth values or for nothing.
var words = []string{"y", "n", "yes", "no", "on", "off", "true", "false", "null", "nan", "inf"}

// flow returns one line as a YAML scalar that may stand in a flow mapping.
func flow(s string) string {
	if s == "" || strings.ContainsAny(s, `,:{}[]#"'&*!|>%@`+"`") || slices.Contains(words, strings.ToLower(s)) {
		return "'" + strings.ReplaceAll(s, "'", "''") + "'"
	}
	return s
}

// quoted returns any text as a YAML scalar in double quotes, on one line: no
// character of it has a meaning but the two that are escaped.
func quoted(s string) string {
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(oneLine(s)) + `"`
}

// oneLine has what is no printable character, line breaks among them, as
// blanks, and of blanks one at a time. Glue takes no line breaks in comments,
// YAML no control characters.
func oneLine(s string) string {
	s = strings.Map(func(r rune) rune {
		if r == utf8.RuneError || !unicode.IsPrint(r) {
			return ' '
		}
		return r
	}, s)
	return strings.Join(strings.Fields(s), " ")
}

// bounded is one line of at most so many bytes.
func bounded(s string, most int) string { return strings.TrimSpace(event.Head(oneLine(s), most)) }

// wrap breaks s at blanks into indented lines that a folded scalar joins again.
func wrap(s string, width int, indent string) string {
	var lines []string
	line := ""
	for word := range strings.SplitSeq(s, " ") {
		if line != "" && len(line)+1+len(word) > width {
			lines = append(lines, indent+line)
			line = word
			continue
		}
		if line != "" {
			line += " "
		}
		line += word
	}
	return strings.Join(append(lines, indent+line), "\n")
}
