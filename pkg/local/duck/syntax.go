//go:build cgo && (darwin || (linux && (amd64 || arm64)) || (windows && amd64))

package duck

import (
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"

	duckdb "github.com/duckdb/duckdb-go/v2"
	"github.com/mattn/go-runewidth"

	"pixelctl/pkg/fault"
	"pixelctl/pkg/query"
	"pixelctl/pkg/query/dialect"
)

// queryError gives an error of the engine its type: wrong SQL is a
// *query.SyntaxError, what the guard refused stays as it is.
func queryError(sql string, err error) error {
	var d *duckdb.Error
	if !errors.As(err, &d) {
		return err
	}
	later := 0
	if _, wrapped := errors.AsType[wrappedError](err); wrapped {
		later = 1
	}
	switch d.Type {
	case duckdb.ErrorTypeParser, duckdb.ErrorTypeSyntax, duckdb.ErrorTypeBinder, duckdb.ErrorTypeCatalog,
		duckdb.ErrorTypePlanner, duckdb.ErrorTypeExpression, duckdb.ErrorTypeMismatchType, duckdb.ErrorTypeInvalidType,
		duckdb.ErrorTypeParameterNotResolved, duckdb.ErrorTypeParameterNotAllowed, duckdb.ErrorTypeNotImplemented:
		return syntaxError(sql, d.Msg, later)
	case duckdb.ErrorTypePermission:
		return refuse("run query: reading or writing other files is not allowed: %s", message(d.Msg))
	case duckdb.ErrorTypeOutOfMemory:
		hint := "ask for fewer columns or fewer hours"
		if strings.Contains(d.Msg, "offload") { // to the disk
			hint += ", or have TMPDIR name a directory with more room"
		}
		return fault.New(fault.Failed, "run query: %s", message(d.Msg)).WithHint("%s", hint)
	}
	if strings.Contains(d.Msg, "\nLINE ") {
		return syntaxError(sql, d.Msg, later)
	}
	return fmt.Errorf("run query: %s", message(d.Msg))
}

// syntaxError takes the place from a message of a statement in which sql begins
// some lines later.
func syntaxError(sql, msg string, later int) *query.SyntaxError {
	e := &query.SyntaxError{SQL: sql, Message: message(msg)}
	if e.Line, e.Column = place(strings.Repeat("\n", later)+sql, msg); e.Line > later {
		e.Line -= later
	}
	return e
}

// refusal matches what macros.sql says by a text that does not convert.
var refusal = regexp.MustCompile(`['"]! (.*)['"](?: to [A-Z0-9 ]+|, expected)`)

var unknownFunction = regexp.MustCompile(`Function with name "?(\w+)"? does not exist`)

// message keeps what is wrong and what was meant, without the kind of error,
// the copy of the line and the lists of candidates.
func message(msg string) string {
	if m := refusal.FindStringSubmatch(msg); m != nil {
		return m[1]
	}
	head, _, _ := strings.Cut(msg, "\nLINE ")
	lines := strings.Split(head, "\n")
	out := lines[0]
	if kind, rest, ok := strings.Cut(out, " Error: "); ok && !strings.ContainsAny(kind, "\"'(") {
		out = rest
	}
	if m := unknownFunction.FindStringSubmatch(out); m != nil && dialect.Known(m[1]) {
		return "Athena has the function " + m[1] + ", the local target has not"
	}
	for _, l := range lines[1:] {
		if strings.HasPrefix(l, "Did you mean") || strings.HasPrefix(l, "Candidate bindings") {
			out += " " + strings.TrimSpace(l)
		}
	}
	return out
}

// excerpt matches the copy of the line in a message and the caret below it.
var excerpt = regexp.MustCompile(`(?s)\nLINE (\d+): ([^\n]*)\n( *)\^`)

// place computes line and column, in characters from 1, from the caret. A long
// line is cut to an excerpt with dots at its ends.
func place(sql, msg string) (line, column int) {
	m := excerpt.FindStringSubmatch(msg)
	if m == nil {
		if strings.Contains(msg, "at end of input") {
			return endOf(trimStatement(sql))
		}
		return 0, 0
	}
	line, err := strconv.Atoi(m[1])
	lines := strings.Split(sql, "\n")
	if err != nil || line < 1 || line > len(lines) {
		return 0, 0
	}
	source, shown, width := lines[line-1], m[2], len(m[3])-len("LINE : ")-len(m[1])
	before := ""
	if cut, ok := strings.CutPrefix(shown, "..."); ok && !strings.HasPrefix(source, shown) {
		shown, width = strings.TrimSuffix(cut, "..."), width-len("...")
		before = source[:max(0, strings.Index(source, shown))]
	}
	return line, len([]rune(before)) + runesWithin(shown, width) + 1
}

// runesWithin counts the characters of s that stand left of a screen column,
// with widths as DuckDB draws them. Tabs take no room there.
func runesWithin(s string, width int) int {
	widths := runewidth.Condition{}
	n := 0
	for _, r := range s {
		w := widths.RuneWidth(r)
		if w > width {
			break
		}
		width -= w
		n++
	}
	return n
}

func endOf(sql string) (line, column int) {
	lines := strings.Split(sql, "\n")
	return len(lines), len([]rune(lines[len(lines)-1])) + 1
}
