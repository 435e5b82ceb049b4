package local_test

import (
	"context"
	"fmt"
	"io"
	"io/fs"
	"math/rand/v2"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"golang.org/x/sync/errgroup"

	"pixelctl/pkg/fault"
	"pixelctl/pkg/local"
	"pixelctl/pkg/pipeline"
)

// senders is how many clients keep a connection each.
const senders = 12

// Killed at random moments under load, in flushes too, and started again each
// time, the server loses no answered hit and doubles none; and queries that
// run meanwhile see each answered hit once.
func TestDurability(t *testing.T) {
	kills := 20
	if os.Getenv("PIXELCTL_LONG") == "1" {
		kills = 200
	}
	d := newDurability(t)
	ctx, stop := context.WithCancel(t.Context())
	group, ctx := errgroup.WithContext(ctx)
	for i := range senders {
		group.Go(func() error { return d.send(ctx, d.random(uint64(100+i))) })
	}
	group.Go(func() error { return d.flush(ctx) })
	group.Go(func() error { return d.query(ctx) })
	group.Go(func() error {
		defer stop()
		return d.kill(ctx, kills)
	})
	if err := group.Wait(); err != nil {
		t.Fatal(err)
	}
	d.finish(t, kills)
}

// durability is one run: a stack, what its server answered, and who waits.
type durability struct {
	stack  stack
	client *http.Client
	seed   uint64
	url    string

	gate    sync.RWMutex // held for writing while no server runs
	flushes chan struct{}
	flushed atomic.Int64 // flushes that were not killed
	caught  atomic.Int64 // kills inside a flush
	queried atomic.Int64

	mu       sync.Mutex
	more     *sync.Cond
	answered map[string]bool
}

func newDurability(t *testing.T) *durability {
	t.Helper()
	d := &durability{stack: newStack(t), seed: uint64(time.Now().UnixNano()), flushes: make(chan struct{}), answered: map[string]bool{}}
	if s := os.Getenv("PIXELCTL_SEED"); s != "" {
		var err error
		if d.seed, err = strconv.ParseUint(s, 10, 64); err != nil {
			t.Fatalf("read PIXELCTL_SEED: %v", err)
		}
	}
	t.Logf("PIXELCTL_SEED=%d", d.seed)
	d.more = sync.NewCond(&d.mu)
	d.client = d.stack.client(t)
	deployed, err := d.stack.target().Deploy(t.Context(), pipeline.DeployOptions{}, nil)
	if err != nil {
		t.Fatal(err)
	}
	d.url = deployed.Endpoint + "/p.gif"
	return d
}

func (d *durability) random(stream uint64) *rand.Rand { return rand.New(rand.NewPCG(d.seed, stream)) }

// send asks for the pixel until ctx ends. A request that fails was not
// answered: it counts neither way.
func (d *durability) send(ctx context.Context, r *rand.Rand) error {
	for ctx.Err() == nil {
		// A request under way is waited for: at the end no record comes late.
		ids, err := d.hit(context.WithoutCancel(ctx), r)
		if err != nil {
			d.awaitServer()
			continue
		}
		if len(ids) == 0 {
			return fmt.Errorf("a hit was answered but not recorded")
		}
		d.add(ids)
	}
	return nil
}

// awaitServer waits until a server answers.
func (d *durability) awaitServer() {
	d.gate.RLock()
	defer d.gate.RUnlock()
}

// hit sends one hit, or a batch, and returns the ids that were answered.
func (d *durability) hit(ctx context.Context, r *rand.Rand) ([]string, error) {
	method, body := http.MethodGet, ""
	if r.IntN(8) == 0 {
		method, body = http.MethodPost, "["+strings.Repeat(`{"event":"x"},`, r.IntN(20))+`{"event":"last"}]`
	}
	req, err := http.NewRequestWithContext(ctx, method, d.url, strings.NewReader(body))
	if err != nil {
		return nil, err
	}
	resp, err := d.client.Do(req)
	if err != nil {
		return nil, err
	}
	defer resp.Body.Close()
	if _, err := io.Copy(io.Discard, resp.Body); err != nil {
		return nil, err
	}
	return answeredIDs(resp.Header), nil
}

