package local

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"pixelctl/pkg/event"
	"pixelctl/pkg/fault"
	"pixelctl/pkg/lake"
	"pixelctl/pkg/local/duck"
)

// A listing takes the files of registered hours that are data files and not
// still in the spool, and notices when one of them is another file since.
func TestListing(t *testing.T) {
	t.Parallel()
	put := func(t *testing.T, path string) {
		t.Helper()
		if err := errors.Join(os.MkdirAll(filepath.Dir(path), dirPerm), os.WriteFile(path, []byte("12345"), filePerm)); err != nil {
			t.Fatal(err)
		}
	}
	hour := lake.Hour{Year: 2026, Month: 7, Day: 5, Hour: 9}
	for name, c := range map[string]struct {
		do      func(t *testing.T, file string) error
		changed bool
	}{
		"nothing": {func(*testing.T, string) error { return nil }, false},
		"read":    {func(_ *testing.T, file string) error { _, err := os.ReadFile(file); return err }, false},
		"file beside it": {func(t *testing.T, file string) error {
			put(t, filepath.Join(filepath.Dir(file), "b.parquet"))
			return nil
		}, false},
		"replaced, same length and time": {func(t *testing.T, file string) error {
			put(t, file+".new")
			was, err := os.Stat(file)
			if err != nil {
				return err
			}
			return errors.Join(os.Chtimes(file+".new", was.ModTime(), was.ModTime()), os.Rename(file+".new", file))
		}, true},
		"grown":   {func(_ *testing.T, file string) error { return os.Truncate(file, 9) }, true},
		"removed": {func(_ *testing.T, file string) error { return os.Remove(file) }, true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			l := Layout{Dir: t.TempDir()}
			dir := filepath.Join(l.Data(), filepath.FromSlash(hour.Path()))
			for _, file := range []string{"a.parquet", "spooled.parquet", ".a.parquet.purge", "_b.parquet", ".hidden.parquet", "notes.txt"} {
				put(t, filepath.Join(dir, file))
			}
			catalog := lake.NewCatalog(catalogLocation, event.Schema{})
			catalog.Add([]lake.Hour{hour, {Year: 2026, Month: 7, Day: 5, Hour: 10}}) // the second is not there
			list, err := listFiles(l, catalog, map[string]bool{"spooled": true})
			want := []duck.File{{Path: filepath.Join(dir, "a.parquet"), Hour: hour}}
			if err != nil || !slices.Equal(list.files, want) {
				t.Fatalf("listed %v, %v; want %v", list.files, err, want)
			}
			if err := c.do(t, want[0].Path); err != nil {
				t.Fatal(err)
			}
			err = list.changed()
			if errors.Is(err, duck.ErrSourceChanged) != c.changed || c.changed && fault.HintOf(err) == "" {
				t.Errorf("changed: %v, want %v", err, c.changed)
			}
		})
	}
}
