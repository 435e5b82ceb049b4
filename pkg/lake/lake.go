// Package lake is how records lie in storage: the Hive layout of hours, the
// names of files, the definition of the table and its views, and the catalog
// of registered hours. It does no I/O.
package lake

import "strings"

// Names that both targets use.
const (
	Database    = "pixelctl"
	Table       = "tp_hits"
	DataPrefix  = "data"   // rows, below year=…/month=…/day=…/hour=…
	ErrorPrefix = "errors" // what did not become rows; outside the table's location
)

// Extension is that of a data file on the local target.
const Extension = ".parquet"

// FileName returns the name of the data file of a spool segment. It depends on
// the segment alone, so that writing it again after a crash doubles no row.
func FileName(segment string) string { return segment + Extension }

// SegmentOf returns the segment of a data file's name, and false for a name
// that no segment has: hidden files, which Hive, Trino and Athena skip, paths,
// and other extensions.
func SegmentOf(fileName string) (string, bool) {
	segment, ok := strings.CutSuffix(fileName, Extension)
	if !ok || segment == "" || strings.ContainsAny(segment, `/\`) || segment[0] == '.' || segment[0] == '_' {
		return "", false
	}
	return segment, true
}
