package dialect

// lambdas writes x -> … as DuckDB does: lambda x: ….
func lambdas(s *source) error {
	for i := range s.tokens {
		if !s.is(i, "->") || i == 0 || s.ofPairs(i) {
			continue
		}
		if open := s.pair[i-1]; s.is(i-1, ")") && open >= 0 {
			s.rename(open, "lambda ")
			s.replace(i-1, i, ":")
			continue
		}
		if s.tokens[i-1].IsName() {
			s.before(i-1, "lambda ")
			s.replace(i, i, ":")
		}
	}
	return nil
}

// ofPairs tells whether the lambda at an arrow takes pairs, which DuckDB has no
// function for: it is written anew with the function.
func (s *source) ofPairs(arrow int) bool {
	open := s.up[arrow]
	return open > 0 && s.any(open-1, "map_filter", "transform_values", "transform_keys", "zip_with") && s.is(arrow-1, ")")
}

// pairs writes a function over pairs as one over a list of them: (k, v) -> …
// becomes lambda pair_: … with k and v as its parts.
func (s *source) pairs(i int, args [][2]int, call, begin, first, second string) bool {
	last := args[len(args)-1]
	open := last[0]
	if s.pair[open] != open+4 || !s.is(open+2, ",") || !s.is(open+5, "->") {
		return false
	}
	s.rename(i, call)
	k, v := s.tokens[open+1].Text, s.tokens[open+3].Text
	s.replace(open, open+5, "lambda pair_: "+begin)
	for j := open + 6; j < last[1]; j++ {
		if !s.tokens[j].IsName() || s.is(j-1, ".") || s.is(j+1, "(") {
			continue
		}
		switch s.tokens[j].Text {
		case k:
			s.rename(j, first)
		case v:
			s.rename(j, second)
		}
	}
	return true
}

func mapFilter(s *source, i int, args [][2]int) error {
	if len(args) == 2 && s.pairs(i, args, "map_from_entries(list_filter(map_entries", "", "pair_.key", "pair_.value") {
		s.closeEntries(i, args, "")
	}
	return nil
}

func transformValues(s *source, i int, args [][2]int) error {
	if len(args) == 2 && s.pairs(i, args, "map_from_entries(list_transform(map_entries", "struct_pack(key := pair_.key, value := ", "pair_.key", "pair_.value") {
		s.closeEntries(i, args, ")")
	}
	return nil
}

func transformKeys(s *source, i int, args [][2]int) error {
	if len(args) == 2 && s.pairs(i, args, "map_from_entries(list_transform(map_entries", "struct_pack(key := ", "pair_.key", "pair_.value") {
		s.closeEntries(i, args, ", value := pair_.value)")
	}
	return nil
}

func (s *source) closeEntries(i int, args [][2]int, body string) {
	s.after(args[0][1]-1, ")")
	s.after(args[1][1]-1, body)
	s.after(s.pair[i+1], ")")
}

func zipWith(s *source, i int, args [][2]int) error {
	if len(args) == 3 && s.pairs(i, args, "list_transform(list_zip", "", "pair_[1]", "pair_[2]") {
		s.after(args[1][1]-1, ")")
	}
	return nil
}

// reduce(a, x, (s, x) -> …, s -> …): the second function is put to a list of
// the one result.
func reduce(s *source, i int, args [][2]int) error {
	if len(args) == 4 {
		s.rename(i, "list_transform([list_reduce(prepended")
		s.after(args[1][1]-1, ")")
		s.after(args[2][1]-1, ")]")
		s.after(s.pair[i+1], "[1]")
	}
	return nil
}
