package beacon

import (
	"slices"

	"pixelctl/pkg/event"
)

// Result is the answer to one request and what it leaves. The zero value is
// ready; the caller may pass it to Answer again and again, but not to two at
// once.
type Result struct {
	Records []event.Record // to be stored before the answer is sent; valid until the next Answer
	Pixel   bool           // the request was for the pixel: it counts as received
	Dropped int            // hits that left no record; 0 when Reason is empty
	Reason  string         // why they left none: path, method, head, preflight, empty, entry, batch, or Drop's

	Code        int    // 200, 204, 404 or 405
	ContentType string // empty when there is no body
	Body        []byte // shared by all answers: not to be written to

	id        string // of the request, once recorded
	origin    string // Origin header, fit to be echoed
	allow     string
	preflight bool
	batched   bool
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
	*r = Result{Records: records}
	r.scratch = scratch{
		query: sc.query[:0], pairs: sc.pairs[:0], page: sc.page[:0],
		params: sc.params[:0], buf: sc.buf[:0], ends: sc.ends[:0],
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
}
