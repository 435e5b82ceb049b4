package athena

import (
	"context"
	"io"
	"reflect"
	"strings"
	"testing"

	"pixelctl/pkg/fault"
)

// cuts gives an object in pieces of n bytes.
type cuts struct {
	rest []byte
	n    int
	last []byte
}

func (c *cuts) next(context.Context) ([]byte, error) {
	for i := range c.last {
		c.last[i] = '!' // a piece is valid until the next call only
	}
	if len(c.rest) == 0 {
		return nil, io.EOF
	}
	n := min(c.n, len(c.rest))
	c.last = append([]byte(nil), c.rest[:n]...)
	c.rest = c.rest[n:]
	return c.last, nil
}

func (c *cuts) close() {}

// readCSV gives the rows of text in pieces of n bytes; nil is NULL.
func readCSV(ctx context.Context, text string, columns, n int) ([][]any, error) {
	c := newCSVRows(&cuts{rest: []byte(text), n: n}, columns)
	var all [][]any
	for {
		fields, err := c.next(ctx)
		if err == io.EOF { //nolint:errorlint // next documents io.EOF itself
			return all, nil
		}
		if err != nil {
			return all, err
		}
		row := []any{}
		for _, f := range fields {
			if f.null {
				row = append(row, nil)
				continue
			}
			row = append(row, f.text)
		}
		all = append(all, row)
	}
}

func TestCSV(t *testing.T) {
	tests := []struct {
		name, text string
		columns    int
		want       [][]any
	}{
		{"plain", "\"a\",\"b\"\n\"1\",\"2\"\n", 2, [][]any{{"a", "b"}, {"1", "2"}}},
		{"null and empty", "\"\",,\"x\"\n,\"\",\n", 3, [][]any{{"", nil, "x"}, {nil, "", nil}}},
		{"null in the only column", "\"a\"\n\n\"\"\n\n", 1, [][]any{{"a"}, {nil}, {""}, {nil}}},
		{"quotes", "\"a\"\"b\",\"\"\"\"\n\"\"\"\"\"\",\"\"\"x\"\n", 2, [][]any{{`a"b`, `"`}, {`""`, `"x`}}},
		{"newlines", "\"a\nb\r\n\",\"\n\"\n", 2, [][]any{{"a\nb\r\n", "\n"}}},
		{"commas", "\"a,b\",\",\"\n", 2, [][]any{{"a,b", ","}}},
		{"unicode", "\"é\u2028𝛼\",\"\xff\x00\"\n", 2, [][]any{{"é\u2028𝛼", "\xff\x00"}}},
		{"complex", "\"[a, b]\",\"{k=\"\"v\"\"}\"\n", 2, [][]any{{"[a, b]", `{k="v"}`}}},
		{"no last newline", "\"a\",\"b\"\n\"1\",", 2, [][]any{{"a", "b"}, {"1", nil}}},
		{"no last newline after a quote", "\"a\"\n\"b\"", 1, [][]any{{"a"}, {"b"}}},
		{"unquoted", "a,b\n1,2", 2, [][]any{{"a", "b"}, {"1", "2"}}},
		{"quote within", "a\"b\n", 1, [][]any{{`a"b`}}},
		{"header alone", "\"a\",\"b\"\n", 2, [][]any{{"a", "b"}}},
		{"nothing", "", 2, nil},
	}
	for _, tt := range tests {
		for n := 1; n <= len(tt.text)+1; n++ {
			got, err := readCSV(t.Context(), tt.text, tt.columns, n)
			if err != nil || !reflect.DeepEqual(got, tt.want) {
				t.Errorf("%s in pieces of %d: %q, %v, want %q", tt.name, n, got, err, tt.want)
			}
		}
	}
}

func TestCSVBroken(t *testing.T) {
	tests := []struct{ name, text, want string }{
		{"torn in quotes", "\"a\",\"b\"\n\"1\",\"2", "row 2: it ends within a quoted value"},
		{"text after a quote", "\"a\"x,\"b\"\n", "row 1: 'x' stands after"},
		{"too few", "\"a\",\"b\"\n\"1\"\n", "row 2: 1 values for 2 columns"},
		{"too many", "\"a\",\"b\",\"c\"\n", "row 1: 3 values for 2 columns"},
	}
	for _, tt := range tests {
		for n := 1; n <= len(tt.text); n++ {
			_, err := readCSV(t.Context(), tt.text, 2, n)
			if err == nil || !strings.Contains(err.Error(), tt.want) || fault.HintOf(err) == "" {
				t.Errorf("%s in pieces of %d: %v, want %q", tt.name, n, err, tt.want)
			}
		}
	}
}

// writeCSV writes rows as Athena does.
func writeCSV(rows [][]any) string {
	var b strings.Builder
	for _, row := range rows {
		for i, v := range row {
			if i > 0 {
				b.WriteByte(',')
			}
			if s, ok := v.(string); ok {
				b.WriteString(`"` + strings.ReplaceAll(s, `"`, `""`) + `"`)
			}
		}
		b.WriteByte('\n')
	}
	return b.String()
}

// FuzzCSV holds that what is written is read back, in pieces of every size,
// and that any object gives the same rows and errors in pieces of every size.
func FuzzCSV(f *testing.F) {
	for _, s := range []string{"a\x01b", "\"\x01\"\"", "\n\x01\r\n", "", "\x02\x01\x02", "a,b\x01é", "\"a\",\"b\"\n\"1\",\"2", "x\"y,\n"} {
		f.Add(s, 3)
	}
	f.Fuzz(func(t *testing.T, s string, n int) {
		if n = n%7 + 1; n < 1 {
			n = 1
		}
		row := []any{}
		for part := range strings.SplitSeq(s, "\x01") {
			if part == "\x02" {
				row = append(row, nil)
				continue
			}
			row = append(row, part)
		}
		want := [][]any{row, row}
		got, err := readCSV(t.Context(), writeCSV(want), len(row), n)
		if err != nil || !reflect.DeepEqual(got, want) {
			t.Fatalf("%q, %v, want %q", got, err, want)
		}
		whole, errWhole := readCSV(t.Context(), s, 2, len(s)+1)
		parts, errParts := readCSV(t.Context(), s, 2, n)
		if !reflect.DeepEqual(whole, parts) || (errWhole == nil) != (errParts == nil) {
			t.Fatalf("whole: %q, %v; in pieces: %q, %v", whole, errWhole, parts, errParts)
		}
	})
}
