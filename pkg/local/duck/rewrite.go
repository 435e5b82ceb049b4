//go:build cgo && (darwin || (linux && (amd64 || arm64)) || (windows && amd64))

package duck

import (
	"context"
	"database/sql/driver"
	"errors"
	"fmt"
	"slices"
	"strings"
)

// rewrite copies the Parquet file src to dst. Rows that condition chooses stay
// away or, with replacements, stay with these values; every other row stays as
// it is. What was written is read again and must be what was meant.
func rewrite(ctx context.Context, src, dst, condition string, with []Replacement) (r Rewritten, err error) {
	if err := missing([]string{src}); err != nil {
		return r, fmt.Errorf("rewrite %s: %w", src, err)
	}
	db, err := openWriter(ctx, convertThreads, convertMemory, "")
	if err != nil {
		return r, err
	}
	defer func() { err = errors.Join(err, db.close()) }()
	end, err := inspect(src)
	if err != nil {
		return r, fmt.Errorf("rewrite %s: %w", src, err)
	}
	from := " FROM " + oneFile(src)
	wanted := "SELECT *" + from + " WHERE (" + condition + ") IS NOT TRUE"
	if len(with) > 0 {
		own, err := db.columns(ctx, from)
		if err != nil {
			return r, fmt.Errorf("rewrite %s: %w", src, err)
		}
		wanted = "SELECT *" + replaceSQL(own, condition, with) + from
	}
	err = db.each(ctx, "SELECT count(*), count(*) FILTER (WHERE "+condition+")"+from, func(row []driver.Value) error {
		return scanCounts(row, &r.Before, &r.Changed)
	})
	if err != nil {
		return r, fmt.Errorf("rewrite %s: %w", src, err)
	}
	if err := db.exec(ctx, copySQL(wanted, dst, end.once)); err != nil {
		return r, fmt.Errorf("rewrite %s to %s: %w", src, dst, err)
	}
	r.After = r.Before
	if len(with) == 0 {
		r.After -= r.Changed
	}
	if err := db.verify(ctx, wanted, dst, condition, r.After); err != nil {
		return r, fmt.Errorf("rewrite %s to %s: %w", src, dst, err)
	}
	return r, nil
}

// oneFile reads a file as it is: the keys in its directory's name are no part
// of it.
func oneFile(path string) string {
	return "read_parquet(" + quote(path) + ", hive_partitioning = false)"
}

// columns names those of a relation.
func (db *database) columns(ctx context.Context, from string) ([]string, error) {
	var names []string
	err := db.each(ctx, "SELECT column_name FROM (DESCRIBE SELECT *"+from+")", func(row []driver.Value) error {
		name, ok := row[0].(string)
		if !ok {
			return fmt.Errorf("read columns: got %T", row[0])
		}
		names = append(names, name)
		return nil
	})
	return names, err
}

// replaceSQL changes the columns that the file has: an older one lacks some.
func replaceSQL(own []string, condition string, with []Replacement) string {
	var list []string
	for _, c := range with {
		if slices.Contains(own, c.Column) {
			list = append(list, fmt.Sprintf("CASE WHEN %s THEN %s ELSE %s END AS %s", condition, c.SQL, identifier(c.Column), identifier(c.Column)))
		}
	}
	if len(list) == 0 {
		return ""
	}
	return " REPLACE (" + strings.Join(list, ", ") + ")"
}

func identifier(name string) string { return `"` + strings.ReplaceAll(name, `"`, `""`) + `"` }

// verify compares what was meant with what a file holds: how many rows, a
// digest over all their values, and that none is left that condition chooses.
func (db *database) verify(ctx context.Context, wanted, path, condition string, rows int64) error {
	meant, err := digest(ctx, db, wanted)
	if err != nil {
		return err
	}
	got, err := digest(ctx, db, "SELECT * FROM "+oneFile(path))
	if err != nil {
		return err
	}
	left, err := db.int64(ctx, "SELECT count(*) FROM "+oneFile(path)+" WHERE "+condition)
	switch {
	case err != nil:
		return err
	case meant != got || got.Rows != rows:
		return fmt.Errorf("verify: it holds %d rows with digest %s, want %d with %s", got.Rows, got.Digest, rows, meant.Digest)
	case left != 0:
		return fmt.Errorf("verify: %d rows are still there that should not be", left)
	}
	return nil
}

func scanCounts(row []driver.Value, into ...*int64) error {
	for i, n := range into {
		v, ok := row[i].(int64)
		if !ok {
			return fmt.Errorf("read count: got %T", row[i])
		}
		*n = v
	}
	return nil
}
