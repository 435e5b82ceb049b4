package dialect

var comparators = []string{"=", "<>", "!=", "<", ">", "<=", ">="}

// comparisons keeps DuckDB from reading a text as whatever it is compared
// with, which Athena refuses.
func comparisons(s *source) error {
	for i := range s.tokens {
		var err error
		switch {
		case !s.compared(i):
		case s.isNumber(i):
			err = s.numberCompared(i)
		case s.isText(i) && !s.typed(i):
			err = s.textCompared(i)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func (s *source) numberCompared(i int) error {
	from, last := s.beside(i)
	switch typ := s.typeAt(from, last); typ {
	case "varchar":
		return s.refuse(i, "Athena does not compare varchar with a number: write '%s'", s.tokens[i].Text)
	case "boolean":
		return s.refuse(i, "Athena does not compare boolean with a number: write true or false")
	case "":
		if s.standsAlone(from, last) { // DuckDB has no plus before what is no number
			s.before(from, "(+")
			s.after(last, ")")
		}
	}
	return nil
}

func (s *source) textCompared(i int) error {
	from, last := s.beside(i)
	switch typ := s.typeAt(from, last); typ {
	case "varchar":
	case "":
		if s.standsAlone(from, last) { // DuckDB takes COLLATE of texts only
			s.before(from, "(")
			s.after(last, `) COLLATE "C"`)
		}
	default:
		return s.refuse(i, "Athena does not compare %s with a text: %s", typ, untexted(typ, s.tokens[i].Text))
	}
	s.before(i, "CAST(")
	s.after(i, " AS VARCHAR)")
	return nil
}

// standsAlone tells whether tokens from to last are a name or a call, and no
// part of a sum or of what a window belongs to.
func (s *source) standsAlone(from, last int) bool {
	if from < 0 || from > 0 && !s.any(from-1, "(", ",", "select", "where", "and", "or", "not", "on", "having", "when", "then", "else", "=", "<>", "!=", "<", ">", "<=", ">=") {
		return false
	}
	if !s.tokens[from].IsName() || s.tokens[from].Kind == Word && (isKeyword(s.tokens[from].Text) || constants[s.tokens[from].Text]) || s.any(from, "cast", "try_cast") {
		return false
	}
	return !s.any(last+1, "+", "-", "*", "/", "%", "||", "at", "over", "filter", "within") && !s.isUnit(last)
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
	if s.is(i-1, "and") && s.between(i-1) || s.is(i-2, "distinct", "from") {
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
func (s *source) typeBeside(i int) string { return s.typeAt(s.beside(i)) }

// beside gives the operand that token i is compared with; -1 for none.
func (s *source) beside(i int) (from, last int) {
	switch {
	case s.any(i-1, comparators...) || s.is(i-1, "between"):
		return s.operandBefore(i - 2)
	case s.any(i+1, comparators...):
		if i+2 >= len(s.tokens) {
			return -1, -1
		}
		return i + 2, s.primaryEnd(i + 2)
	case s.is(i-3, "is", "distinct", "from"):
		return s.operandBefore(i - 4)
	case s.is(i-4, "is", "not", "distinct", "from"):
		return s.operandBefore(i - 5)
	case s.is(i-1, "and"): // x BETWEEN a AND b was seen at a
		return -1, -1
	}
	at := s.up[i] - 2 // before IN
	if s.is(at, "not") {
		at--
	}
	return s.operandBefore(at)
}

func (s *source) operandBefore(last int) (from, to int) {
	if s.is(last, "not") {
		last--
	}
	return s.primary(last), last
}

// typeAt is the type of an operand that is no part of a text.
func (s *source) typeAt(from, last int) string {
	if from < 0 || s.any(from-1, "||") || s.any(last+1, "||") {
		return ""
	}
	return s.typeOf(from, last)
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
