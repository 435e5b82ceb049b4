package local_test

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"golang.org/x/sync/errgroup"

	"pixelctl/pkg/fault"
	"pixelctl/pkg/pipeline"
	"pixelctl/pkg/query"
)

// smallFiles has two hours of some files each, and a hit in the spool of an
// hour that is over. It gives the ids of all hits.
func smallFiles(t *testing.T) (*here, map[string]bool) {
	t.Helper()
	h := serveHere(t, clock("09:00:00.000"))
	ids := map[string]bool{}
	for i := range 6 {
		h.at(clock("09:00:00.000").Add(time.Duration(i) * 20 * time.Minute))
		ids[h.hit(t, h.endpoint+fmt.Sprintf("/p.gif?uid=u%d&nights=%d", i, i))] = true
		h.flush(t)
	}
	ids[h.hit(t, h.endpoint+"/p.gif?uid=waits")] = true
	return h, ids
}

func TestCompact(t *testing.T) {
	t.Parallel()
	h, ids := smallFiles(t)
	o := pipeline.CompactOptions{Until: clock("11:00:00.000"), DryRun: true}
	r, err := h.target().Compact(t.Context(), o, nil)
	if err != nil || r.Looked != 2 || len(r.Partitions) != 2 || len(h.files(t)) != 6 {
		t.Fatalf("dry run: %+v, %v, %d files", r, err, len(h.files(t)))
	}
	o.DryRun = false
	if r, err = h.target().Compact(t.Context(), o, nil); err != nil {
		t.Fatal(err)
	}
	for _, p := range r.Partitions {
		if p.FilesBefore != 3 || p.FilesAfter != 1 || p.Rows != 3 || p.Digest == "" || p.BytesAfter <= 0 || p.BytesAfter >= p.BytesBefore {
			t.Errorf("compacted %+v", p)
		}
	}
	if n := len(h.files(t)); n != 2 {
		t.Errorf("%d files are left, want one an hour", n)
	}
	rows, err := readIDs(t.Context(), h.target())
	if err != nil {
		t.Fatal(err)
	}
	if err := compare(rows, ids); err != nil {
		t.Error(err)
	}
	if r, err = h.target().Compact(t.Context(), o, nil); err != nil || len(r.Partitions) != 0 {
		t.Errorf("a second time: %+v, %v", r, err)
	}
	h.flush(t)
	if rows, err = readIDs(t.Context(), h.target()); err != nil || compare(rows, ids) != nil {
		t.Errorf("after a flush: %v, %v", err, compare(rows, ids))
	}
}

// A damaged file stays where it is and is named; the others become fewer.
func TestCompactLeavesDamagedFiles(t *testing.T) {
	t.Parallel()
	h, ids := smallFiles(t)
	file := h.files(t)[0]
	content, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	cut, holed := filepath.Join(filepath.Dir(file), "1783242600000-0a1b2c3d.parquet"), filepath.Join(filepath.Dir(file), "1783242600001-0a1b2c3d.parquet")
	write(t, cut, content[:len(content)/2])
	clear(content[8 : len(content)/2])
	write(t, holed, content)
	var warned []string
	sink := func(e pipeline.Event) {
		if e.Phase == pipeline.Warn {
			warned = append(warned, e.Text)
		}
	}
	r, err := h.target().Compact(t.Context(), pipeline.CompactOptions{Until: clock("11:00:00.000")}, sink)
	if err != nil || len(r.Partitions) != 2 {
		t.Fatalf("%+v, %v", r, err)
	}
	if len(warned) != 2 || !strings.Contains(warned[0], "hour=10/1783242600000-0a1b2c3d.parquet: not a Parquet file") || !strings.Contains(warned[1], "1783242600001-0a1b2c3d.parquet: damaged") {
		t.Errorf("warned of %q", warned)
	}
	if err := errors.Join(os.Remove(cut), os.Remove(holed)); err != nil {
		t.Errorf("they did not stay: %v", err)
	}
	rows, err := readIDs(t.Context(), h.target())
	if err == nil {
		err = compare(rows, ids)
	}
	if err != nil {
		t.Error(err)
	}
}

