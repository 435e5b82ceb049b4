package cloud

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"pixelctl/pkg/fault"
	"pixelctl/pkg/pipeline"
	"pixelctl/pkg/query"
	"pixelctl/pkg/redrive"
	"pixelctl/pkg/reject"
)

// What replays remember. The journal says that records are being sent: there is
// one, and each write holds only if nobody else wrote since, as with a purge.
// Lines of the log cannot be taken away, so the ids of those that are settled
// are kept, one object for each unit. The table alone would not do: a row that a
// purge removed afterwards would come back.
const (
	replayKey    = replayPrefix + "journal.json"
	donePrefix   = replayPrefix + "done/"
	purgedPrefix = replayPrefix + "purged/"
	doneSize     = 1 << 20 // bytes of one object, at most: ids of one unit
)

// replayJournal is the state of the replay that runs, or that was killed.
type replayJournal struct {
	ID      string    `json:"id"`
	Sending bool      `json:"sending"` // records may be in the stream of which nobody knows
	At      time.Time `json:"at"`
}

func newReplayID() string { return rand.Text() }

// takeUp takes over the journal of a replay that did not end. If that one still
// runs, it stops at its next write. What it may have sent is waited for.
func (r *replay) takeUp(ctx context.Context) error {
	body, etag, err := r.t.bucket.Load(ctx, r.d.data, replayKey, journalSize)
	if err != nil {
		return err
	}
	var j replayJournal
	if etag == "" {
		body = []byte("{}") // there is none; this one says that it runs
	}
	if err := json.Unmarshal(body, &j); err != nil {
		return fault.New(fault.Failed, "read the journal of the last replay: %w", err).
			WithHint("wait until the stream has delivered, then remove s3://%s/%s", r.d.data, replayKey)
	}
	r.etag = etag
	if j.Sending {
		r.result.Notes = append(r.result.Notes, "an earlier replay did not end: what it sent is looked for")
		r.stopped = r.t.clock.Now()
	}
	if r.o.DryRun {
		return nil
	}
	err = r.write(ctx, j.Sending)
	r.held = time.Time{} // it need not say that this one sends
	return err
}

func (r *replay) write(ctx context.Context, sending bool) error {
	body, err := json.Marshal(replayJournal{ID: r.id, Sending: sending, At: r.t.clock.Now()})
	if err != nil {
		return err
	}
	etag, err := r.t.bucket.Swap(ctx, r.d.data, replayKey, body, r.etag)
	if fault.KindOf(err) == fault.Busy {
		return fault.New(fault.Busy, "replay errors: another replay of this stack began meanwhile: %w", err).
			WithHint("%s once it has ended", r.t.command("errors replay"))
	}
	if err == nil {
		r.etag, r.held = etag, r.t.clock.Now()
	}
	return err
}

// holdFor is how long records may be sent after the journal was written. Who
// takes it over waits for longer before it looks what is in the stream: the
// buffer and two minutes.
const holdFor = 30 * time.Second

// hold sees to it that no other replay has begun before records are sent.
func (r *replay) hold(ctx context.Context) error {
	if age := r.t.clock.Now().Sub(r.held); age >= 0 && age < holdFor {
		return nil
	}
	return r.write(ctx, true)
}

// end removes the journal and the versions of what was written anew.
func (r *replay) end(ctx context.Context) error {
	if r.o.DryRun {
		return nil
	}
	if err := r.t.bucket.RemoveOld(ctx, r.d.data, errorPrefix); err != nil {
		return err
	}
	if r.etag == "" {
		return nil
	}
	return r.t.bucket.Drop(ctx, r.d.data, replayKey, r.etag)
}

// settledRecords is an object under donePrefix.
type settledRecords struct {
	IDs []string `json:"ids"`
}

// remember keeps the ids of records of the log that are rows now or will be.
func (r *replay) remember(ctx context.Context, done map[string]bool) error {
	var ids []string
	for id, ok := range done {
		if ok {
			ids = append(ids, id)
		}
	}
	return r.t.settleRecords(ctx, r.d, ids)
}

