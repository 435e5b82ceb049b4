package stack

import (
	"context"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation/types"

	"pixelctl/pkg/cloud/session"
)

// maxPages bounds the events read at a time, a hundred a page: far more than
// an operation on this template causes.
const maxPages = 50

// recent returns the events after the one with id last, oldest first, or all
// there are when last is "". CloudFormation gives the newest first.
func (e *Engine) recent(ctx context.Context, stackID string, until func(types.StackEvent) bool) ([]types.StackEvent, error) {
	var events []types.StackEvent
	in := &cloudformation.DescribeStackEventsInput{StackName: &stackID}
	for range maxPages {
		out, err := e.c.DescribeStackEvents(ctx, in)
		if err != nil {
			return nil, e.watchError(ctx, session.Explain(err, "describe events of stack %s", e.o.Stack))
		}
		for _, v := range out.StackEvents {
			if until(v) {
				slices.Reverse(events)
				return events, nil
			}
			events = append(events, v)
		}
		if aws.ToString(out.NextToken) == "" {
			break
		}
		in.NextToken = out.NextToken
	}
	slices.Reverse(events)
	return events, nil
}

// mark notes the newest event, after which those of an operation come, and what
// the stack looks like before it.
func (e *Engine) mark(ctx context.Context, w *watch) error {
	st, err := e.describe(ctx, w.id)
	if err != nil {
		return e.watchError(ctx, err)
	}
	w.before = st
	in := &cloudformation.DescribeStackEventsInput{StackName: &w.id}
	out, err := e.c.DescribeStackEvents(ctx, in)
	if err != nil {
		return e.watchError(ctx, session.Explain(err, "describe events of stack %s", e.o.Stack))
	}
	if len(out.StackEvents) > 0 {
		w.last = aws.ToString(out.StackEvents[0].EventId)
	}
	return nil
}

// markCurrent notes the event before the operation in progress, and the token
// of that operation.
func (e *Engine) markCurrent(ctx context.Context, w *watch) error {
	events, err := e.recent(ctx, w.id, func(v types.StackEvent) bool {
		if !endsOperation(v) {
			return false
		}
		w.last = aws.ToString(v.EventId)
		return true
	})
	if err == nil && len(events) > 0 {
		w.token = aws.ToString(events[len(events)-1].ClientRequestToken)
	}
	return err
}

// lastFailure finds the first failure of the operation that ended last.
func (e *Engine) lastFailure(ctx context.Context, w *watch) error {
	ends := 0
	events, err := e.recent(ctx, w.id, func(v types.StackEvent) bool {
		if endsOperation(v) {
			ends++
		}
		return ends > 1
	})
	for i := range events {
		w.note(events[i])
	}
	return err
}

// endsOperation reports whether an event is about the stack itself and says
// that nothing is at work on it.
func endsOperation(v types.StackEvent) bool {
	status := string(v.ResourceStatus)
	return aws.ToString(v.PhysicalResourceId) == aws.ToString(v.StackId) &&
		(!strings.HasSuffix(status, "_IN_PROGRESS") || status == string(types.StackStatusReviewInProgress))
}
