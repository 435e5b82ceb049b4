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
// before the first is read.
func (e *Engine) asRead(stmt *duckdb.Stmt, sql string, columns []column) (*duckdb.Stmt, error) {
	var list []string
	most := ""
	if e.options.Most > 0 && isQuery(sql) {
		most = fmt.Sprintf(" LIMIT %d", e.options.Most)
	}
	wrap := most != ""
	for i, c := range columns {
		cell := fmt.Sprintf("#%d", i+1)
		if c.json {
			cell, wrap = "CAST("+cell+" AS VARCHAR)", true
			columns[i].convert = same
		}
		list = append(list, cell)
	}
	if !wrap {
		return stmt, nil
	}
	wrapped, err := e.db.prepare("SELECT " + strings.Join(list, ", ") + " FROM (" + trimStatement(sql) + "\n)" + most)
	if err != nil {
		return nil, closeAfter(stmt, err)
	}
	return wrapped, stmt.Close()
}

// isQuery tells a query from SHOW, DESCRIBE and EXPLAIN, which stand for
// themselves.
func isQuery(sql string) bool {
	list := dialect.Tokens(sql)
	return len(list) > 0 && slices.ContainsFunc([]string{"select", "with", "values", "table", "(", "from"}, list[0].Is)
}
