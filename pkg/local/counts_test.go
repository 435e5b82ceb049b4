package local

import (
	"errors"
	"maps"
	"os"
	"path/filepath"
	"testing"
	"time"

	"pixelctl/pkg/event"
	"pixelctl/pkg/local/disk"
	"pixelctl/pkg/pipeline"
)

// A server that is killed leaves counts from before its last hits: what the
// spool holds of these is counted once, however often somebody looks or starts.
func TestCountsAfterAKill(t *testing.T) {
	t.Parallel()
	l := Layout{Dir: filepath.Join(t.TempDir(), "stack")}
	at := time.Date(2026, 7, 5, 9, 0, 0, 0, time.UTC)
	var body []byte
	for i, status := range []string{event.StatusRecorded, event.StatusRecorded, event.StatusRecorded, "dropped:site"} {
		r := event.Record{SchemaVersion: event.SchemaVersion, EventID: "e", ReceivedAt: event.MillisOf(at.Add(time.Duration(i) * time.Second)), Status: status}
		body = r.AppendLine(body)
	}
	body = append(body, `{"received_at":"2026-07-05 10:00:00.000","stat`...) // nobody was answered for it
	if err := disk.MkdirAll(disk.OS{}, l.Spool(), dirPerm); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(l.Spool(), segment+".ndjson"), body, filePerm); err != nil {
		t.Fatal(err)
	}
	// The first two are counted already.
	before := pipeline.Hits{Received: 12, Recorded: 10, Dropped: map[string]int64{"rate": 1, "site": 1}}
	if err := saveCounts(l, counted{before, at.Add(time.Second)}); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		c := loadCounts(l)
		if c.Received != 14 || c.Recorded != 11 || !maps.Equal(c.Dropped, map[string]int64{"rate": 1, "site": 2}) {
			t.Fatalf("counts %+v", c)
		}
	}
	if err := saveCounts(l, loadCounts(l)); err != nil {
		t.Fatal(err)
	}
	if c := loadCounts(l); c.Received != 14 {
		t.Errorf("after a start: %+v", c)
	}
	// What was last written before the counts is not read again.
	old := filepath.Join(l.Spool(), segment+".ndjson")
	if err := errors.Join(os.Chtimes(old, at, at), saveCounts(l, counted{before, at.Add(time.Millisecond)})); err != nil {
		t.Fatal(err)
	}
	if c := loadCounts(l); c.Received != 12 {
		t.Errorf("of an old segment: %+v", c)
	}
	if err := os.Remove(l.Counts()); err != nil {
		t.Fatal(err)
	}
	if c := loadCounts(l); c.Received != 4 || c.Recorded != 3 || c.Dropped["site"] != 1 {
		t.Errorf("without the file: %+v", c)
	}
}
