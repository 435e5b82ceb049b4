//go:build cgo && (darwin || (linux && (amd64 || arm64)) || (windows && amd64))

package duck

import (
	"context"
	"fmt"
	"time"

	"pixelctl/pkg/event"
)

// CountRows adds up the rows of Parquet files. It reads footers only.
func CountRows(ctx context.Context, files []string) (int64, error) {
	if len(files) == 0 {
		return 0, nil
	}
	if err := missing(files); err != nil {
		return 0, fmt.Errorf("count rows: %w", err)
	}
	db, err := openDatabase(ctx, 0, convertMemory, "")
	if err != nil {
		return 0, err
	}
	n, err := db.int64(ctx, "SELECT CAST(coalesce(sum(num_rows), 0) AS BIGINT) FROM parquet_file_metadata("+quoteList(files)+")")
	if err != nil {
		return 0, db.closeAfter(fmt.Errorf("count rows: %w", err))
	}
	return n, db.close()
}

// RewriteOutside copies the Parquet file src to dst without the rows that were
// received in [since, until). A zero time is an open end. dst is written even
// when no row is kept; the caller removes it then.
func RewriteOutside(ctx context.Context, src, dst string, since, until time.Time) (Rewritten, error) {
	return rewrite(ctx, src, dst, inside(since, until), nil)
}

// inside is the condition that received_at lies in [since, until).
func inside(since, until time.Time) string {
	condition := "received_at IS NOT NULL"
	if !since.IsZero() {
		condition += " AND received_at >= " + timestamp(since)
	}
	if !until.IsZero() {
		condition += " AND received_at < " + timestamp(until)
	}
	return condition
}

func timestamp(t time.Time) string {
	return "TIMESTAMP " + quote(t.UTC().Format(event.TimeLayout+"000"))
}

// copySQL writes a query as one Parquet file, for openWriter. A row group, of so
// many rows or bytes, bounds the memory that writing takes, and reading it again;
// once is its mark, see onceKey.
func copySQL(sql, path, once string) string {
	options := "FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE 61440, ROW_GROUP_SIZE_BYTES '32MB'"
	if once != "" {
		options += ", KV_METADATA {" + onceKey + ": " + quote(once) + "}"
	}
	return "COPY (" + sql + ") TO " + quote(path) + " (" + options + ")"
}
