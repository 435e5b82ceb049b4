package dialect

import "slices"

// reserved are the words that Athena takes for a name in double quotes only.
var reserved = []string{
	"alter", "and", "as", "between", "by", "case", "cast", "constraint", "create", "cross", "cube", "current_date", "current_time", "current_timestamp",
	"current_user", "deallocate", "delete", "describe", "distinct", "drop", "else", "end", "escape", "except", "execute", "exists", "extract", "false", "for",
	"from", "full", "group", "grouping", "having", "in", "inner", "insert", "intersect", "into", "is", "join", "left", "like", "localtime", "localtimestamp",
	"natural", "normalize", "not", "null", "on", "or", "order", "outer", "prepare", "recursive", "right", "rollup", "select", "table", "then", "trim", "true",
	"uescape", "union", "unnest", "using", "values", "when", "where", "with",
}

// refuseReserved refuses AS end, which DuckDB takes.
func refuseReserved(s *source) error {
	for i, t := range s.tokens {
		if t.Kind == Word && s.is(i-1, "as") && slices.Contains(reserved, t.Text) && !s.is(i+1, "(") {
			return s.refuse(i, "%s is a word of SQL: write the name in double quotes", t.Text)
		}
	}
	return nil
}
