package dialect

// refuseMixed refuses to put texts and other types into one column: DuckDB makes
// one of the other, Athena does not.
func refuseMixed(s *source) error {
	for i := range s.tokens {
		var err error
		switch {
		case s.calls(i, "coalesce", "nullif", "greatest", "least"):
			err = s.mixedCall(i)
		case s.any(i, "union", "except", "intersect"):
			err = s.mixedUnion(i)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func (s *source) mixedCall(i int) error {
	first := ""
	for n, arg := range s.args(i + 1) {
		typ := s.argumentType(i+1, n)
		if first == "" {
			first = typ
		}
		if differ(first, typ) {
			return s.refuse(arg[0], "%s wants one type, and this is %s beside %s: write the literal of its type, or CAST", s.tokens[i].Text, typ, first)
		}
	}
	return nil
}

// differ tells whether both types are known and Athena has none for both.
func differ(a, b string) bool {
	x, y := paramOf(a), paramOf(b)
	return x != "" && y != "" && kindOf(x) != kindOf(y)
}

func (s *source) mixedUnion(i int) error {
	right := i + 1
	if s.any(right, "all", "distinct") {
		right++
	}
	left := i - 1
	for left >= 0 && (s.up[left] != s.up[i] || !s.is(left, "select")) {
		if s.up[left] < s.up[i] {
			return nil
		}
		left--
	}
	if left < 0 || !s.is(right, "select") {
		return nil
	}
	a, b := s.items(s.listOf(left), s.up[i]), s.items(s.listOf(right), s.up[i])
	for n := range min(len(a), len(b)) {
		if s.isStar(a[n]) || s.isStar(b[n]) {
			return nil
		}
		if x, y := s.itemType(a[n]), s.itemType(b[n]); differ(x, y) {
			return s.refuse(b[n][0], "column %d is %s in one query and %s in the other: write CAST(… AS varchar) around one", n+1, x, y)
		}
	}
	return nil
}

// itemType is the type of an item that is plain, without its name.
func (s *source) itemType(item [2]int) string {
	last := item[1] - 1
	if s.givesName(item) {
		if last--; s.is(last, "as") {
			last--
		}
	}
	if last < item[0] || s.primary(last) != item[0] {
		return ""
	}
	return s.operand(item[0], last)
}
