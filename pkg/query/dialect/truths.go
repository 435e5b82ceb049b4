package dialect

// refuseTruths refuses numbers for conditions: WHERE 1, NOT hour, sum(is_bot).
func refuseTruths(s *source) error {
	for i := range s.tokens {
		at := -1
		switch {
		case s.any(i, "where", "and", "or", "not", "having") && !s.asName(i) && (!s.is(i, "and") || !s.between(i)):
			at = i + 1
		case s.is(i, "case", "when"), s.calls(i, "if"):
			at = i + 2
		case s.calls(i, "sum", "avg") && s.argumentType(i+1, 0) == "boolean":
			return s.refuse(i, "Athena does not add conditions: write count_if(x), or %s(if(x, 1, 0))", s.tokens[i].Text)
		}
		if at < 0 {
			continue
		}
		if last := s.primaryEndAt(at); last > 0 && isInteger(s.typeOf(at, last)) && s.endsTruth(last+1) {
			return s.refuse(at, "Athena wants a condition here: write %s <> 0", s.sql[s.tokens[at].Start:s.tokens[last].End])
		}
	}
	return nil
}

// primaryEndAt is primaryEnd where a number or a name begins; -1 elsewhere.
func (s *source) primaryEndAt(i int) int {
	if i >= len(s.tokens) || !s.isNumber(i) && (!s.tokens[i].IsName() || s.tokens[i].Kind == Word && isKeyword(s.tokens[i].Text)) {
		return -1
	}
	return s.primaryEnd(i)
}

func (s *source) endsTruth(i int) bool {
	return i == len(s.tokens) || s.any(i, ",", "and", "or", ")", "group", "order", "limit", "offset", "having", "then", "union", "fetch", ";")
}
