package event

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// GlueColumn is a column as a Glue table or Athena DDL has it.
type GlueColumn struct {
	Name    string
	Type    string
	Comment string // one line, at most 255 characters: Glue's limit
}

// GlueColumns returns the columns for a Glue table, partition keys excluded.
func (s Schema) GlueColumns() []GlueColumn {
	columns := s.Columns()
	out := make([]GlueColumn, len(columns))
	for i, c := range columns {
		out[i] = GlueColumn{Name: c.Name, Type: c.Type.Glue(), Comment: c.comment()}
	}
	return out
}

func (c *Column) comment() string {
	if c.Limit == 0 {
		return c.Doc
	}
	return c.Doc + "; at most " + c.limit()
}

// limit says the column's limit in words, or nothing when it has none.
func (c *Column) limit() string {
	switch {
	case c.Type == Map:
		return fmt.Sprintf("%d entries, keys %d bytes, values %d bytes", MaxParams, MaxParamKey, c.Limit)
	case c.Limit > 0:
		return strconv.Itoa(c.Limit) + " bytes"
	}
	return ""
}

// DuckDBColumns returns the struct literal that DuckDB's read_json takes as
// columns: {'schema_version': 'INTEGER', …}. With it nothing is inferred: a
// line that does not fit a type is an error, a missing key is NULL.
func (s Schema) DuckDBColumns() string {
	var b strings.Builder
	for i, c := range s.Columns() {
		b.WriteString(separator(i, "{", ", "))
		fmt.Fprintf(&b, "'%s': '%s'", c.Name, c.Type.DuckDB())
	}
	b.WriteByte('}')
	return b.String()
}

// DuckDBCasts returns a select list that casts each column to its DuckDB type
// under its own name, for files whose types are not known to be right. Columns
// that the files lack are NULL.
func (s Schema) DuckDBCasts(lacks ...string) string {
	var b strings.Builder
	for i, c := range s.Columns() {
		from := c.Name
		if slices.Contains(lacks, c.Name) {
			from = "NULL"
		}
		b.WriteString(separator(i, "", ", "))
		fmt.Fprintf(&b, "CAST(%s AS %s) AS %s", from, c.Type.DuckDB(), c.Name)
	}
	return b.String()
}

// Markdown returns the documentation of all columns as one Markdown table.
func (s Schema) Markdown() string {
	var b strings.Builder
	b.WriteString("| column | type | in JSON | at most | what it holds |\n|---|---|---|---|---|\n")
	escape := strings.NewReplacer("|", `\|`, "<", "&lt;", ">", "&gt;")
	for _, c := range s.Columns() {
		fmt.Fprintf(&b, "| `%s` | `%s` | %s | %s | %s |\n",
			c.Name, c.Type, c.Rule, c.limit(), escape.Replace(c.Doc))
	}
	return b.String()
}

func separator(i int, first, rest string) string {
	if i == 0 {
		return first
	}
	return rest
}
