package dialect

import (
	"errors"
	"strconv"
	"strings"
)

// refuseSyntax refuses what only DuckDB understands.
func refuseSyntax(s *source) error {
	for i, t := range s.tokens {
		var advice string
		switch t.Kind {
		case Word:
			advice = s.duckWord(i)
		case Sign:
			advice = s.duckSign(i)
		case Text:
			if advice = duckText(t.Text); s.is(i-1, "as") {
				advice = "write a name in double quotes"
			}
		case Number, Quoted:
		}
		if advice != "" {
			return s.refuse(i, "Athena does not have this: %s", advice)
		}
	}
	return nil
}

func duckText(text string) string {
	switch text[0] {
	case '$':
		return "write a text in single quotes"
	case 'e', 'E':
		return "write a text without escapes, with chr(10) for a line break"
	}
	return ""
}

// duckSign gives what to write in the place of an operator of DuckDB's.
func (s *source) duckSign(i int) string {
	switch s.tokens[i].Text {
	case "&":
		if s.is(i-1, "u") && s.isText(i+1) {
			return "for U&'…' write the character itself"
		}
	case "[":
		return s.bracket(i)
	case "*":
		if s.any(i+1, "exclude", "replace", "rename", "ilike") && s.is(i+2, "(") || s.is(i+1, "exclude") {
			return "name the columns"
		}
	case ",":
		if i+1 == len(s.tokens) || s.is(i+1, ")") || s.any(i+1, afterSelect...) && s.up[i] == s.up[i+1] && !s.isName(i+1) {
			return "leave out the last comma"
		}
	}
	return duckSigns[s.tokens[i].Text]
}

const bits = "write bitwise_and, bitwise_or, bitwise_left_shift or bitwise_right_shift"

var duckSigns = map[string]string{
	"::": "for x::type write CAST(x AS type)", "==": "write = to compare", "//": "write / between whole numbers",
	"**": "write power(x, y)", "^": "write power(x, y)", "->>": "write json_extract_scalar(json, path)",
	"~": regexpAdvice, "!~": regexpAdvice, "~~": regexpAdvice, "!~~": regexpAdvice, "&": bits, "|": bits, "<<": bits, ">>": bits,
	"{": "for {'k': v} write MAP(ARRAY['k'], ARRAY[v])", ":=": "give arguments by their place", "=>": "give arguments by their place",
	"`": `for a name in other quotes write "name"`,
}

// isDecimal tells a number as both engines read it.
func isDecimal(text string) bool {
	_, err := strconv.ParseFloat(strings.ReplaceAll(text, "_", ""), 64)
	return !errors.Is(err, strconv.ErrSyntax) && !strings.ContainsAny(text, "xX")
}

// refuseNumbers refuses what DuckDB reads as a number and a name: 0x1F, 5min.
func refuseNumbers(s *source) error {
	for i, t := range s.tokens {
		if t.Kind != Number || isDecimal(t.Text) {
			continue
		}
		if n, err := strconv.ParseInt(t.Text, 0, 64); err == nil {
			return s.refuse(i, "numbers are decimal here: write %d", n)
		}
		return s.refuse(i, "%s is no number; a name begins with a letter, or stands in double quotes", t.Text)
	}
	return nil
}

const regexpAdvice = "write regexp_like(text, pattern)"

// bracket tells lists and slices from subscripts and ARRAY[…].
func (s *source) bracket(i int) string {
	for j := i + 1; s.pair[i] > 0 && j < s.pair[i]; j++ {
		if s.up[j] == i && s.is(j, ":") {
			return "for x[a:b] write slice(x, a, b - a + 1), or substr(x, a, n) for a text"
		}
	}
	if s.is(i-1, "array") || s.any(i-1, ")", "]") || s.isText(i-1) {
		return ""
	}
	if k, ok := s.kind(i - 1); ok && (k == Quoted || k == Word && !isKeyword(s.tokens[i-1].Text)) {
		return ""
	}
	return "for [1, 2] write ARRAY[1, 2]"
}

// duckWord gives what to write in the place of a clause of DuckDB's.
func (s *source) duckWord(i int) string {
	if c, ok := duckWords[s.tokens[i].Text]; ok && c.when(s, i) {
		return c.advice
	}
	return ""
}

