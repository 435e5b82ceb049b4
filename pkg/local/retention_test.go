package local

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"pixelctl/pkg/lake"
	"pixelctl/pkg/local/control"
	"pixelctl/pkg/local/disk"
	"pixelctl/pkg/spec"
)

// aged is a server on a clock that the test sets, with rows of several hours.
type aged struct {
	served
	now atomic.Pointer[time.Time]
}

// at sets the clock.
func (a *aged) at(t *testing.T, when string) {
	t.Helper()
	v := moment(t, when)
	a.now.Store(&v)
}

func moment(t *testing.T, text string) time.Time {
	t.Helper()
	v, err := time.Parse(time.RFC3339, text)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func serveAged(t *testing.T, days int) *aged {
	t.Helper()
	a := &aged{}
	a.at(t, "2026-07-05T09:30:00Z")
	settings := defaultSettings("test")
	settings.RetentionDays = days
	dir := filepath.Join(t.TempDir(), "stack")
	a.served = serveSettings(t, dir, settings, func() time.Time { return *a.now.Load() }, disk.OS{}, Convert{})
	for _, when := range []string{"2026-07-05T09:30:00Z", "2026-07-05T10:30:00Z", "2026-07-06T09:00:00Z"} {
		a.at(t, when)
		a.request(t, "")
	}
	if _, err := a.Flush(t.Context()); err != nil {
		t.Fatal(err)
	}
	ids(t, a.target) // registers the hours
	return a
}

// hours gives the hours on disk, and wants the catalog to know the same.
func (a *aged) hours(t *testing.T) []string {
	t.Helper()
	onDisk, err := scanHours(a.layout.Data())
	if err != nil {
		t.Fatal(err)
	}
	slices.SortFunc(onDisk.hours, lake.Hour.Compare)
	c, _, err := readCatalog(a.layout)
	if err != nil || !slices.Equal(c.Hours(), onDisk.hours) {
		t.Errorf("catalog %v, %v; on disk %v", c.Hours(), err, onDisk.hours)
	}
	return paths(onDisk.hours)
}

// Only hours that ended before the retention began go, and the catalog knows.
func TestRetention(t *testing.T) {
	t.Parallel()
	a := serveAged(t, 30)
	nine, ten, six := "year=2026/month=7/day=5/hour=9", "year=2026/month=7/day=5/hour=10", "year=2026/month=7/day=6/hour=9"
	for _, c := range []struct {
		now  string
		want []string
	}{
		{"2026-08-04T09:59:59Z", []string{nine, ten, six}},
		{"2026-08-04T10:00:00Z", []string{ten, six}},
		{"2026-08-04T10:59:59Z", []string{ten, six}},
		{"2026-08-05T08:00:00Z", []string{six}},
		{"2026-07-01T00:00:00Z", []string{six}}, // the clock was set back
	} {
		a.at(t, c.now)
		a.retainNow()
		a.tend(t.Context())
		if got := a.hours(t); !slices.Equal(got, c.want) {
			t.Errorf("at %s: %v, want %v", c.now, got, c.want)
		}
	}
	if rows := ids(t, a.target); len(rows) != 1 {
		t.Errorf("rows %v, want the youngest", rows)
	}
	status := a.status(t)
	if status.RetentionDays != 30 || len(status.Problems) != 0 || status.Partitions.Registered != 1 {
		t.Errorf("status %+v", status)
	}
}

// The server looks at its start and once an hour, and again soon when another
// operation holds the stack.
func TestRetentionOnceAnHour(t *testing.T) {
	t.Parallel()
	a := serveAged(t, 1)
	now := *a.now.Load()
	a.retainNow()
	if !a.retainDue(now) || a.retainDue(now) || a.retainDue(now.Add(59*time.Minute)) || !a.retainDue(now.Add(time.Hour)) {
		t.Error("it does not look once an hour")
	}
	if !a.retainDue(now.Add(-24 * time.Hour)) {
		t.Error("a clock that was set back stops it")
	}
	lock, err := lockFile(t.Context(), a.layout, a.layout.OperationLock(), "test")
	if err != nil {
		t.Fatal(err)
	}
	a.at(t, "2026-07-06T10:30:00Z")
	a.retainNow()
	a.tend(t.Context())
	if got := a.hours(t); len(got) != 3 {
		t.Errorf("hours %v were removed under another operation", got)
	}
	if status := a.status(t); len(status.Problems) != 0 {
		t.Errorf("problems %+v, want none: it tries again", status.Problems)
	}
	if err := lock.Unlock(); err != nil {
		t.Fatal(err)
	}
	a.at(t, "2026-07-06T10:31:00Z")
	a.tend(t.Context())
	if got := a.hours(t); len(got) != 2 {
		t.Errorf("hours %v, want one less", got)
	}
}

// Lines and torn ends that did not become rows grow as old as rows do.
func TestRetentionOfErrors(t *testing.T) {
	t.Parallel()
	a := serveAged(t, 1)
	dir := filepath.Join(a.layout.Errors(), "format-conversion-failed")
	if err := os.MkdirAll(dir, dirPerm); err != nil {
		t.Fatal(err)
	}
	line := func(at string) string {
		return `{"arrivalTimestamp":` + strconv.FormatInt(moment(t, at).UnixMilli(), 10) + `,"rawData":"x"}` + "\n"
	}
	file := filepath.Join(dir, "s1.json")
	put(t, file, line("2026-07-05T09:59:59Z")+line("2026-07-05T10:00:00Z"))
	put(t, filepath.Join(dir, "s2.json"), line("2026-07-05T08:00:00Z"))
	for name, at := range map[string]string{"old.bin": "2026-07-05T09:59:59Z", "new.bin": "2026-07-05T10:00:00Z"} {
		put(t, filepath.Join(dir, name), "torn")
		if err := os.Chtimes(filepath.Join(dir, name), moment(t, at), moment(t, at)); err != nil {
			t.Fatal(err)
		}
	}
	a.at(t, "2026-07-06T10:15:00Z")
	a.retainNow()
	a.tend(t.Context())
	b, err := os.ReadFile(file)
	if err != nil || string(b) != line("2026-07-05T10:00:00Z") {
		t.Errorf("left of the lines: %q, %v", b, err)
	}
	left, err := filepath.Glob(filepath.Join(dir, "*"))
	if err != nil || len(left) != 2 || !strings.HasSuffix(left[0], "new.bin") {
		t.Errorf("left %v, %v", left, err)
	}
}

// A retention that comes with a deploy holds at once; without one nothing goes.
func TestRetentionByDeploy(t *testing.T) {
	t.Parallel()
	a := serveAged(t, 0)
	a.at(t, "2046-07-06T08:15:00Z")
	a.retainNow()
	a.tend(t.Context())
	if got := a.hours(t); len(got) != 3 {
		t.Fatalf("hours %v, want all: no retention is set", got)
	}
	if err := a.SetRecords(t.Context(), control.Records{Spec: spec.Spec{}, RetentionDays: 7305}); err != nil {
		t.Fatal(err)
	}
	a.tend(t.Context())
	if got := a.hours(t); len(got) != 1 {
		t.Errorf("hours %v, want the youngest", got)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := a.retain(ctx, *a.now.Load()); !errors.Is(err, context.Canceled) {
		t.Errorf("%v, want the end of the context", err)
	}
}

func put(t *testing.T, path, text string) {
	t.Helper()
	if err := errors.Join(os.MkdirAll(filepath.Dir(path), dirPerm), os.WriteFile(path, []byte(text), filePerm)); err != nil {
		t.Fatal(err)
	}
}