// answeredIDs gives the ids of the records that an answer promises.
func answeredIDs(h http.Header) []string {
	status, id := h.Get("X-Pixel-Status"), h.Get("X-Pixel-Event")
	if status == "recorded" {
		return []string{id}
	}
	var n int
	if _, err := fmt.Sscanf(status, "recorded; count=%d", &n); err != nil {
		return nil
	}
	ids := make([]string, n)
	for i := range ids {
		ids[i] = fmt.Sprintf("%s-%d", id, i+1)
	}
	return ids
}

func (d *durability) add(ids []string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, id := range ids {
		d.answered[id] = true
	}
	d.more.Broadcast()
}

// await waits until n more hits are answered, or ctx ends.
func (d *durability) await(ctx context.Context, n int) {
	defer context.AfterFunc(ctx, func() {
		d.mu.Lock()
		defer d.mu.Unlock()
		d.more.Broadcast()
	})()
	d.mu.Lock()
	defer d.mu.Unlock()
	for until := len(d.answered) + n; len(d.answered) < until && ctx.Err() == nil; {
		d.more.Wait()
	}
}

func (d *durability) known() map[string]bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	ids := make(map[string]bool, len(d.answered))
	for id := range d.answered {
		ids[id] = true
	}
	return ids
}

// flush empties the spool again and again, also while the server dies.
func (d *durability) flush(ctx context.Context) error {
	r := d.random(1)
	for ctx.Err() == nil {
		d.await(ctx, r.IntN(300))
		d.awaitServer() // without one Flush would do it offline, and keep one from starting
		select {
		case d.flushes <- struct{}{}:
		default:
		}
		if _, err := d.stack.target().Flush(ctx, nil); err == nil {
			d.flushed.Add(1)
		}
	}
	return nil
}

// query checks that each hit that was answered before a question is in its
// answer, and no row twice.
func (d *durability) query(ctx context.Context) error {
	r := d.random(3)
	for {
		d.await(ctx, r.IntN(300))
		want := d.known()
		rows, err := readIDs(ctx, d.stack.target())
		if ctx.Err() != nil {
			return nil //nolint:nilerr // the load is over
		}
		if err != nil {
			return fmt.Errorf("query under load: %w", err)
		}
		if err := compare(rows, want); err != nil {
			return fmt.Errorf("query %d under load: %w", d.queried.Load(), err)
		}
		d.queried.Add(1)
	}
}

// kill ends the server n times: some hits after it was started, or some
// moments after a flush began. A new one follows at once.
func (d *durability) kill(ctx context.Context, n int) error {
	r := d.random(2)
	for i := range n {
		d.await(ctx, r.IntN(400))
		if i%3 > 0 {
			d.inFlush(ctx, time.Duration(r.IntN(250))*time.Millisecond)
		}
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if err := d.restart(ctx, i); err != nil {
			return fmt.Errorf("restart %d: %w", i, err)
		}
	}
	d.await(ctx, 100)
	return nil
}

func (d *durability) inFlush(ctx context.Context, after time.Duration) {
	select {
	case <-d.flushes:
	case <-ctx.Done():
		return
	}
	moment := time.NewTimer(after)
	defer moment.Stop()
	select {
	case <-moment.C:
	case <-ctx.Done():
	}
}

// restart alternates between servers that convert themselves and servers that
// have it done by a child, which may outlive them.
func (d *durability) restart(ctx context.Context, i int) error {
	d.gate.Lock()
	defer d.gate.Unlock()
	if err := d.stack.kill(ctx); err != nil {
		return err
	}
	if under, err := filepath.Glob(filepath.Join(d.stack.dir, "lake", ".staging", "*")); err == nil && len(under) > 0 {
		d.caught.Add(1)
	}
	how := serveArg
	if i%2 == 0 {
		how = commandArg
	}
	var deployed pipeline.Deployment
	err := error(fault.New(fault.Busy, "not tried"))
	for try := 0; try < 100 && fault.KindOf(err) == fault.Busy; try++ {
		// A flush that found no server does it itself and keeps one from starting.
		deployed, err = d.stack.targetBy(how).Deploy(ctx, pipeline.DeployOptions{}, nil)
	}
	if err == nil && deployed.Action != pipeline.Started {
		err = fmt.Errorf("deploy %s a server that was killed", deployed.Action)
	}
	return err
}

