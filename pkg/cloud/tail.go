package cloud

import (
	"cmp"
	"context"
	"maps"
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
	f := follower{t: t, d: d, o: o, most: o.Lines, schema: schemaOf(table.Columns), seen: map[string]bool{}}
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
	from       lake.Hour       // the newest hour that had a file
	seen       map[string]bool // keys of files from that hour on
}

// look shows what new files hold.
func (f *follower) look(ctx context.Context, show func(pipeline.Tail) error) error {
	files, err := f.fresh(ctx)
	if err != nil {
		return err
	}
	if len(files) == 0 {
		if f.from == (lake.Hour{}) && !f.o.Follow {
			return fault.New(fault.Failed, "tail: no file came in the last %d hours", tailHours).WithHint("%s", f.t.command("status"))
		}
		return nil
	}
	if err := f.t.registerNew(ctx, f.d, nil); err != nil {
		return err
	}
	tail := pipeline.Tail{Newest: files[len(files)-1].Modified, More: len(files) > tailFiles}
	tail.Age = f.t.clock.Now().Sub(tail.Newest)
	more := tail.More
	rows, err := f.d.athena.Query(ctx, TailSQL(f.schema, f.d.data, files[max(0, len(files)-tailFiles):], f.conditions, f.most+1))
	if err != nil {
		return err
	}
	if err := tail.Read(ctx, rows, f.most); err != nil {
		return err
	}
	tail.More = tail.More && f.most == pipeline.MostTail || more
	f.most = pipeline.MostTail
	return show(tail)
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
	keep := hourOf(now.Add(-pipeline.MaxBuffer - deliveryMargin))
	if f.from == (lake.Hour{}) || f.from.Compare(keep) >= 0 {
		return
	}
	f.from = keep
	maps.DeleteFunc(f.seen, func(key string, _ bool) bool {
		h, err := hourOfKey(key)
		return err == nil && h.Compare(keep) < 0
	})
}
