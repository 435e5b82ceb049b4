package athena

import (
	"slices"
	"strings"

	"pixelctl/pkg/fault"
	"pixelctl/pkg/lake"
	"pixelctl/pkg/query"
)

// maxSQL is the longest statement that Athena takes (Athena quotas), in bytes.
const maxSQL = 262144

// reads begin the statements that only read. In Trino's grammar WITH begins
// nothing but a query.
var reads = []string{"select", "with", "values", "table", "show", "describe", "desc", "explain"}

// others begin the statements that Athena knows besides.
var others = []string{
	"alter", "analyze", "call", "comment", "commit", "create", "deallocate", "delete", "deny", "drop", "execute", "export",
	"grant", "import", "insert", "load", "lock", "merge", "msck", "optimize", "prepare", "reduce", "refresh", "reload",
	"reset", "revoke", "rollback", "set", "start", "truncate", "unload", "unlock", "update", "use", "using", "vacuum",
}

const readHint = "queries only read; use SELECT, WITH, VALUES, TABLE, EXPLAIN, DESCRIBE or SHOW, for example SELECT * FROM " +
	lake.Table + " LIMIT 10"

func refuse(format string, args ...any) error {
	return fault.New(fault.Usage, format, args...).WithHint("%s", readHint)
}

// Check refuses, before any call, what is not one statement that only reads:
// with fault.Usage, or with a *query.SyntaxError when its first word begins no
// statement, and what has another number of ? than of values. What it lets
// pass, Athena still judges.
func (*Engine) Check(sql string, params ...query.Param) error {
	if len(sql) > maxSQL {
		return fault.New(fault.Usage, "run query: the SQL has %d bytes, and Athena takes %d", len(sql), maxSQL).
			WithHint("shorten it, such as by a view or a condition on a range instead of a list")
	}
	list := query.Tokens(sql)
	end := slices.IndexFunc(list, func(t query.Token) bool { return t.Text == ";" })
	if end >= 0 {
		if slices.ContainsFunc(list[end:], func(t query.Token) bool { return t.Text != ";" }) && end > 0 {
			return refuse("run query: more than one statement; give one at a time")
		}
		list = list[:end]
	}
	if len(list) == 0 {
		return refuse("run query: there is no statement")
	}
	marks := slices.DeleteFunc(slices.Clone(list), func(t query.Token) bool { return t.Text != "?" })
	if len(marks) != len(params) {
		return refuse("run query: parameters such as ? have no value here")
	}
	return checkReads(sql, list)
}

// checkReads looks at the first word, and through EXPLAIN at what is explained,
// because EXPLAIN ANALYZE runs it.
func checkReads(sql string, list []query.Token) error {
	for len(list) > 0 && list[0].Text == "(" {
		list = list[1:]
	}
	if len(list) == 0 {
		return refuse("run query: there is no statement")
	}
	switch word := list[0].Text; {
	case word == "explain":
		return checkExplained(sql, list[1:])
	case slices.Contains(reads, word):
		return nil
	case slices.Contains(others, word):
		return refuse("run query: %s does not read", strings.ToUpper(word))
	default:
		return unknown(sql, list[0])
	}
}

func checkExplained(sql string, list []query.Token) error {
	for len(list) > 1 && (list[0].Text == "analyze" || list[0].Text == "verbose") {
		list = list[1:]
	}
	if len(list) > 1 && list[0].Text == "(" && (list[1].Text == "type" || list[1].Text == "format") {
		for len(list) > 0 && list[0].Text != ")" {
			list = list[1:]
		}
		list = list[min(1, len(list)):]
	}
	if len(list) == 0 || list[0].Text == ")" {
		return refuse("run query: cannot tell what EXPLAIN explains")
	}
	return checkReads(sql, list)
}

// unknown is the error of a statement whose first word begins none.
func unknown(sql string, t query.Token) error {
	e := &query.SyntaxError{SQL: sql, Message: "a statement does not begin with " + strings.ToUpper(t.Text)}
	e.Line, e.Column = query.Place(sql, t.Start)
	if near := fault.Nearest(t.Text, reads); near != "" {
		e.Message += `; did you mean "` + strings.ToUpper(near) + `"?`
	}
	return e
}
