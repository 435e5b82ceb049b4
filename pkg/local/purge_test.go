package local_test

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"pixelctl/pkg/fault"
	"pixelctl/pkg/pipeline"
	"pixelctl/pkg/query"
	"pixelctl/pkg/reject"
)

// clock gives a time on the day of these tests.
func clock(hms string) time.Time {
	at, err := time.Parse("2006-01-02 15:04:05.000", "2026-07-05 "+hms)
	if err != nil {
		return time.Time{}
	}
	return at
}

// The hits of the purge tests: three hours, of which the first has two files;
// the last hit is still in the spool.
var purgeHits = []string{"09:10:00.000", "09:20:00.000", "10:05:00.000", "flush", "09:50:00.000", "flush", "11:30:00.000"}

func TestPurgeWindow(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, since, until string
		gone               string // hits that are removed
		removed, rewritten int
	}{
		{"inside one file", "09:15:00.000", "09:30:00.000", "09:20", 0, 1},
		{"a whole file of an edge hour", "09:45:00.000", "10:00:00.000", "09:50", 1, 0},
		{"over two edges", "09:15:00.000", "10:30:00.000", "09:20 09:50 10:05", 2, 1},
		{"whole hours", "09:00:00.000", "11:00:00.000", "09:10 09:20 09:50 10:05", 3, 0},
		{"open beginning", "", "10:00:00.000", "09:10 09:20 09:50", 2, 0},
		{"open end, into the spool", "10:05:00.000", "", "10:05 11:30", 2, 0},
		{"first instant is in", "09:20:00.000", "09:50:00.000", "09:20", 0, 1},
		{"last instant is out", "09:00:00.000", "09:20:00.000", "09:10", 0, 1},
		{"between the hits", "09:20:00.001", "09:49:59.999", "", 0, 0},
		{"after all", "12:00:00.000", "", "", 0, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			h, ids := purgeStack(t)
			o := pipeline.PurgeOptions{Window: query.Window{Since: clock(c.since), Until: clock(c.until)}}
			plan := o
			plan.DryRun = true
			planned, err := h.target().Purge(t.Context(), plan, nil)
			if err != nil || planned.Rows != int64(len(strings.Fields(c.gone))) {
				t.Errorf("dry run: %+v, %v", planned, err)
			}
			r, err := h.target().Purge(t.Context(), o, nil)
			if err != nil || r.Rows != planned.Rows || r.Removed != c.removed || r.Rewritten != c.rewritten {
				t.Errorf("purge: %+v, %v; want %d files removed, %d rewritten", r, err, c.removed, c.rewritten)
			}
			var left []string
			for at, id := range ids {
				if !strings.Contains(c.gone, at) {
					left = append(left, id)
				}
			}
			h.wantIDs(t, left...)
		})
	}
}

// purgeStack has purgeHits recorded and gives their ids by hour and minute.
func purgeStack(t *testing.T) (*here, map[string]string) {
	t.Helper()
	h := serveHere(t, clock("09:00:00.000"))
	ids := map[string]string{}
	for _, step := range purgeHits {
		if step == "flush" {
			h.flush(t)
			continue
		}
		h.at(clock(step))
		ids[step[:5]] = h.hit(t, h.endpoint+"/p.gif")
	}
	return h, ids
}

// A purge that was killed leaves a half-written file beside the old one; the
// next purge is not led astray by it.
func TestPurgeAfterKilledPurge(t *testing.T) {
	t.Parallel()
	h, ids := purgeStack(t)
	for _, file := range h.files(t) {
		write(t, filepath.Join(filepath.Dir(file), "."+filepath.Base(file)+".purge"), []byte("half"))
	}
	o := pipeline.PurgeOptions{Window: query.Window{Since: clock("09:15:00.000"), Until: clock("10:30:00.000")}}
	if _, err := h.target().Purge(t.Context(), o, nil); err != nil {
		t.Fatal(err)
	}
	h.wantIDs(t, ids["09:10"], ids["11:30"])
	for _, path := range h.tree(t, "lake/data") {
		if !strings.HasSuffix(path, ".parquet") {
			t.Errorf("%s is left over", path)
		}
	}
}

