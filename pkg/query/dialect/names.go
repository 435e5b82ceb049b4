package dialect

import "strconv"

// Columns gives the columns of a result the names that Athena gives them:
// expressions without a name are _col0, _col1, …
func Columns(sql string, names []string) []string {
	s := read(sql)
	if s.is(0, "values") {
		return unnamed(len(names))
	}
	items := s.selectList()
	stars := 0
	for _, item := range items {
		if s.isStar(item) {
			stars++
		}
	}
	wide := len(names) - (len(items) - stars) // columns of the stars
	out := append([]string(nil), names...)
	if len(items) == 0 || stars > 1 || stars == 0 && wide != 0 || wide < 0 {
		return out
	}
	at := 0
	for _, item := range items {
		if s.isStar(item) {
			at += wide
			continue
		}
		if !s.isNamed(item) {
			out[at] = "_col" + strconv.Itoa(at)
		}
		at++
	}
	return out
}

func unnamed(n int) []string {
	out := make([]string, n)
	for i := range out {
		out[i] = "_col" + strconv.Itoa(i)
	}
	return out
}

// selectList gives the items of the query that gives the result its names: the
// first one outside of parentheses, with any WITH before it.
func (s *source) selectList() [][2]int {
	from, level := s.outerQuery()
	if !s.is(from, "select") {
		return nil
	}
	from++
	if s.any(from, "distinct", "all") {
		from++
	}
	return s.items(from, level)
}

// outerQuery gives where that query begins, and the bracket around it.
func (s *source) outerQuery() (from, level int) {
	level = -1
	for from < len(s.tokens) && s.is(from, "(") && s.pair[from] > 0 {
		from, level = from+1, from
	}
	for from < len(s.tokens) && (s.up[from] != level || !s.any(from, "select", "values", "table", "show", "describe", "explain")) {
		from++
	}
	return from, level
}

func (s *source) items(from, level int) [][2]int {
	var items [][2]int
	for i := from; ; i++ {
		end := i == len(s.tokens) || s.up[i] < level || s.up[i] == level && s.any(i, afterSelect...)
		if end || s.up[i] == level && s.is(i, ",") {
			items = append(items, [2]int{from, i})
			from = i + 1
		}
		if end {
			return items
		}
	}
}

// afterSelect are the words that end a list of columns.
var afterSelect = []string{
	"from", "union", "except", "intersect", "order", "limit", "offset", "fetch", "where", "group", "having", "window", ";",
}

func (s *source) isStar(item [2]int) bool { return item[1] > item[0] && s.is(item[1]-1, "*") }

// isNamed tells whether an item is a column or has an alias.
func (s *source) isNamed(item [2]int) bool {
	last := item[1] - 1
	if last < item[0] || !s.tokens[last].IsName() {
		return false
	}
	word := s.tokens[last]
	switch {
	case s.is(last-1, "as") && last-1 > item[0]:
		return true
	case s.is(last-1, "."):
		return !s.any(last-2, ")", "]")
	case word.Kind == Word && constants[word.Text]:
		return false
	case last == item[0]:
		return true
	case word.Kind == Word && isKeyword(word.Text), s.isUnit(last):
		return false
	}
	return s.endsOperand(last - 1)
}

// isUnit tells whether token i is the unit of INTERVAL '5' DAY.
func (s *source) isUnit(i int) bool {
	return s.isText(i-1) && (s.is(i-2, "interval") || s.any(i-2, "+", "-") && s.is(i-3, "interval"))
}

// endsOperand tells whether an alias without AS may follow token i.
func (s *source) endsOperand(i int) bool {
	return s.any(i, ")", "]", "end") || s.isText(i) || s.isNumber(i) || s.tokens[i].IsName() && !isKeyword(s.tokens[i].Text)
}

// constants are words that are values.
var constants = map[string]bool{
	"null": true, "true": true, "false": true, "current_date": true, "current_timestamp": true, "current_time": true, "localtimestamp": true, "localtime": true,
	"current_user": true, "current_schema": true, "current_catalog": true,
}
