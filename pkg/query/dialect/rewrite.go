package dialect

// unnests writes UNNEST of a map, and of several arrays, as a query.
func unnests(s *source) error {
	for i := range s.tokens {
		if !s.is(i, "unnest", "(") || s.pair[i+1] < 0 || !s.any(i-1, "join", "from", ",") {
			continue
		}
		open, end := i+1, s.pair[i+1]
		args, next, ordinal := s.args(open), end+1, 0
		if s.is(next, "with", "ordinality") {
			next, ordinal = next+2, 1
		}
		columns := s.aliasColumns(next)
		if columns >= 0 {
			columns -= ordinal
		}
		isMap := len(args) == 1 && columns == 2
		if len(args) < 2 && !isMap {
			continue
		}
		if ordinal > 0 {
			return s.refuse(i, "UNNEST of a map or of several arrays has no ordinality here: unnest sequence(1, cardinality(x)) and take element_at(x, i)")
		}
		s.unnestAsQuery(i, args, isMap)
	}
	return nil
}

func (s *source) unnestAsQuery(i int, args [][2]int, isMap bool) {
	open, end := i+1, s.pair[i+1]
	if isMap {
		s.replace(i, open, "(SELECT unnest(map_entries(")
		s.rename(end, "), recursive := true))")
		return
	}
	s.replace(i, open, "(SELECT unnest(")
	for _, a := range args[:len(args)-1] {
		s.rename(a[1], "), unnest(")
	}
	s.rename(end, "))")
}

// aliasColumns counts the columns of the alias that begins at token i; -1
// when it names none.
func (s *source) aliasColumns(i int) int {
	if s.is(i, "as") {
		i++
	}
	if k, ok := s.kind(i); !ok || k != Word && k != Quoted || !s.is(i+1, "(") || s.pair[i+1] < 0 {
		return -1
	}
	return len(s.args(i + 1))
}

// values puts each row of VALUES 1, 2 in parentheses.
func values(s *source) error {
	for i := range s.tokens {
		if !s.is(i, "values") || s.asName(i) || i+1 >= len(s.tokens) {
			continue
		}
		from := i + 1
		for j := from; j <= len(s.tokens); j++ {
			switch {
			case j < len(s.tokens) && s.up[j] > s.up[i]: // within a row
			case j == len(s.tokens) || s.up[j] < s.up[i] || s.any(j, ";", "union", "except", "intersect", "order", "limit", "offset", "fetch"), s.any(j, ")") && s.pair[j] < from:
				s.row(from, j)
				from = -1
			case s.is(j, ","):
				s.row(from, j)
				from = j + 1
			}
			if from < 0 {
				break
			}
		}
	}
	return nil
}

func (s *source) row(from, end int) {
	if from >= end || s.is(from, "(") && s.pair[from] == end-1 {
		return
	}
	s.before(from, "(")
	s.after(end-1, ")")
}

// intervals has a date stay a date when an interval is added.
func intervals(s *source) error {
	for i := range s.tokens {
		if !s.any(i, "+", "-") || !s.is(i+1, "interval") {
			continue
		}
		end := i + 3
		if s.any(i+2, "+", "-") {
			end++
		}
		from := s.sumStart(i - 1)
		if !s.any(end, intervalUnits...) || from < 0 || s.any(from-1, "+", "-", "*", "/", "%", "||") {
			continue
		}
		call := "plus_interval("
		if s.is(i, "-") {
			call = "minus_interval("
		}
		s.before(from, call)
		s.rename(i, ",")
		s.after(end, ")")
	}
	return nil
}

// sumStart gives the first token of an operand that may itself be a sum with
// intervals; -1 without one.
func (s *source) sumStart(last int) int {
	for s.any(last, intervalUnits...) && s.isText(last-1) {
		last -= 2
		if s.any(last, "+", "-") && s.is(last-1, "interval") {
			last--
		}
		if !s.is(last, "interval") {
			return -1
		}
		if !s.any(last-1, "+", "-") {
			return last
		}
		last -= 2
	}
	if last < 0 {
		return -1
	}
	return s.primary(last)
}

// words writes what stands in another place in DuckDB: IGNORE NULLS within the
// call, and the percents of TABLESAMPLE.
func words(s *source) error {
	for i := range s.tokens {
		switch {
		case s.any(i, "ignore", "respect") && s.is(i+1, "nulls", "over") && s.is(i-1, ")"):
			s.replace(i, i+1, "")
			s.before(i-1, " "+s.tokens[i].Text+" nulls")
		case s.is(i, "tablesample") && s.is(i+2, "(") && s.isNumber(i+3) && s.is(i+4, ")"):
			s.after(i+3, " PERCENT")
		}
	}
	return nil
}
