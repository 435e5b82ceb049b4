//go:build cgo && (darwin || (linux && (amd64 || arm64)) || (windows && amd64))

package duck

import (
	"fmt"
	"strings"

	duckdb "github.com/duckdb/duckdb-go/v2"
)

// profiling has DuckDB keep what its scans did. Without timers it costs nothing
// that can be measured; EXPLAIN would plan each statement twice more, which over
// 2,000 files takes as long as to answer it.
const profiling = "PRAGMA enable_profiling = 'no_output';\n" +
	`SET custom_profiling_settings = '{"OPERATOR_NAME": "true", "EXTRA_INFO": "true"}'`

// filesRead gives how many Parquet files the scans of the last statement read,
// at most all. A statement that keeps no profile, such as EXPLAIN, reads none.
func (e *Engine) filesRead() int64 {
	profile, err := duckdb.GetProfilingInfo(e.db.session)
	if err != nil {
		return 0
	}
	scans := map[string]int64{}
	addScans(scans, profile)
	var files int64
	for _, n := range scans {
		files += n
	}
	return min(files, int64(len(e.files)))
}

// addScans notes how many files scans read, by the choice of files: scans
// of one choice read the same.
func addScans(scans map[string]int64, p duckdb.ProfilingInfo) {
	if fetchesLate(p) {
		addScans(scans, p.Children[1])
		return
	}
	if p.Metrics["OPERATOR_NAME"] == "READ_PARQUET" {
		extra := p.Metrics["EXTRA_INFO"]
		choice := choiceOf(extra)
		scans[choice] = max(scans[choice], filesOfScan(extra))
	}
	for _, c := range p.Children {
		addScans(scans, c)
	}
}

// choiceOf is the condition of a scan, if it has one, and the files that it is
// asked of.
func choiceOf(extra string) string {
	of := extra[max(strings.LastIndex(extra, "'Filename(s)'="), 0):]
	from, end := strings.LastIndex(extra, " File Filters="), strings.LastIndex(extra, ", Scanning Files=")
	if from < 0 || end < from {
		return of
	}
	return extra[from:end] + of
}

// filesOfScan takes the last such number: conditions, which may hold any text,
// come before it.
func filesOfScan(extra string) int64 {
	const name = "Total Files Read="
	var n int64
	if i := strings.LastIndex(extra, name); i >= 0 {
		if _, err := fmt.Sscanf(extra[i+len(name):], "%d", &n); err != nil {
			return 0
		}
	}
	return n
}

// fetchesLate tells whether an operator takes the rows that its right side
// chose from its left side, by row number: DuckDB does so when a window over
// wide rows keeps few of them. The left side opens files of the right only.
func fetchesLate(p duckdb.ProfilingInfo) bool {
	extra := p.Metrics["EXTRA_INFO"]
	return len(p.Children) == 2 && strings.Contains(extra, "Join Type=SEMI") && strings.Contains(extra, "file_row_number = file_row_number")
}
