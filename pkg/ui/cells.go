package ui

import (
	"strings"

	"github.com/mattn/go-runewidth"
)

// cells measures text. Ambiguous characters count one cell whatever the
// locale, so that output does not depend on it.
func cells() *runewidth.Condition { return &runewidth.Condition{StrictEmojiNeutral: true} }

// Cells is the number of terminal cells of s.
func Cells(s string) int {
	for i := range len(s) {
		if s[i] < 0x20 || s[i] >= 0x7f {
			return cells().StringWidth(s)
		}
	}
	return len(s)
}

// glyphs are the forms drawn on a stream.
type glyphs struct {
	ellipsis, line, check, cross, kept, bullet, bar, gutter, spark string
	spinner                                                        []string
}

func (o *Output) glyphs() glyphs {
	if !o.Unicode {
		return glyphs{
			ellipsis: "...", line: "-", check: "+", cross: "x", kept: "=", bullet: "*", bar: "#", gutter: "|",
			spark: " .:-=+*#@", spinner: []string{"|", "/", "-", `\`},
		}
	}
	return glyphs{
		ellipsis: "…", line: "─", check: "✓", cross: "✗", kept: "=", bullet: "•", bar: "█", gutter: "│",
		spark: " ▁▂▃▄▅▆▇█", spinner: []string{"⠋", "⠙", "⠹", "⠸", "⠼", "⠴", "⠦", "⠧", "⠇", "⠏"},
	}
}

// fit cuts s to width cells, with an ellipsis where something was cut.
func fit(s string, width int, ellipsis string) string {
	if Cells(s) <= width {
		return s
	}
	if width < len([]rune(ellipsis)) {
		ellipsis = ellipsis[:0]
	}
	return cells().Truncate(s, width, ellipsis)
}

// fitTail is fit that keeps the end of s, which tells paths apart.
func fitTail(s string, width int, ellipsis string) string {
	if n := Cells(s) - width; n > 0 {
		return fit(cells().TruncateLeft(s, n+Cells(ellipsis), ellipsis), width, ellipsis)
	}
	return s
}

// pad fills s with spaces to width cells, on the left when right-aligned.
func pad(s string, width int, right bool) string {
	n := width - Cells(s)
	if n <= 0 {
		return s
	}
	if right {
		return strings.Repeat(" ", n) + s
	}
	return s + strings.Repeat(" ", n)
}

// wrap breaks s into lines of at most width cells, at spaces where there are
// any. Width 0 breaks nothing.
func wrap(s string, width int) []string {
	if width <= 0 || Cells(s) <= width {
		return []string{s}
	}
	var lines []string
	line := ""
	for word := range strings.SplitSeq(s, " ") {
		switch {
		case line == "":
			line = word
		case Cells(line)+1+Cells(word) <= width:
			line += " " + word
		default:
			lines, line = append(lines, line), word
		}
		for Cells(line) > width {
			head := cells().Truncate(line, width, "")
			if head == "" { // one character is wider than the line
				break
			}
			lines, line = append(lines, head), line[len(head):]
		}
	}
	return append(lines, line)
}
