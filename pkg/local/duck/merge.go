//go:build cgo && (darwin || (linux && (amd64 || arm64)) || (windows && amd64))

package duck

import (
	"context"
	"database/sql/driver"
	"errors"
	"fmt"

	"pixelctl/pkg/lake"
)

// Merge writes the rows of Parquet files of an hour as one file, dst. What a file
// lacks is NULL there. It fails when dst would not hold the same rows as the files.
func Merge(ctx context.Context, hour lake.Hour, files []string, dst string) (m Merged, err error) {
	if err := missing(files); err != nil {
		return m, fmt.Errorf("merge files: %w", err)
	}
	db, err := openWriter(ctx, convertThreads, convertMemory, "")
	if err != nil {
		return m, err
	}
	defer func() { err = errors.Join(err, db.close()) }()
	all := "SELECT * FROM read_parquet(" + quoteList(files) + ", hive_partitioning = false, union_by_name = true)"
	if m, err = digest(ctx, db, all); err != nil {
		return m, fmt.Errorf("read files to merge: %w", err)
	}
	once, err := markFor(ctx, db, hour, all, m.Rows)
	if err != nil {
		return m, fmt.Errorf("look for copies in the files to merge: %w", err)
	}
	if err := db.exec(ctx, copySQL(all, dst, once)); err != nil {
		return m, fmt.Errorf("write %s: %w", dst, err)
	}
	written, err := digest(ctx, db, "SELECT * FROM read_parquet("+quote(dst)+", hive_partitioning = false)")
	if err != nil {
		return m, fmt.Errorf("read %s again: %w", dst, err)
	}
	if written != m {
		return m, fmt.Errorf("merge files: %s holds %d rows with digest %s, the files %d with %s", dst, written.Rows, written.Digest, m.Rows, m.Digest)
	}
	return m, nil
}

// Damaged reads Parquet files to their ends, and tells which of them cannot be
// read, and why. It is for after an error: it takes as long as Merge.
func Damaged(ctx context.Context, files []string) (map[string]string, error) {
	found := map[string]string{}
	for _, f := range files {
		_, err := inspect(f)
		if errors.Is(err, ErrSourceChanged) {
			return nil, err
		}
		if err != nil {
			found[f] = err.Error()
			continue
		}
		readErr, err := readAll(ctx, convertThreads, convertMemory, "SELECT * FROM "+oneFile(f))
		if err != nil {
			return nil, err
		}
		if readErr != nil {
			found[f] = "damaged: " + message(readErr.Error())
		}
	}
	return found, nil
}

// digest counts the rows of a query and adds up their hashes: the order of
// rows does not change it, a row twice does.
func digest(ctx context.Context, db *database, sql string) (m Merged, err error) {
	err = db.each(ctx, "SELECT count(*), coalesce(CAST(sum(hash(t)) AS VARCHAR), '0') FROM ("+sql+") AS t", func(row []driver.Value) error {
		var whole, text bool
		m.Rows, whole = row[0].(int64)
		m.Digest, text = row[1].(string)
		if !whole || !text {
			return fmt.Errorf("read digest: got %T and %T", row[0], row[1])
		}
		return nil
	})
	return m, err
}
