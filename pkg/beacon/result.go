package beacon

import (
	"slices"

	"pixelctl/pkg/event"
	"pixelctl/pkg/extract"
)

// Result is the answer to one request and what it leaves. The zero value is
// ready; the caller may pass it to Answer again and again, but not to two at
// once.
type Result struct {
	Records []event.Record // to be stored before the answer is sent; valid until the next Answer
	Pixel   bool           // the request was for the pixel: it counts as received
	Dropped int            // hits that left no record; see Tally for all that are dropped
	Reason  string         // why hits are dropped: path, method, head, preflight, empty, entry, batch, site, gpc, dnt, consent, or Drop's

	Code        int    // 200, 204, 404 or 405
	ContentType string // empty when there is no body
	Body        []byte // shared by all answers: not to be written to

	id        string // of the request, once recorded
	origin    string // Origin header, fit to be echoed
	allow     string
	preflight bool
	batched   bool
	offer     string // a network cookie that may be sent
	cookie    string // the one that is
	missing   string // required fields that the latest record lacks
	lacks     string // those that any record lacks
	absent    extract.Missing
	trace     *trace // nil but for Explain
	scratch
}

// keepRecords is the number of records above which memory is given back.
const keepRecords = 16

// reset empties r and keeps its memory.
func (r *Result) reset() {
	records, sc := r.Records[:0], r.scratch
	if cap(records) > keepRecords {
		records, sc = nil, scratch{}
	}
	*r = Result{Records: records, trace: r.trace}
	r.scratch = scratch{
		query: sc.query[:0], pairs: sc.pairs[:0], pageQuery: sc.pageQuery[:0],
		params: sc.params[:0], fields: sc.fields[:0], sources: sc.sources, buf: sc.buf[:0], ends: sc.ends[:0],
	}
}

// add appends an empty record.
func (r *Result) add() *event.Record {
	n := len(r.Records)
	r.Records = slices.Grow(r.Records, 1)[:n+1]
	r.Records[n] = event.Record{}
	return &r.Records[n]
}

// Drop tells that the host could not store the records, and why: one word,
// such as storage. The image is sent all the same.
func (r *Result) Drop(reason string) {
	r.Dropped += max(1, len(r.Records))
	r.Records = r.Records[:0]
	r.Reason = reason
	r.cookie = ""
}

// Tally returns how many hits are recorded, and how many are not: they left
// no record, or one whose status is dropped and tells the reason.
func (r *Result) Tally() (recorded, dropped int) {
	for i := range r.Records {
		if r.Records[i].Status == event.StatusRecorded {
			recorded++
		}
	}
	return recorded, r.Dropped + len(r.Records) - recorded
}

// reject tells why a record's status is dropped.
func (r *Result) reject(reason string) {
	r.missing = ""
	r.Reason = orElse(r.Reason, reason)
}

// lacking tells which required fields the latest record lacks.
func (r *Result) lacking(plan *extract.Plan, missing extract.Missing) {
	r.missing = ""
	if missing == 0 {
		return
	}
	r.missing = plan.Names(missing)
	r.absent |= missing
	r.lacks = plan.Names(r.absent)
}
