package duckdb

import (
	"slices"

	"pixelctl/pkg/awsfake/athena/lexer"
)

// reference is a table or view that a statement reads.
type reference struct {
	database, name string
	start, end     int // bytes of the whole name
}

// references finds the names after FROM and JOIN, and after the commas between
// them, that are neither functions nor named by WITH.
func references(tokens []lexer.Token) []reference {
	f := finder{tokens: tokens, own: named(tokens)}
	for f.at < len(tokens) {
		f.step()
	}
	return f.found
}

// finder walks through a statement.
type finder struct {
	tokens []lexer.Token
	own    map[string]bool
	at     int
	scopes []scope // one for each open parenthesis, outermost first
	top    scope
	found  []reference
}

// scope is what stands between two parentheses.
type scope struct {
	expects bool // a name comes next
	from    bool // within a FROM, where a comma goes before another name
	special bool // of extract(… FROM …) and its like
}

// ends are the words that end a FROM.
var ends = []string{"where", "group", "having", "order", "limit", "union", "intersect", "except", "window", "select", "offset", "fetch", "on", "using"}

// takesFrom are the functions whose arguments have a FROM.
var takesFrom = []string{"extract", "trim", "substring", "overlay"}

func (f *finder) step() {
	t := f.tokens[f.at]
	switch {
	case t.Is("("):
		f.open()
	case t.Is(")"):
		f.close()
	case t.Is("from"):
		if !f.top.special && !f.before().Is("distinct") { // x IS DISTINCT FROM y
			f.top.from, f.top.expects = true, true
		}
	case t.Is("join"):
		f.top.expects = true
	case t.Is(","):
		f.top.expects = f.top.from
	case t.Kind == lexer.Word && slices.Contains(ends, t.Text):
		// A join's condition ends no FROM: another name may follow its comma.
		f.top.from, f.top.expects = f.top.from && (t.Is("on") || t.Is("using")), false
	case f.top.expects && t.IsName():
		f.name()
		return
	}
	f.at++
}

// before is the token before this one.
func (f *finder) before() lexer.Token {
	if f.at == 0 {
		return lexer.Token{}
	}
	return f.tokens[f.at-1]
}

func (f *finder) open() {
	inner := scope{
		special: slices.Contains(takesFrom, f.before().Text),
		expects: f.top.expects, // FROM (a JOIN b)
	}
	f.top.expects = false
	f.scopes, f.top = append(f.scopes, f.top), inner
}

func (f *finder) close() {
	if n := len(f.scopes); n > 0 {
		f.scopes, f.top = f.scopes[:n-1], f.scopes[n-1]
	}
}

// name reads a name with its qualifiers.
func (f *finder) name() {
	f.top.expects = false
	if f.tokens[f.at].Is("lateral") || f.tokens[f.at].Is("unnest") || f.tokens[f.at].Is("values") {
		f.at++
		return
	}
	r := reference{start: f.tokens[f.at].Start}
	for f.at < len(f.tokens) && f.tokens[f.at].IsName() {
		r.database, r.name, r.end = r.name, f.tokens[f.at].Text, f.tokens[f.at].End
		f.at++
		if f.at == len(f.tokens) || !f.tokens[f.at].Is(".") {
			break
		}
		f.at++
	}
	isFunction := f.at < len(f.tokens) && f.tokens[f.at].Is("(")
	if isFunction || r.database == "" && f.own[r.name] {
		return
	}
	f.found = append(f.found, r)
}

// named finds the names that WITH gives: name AS (, name (a, b) AS (.
func named(tokens []lexer.Token) map[string]bool {
	own := map[string]bool{}
	for i, t := range tokens {
		if !t.Is("with") && !t.Is(",") && !t.Is("recursive") || i+1 >= len(tokens) {
			continue
		}
		rest := tokens[i+2:]
		if lexer.Begin(rest, "(") {
			n := slices.IndexFunc(rest, func(t lexer.Token) bool { return t.Is(")") })
			rest = rest[n+1:]
		}
		if lexer.Begin(rest, "as (") {
			own[tokens[i+1].Text] = true
		}
	}
	return own
}
