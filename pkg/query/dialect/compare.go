package dialect

var comparators = []string{"=", "<>", "!=", "<", ">", "<=", ">="}

// comparisons keeps DuckDB from reading a text as whatever it is compared
// with, which Athena refuses.
func comparisons(s *source) error {
	for i := range s.tokens {
		if s.isNumber(i) && s.compared(i) && s.typeBeside(i) == "varchar" {
			return s.refuse(i, "Athena does not compare varchar with a number: write '%s'", s.tokens[i].Text)
		}
		if !s.isText(i) || !s.compared(i) || s.typed(i) {
			continue
		}
		if typ := s.typeBeside(i); typ != "" && typ != "varchar" {
			return s.refuse(i, "Athena does not compare %s with a text: %s", typ, untexted(typ, s.tokens[i].Text))
		}
		s.before(i, "CAST(")
		s.after(i, " AS VARCHAR)")
	}
	return nil
}

// typed tells whether the text belongs to a literal such as DATE '2026-07-05'.
func (s *source) typed(i int) bool {
	return s.any(i-1, "timestamp", "date", "time", "interval", "decimal", "json", "x", "varchar", "char", "double", "real", "bigint") ||
		s.any(i+1, "day", "hour", "minute", "second", "month", "year") && s.is(i-2, "interval")
}

func (s *source) compared(i int) bool {
	if s.any(i-1, comparators...) || s.any(i+1, comparators...) || s.is(i-1, "between") {
		return true
	}
	if s.is(i-1, "and") && s.between(i-1) {
		return true
	}
	open := s.up[i]
	return open > 0 && s.is(open-1, "in") && s.any(i-1, "(", ",") && s.any(i+1, ",", ")")
}

// between tells whether the AND belongs to BETWEEN.
func (s *source) between(and int) bool {
	for i := and - 1; i >= 0 && i >= s.up[and]; i-- {
		if s.up[i] != s.up[and] {
			continue
		}
		if s.is(i, "between") {
			return true
		}
		if s.any(i, "and", "or", "where", "on", "when", "having", "select", ",") {
			return false
		}
	}
	return false
}

// untexted says how to write what a text stands for.
func untexted(typ, text string) string {
	switch typ {
	case "date":
		return "write date " + text
	case "timestamp":
		return "write timestamp '2026-07-05 00:00:00' or date '2026-07-05'"
	}
	return "write it without quotes"
}

// typeBeside gives the type of what the text is compared with, as far as it is
// plain; "" otherwise.
func (s *source) typeBeside(i int) string {
	switch {
	case s.any(i-1, comparators...) || s.is(i-1, "between"):
		return s.typeBefore(i - 2)
	case s.any(i+1, comparators...):
		return s.typeAfter(i + 2)
	case s.is(i-1, "and"): // x BETWEEN a AND b was seen at a
		return ""
	}
	at := s.up[i] - 2 // before IN
	if s.is(at, "not") {
		at--
	}
	return s.typeBefore(at)
}

func (s *source) typeBefore(last int) string {
	if s.is(last, "not") {
		last--
	}
	from := s.primary(last)
	if from < 0 || s.any(from-1, "||") {
		return ""
	}
	return s.typeOf(from, last)
}

func (s *source) typeAfter(from int) string {
	if from >= len(s.tokens) {
		return ""
	}
	last := s.primaryEnd(from)
	if s.any(last+1, "||") {
		return ""
	}
	return s.typeOf(from, last)
}

// typeOf gives the type of an operand: a number, a column, a cast or a literal.
func (s *source) typeOf(from, last int) string {
	switch {
	case s.isNumber(last) && from == last:
		return "a number"
	case s.isDate(from, last):
		return "date"
	case s.is(from, "timestamp") && s.isText(from+1):
		return "timestamp"
	case s.calls(from, "cast", "try_cast") && s.is(last, ")"):
		if as := s.last(from+1, "as"); as > 0 && s.any(as+1, "integer", "int", "bigint", "double", "timestamp", "boolean", "decimal", "smallint", "real") {
			return s.tokens[as+1].Text
		}
	case s.isTextCall(from, last):
		return "varchar"
	case s.tokens[last].IsName() && s.column != nil && !s.defines(s.tokens[last].Text):
		return s.column(s.tokens[last].Text)
	}
	return ""
}

// isTextCall tells whether an operand is plainly a text: a function of texts, or
// a parameter out of the map.
func (s *source) isTextCall(from, last int) bool {
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
	return s.calls(from, "lower", "upper", "trim", "substr", "concat", "split_part", "json_extract_scalar", "regexp_extract", "date_format")
}

// defines tells whether the statement gives something this name.
func (s *source) defines(name string) bool {
	for i, t := range s.tokens {
		if t.IsName() && t.Text == name && (s.is(i-1, "as") || s.any(i-1, ")") || s.up[i] > 0 && s.is(s.up[i]-2, "as")) {
			return true
		}
	}
	return false
}
