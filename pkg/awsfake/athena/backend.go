package athena

import (
	"context"
	"fmt"

	"pixelctl/pkg/awsfake/glue"
	"pixelctl/pkg/query"
)

// Catalog is the data catalog as statements see it. Names are in lower case.
// What is not there is a wire.Error with code EntityNotFoundException.
type Catalog interface {
	Table(ctx context.Context, database, name string) (glue.Table, error)
	Tables(ctx context.Context, database string) ([]glue.Table, error)
	Partitions(ctx context.Context, database, table string) ([]glue.Partition, error)
	AddPartition(ctx context.Context, database, table string, p glue.Partition) error
	DropPartition(ctx context.Context, database, table string, values []string) error
}

// Store is the objects: those of tables, and the results.
type Store interface {
	Get(ctx context.Context, bucket, key string) ([]byte, error)
	// List gives the keys with the prefix, sorted.
	List(ctx context.Context, bucket, prefix string) ([]string, error)
	Put(ctx context.Context, bucket, key string, body []byte) error
}

// Statement is what a back end is asked.
type Statement struct {
	SQL      string
	Database string
	Limit    int64 // bytes that it may scan; 0 sets no limit
}

// Backend runs what Athena gives to its Trino: statements that read, and the
// part of UNLOAD that reads and writes objects.
type Backend interface {
	// Check parses a statement and no more. What Athena refuses at once is a
	// *QueryError named MalformedQuery.
	Check(ctx context.Context, s Statement) error
	// Run answers a statement. What fails in Athena is a *QueryError.
	Run(ctx context.Context, s Statement) (Result, error)
	// Unload writes the answer as files below u.Location and gives their URLs.
	Unload(ctx context.Context, s Statement, u Unload) (Unloaded, error)
}

// Result is an answer as Athena prints it.
type Result struct {
	Columns []query.Column // types as Athena's DDL of engine 3 writes them
	Rows    [][]*string    // nil is NULL
	Scanned int64          // bytes of the objects in the partitions that were read
}

// Unload says where and how UNLOAD writes.
type Unload struct {
	Location string // s3:// URL that ends with a slash
	Format   string // PARQUET, JSON, ORC, TEXTFILE or AVRO
	Codec    string // as the statement names it; "" is GZIP
}

// Unloaded is what UNLOAD wrote.
type Unloaded struct {
	Files   []string // s3:// URLs
	Rows    int64
	Scanned int64
}

// Names of failures that mean more than their text.
const (
	MalformedQuery = "MALFORMED_QUERY"  // refused by StartQueryExecution
	ScanLimit      = "SCAN_LIMIT"       // the statement is cancelled
	InternalError  = "INTERNAL_FAILURE" // of the engine; may be tried again
)

// QueryError is how a statement fails.
type QueryError struct {
	Name    string // Trino's name of the error, such as COLUMN_NOT_FOUND
	Message string // with its place, such as line 1:8: Column 'x' cannot be resolved
	Scanned int64  // bytes read before it failed
	System  bool   // it is no fault of the user's
}

// Error gives what Athena gives as StateChangeReason.
func (f *QueryError) Error() string {
	switch f.Name {
	case "", MalformedQuery, ScanLimit:
		return f.Message
	}
	return f.Name + ": " + f.Message
}

// Fail makes a failure.
func Fail(name, format string, args ...any) *QueryError {
	return &QueryError{Name: name, Message: fmt.Sprintf(format, args...)}
}

// OverLimit is the failure of a statement that would read more than it may:
// it is stopped, and billed, when it has read that much.
func OverLimit(limit int64) *QueryError {
	return &QueryError{Name: ScanLimit, Message: "Bytes scanned limit was exceeded", Scanned: limit}
}
