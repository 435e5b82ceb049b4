package query

import (
	"errors"
	"slices"
	"strings"
	"time"

	"pixelctl/pkg/fault"
)

// Statement is SQL as an engine takes it: the window written out, a ? for each
// :name, and the values in the order of the marks.
type Statement struct {
	Edited

	Params []Param
}

// Prepare makes a statement of what a person wrote. $window and :name outside
// of strings, quoted names and comments are replaced; what has no value, and a
// value that has no place, is refused.
func Prepare(sql string, w Window, buffer time.Duration, params []Param) (Statement, error) {
	var s Statement
	var edits []Edit
	windows, err := windowPlaces(sql, w)
	if err != nil {
		return s, err
	}
	for _, t := range windows {
		edits = append(edits, Edit{t.Start, t.End, w.Predicate(buffer)})
	}
	names, err := namePlaces(sql)
	if err != nil {
		return s, err
	}
	if err := Unused([]string{sql}, params); err != nil {
		return s, err
	}
	for _, t := range names {
		i := slices.IndexFunc(params, func(p Param) bool { return p.Name == t.Text })
		if i < 0 {
			return s, missing(sql, t, params)
		}
		s.Params, edits = append(s.Params, params[i]), append(edits, Edit{t.Start, t.End, "?"})
	}
	slices.SortFunc(edits, func(a, b Edit) int { return a.Start - b.Start })
	s.Edited = Rewrite(sql, edits)
	return s, nil
}

func missing(sql string, t Token, params []Param) error {
	line, column := Place(sql, t.Start)
	e := fault.New(fault.Usage, "query: :%s has no value (line %d, column %d)", t.Text, line, column)
	var given []string
	for _, p := range params {
		given = append(given, p.Name)
	}
	if near := fault.Nearest(t.Text, given); near != "" {
		return e.WithHint("did you mean :%s?", near)
	}
	return e.WithHint("add --param %s=VALUE; a colon that is no parameter wants a space after it", t.Text)
}

// Unused refuses a parameter that stands in none of the statements.
func Unused(statements []string, params []Param) error {
	used := map[string]bool{}
	for _, sql := range statements {
		for _, name := range paramNames(sql) {
			used[name] = true
		}
	}
	for _, p := range params {
		if !used[p.Name] {
			return fault.New(fault.Usage, "query: parameter %s is not in the SQL", p.Name).
				WithHint("write :%s where its value goes, such as: WHERE site = :%s", p.Name, p.Name)
		}
	}
	return nil
}

// paramNames gives the names of the parameters in SQL, in the order of their
// first places.
func paramNames(sql string) []string {
	var out []string
	for _, t := range colonNames(sql) {
		if !slices.Contains(out, t.Text) {
			out = append(out, t.Text)
		}
	}
	return out
}

// Pick gives those parameters that stand in a statement.
func Pick(sql string, params []Param) []Param {
	names := paramNames(sql)
	return slices.DeleteFunc(slices.Clone(params), func(p Param) bool { return !slices.Contains(names, p.Name) })
}

// namePlaces are the places of :name. Athena takes values in WHERE only (Athena
// manual, parameterized queries), so both targets do.
func namePlaces(sql string) ([]Token, error) {
	list := colonNames(sql)
	if mark := slices.IndexFunc(Tokens(sql), func(t Token) bool { return t.Text == "?" }); mark >= 0 {
		return nil, fault.New(fault.Usage, "query: parameters such as ? have no value here").
			WithHint("write a name, such as :site, and give it a value with --param site=news")
	}
	if len(list) == 0 {
		return nil, nil
	}
	inside := whereBytes(sql)
	for _, t := range list {
		if !inside(t.Start) {
			e := &SyntaxError{SQL: sql, Message: "parameter :" + t.Text + " stands outside of WHERE, and Athena takes values there only"}
			e.Line, e.Column = Place(sql, t.Start)
			return nil, e
		}
	}
	return list, nil
}

// colonNames finds :name where neither a cast (x::int), nor a slice ([1:n]), nor
// a key ('a':x) can be meant: no colon, word, quote or bracket stands before.
func colonNames(sql string) []Token {
	var out []Token
	list := Tokens(sql)
	for i, t := range list {
		if t.Text != ":" || i+1 == len(list) || list[i+1].Start != t.End || !paramName.MatchString(sql[list[i+1].Start:list[i+1].End]) {
			continue
		}
		if i > 0 && list[i-1].End == t.Start && !strings.Contains("=<>!(,+-*/%|", list[i-1].Text) {
			continue
		}
		out = append(out, Token{sql[list[i+1].Start:list[i+1].End], t.Start, list[i+1].End})
	}
	return out
}

// Locate has an error of the engine name the place in the SQL as it was
// written.
func (s Statement) Locate(err error) error {
	var wrong *SyntaxError
	if !errors.As(err, &wrong) || len(s.edits) == 0 {
		return err
	}
	at := *wrong
	at.SQL = s.source
	at.Line, at.Column = s.Place(at.Line, at.Column)
	return &at
}
