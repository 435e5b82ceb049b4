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
