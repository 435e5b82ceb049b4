package cloud

import (
	"context"
	"crypto/rand"
	"encoding/json"

	"pixelctl/pkg/fault"
	"pixelctl/pkg/lake"
	"pixelctl/pkg/pipeline"
)

// hourJournal is what a compaction must know of the hours that it, or one that
// was killed, is about. There is one in a bucket; each write holds only if nobody
// else wrote since, as with the journal of a purge.
type hourJournal struct {
	ID      string    `json:"id"` // of the run that wrote it
	State   hourState `json:"state"`
	Staging string    `json:"staging"`         // prefix of the staged files
	Hours   []string  `json:"hours,omitempty"` // year=2026/month=7/day=5/hour=9
	Old     []string  `json:"old,omitempty"`   // keys that go
	New     []copied  `json:"new,omitempty"`
}

// copied is a staged file and its place in the lake.
type copied struct {
	From string `json:"from"`
	To   string `json:"to"`
}

// hourState is how far a batch is.
type hourState string

const (
	writing   hourState = "writing"   // files are staged, which nobody reads
	reading   hourState = "reading"   // hours are read from the staged files, the old ones are all there: to be undone
	replacing hourState = "replacing" // the new files are in the lake, the old ones go: to be ended
)

const (
	hourJournalKey = stagingPrefix + "compact.json"
	stagedHours    = stagingPrefix + "hours/"
)

func (j hourJournal) hours() []lake.Hour {
	var list []lake.Hour
	for _, p := range j.Hours {
		if h, _, err := lake.ParseHour(p); err == nil {
			list = append(list, h)
		}
	}
	return list
}

// endCompaction ends or undoes what a killed compaction left. The journal is
// taken over first: should that run live after all, it stops at its next step.
func (t *Target) endCompaction(ctx context.Context, d *deployed, sink pipeline.Sink) error {
	body, etag, err := t.bucket.Load(ctx, d.data, hourJournalKey, journalSize)
	if err != nil || etag == "" {
		return err
	}
	var j hourJournal
	if err := json.Unmarshal(body, &j); err != nil {
		return fault.New(fault.Failed, "read the journal of the last compaction: %w", err).
			WithHint("see where the hours are read from, then remove s3://%s/%s", d.data, hourJournalKey)
	}
	sink.Send(pipeline.Event{Phase: pipeline.Note, Step: "compact", Text: "an earlier compaction did not end; taking it up"})
	c := &compaction{t: t, d: d, id: rand.Text(), etag: etag, sink: sink}
	if err := c.write(ctx, j); err != nil {
		return err
	}
	switch j.State {
	case writing:
		err = c.clear(ctx, stagedHours)
	case reading:
		err = c.undo(ctx, j)
	case replacing:
		err = c.finish(ctx, j)
	}
	if err != nil {
		return err
	}
	return c.close(ctx)
}

// alone refuses to begin while a purge has not ended: it knows files by name.
func (c *compaction) alone(ctx context.Context) error {
	_, etag, err := c.t.bucket.Load(ctx, c.d.data, journalKey, journalSize)
	if err == nil && etag != "" {
		return fault.New(fault.Busy, "compact: a purge of this stack has not ended").WithHint("%s again, as it was called, ends it", c.t.command("purge"))
	}
	return err
}

func (c *compaction) write(ctx context.Context, j hourJournal) error {
	j.ID = c.id
	body, err := json.Marshal(j)
	if err != nil {
		return err
	}
	etag, err := c.t.bucket.Swap(ctx, c.d.data, hourJournalKey, body, c.etag)
	if fault.KindOf(err) == fault.Busy {
		return fault.New(fault.Busy, "compact: another compaction of this stack began meanwhile: %w", err).WithHint("%s once it has ended", c.t.command(c.o.Again()))
	}
	if err == nil {
		c.etag = etag
	}
	return err
}

// close removes the journal of a compaction that ended, and what a statement of
// one that was killed wrote meanwhile: Athena goes on without whoever asked.
func (c *compaction) close(ctx context.Context) error {
	if c.etag == "" { // one that was killed may have left old versions
		return c.t.bucket.RemoveOld(ctx, c.d.data, hourJournalKey)
	}
	if err := c.clear(ctx, stagedHours); err != nil {
		return err
	}
	return c.t.bucket.Drop(ctx, c.d.data, hourJournalKey, c.etag)
}
