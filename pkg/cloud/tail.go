package cloud

import (
	"cmp"
	"context"
	"maps"
	"path"
	"slices"
	"strings"
	"time"

	"pixelctl/pkg/cloud/bucket"
	"pixelctl/pkg/event"
	"pixelctl/pkg/fault"
	"pixelctl/pkg/lake"
	"pixelctl/pkg/pipeline"
)

const (
	tailHours = 48 // how far back Tail looks for a file
	tailFiles = 100
	tailPause = 10 * time.Second
)

// Tail reads the newest files by Athena: it reads every format with the columns of
// the table, and bills 10 MB or more for each look. With Follow it lists the newest
// hours and asks only when a file came.
func (t *Target) Tail(ctx context.Context, o pipeline.TailOptions, show func(pipeline.Tail) error) error {
	if err := o.Validate(); err != nil {
		return err
	}
	d, err := t.standing(ctx, "tail")
	if err != nil {
		return err
	}
	table, err := d.catalog.Table(ctx)
	if err != nil {
		return err
	}
	f := follower{t: t, d: d, o: o, most: o.Lines, schema: schemaOf(table.Columns), seen: map[string]bool{}, shown: map[string]time.Time{}}
	if f.conditions, err = o.Conditions(f.schema); err != nil {
		return err
	}
	for {
		if err := f.look(ctx, show); err != nil || !o.Follow {
			return err
		}
		if err := t.clock.Wait(ctx, tailPause); err != nil {
			return err
		}
	}
}

func schemaOf(columns []lake.CatalogColumn) event.Schema {
	glue := make([]event.GlueColumn, len(columns))
	for i, c := range columns {
		glue[i] = event.GlueColumn(c)
	}
	return event.SchemaOf(glue)
}

// follower is one Tail.
type follower struct {
	t          *Target
	d          *deployed
	o          pipeline.TailOptions
	schema     event.Schema
	conditions []string
	most       int
	from       lake.Hour            // the newest hour that had a file
	seen       map[string]bool      // keys of files from that hour on
	shown      map[string]time.Time // event ids of rows from that hour on, and when they were received
	floor      time.Time            // of the oldest row that was shown at first, where others were left out
}

// look shows what new files hold.
func (f *follower) look(ctx context.Context, show func(pipeline.Tail) error) error {
	found, err := f.fresh(ctx)
	if err != nil {
		return err
	}
	files, err := f.hold(ctx, found)
	if err != nil {
		return err
	}
	switch {
	case len(files) > 0:
	case f.o.Follow:
		return nil
	case len(found) > 0:
		return fault.New(fault.Busy, "tail: a compaction is exchanging the files of the newest hour").
			WithHint("ask again when it has ended; %s tells of one that was killed", f.t.command("status"))
	default:
		return fault.New(fault.Failed, "tail: no file came in the last %d hours", tailHours).WithHint("%s", f.t.command("status"))
	}
	if err := f.t.registerNew(ctx, f.d, nil); err != nil {
		return err
	}
	tail, err := f.read(ctx, files)
	if err != nil {
		return err
	}
	f.most = pipeline.MostTail
	if _, err := f.hold(ctx, files); err != nil { // an exchange may have begun: those are read again
		return err
	}
	return show(tail)
}

// hold puts aside files whose hour is read from elsewhere, as it is while a
// compaction exchanges its files. A later look finds them again.
func (f *follower) hold(ctx context.Context, files []bucket.Object) ([]bucket.Object, error) {
	var hours []lake.Hour
	for _, o := range files {
		if h, err := hourOfKey(o.Key); err == nil && !slices.Contains(hours, h) {
			hours = append(hours, h)
		}
	}
	if len(hours) == 0 || f.d.projected() {
		return files, nil
	}
	moved, err := f.d.catalog.Elsewhere(ctx, hours, f.d.location())
	return slices.DeleteFunc(slices.Clone(files), func(o bucket.Object) bool {
		h, err := hourOfKey(o.Key)
		if err != nil || !slices.Contains(moved, h) {
			return false
		}
		delete(f.seen, o.Key)
		return true
	}), err
}

