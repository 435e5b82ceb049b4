//go:build cgo && (darwin || (linux && (amd64 || arm64)) || (windows && amd64))

package firehose_test

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"pixelctl/pkg/event"
	"pixelctl/pkg/local/duck"
	"pixelctl/pkg/reject"
)

// hit is one record as the Lambda function puts it, without its newline.
func hit(id string, at time.Time) string {
	r := event.Record{
		SchemaVersion: event.SchemaVersion, EventID: id, ReceivedAt: event.MillisOf(at), Event: "view", Site: "default",
		ClientClass: event.ClassUnknown, Status: event.StatusRecorded, IPMode: event.IPTruncated, Method: "GET", Path: "/p.gif",
	}
	return string(r.AppendJSON(nil))
}

// Rows of two hours go under the hour of the oldest record, as Firehose goes by
// that alone; what does not convert goes to the error prefix, byte for byte.
func TestConversion(t *testing.T) {
	r := start(t).with(nil)
	arrived := r.clock.Now()
	r.put(hit("a", arrived) + hit("b", arrived)) // nothing between
	r.put("{broken")
	r.clock.Advance(45 * time.Second) // the next hour
	r.put(hit("c", r.clock.Now()) + "\n")
	r.put(`{"event_id":[1],"received_at":"no time"}`)
	r.put(`[{"event_id":"d"}]`)
	r.clock.Advance(15 * time.Second)

	keys := r.store.List(bucket, "data/year=2026/month=7/day=5/hour=9/hits-1-2026-07-05-09-59-30-")
	if len(keys) != 2 || len(r.store.List(bucket, "data/")) != 2 {
		t.Fatalf("objects: %v", r.store.List(bucket, ""))
	}
	var files []string
	for _, key := range keys {
		if !strings.HasSuffix(key, ".parquet") {
			t.Errorf("key: %s", key)
		}
		files = append(files, filepath.Join(r.store.Path(bucket), filepath.FromSlash(key)))
	}
	if rows, err := duck.CountRows(t.Context(), files); err != nil || rows != 3 {
		t.Errorf("%d rows, %v", rows, err)
	}
	if c := r.server.Counters(hits); c.In != 5 || c.Out != 2 || c.Failed != 3 {
		t.Errorf("counters: %+v", c)
	}

	body, key := r.body("errors/format-conversion-failed/")
	if !strings.HasPrefix(key, "errors/format-conversion-failed/hits-1-2026-07-05-09-59-30-") {
		t.Errorf("error key: %s", key)
	}
	want := []string{
		fmt.Sprint("{broken ", reject.ParseError, " ", arrived.UnixMilli()),
		fmt.Sprint(`[{"event_id":"d"}] `, reject.ParseError, " ", arrived.Add(45*time.Second).UnixMilli()),
		fmt.Sprint(`{"event_id":[1],"received_at":"no time"} `, reject.MalformedData, " ", arrived.Add(45*time.Second).UnixMilli()),
	}
	for i, line := range bytes.Split(bytes.TrimSpace(body), []byte("\n")) {
		l, err := reject.ParseErrorLine(line)
		if err != nil {
			t.Fatal(err)
		}
		if got := fmt.Sprint(string(l.RawData), " ", l.LastErrorCode, " ", l.ArrivalTimestamp); i >= len(want) || got != want[i] {
			t.Errorf("error line %d: %s", i, got)
		}
		if l.DataCatalogTable.TableName != "tp_hits" || *l.DataCatalogTable.Region != "us-east-1" || l.AttemptEndingTimestamp != r.clock.Now().UnixMilli() {
			t.Errorf("error line %d: %+v", i, l)
		}
	}
}

// Without its table nothing converts, and every record is kept as an error.
func TestNoTable(t *testing.T) {
	r := start(t).with(nil)
	if err := r.catalog.DeleteTable("pixelctl", "tp_hits"); err != nil {
		t.Fatal(err)
	}
	r.put(hit("a", r.clock.Now()))
	r.clock.Advance(time.Minute)
	body, _ := r.body("")
	if l, err := reject.ParseErrorLine(bytes.TrimSpace(body)); err != nil || l.LastErrorCode != "DataFormatConversion.EntityNotFound" {
		t.Errorf("error line: %+v, %v", l, err)
	}
}

// Only rejected records make no data object; the converter leaves nothing behind.
func TestOnlyErrors(t *testing.T) {
	t.Setenv("TMPDIR", t.TempDir())
	r := start(t).with(nil)
	r.put(`{"received_at":"no time"}`)
	r.put(" \n")
	r.clock.Advance(time.Minute)
	if keys := r.store.List(bucket, ""); len(keys) != 1 || !strings.HasPrefix(keys[0], "errors/") {
		t.Errorf("objects: %v", keys)
	}
	if left, err := os.ReadDir(os.TempDir()); err != nil || len(left) != 0 {
		t.Errorf("left: %v, %v", left, err)
	}
}
