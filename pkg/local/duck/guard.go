//go:build cgo && (darwin || (linux && (amd64 || arm64)) || (windows && amd64))

package duck

import (
	"strings"

	duckdb "github.com/duckdb/duckdb-go/v2"

	"pixelctl/pkg/fault"
	"pixelctl/pkg/lake"
	"pixelctl/pkg/query/dialect"
)

// sideEffects are functions that change the engine or write to standard
// output from within a SELECT, or run SQL that the guard does not see. Those
// that begin with enable_ or disable_ are refused too.
var sideEffects = map[string]bool{
	"arrow_scan": true, "arrow_scan_dumb": true, "checkpoint": true, "duckdb_secrets": true, "force_checkpoint": true,
	"json_execute_serialized_sql": true, "query": true, "query_table": true, "sql_auto_complete": true,
	"truncate_duckdb_logs": true, "which_secret": true, "write_log": true,
}

func hasSideEffects(function string) bool {
	return sideEffects[function] || strings.HasPrefix(function, "enable_") || strings.HasPrefix(function, "disable_")
}

// writes begin statements that DuckDB may refuse for another reason first:
// tp_hits is a view to it.
var writes = map[string]bool{"INSERT": true, "UPDATE": true, "DELETE": true, "MERGE": true, "TRUNCATE": true, "ALTER": true, "DROP": true}

const readHint = "queries only read; use SELECT, WITH or VALUES, for example SELECT * FROM " +
	lake.Table + " LIMIT 10"

func refuse(format string, args ...any) error {
	return fault.New(fault.Usage, format, args...).WithHint("%s", readHint)
}

// prepare has sql parsed and bound, exactly as it was written, and refuses it
// unless it is one statement that only reads and has a value for each of its
// parameters. Nothing runs here.
func (e *Engine) prepare(sql string, values int) (*duckdb.Stmt, error) {
	if name, ok := calls(sql, hasSideEffects); ok {
		return nil, refuse("run query: function %s is not allowed", name)
	}
	stmt, err := e.prepareOne(sql)
	if word := firstWord(sql); err != nil && writes[word] {
		return nil, refuse("run query: %s does not read", word)
	}
	if err != nil {
		return nil, err
	}
	if err := e.checkReads(stmt, sql); err != nil {
		return nil, closeAfter(stmt, err)
	}
	if stmt.NumInput() != values {
		return nil, closeAfter(stmt, refuse("run query: parameters such as ? have no value here"))
	}
	return stmt, nil
}

func (e *Engine) prepareOne(sql string) (*duckdb.Stmt, error) {
	stmt, err := e.db.prepare(sql)
	switch {
	case err == nil:
		return stmt, nil
	case strings.Contains(err.Error(), "multi-statement"):
		return nil, refuse("run query: more than one statement, or PIVOT without IN; give one at a time")
	case trimStatement(sql) == "":
		return nil, refuse("run query: there is no statement")
	}
	return nil, err
}

func (e *Engine) checkReads(stmt *duckdb.Stmt, sql string) error {
	kind, err := stmt.StatementType()
	if err != nil {
		return err
	}
	switch kind {
	case duckdb.STATEMENT_TYPE_SELECT:
		return nil
	case duckdb.STATEMENT_TYPE_EXPLAIN:
		return e.checkExplained(sql)
	}
	return refuse("run query: %s does not read", firstWord(sql))
}

// checkExplained looks at what is explained, because EXPLAIN ANALYZE runs it.
func (e *Engine) checkExplained(sql string) error {
	inner, ok := explained(sql)
	if !ok || inner == "" {
		return refuse("run query: cannot tell what EXPLAIN explains")
	}
	stmt, err := e.prepareOne(inner)
	if err != nil {
		return err
	}
	return closeAfterCheck(stmt, e.checkReads(stmt, inner))
}

func closeAfterCheck(stmt *duckdb.Stmt, err error) error {
	if err != nil {
		return closeAfter(stmt, err)
	}
	return stmt.Close()
}

func firstWord(sql string) string {
	list := dialect.Tokens(sql)
	if len(list) == 0 {
		return "an empty statement"
	}
	return strings.ToUpper(list[0].Text)
}
