//go:build !(cgo && (darwin || (linux && (amd64 || arm64)) || (windows && amd64)))

package duck

import (
	"context"
	"time"

	"pixelctl/pkg/fault"
	"pixelctl/pkg/lake"
	"pixelctl/pkg/query"
)

// Version says that this build has no DuckDB.
func Version() string { return "not in this build" }

func unavailable(what string) error {
	return fault.New(fault.Failed, "%s: this build has no DuckDB", what).
		WithHint("build with cgo and a C++ compiler on Linux, macOS (amd64, arm64) or Windows (amd64): CGO_ENABLED=1 go build .")
}

// Engine answers no SQL in this build.
type Engine struct{}

var _ query.Engine = (*Engine)(nil)

// Open fails: this build has no DuckDB.
func Open(context.Context, Source, Options) (*Engine, error) {
	return nil, unavailable("query the local lake")
}

// Query fails: this build has no DuckDB.
func (*Engine) Query(context.Context, string, ...query.Param) (query.Rows, error) {
	return nil, unavailable("query the local lake")
}

// Close does nothing.
func (*Engine) Close() error { return nil }

// Convert fails: this build has no DuckDB.
func Convert(context.Context, ConvertOptions) (Converted, error) {
	return Converted{}, unavailable("write Parquet files")
}

// CountRows fails: this build has no DuckDB.
func CountRows(context.Context, []string) (int64, error) {
	return 0, unavailable("count rows")
}

// RewriteOutside fails: this build has no DuckDB.
func RewriteOutside(context.Context, string, string, time.Time, time.Time) (Rewritten, error) {
	return Rewritten{}, unavailable("rewrite Parquet files")
}

// FindPerson fails: this build has no DuckDB.
func FindPerson(context.Context, []string, Person) (Search, error) {
	return Search{}, unavailable("look for a person")
}

// RewritePerson fails: this build has no DuckDB.
func RewritePerson(context.Context, string, string, Person, []Replacement) (Rewritten, error) {
	return Rewritten{}, unavailable("rewrite Parquet files")
}

// Merge fails: this build has no DuckDB.
func Merge(context.Context, lake.Hour, []string, string) (Merged, error) {
	return Merged{}, unavailable("merge Parquet files")
}

// Damaged fails: this build has no DuckDB.
func Damaged(context.Context, []string) (map[string]string, error) {
	return nil, unavailable("read Parquet files")
}