// finish flushes and compares the table with what was answered.
func (d *durability) finish(t *testing.T, kills int) {
	t.Helper()
	target := d.stack.target()
	if _, err := target.Flush(t.Context(), nil); err != nil {
		t.Fatal(err)
	}
	s, err := target.Status(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if s.Spool.Records != 0 || s.Errors.Records != 0 {
		t.Errorf("after a flush the spool holds %d records, and %d lines became errors", s.Spool.Records, s.Errors.Records)
	}
	rows, err := readIDs(t.Context(), target)
	if err != nil {
		t.Fatal(err)
	}
	want := d.known()
	if err := compare(rows, want); err != nil {
		t.Error(err)
	}
	// Hits that were under way when the counts were written may be missing, or
	// there twice; without those of the spool a fifth is missing.
	if all := int64(len(rows)); s.Hits.Recorded < all-all/10 || s.Hits.Recorded > all+all/10 {
		t.Errorf("%d hits are counted of %d", s.Hits.Recorded, all)
	}
	d.noLeftovers(t)
	t.Logf("%d counted, %d kills, %d of them inside a flush; %d whole flushes, %d queries, %d hits answered, %d rows in %d files",
		s.Hits.Recorded, kills, d.caught.Load(), d.flushed.Load(), d.queried.Load(), len(want), len(rows), s.Data.Files)
	if d.flushed.Load() == 0 || d.queried.Load() == 0 {
		t.Error("no flush or no query ended: the test shows nothing")
	}
}

// noLeftovers looks for what killed flushes and closed queries must not leave.
func (d *durability) noLeftovers(t *testing.T) {
	t.Helper()
	for _, dir := range []string{"snapshots", "spool", "lake/.staging"} {
		entries, err := os.ReadDir(filepath.Join(d.stack.dir, dir))
		if err != nil && !os.IsNotExist(err) {
			t.Error(err)
		}
		for _, e := range entries {
			t.Errorf("%s is left in %s", e.Name(), dir)
		}
	}
	err := filepath.WalkDir(filepath.Join(d.stack.dir, "lake", "data"), func(path string, e fs.DirEntry, err error) error {
		if err == nil && !e.IsDir() && !strings.HasSuffix(path, ".parquet") {
			t.Errorf("%s lies among the data", path)
		}
		return err
	})
	if err != nil {
		t.Error(err)
	}
}

// readIDs gives how often each event_id stands in the table. A file that was
// left out is an error.
func readIDs(ctx context.Context, target *local.Target) (map[string]int, error) {
	rows, err := target.Query(ctx, pipeline.QueryOptions{SQL: "SELECT event_id FROM tp_hits"}, nil)
	if err != nil {
		return nil, err
	}
	ids := map[string]int{}
	for {
		row, err := rows.Next(ctx)
		if err == io.EOF { //nolint:errorlint // Next documents io.EOF itself
			break
		}
		if err != nil {
			return nil, fmt.Errorf("%w; close: %w", err, rows.Close())
		}
		id, _ := row[0].(string)
		ids[id]++
	}
	if w := rows.Stats().Warnings; len(w) > 0 {
		return nil, fmt.Errorf("warnings %q; close: %w", w, rows.Close())
	}
	return ids, rows.Close()
}

// compare tells which answered hits are no row, and which rows are there twice.
func compare(rows map[string]int, answered map[string]bool) error {
	var lost, twice []string
	for id := range answered {
		if rows[id] == 0 {
			lost = append(lost, id)
		}
	}
	for id, n := range rows {
		if n > 1 {
			twice = append(twice, id)
		}
	}
	if len(lost)+len(twice) == 0 {
		return nil
	}
	return fmt.Errorf("of %d answered hits %d are lost (%.3v), %d of %d rows are there more than once (%.3v)",
		len(answered), len(lost), first(lost), len(twice), len(rows), first(twice))
}

func first(ids []string) []string { return ids[:min(len(ids), 3)] }
