package cloud

import (
	"context"
	"errors"
	"fmt"
	"path"
	"slices"
	"strconv"

	"golang.org/x/sync/errgroup"

	"pixelctl/pkg/cloud/bucket"
	"pixelctl/pkg/fault"
	"pixelctl/pkg/lake"
)

// staged is where the files of a batch are written, and read while those of the
// lake are exchanged; below it stand hours as below the table's location.
func (c *compaction) staged(n int) string { return stagedHours + c.id + "-" + strconv.Itoa(n) + "/" }

// batch makes the small files of some hours fewer.
func (c *compaction) batch(ctx context.Context, n int, some []*small) error {
	staging := c.staged(n)
	if err := c.write(ctx, hourJournal{State: writing, Staging: staging}); err != nil {
		return err
	}
	before, err := c.digests(ctx, some, func(s *small) []bucket.Object { return s.files })
	if err == nil {
		err = c.stage(ctx, staging, some)
	}
	if err != nil {
		return err // nobody has seen anything: the next run clears it
	}
	if some = slices.DeleteFunc(some, func(s *small) bool { return len(s.fresh) >= len(s.files) }); len(some) == 0 {
		return c.clear(ctx, staging)
	}
	j := c.exchange(staging, n, some)
	j.State = reading
	if err := c.write(ctx, j); err != nil {
		return err
	}
	if err := c.show(ctx, j, some, before); err != nil {
		return errors.Join(err, c.takeBack(ctx, j))
	}
	j.State = replacing
	if err := c.write(ctx, j); err != nil {
		return err
	}
	if err := c.finish(ctx, j); err != nil {
		return err
	}
	for _, s := range some {
		p := s.outcome()
		d := before[s.hour]
		p.Rows, p.Digest = d.rows, d.sum
		c.result.Partitions = append(c.result.Partitions, p)
	}
	return nil
}

// stage has Athena write the small files of each hour anew, and copies those
// beside them: the staged directory of an hour holds all its rows.
func (c *compaction) stage(ctx context.Context, staging string, some []*small) error {
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(statementsAtOnce)
	for _, s := range some {
		g.Go(func() error { return c.stageHour(ctx, staging+s.hour.Path()+"/", s) })
	}
	return g.Wait()
}

// statementsAtOnce stays far below Athena's 20 DML statements at once in an
// account, which others need, too (Athena manual, service quotas).
const statementsAtOnce = 4

func (c *compaction) stageHour(ctx context.Context, dir string, s *small) error {
	sql := unloadSQL(rowsSQL(c.table.Columns, c.table.Format, s.hour, c.urls(s.files), choice{}), c.table.Format, c.d.url(dir))
	stats, err := c.d.athena.Execute(ctx, sql)
	c.paid(stats)
	if err != nil {
		return fmt.Errorf("write %s anew: %w", s.hour.Path(), err)
	}
	if s.fresh, err = c.t.bucket.List(ctx, c.d.data, dir, 0); err != nil {
		return err
	}
	for _, o := range s.rest {
		if _, err := c.t.bucket.Copy(ctx, c.d.data, o.Key, dir+path.Base(o.Key)); err != nil {
			return err
		}
	}
	return nil
}

func (c *compaction) urls(objects []bucket.Object) []string {
	list := make([]string, len(objects))
	for i, o := range objects {
		list[i] = c.d.url(o.Key)
	}
	return list
}

// compacting begins the names of the files that come of a compaction.
const compacting = "compact"

// exchange names what goes, what comes, and from where.
func (c *compaction) exchange(staging string, n int, some []*small) hourJournal {
	j := hourJournal{Staging: staging}
	for _, s := range some {
		j.Hours = append(j.Hours, s.hour.Path())
		for _, o := range s.files {
			j.Old = append(j.Old, o.Key)
		}
		for i, o := range s.fresh {
			name := compacting + "-" + c.id + "-" + strconv.Itoa(n) + "-" + strconv.Itoa(i+1) + path.Ext(o.Key)
			j.New = append(j.New, copied{From: o.Key, To: dataPrefix + s.hour.Path() + "/" + name})
		}
	}
	return j
}