// Nobody can tell which rows of a damaged file lie in the window: the purge
// says so instead of leaving them unsaid.
func TestPurgeDamagedFile(t *testing.T) {
	t.Parallel()
	h, _ := purgeStack(t)
	broken := filepath.Join(h.dir, "lake", "data", "year=2026", "month=7", "day=5", "hour=9", "broken.parquet")
	write(t, broken, []byte("no Parquet"))
	_, err := h.target().Purge(t.Context(), pipeline.PurgeOptions{Window: query.Window{Since: clock("09:15:00.000"), Until: clock("09:30:00.000")}}, nil)
	if err == nil || !strings.Contains(err.Error(), "broken.parquet") || !strings.Contains(fault.HintOf(err), broken) {
		t.Fatalf("purge: %v (hint %q), want broken.parquet named in both", err, fault.HintOf(err))
	}
	if _, err := h.target().Purge(t.Context(), pipeline.PurgeOptions{Window: query.Window{Until: clock("10:00:00.000")}}, nil); err != nil {
		t.Errorf("purge of the whole hour: %v", err)
	}
	if _, err := os.Stat(broken); !os.IsNotExist(err) {
		t.Errorf("the damaged file outlived the purge of its hour: %v", err)
	}
}

// Error lines go by when their record arrived. Lines without a readable time
// stay, and so do torn ends, unless all is purged.
func TestPurgeErrors(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name         string
		options      pipeline.PurgeOptions
		lines        []string // raw data that stays
		tornRemains  bool
		wantRewrites int
	}{
		{"window", pipeline.PurgeOptions{Window: query.Window{Since: clock("09:20:00.000"), Until: clock("09:30:00.000")}}, []string{"early", "late"}, true, 1},
		{"from the start", pipeline.PurgeOptions{Window: query.Window{Until: clock("09:30:00.000")}}, []string{"late"}, true, 1},
		{"outside", pipeline.PurgeOptions{Window: query.Window{Since: clock("23:00:00.000")}}, []string{"early", "middle", "late"}, true, 0},
		{"all", pipeline.PurgeOptions{All: true}, nil, false, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			h := serveHere(t, clock("09:00:00.000"))
			file := filepath.Join(h.dir, "lake", filepath.FromSlash(reject.FileName("s")))
			torn := filepath.Join(h.dir, "lake", "errors", "torn", "s.bin")
			mkdir(t, filepath.Dir(file))
			mkdir(t, filepath.Dir(torn))
			write(t, torn, []byte(`{"event_id":"to`))
			var lines []byte
			for raw, at := range map[string]string{"early": "09:10:00.000", "middle": "09:20:00.000", "late": "09:30:00.000"} {
				lines = reject.AppendErrorLine(lines, reject.ErrorLine{ArrivalTimestamp: clock(at).UnixMilli(), RawData: []byte(raw)})
			}
			write(t, file, append(lines, "no error line\n"...))
			r, err := h.target().Purge(t.Context(), c.options, nil)
			if err != nil || r.Rewritten != c.wantRewrites {
				t.Errorf("purge: %+v, %v; want %d files rewritten", r, err, c.wantRewrites)
			}
			_, err = os.Stat(torn)
			if c.tornRemains != (err == nil) {
				t.Errorf("torn end: %v", err)
			}
			wantErrorLines(t, file, c.lines)
		})
	}
}

func wantErrorLines(t *testing.T, file string, want []string) {
	t.Helper()
	b, err := os.ReadFile(file)
	if want == nil {
		if !os.IsNotExist(err) {
			t.Errorf("error file: %v, want it gone", err)
		}
		return
	}
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]bool{}
	for line := range bytes.Lines(b) {
		l, err := reject.ParseErrorLine(line)
		if err != nil {
			l.RawData = []byte("unreadable")
		}
		got[string(l.RawData)] = true
	}
	if len(got) != len(want)+1 || !got["unreadable"] {
		t.Errorf("lines %v, want %v and the unreadable one", got, want)
	}
	for _, raw := range want {
		if !got[raw] {
			t.Errorf("line %s is gone", raw)
		}
	}
}

func TestPurgeRefuses(t *testing.T) {
	t.Parallel()
	s := newStack(t)
	for name, o := range map[string]pipeline.PurgeOptions{
		"nothing named":  {},
		"all and window": {All: true, Window: query.Window{Since: clock("09:00:00.000")}},
		"backwards":      {Window: query.Window{Since: clock("10:00:00.000"), Until: clock("09:00:00.000")}},
		"empty":          {Window: query.Window{Since: clock("10:00:00.000"), Until: clock("10:00:00.000")}},
	} {
		if _, err := s.target().Purge(t.Context(), o, nil); fault.KindOf(err) != fault.Usage {
			t.Errorf("%s: %v, want a usage error", name, err)
		}
	}
}
