package cloud

import (
	"bytes"
	"context"
	"encoding/json"
	"strings"
	"time"

	"pixelctl/pkg/cloud/bucket"
	"pixelctl/pkg/pipeline"
)

// errorFile is the most bytes of a file of error lines: a full buffer of
// 128 MiB, in base64, with what Firehose says of each record.
const errorFile = 512 << 20

// errorLines removes the lines of the window from what Firehose could not turn
// into rows: they hold the raw record. Files that keep some are written anew
// under their own names.
func (p *purge) errorLines(ctx context.Context) error {
	objects, err := p.t.bucket.List(ctx, p.d.data, errorPrefix, 0)
	if err != nil || len(objects) == 0 {
		return err
	}
	var gone []string
	for _, o := range objects {
		if !p.w.touchesDay(o.Key) {
			continue
		}
		empty, err := p.errorLinesOf(ctx, o)
		if err != nil {
			return err
		}
		if empty {
			gone = append(gone, o.Key)
		}
	}
	if err := p.t.bucket.RemoveVersions(ctx, p.d.data, gone); err != nil {
		return err
	}
	// The versions before the new ones, also those of a purge that was killed.
	return p.t.bucket.RemoveOld(ctx, p.d.data, errorPrefix)
}

// errorLinesOf takes the lines of the window out of one file; empty says that
// none would be left.
func (p *purge) errorLinesOf(ctx context.Context, o bucket.Object) (empty bool, err error) {
	body, err := p.t.bucket.Read(ctx, p.d.data, o.Key, errorFile)
	if err != nil {
		return false, err
	}
	kept := make([]byte, 0, len(body))
	for line := range bytes.Lines(body) {
		if at, ok := arrival(line); !ok || !p.w.holds(at) {
			kept = append(kept, line...)
		}
	}
	switch {
	case len(kept) == len(body):
		return false, nil
	case len(kept) == 0:
		p.result.Removed, p.result.Bytes = p.result.Removed+1, p.result.Bytes+o.Size
		return true, nil
	}
	p.sink.Send(pipeline.Event{Phase: pipeline.Move, Step: "purge", Text: o.Key})
	p.result.Rewritten, p.result.Bytes = p.result.Rewritten+1, p.result.Bytes+int64(len(body)-len(kept))
	return false, p.t.bucket.Put(ctx, p.d.data, o.Key, kept)
}

// arrival is when the record of an error line reached Firehose. Lines without
// one stay: nobody asked to remove them.
func arrival(line []byte) (time.Time, bool) {
	var l struct {
		Arrival *int64 `json:"arrivalTimestamp"` // ms
	}
	if err := json.Unmarshal(line, &l); err != nil || l.Arrival == nil {
		return time.Time{}, false
	}
	return time.UnixMilli(*l.Arrival), true
}

// touchesDay reports whether a file of error lines, filed under the day of its
// oldest, may hold one of the window; so does one with another name.
func (w window) touchesDay(key string) bool {
	at := strings.Index(key, "year=")
	last := strings.LastIndex(key, "/")
	if at < 0 || last < at {
		return true
	}
	day, err := time.Parse("year=2006/month=1/day=2", key[at:last])
	if err != nil {
		return true
	}
	return (w.since.IsZero() || day.Add(24*time.Hour+late).After(w.since)) && (w.until.IsZero() || day.Add(-early).Before(w.until))
}
