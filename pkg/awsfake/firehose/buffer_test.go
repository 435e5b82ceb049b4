package firehose_test

import (
	"bytes"
	"compress/gzip"
	"io"
	"regexp"
	"strings"
	"testing"
	"time"

	"pixelctl/pkg/awsfake/firehose"
	"pixelctl/pkg/awsfake/glue"
	"pixelctl/pkg/awsfake/wire"
)

// A buffer is delivered when its oldest record is as old as the interval, under
// that record's hour, whatever the hour of the later ones.
func TestInterval(t *testing.T) {
	r := start(t).with(plain)
	r.put(`{"n":1}`)
	r.clock.Advance(40 * time.Second)
	r.put(`{"n":2}`)
	r.clock.Advance(19 * time.Second)
	if keys := r.store.List(bucket, ""); len(keys) != 0 {
		t.Fatalf("too early: %v", keys)
	}
	if c := r.server.Counters(hits); c.In != 2 || c.Out != 0 || c.Freshness != 59*time.Second || !c.LastDelivery.IsZero() {
		t.Errorf("before: %+v", c)
	}
	if err := r.clock.Wait(t.Context(), time.Second); err != nil {
		t.Fatal(err)
	}
	body, key := r.body("data/year=2026/month=7/day=5/hour=9/")
	if string(body) != `{"n":1}{"n":2}` {
		t.Errorf("body: %s", body)
	}
	form := regexp.MustCompile(`/hits-1-2026-07-05-09-59-30-[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-8[0-9a-f]{3}-[0-9a-f]{12}$`)
	if !form.MatchString(key) {
		t.Errorf("key: %s", key)
	}
	if c := r.server.Counters(hits); c.Out != 2 || c.Freshness != 0 || !c.LastDelivery.Equal(r.clock.Now()) {
		t.Errorf("after: %+v", c)
	}
	r.clock.Advance(time.Hour)
	if keys := r.store.List(bucket, ""); len(keys) != 1 {
		t.Errorf("an empty buffer was delivered: %v", keys)
	}
}

func TestSize(t *testing.T) {
	r := start(t).with(plain)
	half := strings.Repeat("x", 512<<10)
	r.put(half)
	if keys := r.store.List(bucket, ""); len(keys) != 0 {
		t.Fatalf("too early: %v", keys)
	}
	r.put(half)
	if body, _ := r.body("data/"); len(body) != 1<<20 {
		t.Errorf("%d bytes", len(body))
	}
}

func TestGzipAndDelimiter(t *testing.T) {
	r := start(t).with(func(d *firehose.Destination) {
		plain(d)
		d.CompressionFormat = "GZIP"
		d.BufferingHints = hints(5, 0)
		d.ProcessingConfiguration = &firehose.ProcessingConfiguration{Enabled: true, Processors: []firehose.Processor{{Type: "AppendDelimiterToRecord"}}}
	})
	r.put("{}") // an interval of 0 delivers at once
	body, key := r.body("data/")
	in, err := gzip.NewReader(bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	if text, err := io.ReadAll(in); err != nil || string(text) != "{}\n" || !strings.HasSuffix(key, ".gz") {
		t.Errorf("%s: %q, %v", key, text, err)
	}
}

// A bucket that is not there delays the delivery, for a day.
func TestRetention(t *testing.T) {
	r := start(t).with(plain)
	if err := r.store.DeleteBucket(bucket); err != nil {
		t.Fatal(err)
	}
	r.put("{}")
	r.clock.Advance(23 * time.Hour)
	if err := r.server.Flush(hits); err == nil {
		t.Error("delivered to no bucket")
	}
	if err := r.store.CreateBucket(bucket); err != nil {
		t.Fatal(err)
	}
	r.clock.Advance(time.Minute)
	r.body("data/")
	if err := r.store.Put(bucket, "x", nil); err != nil {
		t.Fatal(err)
	}

	late := start(t).with(plain)
	if err := late.store.DeleteBucket(bucket); err != nil {
		t.Fatal(err)
	}
	late.put("{}")
	late.clock.Advance(24 * time.Hour)
	if c := late.server.Counters(hits); c.In != 1 || c.Out != 0 || c.Freshness != 0 {
		t.Errorf("after a day: %+v", c)
	}
}

func TestDeleteLosesTheBuffer(t *testing.T) {
	r := start(t).with(plain)
	r.put("{}")
	if err := r.server.Delete(hits); err != nil {
		t.Fatal(err)
	}
	r.clock.Advance(time.Hour)
	if keys := r.store.List(bucket, ""); len(keys) != 0 {
		t.Errorf("delivered: %v", keys)
	}
	for _, err := range []error{r.server.Delete(hits), r.server.Put(hits, nil), r.server.Flush(hits), r.server.FailRecords(hits, 1, "x"), r.server.Update(stream(t, nil))} {
		if wire.AsError(err).Code != "ResourceNotFoundException" {
			t.Errorf("gone: %v", err)
		}
	}
	if c := r.server.Counters(hits); c != (firehose.Counters{}) {
		t.Errorf("counters: %+v", c)
	}
}

func TestUpdateKeepsTheBuffer(t *testing.T) {
	r := start(t).with(plain)
	r.put("{}")
	next := stream(t, func(d *firehose.Destination) { plain(d); d.BufferingHints = hints(1, 120); d.FileExtension = ".json" })
	if err := r.server.Update(next); err != nil {
		t.Fatal(err)
	}
	r.clock.Advance(time.Minute)
	if keys := r.store.List(bucket, ""); len(keys) != 0 {
		t.Fatalf("the old interval: %v", keys)
	}
	r.clock.Advance(time.Minute)
	if _, key := r.body("data/"); !strings.Contains(key, "/hits-2-") || !strings.HasSuffix(key, ".json") {
		t.Errorf("key: %s", key)
	}
	if err := r.server.Update(stream(t, func(d *firehose.Destination) { d.BufferingHints = hints(5, glue.Int(60)) })); wire.AsError(err).Code != "InvalidArgumentException" {
		t.Errorf("against the rules: %v", err)
	}
}

func TestPutBatch(t *testing.T) {
	r := start(t).with(plain)
	if err := r.server.FailRecords(hits, 1, "ServiceUnavailableException"); err != nil {
		t.Fatal(err)
	}
	failed, err := r.server.PutBatch(hits, [][]byte{[]byte("a"), []byte("b")})
	if err != nil || wire.AsError(failed[0]).Code != "ServiceUnavailableException" || failed[1] != nil {
		t.Errorf("batch: %v, %v", failed, err)
	}
	if c := r.server.Counters(hits); c.In != 1 || c.Throttled != 1 {
		t.Errorf("counters: %+v", c)
	}
}
