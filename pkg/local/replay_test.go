package local

import (
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"pixelctl/pkg/event"
	"pixelctl/pkg/local/disk"
	"pixelctl/pkg/local/disk/disktest"
	"pixelctl/pkg/local/flush"
	"pixelctl/pkg/pipeline"
	"pixelctl/pkg/query"
	"pixelctl/pkg/reject"
)

// rejected writes an error file as an earlier converter left it, with lines
// that fit by now, one twice, one that does not and one that is none. It gives
// the rows that a replay makes.
func rejected(t *testing.T, l Layout) map[string]int {
	t.Helper()
	want := map[string]int{}
	var file []byte
	add := func(raw string) {
		file = reject.AppendErrorLine(file, reject.ErrorLine{
			AttemptsMade: 1, ArrivalTimestamp: time.Date(2026, 7, 5, 9, 0, 0, 0, time.UTC).UnixMilli(), LastErrorCode: reject.MalformedData,
			LastErrorMessage: "site: not a int", RawData: []byte(raw),
		})
	}
	for i := range 3 {
		at := time.Date(2026, 7, 5, 9+i%2, 10, i, 0, time.UTC)
		r := event.Record{
			SchemaVersion: event.SchemaVersion, EventID: fmt.Sprintf("%s-%d", segment, i), ReceivedAt: event.MillisOf(at),
			Event: event.DefaultEvent, Site: event.DefaultSite, ClientClass: event.ClassUnknown, Status: event.StatusRecorded,
		}
		line := strings.TrimSuffix(string(r.AppendLine(nil)), "\n")
		add(line)
		if i == 0 {
			add(line)
		}
		want[r.EventID] = 1
	}
	add(`{"event_id":"bad","received_at":"yesterday"}`)
	file = append(file, "no error line\n"...)
	path := filepath.Join(l.Lake(), filepath.FromSlash(reject.FileName(segment)))
	if err := os.MkdirAll(filepath.Dir(path), dirPerm); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, file, filePerm); err != nil {
		t.Fatal(err)
	}
	return want
}

func stopped(t *testing.T) (Layout, *Target) {
	t.Helper()
	l := Layout{Dir: filepath.Join(t.TempDir(), "stack")}
	if err := os.MkdirAll(l.Dir, dirPerm); err != nil {
		t.Fatal(err)
	}
	return l, New(Options{Stack: "test", Dir: l.Dir, Converter: Convert{}})
}

// A replay that dies at any one of its file operations and is run again leaves
// each record once: as a row when it fits, as an error line when it does not.
func TestKilledReplay(t *testing.T) {
	t.Parallel()
	for n, again := 1, true; again; n++ {
		if n > 500 {
			t.Fatal("the replay never ends")
		}
		l, target := stopped(t)
		want := rejected(t, l)
		faults := disktest.NewFaults(disk.OS{})
		faults.KillAt(n, true)
		err := newReplay(target, pipeline.ReplayOptions{}, nil, faults).run(t.Context())
		if again = faults.Killed(); again != (err != nil) || err != nil && !errors.Is(err, disktest.ErrKilled) {
			t.Fatalf("killed at %d: %v", n, err)
		}
		if exists(l.Data()) {
			for id, rows := range ids(t, target) {
				if rows > want[id] {
					t.Errorf("killed at %d: %s is there %d times", n, id, rows)
				}
			}
		}
		if err := newReplay(target, pipeline.ReplayOptions{}, nil, disk.OS{}).run(t.Context()); err != nil {
			t.Fatalf("after a kill at %d: %v", n, err)
		}
		replayed(t, l, target, want)
		if t.Failed() {
			t.Fatalf("killed at %d", n)
		}
	}
}

// replayed wants the rows, what does not fit as an error line, nothing half
// done, and nothing to do for another replay.
func replayed(t *testing.T, l Layout, target *Target, want map[string]int) {
	t.Helper()
	r := newReplay(target, pipeline.ReplayOptions{}, nil, disk.OS{})
	if err := r.run(t.Context()); err != nil || r.result.Replayed != 0 || r.result.Left != 1 || r.result.Stored != 0 {
		t.Errorf("another replay: %+v, %v", r.result, err)
	}
	if got := ids(t, target); !maps.Equal(got, want) {
		t.Errorf("rows %v, want %v", got, want)
	}
	report, err := target.Errors(t.Context(), pipeline.ErrorsOptions{Limit: 10}, nil)
	if err != nil || report.Records != 1 || len(report.Shown) != 1 || report.Shown[0].EventID != "bad" || len(report.Notes) != 1 {
		t.Errorf("report %+v, %v", report, err)
	}
	if exists(l.Replay()) {
		t.Error("the journal is left")
	}
	left, err := os.ReadDir(flush.Staging(l.Lake()))
	if err != nil || len(left) > 0 {
		t.Errorf("staging holds %v, %v", left, err)
	}
}

