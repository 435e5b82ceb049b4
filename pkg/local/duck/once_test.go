//go:build cgo && (darwin || (linux && (amd64 || arm64)) || (windows && amd64))

package duck

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"pixelctl/pkg/event"
	"pixelctl/pkg/lake"
)

// events are lines of records with these numbers, a minute apart from the first hour on.
func events(numbers ...int) string {
	var b []byte
	for _, n := range numbers {
		b = record(n, firstHour.Add(time.Duration(n)*time.Minute)).AppendLine(b)
	}
	return string(b)
}

// staged converts lines and gives the files of their hours.
func staged(t *testing.T, content string) []File {
	t.Helper()
	src, _ := stage(t, lines(t, content))
	return src.Files
}

func markOf(t *testing.T, path string) string {
	t.Helper()
	end, err := inspect(path)
	if err != nil {
		t.Fatal(err)
	}
	return end.once
}

// A file that is written here has the mark when no event is in it twice.
func TestMarkOfFiles(t *testing.T) {
	escaped := strings.Replace(events(1), `"event_id":"0`, `"event_id":"\u0030`, 1)
	for name, c := range map[string]struct {
		content string
		marked  bool
	}{
		"each once":                 {events(1, 2, 70), true},
		"one twice":                 {events(1, 2, 1), false},
		"twice, by escapes":         {events(1) + escaped, false},
		"twice, one of them no row": {events(1) + strings.Replace(events(1), `"site":"shop"`, `"site":7`, 1), true},
	} {
		for _, f := range staged(t, c.content) {
			want := ""
			if c.marked {
				want = f.Hour.Path()
			}
			if got := markOf(t, f.Path); got != want {
				t.Errorf("%s: %s has the mark %q, want %q", name, f.Hour, got, want)
			}
		}
	}
}

// What is made of files has the mark if no event is in it twice and all are of its
// hour, whatever marks they had.
func TestMarkOfMadeFiles(t *testing.T) {
	first, second, copies, repeated := staged(t, events(1, 2))[0], staged(t, events(3))[0], staged(t, events(2, 4))[0], staged(t, events(5, 5))[0]
	older := filepath.Join(t.TempDir(), "older.parquet")
	command(t, copySQL("FROM "+oneFile(second.Path), older, ""))
	later := staged(t, events(61))[0]
	hour := first.Hour.Path()
	for name, c := range map[string]struct {
		files []File
		want  string
	}{
		"each once":         {[]File{first, second}, hour},
		"of older versions": {[]File{first, {Path: older}}, hour},
		"one in two files":  {[]File{first, copies}, ""},
		"a row twice":       {[]File{first, repeated}, ""},
		"of another hour":   {[]File{first, later}, ""},
	} {
		dst := filepath.Join(t.TempDir(), "merged.parquet")
		var paths []string
		for _, f := range c.files {
			paths = append(paths, f.Path)
		}
		if _, err := Merge(t.Context(), first.Hour, paths, dst); err != nil {
			t.Fatal(err)
		}
		if got := markOf(t, dst); got != c.want {
			t.Errorf("merged, %s: mark %q, want %q", name, got, c.want)
		}
	}
	for f, want := range map[File]string{first: hour, repeated: ""} {
		dst := filepath.Join(t.TempDir(), "rewritten.parquet")
		if _, err := RewriteOutside(t.Context(), f.Path, dst, time.Time{}, firstHour.Add(90*time.Second)); err != nil {
			t.Fatal(err)
		}
		if got := markOf(t, dst); got != want {
			t.Errorf("rewritten: mark %q, want %q", got, want)
		}
	}
}