// read asks for the rows of files that were not shown. Those of a file that took
// the place of others were, or were left out at first, unless that came so soon
// after the others that no look saw them.
func (f *follower) read(ctx context.Context, files []bucket.Object) (pipeline.Tail, error) {
	tail := pipeline.Tail{Newest: files[len(files)-1].Modified}
	tail.Age = f.t.clock.Now().Sub(tail.Newest)
	first := len(f.shown) == 0
	var came, anew []bucket.Object
	for _, o := range files {
		if first || !rewritten(o.Key) {
			came = append(came, o)
		} else {
			anew = append(anew, o)
		}
	}
	err := f.ask(ctx, &tail, anew, f.floor)
	more := f.most == pipeline.MostTail
	tail.More = false
	if err == nil {
		err = f.ask(ctx, &tail, came, time.Time{})
	}
	if at := tail.Column("received_at"); first && tail.More {
		f.floor, _ = tail.Rows[0][at].(time.Time)
	}
	tail.More = tail.More && more || len(came) > tailFiles
	return tail, err
}

// ask adds the rows of files, later than an instant.
func (f *follower) ask(ctx context.Context, tail *pipeline.Tail, files []bucket.Object, after time.Time) error {
	if len(files) == 0 {
		return nil
	}
	rows, err := f.d.athena.Query(ctx, tailSQL(f.schema, f.d.data, files[max(0, len(files)-tailFiles):], f.conditions, f.most+1))
	if err != nil {
		return err
	}
	before := tail.Rows
	tail.Rows = nil
	if err := tail.Read(ctx, rows, f.most); err != nil {
		return err
	}
	id, at := tail.Column("event_id"), tail.Column("received_at")
	tail.Rows = slices.DeleteFunc(tail.Rows, func(row []any) bool {
		name, _ := row[id].(string)
		received, _ := row[at].(time.Time)
		_, shown := f.shown[name]
		if shown || !after.IsZero() && !received.After(after) {
			return true
		}
		if name != "" { // not of this program
			f.shown[name] = received
		}
		return false
	})
	tail.Rows = append(before, tail.Rows...)
	return nil
}

// rewritten tells a file that this program wrote from one of the stream.
func rewritten(key string) bool {
	work, _, _ := strings.Cut(path.Base(key), "-")
	return work == compacting || slices.Contains([]intent{purging, erasing, anonymising}, intent(work))
}

// fresh lists the files that were not seen, the oldest first: at first those of
// the newest hour that has any, then also those of later hours.
func (f *follower) fresh(ctx context.Context) ([]bucket.Object, error) {
	now := f.t.clock.Now()
	var found []bucket.Object
	for back := range tailHours {
		h := hourOf(now.Add(-time.Duration(back) * time.Hour))
		if f.from != (lake.Hour{}) && h.Compare(f.from) < 0 {
			break
		}
		list, err := f.t.bucket.List(ctx, f.d.data, dataPrefix+h.Path()+"/", 0)
		if err != nil {
			return nil, err
		}
		list = slices.DeleteFunc(list, func(o bucket.Object) bool { return f.seen[o.Key] || strings.HasSuffix(o.Key, "/") })
		found = append(found, list...)
		if f.from == (lake.Hour{}) && len(list) > 0 {
			f.from = h
		}
	}
	for _, o := range found {
		f.seen[o.Key] = true
	}
	f.forget(now)
	slices.SortFunc(found, func(a, b bucket.Object) int { return cmp.Or(a.Modified.Compare(b.Modified), cmp.Compare(a.Key, b.Key)) })
	return found, nil
}

// forget moves the first hour on: Firehose files an object under the hour of its
// oldest record, so the hour before may still get one.
func (f *follower) forget(now time.Time) {
	keep := hourOf(now.Add(-pipeline.MaxBuffer - patience))
	if f.from == (lake.Hour{}) || f.from.Compare(keep) >= 0 {
		return
	}
	f.from = keep
	maps.DeleteFunc(f.seen, func(key string, _ bool) bool {
		h, err := hourOfKey(key)
		return err == nil && h.Compare(keep) < 0
	})
	maps.DeleteFunc(f.shown, func(_ string, received time.Time) bool { return received.Before(keep.Start()) })
}
