// Package duck runs SQL over the local lake with DuckDB and writes its Parquet
// files. It is the only package that links DuckDB, which needs cgo; without it
// every function says so.
package duck

import (
	"errors"
	"time"

	"pixelctl/pkg/event"
	"pixelctl/pkg/lake"
)

// ErrSourceChanged says that a file of a Source is gone: it was flushed,
// purged or compacted since it was listed. List again and retry.
var ErrSourceChanged = errors.New("the lake changed while it was read")

// The relations that the table is made of: rows that have no copy, and rows that
// may have one.
const (
	filesSchema = "files"
	Single      = filesSchema + ".single"
	Repeatable  = filesSchema + ".repeatable"
)

// Source is what one query reads.
type Source struct {
	Data  string   // directory of the Parquet files, absolute
	Files []File   // Parquet files of the registered partitions
	Spool []string // NDJSON of records that are not Parquet yet; the last line may be torn
	// Schema is that of the table. What a file lacks is NULL, and what it has
	// beyond it is passed over.
	Schema event.Schema
}

// File is one Parquet file below Source.Data. Its directories hold the
// partition keys.
type File struct {
	Path string // absolute
	Hour lake.Hour
}

// Options bound what DuckDB uses.
type Options struct {
	Threads     int    // 0: one for each processor
	MemoryLimit string // as DuckDB reads it, such as 512MB; empty: 1GB
	Native      bool   // statements are in DuckDB's own words already
	Most        int64  // rows of an answer that are looked at; 0: all
	Few         bool   // all rows of an answer may be in memory, which saves a plan of the statement
}

// ConvertOptions say what Convert reads and where it writes.
type ConvertOptions struct {
	Source      string // NDJSON segment
	Schema      event.Schema
	Staging     string    // directory for the result; files there are replaced
	Name        string    // stem of every file written; derives from the segment
	At          time.Time // when the conversion is attempted, for error lines; zero: when Source was last written
	Threads     int       // 0: 2
	MemoryLimit string    // as DuckDB reads it; empty: 512MB
}

// Converted counts the lines of a segment. Rows + Errors is the number of
// lines that are not blank.
type Converted struct {
	Rows   int64 // rows in Parquet files
	Errors int64 // lines in the error file
}

// Merged is what Merge wrote.
type Merged struct {
	Rows   int64
	Digest string // of the rows, whatever their order
}

// Person says which rows belong to somebody.
type Person struct {
	Column string
	Values []string  // every form of the value that the column may hold
	Since  time.Time // of received_at: [Since, Until); zero is an open end
	Until  time.Time
}

// Search is where a person was found.
type Search struct {
	Rows    map[string]int64  // of the person, by file that has some
	Damaged map[string]string // files that cannot be read, and why
	Scanned int64             // bytes read to find them
}

// Replacement is what is to stand in a column of a person's rows.
type Replacement struct {
	Column string
	SQL    string // typed as the column
}

// Rewritten counts the rows of a file and of the one that shall take its place.
type Rewritten struct {
	Before  int64
	After   int64
	Changed int64 // left out, or written with other values
}
