package cloud

import (
	"context"
	"crypto/rand"
	"slices"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"pixelctl/pkg/cloud/bucket"
	"pixelctl/pkg/cloud/catalog"
	"pixelctl/pkg/fault"
	"pixelctl/pkg/lake"
	"pixelctl/pkg/pipeline"
	"pixelctl/pkg/query"
)

// compaction is one run of Compact.
type compaction struct {
	t     *Target
	d     *deployed
	o     pipeline.CompactOptions
	table catalog.Table
	id    string // part of the names of all that it makes
	etag  string // of the journal as this run last wrote it; "" when there is none
	sink  pipeline.Sink

	mu     sync.Mutex
	result pipeline.CompactResult
}

// small is an hour with files to make fewer of.
type small struct {
	hour  lake.Hour
	files []bucket.Object // those that become fewer
	rest  []bucket.Object // those that are large enough
	fresh []bucket.Object // what Athena made of files
}

// Compact has Athena write many small files of an hour as few. While files are
// exchanged the hour is read from a directory that is complete, so that a reader
// sees each row once. Rows stay as they are, also those that are there twice. A
// run that was killed is taken up by the next.
func (t *Target) Compact(ctx context.Context, o pipeline.CompactOptions, sink pipeline.Sink) (pipeline.CompactResult, error) {
	r := pipeline.CompactResult{DryRun: o.DryRun}
	if err := o.Validate(t.clock.Now()); err != nil {
		return r, err
	}
	d, err := t.readable(ctx, "compact")
	if err == nil {
		err = t.own(ctx, d, "compact")
	}
	if err == nil && d.projected() {
		err = fault.New(fault.Usage, "compact: the table projects its partitions, so that a reader would see files of before and after at once").
			WithHint("%s and %s let hours be exchanged; after it, deploy --partitions projection", t.command("deploy --partitions catalog"), t.command("repair"))
	}
	if err != nil {
		return r, err
	}
	c := &compaction{t: t, d: d, o: o, id: rand.Text(), sink: sink, result: r}
	err = c.run(ctx)
	return c.result, err
}

func (c *compaction) run(ctx context.Context) (err error) {
	if !c.o.DryRun {
		if err := c.t.endCompaction(ctx, c.d, c.sink); err != nil {
			return err
		}
		if err := c.alone(ctx); err != nil {
			return err
		}
	}
	if c.table, err = c.d.catalog.Table(ctx); err != nil {
		return err
	}
	todo, err := c.find(ctx)
	if err != nil {
		return err
	}
	if c.o.DryRun {
		c.plan(todo)
		return nil
	}
	for n, some := range slices.Collect(slices.Chunk(todo, hoursAtOnce)) {
		c.sink.Send(pipeline.Event{Phase: pipeline.Move, Step: "compact", Text: some[0].hour.Path(), Done: int64(n * hoursAtOnce), Total: int64(len(todo))})
		if err := c.batch(ctx, n, some); err != nil {
			return fault.New(fault.KindOf(err), "compact %s and later: %w", some[0].hour.Path(), err).WithHint("%s", hintOr(err, c.t.command(c.o.Again())+" takes it up"))
		}
	}
	if len(c.result.Partitions) > 0 {
		c.result.Note = c.d.anew()
	}
	return c.close(ctx)
}

// hoursAtOnce is how many hours are exchanged together: the names of their files
// stand in one statement of 262,144 bytes at most (Athena API,
// StartQueryExecution).
const hoursAtOnce = 6

// mostSmall bounds the files of one hour that become fewer in one run.
const mostSmall = 100

// find looks for hours with small files, among those that are registered.
func (c *compaction) find(ctx context.Context) ([]*small, error) {
	c.sink.Send(pipeline.Event{Phase: pipeline.Begin, Step: "find small files"})
	hours, _, err := c.d.catalog.Hours(ctx, "")
	if err != nil {
		return nil, err
	}
	hours = slices.DeleteFunc(hours, func(h lake.Hour) bool { return !lake.Covered(h, time.Time{}, c.o.Until) })
	c.result.Looked = len(hours)
	found := make([]*small, len(hours))
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(atOnce)
	for i, h := range hours {
		g.Go(func() (err error) {
			found[i], err = c.look(ctx, h)
			return err
		})
	}
	err = g.Wait()
	c.sink.Send(pipeline.Event{Phase: pipeline.End, Step: "find small files"})
	return slices.DeleteFunc(found, func(s *small) bool { return s == nil }), err
}

// look gives nil for an hour that is well as it is.
func (c *compaction) look(ctx context.Context, h lake.Hour) (*small, error) {
	objects, err := c.t.bucket.List(ctx, c.d.data, dataPrefix+h.Path()+"/", 0)
	if err != nil {
		return nil, err
	}
	objects = slices.DeleteFunc(objects, func(o bucket.Object) bool { return o.Size == 0 })
	sizes := make([]int64, len(objects))
	for i, o := range objects {
		sizes[i] = o.Size
	}
	s := &small{hour: h}
	taken := map[int]bool{}
	for _, group := range c.o.Groups(sizes) {
		for _, i := range group {
			if len(taken) < mostSmall {
				taken[i] = true
			}
		}
	}
	for i, o := range objects {
		if taken[i] {
			s.files = append(s.files, o)
		} else {
			s.rest = append(s.rest, o)
		}
	}
	if len(s.files) < 2 {
		return nil, nil //nolint:nilnil // nothing to do is no error
	}
	return s, nil
}

// plan tells what a run would do.
func (c *compaction) plan(todo []*small) {
	for _, s := range todo {
		p := s.outcome()
		p.FilesAfter, p.BytesAfter, p.Rows = len(s.rest)+1, -1, -1
		c.result.Partitions = append(c.result.Partitions, p)
	}
	if len(todo) == 0 {
		return
	}
	batches := (len(todo) + hoursAtOnce - 1) / hoursAtOnce
	c.result.Note = "how many files Athena writes is its own choice: an hour that would not have fewer is left as it is"
	c.result.Calls = []string{
		"athena:StartQueryExecution " + plural(len(todo), "UNLOAD"), "athena:StartQueryExecution " + plural(2*batches, "counts"),
		"glue:BatchUpdatePartition " + plural(len(todo), "partitions") + " there and back",
		"s3:CopyObject to " + c.d.data + "/" + dataPrefix, "s3:DeleteObjects " + c.d.data + "/" + dataPrefix,
	}
}

func (s *small) outcome() pipeline.CompactedPartition {
	p := pipeline.CompactedPartition{Partition: s.hour.Path(), FilesBefore: len(s.files) + len(s.rest), FilesAfter: len(s.fresh) + len(s.rest)}
	for _, o := range slices.Concat(s.files, s.rest) {
		p.BytesBefore += o.Size
	}
	for _, o := range slices.Concat(s.fresh, s.rest) {
		p.BytesAfter += o.Size
	}
	return p
}

func (c *compaction) paid(stats query.Stats) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.result.Dollars += stats.Dollars
}
