package event

import (
	"strings"
	"testing"
	"unicode/utf8"
)

func TestMarkdown(t *testing.T) { golden(t, "columns.md", Schema{}.Markdown()) }

func TestDuckDBColumns(t *testing.T) {
	golden(t, "duckdb_columns.sql", Schema{}.DuckDBColumns()+"\n"+Schema{}.DuckDBCasts()+"\n")
}

func TestGlueColumns(t *testing.T) {
	var b strings.Builder
	for i, c := range (Schema{}).GlueColumns() {
		if c.Name != (Schema{}).Names()[i] {
			t.Errorf("column %d is %s in one view and %s in another", i, c.Name, Schema{}.Names()[i])
		}
		// Glue: comments are one line of at most 255 characters.
		if n := utf8.RuneCountInString(c.Comment); n == 0 || n > 255 || strings.ContainsAny(c.Comment, "\n\r\t") {
			t.Errorf("%s: comment of %d characters", c.Name, n)
		}
		b.WriteString(c.Name + "\t" + c.Type + "\t" + c.Comment + "\n")
	}
	golden(t, "glue_columns.tsv", b.String())
}
