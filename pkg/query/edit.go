package query

import "strings"

// Edit puts a text in the place of bytes of SQL.
type Edit struct {
	Start, End int
	Text       string
}

// Edited is SQL that stands for other SQL.
type Edited struct {
	SQL string

	source string // as it was written
	edits  []Edit // by place
}

// Rewrite applies edits, which are in the order of their places.
func Rewrite(sql string, edits []Edit) Edited {
	var b strings.Builder
	from := 0
	for _, e := range edits {
		b.WriteString(sql[from:e.Start] + e.Text)
		from = e.End
	}
	return Edited{SQL: b.String() + sql[from:], source: sql, edits: edits}
}

// Place maps a line and a column, both from 1 and in characters, to those of
// the source.
func (e Edited) Place(line, column int) (int, int) {
	if len(e.edits) == 0 || line < 1 {
		return line, column
	}
	return Place(e.source, e.origin(offset(e.SQL, line, column)))
}

// origin is the byte of the source that a byte stands for; what an edit put
// there stands for the edit's place.
func (e Edited) origin(at int) int {
	shift := 0
	for _, d := range e.edits {
		begin := d.Start + shift
		if at < begin {
			break
		}
		if at < begin+len(d.Text) {
			return d.Start
		}
		shift += len(d.Text) - (d.End - d.Start)
	}
	return min(max(at-shift, 0), len(e.source))
}

// offset is the byte at a line and column, in characters from 1.
func offset(sql string, line, column int) int {
	at := 0
	for l := range strings.Lines(sql) {
		if line--; line > 0 {
			at += len(l)
			continue
		}
		for i := range l {
			if column--; column <= 0 {
				return at + i
			}
		}
		return at + len(strings.TrimRight(l, "\r\n"))
	}
	return len(sql)
}
