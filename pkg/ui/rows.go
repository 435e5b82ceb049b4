package ui

import (
	"bufio"
	"context"
	"errors"
	"io"

	"pixelctl/pkg/fault"
	"pixelctl/pkg/query"
)

// Format is a form of a query result.
type Format string

// The formats. FormatTable becomes FormatTSV when the output is no terminal.
const (
	FormatTable    Format = "table"
	FormatTSV      Format = "tsv"
	FormatCSV      Format = "csv"
	FormatJSON     Format = "json"
	FormatJSONL    Format = "jsonl"
	FormatMarkdown Format = "markdown"
)

// Formats lists the formats.
func Formats() []Format {
	return []Format{FormatTable, FormatCSV, FormatJSON, FormatJSONL, FormatMarkdown, FormatTSV}
}

// encoder writes one result in one format.
type encoder interface {
	begin(cols []query.Column) error
	row(values []any) error
	end(n int64, stats query.Stats) error
}

// WriteRows writes a result to s.Out in format f as the rows arrive, then a
// footer and the warnings to s.Err. A table on a terminal ends at a screenful,
// and what follows is not read. The caller closes rows. An unknown format is
// fault.Usage.
func WriteRows(ctx context.Context, s *Streams, rows query.Rows, f Format) error {
	w := bufio.NewWriterSize(s.Out, 64<<10)
	enc, err := newEncoder(s.Out, w, f)
	if err != nil {
		return err
	}
	n, more, err := copyRows(ctx, enc, rows, s.rowsShown(f))
	if err == nil && more {
		err = rows.Close() // its stats are complete then
	}
	if err == nil {
		err = enc.end(n, rows.Stats())
	}
	// What was written before an error is shown; a writer that failed says so again.
	if flushed := w.Flush(); err == nil {
		err = flushed
	}
	if err != nil {
		return err
	}
	return errors.Join(footer(s, n, more, rows.Stats(), f), s.more(more))
}

// rowsShown is how many rows of a result are written; 0: all.
func (s *Streams) rowsShown(f Format) int64 {
	if f != FormatTable {
		return 0
	}
	return s.Out.screenful()
}

// RowsRead is how many rows of a result WriteRows looks at, with one that tells
// that there are more; 0: all.
func (s *Streams) RowsRead(f Format) int64 {
	if n := s.rowsShown(f); n > 0 {
		return n + 1
	}
	return 0
}

// more says that a result goes on.
func (s *Streams) more(more bool) error {
	if !more {
		return nil
	}
	return s.Warn("there are more rows than a screenful. All of them: --out FILE, or a pipe such as | less")
}

func newEncoder(o *Output, w *bufio.Writer, f Format) (encoder, error) {
	base := sink{o: o, w: w}
	switch f {
	case FormatTable:
		if o.TTY {
			return &tableEncoder{sink: base}, nil
		}
		return &tsvEncoder{sink: base}, nil
	case FormatTSV:
		return &tsvEncoder{sink: base}, nil
	case FormatCSV:
		return &csvEncoder{sink: base}, nil
	case FormatJSON:
		return &jsonEncoder{sink: base}, nil
	case FormatJSONL:
		return &jsonlEncoder{sink: base}, nil
	case FormatMarkdown:
		return &markdownEncoder{sink: base}, nil
	}
	return nil, fault.New(fault.Usage, "unknown output format %q", f).
		WithHint("use one of table, csv, json, jsonl, markdown, tsv")
}

// copyRows writes at most limit rows, or all for 0, and tells whether there are
// more.
func copyRows(ctx context.Context, enc encoder, rows query.Rows, limit int64) (n int64, more bool, err error) {
	if err := enc.begin(rows.Columns()); err != nil {
		return 0, false, err
	}
	for ; ; n++ {
		values, err := rows.Next(ctx)
		if err == io.EOF { //nolint:errorlint // Next documents io.EOF itself
			return n, false, nil
		}
		if err != nil || limit > 0 && n == limit {
			return n, err == nil, err
		}
		if err := enc.row(values); err != nil {
			return n, false, err
		}
	}
}

// sink is what every encoder has.
type sink struct {
	o     *Output
	w     *bufio.Writer
	cols  []query.Column
	kinds []kind
	buf   []byte // reused from row to row
}

func (s *sink) begin(cols []query.Column) error {
	s.cols = cols
	s.kinds = make([]kind, len(cols))
	for i, c := range cols {
		s.kinds[i] = kindOf(c.Type)
	}
	return nil
}

func (s *sink) end(int64, query.Stats) error { return nil }

// put writes the line built in buf.
func (s *sink) put() error {
	_, err := s.w.Write(s.buf)
	s.buf = s.buf[:0]
	return err
}
