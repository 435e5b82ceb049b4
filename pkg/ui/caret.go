package ui

import (
	"strconv"
	"strings"

	"pixelctl/pkg/query"
)

// tabWidth is what a tab in SQL counts for when it is drawn.
const tabWidth = 4

// caret draws the line of SQL that is wrong and a caret under the column. A
// line longer than the terminal is shown around the caret. It is "" when the
// engine named no place.
func caret(o *Output, e *query.SyntaxError) string {
	lines := strings.Split(e.SQL, "\n")
	if e.Line < 1 || e.Line > len(lines) || e.Column < 1 {
		return ""
	}
	before, after := splitAt(strings.TrimRight(lines[e.Line-1], "\r"), e.Column-1)
	left := expand(before, 0)
	right := expand(after, Cells(left))

	number := strconv.Itoa(e.Line)
	gutter := "  " + number + " " + o.glyphs().gutter + " "
	blank := "  " + strings.Repeat(" ", len(number)) + " " + o.glyphs().gutter + " "
	if room := o.Width() - Cells(gutter) - 1; o.TTY {
		left, right = window(left, right, max(room, 2*narrow), o.glyphs().ellipsis)
	}
	paint := o.Theme.Paint
	return paint(Muted, gutter) + left + right + "\n" +
		paint(Muted, blank) + strings.Repeat(" ", Cells(left)) + paint(Bad, "^") + "\n"
}

// splitAt cuts s after n characters, or at its end.
func splitAt(s string, n int) (string, string) {
	for i := range s {
		if n == 0 {
			return s[:i], s[i:]
		}
		n--
	}
	return s, ""
}

// expand cleans s and turns its tabs into spaces; s begins at cell start.
func expand(s string, start int) string {
	var b strings.Builder
	at := start
	for i, part := range strings.Split(s, "\t") {
		if i > 0 {
			n := tabWidth - at%tabWidth
			b.WriteString(strings.Repeat(" ", n))
			at += n
		}
		part = Clean(part)
		b.WriteString(part)
		at += Cells(part)
	}
	return b.String()
}

// window keeps what fits in room cells around the seam of left and right.
func window(left, right string, room int, ellipsis string) (string, string) {
	if Cells(left)+Cells(right) <= room {
		return left, right
	}
	share := room / 2
	if n := Cells(right); n < room-share {
		share = room - n
	}
	if n := Cells(left); n > share {
		left = cells().TruncateLeft(left, n-share+Cells(ellipsis), ellipsis)
	}
	return left, fit(right, room-Cells(left), ellipsis)
}
