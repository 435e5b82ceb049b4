package query

import "slices"

// block is one SELECT of a statement.
type block struct {
	tables  []string // names that it reads, as they stand after FROM and JOIN
	sources int      // tables, and whatever else stands there
	where   []Token  // of its WHERE
	begin   int      // the token after WHERE
	clause  string   // where the reader is: select, from, where or other
	owner   string   // the name that WITH gives to what it is part of
}

// level is what stands between two parentheses.
type level struct {
	block   *block
	own     bool // block begins here
	owner   string
	expects bool // a table comes next
	from    bool // a comma is followed by another table
	special bool // of extract(… FROM …), filter (WHERE …) and their like
}

// reader walks through a statement and finds its SELECTs, as far as it can be
// told what they read, without knowing any column.
type reader struct {
	sql    string
	tokens []Token
	at     int
	levels []level // open parentheses, outermost first
	top    level
	blocks []*block
	inside []span // bytes that stand in a WHERE
}

// span is a range of bytes.
type span struct{ start, end int }

// keywords that end FROM and WHERE.
var ends = []string{"group", "having", "order", "limit", "offset", "fetch", "window", "qualify", "union", "intersect", "except"}

// takesFrom are the functions whose arguments have a FROM.
var takesFrom = []string{"extract", "trim", "substring", "overlay", "filter"}

func read(sql string) *reader {
	r := &reader{sql: sql, tokens: Tokens(sql)}
	for r.at < len(r.tokens) {
		r.step()
	}
	for r.clause("other"); len(r.levels) > 0; r.clause("other") {
		r.close()
	}
	return r
}

func (r *reader) text(i int) string {
	if i < 0 || i >= len(r.tokens) {
		return ""
	}
	return r.tokens[i].Text
}

func (r *reader) step() {
	t := r.tokens[r.at]
	r.note(t)
	switch word := t.Text; {
	case word == "(":
		r.open()
	case word == ")":
		r.close()
	case word == "select" || word == "table" && r.begins():
		r.begin(word)
	case r.top.special:
	case r.keyword(word):
	case r.top.expects && isName(word):
		r.table()
		return
	}
	r.at++
}

// keyword follows the clauses of a SELECT, and tells whether word is one.
func (r *reader) keyword(word string) bool {
	switch {
	case word == "from" && r.text(r.at-1) != "distinct": // x IS DISTINCT FROM y
		r.clause("from")
		r.top.from, r.top.expects = true, true
	case word == "join":
		r.top.expects = true
	case word == ",":
		r.top.expects = r.top.from
	case word == "on" || word == "using":
		r.top.expects = false
	case word == "where":
		r.clause("where")
		r.top.from, r.top.expects = false, false
	case r.endsClause():
		r.clause("other")
		r.top.from, r.top.expects = false, false
	default:
		return false
	}
	return true
}

// note keeps the bytes of a token that stands in a WHERE.
func (r *reader) note(t Token) {
	if b := r.top.block; b != nil && b.clause == "where" && !r.top.special {
		r.inside = append(r.inside, span{t.Start, t.End})
	}
}

// clause notes where the SELECT that begins at this level is.
func (r *reader) clause(name string) {
	b := r.top.block
	if !r.top.own || b == nil {
		return
	}
	if b.clause == "where" {
		b.where = r.tokens[b.begin:min(r.at, len(r.tokens))]
	}
	b.clause, b.begin = name, r.at+1
}

// endsClause tells whether FROM or WHERE end here: a word of ends that is no
// column's name, as in offset = 5, and not that of $window.
func (r *reader) endsClause() bool {
	next := r.text(r.at + 1)
	return slices.Contains(ends, r.text(r.at)) && r.text(r.at-1) != "$" && (next == "" || isWord(next[0]) || next[0] == '"' || next == "(" || next == "?" || next == ":")
}

// begins tells whether TABLE begins a query here.
func (r *reader) begins() bool {
	before := r.text(r.at - 1)
	return before == "" || before == "(" || before == "all" || slices.Contains(ends, before)
}

func (r *reader) begin(word string) {
	b := &block{clause: "select", owner: r.top.owner}
	r.blocks = append(r.blocks, b)
	r.top.block, r.top.own = b, true
	r.top.from, r.top.expects, r.top.special = false, word == "table", false
}

func (r *reader) open() {
	if r.top.expects && r.top.block != nil {
		r.top.block.sources++
	}
	inner := level{block: r.top.block, owner: r.top.owner, expects: r.top.expects, from: r.top.expects, special: r.top.special}
	if slices.Contains(takesFrom, r.text(r.at-1)) {
		inner.special = true
	}
	if name := r.named(); name != "" {
		inner.owner = name
	}
	r.top.expects = false
	r.levels, r.top = append(r.levels, r.top), inner
}

func (r *reader) close() {
	r.clause("other")
	if n := len(r.levels); n > 0 {
		r.levels, r.top = r.levels[:n-1], r.levels[n-1]
	}
}

// named gives the name for which WITH has the parenthesis that opens here:
// name AS (, or name (a, b) AS (.
func (r *reader) named() string {
	i := r.at - 1
	for ; r.text(i) == "materialized" || r.text(i) == "not"; i-- {
	}
	if r.text(i) != "as" {
		return ""
	}
	if i--; r.text(i) == ")" {
		for ; i >= 0 && r.text(i) != "("; i-- {
		}
		i--
	}
	if before := r.text(i - 1); before != "with" && before != "," && before != "recursive" {
		return ""
	}
	return unquoted(r.text(i))
}

// table reads a name with its qualifiers.
func (r *reader) table() {
	r.top.expects = false
	name := ""
	for r.at < len(r.tokens) && isName(r.text(r.at)) {
		name = unquoted(r.text(r.at))
		if r.at++; r.text(r.at) != "." {
			break
		}
		r.at++
	}
	called := r.text(r.at) == "(" || name == "lateral"
	b := r.top.block
	if b == nil {
		return
	}
	if b.sources++; !called {
		b.tables = append(b.tables, name)
	}
}

func isName(word string) bool {
	return word != "" && (isWord(word[0]) || word[0] == '"' || word[0] == '`')
}

func unquoted(name string) string {
	if n := len(name); n > 1 && (name[0] == '"' || name[0] == '`') {
		return name[1 : n-1]
	}
	return name
}

// whereBytes tells whether a byte of SQL stands in a WHERE, and not in a part
// of a query within that is none.
func whereBytes(sql string) func(at int) bool {
	inside := read(sql).inside
	return func(at int) bool {
		return slices.ContainsFunc(inside, func(s span) bool { return s.start <= at && at < s.end })
	}
}
