package dialect

import "slices"

// types are the first words of Athena's types.
var types = []string{
	"array", "bigint", "boolean", "date", "decimal", "double", "int", "integer", "interval", "ipaddress", "json", "map", "real", "row",
	"smallint", "time", "timestamp", "tinyint", "uuid", "varbinary", "varchar",
}

// casts are CAST(x AS type): a text of Athena's form, JSON of a value, and
// arrays, whose type DuckDB writes otherwise.
func casts(s *source) error {
	for i := range s.tokens {
		if !s.calls(i, "cast", "try_cast") {
			continue
		}
		end := s.pair[i+1]
		as := s.last(i+1, "as")
		if as < 0 || as+1 >= end {
			continue
		}
		if !slices.Contains(types, s.tokens[as+1].Text) {
			return s.refuse(as+1, "Athena has no type %s: write %s", s.tokens[as+1].Text, typeFor(s.tokens[as+1].Text))
		}
		if err := s.cast(i, as, end); err != nil {
			return err
		}
	}
	return nil
}

func (s *source) cast(i, as, end int) error {
	if s.is(i+2, "timestamp") && s.isText(i+3) && i+4 == as && s.is(as+1, "varchar") && as+2 == end {
		return s.refuse(i, "the digits of a literal are its own on Athena: write the text itself")
	}
	switch isNull := s.is(i+2, "null") && i+3 == as; {
	case isNull: // a macro would lose its type
		s.arrays(as+1, end)
	case as+2 == end:
		s.castTo(i, as, end)
	case s.is(as+1, "varchar", "(") && s.pair[as+2] == end-1:
		s.rename(i, "varchar_of")
		s.replace(as, as+2, ",")
		s.rename(end-1, "")
	default:
		s.arrays(as+1, end)
	}
	return nil
}

// castTo is a cast to a type of one word.
func (s *source) castTo(i, as, end int) {
	switch typ := s.tokens[as+1].Text; {
	case typ == "varchar" && s.is(i, "try_cast"):
		s.rename(i, "try(as_varchar")
		s.after(end, ")")
		s.replace(as, as+1, "")
	case typ == "varchar", typ == "json":
		s.rename(i, "as_"+typ)
		s.replace(as, as+1, "")
	case typ == "decimal":
		s.after(as+1, "(38, 0)")
	case formed[typ] != "" && (!s.is(i+2, "?") || i+3 != as): // the type of ? is that of its value
		s.before(i+2, formed[typ]+"(")
		s.after(as-1, ", '"+typ+"')")
	}
}

// formed are macros that look at a text before it becomes another type.
var formed = map[string]string{
	"bigint": "half_up", "int": "half_up", "integer": "half_up", "smallint": "half_up", "tinyint": "half_up", "boolean": "as_truth", "date": "as_date",
	"timestamp": "as_time",
}

// arrays writes array(T) as T[].
func (s *source) arrays(from, end int) {
	for i := from; i < end; i++ {
		if s.calls(i, "array") || i == from && s.is(i, "array", "(") && s.pair[i+1] > 0 {
			s.replace(i, i+1, "")
			s.rename(s.pair[i+1], "[]")
		}
	}
}

// last gives the last such word directly within a bracket, or -1.
func (s *source) last(open int, word string) int {
	for i := s.pair[open] - 1; i > open; i-- {
		if s.up[i] == open && s.is(i, word) {
			return i
		}
	}
	return -1
}

func typeFor(name string) string {
	if t, ok := typeNames[name]; ok {
		return t
	}
	return "one of Athena's, such as varchar, bigint, double, decimal(18, 2), date or timestamp"
}

var typeNames = map[string]string{
	"text": "varchar", "string": "varchar", "bool": "boolean", "float": "real or double", "float4": "real", "float8": "double", "int1": "tinyint",
	"int2": "smallint", "int4": "integer", "int8": "bigint", "long": "bigint", "short": "smallint", "char": "varchar", "hugeint": "decimal(38, 0)", "ubigint": "decimal(20, 0)",
	"uinteger": "bigint", "usmallint": "integer", "utinyint": "smallint", "datetime": "timestamp", "timestamptz": "timestamp", "blob": "varbinary",
	"bytea": "varbinary", "numeric": "decimal(18, 2)", "signed": "bigint", "struct": "row(name type)",
}
