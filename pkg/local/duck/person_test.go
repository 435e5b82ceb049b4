//go:build cgo && (darwin || (linux && (amd64 || arm64)) || (windows && amd64))

package duck

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"pixelctl/pkg/event"
	"pixelctl/pkg/privacy"
	"pixelctl/pkg/spec"
)

// command runs SQL in a database of its own.
func command(tb testing.TB, sql string) {
	tb.Helper()
	db, err := openWriter(context.Background(), 2, queryMemory, "")
	if err != nil {
		tb.Fatal(err)
	}
	if err := db.closeAfter(db.exec(context.Background(), sql)); err != nil {
		tb.Fatal(err)
	}
}

// people writes n files of so many rows; each user has one row in three hundred,
// and every third file is of before column network_id.
func people(tb testing.TB, n, rows int) []string {
	tb.Helper()
	src, _ := stage(tb, segment(tb, rows, 1))
	dir := tb.TempDir()
	files := make([]string, n)
	for i := range files {
		columns := "*"
		if i%3 == 2 {
			columns = "* EXCLUDE (network_id)"
		}
		files[i] = filepath.Join(dir, fmt.Sprintf("%04d.parquet", i))
		command(tb, copySQL("SELECT "+columns+fmt.Sprintf(` REPLACE ('u' || CAST(hash(event_id, %d) %% 300 AS VARCHAR) AS user_id)`, i)+" FROM "+oneFile(src.Files[0].Path), files[i], ""))
	}
	return files
}

func TestFindPerson(t *testing.T) {
	files := people(t, 6, 2000)
	want := map[string]int64{}
	for _, f := range files {
		db, err := openDatabase(context.Background(), 1, queryMemory, "")
		if err != nil {
			t.Fatal(err)
		}
		n, err := db.int64(context.Background(), "SELECT count(*) FROM "+oneFile(f)+" WHERE user_id = 'u7'")
		if err := db.closeAfter(err); err != nil {
			t.Fatal(err)
		}
		if n > 0 {
			want[f] = n
		}
	}
	s, err := FindPerson(context.Background(), files, Person{Column: "user_id", Values: []string{"u7", "nobody"}})
	if err != nil || len(want) == 0 || fmt.Sprint(s.Rows) != fmt.Sprint(want) || len(s.Damaged) != 0 {
		t.Errorf("found %v, %v; want %v", s, err, want)
	}
	if s, err = FindPerson(context.Background(), files, Person{Column: "network_id", Values: []string{"n"}}); err != nil || len(s.Rows) != 0 {
		t.Errorf("a column that some files lack: %v, %v", s, err)
	}
	for since, some := range map[time.Time]bool{firstHour: true, firstHour.Add(time.Hour): false} {
		s, err = FindPerson(context.Background(), files, Person{Column: "user_id", Values: []string{"u7"}, Since: since})
		if err != nil || (len(s.Rows) > 0) != some {
			t.Errorf("since %s: %v, %v", since, s.Rows, err)
		}
	}
	if _, err = FindPerson(context.Background(), []string{files[0] + "x"}, Person{Column: "user_id", Values: []string{"u"}}); !errors.Is(err, ErrSourceChanged) {
		t.Errorf("a file that is gone: %v", err)
	}
}

// What is read is the footers and the column that is compared, and not even
// that where the footer tells that nobody of that name is there.
func TestFindPersonReadsOneColumn(t *testing.T) {
	n := 12
	if os.Getenv("PIXELCTL_LONG") != "" {
		n = 500 // 10,000,000 rows
	}
	files := people(t, n, 20_000)
	var bound, all int64
	for _, f := range files {
		bound += personBytes(t, f, "user_id")
		info, err := os.Stat(f)
		if err != nil {
			t.Fatal(err)
		}
		all += info.Size()
	}
	s, err := FindPerson(context.Background(), files, Person{Column: "user_id", Values: []string{"u7"}})
	if err != nil || len(s.Rows) == 0 || s.Scanned <= 0 || s.Scanned > bound || bound > all/2 {
		t.Errorf("%d files, read %d bytes, %v; the footers and the column have %d, the files %d", len(s.Rows), s.Scanned, err, bound, all)
	}
	t.Logf("%d files of %d bytes: read %d", n, all, s.Scanned)
	none, err := FindPerson(context.Background(), files, Person{Column: "user_id", Values: []string{"zz"}})
	if err != nil || len(none.Rows) != 0 || none.Scanned >= s.Scanned/2 {
		t.Errorf("nobody: read %d bytes of %d, %v", none.Scanned, s.Scanned, err)
	}
}

