package ui

import (
	"strings"

	"pixelctl/pkg/query"
)

// tsvEncoder writes one row a line without a header: tab, line feed, carriage
// return and backslash escaped, NULL as \N, as PostgreSQL copies text.
type tsvEncoder struct{ sink }

func (e *tsvEncoder) row(values []any) error {
	for i, v := range values {
		if i > 0 {
			e.buf = append(e.buf, '\t')
		}
		if v == nil {
			e.buf = append(e.buf, `\N`...)
			continue
		}
		e.buf = append(e.buf, e.o.clean(escapeTSV(e.kinds[i].text(v)))...)
	}
	e.buf = append(e.buf, '\n')
	return e.put()
}

// csvEncoder writes RFC 4180 with a header and line feeds. NULL is an empty
// field, the empty string is "".
type csvEncoder struct{ sink }

func (e *csvEncoder) begin(cols []query.Column) error {
	if err := e.sink.begin(cols); err != nil {
		return err
	}
	for i, c := range cols {
		e.field(i, c.Name)
	}
	e.buf = append(e.buf, '\n')
	return e.put()
}

func (e *csvEncoder) row(values []any) error {
	for i, v := range values {
		if v == nil {
			e.comma(i)
			continue
		}
		e.field(i, e.kinds[i].text(v))
	}
	e.buf = append(e.buf, '\n')
	return e.put()
}

func (e *csvEncoder) comma(i int) {
	if i > 0 {
		e.buf = append(e.buf, ',')
	}
}

func (e *csvEncoder) field(i int, s string) {
	e.comma(i)
	s = e.o.clean(s)
	if s != "" && !strings.ContainsAny(s, "\",\r\n") && s[0] != ' ' && s[len(s)-1] != ' ' {
		e.buf = append(e.buf, s...)
		return
	}
	e.buf = append(e.buf, '"')
	e.buf = append(e.buf, strings.ReplaceAll(s, `"`, `""`)...)
	e.buf = append(e.buf, '"')
}

// markdownEncoder writes a pipe table. NULL is an empty cell.
type markdownEncoder struct{ sink }

func (e *markdownEncoder) begin(cols []query.Column) error {
	if err := e.sink.begin(cols); err != nil {
		return err
	}
	for _, c := range cols {
		e.cell(c.Name)
	}
	e.buf = append(e.buf, "|\n"...)
	for i := range cols {
		if e.kinds[i].right {
			e.buf = append(e.buf, "| ---: "...)
		} else {
			e.buf = append(e.buf, "| --- "...)
		}
	}
	e.buf = append(e.buf, "|\n"...)
	return e.put()
}

func (e *markdownEncoder) row(values []any) error {
	for i, v := range values {
		e.cell(e.kinds[i].text(v))
	}
	e.buf = append(e.buf, "|\n"...)
	return e.put()
}

// cell writes s so that it is text: neither a column mark, nor markup, nor
// HTML, nor a second line.
func (e *markdownEncoder) cell(s string) {
	e.buf = append(e.buf, "| "...)
	lines := strings.Split(strings.ReplaceAll(s, "\r\n", "\n"), "\n")
	for i, line := range lines {
		if i > 0 {
			e.buf = append(e.buf, "<br>"...)
		}
		e.buf = appendMarkdown(e.buf, Clean(line))
	}
	e.buf = append(e.buf, ' ')
}

func appendMarkdown(b []byte, s string) []byte {
	for i := range len(s) {
		if strings.IndexByte("\\|<&*`[", s[i]) >= 0 {
			b = append(b, '\\')
		}
		b = append(b, s[i])
	}
	return b
}