// duckWords are clauses that only DuckDB has, and when a word is one.
var duckWords = map[string]struct {
	when   func(s *source, i int) bool
	advice string
}{
	"qualify": {
		func(s *source, i int) bool { return !s.asName(i) },
		"for QUALIFY write SELECT … FROM (SELECT …, row_number() OVER (…) AS n …) WHERE n = 1",
	},
	"distinct": {
		func(s *source, i int) bool { return s.is(i+1, "on", "(") },
		"for DISTINCT ON write max_by(x, y) with GROUP BY, or row_number() OVER (…) in a subquery",
	},
	"pivot":      {pivots, "for PIVOT write sum(x) FILTER (WHERE …) AS a, … with GROUP BY"},
	"unpivot":    {pivots, "for UNPIVOT write CROSS JOIN UNNEST(…)"},
	"from":       {fromFirst, "begin with SELECT: SELECT * FROM …"},
	"by":         {byAll, "name the columns, or their places: GROUP BY 1, 2"},
	"asof":       {joins, "write JOIN with a condition"},
	"positional": {joins, "write JOIN with a condition"},
	"natural":    {joins, "write JOIN … USING (columns)"},
	"semi":       {joins, "write WHERE x IN (SELECT …)"},
	"anti":       {joins, "write WHERE x NOT IN (SELECT …)"},
	"sample": {
		func(s *source, i int) bool { return s.is(i-1, "using") },
		"write TABLESAMPLE BERNOULLI (10) after the table",
	},
	"summarize": {
		func(s *source, i int) bool { return i == 0 || s.any(i-1, "explain", "analyze") },
		"write SELECT min(x), max(x), approx_distinct(x), count(x) FROM …",
	},
	"unnest": {selectsFrom, "write FROM … CROSS JOIN UNNEST(a) AS t(x)"},
	"tablesample": {
		func(s *source, i int) bool {
			return !s.any(i+1, "bernoulli", "system") || !s.is(i+2, "(") || !s.is(i+4, ")")
		},
		"write TABLESAMPLE BERNOULLI (10)",
	},
	"in": {
		func(s *source, i int) bool { return !s.is(i+1, "(") && (s.up[i] < 1 || !s.is(s.up[i]-1, "position")) },
		"for x IN list write contains(list, x), or x IN (1, 2)",
	},
	"union": {func(s *source, i int) bool {
		return s.is(i+1, "by") || s.is(i+2, "by") && s.any(i+1, "all", "distinct")
	}, "name the columns in one order"},
	"materialized": {func(s *source, i int) bool { return s.any(i-1, "as", "not") && s.is(i+1, "(") }, "leave it out: WITH x AS (SELECT …)"},
	"any":          {ofList, "for x = ANY (list) write contains(list, x)"},
	"some":         {ofList, "for x = SOME (list) write contains(list, x)"},
	"symmetric":    {func(s *source, i int) bool { return s.any(i-1, "between") }, "write BETWEEN least(a, b) AND greatest(a, b)"},
	"true":         {afterIs, "for x IS TRUE write coalesce(x, false)"},
	"false":        {afterIs, "for x IS FALSE write NOT coalesce(x, true)"},
	"unknown":      {afterIs, "for x IS UNKNOWN write x IS NULL"},
	"ties":         {func(s *source, i int) bool { return s.is(i-1, "with") }, "write SELECT … FROM (SELECT …, rank() OVER (ORDER BY …) AS n …) WHERE n <= 10"},
	"ilike":        {func(s *source, i int) bool { return !s.asName(i) }, "write lower(x) LIKE lower(pattern)"},
	"glob":         {func(s *source, i int) bool { return s.isText(i + 1) }, "write regexp_like(text, pattern)"},
	"similar":      {func(s *source, i int) bool { return s.is(i+1, "to") }, "write regexp_like(text, pattern)"},
	"isnull":       {postfix, "write IS NULL"},
	"notnull":      {postfix, "write IS NOT NULL"},
	"lambda":       {func(s *source, i int) bool { return s.any(i-1, ",", "(") && !s.asName(i) }, "write the function as x -> …"},
	"columns": {
		func(s *source, i int) bool { return s.is(i+1, "(") && (s.any(i+2, "*", "lambda") || s.isText(i+2)) },
		"name the columns",
	},
}

// selectsFrom tells whether a call stands in the list of a SELECT.
func selectsFrom(s *source, i int) bool {
	for j := i - 1; s.is(i+1, "(") && j >= 0 && s.up[j] >= s.up[i]; j-- {
		if s.up[j] == s.up[i] && s.any(j, "select", "from", "join") {
			return s.is(j, "select")
		}
	}
	return false
}

func pivots(s *source, i int) bool { return i == 0 || s.is(i+1, "(") }

func fromFirst(s *source, i int) bool {
	return i+1 < len(s.tokens) && (i == 0 || s.is(i-1, "(") && !s.any(i-2, "trim", "extract", "substring"))
}

func byAll(s *source, i int) bool {
	return s.any(i-1, "group", "order") && s.is(i+1, "all") &&
		(i+2 == len(s.tokens) || s.any(i+2, ")", "having", "order", "limit", "offset", "asc", "desc", "nulls", "union", ";"))
}

func joins(s *source, i int) bool { return s.any(i+1, "join", "left") && !s.is(i-1, "as") }

func ofList(s *source, i int) bool {
	return s.any(i-1, comparators...) && s.is(i+1, "(") && !s.any(i+2, "select", "values", "with", "table", "(")
}

func afterIs(s *source, i int) bool { return s.is(i-1, "is") || s.is(i-2, "is", "not") }

func postfix(s *source, i int) bool {
	return !s.is(i+1, "(") && !s.asName(i) && !s.any(i-1, "select", ",")
}

// isName tells whether a word that ends a list stands in it as a name.
func (s *source) isName(i int) bool {
	return i+1 < len(s.tokens) && (s.any(i+1, ",", ".", "=", "as") || s.any(i, "offset", "limit", "window", "fetch") && s.any(i+1, "from", ")"))
}

