package stack

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation/types"

	"pixelctl/pkg/fault"
	"pixelctl/pkg/pipeline"
)

// Bounds of polling.
const (
	slowest = 5 * time.Second // longest wait between polls
	idle    = 12              // polls after which a stack that never moved counts as done
)

func grow(d time.Duration) time.Duration { return max(d, min(d*5/4, slowest)) }

// watch is one operation that is followed.
type watch struct {
	id    string // of the stack
	token string // of the operation; "" takes every event
	step  string // for people
	total int    // resources, 0 when unknown

	before Stack  // as it was
	last   string // id of the newest event seen
	moved  bool   // the operation has begun
	ended  bool   // the event that ends it has been seen
	done   map[string]bool
	failed *types.StackEvent // first that failed of itself
}

// follow polls until the operation has ended and tells of each event. The end
// of ctx ends the watch, not the operation.
func (e *Engine) follow(ctx context.Context, w *watch, sink pipeline.Sink) (Stack, error) {
	sink.Send(pipeline.Event{Phase: pipeline.Begin, Step: w.step, Total: int64(w.total)})
	wait := e.o.Poll
	for polls := 1; ; polls++ {
		st, err := e.look(ctx, w, sink)
		if err != nil {
			return Stack{}, err
		}
		if w.over(st, polls) {
			sink.Send(pipeline.Event{Phase: pipeline.End, Step: w.step, Text: st.Status, Done: int64(len(w.done)), Total: int64(w.total)})
			return st, nil
		}
		if err := e.o.Clock.Wait(ctx, wait); err != nil {
			return Stack{}, e.watchError(ctx, err)
		}
		wait = grow(wait)
	}
}

// look reads the stack first and its events second: of a stack that has ended,
// all events are then there.
func (e *Engine) look(ctx context.Context, w *watch, sink pipeline.Sink) (Stack, error) {
	st, err := e.describe(ctx, w.id)
	if err != nil {
		return Stack{}, e.watchError(ctx, err)
	}
	w.moved = w.moved || st.Moving()
	events, err := e.recent(ctx, w.id, func(v types.StackEvent) bool { return aws.ToString(v.EventId) == w.last })
	if err != nil {
		return Stack{}, err
	}
	for i := range events {
		w.last = aws.ToString(events[i].EventId)
		if t := aws.ToString(events[i].ClientRequestToken); w.token != "" && t != "" && t != w.token {
			continue
		}
		w.note(events[i])
		sink.Send(w.event(events[i]))
	}
	return st, nil
}

// over reports whether the operation has ended. Right after its start the stack
// still shows its old state, so that state alone proves nothing.
func (w *watch) over(st Stack, polls int) bool {
	if st.Moving() || st.Status == string(types.StackStatusReviewInProgress) && polls < idle {
		return false
	}
	return w.moved || w.ended || st.Status != w.before.Status || !st.Updated.Equal(w.before.Updated) || polls >= idle
}

// note takes one event of the operation into account.
func (w *watch) note(v types.StackEvent) {
	status, id := string(v.ResourceStatus), aws.ToString(v.LogicalResourceId)
	if aws.ToString(v.PhysicalResourceId) == aws.ToString(v.StackId) {
		w.ended = w.ended || endsOperation(v)
		return
	}
	switch {
	case strings.HasSuffix(status, "_FAILED"):
		if w.failed == nil && !cancelled(aws.ToString(v.ResourceStatusReason)) {
			w.failed = &v
		}
	case strings.HasSuffix(status, "_COMPLETE"), strings.HasSuffix(status, "_SKIPPED"):
		if w.done == nil {
			w.done = map[string]bool{}
		}
		w.done[id] = true
	}
}

// cancelled knows the reasons of resources that failed only because another did.
func cancelled(reason string) bool {
	return strings.HasPrefix(reason, "Resource ") && strings.HasSuffix(strings.TrimRight(reason, "."), " cancelled")
}

// event is what a sink hears of one event.
func (w *watch) event(v types.StackEvent) pipeline.Event {
	text := fmt.Sprintf("%s %s %s", aws.ToString(v.LogicalResourceId), aws.ToString(v.ResourceType), v.ResourceStatus)
	if r := aws.ToString(v.ResourceStatusReason); r != "" {
		text += ": " + r
	}
	return pipeline.Event{Phase: pipeline.Move, Step: w.step, Text: text, Done: int64(len(w.done)), Total: int64(w.total)}
}

// watchError adds, to an error after ctx ended, that AWS goes on and how to
// look again; it leaves other errors alone.
func (e *Engine) watchError(ctx context.Context, err error) error {
	end := ctx.Err()
	if end == nil || err == nil {
		return err
	}
	return fault.New(fault.KindOf(end), "watch stack %s: %w", e.o.Stack, end).
		WithHint("what was begun goes on in AWS; %s picks it up", e.resumeCommand())
}

func (e *Engine) resumeCommand() string {
	if e.o.Resume != "" {
		return e.o.Resume
	}
	return "pixelctl status --stack " + e.o.Stack
}
