// Package dialect lets Athena's SQL, which is Trino's, run on DuckDB. What
// DuckDB calls otherwise and macros cannot give is written anew, token by
// token; what would fail or mean something else on Athena is refused with the
// way to write it for both.
package dialect

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"pixelctl/pkg/query"
)

// Translation is a statement in the words of DuckDB.
type Translation = query.Edited

// edit is one of a rule.
type edit struct {
	query.Edit

	kind int // opens, closes or neither, by which edits at one place are ordered
	made int
}

const (
	closes = iota
	opens
	instead
)

// Translate writes Athena's SQL for DuckDB. What needs no translation stays as
// it is, byte for byte. column gives the type of a column of the table, or "":
// Athena compares texts with texts only. params are the values of its ?. A
// refusal is a *query.SyntaxError.
func Translate(sql string, column func(name string) string, params ...query.Param) (Translation, error) {
	s := read(sql)
	s.column, s.params = column, params
	if !s.reads() { // the engine says that it reads only
		return Translation{SQL: sql}, nil
	}
	for _, rule := range rules() {
		if err := rule(s); err != nil {
			return Translation{}, err
		}
	}
	return s.translation(), nil
}

// reads tells whether the statement begins as one that reads.
func (s *source) reads() bool {
	return s.any(0, "(", "select", "with", "values", "table", "explain", "describe", "desc", "show", "from", "summarize", "pivot", "unpivot", "pragma")
}

// rules are tried in this order; the first refusal is told.
func rules() []func(*source) error {
	return []func(*source) error{
		refuseSyntax, refuseNumbers, refuseFunctions, refuseIntervals, refuseUnits, refuseDecimals, refuseLimits, refuseAliases, refuseConcats,
		refuseTwins, refuseOrders, refuseDots, refuseTruths, refuseMixed, refuseQualified, refuseReserved, tables, zones, casts, arithmetic, comparisons, refuseParams, intervals, words, catalog, subscripts, lambdas,
		unnests, values, functions,
	}
}

// source is a statement as its rules see it.
type source struct {
	sql    string
	tokens []Token
	pair   []int // of a bracket, its partner; -1 without one
	up     []int // the bracket around a token; -1 at the top
	column func(string) string
	params []query.Param
	edits  []edit
}

func read(sql string) *source {
	s := &source{sql: sql, tokens: Tokens(sql)}
	s.pair, s.up = make([]int, len(s.tokens)), make([]int, len(s.tokens))
	open := -1
	for i, t := range s.tokens {
		s.pair[i], s.up[i] = -1, open
		switch {
		case t.Is("(") || t.Is("[") || t.Is("{"):
			open = i
		case (t.Is(")") || t.Is("]") || t.Is("}")) && open >= 0:
			s.pair[i], s.pair[open] = open, i
			open = s.up[open]
			s.up[i] = open
		}
	}
	return s
}

// is tells whether the tokens from i on are these words and signs.
func (s *source) is(i int, words ...string) bool {
	if i < 0 || i+len(words) > len(s.tokens) {
		return false
	}
	for j, w := range words {
		if !s.tokens[i+j].Is(w) {
			return false
		}
	}
	return true
}

// any tells whether the token is one of these words or signs.
func (s *source) any(i int, words ...string) bool {
	return i >= 0 && i < len(s.tokens) && s.tokens[i].Kind != Quoted && s.tokens[i].Kind != Text && slices.Contains(words, s.tokens[i].Text)
}

func (s *source) kind(i int) (Kind, bool) {
	if i < 0 || i >= len(s.tokens) {
		return 0, false
	}
	return s.tokens[i].Kind, true
}

func (s *source) isText(i int) bool   { k, ok := s.kind(i); return ok && k == Text }
func (s *source) isNumber(i int) bool { k, ok := s.kind(i); return ok && k == Number }

// calls tells whether token i begins a call; its arguments follow the next
// token, which has its partner.
func (s *source) calls(i int, names ...string) bool {
	if !s.any(i, names...) || !s.is(i+1, "(") || s.pair[i+1] < 0 {
		return false
	}
	return !s.is(i-1, ".") && !s.is(i-1, "as")
}

// args gives the first token and the end of each argument within a bracket.
func (s *source) args(open int) [][2]int {
	var out [][2]int
	from := open + 1
	for i := from; i <= s.pair[open]; i++ {
		if i == s.pair[open] || s.up[i] == open && s.is(i, ",") {
			if i > from || i < s.pair[open] {
				out = append(out, [2]int{from, i})
			}
			from = i + 1
		}
	}
	return out
}

func (s *source) before(i int, text string) {
	s.edit(s.tokens[i].Start, s.tokens[i].Start, text, opens)
}

func (s *source) after(i int, text string) { s.edit(s.tokens[i].End, s.tokens[i].End, text, closes) }

func (s *source) edit(start, end int, text string, kind int) {
	s.edits = append(s.edits, edit{query.Edit{Start: start, End: end, Text: text}, kind, len(s.edits)})
}

// replace puts text in the place of tokens i to j, j included; their lines stay.
func (s *source) replace(i, j int, text string) {
	start, end := s.tokens[i].Start, s.tokens[j].End
	s.edit(start, end, text+strings.Repeat("\n", strings.Count(s.sql[start:end], "\n")), instead)
}

func (s *source) rename(i int, text string) { s.replace(i, i, text) }

// refuse is the error at token i.
func (s *source) refuse(i int, format string, args ...any) error {
	e := &query.SyntaxError{SQL: s.sql, Message: fmt.Sprintf(format, args...)}
	e.Line, e.Column = query.Place(s.sql, s.tokens[i].Start)
	return e
}

// inOrder closes at a place before it opens there, and opens first what was
// opened last: later rules put theirs around those of earlier ones.
func inOrder(a, b edit) int {
	made := cmp.Compare(a.made, b.made)
	if a.kind == opens {
		made = -made
	}
	return cmp.Or(cmp.Compare(a.Start, b.Start), cmp.Compare(a.kind, b.kind), made)
}

// translation applies the edits.
func (s *source) translation() Translation {
	slices.SortFunc(s.edits, inOrder)
	var all []query.Edit
	at := 0
	for _, e := range s.edits {
		if e.Start >= at { // else within what another rule wrote anew
			all = append(all, e.Edit)
			at = e.End
		}
	}
	return query.Rewrite(s.sql, all)
}
