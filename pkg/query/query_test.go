package query

import (
	"context"
	"errors"
	"fmt"
	"io"
	"testing"
)

// numbered gives rows 1 to 3 and then its error.
type numbered struct {
	Rows

	err error
	n   int64
}

func (r *numbered) Next(context.Context) ([]any, error) {
	if r.n == 3 {
		return nil, r.err
	}
	r.n++
	return []any{r.n}, nil
}

// A connection that ends early says io.EOF, too, within its own error: rows that
// were not read are no end of the answer.
func TestEach(t *testing.T) {
	t.Parallel()
	full := errors.New("full")
	cut := fmt.Errorf("read result: %w", io.EOF)
	for _, c := range []struct {
		end, taken, want error
	}{{io.EOF, nil, nil}, {cut, nil, cut}, {io.EOF, full, full}} {
		var sum int64
		err := Each(t.Context(), &numbered{err: c.end}, func(row []any) error {
			n, _ := row[0].(int64)
			if sum += n; sum == 6 {
				return c.taken
			}
			return nil
		})
		if err != c.want || sum != 6 { //nolint:errorlint // the error itself is given on
			t.Errorf("rows that end with %v, taken with %v: %v and a sum of %d", c.end, c.taken, err, sum)
		}
	}
}
