package main

import (
	"context"
	"crypto/rand"
	"sync"
	"time"

	"github.com/aws/aws-lambda-go/lambda"
	"github.com/aws/aws-lambda-go/lambdacontext"

	"pixelctl/pkg/beacon"
)

// Reasons why an answered hit left no record, besides those of the beacon.
const (
	reasonStream = "stream" // the delivery stream did not take it in time
	reasonEvent  = "event"  // the function was called with something else than a request
)

// usualLine is room for most records, in bytes.
const usualLine = 1536

// putter stores lines, each with its newline, and gives the indices of those
// that could not be stored, with the last error.
type putter interface {
	put(ctx context.Context, lines [][]byte) (left []int, err error)
}

var _ lambda.Handler = (*handler)(nil)

// handler answers the events of the function.
type handler struct {
	logger

	beacon *beacon.Beacon
	stream putter
	keys   *keyring  // nil when the spec needs none
	spare  sync.Pool // of *beacon.Result, which keep their memory
}

// Invoke answers one event. It gives no error: an error would be a broken image.
func (h *handler) Invoke(ctx context.Context, raw []byte) ([]byte, error) {
	res, ok := h.spare.Get().(*beacon.Result)
	if !ok {
		res = new(beacon.Result)
	}
	defer h.spare.Put(res)
	p, err := decode(raw)
	if err != nil {
		h.noRequest(ctx, raw, err, res)
		return reply(res, true, false), nil
	}
	if h.keys != nil {
		h.keys.refresh(ctx)
	}
	req := p.request(invocation(ctx), time.Now())
	h.beacon.Answer(&req, res)
	if len(res.Records) > 0 {
		h.record(ctx, req.ID, res)
	}
	return reply(res, req.Method != "HEAD", p.old), nil
}

// noRequest answers an event that is no request with the image.
func (h *handler) noRequest(ctx context.Context, raw []byte, cause error, res *beacon.Result) {
	h.beacon.Answer(&beacon.Request{Method: "GET", Path: "/p.gif", ID: "none"}, res)
	res.Drop(reasonEvent)
	h.unread(invocation(ctx), raw, cause)
}

// record stores the answer's records. Those that cannot be stored go to the log
// and are taken out of the answer.
func (h *handler) record(ctx context.Context, id string, res *beacon.Result) {
	lines := make([][]byte, len(res.Records))
	for i := range res.Records {
		lines[i] = res.Records[i].AppendLine(make([]byte, 0, usualLine))
	}
	left, err := h.stream.put(ctx, lines)
	if len(left) == 0 {
		return
	}
	lost := make([][]byte, len(left))
	for i, n := range left {
		lost[i] = lines[n]
	}
	h.lost(id, lost, err)
	if len(left) == len(lines) {
		res.Drop(reasonStream)
		return
	}
	drop(res, left)
}

// drop takes the records with the indices left, in order, out of a batch.
func drop(res *beacon.Result, left []int) {
	kept, next := res.Records[:0], 0
	for i := range res.Records {
		if next < len(left) && left[next] == i {
			next++
			continue
		}
		kept = append(kept, res.Records[i])
	}
	res.Records = kept
	res.Dropped += len(left)
	res.Reason = reasonStream
}

// invocation is the id of the call, for events that have none of their own.
func invocation(ctx context.Context) string {
	if lc, ok := lambdacontext.FromContext(ctx); ok && lc.AwsRequestID != "" {
		return lc.AwsRequestID
	}
	return rand.Text()
}