// settleRecords has later replays pass over records of the log.
func (t *Target) settleRecords(ctx context.Context, d *deployed, ids []string) error {
	slices.Sort(ids)
	for some := range slices.Chunk(ids, mostUnit) {
		body, err := json.Marshal(settledRecords{IDs: some})
		if err == nil {
			err = t.bucket.Put(ctx, d.data, memoryKey(donePrefix, t.clock.Now()), body)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// noReplay has later replays pass over this person's records of the log, out of
// which nobody can take a line.
func (e *erase) noReplay(ctx context.Context) error {
	if e.d.kept {
		return nil
	}
	found, err := e.t.rejects(ctx, e.d, e.o.Window, "", e.sink)
	if err != nil {
		return err
	}
	var ids []string
	err = found.logged(ctx, func(rec redrive.Record) {
		if rec.EventID != "" && reject.Names(rec.Raw, e.person.column, e.person.values) {
			ids = append(ids, rec.EventID)
		}
	})
	if err != nil {
		return err
	}
	e.receipt.Notes = append(e.receipt.Notes, found.told()...)
	return e.t.settleRecords(ctx, e.d, ids)
}

// purgedRecords is an object under purgedPrefix: what a purge removed, records
// of the log among it, which cannot be taken away there.
type purgedRecords struct {
	query.Window

	At time.Time `json:"at"` // records that were logged before
}

// noReplay has later replays pass over the records of the log that this purge
// would have removed.
func (p *purge) noReplay(ctx context.Context) error {
	if p.d.kept {
		return nil
	}
	now := p.t.clock.Now()
	body, err := json.Marshal(purgedRecords{p.w.Window, now})
	if err != nil {
		return err
	}
	return p.t.bucket.Put(ctx, p.d.data, memoryKey(purgedPrefix, now), body)
}

func memoryKey(prefix string, now time.Time) string {
	return fmt.Sprintf("%s%d-%s.json", prefix, now.UnixMilli(), rand.Text())
}

// recall reads what earlier replays and purges settled. What is older than the
// log is gone from there and need not be known.
func (r *replay) recall(ctx context.Context) error {
	forget := r.t.clock.Now().AddDate(0, 0, -logDays-1)
	var old, known []string
	for _, prefix := range []string{donePrefix, purgedPrefix} {
		list, err := r.t.bucket.List(ctx, r.d.data, prefix, 0)
		if err != nil {
			return err
		}
		for _, o := range list {
			if o.Modified.Before(forget) {
				old = append(old, o.Key)
			} else {
				known = append(known, o.Key)
			}
		}
	}
	if err := r.recallAll(ctx, known); err != nil {
		return err
	}
	if r.o.DryRun || len(old) == 0 {
		return nil
	}
	return r.t.bucket.RemoveVersions(ctx, r.d.data, old)
}

// recallAll reads some objects at a time: there is one for each unit and purge of
// a month.
func (r *replay) recallAll(ctx context.Context, keys []string) error {
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(atOnce)
	var lock sync.Mutex
	for _, key := range keys {
		g.Go(func() error {
			body, err := r.t.bucket.Read(ctx, r.d.data, key, doneSize)
			if err == nil {
				lock.Lock()
				defer lock.Unlock()
				err = r.recallOne(key, body)
			}
			if err != nil {
				return fault.New(fault.KindOf(err), "read what earlier replays sent: %w", err).
					WithHint("without s3://%s/%s records of the log may come twice", r.d.data, key)
			}
			return nil
		})
	}
	return g.Wait()
}

func (r *replay) recallOne(key string, body []byte) error {
	if strings.HasPrefix(key, purgedPrefix) {
		var p purgedRecords
		err := json.Unmarshal(body, &p)
		r.purged = append(r.purged, p)
		return err
	}
	var s settledRecords
	err := json.Unmarshal(body, &s)
	for _, id := range s.IDs {
		r.settled[id] = true
	}
	return err
}

// drop takes the lines of settled records out of objects.
func (r *replay) drop(ctx context.Context, keys []string, done map[string]bool) error {
	var gone []string
	for _, key := range keys {
		body, etag, err := r.t.bucket.Load(ctx, r.d.data, key, errorFile)
		if err != nil {
			return err
		}
		kept := make([]byte, 0, len(body))
		for line := range bytes.Lines(body) {
			rec, ok := r.reader.ErrorLine(line, key)
			if !ok || !rec.Fits || !done[rec.EventID] || !redrive.Selects(r.w, r.reason, rec) {
				kept = append(kept, line...)
			}
		}
		switch {
		case len(kept) == len(body):
		case len(kept) == 0:
			gone = append(gone, key)
		default:
			r.sink.Send(pipeline.Event{Phase: pipeline.Move, Step: "replay", Text: key})
			if _, err := r.t.bucket.Swap(ctx, r.d.data, key, kept, etag); err != nil {
				return err
			}
		}
	}
	return r.t.bucket.RemoveVersions(ctx, r.d.data, gone)
}
