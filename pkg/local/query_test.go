package local_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"pixelctl/pkg/local"
	"pixelctl/pkg/pipeline"
)

// A hit that is flushed into an hour nobody knew while a question is prepared
// is in the answer: the sink flushes just when the catalog is repaired.
func TestQueryDuringFirstFlush(t *testing.T) {
	t.Parallel()
	s := newStack(t)
	endpoint := s.deploy(t)
	id := s.hit(t, endpoint+"/p.gif")
	// Something to warn of, so that the sink is called.
	mkdir(t, filepath.Join(s.dir, "lake", "data", "year=2020", "month=07", "day=1", "hour=1"))
	flushed := false
	rows := s.ask(t, s.target(), "SELECT event_id FROM tp_hits", func(e pipeline.Event) {
		if e.Phase != pipeline.Warn || flushed {
			return
		}
		flushed = true
		if _, err := s.target().Flush(t.Context(), nil); err != nil {
			t.Error(err)
		}
	})
	if !flushed {
		t.Fatal("nothing was flushed: the test shows nothing")
	}
	if len(rows) != 1 || rows[0][0] != id {
		t.Fatalf("rows %v, want hit %s once", rows, id)
	}
}

// A padded directory holds the hour that its unpadded twin holds: registered
// too, its rows would count twice. It is named and left out.
func TestPaddedPartition(t *testing.T) {
	t.Parallel()
	s := newStack(t)
	endpoint := s.deploy(t)
	s.hit(t, endpoint+"/p.gif")
	s.flush(t)
	file := s.files(t)[0]
	mkdir(t, filepath.Join(s.dir, "lake", "data", "year=2026", "month=07", "day=05", "hour=09"))
	copyFile(t, file, filepath.Join(s.dir, "lake", "data", "year=2026", "month=07", "day=05", "hour=09", "padded.parquet"))
	var warned []string
	r, err := s.target().Repair(t.Context(), pipeline.RepairOptions{}, warnings(&warned))
	if err != nil || r.Total != 1 {
		t.Errorf("repair: %+v, %v; want one partition", r, err)
	}
	if len(warned) != 1 || !strings.Contains(warned[0], "month=07") {
		t.Errorf("warned %q, want the padded directory", warned)
	}
	if n := s.count(t, s.target()); n != 1 {
		t.Errorf("%d rows, want 1", n)
	}
}

// A file that is no Parquet file, or only the front of one, is left out with a
// warning that names it; the rest is read.
func TestBrokenFiles(t *testing.T) {
	t.Parallel()
	for name, content := range map[string]func(whole []byte) []byte{
		"text":  func([]byte) []byte { return []byte("this is no Parquet file") },
		"empty": func([]byte) []byte { return nil },
		"cut":   func(whole []byte) []byte { return whole[:len(whole)/2] },
		"zeroed": func(whole []byte) []byte {
			return append(append([]byte("PAR1"), make([]byte, len(whole)-12)...), whole[len(whole)-8:]...)
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newStack(t)
			endpoint := s.deploy(t)
			id := s.hit(t, endpoint+"/p.gif")
			s.flush(t)
			file := s.files(t)[0]
			whole, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			write(t, filepath.Join(filepath.Dir(file), "broken.parquet"), content(whole))
			rows, err := s.target().Query(t.Context(), pipeline.QueryOptions{SQL: "SELECT event_id, user_agent FROM tp_hits"}, nil)
			if err != nil {
				t.Fatal(err)
			}
			got, stats := drain(t, rows)
			if len(got) != 1 || got[0][0] != id {
				t.Errorf("rows %v, want hit %s", got, id)
			}
			if len(stats.Warnings) != 1 || !strings.Contains(stats.Warnings[0], "broken.parquet") {
				t.Errorf("warnings %q, want one that names broken.parquet", stats.Warnings)
			}
		})
	}
}

// A catalog that cannot be read is built anew from the disk, with a warning,
// also for a question that wants no repair.
func TestDamagedCatalog(t *testing.T) {
	t.Parallel()
	for name, ask := range map[string]func(*testing.T, *local.Target, pipeline.Sink){
		"query": func(t *testing.T, l *local.Target, sink pipeline.Sink) { queryOne(t, l, pipeline.QueryOptions{}, sink) },
		"query without repair": func(t *testing.T, l *local.Target, sink pipeline.Sink) {
			queryOne(t, l, pipeline.QueryOptions{NoRepair: true}, sink)
		},
		"repair": func(t *testing.T, l *local.Target, sink pipeline.Sink) {
			if r, err := l.Repair(t.Context(), pipeline.RepairOptions{}, sink); err != nil || !r.Rebuilt || r.Total != 1 {
				t.Errorf("repair: %+v, %v", r, err)
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newStack(t)
			s.hit(t, s.deploy(t)+"/p.gif")
			s.flush(t)
			write(t, filepath.Join(s.dir, "catalog.json"), []byte(`{"version":1,"partitions":[{"hour":"year=2026/mo`))
			var warned []string
			ask(t, s.target(), warnings(&warned))
			if len(warned) != 1 || !strings.Contains(warned[0], "catalog.json") {
				t.Errorf("warned %q, want catalog.json named once", warned)
			}
			if r, err := s.target().Repair(t.Context(), pipeline.RepairOptions{}, nil); err != nil || r.Rebuilt || r.Total != 1 {
				t.Errorf("repair afterwards: %+v, %v; want a sound catalog", r, err)
			}
		})
	}
}

func queryOne(t *testing.T, l *local.Target, o pipeline.QueryOptions, sink pipeline.Sink) {
	t.Helper()
	o.SQL = "SELECT count(*) FROM tp_hits"
	rows, err := l.Query(t.Context(), o, sink)
	if err != nil {
		t.Fatal(err)
	}
	if got, _ := drain(t, rows); got[0][0] != int64(1) {
		t.Errorf("%v rows, want 1", got[0][0])
	}
}

// The directory of a stopped stack may be moved: nothing in it names itself.
func TestMovedDirectory(t *testing.T) {
	t.Parallel()
	s := newStack(t)
	endpoint := s.deploy(t)
	flushed := s.hit(t, endpoint+"/p.gif")
	s.flush(t)
	spooled := s.hit(t, endpoint+"/p.gif")
	if err := s.kill(t.Context()); err != nil {
		t.Fatal(err)
	}
	moved := newStack(t)
	if err := os.Rename(s.dir, moved.dir); err != nil {
		t.Fatal(err)
	}
	moved.wantIDs(t, flushed, spooled)
	if again := moved.deploy(t); again != endpoint {
		t.Errorf("deployed at %s, was at %s", again, endpoint)
	}
	third := moved.hit(t, endpoint+"/p.gif")
	moved.flush(t)
	moved.wantIDs(t, flushed, spooled, third)
}
