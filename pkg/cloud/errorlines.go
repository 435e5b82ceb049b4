package cloud

import (
	"bytes"
	"context"
	"slices"
	"strings"
	"time"

	"golang.org/x/sync/errgroup"

	"pixelctl/pkg/cloud/bucket"
	"pixelctl/pkg/lake"
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
	list, err := r.t.errorFiles(ctx, r.d, r.w)
	if err != nil || len(list) == 0 {
		return err
	}
	err = r.t.readErrors(ctx, r.d, list, func(o errorObject) error {
		c := changeOf(o, goes)
		if c.gone == 0 {
			return nil
		}
		if err := each(c); err != nil {
			return err
		}
		if len(c.kept) == 0 {
			return r.t.bucket.RemoveVersions(ctx, r.d.data, []string{c.key})
		}
		// Another removal may be at the same file.
		_, err := r.t.bucket.Swap(ctx, r.d.data, c.key, c.kept, c.etag)
		return err
	})
	if err != nil {
		return err
	}
	// The versions before the new ones, also those of a removal that was killed.
	return r.t.bucket.RemoveOld(ctx, r.d.data, errorPrefix)
}

// errorFiles are those that may hold a line of the window.
func (t *Target) errorFiles(ctx context.Context, d *deployed, w window) ([]bucket.Object, error) {
	list, err := t.bucket.List(ctx, d.data, errorPrefix, 0)
	return slices.DeleteFunc(list, func(o bucket.Object) bool { return !w.touchesDay(o.Key) }), err
}

// errorObject is a file of error lines; one that is gone by now is empty.
type errorObject struct {
	bucket.Object

	body []byte
	etag string
}

// readErrors gives files of error lines in their order. Firehose writes one for
// each buffer with a bad record, so there may be thousands: some are read at a
// time.
func (t *Target) readErrors(ctx context.Context, d *deployed, list []bucket.Object, each func(errorObject) error) error {
	for len(list) > 0 {
		some := make([]errorObject, together(list))
		g, loading := errgroup.WithContext(ctx)
		for i, o := range list[:len(some)] {
			g.Go(func() (err error) {
				some[i].Object = o
				some[i].body, some[i].etag, err = t.bucket.Load(loading, d.data, o.Key, errorFile)
				return err
			})
		}
		if err := g.Wait(); err != nil {
			return err
		}
		list = list[len(some):]
		for _, o := range some {
			if err := each(o); err != nil {
				return err
			}
		}
	}
	return nil
}

// errorsAtOnce bounds what is in memory of files that are read together.
const errorsAtOnce = 64 << 20

// together is how many of the first files are read at a time.
func together(list []bucket.Object) int {
	n, size := 1, list[0].Size
	for n < min(len(list), atOnce) && size+list[n].Size <= errorsAtOnce {
		size += list[n].Size
		n++
	}
	return n
}

// changeOf takes lines out of one file, in memory.
func changeOf(o errorObject, goes func([]byte) bool) errorChange {
	c := errorChange{key: o.Key, etag: o.etag, size: o.Size, kept: make([]byte, 0, len(o.body))}
	for line := range bytes.Lines(o.body) {
		c.lines++
		if goes(line) {
			c.gone++
		} else {
			c.kept = append(c.kept, line...)
		}
	}
	return c
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
	return (w.Since.IsZero() || day.Add(24*time.Hour+lake.RowsAfter).After(w.Since)) && (w.Until.IsZero() || day.Add(-lake.RowsBefore).Before(w.Until))
}