// copyTo puts a copy of a file into an hour of a lake.
func copyTo(t *testing.T, dir string, hour int, name string, f File) {
	t.Helper()
	to := filepath.Join(dir, lake.DataPrefix, filepath.FromSlash(lake.HourOf(event.MillisOf(at(hour))).Path()))
	b, err := os.ReadFile(f.Path)
	if err == nil {
		err = os.MkdirAll(to, 0o750)
	}
	if err == nil {
		err = os.WriteFile(filepath.Join(to, name+".parquet"), b, 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}
}

// Events are compared where a file is not alone in its hour, has no mark or that
// of another hour, and in the hours whose rows such a one may hold.
func TestFilesThatMayHoldCopies(t *testing.T) {
	dir := t.TempDir()
	hourly := func(hour int) File { return staged(t, events(60*hour+1))[0] }
	for _, hour := range []int{0, 1, 2, 5, 8, 9, 10, 11} {
		copyTo(t, dir, hour, "a", hourly(hour))
	}
	copyTo(t, dir, 2, "b", staged(t, events(60*2+2))[0])
	copyTo(t, dir, 7, "no mark", staged(t, events(60*7+1, 60*7+1))[0])
	copyTo(t, dir, 12, "of another hour", hourly(15))
	e := open(t, sourceOf(t, dir))
	singles, repeatable := e.split()
	hours := func(files []soundFile) (list []int) {
		for _, f := range files {
			list = append(list, int(f.Hour.Start().Sub(firstHour).Hours()))
		}
		return list
	}
	if got, want := hours(singles), []int{0, 1, 5, 10}; !slices.Equal(got, want) {
		t.Errorf("single: hours %v, want %v", got, want)
	}
	if got, want := hours(repeatable), []int{2, 2, 7, 8, 9, 11, 12}; !slices.Equal(got, want) {
		t.Errorf("repeatable: hours %v, want %v", got, want)
	}
}

// The view hits is the same whether its events were compared or not.
func TestHitsAreThoseOfTheTable(t *testing.T) {
	random := rand.New(rand.NewPCG(3, 26))
	split := 0
	for range 20 {
		dir := t.TempDir()
		for i := range 1 + random.IntN(8) {
			var numbers []int
			for range 1 + random.IntN(12) {
				numbers = append(numbers, random.IntN(60*6))
			}
			for _, f := range staged(t, events(numbers...)) {
				copyTo(t, dir, int(f.Hour.Start().Sub(firstHour).Hours())-random.IntN(20)/19, fmt.Sprintf("f%d", i), f)
			}
		}
		src := sourceOf(t, dir)
		src.Spool = []string{lines(t, events(random.IntN(60), 1000))}
		e := open(t, src)
		if singles, repeatable := e.split(); len(singles) > 0 && len(repeatable) > 0 {
			split++
		}
		const columns = "SELECT event_id, year, month, day, hour, received_at, params FROM "
		order := " ORDER BY 1, 2, 3, 4, 5"
		got := mustAskDuck(t, e, columns+"hits"+order)
		want := mustAskDuck(t, e, columns+"("+lake.HitsSQL(src.Schema, lake.Table)+")"+order)
		if !reflect.DeepEqual(got.rows, want.rows) {
			t.Errorf("hits are %v, want %v", got.rows, want.rows)
		}
	}
	if split < 5 {
		t.Errorf("%d lakes had files of both kinds", split)
	}
}

// Where no file may hold copies, the view hits compares none.
func TestNothingIsComparedInSingleFiles(t *testing.T) {
	src, _ := stage(t, segment(t, 600, 20))
	plan := planOf(t, open(t, src), "SELECT count(*) FROM hits")
	if strings.Contains(plan, "WINDOW") || strings.Contains(plan, "event_id") {
		t.Errorf("ids are read or compared:\n%s", plan)
	}
	src.Spool = []string{lines(t, events(1))}
	if plan = planOf(t, open(t, src), "SELECT count(*) FROM hits"); !strings.Contains(plan, "event_id") {
		t.Errorf("ids of the spool are not compared:\n%s", plan)
	}
}

// BenchmarkHits counts the view hits over 90 days of one file an hour, as
// Convert writes them and without their mark.
func BenchmarkHits(b *testing.B) {
	for _, marked := range []bool{true, false} {
		b.Run(fmt.Sprintf("marked=%v", marked), func(b *testing.B) {
			staging := b.TempDir()
			hourly(b, staging, benchRows())
			src := sourceOf(b, staging)
			if !marked { // the mark of another hour counts for nothing
				for i := range src.Files {
					src.Files[i].Hour = lake.Hour{}
				}
			}
			for b.Loop() {
				rows, err := reopening{src}.Query(context.Background(), "SELECT count(*) FROM hits")
				if err != nil {
					b.Fatal(err)
				}
				if _, err := all(rows); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
