package dialect

// typeOf gives the type of an operand as far as it is plain: a number, a column,
// a name that the statement gives, a cast, a literal, a call.
func (s *source) typeOf(from, last int) string {
	if typ := s.typeOfWord(from, last); typ != "" {
		return typ
	}
	switch {
	case s.isDate(from, last):
		return "date"
	case s.is(from, "timestamp") && s.isText(from+1):
		return "timestamp"
	case s.is(last, ")"):
		return s.typeOfCall(from, last)
	case s.isParameter(from, last):
		return "varchar"
	case s.tokens[last].IsName() && !s.defines(s.tokens[last].Text):
		return s.columnType(s.tokens[last].Text)
	case from == last && s.tokens[last].IsName():
		return s.typeNamed(s.tokens[last].Text)
	}
	return ""
}

// typeOfWord is the type of what shows it by its last word.
func (s *source) typeOfWord(from, last int) string {
	switch {
	case s.isUnit(last):
		return "interval"
	case from == last && s.isNumber(last):
		return "a number"
	case from == last && s.any(from, "true", "false"):
		return "boolean"
	}
	return ""
}

func (s *source) typeOfCall(from, last int) string {
	switch {
	case s.calls(from, "cast", "try_cast"):
		return s.castType(from)
	case s.isParameter(from, last):
		return "varchar"
	case s.pair[last] != from+1 || !s.tokens[from].IsName():
		return ""
	case s.calls(from, "date_trunc", "date_add"):
		return s.argumentType(from+1, -1)
	}
	return results[s.tokens[from].Text]
}

func (s *source) columnType(name string) string {
	if s.column == nil {
		return ""
	}
	return s.column(name)
}

func (s *source) castType(from int) string {
	if as := s.last(from+1, "as"); as > 0 && s.any(as+1, "integer", "int", "bigint", "double", "timestamp", "boolean", "decimal", "smallint", "real") {
		return s.tokens[as+1].Text
	}
	return ""
}

// argumentType is the type of an argument, -1 for the last, that is plain.
func (s *source) argumentType(open, n int) string {
	args := s.args(open)
	if n < 0 {
		n = len(args) - 1
	}
	if n < 0 || n >= len(args) {
		return ""
	}
	from, last := args[n][0], args[n][1]-1
	if last < from || s.primary(last) != from {
		return ""
	}
	return s.operand(from, last)
}

// operand is typeOf also of a text.
func (s *source) operand(from, last int) string {
	if from == last && s.isText(from) {
		return "varchar"
	}
	return s.typeOf(from, last)
}

// typeNamed is the type of what a statement gives a name, where it gives it once
// and to something plain.
func (s *source) typeNamed(name string) string {
	at := -1
	for i, t := range s.tokens {
		if !t.IsName() || t.Text != name || !s.is(i-1, "as") || s.is(i+1, "(") {
			continue
		}
		if at >= 0 {
			return ""
		}
		at = i
	}
	if at < 2 {
		return ""
	}
	from, last := s.primary(at-2), at-2
	if from < 1 || !s.any(from-1, "select", "distinct", "all", ",") {
		return ""
	}
	if s.tokens[last].IsName() && s.defines(s.tokens[last].Text) { // of another name, or of itself
		if s.tokens[last].Text == name {
			return s.columnType(name)
		}
		return ""
	}
	return s.operand(from, last)
}

// results are the types of functions that have one.
var results = map[string]string{
	"count": "bigint", "count_if": "bigint", "length": "bigint", "strpos": "bigint", "cardinality": "bigint", "date_diff": "bigint", "approx_distinct": "bigint",
	"row_number": "bigint", "rank": "bigint", "dense_rank": "bigint", "year": "bigint", "quarter": "bigint", "month": "bigint", "week": "bigint", "day": "bigint",
	"hour": "bigint", "minute": "bigint", "second": "bigint", "day_of_week": "bigint", "day_of_year": "bigint", "to_unixtime": "double", "avg": "double",
	"date_parse": "timestamp", "regexp_like": "boolean", "starts_with": "boolean", "contains": "boolean", "is_json_scalar": "boolean",
	"lower": "varchar", "upper": "varchar", "trim": "varchar", "substr": "varchar", "substring": "varchar", "split_part": "varchar", "replace": "varchar",
	"json_extract_scalar": "varchar", "regexp_extract": "varchar", "regexp_replace": "varchar", "date_format": "varchar", "url_extract_host": "varchar",
	"url_extract_path": "varchar", "url_extract_parameter": "varchar", "to_hex": "varchar",
}

// isParameter tells whether an operand is a parameter out of the map.
func (s *source) isParameter(from, last int) bool {
	open := from + 1
	if open >= len(s.tokens) || s.pair[open] != last {
		return false
	}
	switch {
	case s.is(from, "params", "["):
		return !s.defines("params")
	case s.calls(from, "element_at"):
		return s.is(open+1, "params", ",") && !s.defines("params")
	}
	return false
}
