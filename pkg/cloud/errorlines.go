package cloud

import (
	"bytes"
	"context"
	"strings"
	"time"

	"pixelctl/pkg/cloud/bucket"
	"pixelctl/pkg/pipeline"
	"pixelctl/pkg/reject"
)

// errorFile is the most bytes of a file of error lines: a full buffer of
// 128 MiB, in base64, with what Firehose says of each record.
const errorFile = 512 << 20

// errorChange is what becomes of one file of error lines.
type errorChange struct {
	key, etag   string
	lines, gone int64
	size        int64
	kept        []byte
}

// removeLines removes chosen lines from what Firehose could not turn into rows:
// they hold the raw record. Files that keep some are written anew under their
// own names. Each change is told before it is made.
func (r *removal) removeLines(ctx context.Context, goes func(line []byte) bool, each func(errorChange) error) error {
	some := false
	err := r.errorFiles(ctx, func(o bucket.Object) error {
		some = true
		c, err := r.errorChange(ctx, o, goes)
		if err != nil || c.gone == 0 {
			return err
		}
		if err := each(c); err != nil {
			return err
		}
		if len(c.kept) == 0 {
			return r.t.bucket.RemoveVersions(ctx, r.d.data, []string{c.key})
		}
		// Another removal may be at the same file.
		_, err = r.t.bucket.Swap(ctx, r.d.data, c.key, c.kept, c.etag)
		return err
	})
	if err != nil || !some {
		return err
	}
	// The versions before the new ones, also those of a removal that was killed.
	return r.t.bucket.RemoveOld(ctx, r.d.data, errorPrefix)
}

// errorFiles are those that may hold a line of the window.
func (r *removal) errorFiles(ctx context.Context, each func(bucket.Object) error) error {
	objects, err := r.t.bucket.List(ctx, r.d.data, errorPrefix, 0)
	if err != nil {
		return err
	}
	for _, o := range objects {
		if !r.w.touchesDay(o.Key) {
			continue
		}
		if err := each(o); err != nil {
			return err
		}
	}
	return nil
}

// errorChange takes lines out of one file, in memory.
func (r *removal) errorChange(ctx context.Context, o bucket.Object, goes func([]byte) bool) (errorChange, error) {
	c := errorChange{key: o.Key, size: o.Size}
	body, etag, err := r.t.bucket.Load(ctx, r.d.data, o.Key, errorFile)
	if err != nil {
		return c, err
	}
	c.etag, c.kept = etag, make([]byte, 0, len(body))
	for line := range bytes.Lines(body) {
		c.lines++
		if goes(line) {
			c.gone++
		} else {
			c.kept = append(c.kept, line...)
		}
	}
	return c, nil
}

// errorLines removes those of the window.
func (p *purge) errorLines(ctx context.Context) error {
	inWindow := func(line []byte) bool {
		at, err := reject.Arrival(line) // a line without one stays: nobody asked to remove it
		return err == nil && p.w.Contains(at)
	}
	return p.removeLines(ctx, inWindow, func(c errorChange) error {
		p.result.Bytes += c.size - int64(len(c.kept))
		if len(c.kept) == 0 {
			p.result.Removed++
			return nil
		}
		p.result.Rewritten++
		p.sink.Send(pipeline.Event{Phase: pipeline.Move, Step: string(p.work), Text: c.key})
		return nil
	})
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
	return (w.Since.IsZero() || day.Add(24*time.Hour+late).After(w.Since)) && (w.Until.IsZero() || day.Add(-early).Before(w.Until))
}
