//go:build cgo && (darwin || (linux && (amd64 || arm64)) || (windows && amd64))

package duck

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"reflect"
	"strconv"
	"strings"
	"testing"

	"pixelctl/pkg/event"
	"pixelctl/pkg/lake"
)

// Files of different ages, rows that are there twice, NULLs and maps come out
// of a merge as they went in.
func TestMerge(t *testing.T) {
	fields := own()
	dir := t.TempDir()
	schema := event.NewSchema(fields...)
	full := hold(record(2, at(0)), fields, "Ritz", "3", "-9223372036854775808", "0.1", "true", "2026-02-28", "2026-07-05T09:10:11.123Z")
	for name, c := range map[string]struct {
		schema event.Schema
		line   []byte
	}{
		"a": {event.Schema{}, record(0, at(0)).AppendLine(nil)},
		"b": {event.NewSchema(fields[:2]...), hold(record(1, at(0)), fields[:2], "Savoy", "2").AppendLine(nil)},
		"c": {schema, full.AppendLine(nil)},
		"d": {schema, full.AppendLine(nil)},
	} {
		if _, err := Convert(context.Background(), ConvertOptions{Source: lines(t, string(c.line)), Staging: dir, Name: name, Schema: c.schema}); err != nil {
			t.Fatal(err)
		}
	}
	src := sourceOf(t, dir)
	src.Schema = schema
	const all = "SELECT * FROM tp_hits ORDER BY event_id, collector"
	want := mustAsk(t, open(t, src), all)
	files := make([]string, 0, len(src.Files))
	for _, f := range src.Files {
		files = append(files, f.Path)
	}
	for name, order := range map[string][]string{"oldest first": files, "newest first": {files[3], files[2], files[1], files[0]}} {
		t.Run(name, func(t *testing.T) {
			to := filepath.Join(t.TempDir(), "year=2026/month=7/day=5/hour=9", "one.parquet")
			if err := os.MkdirAll(filepath.Dir(to), 0o750); err != nil {
				t.Fatal(err)
			}
			m, err := Merge(context.Background(), lake.Hour{}, order, to)
			if err != nil || m.Rows != 4 || len(m.Digest) < 2 {
				t.Fatalf("merged %+v, %v", m, err)
			}
			one := src
			one.Data = strings.TrimSuffix(to, "/year=2026/month=7/day=5/hour=9/one.parquet")
			one.Files = []File{{Path: to, Hour: src.Files[0].Hour}}
			if got := mustAsk(t, open(t, one), all); !reflect.DeepEqual(got.rows, want.rows) {
				t.Errorf("rows\n%v\nwant\n%v", got.rows, want.rows)
			}
		})
	}
	if _, err := Merge(context.Background(), lake.Hour{}, []string{files[0], files[0] + ".gone"}, filepath.Join(t.TempDir(), "x")); !errors.Is(err, ErrSourceChanged) {
		t.Errorf("a file that is gone: %v", err)
	}
}

// More than the memory that there is goes through it, whether rows are many or
// long.
func TestWriteLarge(t *testing.T) {
	for name, sql := range map[string]string{
		"many": "SELECT uuid() AS a, uuid() AS b, uuid() AS c, uuid() AS d, uuid() AS e, uuid() AS f FROM range(300000)",
		"long": "SELECT uuid() AS a, repeat('x', 8000) || range AS b FROM range(20000)",
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			files := make([]string, 4)
			for i := range files {
				files[i] = filepath.Join(dir, strconv.Itoa(i))
				command(t, copySQL(sql, files[i], ""))
			}
			one := filepath.Join(dir, "one")
			m, err := Merge(t.Context(), lake.Hour{}, files, one)
			if err != nil {
				t.Fatal(err)
			}
			r, err := rewrite(t.Context(), one, filepath.Join(dir, "again"), "a IS NULL", nil)
			if err != nil || r.After != m.Rows || m.Rows < 80_000 {
				t.Errorf("merged %+v, written anew %+v, %v", m, r, err)
			}
		})
	}
}

// The digest tells a row more, a row less and a value changed.
func TestDigest(t *testing.T) {
	db, err := openDatabase(context.Background(), 1, convertMemory, "")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = db.close() }()
	seen := map[Merged]string{}
	for _, rows := range []string{"(1,'a'),(2,NULL)", "(1,'a'),(2,NULL),(2,NULL)", "(1,'a')", "(1,'a'),(2,'')", "(1,NULL),(2,'a')", "(2,'a'),(1,NULL),(3,'x')"} {
		m, err := digest(context.Background(), db, "SELECT * FROM (VALUES "+rows+") AS v(a, b)")
		if err != nil {
			t.Fatal(err)
		}
		if other, ok := seen[m]; ok {
			t.Errorf("%s and %s have one digest", rows, other)
		}
		seen[m] = rows
	}
	turned, err := digest(context.Background(), db, "SELECT * FROM (VALUES (2,NULL),(1,'a')) AS v(a, b)")
	if err != nil || seen[turned] != "(1,'a'),(2,NULL)" {
		t.Errorf("another order has another digest: %v, %v", seen[turned], err)
	}
}
