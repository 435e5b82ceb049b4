package dialect

import "slices"

// refuseAliases refuses a name that a SELECT gives, where Athena does not know
// it: everywhere in that SELECT but after ORDER BY. A name that could also be
// that of a column stays.
func refuseAliases(s *source) error {
	if s.column == nil || slices.ContainsFunc(s.tokens, hasOtherColumns) {
		return nil
	}
	for i := range s.tokens {
		if !s.is(i, "select") || s.asName(i) {
			continue
		}
		level, from := s.up[i], i+1
		if s.any(from, "distinct", "all") {
			from++
		}
		for n, item := range s.items(from, level) {
			at := item[1] - 1
			if !s.givesName(item) || s.column(s.tokens[at].Text) != "" || s.givenElsewhere(at) {
				continue
			}
			if err := s.refuseUses(i, at, n+1); err != nil {
				return err
			}
		}
	}
	return nil
}

// hasOtherColumns tells of views and their columns that the table has not.
func hasOtherColumns(t Token) bool {
	return t.IsName() && slices.Contains([]string{"seed_view", "via_proxy", "information_schema", "pg_catalog"}, t.Text)
}

// givesName tells whether an item ends in a name of its own.
func (s *source) givesName(item [2]int) bool {
	return item[1]-1 > item[0] && s.isNamed(item) && !s.is(item[1]-2, ".")
}

// refuseUses looks for the name at a place of the list, from the SELECT to the
// end of what Athena reads without it.
func (s *source) refuseUses(selects, at, place int) error {
	level, clause := s.up[selects], "select"
	for j := selects + 1; j < len(s.tokens) && s.up[j] >= level; j++ {
		if s.up[j] == level {
			if s.any(j, "order", "limit", "offset", "fetch", "union", "except", "intersect", ";") {
				return nil
			}
			if s.any(j, "from", "where", "group", "having") {
				clause = s.tokens[j].Text
			}
		}
		switch name := s.tokens[at].Text; {
		case j == at || clause == "from" || s.tokens[j].Text != name || !s.stands(j) || s.inSubquery(j, level):
		case clause == "group":
			return s.refuse(j, "Athena does not know names of the SELECT here: write GROUP BY %d, or what %s stands for", place, name)
		default:
			return s.refuse(j, "Athena does not know names of the SELECT here: write what %s stands for, or ask FROM (SELECT …)", name)
		}
	}
	return nil
}

// stands tells whether a name stands at token i as a value.
func (s *source) stands(i int) bool {
	if !s.tokens[i].IsName() || s.is(i-2, "extract", "(") || s.any(i-1, "as", ".", "nulls", "]", ")") {
		return false
	}
	if k, ok := s.kind(i - 1); !ok || k != Sign && (k != Word || !isKeyword(s.tokens[i-1].Text)) {
		return false
	}
	k, ok := s.kind(i + 1)
	return !ok || k == Sign && !s.any(i+1, "(", ".", "->") || k == Word && isKeyword(s.tokens[i+1].Text)
}

// inSubquery tells whether a query lies between token i and the bracket.
func (s *source) inSubquery(i, level int) bool {
	for open := s.up[i]; open > level; open = s.up[open] {
		if s.any(open+1, "select", "with", "values") {
			return true
		}
	}
	return false
}

// givenElsewhere tells whether something else may have the name at a place.
func (s *source) givenElsewhere(at int) bool {
	for i, t := range s.tokens {
		if i != at && t.IsName() && t.Text == s.tokens[at].Text && s.gives(i) {
			return true
		}
	}
	return false
}

// gives tells whether token i names something: a column, a table, a column of
// either, or what a lambda takes.
func (s *source) gives(i int) bool {
	if s.is(i-1, "as") || s.is(i+1, "as", "(") || s.is(i+1, "->") || i > 0 && s.endsOperand(i-1) {
		return true
	}
	open := s.up[i]
	if open < 1 || s.pair[open] < 0 {
		return false
	}
	end, before := s.pair[open], s.tokens[open-1]
	alias := before.Kind == Quoted || before.Kind == Word && !isKeyword(before.Text)
	return s.is(end+1, "->") || s.is(end+1, "as", "(") || alias && (s.is(open-2, "as") || open > 1 && s.endsOperand(open-2))
}
