package dialect

import "slices"

// refuseTwins refuses a subquery that gives two columns one name: what asks for it
// is ambiguous to Athena, and DuckDB calls the second one otherwise.
func refuseTwins(s *source) error {
	for i := range s.tokens {
		if !s.is(i, "select") || s.asName(i) || s.up[i] < 0 {
			continue
		}
		seen := map[string]bool{}
		for _, item := range s.items(s.listOf(i), s.up[i]) {
			if !s.isNamed(item) {
				continue
			}
			name := s.tokens[item[1]-1].Text
			if seen[name] {
				return s.refuse(item[1]-1, "%s is the name of two columns here: give each one of its own", name)
			}
			seen[name] = true
		}
	}
	return nil
}

// listOf is where the list of a SELECT begins.
func (s *source) listOf(selects int) int {
	if s.any(selects+1, "distinct", "all") {
		return selects + 2
	}
	return selects + 1
}

// refuseOrders refuses SELECT DISTINCT a … ORDER BY b: Athena orders such rows by
// what they have.
func refuseOrders(s *source) error {
	for i := range s.tokens {
		if !s.is(i, "select", "distinct") || s.asName(i) {
			continue
		}
		items := s.items(i+2, s.up[i])
		by := s.orderBy(items[len(items)-1][1], s.up[i])
		if by < 0 {
			continue
		}
		for _, order := range s.items(by, s.up[i]) {
			if !s.inList(s.bare(order), items) {
				return s.refuse(order[0], "Athena orders SELECT DISTINCT by what it selects only: select this too, or write GROUP BY")
			}
		}
	}
	return nil
}

// orderBy gives where the list of ORDER BY begins that belongs to a SELECT; -1
// without one.
func (s *source) orderBy(from, level int) int {
	for i := from; i < len(s.tokens) && s.up[i] >= level; i++ {
		if s.up[i] != level {
			continue
		}
		if s.any(i, "union", "except", "intersect", ";", ")") {
			return -1
		}
		if s.is(i, "order", "by") {
			return i + 2
		}
	}
	return -1
}

// bare is an item of ORDER BY without its direction.
func (s *source) bare(item [2]int) [2]int {
	for item[1] > item[0]+1 && s.any(item[1]-1, "asc", "desc", "nulls", "first", "last") {
		item[1]--
	}
	return item
}

func (s *source) inList(order [2]int, items [][2]int) bool {
	if order[1] == order[0]+1 && s.isNumber(order[0]) {
		return true
	}
	for _, item := range items {
		if s.isStar(item) || s.same(order, item) {
			return true
		}
		if at := item[1] - 1; s.givesName(item) && (s.same(order, [2]int{at, item[1]}) || s.same(order, [2]int{item[0], at}) || s.is(at-1, "as") && s.same(order, [2]int{item[0], at - 1})) {
			return true
		}
	}
	return false
}

// same tells whether two ranges of tokens are the same but for a table before a
// name.
func (s *source) same(a, b [2]int) bool {
	return slices.Equal(s.unqualified(a), s.unqualified(b))
}

func (s *source) unqualified(r [2]int) (words []string) {
	for i := r[0]; i < r[1]; i++ {
		if s.is(i+1, ".") && i+2 < r[1] || s.is(i, ".") && i > r[0] {
			continue
		}
		words = append(words, s.tokens[i].Text)
	}
	return words
}
