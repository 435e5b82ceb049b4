package cloud

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"path"
	"slices"
	"strconv"
	"strings"
	"time"

	"golang.org/x/sync/errgroup"

	"pixelctl/pkg/fault"
	"pixelctl/pkg/lake"
	"pixelctl/pkg/pipeline"
	"pixelctl/pkg/query"
)

// surveyed is one file of an edge hour.
type surveyed struct {
	key                 string
	rows, timed, inside int64 // all, with a received_at, in the window
}

// mostFiles bounds the files of one exchange: their names stand in one
// statement, of 262,144 bytes at most (Athena API, StartQueryExecution), and a
// key has up to 250 here.
const mostFiles = 400

// edges removes the rows of the window from files of hours that it does not
// cover.
func (p *purge) edges(ctx context.Context, hours []lake.Hour, padded []string) error {
	p.warn(hours, padded)
	if len(hours) == 0 || p.result.Rows == 0 {
		return nil
	}
	files, err := p.survey(ctx, hours)
	if err != nil {
		return err
	}
	sizes, err := p.sizes(ctx, files)
	if err != nil {
		return err
	}
	var whole []string
	mixed := map[lake.Hour][]surveyed{}
	for _, f := range files {
		if f.whole() {
			whole = append(whole, f.key)
			p.result.Removed, p.result.Bytes = p.result.Removed+1, p.result.Bytes+sizes[f.key]
		} else if h, err := hourOfKey(f.key); f.inside > 0 && err == nil {
			mixed[h] = append(mixed[h], f)
		}
	}
	if err := p.t.bucket.RemoveVersions(ctx, p.d.data, whole); err != nil {
		return err
	}
	return p.rewrite(ctx, mixed, sizes)
}

func (f surveyed) whole() bool { return f.inside > 0 && f.inside == f.rows }

// warn tells of directories that are another name of an edge hour: the table
// reads one name of an hour, so nobody can ask for the rows of the other.
func (p *purge) warn(hours []lake.Hour, padded []string) {
	for _, dir := range padded {
		if h, _, err := lake.ParseHour(dir); err == nil && slices.Contains(hours, h) {
			p.sink.Send(pipeline.Event{Phase: pipeline.Warn, Step: "purge", Text: dir + " is a second name of an hour at the edge of the window: look into it yourself"})
		}
	}
}

// survey asks for the rows of each file, by key.
func (p *purge) survey(ctx context.Context, hours []lake.Hour) ([]surveyed, error) {
	rows, _, err := p.ask(ctx, SurveySQL(hours, p.w.since, p.w.until))
	if err != nil {
		return nil, fault.New(fault.KindOf(err), "look into the files at the edges of the window: %w", err).
			WithHint("%s", hintOr(err, "when a file is damaged remove it, or purge its whole hour"))
	}
	files := make([]surveyed, 0, len(rows))
	for _, row := range rows {
		if f, ok := p.surveyed(row); ok {
			files = append(files, f)
		}
	}
	slices.SortFunc(files, func(a, b surveyed) int { return strings.Compare(a.key, b.key) })
	return files, nil
}

func (p *purge) surveyed(row []any) (surveyed, bool) {
	if len(row) != 4 {
		return surveyed{}, false
	}
	url, _ := row[0].(string)
	_, key, ok := strings.Cut(url, "://"+p.d.data+"/")
	f := surveyed{key: key}
	f.rows, _ = row[1].(int64)
	f.timed, _ = row[2].(int64)
	f.inside, _ = row[3].(int64)
	return f, ok
}

// sizes gives the bytes of the files by key, from a listing of each directory.
func (p *purge) sizes(ctx context.Context, files []surveyed) (map[string]int64, error) {
	all := map[string]int64{}
	listed := map[string]bool{}
	for _, f := range files {
		dir := path.Dir(f.key) + "/"
		if listed[dir] {
			continue
		}
		listed[dir] = true
		objects, err := p.t.bucket.List(ctx, p.d.data, dir, 0)
		if err != nil {
			return nil, err
		}
		for _, o := range objects {
			all[o.Key] = o.Size
		}
	}
	return all, nil
}

func hourOfKey(key string) (lake.Hour, error) {
	h, _, err := lake.ParseHour(strings.TrimPrefix(path.Dir(key), dataPrefix))
	return h, err
}

// rewrite exchanges the files of each hour, some at a time.
func (p *purge) rewrite(ctx context.Context, mixed map[lake.Hour][]surveyed, sizes map[string]int64) error {
	if len(mixed) == 0 {
		return nil
	}
	table, err := p.d.catalog.Table(ctx)
	if err != nil {
		return err
	}
	if p.etag == "" {
		if err := p.write(ctx, resting, nil, nil); err != nil {
			return err
		}
	}
	n := 0
	for _, h := range slices.SortedFunc(maps.Keys(mixed), lake.Hour.Compare) {
		for some := range slices.Chunk(mixed[h], mostFiles) {
			n++
			p.sink.Send(pipeline.Event{Phase: pipeline.Move, Step: "purge", Text: h.Path(), Done: int64(n)})
			x := exchange{p: p, hour: h, old: some, columns: table.Columns, format: table.Format, name: p.id + "-" + strconv.Itoa(n)}
			freed, err := x.run(ctx, sizes)
			if err != nil {
				return fmt.Errorf("purge %s: %w", h.Path(), err)
			}
			p.result.Rewritten, p.result.Bytes = p.result.Rewritten+len(some), p.result.Bytes+freed
		}
	}
	return nil
}

