//go:build cgo && (darwin || (linux && (amd64 || arm64)) || (windows && amd64))

package duck

import (
	"errors"
	"strings"
	"testing"

	"pixelctl/pkg/query"
)

func TestSyntaxErrors(t *testing.T) {
	e := open(t, Source{})
	long := strings.Repeat("site AS column_with_a_long_name, ", 8)
	cases := []struct {
		sql          string
		line, column int
		message      string
	}{
		{"SELEC 1", 1, 1, `syntax error at or near "SELEC"`},
		{"SELECT * FORM hits", 1, 15, `syntax error at or near "hits"`},
		{"SELECT sitee FROM hits", 1, 8, `Referenced column "sitee" not found in FROM clause!`},
		{"SELECT *\nFROM hitz", 2, 6, `Table with name hitz does not exist!`},
		{"\n\n  SELECT\n\tnope\nFROM hits", 4, 2, `Referenced column "nope" not found`},
		{"SELECT foo(1)", 1, 8, `Athena has no function foo`},
		{"SELECT 'abc", 1, 8, `unterminated quoted string`},
		{"SELECT site FROM hits WHERE", 1, 28, `syntax error at end of input`},
		{"SELECT site\nFROM hits WHERE -- why\n", 2, 16, `syntax error at end of input`},
		{"SELECT '日本語', nope FROM hits", 1, 15, `Referenced column "nope" not found`},
		{"SELECT 日本語 FROM hits", 1, 8, `Referenced column "日本語" not found`},
		{"SELECT 1,\r\n  nope FROM hits", 2, 3, `Referenced column "nope" not found`},
		{"SELECT " + long + "nope, " + long + "1 FROM hits", 1, 8 + len(long), `Referenced column "nope" not found`},
		{"SELECT date_add('day', 1) FROM hits", 1, 8, `does not support the supplied arguments`},
		{"SELECT sum(site) FROM hits", 1, 8, `No function matches`},
		{"SELECT listagg(site, ',') WITHIN GROUP (ORDER BY site), nope FROM hits", 1, 57, `Referenced column "nope" not found`},
		{"SELECT if(site = 'a', 1), transform(ARRAY[1],\n  x -> x + 1), date_parse('日', '%Y'), nope\nFROM hits", 2, 39, `Referenced column "nope" not found`},
		{"SELECT CAST(site AS varchar) || nope FROM hits", 1, 33, `Referenced column "nope" not found`},
		{"VALUES 1,\n 2 +", 2, 5, `syntax error`},
		{"SELECT 1 FROM hits WHERE site = 'x' AND year = '2026'", 1, 48, "Athena does not compare integer with a text"},
		{"SELECT soundex(site) FROM hits", 1, 8, "Athena has the function soundex, the local target has not"},
		{"EXPLAIN SELECT nope FROM hits", 1, 1, "pixelctl query --explain"},
	}
	for _, c := range cases {
		_, err := ask(e, c.sql)
		var got *query.SyntaxError
		if !errors.As(err, &got) {
			t.Errorf("%s: got %v, want a SyntaxError", c.sql, err)
			continue
		}
		if got.Line != c.line || got.Column != c.column || !strings.Contains(got.Message, c.message) {
			t.Errorf("%s: got %d:%d %q, want %d:%d %q", c.sql, got.Line, got.Column, got.Message, c.line, c.column, c.message)
		}
		if strings.ContainsAny(got.Message, "\n^") || strings.Contains(got.Message, "LINE ") || strings.Contains(got.Message, " Error:") {
			t.Errorf("%s: message is not clean: %q", c.sql, got.Message)
		}
		if got.SQL != c.sql {
			t.Errorf("%s: SQL is %q", c.sql, got.SQL)
		}
	}
}

func TestSyntaxErrorKeepsSuggestion(t *testing.T) {
	_, err := ask(open(t, Source{}), "SELECT * FROM hitz")
	if err == nil || !strings.Contains(err.Error(), `Did you mean "hits"?`) {
		t.Errorf("got %v", err)
	}
}

func TestErrorsWhileRunning(t *testing.T) {
	e := open(t, Source{Spool: []string{segment(t, 10, 1)}})
	for sql, want := range map[string]string{
		"SELECT CAST(site AS INTEGER) FROM tp_hits":           "Cannot cast 'shop' to integer",
		"SELECT date_add('eon', 1, received_at) FROM tp_hits": "date_add has no unit 'eon'",
		"SELECT CAST(3000000000 AS INTEGER)":                  "out of range",
	} {
		if _, err := ask(e, sql); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: got %v, want %q", sql, err, want)
		}
	}
}

func TestOutOfMemoryIsNoSyntaxError(t *testing.T) {
	e, err := Open(t.Context(), Source{}, Options{Threads: 1, MemoryLimit: "20MB"})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = e.Close() }()
	_, err = askDuck(e, "SELECT list(lpad('x', 1000, 'x') || i) FROM range(100000) t(i)")
	var syntax *query.SyntaxError
	if err == nil || errors.As(err, &syntax) || !strings.Contains(err.Error(), "allocate") {
		t.Errorf("got %v", err)
	}
	if got := one(t, e, "SELECT 1"); got != int64(1) {
		t.Errorf("afterwards: got %v", got)
	}
}