// A segment that is still in the spool, or that a question reads, gives its
// rows: its file is no part of a compaction.
func TestCompactLeavesOpenSegments(t *testing.T) {
	t.Parallel()
	for _, where := range []string{"spool", filepath.Join("snapshots", "query-1")} {
		t.Run(where, func(t *testing.T) {
			t.Parallel()
			h, ids := smallFiles(t)
			file := h.files(t)[0]
			segment := strings.TrimSuffix(filepath.Base(file), ".parquet")
			mkdir(t, filepath.Join(h.dir, where))
			write(t, filepath.Join(h.dir, where, segment+".ndjson"), nil)
			if _, err := h.target().Compact(t.Context(), pipeline.CompactOptions{Until: clock("11:00:00.000")}, nil); err != nil {
				t.Fatal(err)
			}
			if _, err := os.Stat(file); err != nil || len(h.files(t)) != 3 {
				t.Errorf("%d files are left, and that of the open segment: %v", len(h.files(t)), err)
			}
			if err := os.Remove(filepath.Join(h.dir, where, segment+".ndjson")); err != nil {
				t.Fatal(err)
			}
			rows, err := readIDs(t.Context(), h.target())
			if err != nil || compare(rows, ids) != nil {
				t.Errorf("rows: %v, %v", err, compare(rows, ids))
			}
		})
	}
}

// A question that is asked while files are swapped sees each hit once.
func TestQueryDuringCompact(t *testing.T) {
	t.Parallel()
	h, ids := smallFiles(t)
	ended := make(chan struct{})
	var group errgroup.Group
	group.Go(func() error {
		defer close(ended)
		for i := range 4 {
			if _, err := h.target().Compact(t.Context(), pipeline.CompactOptions{Until: clock("11:00:00.000")}, nil); err != nil {
				return fmt.Errorf("compaction %d: %w", i, err)
			}
			h.flush(t)
		}
		return nil
	})
	group.Go(func() error {
		for {
			rows, err := readIDs(t.Context(), h.target())
			if err == nil {
				err = compare(rows, ids)
			}
			if err != nil {
				return fmt.Errorf("question during a compaction: %w", err)
			}
			select {
			case <-ended:
				return nil
			default:
			}
		}
	})
	if err := group.Wait(); err != nil {
		t.Fatal(err)
	}
}

// A compaction that was killed is ended by whatever changes files next.
func TestPurgeEndsCompaction(t *testing.T) {
	t.Parallel()
	h, ids := smallFiles(t)
	files := h.files(t)
	dir := filepath.Dir(files[0])
	var old []string
	for _, f := range files {
		if filepath.Dir(f) == dir {
			old = append(old, filepath.Base(f))
		}
	}
	hour, err := filepath.Rel(filepath.Join(h.dir, "lake", "data"), dir)
	if err != nil || len(old) != 3 {
		t.Fatal(err, old)
	}
	// As if killed after the new file, here a copy of the first, was put in place of two.
	data, err := os.ReadFile(filepath.Join(dir, old[0]))
	if err != nil {
		t.Fatal(err)
	}
	write(t, filepath.Join(dir, "compact-1.parquet"), data)
	write(t, filepath.Join(h.dir, "compaction.json"), fmt.Appendf(nil,
		`{"number":1,"phase":"prepared","moves":[{"dir":%q,"file":"compact-1.parquet","replaces":[%q]}]}`, filepath.ToSlash(hour), old[0]))
	check := func(when string) {
		t.Helper()
		rows, err := readIDs(t.Context(), h.target())
		if err != nil || compare(rows, ids) != nil {
			t.Errorf("%s: %v, %v", when, err, compare(rows, ids))
		}
	}
	check("after the kill")
	if inv, err := h.target().Inventory(t.Context()); err != nil || !strings.Contains(fmt.Sprint(inv.Items), " 6 ") {
		t.Errorf("inventory after the kill: %+v, %v", inv, err)
	}
	if _, err := h.target().Purge(t.Context(), pipeline.PurgeOptions{Window: query.Window{Until: clock("01:00:00.000")}}, nil); err != nil {
		t.Fatal(err)
	}
	check("after the purge")
	if _, err := os.Stat(filepath.Join(dir, old[0])); !os.IsNotExist(err) {
		t.Errorf("the replaced file outlived the purge: %v", err)
	}
}

func TestCompactRefuses(t *testing.T) {
	t.Parallel()
	h := newStack(t)
	for _, o := range []pipeline.CompactOptions{
		{}, {Until: time.Now().Add(time.Hour)}, {Until: clock("09:00:00.000"), TargetSize: 1}, {Until: clock("09:00:00.000"), TargetSize: 2 << 30},
	} {
		if _, err := h.target().Compact(t.Context(), o, nil); fault.KindOf(err) != fault.Usage || fault.HintOf(err) == "" {
			t.Errorf("%+v: %v", o, err)
		}
	}
	if _, err := h.target().Compact(t.Context(), pipeline.CompactOptions{Until: clock("09:00:00.000")}, nil); fault.KindOf(err) != fault.NotDeployed {
		t.Errorf("without a stack: %v", err)
	}
}
