package dialect

import "strings"

// arithmetic refuses to calculate with texts, and with dates and numbers, and has
// the difference of dates be an interval: in DuckDB it is a number of days.
func arithmetic(s *source) error {
	for i := range s.tokens {
		if !s.any(i, "+", "-", "*", "/", "%") || i == 0 || i+1 == len(s.tokens) || !s.endsOperand(i-1) {
			continue
		}
		if at := s.textBeside(i); at >= 0 {
			return s.refuse(at, "Athena does not calculate with texts: write %s, or CAST(… AS double)", strings.Trim(s.tokens[at].Text, "'"))
		}
		left := s.primary(i - 1)
		if left < 0 || !s.any(i, "+", "-") {
			continue
		}
		if err := s.dates(i, left, s.primaryEnd(i+1)); err != nil {
			return err
		}
	}
	return nil
}

// textBeside gives a text that is an operand; -1 for none.
func (s *source) textBeside(i int) int {
	switch {
	case s.isText(i-1) && !s.typed(i-1):
		return i - 1
	case s.isText(i+1) && !s.any(i-1, "interval") && !s.isUnit(i+2):
		return i + 1
	}
	return -1
}

func (s *source) dates(i, left, right int) error {
	a, b := s.typeOf(left, i-1), s.operandAfter(i+1, right)
	switch {
	case isTime(a) && isInteger(b):
		return s.refuse(i, addNumber, a)
	case isInteger(a) && isTime(b) && s.is(i, "+"):
		return s.refuse(i, addNumber, b)
	case a == "interval" && b == "date" && s.is(i, "+") && s.is(i-3, "interval"): // keeps being a date
		s.before(i-3, "interval_plus(")
		s.rename(i, ",")
		s.after(right, ")")
	case s.is(i, "-") && a != "interval" && b != "interval":
		s.difference(left, i-1, a, b)
		s.difference(i+1, right, b, a)
	}
	return nil
}

const addNumber = "Athena does not add a number to a %s: write date_add('day', n, d), or d + INTERVAL '1' DAY"

// difference has a date be a time where something is taken from it, or it from
// something.
func (s *source) difference(from, last int, typ, other string) {
	if typ == "date" && other != "timestamp" {
		s.before(from, "CAST(")
		s.after(last, " AS TIMESTAMP)")
	}
}

// operandAfter is the type of an operand that begins at a token.
func (s *source) operandAfter(from, last int) string {
	if s.is(from, "interval") {
		return "interval"
	}
	return s.typeOf(from, last)
}

func isTime(typ string) bool { return typ == "date" || typ == "timestamp" }

func isInteger(typ string) bool {
	switch typ {
	case "a number", "integer", "int", "bigint", "smallint":
		return true
	}
	return false
}
