package cloud

import (
	"context"
	"encoding/json"

	"pixelctl/pkg/fault"
	"pixelctl/pkg/pipeline"
)

// journal is what a purge must know of the exchange of files that it, or one
// that was killed, is about. There is one in a bucket. Each write holds only if
// nobody else wrote since (a conditional write of S3), so a purge that is
// overtaken by another stops before it removes anything.
type journal struct {
	ID    string    `json:"id"` // of the purge that wrote it
	State swapState `json:"state"`
	Old   []string  `json:"old,omitempty"` // keys of the files that are exchanged
	New   []string  `json:"new,omitempty"` // keys of the files that take their place
}

// swapState is how far an exchange is.
type swapState string

const (
	resting  swapState = "resting"  // no exchange is under way
	swapping swapState = "swapping" // new files appear: to be undone
	removing swapState = "removing" // new files are complete: to be ended
)

const (
	journalKey  = stagingPrefix + "purge.json"
	stagedRows  = stagingPrefix + "rows/"
	journalSize = 4 << 20 // bytes, at most
)

// takeUp ends or undoes the exchange that a killed purge left. Its journal is
// taken over first: should that purge live after all, it stops at its next step.
func (p *purge) takeUp(ctx context.Context) error {
	body, etag, err := p.t.bucket.Load(ctx, p.d.data, journalKey, journalSize)
	if err != nil || etag == "" {
		return err
	}
	var j journal
	if err := json.Unmarshal(body, &j); err != nil {
		return fault.New(fault.Failed, "read the journal of the last purge: %w", err).
			WithHint("see whether rows are there twice, then remove s3://%s/%s", p.d.data, journalKey)
	}
	p.sink.Send(pipeline.Event{Phase: pipeline.Note, Step: "purge", Text: "an earlier purge did not end; taking it up"})
	p.etag = etag
	if err := p.write(ctx, j.State, j.Old, j.New); err != nil {
		return err
	}
	if err := p.settleSwap(ctx, j); err != nil {
		return err
	}
	if _, err := p.t.bucket.Empty(ctx, p.d.data, stagedRows, nil); err != nil {
		return err
	}
	return p.write(ctx, resting, nil, nil)
}

// settleSwap leaves each row once: in the new files when they were complete.
func (p *purge) settleSwap(ctx context.Context, j journal) error {
	switch j.State {
	case swapping:
		return p.t.bucket.RemoveVersions(ctx, p.d.data, j.New)
	case removing:
		return p.t.bucket.RemoveVersions(ctx, p.d.data, j.Old)
	case resting:
	}
	return nil
}

func (p *purge) write(ctx context.Context, s swapState, old, fresh []string) error {
	body, err := json.Marshal(journal{ID: p.id, State: s, Old: old, New: fresh})
	if err != nil {
		return err
	}
	etag, err := p.t.bucket.Swap(ctx, p.d.data, journalKey, body, p.etag)
	if fault.KindOf(err) == fault.Busy {
		return fault.New(fault.Busy, "purge: another purge of this stack began meanwhile: %w", err).WithHint("%s once it has ended", p.t.command("purge"))
	}
	if err == nil {
		p.etag = etag
	}
	return err
}

// close removes the journal of a purge that ended.
func (p *purge) close(ctx context.Context) error {
	if p.etag == "" {
		return nil
	}
	return p.t.bucket.RemoveVersions(ctx, p.d.data, []string{journalKey})
}
