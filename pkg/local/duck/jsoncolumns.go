//go:build cgo && (darwin || (linux && (amd64 || arm64)) || (windows && amd64))

package duck

import (
	"fmt"
	"strings"

	duckdb "github.com/duckdb/duckdb-go/v2"
)

// withJSONText reads columns of JSON as text. The driver would decode them and
// lose the order of keys and the digits of large numbers.
func (e *Engine) withJSONText(stmt *duckdb.Stmt, sql string, columns []column) (*duckdb.Stmt, error) {
	var list []string
	found := false
	for i, c := range columns {
		cell := fmt.Sprintf("#%d", i+1)
		if c.json {
			cell, found = "CAST("+cell+" AS VARCHAR)", true
			columns[i].convert = same
		}
		list = append(list, cell)
	}
	if !found {
		return stmt, nil
	}
	wrapped, err := e.db.prepare("SELECT " + strings.Join(list, ", ") + " FROM (" + trimStatement(sql) + "\n)")
	if err != nil {
		return nil, closeAfter(stmt, err)
	}
	return wrapped, stmt.Close()
}
