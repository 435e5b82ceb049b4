package ui

import (
	"io"
	"strings"

	"pixelctl/pkg/query"
)

// footer tells on s.Err what a statement read. JSON has that in the document.
// Warnings are told in any case.
func footer(s *Streams, n int64, more bool, stats query.Stats, f Format) error {
	for _, w := range stats.Warnings {
		if err := s.Warn(w); err != nil {
			return err
		}
	}
	if s.Quiet || f == FormatJSON {
		return nil
	}
	shown := Plural(n, "row")
	if more {
		shown = "the first " + shown
	}
	text := strings.Join(append([]string{shown}, readParts(stats)...), s.Err.dot())
	if n == 0 {
		text = emptyText(stats)
	}
	return s.Err.lines(Muted, text)
}

func readParts(stats query.Stats) []string {
	var parts []string
	switch {
	case stats.FilesRead >= 0 && stats.FilesTotal >= 0:
		parts = append(parts, Count(stats.FilesRead)+" of "+Plural(stats.FilesTotal, "file"))
	case stats.FilesRead >= 0:
		parts = append(parts, Plural(stats.FilesRead, "file"))
	}
	if stats.BytesScanned > 0 {
		parts = append(parts, Bytes(stats.BytesScanned)+" scanned")
	}
	if stats.Dollars > 0 {
		parts = append(parts, dollars(stats.Dollars))
	}
	if stats.Unpriced != "" {
		parts = append(parts, "price not known: no list of "+stats.Unpriced)
	}
	return append(parts, Duration(stats.Elapsed))
}

// emptyText says why there may be no rows.
func emptyText(stats query.Stats) string {
	switch {
	case stats.FilesTotal == 0:
		return "no rows: the lake holds no data yet"
	case stats.FilesRead == 0 && stats.FilesTotal > 0:
		return "no rows: none of " + Plural(stats.FilesTotal, "file") + " had to be read"
	}
	return strings.Join(append([]string{"no rows"}, readParts(stats)...), ", ")
}

// Warn writes a warning to s.Err, also under --quiet.
func (s *Streams) Warn(text string) error { return s.Err.labelled(Warn, "warning", text) }

// Say writes a remark to s.Err, unless --quiet.
func (s *Streams) Say(text string) error {
	if s.Quiet {
		return nil
	}
	return s.Err.lines(Plain, text)
}

// to stands between what was and what is.
func (o *Output) to() string {
	if o.Unicode {
		return "→"
	}
	return "->"
}

func (o *Output) dot() string {
	if o.Unicode {
		return " · "
	}
	return ", "
}

// lines writes text wrapped to the width, in one role.
func (o *Output) lines(r Role, text string) error {
	var b strings.Builder
	for _, line := range wrap(Clean(text), o.Width()) {
		b.WriteString(o.Theme.Paint(r, line) + "\n")
	}
	_, err := io.WriteString(o, b.String())
	return err
}

// labelled writes "label: text", further lines indented below the text. The
// line feeds of text stay.
func (o *Output) labelled(r Role, label, text string) error {
	_, err := io.WriteString(o, o.label(r, label, text))
	return err
}

func (o *Output) label(r Role, label, text string) string {
	indent := strings.Repeat(" ", Cells(label)+2)
	lead := o.Theme.Paint(r, label+":") + " "
	room := 0
	if o.TTY {
		room = max(o.Width()-Cells(indent), narrow)
	}
	var b strings.Builder
	for part := range strings.SplitSeq(strings.TrimRight(text, "\n"), "\n") {
		for _, line := range wrap(Clean(part), room) {
			b.WriteString(strings.TrimRight(lead+line, " ") + "\n")
			lead = indent
		}
	}
	return b.String()
}
