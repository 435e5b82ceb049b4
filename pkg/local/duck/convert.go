//go:build cgo && (darwin || (linux && (amd64 || arm64)) || (windows && amd64))

package duck

import (
	"cmp"
	"context"
	"database/sql/driver"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"pixelctl/pkg/lake"
	"pixelctl/pkg/reject"
)

// Convert turns a segment into one Parquet file for each hour it touches,
// Staging/data/year=…/month=…/day=…/hour=…/Name.parquet, and writes the lines
// that do not fit the columns to an error file, as reject.FileName names it.
// It does not sync; whoever moves the files to the lake does.
func Convert(ctx context.Context, o ConvertOptions) (Converted, error) {
	o, err := o.withDefaults()
	if err != nil {
		return Converted{}, fmt.Errorf("convert segment %s: %w", o.Source, err)
	}
	done, err := convert(ctx, o)
	if err != nil {
		return Converted{}, fmt.Errorf("convert segment %s: %w", o.Source, err)
	}
	return done, nil
}

func (o ConvertOptions) withDefaults() (ConvertOptions, error) {
	o.Threads = cmp.Or(o.Threads, convertThreads)
	o.MemoryLimit = cmp.Or(o.MemoryLimit, convertMemory)
	if !o.At.IsZero() {
		return o, nil
	}
	info, err := os.Stat(o.Source)
	if err != nil {
		return o, err
	}
	o.At = info.ModTime()
	return o, nil
}

func convert(ctx context.Context, o ConvertOptions) (_ Converted, err error) {
	work, err := os.MkdirTemp(o.Staging, ".convert-*")
	if err != nil {
		return Converted{}, fmt.Errorf("create work directory: %w", err)
	}
	defer func() { err = errors.Join(err, os.RemoveAll(work)) }()
	errorFile := filepath.Join(o.Staging, filepath.FromSlash(reject.FileName(o.Name)))
	sorted, err := sortLines(ctx, o, filepath.Join(work, "good.ndjson"), errorFile)
	if err != nil {
		return Converted{}, err
	}
	done := Converted{Rows: sorted.good, Errors: sorted.bad}
	if sorted.good == 0 {
		return done, nil
	}
	db, err := openWriter(ctx, o.Threads, o.MemoryLimit, filepath.Join(work, "spill"))
	if err != nil {
		return Converted{}, err
	}
	w := writer{db: db, options: o, work: work, lines: sorted}
	if err := w.write(ctx); err != nil {
		return Converted{}, db.closeAfter(err)
	}
	return done, db.close()
}

// writer writes the good lines of a segment as Parquet.
type writer struct {
	db      *database
	options ConvertOptions
	work    string
	lines   sortedLines
}

// write goes through one file when there are several hours: partitioned
// writing holds a buffer for each hour and each thread, this a fixed number.
func (w *writer) write(ctx context.Context) error {
	schema := w.options.Schema
	lines := fmt.Sprintf("SELECT %s FROM read_json(%s, columns = %s, %s)",
		strings.Join(schema.Names(), ", "), quote(w.lines.path), schema.DuckDBColumns(), jsonOptions)
	if len(w.lines.hours) == 1 {
		for hour, rows := range w.lines.hours {
			return w.copy(ctx, lines, w.target(hour), w.mark(hour), rows)
		}
	}
	all := filepath.Join(w.work, "all.parquet")
	if err := w.copy(ctx, lines, all, "", w.lines.good); err != nil {
		return err
	}
	for _, hour := range w.hours() {
		part := "SELECT * FROM read_parquet(" + quote(all) + ") WHERE " + inside(hour.Start(), hour.End())
		if err := w.copy(ctx, part, w.target(hour), w.mark(hour), w.lines.hours[hour]); err != nil {
			return err
		}
	}
	return nil
}

func (w *writer) hours() []lake.Hour {
	hours := make([]lake.Hour, 0, len(w.lines.hours))
	for h := range w.lines.hours {
		hours = append(hours, h)
	}
	slices.SortFunc(hours, lake.Hour.Compare)
	return hours
}

func (w *writer) target(hour lake.Hour) string {
	return filepath.Join(w.options.Staging, lake.DataPrefix, filepath.FromSlash(hour.Path()), lake.FileName(w.options.Name))
}

// mark is that of the file of an hour, see onceKey.
func (w *writer) mark(hour lake.Hour) string {
	if w.lines.once() {
		return hour.Path()
	}
	return ""
}

// copy writes a query to path and makes sure that no row was lost.
func (w *writer) copy(ctx context.Context, sql, path, mark string, want int64) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o750); err != nil {
		return fmt.Errorf("create directory of %s: %w", path, err)
	}
	var got int64
	err := w.db.each(ctx, copySQL(sql, path, mark), func(row []driver.Value) error {
		n, ok := row[0].(int64)
		if !ok {
			return fmt.Errorf("read count: got %T", row[0])
		}
		got = n
		return nil
	})
	if err != nil {
		return fmt.Errorf("write %s: %w", path, err)
	}
	if got != want {
		return fmt.Errorf("write %s: %d rows of %d", path, got, want)
	}
	return nil
}

// attempted is the time that error lines give for the conversion.
func (o ConvertOptions) attempted() int64 { return o.At.UTC().Round(time.Millisecond).UnixMilli() }
