//go:build cgo && (darwin || (linux && (amd64 || arm64)) || (windows && amd64))

package duck

import (
	"fmt"
	"strings"

	"pixelctl/pkg/event"
)

// Options of read_json for the lines of the spool. Buffers are a multiple of
// the largest line, so the limit also bounds memory.
const (
	maxLine     = 1 << 20 // bytes
	jsonOptions = "format = 'newline_delimited', records = true, maximum_object_size = 1048576"
)

const hiveOptions = "hive_partitioning = true, hive_types = " +
	"{'year': 'INTEGER', 'month': 'INTEGER', 'day': 'INTEGER', 'hour': 'INTEGER'}"

// relationSQL creates a view with the table's columns over files and the spool.
// Partition keys of files come from their directories, so predicates on them
// leave files out.
func relationSQL(name string, schema event.Schema, files []generation, spool []string) string {
	var parts []string
	for _, g := range files {
		parts = append(parts, parquetSQL(schema, g))
	}
	if len(spool) > 0 {
		parts = append(parts, spoolSQL(schema, spool))
	}
	if len(parts) == 0 {
		parts = append(parts, emptySQL(schema))
	}
	return "CREATE OR REPLACE VIEW " + name + " AS\n" + strings.Join(parts, "\nUNION ALL\n")
}

func parquetSQL(schema event.Schema, g generation) string {
	return fmt.Sprintf("SELECT %s, year, month, day, hour FROM read_parquet(%s, %s)",
		schema.DuckDBCasts(g.lacks...), quoteList(g.files), hiveOptions)
}

// spoolSQL leaves out lines that are torn or lack what every record has.
func spoolSQL(schema event.Schema, spool []string) string {
	return fmt.Sprintf("SELECT %s, %s FROM read_json(%s, columns = %s, %s, ignore_errors = true)\n"+
		"WHERE event_id IS NOT NULL AND received_at IS NOT NULL",
		strings.Join(schema.Names(), ", "), keysOf("received_at"), quoteList(spool), schema.DuckDBColumns(), jsonOptions)
}

func emptySQL(schema event.Schema) string {
	return "SELECT " + schema.DuckDBCasts(schema.Names()...) + ", 0 AS year, 0 AS month, 0 AS day, 0 AS hour WHERE false"
}

func keysOf(column string) string {
	keys := make([]string, 0, 4)
	for _, k := range []string{"year", "month", "day", "hour"} {
		keys = append(keys, fmt.Sprintf("CAST(%s(%s) AS INTEGER) AS %s", k, column, k))
	}
	return strings.Join(keys, ", ")
}
