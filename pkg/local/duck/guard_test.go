//go:build cgo && (darwin || (linux && (amd64 || arm64)) || (windows && amd64))

package duck

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"pixelctl/pkg/fault"
	"pixelctl/pkg/query"
)

func TestStatementsThatRead(t *testing.T) {
	e := open(t, Source{Spool: []string{segment(t, 10, 1)}})
	for _, sql := range []string{
		"SELECT 1", "select 1;", "SELECT 1 ; ; -- done", "/* a /* b */ ; */ SELECT 1", "-- x\nSELECT 1 -- y; z",
		"WITH x AS (SELECT 1 AS a) SELECT a FROM x", "VALUES (1), (2)", "TABLE tp_hits",
		"(SELECT 1)",
		"SELECT ';'", "SELECT 'insert into x'", `SELECT 1 AS "a;b"`,
		"SELECT 1 AS query, 2 AS checkpoint", "SELECT 'query(1)'",
	} {
		if _, err := ask(e, sql); err != nil {
			t.Errorf("%s: %v", sql, err)
		}
	}
	for _, sql := range []string{
		"DESCRIBE tp_hits", "SHOW TABLES", "EXPLAIN SELECT 1", "EXPLAIN ANALYZE SELECT count(*) FROM hits", "EXPLAIN (ANALYZE, FORMAT json) SELECT 1",
		"EXPLAIN (SELECT 1)", "FROM tp_hits", "SUMMARIZE tp_hits", "SELECT $$;$$", "SELECT $x$ ; $x$", `SELECT E'\'; x'`,
	} {
		if _, err := askDuck(e, sql); err != nil {
			t.Errorf("%s: %v", sql, err)
		}
	}
}

func TestStatementsThatDoMore(t *testing.T) {
	src, _ := stage(t, segment(t, 5, 1))
	e, translating := open(t, src), open(t, src)
	file := src.Files[0].Path
	outside := filepath.Join(t.TempDir(), "x")
	for _, sql := range []string{
		"INSERT INTO tp_hits VALUES (1)", "UPDATE tp_hits SET site = 'x'", "DELETE FROM tp_hits", "TRUNCATE tp_hits",
		"CREATE TABLE x (a INT)", "CREATE TEMP TABLE x AS SELECT 1", "CREATE OR REPLACE VIEW hits AS SELECT 1",
		"CREATE MACRO f() AS 1", "CREATE SEQUENCE s", "CREATE SCHEMA s", "CREATE TYPE t AS ENUM ('a')",
		"CREATE SECRET (TYPE s3)", "DROP VIEW hits", "ALTER VIEW hits RENAME TO x", "COMMENT ON VIEW hits IS 'x'",
		"COPY (SELECT 1) TO '" + outside + "'", "COPY tp_hits TO '" + file + "' (FORMAT parquet)",
		"COPY (SELECT 1) TO '/dev/stdout'", "EXPORT DATABASE '" + outside + "'", "IMPORT DATABASE '/tmp'",
		"ATTACH '" + outside + "' AS x", "ATTACH ':memory:' AS x", "DETACH memory", "USE pixelctl",
		"INSTALL httpfs", "LOAD httpfs", "FORCE INSTALL json", "UPDATE EXTENSIONS",
		"SET threads = 1", "SET GLOBAL enable_external_access = true", "RESET threads", "SET VARIABLE x = 1",
		"PRAGMA enable_profiling", "PRAGMA threads = 4", "PRAGMA database_list; SELECT 1", "CALL pragma_version()",
		"CALL enable_logging(storage = 'stdout')", "CHECKPOINT", "VACUUM", "ANALYZE", "BEGIN", "COMMIT", "ROLLBACK",
		"PREPARE p AS SELECT 1", "EXECUTE p", "DEALLOCATE p",
		"EXPLAIN ANALYZE CREATE TABLE x AS SELECT 1", "EXPLAIN ANALYZE COPY (SELECT 1) TO '" + outside + "'",
		"EXPLAIN /* x */ (ANALYZE) INSERT INTO tp_hits VALUES (1)", "explain /* ; */ (analyze) create table x (a int);",
		"SELECT 1; SELECT 2", "SELECT 1; DROP VIEW hits", "DROP VIEW hits; SELECT 1", "SELECT 1;; SELECT 2",
		"SELECT * FROM read_csv('/etc/passwd')", "SELECT * FROM read_text('/etc/passwd')", "SELECT * FROM read_blob('/etc/passwd')",
		"SELECT * FROM read_json('/etc/passwd')", "SELECT * FROM '/etc/passwd'", "SELECT * FROM glob('/etc/*')",
		"SELECT * FROM read_parquet('/etc/passwd')", "SELECT * FROM parquet_metadata('/etc/passwd')",
		"SELECT * FROM sniff_csv('/etc/passwd')", "SELECT * FROM 'https://example.com/x.parquet'",
		"SELECT * FROM read_parquet('s3://bucket/x.parquet')", "SELECT * FROM read_text('" + filepath.Dir(file) + "/../x')",
		"SELECT getenv('HOME')", "SELECT * FROM query('SELECT 1')", "SELECT * FROM \"query\"('SELECT 1')",
		"SELECT * FROM query_table('hits')", "SELECT * FROM enable_logging(storage = 'stdout')", "FROM Enable_Profiling ()",
		"FROM system.main.\"ENABLE_profiling\" /* x */ ()", "SELECT * FROM checkpoint()", "SELECT write_log('x')",
		"FROM json_execute_serialized_sql(json_serialize_sql('SELECT 1'))", "SELECT * FROM duckdb_secrets()",
		"SELECT ?", "SELECT $1", "", " ; ", "-- nothing", "/* nothing",
	} {
		// The translator may refuse it first; the guard must, too.
		if _, err := ask(translating, sql); err == nil {
			t.Errorf("%s: ran", sql)
		}
		_, err := askDuck(e, sql)
		if err == nil {
			t.Errorf("%s: ran", sql)
			continue
		}
		var syntax *query.SyntaxError
		if fault.KindOf(err) != fault.Usage && !errors.As(err, &syntax) {
			t.Errorf("%s: got %v, want a usage or syntax error", sql, err)
		}
		if fault.KindOf(err) == fault.Usage && !strings.Contains(fault.HintOf(err), "queries only read; use SELECT") {
			t.Errorf("%s: hint %q", sql, fault.HintOf(err))
		}
	}
	if _, err := os.Stat(outside); !os.IsNotExist(err) {
		t.Errorf("a statement wrote %s", outside)
	}
	if got := one(t, e, "SELECT count(*) FROM hits"); got != int64(5) {
		t.Errorf("afterwards: got %v rows, want 5", got)
	}
}

// The guard is the first wall; behind it the engine itself is locked.
func TestEngineIsLocked(t *testing.T) {
	src, _ := stage(t, segment(t, 5, 1))
	e := open(t, src)
	outside := filepath.Join(t.TempDir(), "x.csv")
	for _, sql := range []string{
		"SET GLOBAL enable_external_access = true", "SET threads = 1", "COPY (SELECT 1) TO '" + outside + "'",
		"ATTACH '" + outside + "' AS x", "LOAD httpfs", "SELECT * FROM read_csv('/etc/passwd')",
	} {
		if err := e.db.exec(t.Context(), sql); err == nil {
			t.Errorf("%s: ran", sql)
		}
	}
}
