package athena

import (
	"bytes"
	"context"
	"io"
	"strings"

	"pixelctl/pkg/fault"
)

// maxRow bounds what one row takes in memory when an object is broken.
const maxRow = 256 << 20 // bytes

// field is one value as Athena writes it.
type field struct {
	text string
	null bool
}

// pieces gives an object piece by piece, io.EOF after the last. A piece is
// valid until the next call.
type pieces interface {
	next(ctx context.Context) ([]byte, error)
	close()
}

// mark is where a value stands in what is unread.
type mark struct {
	from, to int
	doubled  bool // it holds quotes
	null     bool
}

// csvRows reads the object of a result. Athena quotes every value, doubles the
// quotes inside, and writes NULL as nothing: so "" is an empty string and an
// empty line is NULL in the only column.
type csvRows struct {
	from    pieces
	columns int
	row     int64 // rows begun, with the header
	unread  []byte
	buffer  []byte
	atEnd   bool
	marks   []mark
	fields  []field
}

func newCSVRows(from pieces, columns int) *csvRows { return &csvRows{from: from, columns: columns} }

func (c *csvRows) close() { c.from.close() }

// next gives the next row, the header first. The slice is valid until the next
// call.
func (c *csvRows) next(ctx context.Context) ([]field, error) {
	c.row++
	for {
		if c.atEnd && len(c.unread) == 0 {
			return nil, io.EOF
		}
		n, err := c.parse()
		if err != nil {
			return nil, err
		}
		if n > 0 {
			return c.take(n)
		}
		if err := c.fill(ctx); err != nil {
			return nil, err
		}
	}
}

// take makes strings of the row that was parsed; they share one copy of it.
func (c *csvRows) take(n int) ([]field, error) {
	if len(c.marks) != c.columns {
		return nil, c.broken("%d values for %d columns", len(c.marks), c.columns)
	}
	line := string(c.unread[:n])
	c.unread, c.fields = c.unread[n:], c.fields[:0]
	for _, m := range c.marks {
		f := field{line[m.from:m.to], m.null}
		if m.doubled {
			f.text = strings.ReplaceAll(f.text, `""`, `"`)
		}
		c.fields = append(c.fields, f)
	}
	return c.fields, nil
}

func (c *csvRows) broken(format string, args ...any) error {
	return fault.New(fault.Failed, "read result: row %d: "+format, append([]any{c.row}, args...)...).
		WithHint("the object of the result is not as Athena wrote it: run the query again")
}

// fill adds the next piece to what is unread.
func (c *csvRows) fill(ctx context.Context) error {
	if len(c.unread) > maxRow {
		return c.broken("it is longer than %d bytes", maxRow)
	}
	piece, err := c.from.next(ctx)
	if err == io.EOF { //nolint:errorlint // pieces documents io.EOF itself
		c.atEnd = true
		return nil
	}
	if err != nil {
		return err
	}
	// What is unread is the end of the buffer; it moves to its front.
	c.buffer = append(c.buffer[:copy(c.buffer, c.unread)], piece...)
	c.unread = c.buffer
	return nil
}

// parse finds the values of the row that unread begins with and gives its
// length with the line feed, 0 when its end is not there yet.
func (c *csvRows) parse() (int, error) {
	b := c.unread
	c.marks = c.marks[:0]
	for i := 0; ; i++ {
		m, end := c.value(b, i)
		switch {
		case end < 0 && c.atEnd:
			return 0, c.broken("it ends within a quoted value")
		case end < 0:
			return 0, nil
		}
		c.marks = append(c.marks, m)
		i = end
		switch {
		case i == len(b) && c.atEnd:
			return i, nil
		case i == len(b):
			return 0, nil
		case b[i] == '\n':
			return i + 1, nil
		case b[i] != ',':
			return 0, c.broken("%q stands after a quoted value", b[i])
		}
	}
}

// value finds the value that begins at i and where it ends, -1 when the end is
// not there yet.
func (c *csvRows) value(b []byte, i int) (m mark, end int) {
	if i < len(b) && b[i] == '"' {
		return c.quoted(b, i+1)
	}
	end = i
	for end < len(b) && b[end] != ',' && b[end] != '\n' {
		end++
	}
	return mark{from: i, to: end, null: i == end}, end
}

func (c *csvRows) quoted(b []byte, from int) (m mark, end int) {
	m.from = from
	for at := from; ; {
		n := bytes.IndexByte(b[at:], '"')
		at += n
		switch {
		case n < 0, at+1 == len(b) && !c.atEnd: // the next byte may double the quote
			return m, -1
		case at+1 < len(b) && b[at+1] == '"':
			m.doubled = true
			at += 2
		default:
			m.to = at
			return m, at + 1
		}
	}
}