// What a purge removes between a kill and the replay that takes up stays
// removed.
func TestPurgeBetweenReplays(t *testing.T) {
	t.Parallel()
	for _, published := range []bool{false, true} {
		l, target := stopped(t)
		rejected(t, l)
		faults := disktest.NewFaults(disk.OS{})
		at := ".ndjson.tmp" // the first file after the journal
		if published {
			at = "0a1b2c3d.json.tmp"
		}
		faults.SetRule(func(op disktest.Op) *disktest.Fault {
			if strings.HasSuffix(op.Path, at) {
				return &disktest.Fault{Err: disktest.ErrKilled}
			}
			return nil
		})
		if err := newReplay(target, pipeline.ReplayOptions{}, nil, faults).run(t.Context()); !errors.Is(err, disktest.ErrKilled) {
			t.Fatalf("published %v: %v", published, err)
		}
		if !exists(l.Replay()) || published != (len(ids(t, target)) > 0) {
			t.Fatalf("published %v: the kill came elsewhere", published)
		}
		if _, err := target.Purge(t.Context(), pipeline.PurgeOptions{All: true}, nil); err != nil {
			t.Fatal(err)
		}
		if err := newReplay(target, pipeline.ReplayOptions{}, nil, disk.OS{}).run(t.Context()); err != nil {
			t.Fatal(err)
		}
		if got := ids(t, target); len(got) > 0 || exists(l.Replay()) {
			t.Errorf("published %v: rows came back: %v", published, got)
		}
	}
}

// A file whose segment is still in the spool is left alone: its next flush
// would bring the lines back.
func TestReplayLeavesWhatTheSpoolHolds(t *testing.T) {
	t.Parallel()
	l, target := stopped(t)
	rejected(t, l)
	fillSpool(t, l)
	r := newReplay(target, pipeline.ReplayOptions{}, nil, disk.OS{})
	if err := r.run(t.Context()); err != nil || r.result.Records != 0 || len(r.result.Notes) != 1 {
		t.Errorf("%+v, %v", r.result, err)
	}
}

// A record that is a row already is not sent again, and its line goes.
func TestReplayFindsRows(t *testing.T) {
	t.Parallel()
	l, target := stopped(t)
	want := rejected(t, l)
	if err := newReplay(target, pipeline.ReplayOptions{}, nil, disk.OS{}).run(t.Context()); err != nil {
		t.Fatal(err)
	}
	rejected(t, l) // as from a backup
	r := newReplay(target, pipeline.ReplayOptions{}, nil, disk.OS{})
	if err := r.run(t.Context()); err != nil || r.result.Stored != 4 || r.result.Replayed != 0 {
		t.Errorf("%+v, %v", r.result, err)
	}
	if got := ids(t, target); !maps.Equal(got, want) {
		t.Errorf("rows %v, want %v", got, want)
	}
}

// Window and reason choose; a dry run counts the same and changes nothing.
func TestReplayChooses(t *testing.T) {
	t.Parallel()
	day := func(d int) time.Time { return time.Date(2026, 7, d, 0, 0, 0, 0, time.UTC) }
	for _, c := range []struct {
		o    pipeline.ReplayOptions
		want int64
	}{
		{pipeline.ReplayOptions{Window: query.Window{Since: day(6)}}, 0},
		{pipeline.ReplayOptions{Window: query.Window{Until: day(5)}}, 0},
		{pipeline.ReplayOptions{Reason: "ParseError"}, 0},
		{pipeline.ReplayOptions{Window: query.Window{Since: day(5), Until: day(6)}, Reason: "malformeddata"}, 3},
	} {
		l, target := stopped(t)
		rejected(t, l)
		dry := c.o
		dry.DryRun = true
		for _, o := range []pipeline.ReplayOptions{dry, c.o} {
			r := newReplay(target, o, nil, disk.OS{})
			if err := r.run(t.Context()); err != nil || r.result.Replayed != c.want {
				t.Errorf("%+v: %+v, %v", o, r.result, err)
			}
			if o.DryRun && len(ids(t, target)) > 0 {
				t.Error("a dry run made rows")
			}
		}
	}
}
