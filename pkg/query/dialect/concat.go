package dialect

// refuseConcats refuses year || '-' || month: Athena joins texts with texts
// only, DuckDB makes a text of either side.
func refuseConcats(s *source) error {
	for i := range s.tokens {
		if s.calls(i, "concat") {
			if err := s.refuseConcat(i); err != nil {
				return err
			}
		}
		if !s.is(i, "||") || i == 0 || i+1 == len(s.tokens) {
			continue
		}
		left, right := s.primary(i-1), s.primaryEnd(i+1)
		if left < 0 {
			continue
		}
		a, b := s.operand(left, i-1), s.operand(i+1, right)
		from, last := left, i-1
		switch {
		case paramOf(a) != "" && a != "varchar" && b == "varchar":
		case paramOf(b) != "" && b != "varchar" && a == "varchar":
			from, last = i+1, right
		default:
			continue
		}
		return s.refuse(from, "Athena joins texts only: write CAST(%s AS varchar)", s.sql[s.tokens[from].Start:s.tokens[last].End])
	}
	return nil
}

func (s *source) refuseConcat(i int) error {
	for n, arg := range s.args(i + 1) {
		typ := s.argumentType(i+1, n)
		if want := paramOf(typ); want != "" && typ != "varchar" {
			return s.refuse(arg[0], "Athena joins texts only: write CAST(%s AS varchar)", s.sql[s.tokens[arg[0]].Start:s.tokens[arg[1]-1].End])
		}
	}
	return nil
}
