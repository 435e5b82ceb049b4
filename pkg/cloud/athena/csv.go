package athena

import (
	"bytes"
	"context"
	"io"

	"pixelctl/pkg/fault"
)

// maxRow bounds what one row takes in memory when an object is broken.
const maxRow = 256 << 20 // bytes

// field is one value as Athena writes it.
type field struct {
	text []byte
	null bool
}

// pieces gives an object piece by piece, io.EOF after the last. A piece is
// valid until the next call.
type pieces interface {
	next(ctx context.Context) ([]byte, error)
	close()
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
	fields  []field
	scratch []byte // holds the values whose quotes are undoubled
}

func newCSVRows(from pieces, columns int) *csvRows { return &csvRows{from: from, columns: columns} }

func (c *csvRows) close() { c.from.close() }

// next gives the next row, the header first. The fields are valid until the
// next call.
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
			c.unread = c.unread[n:]
			return c.counted()
		}
		if err := c.fill(ctx); err != nil {
			return nil, err
		}
	}
}

func (c *csvRows) counted() ([]field, error) {
	if len(c.fields) != c.columns {
		return nil, c.broken("%d values for %d columns", len(c.fields), c.columns)
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

// parse splits the row that unread begins with and gives its length with the
// line feed, 0 when its end is not there yet.
func (c *csvRows) parse() (int, error) {
	b := c.unread
	c.fields, c.scratch = c.fields[:0], c.scratch[:0]
	for i := 0; ; i++ {
		n := c.value(b[i:])
		i += n
		switch {
		case n < 0 && c.atEnd:
			return 0, c.broken("it ends within a quoted value")
		case n < 0:
			return 0, nil
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

// value reads the value that b begins with and gives its length, or -1 when
// its end is not there yet.
func (c *csvRows) value(b []byte) int {
	if len(b) > 0 && b[0] == '"' {
		return c.quoted(b)
	}
	n := 0
	for n < len(b) && b[n] != ',' && b[n] != '\n' {
		n++
	}
	c.fields = append(c.fields, field{b[:n], n == 0})
	return n
}

func (c *csvRows) quoted(b []byte) int {
	from, mark := 1, len(c.scratch)
	for {
		n := bytes.IndexByte(b[from:], '"')
		end := from + n
		switch {
		case n < 0:
			return -1
		case end+1 < len(b) && b[end+1] == '"':
			c.scratch = append(c.scratch, b[from:end+1]...)
			from = end + 2
			continue
		case end+1 == len(b) && !c.atEnd:
			return -1 // the next byte may double the quote
		case len(c.scratch) == mark:
			c.fields = append(c.fields, field{text: b[1:end]})
		default:
			c.scratch = append(c.scratch, b[from:end]...)
			c.fields = append(c.fields, field{text: c.scratch[mark:]})
		}
		return end + 1
	}
}
