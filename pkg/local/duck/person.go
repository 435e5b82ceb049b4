//go:build cgo && (darwin || (linux && (amd64 || arm64)) || (windows && amd64))

package duck

import (
	"context"
	"database/sql/driver"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	duckdb "github.com/duckdb/duckdb-go/v2"
)

// searchBatch is how many files one statement looks into: the statement and
// the log of its reads grow with them.
const searchBatch = 1000

// FindPerson counts the rows of a person in each file. Of the files it reads
// footers and the columns that are compared, and of these only what may hold
// the value by the footer's bounds and Bloom filters.
func FindPerson(ctx context.Context, files []string, p Person) (Search, error) {
	s := Search{Rows: map[string]int64{}, Damaged: map[string]string{}}
	var with []string
	for _, f := range files {
		if err := ctx.Err(); err != nil {
			return s, err
		}
		end, read, err := inspectCounted(f)
		s.Scanned += read
		switch {
		case errors.Is(err, ErrSourceChanged):
			return s, err
		case err != nil:
			s.Damaged[f] = err.Error()
		case end.columns == nil || slices.Contains(end.columns, p.Column):
			with = append(with, f)
		}
	}
	for batch := range slices.Chunk(with, searchBatch) {
		if err := s.look(ctx, batch, p); err != nil {
			return s, fmt.Errorf("look for a person in %d files: %w", len(files), err)
		}
	}
	return s, nil
}

// look counts in some files. When one of them is damaged it halves them until
// it has found which.
func (s *Search) look(ctx context.Context, files []string, p Person) error {
	rows, read, err := countPerson(ctx, files, p)
	s.Scanned += read
	if err == nil {
		maps.Copy(s.Rows, rows)
		return nil
	}
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if err := missing(files); err != nil {
		return err
	}
	if d := (*duckdb.Error)(nil); !errors.As(err, &d) || !aboutFiles(d) {
		return err
	}
	if len(files) == 1 {
		s.Damaged[files[0]] = "damaged: " + message(err.Error())
		return nil
	}
	half := len(files) / 2
	if err := s.look(ctx, files[:half], p); err != nil {
		return err
	}
	return s.look(ctx, files[half:], p)
}

// countPerson has a database of its own: the error of a damaged file may
// invalidate it.
func countPerson(ctx context.Context, files []string, p Person) (rows map[string]int64, read int64, err error) {
	db, err := openDatabase(ctx, 0, queryMemory, "")
	if err != nil {
		return nil, 0, err
	}
	defer func() { err = errors.Join(err, db.close()) }()
	// DuckDB itself says what it reads.
	if err := db.exec(ctx, "CALL enable_logging('FileSystem', storage = 'memory')"); err != nil {
		return nil, 0, err
	}
	rows = map[string]int64{}
	asked := make(map[string]bool, len(files))
	for _, f := range files {
		asked[f] = true
	}
	sql := "SELECT __file, count(*) FROM read_parquet(" + quoteList(files) + ", hive_partitioning = false, filename = '__file') WHERE " +
		p.condition() + " GROUP BY __file"
	err = db.each(ctx, sql, func(row []driver.Value) error {
		name, ok := row[0].(string)
		if !ok || !asked[name] { // written otherwise, its rows would stay unseen
			return fmt.Errorf("read file name: got %v, which was not asked for", row[0])
		}
		var n int64
		err := scanCounts(row[1:], &n)
		rows[name] = n
		return err
	})
	if err != nil {
		return nil, 0, err
	}
	read, err = db.int64(ctx, "SELECT CAST(coalesce(sum(bytes), 0) AS BIGINT) FROM duckdb_logs_parsed('FileSystem') WHERE op = 'READ'")
	return rows, read, err
}

// RewritePerson copies the Parquet file src to dst without the rows of a
// person or, with replacements, with these values in them.
func RewritePerson(ctx context.Context, src, dst string, p Person, with []Replacement) (Rewritten, error) {
	return rewrite(ctx, src, dst, p.condition(), with)
}

// condition chooses the person's rows.
func (p Person) condition() string {
	values := make([]string, 0, len(p.Values))
	for _, v := range p.Values {
		values = append(values, quote(v))
	}
	condition := identifier(p.Column) + " IN (" + strings.Join(values, ", ") + ")"
	if !p.Since.IsZero() || !p.Until.IsZero() {
		condition += " AND " + inside(p.Since, p.Until)
	}
	return "(" + condition + ")"
}
