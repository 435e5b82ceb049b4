package query

import (
	"slices"
	"strconv"
	"strings"

	"pixelctl/pkg/event"
	"pixelctl/pkg/lake"
)

// Reach is which hours a statement may read: a scan for each place at which it
// names the table or a view over it. No statement reads more; engines leave
// more out where they see through what this does not.
type Reach []Scan

// Scan is one reading of the table.
type Scan struct {
	Times int // a name of WITH is read as often as it is used
	keeps condition
}

// condition tells whether an hour may hold rows that are asked for; nil is any.
type condition func(lake.Hour) bool

// ReachOf finds the scans of a statement. It goes by comparisons of partition
// keys with numbers in the WHERE beside the FROM; a SELECT of several tables is
// taken to read all of each.
func ReachOf(sql string) Reach {
	r := read(sql)
	switch r.text(0) {
	case "show", "describe", "desc":
		return nil
	case "explain":
		if r.text(1) != "analyze" {
			return nil
		}
	}
	own := map[string]bool{}
	for _, b := range r.blocks {
		own[b.owner] = b.owner != ""
	}
	var out Reach
	for _, b := range r.blocks {
		times := r.uses(b, nil)
		for _, name := range b.tables {
			if own[name] || !isRelation(name) || times == 0 {
				continue
			}
			s := Scan{Times: times}
			if b.sources == 1 {
				s.keeps = anyOf(b.where)
			}
			out = append(out, s)
		}
	}
	return out
}

// mostUses bounds what names that use each other multiply to.
const mostUses = 1000

// uses tells how often a SELECT runs: once, or as often as its name is used.
func (r *reader) uses(b *block, seen []string) int {
	if b.owner == "" {
		return 1
	}
	if slices.Contains(seen, b.owner) {
		return 0 // WITH RECURSIVE uses itself
	}
	n := 0
	for _, other := range r.blocks {
		for _, name := range other.tables {
			if name == b.owner && other != b {
				n += r.uses(other, append(slices.Clone(seen), b.owner))
			}
		}
	}
	return min(n, mostUses)
}

func isRelation(name string) bool {
	return name == lake.Table || slices.ContainsFunc(lake.Views(event.Schema{}), func(v lake.View) bool { return v.Name == name })
}

// Touches tells whether an hour may be read.
func (r Reach) Touches(h lake.Hour) bool {
	return slices.ContainsFunc(r, func(s Scan) bool { return s.touches(h) })
}

func (s Scan) touches(h lake.Hour) bool { return s.keeps == nil || s.keeps(h) }

// anyOf reads conditions that OR parts.
func anyOf(list []Token) condition {
	sides := parts(list, "or")
	conditions := make([]condition, len(sides))
	for i, side := range sides {
		if conditions[i] = allOf(side); conditions[i] == nil {
			return nil
		}
	}
	return func(h lake.Hour) bool {
		return slices.ContainsFunc(conditions, func(c condition) bool { return c(h) })
	}
}

// allOf reads conditions that AND parts; what is not understood keeps any hour.
func allOf(list []Token) condition {
	var conditions []condition
	for _, part := range parts(list, "and") {
		if c := comparison(part); c != nil {
			conditions = append(conditions, c)
		}
	}
	if len(conditions) == 0 {
		return nil
	}
	return func(h lake.Hour) bool {
		return !slices.ContainsFunc(conditions, func(c condition) bool { return !c(h) })
	}
}

// parts splits at a word outside of parentheses; the AND of a BETWEEN is none.
// Within CASE … END nothing is split.
func parts(list []Token, word string) [][]Token {
	var out [][]Token
	from, depth, between := 0, 0, false
	for i, t := range list {
		switch t.Text {
		case "(", "case":
			depth++
		case ")", "end":
			depth--
		case "between":
			between = between || depth == 0
		case word:
			if depth != 0 {
				continue
			}
			if word == "and" && between {
				between = false
				continue
			}
			out, from = append(out, list[from:i]), i+1
		}
	}
	return append(out, list[from:])
}

// comparison reads one condition: key op number, BETWEEN, IN, or those in
// parentheses.
func comparison(list []Token) condition {
	if n := len(list); n > 2 && list[0].Text == "(" && closing(list) == n-1 && !slices.Contains(queries, list[1].Text) {
		return anyOf(list[1 : n-1])
	}
	if len(list) > 2 && list[1].Text == "." { // qualified by the only table
		list = list[2:]
	}
	if len(list) < 3 {
		return nil
	}
	value := keyOf(list[0].Text)
	if value == nil {
		return nil
	}
	words := make([]string, len(list)-1)
	for i, t := range list[1:] {
		words[i] = t.Text
	}
	return compare(value, words)
}

// queries begin a query within parentheses.
var queries = []string{"select", "with", "values", "table"}

// closing finds the parenthesis that closes the first one.
func closing(list []Token) int {
	depth := 0
	for i, t := range list {
		switch t.Text {
		case "(":
			depth++
		case ")":
			depth--
		}
		if depth == 0 {
			return i
		}
	}
	return -1
}

func keyOf(name string) func(lake.Hour) int {
	switch unquoted(name) {
	case "year":
		return func(h lake.Hour) int { return h.Year }
	case "month":
		return func(h lake.Hour) int { return h.Month }
	case "day":
		return func(h lake.Hour) int { return h.Day }
	case "hour":
		return func(h lake.Hour) int { return h.Hour }
	}
	return nil
}

// compare reads what follows a key.
func compare(value func(lake.Hour) int, words []string) condition {
	if words[0] == "in" {
		return oneOf(value, words[1:])
	}
	last := len(words) - 1
	n, err := strconv.Atoi(words[last])
	if err != nil {
		return nil
	}
	if last == 3 && words[0] == "between" && words[2] == "and" {
		low, err := strconv.Atoi(words[1])
		if err != nil {
			return nil
		}
		return func(h lake.Hour) bool { return low <= value(h) && value(h) <= n }
	}
	switch strings.Join(words[:last], "") {
	case "=":
		return func(h lake.Hour) bool { return value(h) == n }
	case "<":
		return func(h lake.Hour) bool { return value(h) < n }
	case ">":
		return func(h lake.Hour) bool { return value(h) > n }
	case "<=":
		return func(h lake.Hour) bool { return value(h) <= n }
	case ">=":
		return func(h lake.Hour) bool { return value(h) >= n }
	}
	return nil
}

// oneOf reads ( number, … ).
func oneOf(value func(lake.Hour) int, words []string) condition {
	var list []int
	for i, w := range words {
		n, err := strconv.Atoi(w)
		switch {
		case i == 0 && w == "(" || i == len(words)-1 && w == ")":
		case i%2 == 1 && err == nil:
			list = append(list, n)
		case i%2 == 0 && w == ",":
		default:
			return nil
		}
	}
	return func(h lake.Hour) bool { return slices.Contains(list, value(h)) }
}
