package cloud

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"path"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"pixelctl/pkg/fault"
	"pixelctl/pkg/lake"
	"pixelctl/pkg/pipeline"
)

// mostFiles bounds the files of one exchange: their names stand in one
// statement, of 262,144 bytes at most (Athena API, StartQueryExecution), beside
// those of the new files; a key has up to 250 here.
const mostFiles = 200

// rewrite exchanges the files of each hour, some at a time. Each is told how
// many bytes it freed.
func (r *removal) rewrite(ctx context.Context, mixed map[lake.Hour][]surveyed, sizes map[string]int64, each func(files int, freed int64)) error {
	if len(mixed) == 0 {
		return nil
	}
	table, err := r.d.catalog.Table(ctx)
	if err != nil {
		return err
	}
	if err := r.begin(ctx); err != nil {
		return err
	}
	n := 0
	for _, h := range slices.SortedFunc(maps.Keys(mixed), lake.Hour.Compare) {
		for some := range slices.Chunk(mixed[h], mostFiles) {
			n++
			r.sink.Send(pipeline.Event{Phase: pipeline.Move, Step: string(r.work), Text: h.Path(), Done: int64(n)})
			x := exchange{r: r, hour: h, old: some, columns: table.Columns, format: table.Format, name: r.id + "-" + strconv.Itoa(n)}
			freed, err := x.run(ctx, sizes)
			if err != nil {
				return fmt.Errorf("%s %s: %w", r.work, h.Path(), err)
			}
			each(len(some), freed)
		}
	}
	return nil
}

// exchange puts new files, with the rows as they shall be, in the place of old
// ones. Readers see rows twice for a moment and miss none.
type exchange struct {
	r       *removal
	hour    lake.Hour
	old     []surveyed
	columns []lake.CatalogColumn
	format  string
	name    string // of what it makes

	mu      sync.Mutex
	digests []string // SHA-256 of each new file
}

// run gives the bytes that it freed.
func (x *exchange) run(ctx context.Context, sizes map[string]int64) (freed int64, err error) {
	staged := stagedRows + x.name + "/"
	old := make([]string, len(x.old))
	for i, f := range x.old {
		old[i] = f.key
		freed += sizes[f.key]
	}
	kept := keptSQL(x.columns, x.format, x.hour, x.urls(old), x.r.rows)
	if _, err := x.r.sql.Execute(ctx, unloadSQL(kept, x.format, x.r.d.url(staged))); err != nil {
		return 0, fmt.Errorf("write the rows that stay: %w", err)
	}
	files, err := x.r.t.bucket.List(ctx, x.r.d.data, staged, 0)
	if err != nil {
		return 0, err
	}
	moves := make([]move, len(files))
	fresh := make([]string, len(files))
	for i, f := range files {
		fresh[i] = path.Dir(old[0]) + "/" + string(x.r.work) + "-" + x.name + "-" + strconv.Itoa(i+1) + path.Ext(f.Key)
		moves[i] = move{f.Key, fresh[i]}
		freed -= f.Size
	}
	x.digests = make([]string, len(files))
	if err := x.swap(ctx, moves, old, fresh); err != nil {
		return 0, err
	}
	_, err = x.r.t.bucket.Empty(ctx, x.r.d.data, staged, nil)
	return freed, err
}

func (x *exchange) urls(keys []string) []string {
	list := make([]string, len(keys))
	for i, key := range keys {
		list[i] = x.r.d.url(key)
	}
	return list
}

// move is a copy inside the bucket.
type move struct{ from, to string }

// swap writes down each step before it takes it. From the word that the new
// files are complete there is no way back: whether it was written is not known
// after an error, and the journal tells the next removal.
func (x *exchange) swap(ctx context.Context, moves []move, old, fresh []string) error {
	if err := x.r.write(ctx, swapping, old, fresh); err != nil {
		return err
	}
	err := x.copy(ctx, moves)
	if err == nil {
		err = x.verify(ctx, old, fresh)
	}
	if err != nil {
		return errors.Join(err, x.undo(ctx, fresh))
	}
	x.note()
	if err := x.r.write(ctx, removing, old, fresh); err != nil {
		if fault.KindOf(err) == fault.Busy {
			err = errors.Join(err, x.r.t.bucket.RemoveVersions(ctx, x.r.d.data, fresh))
		}
		return err
	}
	if err := x.r.t.bucket.RemoveVersions(ctx, x.r.d.data, old); err != nil {
		return err
	}
	return x.r.write(ctx, resting, nil, nil)
}

func (x *exchange) copy(ctx context.Context, moves []move) error {
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(atOnce)
	for i, m := range moves {
		g.Go(func() error {
			digest, err := x.r.t.bucket.Copy(ctx, x.r.d.data, m.from, m.to)
			x.mu.Lock()
			defer x.mu.Unlock()
			x.digests[i] = digest
			return err
		})
	}
	return g.Wait()
}

// verify reads the new files through the table and compares them, row by row in
// a checksum, with what was to be of the old ones.
func (x *exchange) verify(ctx context.Context, old, fresh []string) error {
	var want int64
	for _, f := range x.old {
		want += x.r.rows.left(f)
	}
	answer, _, err := x.r.ask(ctx, digestSQL(x.columns, x.hour, x.urls(old), x.urls(fresh), x.r.rows))
	if err != nil {
		return fmt.Errorf("compare the new files with the old ones: %w", err)
	}
	var kept, made comparison
	for _, row := range answer {
		if c, name := compared(row); name == "new" {
			made = c
		} else {
			kept = c
		}
	}
	switch {
	case kept.rows != want || made.rows != want:
		return fault.New(fault.Failed, "the new files hold %d rows, %d of %d were to stay: the old files are left as they are", made.rows, kept.rows, want)
	case kept.digest != made.digest || kept.digest == "":
		return fault.New(fault.Failed, "the new files hold other values (checksum %q) than the old ones (%q), which are left as they are", made.digest, kept.digest)
	}
	return nil
}

// comparison is a row of the answer to digestSQL.
type comparison struct {
	rows   int64
	digest string
}

func compared(row []any) (c comparison, name string) {
	if len(row) != 3 {
		return c, ""
	}
	name, _ = row[0].(string)
	c.rows, _ = row[1].(int64)
	c.digest, _ = row[2].(string)
	return c, name
}

// note keeps what a receipt tells of the files.
func (x *exchange) note() {
	sum := strings.Join(x.digests, ",")
	for _, f := range x.old {
		x.r.did(pipeline.ErasedFile{Name: x.r.d.url(f.key), RowsBefore: f.rows, RowsAfter: x.r.rows.left(f), Changed: f.inside, SHA256: sum})
	}
}

// undoWithin bounds the taking back after Ctrl-C; what is left then, the next
// removal takes back.
const undoWithin = 20 * time.Second

func (x *exchange) undo(ctx context.Context, fresh []string) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), undoWithin)
	defer cancel()
	if err := x.r.t.bucket.RemoveVersions(ctx, x.r.d.data, fresh); err != nil {
		return err
	}
	return x.r.write(ctx, resting, nil, nil)
}
