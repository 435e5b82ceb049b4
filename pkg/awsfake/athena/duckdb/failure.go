package duckdb

import (
	"context"
	"errors"
	"regexp"
	"strings"

	"pixelctl/pkg/awsfake/athena"
	"pixelctl/pkg/fault"
	"pixelctl/pkg/query"
)

// unsupported is Athena's answer to statements that it does not take.
const unsupported = "Queries of this type are not supported"

// translations say what DuckDB's errors are called in Trino.
var translations = []struct {
	duck    *regexp.Regexp
	name    string
	message string // $1 is the name in question
}{
	{regexp.MustCompile(`^syntax error at end of input`), athena.MalformedQuery, ""},
	{regexp.MustCompile(`^syntax error at or near "(.*)"`), athena.MalformedQuery, "mismatched input '$1'"},
	{
		regexp.MustCompile(`^(?:Referenced column|Table .* does not have a column named) "?([^" ]*)"?`), "COLUMN_NOT_FOUND",
		"Column '$1' cannot be resolved or requester is not authorized to access requested resources",
	},
	{regexp.MustCompile(`^Table with name (\S+) does not exist`), "TABLE_NOT_FOUND", "Table '$1' does not exist"},
	{
		regexp.MustCompile(`^(?:Scalar|Aggregate|Table|Scalar or Aggregate) Function with name "?([^" ]*)"? does not exist`), "FUNCTION_NOT_FOUND",
		"Function '$1' not registered",
	},
	{regexp.MustCompile(`^Athena has no function (\w+)`), "FUNCTION_NOT_FOUND", "Function '$1' not registered"},
	{regexp.MustCompile(`^column "([^"]*)" must appear in the GROUP BY`), "EXPRESSION_NOT_AGGREGATE", "'$1' must be an aggregate expression or appear in GROUP BY clause"},
	{regexp.MustCompile(`^(No function matches the given name.*|Cannot compare values.*|Cannot mix values.*)`), "TYPE_MISMATCH", "$1"},
}

// failure gives an error of the engine the words of Athena.
func failure(err error) error {
	var done *athena.QueryError
	var syntax *query.SyntaxError
	switch {
	case err == nil, errors.As(err, &done), errors.Is(err, context.Canceled):
		return err
	case errors.As(err, &syntax):
		return translated(syntax)
	case fault.KindOf(err) == fault.Usage:
		return &athena.QueryError{Name: athena.MalformedQuery, Message: unsupported}
	}
	if f := cast(err.Error()); f != nil {
		return f
	}
	return athena.Fail("GENERIC_USER_ERROR", "%s", err)
}

var conversion = regexp.MustCompile(`(?:Could not convert string|Cannot cast) '(.*)' to (\S+)`)

// cast is the failure of a value that does not convert, else nil.
func cast(message string) *athena.QueryError {
	m := conversion.FindStringSubmatch(message)
	if m == nil {
		return nil
	}
	to := strings.ToUpper(strings.NewReplacer("INT32", "INT", "INT64", "BIGINT", "integer", "INT").Replace(m[2]))
	return athena.Fail("INVALID_CAST_ARGUMENT", "Cannot cast '%s' to %s", m[1], to)
}

func translated(e *query.SyntaxError) *athena.QueryError {
	if f := cast(e.Message); f != nil { // of a constant
		return f
	}
	line, column := max(e.Line, 1), max(e.Column, 1)
	for _, t := range translations {
		m := t.duck.FindStringSubmatchIndex(e.Message)
		if m == nil {
			continue
		}
		if t.message == "" {
			return &athena.QueryError{Name: t.name, Message: unsupported}
		}
		text := string(t.duck.ExpandString(nil, t.message, e.Message, m))
		return athena.Fail(t.name, "line %d:%d: %s", line, column, text)
	}
	return athena.Fail("SYNTAX_ERROR", "line %d:%d: %s", line, column, e.Message)
}

// withScanned notes what was read before it failed.
func withScanned(err error, scanned int64) error {
	var f *athena.QueryError
	if errors.As(err, &f) && f.Scanned == 0 {
		f.Scanned = scanned
	}
	return err
}
