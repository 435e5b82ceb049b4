package dialect

import (
	"fmt"
	"slices"
	"strings"
)

// foreign are schemas of DuckDB's own.
var foreign = []string{"main", "memory", "system", "temp", "athena", "pg_catalog"}

// isForeign tells whether a table of DuckDB's own is named at token i.
func (s *source) isForeign(i int) bool {
	name := s.tokens[i].Text
	return s.tokens[i].IsName() && (slices.Contains(foreign, name) && s.is(i+1, ".") || strings.HasPrefix(name, "duckdb_") || strings.HasPrefix(name, "sqlite_"))
}

// tables refuses what Athena has no table for, and names what UNNEST and VALUES
// give as Athena does.
func tables(s *source) error {
	for i := range s.tokens {
		var err error
		switch {
		case i+1 == len(s.tokens):
		case s.any(i, "from", "join"):
			err = s.table(i + 1)
		case s.is(i, ",") && s.is(i+1, "unnest") && s.inFrom(i):
			err = s.unnested(i + 1)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func (s *source) table(i int) error {
	switch {
	case s.tokens[i].IsName() && s.tokens[i].Text == "awsdatacatalog" && s.is(i+1, "."):
		s.replace(i, i+1, "")
	case s.isForeign(i):
		return s.refuse(i, "Athena has no %s: information_schema.tables lists the tables", s.tokens[i].Text)
	case s.is(i, "(", "values") && s.pair[i] > 0:
		s.nameValues(i)
	}
	return s.unnested(i)
}

// unnested wants names for the columns of UNNEST.
func (s *source) unnested(i int) error {
	if s.is(i, "unnest", "(") && s.pair[i+1] > 0 && s.aliasColumns(s.afterOrdinality(s.pair[i+1]+1)) < 0 {
		return s.refuse(i, "its columns have no names: write UNNEST(x) AS t(name)")
	}
	return nil
}

func (s *source) afterOrdinality(i int) int {
	if s.is(i, "with", "ordinality") {
		return i + 2
	}
	return i
}

// inFrom tells whether a comma stands in a FROM.
func (s *source) inFrom(i int) bool {
	for j := i - 1; j >= 0 && s.up[j] >= s.up[i]; j-- {
		if s.up[j] == s.up[i] && s.any(j, "from", "select", "where", "by", "having") {
			return s.is(j, "from")
		}
	}
	return false
}

// nameValues gives the columns of (VALUES …) the names _col0, _col1, ….
func (s *source) nameValues(open int) {
	end := s.pair[open]
	columns := 1
	if first := open + 2; s.is(first, "(") && s.pair[first] > 0 && s.any(s.pair[first]+1, ",", ")") {
		columns = len(s.args(first))
	}
	alias := end + 1
	if s.is(alias, "as") {
		alias++
	}
	names := "(" + strings.Join(unnamed(columns), ", ") + ")"
	switch k, ok := s.kind(alias); {
	case ok && (k == Quoted || k == Word && !isKeyword(s.tokens[alias].Text)):
		if !s.is(alias+1, "(") {
			s.after(alias, names)
		}
	default:
		s.after(end, fmt.Sprintf(" AS values_%d%s", open, names))
	}
}

// refuseQualified refuses a.id after JOIN … USING (id): Athena knows such a column
// by its bare name only.
func refuseQualified(s *source) error {
	for i := range s.tokens {
		if !s.is(i, "using", "(") || s.pair[i+1] < 0 {
			continue
		}
		for _, arg := range s.args(i + 1) {
			for j := range s.tokens {
				if s.tokens[j].IsName() && s.tokens[j].Text == s.tokens[arg[0]].Text && s.is(j-1, ".") && s.up[j] >= s.up[i] && !s.inSubquery(j, s.up[i]) {
					return s.refuse(j-2, "Athena knows a column of USING by its bare name only: write %s", s.tokens[j].Text)
				}
			}
		}
	}
	return nil
}