// asName tells whether a word that is a keyword to one engine stands as a name.
func (s *source) asName(i int) bool { return s.any(i-1, "as", ".") || s.is(i+1, ".") }

// refuseLimits wants OFFSET before LIMIT, as Athena does.
func refuseLimits(s *source) error {
	for i := range s.tokens {
		if !s.is(i, "limit") || s.asName(i) {
			continue
		}
		if s.is(i+2, "%") || s.is(i+2, "percent") {
			return s.refuse(i+2, "Athena does not have this: LIMIT takes a number of rows, or write TABLESAMPLE BERNOULLI (10) after the table")
		}
		for j := i + 1; j < len(s.tokens) && s.up[j] >= s.up[i] && !s.any(j, "union", "select"); j++ {
			if s.up[j] == s.up[i] && s.is(j, "offset") {
				return s.refuse(j, "Athena wants OFFSET before LIMIT: write OFFSET m LIMIT n")
			}
		}
	}
	return nil
}

var intervalUnits = []string{"second", "minute", "hour", "day", "month", "year"}

// refuseIntervals wants INTERVAL '5' DAY, which is all that Athena takes.
func refuseIntervals(s *source) error {
	for i := range s.tokens {
		if !s.is(i, "interval") || s.asName(i) {
			continue
		}
		at := i + 1
		if s.any(at, "+", "-") {
			at++
		}
		if !s.isText(at) && !s.isNumber(at) && !s.is(at, "(") {
			continue
		}
		if !s.isText(at) || !s.any(at+1, intervalUnits...) {
			return s.refuse(i, "Athena takes intervals as INTERVAL '5' DAY, with second, minute, hour, day, month or year")
		}
		if at > i+1 && s.is(i+1, "-") {
			s.replace(i+1, at, "'-"+s.tokens[at].Text[1:])
		}
		if strings.Trim(s.tokens[at].Text, "'0123456789") != "" {
			return s.refuse(at, "Athena takes intervals as INTERVAL '5' DAY, and INTERVAL -'5' DAY before it")
		}
	}
	return nil
}

// isDate tells whether tokens from to until are plainly a date.
func (s *source) isDate(from, until int) bool {
	switch {
	case from < 0:
		return false
	case s.is(from, "current_date"):
		return from == until
	case s.is(from, "date"):
		return true
	}
	if s.calls(from, "date_trunc", "date_add") && s.pair[from+1] == until {
		return s.argumentType(from+1, -1) == "date"
	}
	return s.calls(from, "last_day_of_month", "from_iso8601_date") || s.calls(from, "cast", "try_cast") && s.is(until-1, "date") && s.is(until-2, "as")
}

// refuseDecimals refuses 100.0 * a / b: Athena divides decimals by keeping the
// digits of the longer one, so the answer has one digit there.
func refuseDecimals(s *source) error {
	for i, t := range s.tokens {
		if t.Kind != Number || !strings.Contains(t.Text, ".") || strings.ContainsAny(t.Text, "eE") {
			continue
		}
		if s.divides(i, -1) || s.divides(i, 1) {
			return s.refuse(i, "%s is a decimal to Athena, whose division keeps its digits only: write %sE0 for a double", t.Text, t.Text)
		}
	}
	return nil
}

// divides looks along a product for a division or for a sum, which is wider
// than a decimal takes here.
func (s *source) divides(i, step int) bool {
	level := s.up[i]
	for j := i + step; j >= 0 && j < len(s.tokens); j += step {
		if s.up[j] != level {
			continue
		}
		switch {
		case s.is(j, "/") || s.any(j, "sum", "count_if") && s.is(j+1, "("):
			return true
		case s.any(j, "*", ".", "(", ")", "[", "]", "%", "over", "filter"):
		case s.tokens[j].Kind == Sign, s.tokens[j].Kind == Word && isKeyword(s.tokens[j].Text):
			return false
		}
	}
	return false
}

// isKeyword tells whether a word ends an expression or begins one.
func isKeyword(word string) bool { return keywords[word] }

var keywords = map[string]bool{
	"all": true, "and": true, "any": true, "as": true, "asc": true, "between": true, "by": true, "case": true, "cross": true,
	"desc": true, "distinct": true, "else": true, "end": true, "escape": true, "except": true, "exists": true, "explain": true,
	"fetch": true, "filter": true, "following": true, "for": true, "from": true, "full": true, "group": true, "having": true,
	"in": true, "inner": true, "intersect": true, "into": true, "is": true, "join": true, "last": true, "lateral": true,
	"left": true, "like": true, "limit": true, "natural": true, "not": true, "null": true, "nulls": true, "offset": true, "on": true,
	"or": true, "order": true, "outer": true, "over": true, "partition": true, "preceding": true, "range": true, "recursive": true,
	"right": true, "rows": true, "select": true, "some": true, "then": true, "union": true, "unnest": true, "using": true,
	"values": true, "when": true, "where": true, "window": true, "with": true, "within": true, "analyze": true,
}