// show has the hours read from the staged files, compares what is read with what
// was, and puts the files into the lake, where nobody sees them yet.
func (c *compaction) show(ctx context.Context, j hourJournal, some []*small, before map[lake.Hour]digest) error {
	if err := c.d.catalog.Relocate(ctx, j.hours(), c.d.url(j.Staging)); err != nil {
		return err
	}
	after, err := c.digests(ctx, some, func(s *small) []bucket.Object { return s.fresh })
	if err != nil {
		return err
	}
	for _, s := range some {
		if after[s.hour] != before[s.hour] {
			return fault.New(fault.Failed, "%s: the new files hold %d rows with digest %s, the old ones %d with %s: they stay as they are",
				s.hour.Path(), after[s.hour].rows, after[s.hour].sum, before[s.hour].rows, before[s.hour].sum)
		}
	}
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(atOnce)
	for _, m := range j.New {
		g.Go(func() error {
			_, err := c.t.bucket.Copy(ctx, c.d.data, m.From, m.To)
			return err
		})
	}
	return g.Wait()
}

// digest is the number of rows of an hour and a sum over them, whatever their
// order.
type digest struct {
	rows int64
	sum  string
}

// digests reads those files of each hour that become fewer, or those that came
// of them. What is beside them is copied as it is.
func (c *compaction) digests(ctx context.Context, some []*small, files func(*small) []bucket.Object) (map[lake.Hour]digest, error) {
	var hours []lake.Hour
	var urls []string
	for _, s := range some {
		hours = append(hours, s.hour)
		urls = append(urls, c.urls(files(s))...)
	}
	rows, stats, err := readAll(ctx, c.d.athena, hoursSQL(c.table.Columns, hours, urls))
	c.paid(stats)
	if err != nil {
		return nil, fmt.Errorf("count the rows: %w", err)
	}
	all := map[lake.Hour]digest{}
	for _, row := range rows {
		var n [5]int64
		for i := range n {
			n[i], _ = row[i].(int64)
		}
		sum, _ := row[5].(string)
		all[lake.Hour{Year: int(n[0]), Month: int(n[1]), Day: int(n[2]), Hour: int(n[3])}] = digest{rows: n[4], sum: sum}
	}
	return all, nil
}

// clear ends a batch of which nothing is left to do.
func (c *compaction) clear(ctx context.Context, staging string) error {
	_, err := c.t.bucket.Empty(ctx, c.d.data, staging, nil)
	return err
}

// finish removes the old files and has the hours read from the lake again.
func (c *compaction) finish(ctx context.Context, j hourJournal) error {
	if err := c.t.bucket.RemoveVersions(ctx, c.d.data, j.Old); err != nil {
		return err
	}
	if err := c.d.catalog.Relocate(ctx, j.hours(), c.d.location()); err != nil {
		return err
	}
	return c.clear(ctx, j.Staging)
}

// undo leaves the old files, which are all there, and nothing else.
func (c *compaction) undo(ctx context.Context, j hourJournal) error {
	fresh := make([]string, len(j.New))
	for i, m := range j.New {
		fresh[i] = m.To
	}
	if err := c.t.bucket.RemoveVersions(ctx, c.d.data, fresh); err != nil {
		return err
	}
	if err := c.d.catalog.Relocate(ctx, j.hours(), c.d.location()); err != nil {
		return err
	}
	return c.clear(ctx, j.Staging)
}

// takeBack undoes a batch that failed, also after Ctrl-C.
func (c *compaction) takeBack(ctx context.Context, j hourJournal) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), undoWithin)
	defer cancel()
	if err := c.undo(ctx, j); err != nil {
		return err
	}
	return c.write(ctx, hourJournal{State: writing, Staging: j.Staging})
}