// personBytes is the most that a search reads of a file: both ends, twice the
// footer (whoever lists the columns reads it first), and the column's pages.
func personBytes(tb testing.TB, path, column string) int64 {
	tb.Helper()
	db, err := openDatabase(context.Background(), 1, queryMemory, "")
	if err != nil {
		tb.Fatal(err)
	}
	footer, err := db.int64(context.Background(), "SELECT CAST(footer_size AS BIGINT) FROM parquet_file_metadata("+quote(path)+")")
	if err != nil {
		tb.Fatal(err)
	}
	// A page header is read with what comes behind it, and the Bloom filter lies apart.
	pages, err := db.int64(context.Background(), "SELECT CAST(sum(total_compressed_size + coalesce(bloom_filter_length, 0) + 1024) AS BIGINT) FROM parquet_metadata("+
		quote(path)+") WHERE path_in_schema = "+quote(column))
	if err := db.closeAfter(err); err != nil {
		tb.Fatal(err)
	}
	return 2*footer + pages + 64
}

// A damaged file is named, and the others are searched.
func TestFindPersonNamesDamage(t *testing.T) {
	files := people(t, 5, 2000)
	whole, err := FindPerson(context.Background(), files, Person{Column: "user_id", Values: []string{"u7"}})
	if err != nil {
		t.Fatal(err)
	}
	b, err := os.ReadFile(files[1])
	if err != nil {
		t.Fatal(err)
	}
	for i := 4; i < len(b)-9000; i++ { // pages, not the footer
		b[i] ^= 0x5a
	}
	none := filepath.Join(t.TempDir(), "none.parquet")
	for path, content := range map[string][]byte{files[1]: b, none: []byte("no Parquet")} {
		if err := os.WriteFile(path, content, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	s, err := FindPerson(context.Background(), append(files, none), Person{Column: "user_id", Values: []string{"u7"}})
	delete(whole.Rows, files[1])
	if err != nil || len(s.Damaged) != 2 || s.Damaged[files[1]] == "" || s.Damaged[none] == "" || fmt.Sprint(s.Rows) != fmt.Sprint(whole.Rows) {
		t.Errorf("found %v, damaged %v, %v", s.Rows, s.Damaged, err)
	}
}

// Rows of others are the same in every column, and those of the person are
// gone or hold nothing personal.
func TestRewritePerson(t *testing.T) {
	files := people(t, 3, 3000)
	ctx := context.Background()
	own := spec.Spec{Fields: []spec.Field{{Name: "later", Type: event.Int, Personal: true}}} // no file has it yet
	var with []Replacement
	for _, c := range privacy.PersonalColumns(own) {
		with = append(with, Replacement{Column: c.Column, SQL: c.SQL})
	}
	p := Person{Column: "user_id", Values: []string{"u7"}}
	for _, path := range files {
		for name, with := range map[string][]Replacement{"erase": nil, "blank": with} {
			dst := filepath.Join(t.TempDir(), "new.parquet")
			r, err := RewritePerson(ctx, path, dst, p, with)
			if err != nil || r.Before != 3000 || r.Changed == 0 || with == nil && r.After != 3000-r.Changed || with != nil && r.After != 3000 {
				t.Fatalf("%s: %+v, %v", name, r, err)
			}
			db, err := openDatabase(ctx, 1, queryMemory, "")
			if err != nil {
				t.Fatal(err)
			}
			others := " WHERE event_id IN (SELECT event_id FROM " + oneFile(path) + " WHERE user_id <> 'u7')"
			before, err := digest(ctx, db, "SELECT * FROM "+oneFile(path)+others)
			after, err2 := digest(ctx, db, "SELECT * FROM "+oneFile(dst)+others)
			types := "SELECT column_name, column_type FROM (DESCRIBE SELECT * FROM "
			old, err3 := digest(ctx, db, types+oneFile(path)+")")
			now, err4 := digest(ctx, db, types+oneFile(dst)+")")
			if err := errors.Join(err, err2, err3, err4); err != nil || before != after || before.Rows != 3000-r.Changed || old != now {
				t.Errorf("%s: others %+v and %+v, columns %+v and %+v, %v", name, before, after, old, now, err)
			}
			left, err := db.int64(ctx, "SELECT count(*) FROM "+oneFile(dst)+" WHERE user_id IS NULL AND ip IS NULL AND ip_mode = 'none' AND params IS NULL AND page_url NOT LIKE '%?%' AND site = 'shop'")
			if err := db.closeAfter(err); err != nil || left != r.After-before.Rows {
				t.Errorf("%s: %d anonymous rows, %v; want %d", name, left, err, r.After-before.Rows)
			}
		}
	}
}

// A value is text, whatever stands in it.
func TestPersonCondition(t *testing.T) {
	got := Person{Column: "user_id", Values: []string{"o'ne", `t"wo`}}.condition()
	if got != `("user_id" IN ('o''ne', 't"wo'))` {
		t.Errorf("condition %s", got)
	}
}