// exchange puts new files, with the rows that stay, in the place of old ones.
// Readers see rows twice for a moment and miss none.
type exchange struct {
	p       *purge
	hour    lake.Hour
	old     []surveyed
	columns []lake.CatalogColumn
	format  string
	name    string // of what it makes
}

// run gives the bytes that it freed.
func (x *exchange) run(ctx context.Context, sizes map[string]int64) (freed int64, err error) {
	staged := stagedRows + x.name + "/"
	old := make([]string, len(x.old))
	urls := make([]string, len(x.old))
	for i, f := range x.old {
		old[i], urls[i] = f.key, "s3://"+x.p.d.data+"/"+f.key
		freed += sizes[f.key]
	}
	kept := KeptSQL(x.columns, x.format, x.hour, urls, x.p.w.since, x.p.w.until)
	if _, err := x.p.sql.Execute(ctx, UnloadSQL(kept, x.format, "s3://"+x.p.d.data+"/"+staged)); err != nil {
		return 0, fmt.Errorf("write the rows that stay: %w", err)
	}
	files, err := x.p.t.bucket.List(ctx, x.p.d.data, staged, 0)
	if err != nil {
		return 0, err
	}
	moves := make([]move, len(files))
	fresh := make([]string, len(files))
	for i, f := range files {
		fresh[i] = path.Dir(old[0]) + "/purge-" + x.name + "-" + strconv.Itoa(i+1) + path.Ext(f.Key)
		moves[i] = move{f.Key, fresh[i]}
		freed -= f.Size
	}
	if err := x.swap(ctx, moves, old, fresh); err != nil {
		return 0, err
	}
	_, err = x.p.t.bucket.Empty(ctx, x.p.d.data, staged, nil)
	return freed, err
}

// move is a copy inside the bucket.
type move struct{ from, to string }

// swap writes down each step before it takes it. From the word that the new
// files are complete there is no way back: whether it was written is not known
// after an error, and the journal tells the next purge.
func (x *exchange) swap(ctx context.Context, moves []move, old, fresh []string) error {
	if err := x.p.write(ctx, swapping, old, fresh); err != nil {
		return err
	}
	err := x.copy(ctx, moves)
	if err == nil {
		err = x.verify(ctx, fresh)
	}
	if err != nil {
		return errors.Join(err, x.undo(ctx, fresh))
	}
	if err := x.p.write(ctx, removing, old, fresh); err != nil {
		if fault.KindOf(err) == fault.Busy {
			err = errors.Join(err, x.p.t.bucket.RemoveVersions(ctx, x.p.d.data, fresh))
		}
		return err
	}
	if err := x.p.t.bucket.RemoveVersions(ctx, x.p.d.data, old); err != nil {
		return err
	}
	return x.p.write(ctx, resting, nil, nil)
}

func (x *exchange) copy(ctx context.Context, moves []move) error {
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(atOnce)
	for _, m := range moves {
		g.Go(func() error { return x.p.t.bucket.Copy(ctx, x.p.d.data, m.from, m.to) })
	}
	return g.Wait()
}

// verify reads the new files through the table and compares them with what the
// old ones hold outside the window.
func (x *exchange) verify(ctx context.Context, fresh []string) error {
	var want, got surveyed
	for _, f := range x.old {
		want.rows, want.timed = want.rows+f.rows-f.inside, want.timed+f.timed-f.inside
	}
	now, err := x.p.survey(ctx, []lake.Hour{x.hour})
	if err != nil {
		return err
	}
	for _, f := range now {
		if slices.Contains(fresh, f.key) {
			got.rows, got.timed, got.inside = got.rows+f.rows, got.timed+f.timed, got.inside+f.inside
		}
	}
	if got != want {
		return fault.New(fault.Failed, "the new files hold %d rows (%d with a time, %d in the window), %d (%d, 0) were to stay: the old files are left as they are",
			got.rows, got.timed, got.inside, want.rows, want.timed)
	}
	return nil
}

// undoWithin bounds the taking back after Ctrl-C; what is left then, the next
// purge takes back.
const undoWithin = 20 * time.Second

func (x *exchange) undo(ctx context.Context, fresh []string) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), undoWithin)
	defer cancel()
	if err := x.p.t.bucket.RemoveVersions(ctx, x.p.d.data, fresh); err != nil {
		return err
	}
	return x.p.write(ctx, resting, nil, nil)
}

// ask reads the whole answer to a statement.
func (p *purge) ask(ctx context.Context, sql string) (all [][]any, stats query.Stats, err error) {
	rows, err := p.sql.Query(ctx, sql)
	if err != nil {
		return nil, stats, err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for {
		row, err := rows.Next(ctx)
		if errors.Is(err, io.EOF) {
			return all, rows.Stats(), nil
		}
		if err != nil {
			return nil, stats, err
		}
		all = append(all, slices.Clone(row))
	}
}
