package dialect

import "strings"

// subscripts has x[k] fail where Athena's does: for a key that is not there and
// for a place outside of an array, where DuckDB has NULL.
func subscripts(s *source) error {
	for i := range s.tokens {
		if !s.is(i, "[") || s.pair[i] < 0 || s.is(i-1, "array") || i == 0 {
			continue
		}
		from := s.primary(i - 1)
		if from < 0 {
			continue
		}
		if s.operand(from, i-1) == "varchar" {
			return s.refuse(i, "Athena takes no letter of a text so: write substr(x, 1, 1)")
		}
		s.before(from, "subscript(")
		s.rename(i, ",")
		s.rename(s.pair[i], ")")
	}
	return nil
}

// refuseDots refuses params.plan: a map has keys, and no fields.
func refuseDots(s *source) error {
	for i := range s.tokens {
		if !s.tokens[i].IsName() || !s.is(i+1, ".") || i+2 >= len(s.tokens) || !s.tokens[i+2].IsName() || s.defines(s.tokens[i].Text) {
			continue
		}
		if name := s.tokens[i].Text; strings.HasPrefix(s.columnType(name), "map") {
			return s.refuse(i+1, "Athena has no fields of a map: write element_at(%s, '%s')", name, s.tokens[i+2].Text)
		}
	}
	return nil
}
