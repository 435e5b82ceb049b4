package cloud

import (
	"context"
	"encoding/json"
	"slices"

	"pixelctl/pkg/fault"
	"pixelctl/pkg/pipeline"
)

// journal is what a removal must know of the exchange of files that it, or one
// that was killed, is about. There is one in a bucket, whatever is removed. Each
// write holds only if nobody else wrote since (a conditional write of S3), so a
// removal that is overtaken by another stops before it removes anything. How an
// exchange ends does not depend on which rows were chosen: a journal holds no
// value of a row.
type journal struct {
	ID     string    `json:"id"`               // of the removal that wrote it
	Work   intent    `json:"work,omitempty"`   // what that does; before there was another, purge
	Person string    `json:"person,omitempty"` // digest of whom that is about
	State  swapState `json:"state"`
	Old    []string  `json:"old,omitempty"` // keys of the files that are exchanged
	New    []string  `json:"new,omitempty"` // keys of the files that take their place
	progress
}

// progress is what an erase has done, for its receipt.
type progress struct {
	Done  []pipeline.ErasedFile `json:"done,omitempty"`
	Lines []pipeline.ErasedFile `json:"lines,omitempty"` // files of error lines
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
	journalSize = 64 << 20 // bytes, at most
)

// did notes a file; one that was noted by a run that was killed before it was
// done is noted anew.
func (r *removal) did(f pipeline.ErasedFile) {
	if r.work != purging {
		r.Done = noted(r.Done, f)
	}
}

func noted(list []pipeline.ErasedFile, f pipeline.ErasedFile) []pipeline.ErasedFile {
	if i := slices.IndexFunc(list, func(o pipeline.ErasedFile) bool { return o.Name == f.Name }); i >= 0 {
		list[i] = f
		return list
	}
	return append(list, f)
}

// begin writes the journal, unless it is there.
func (r *removal) begin(ctx context.Context) error {
	if r.etag != "" {
		return nil
	}
	return r.write(ctx, resting, nil, nil)
}

// takeUp ends or undoes the exchange that a killed removal left. Its journal is
// taken over first: should that one live after all, it stops at its next step.
// What it had done goes into this one's receipt only if it is the same work on
// the same person.
func (r *removal) takeUp(ctx context.Context) error {
	body, etag, err := r.t.bucket.Load(ctx, r.d.data, journalKey, journalSize)
	if err != nil || etag == "" {
		return err
	}
	j := journal{Work: purging}
	if err := json.Unmarshal(body, &j); err != nil {
		return fault.New(fault.Failed, "read the journal of the last purge or erase: %w", err).
			WithHint("see whether rows are there twice, then remove s3://%s/%s", r.d.data, journalKey)
	}
	r.etag = etag
	r.tellOf(j)
	if err := r.write(ctx, j.State, j.Old, j.New); err != nil {
		return err
	}
	if err := r.settleSwap(ctx, j); err != nil {
		return err
	}
	if _, err := r.t.bucket.Empty(ctx, r.d.data, stagedRows, nil); err != nil {
		return err
	}
	return r.write(ctx, resting, nil, nil)
}

func (r *removal) tellOf(j journal) {
	e := pipeline.Event{Phase: pipeline.Note, Step: string(r.work), Text: "an earlier " + string(j.Work) + " did not end; taking it up"}
	if j.Work == r.work && j.Person == r.whom {
		r.progress = j.progress
	} else if j.Person != "" {
		e.Phase, e.Text = pipeline.Warn, "an earlier "+string(j.Work)+" did not end: its files are whole, but it has to be run again"
	}
	r.sink.Send(e)
}

// settleSwap leaves each row once: in the new files when they were complete.
func (r *removal) settleSwap(ctx context.Context, j journal) error {
	switch j.State {
	case swapping:
		return r.t.bucket.RemoveVersions(ctx, r.d.data, j.New)
	case removing:
		return r.t.bucket.RemoveVersions(ctx, r.d.data, j.Old)
	case resting:
	}
	return nil
}

func (r *removal) write(ctx context.Context, s swapState, old, fresh []string) error {
	body, err := json.Marshal(journal{ID: r.id, Work: r.work, Person: r.whom, State: s, Old: old, New: fresh, progress: r.progress})
	if err != nil {
		return err
	}
	etag, err := r.t.bucket.Swap(ctx, r.d.data, journalKey, body, r.etag)
	if fault.KindOf(err) == fault.Busy {
		return fault.New(fault.Busy, "%s: another purge or erase of this stack began meanwhile: %w", r.work, err).WithHint("%s once it has ended", r.command())
	}
	if err == nil {
		r.etag = etag
	}
	return err
}

// close removes the journal of a removal that ended, if it is still its own.
func (r *removal) close(ctx context.Context) error {
	if r.etag == "" { // one that was killed may have left old versions
		return r.t.bucket.RemoveOld(ctx, r.d.data, journalKey)
	}
	if err := r.write(ctx, resting, nil, nil); err != nil {
		return err
	}
	return r.t.bucket.Drop(ctx, r.d.data, journalKey, r.etag)
}
