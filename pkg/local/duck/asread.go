//go:build cgo && (darwin || (linux && (amd64 || arm64)) || (windows && amd64))

package duck

import (
	"fmt"
	"slices"
	"strings"

	duckdb "github.com/duckdb/duckdb-go/v2"

	"pixelctl/pkg/query/dialect"
)

// asRead has a query give what is read of it. Columns of JSON come as text: the
// driver would decode them and lose the order of keys and the digits of large
// numbers. Of rows come no more than are looked at: all of them are computed
// before the first is read. Where that is all, they are kept in a table: the
// driver would hold them in memory that no limit bounds.
func (e *Engine) asRead(stmt *duckdb.Stmt, sql string, columns []column) (reading, error) {
	r := reading{db: e.db, stmt: stmt}
	before, after := "", ""
	switch {
	case !isQuery(sql):
	case e.options.Most > 0:
		after = fmt.Sprintf(" LIMIT %d", e.options.Most)
	case !e.options.Few && !readsCatalog(sql):
		r.keeps, before = true, "CREATE OR REPLACE TEMP TABLE "+answerTable+" AS "
	}
	r.wrapped = before+after != ""
	var list []string
	for i, c := range columns {
		cell := fmt.Sprintf("#%d", i+1)
		if c.json {
			cell, r.wrapped = "CAST("+cell+" AS VARCHAR)", true
			columns[i].convert = same
		}
		list = append(list, fmt.Sprintf("%s AS c%d", cell, i+1))
	}
	if !r.wrapped {
		return r, nil
	}
	var err error
	if r.stmt, err = e.db.prepare(before + "SELECT " + strings.Join(list, ", ") + " FROM (\n" + trimStatement(sql) + "\n)" + after); err != nil {
		return r, closeAfter(stmt, wrappedError{err})
	}
	return r, stmt.Close()
}

// isQuery tells a query from SHOW, DESCRIBE and EXPLAIN, which stand for
// themselves.
func isQuery(sql string) bool {
	list := dialect.Tokens(sql)
	return len(list) > 0 && slices.ContainsFunc([]string{"select", "with", "values", "table", "(", "from"}, list[0].Is)
}

// readsCatalog tells a query that would find the table of its own answer.
func readsCatalog(sql string) bool {
	return slices.ContainsFunc(dialect.Tokens(sql), func(t dialect.Token) bool { return t.Is("information_schema") })
}
