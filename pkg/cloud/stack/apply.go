package stack

import (
	"context"
	"fmt"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation"

	"pixelctl/pkg/cloud/session"
	"pixelctl/pkg/fault"
	"pixelctl/pkg/pipeline"
)

// Applied is what an Apply did.
type Applied struct {
	ID      string // of the stack
	Created bool   // there was none before
	Changed bool   // false when there was nothing to change
	Changes []Change
}

// Apply brings the stack to the input by one change set, and follows it to the
// end. It first ends what others began: abandoned change sets, an operation in
// progress, a failed rollback, a first create that failed. Ending ctx stops the
// watch only; the operation goes on in AWS, and the next Apply picks it up.
func (e *Engine) Apply(ctx context.Context, in Input, sink pipeline.Sink) (Applied, error) {
	in, err := in.compact(e.o)
	if err != nil {
		return Applied{}, err
	}
	b, err := e.prepare(ctx, sink)
	if err != nil {
		return Applied{}, err
	}
	done, err := e.once(ctx, in, b, sink)
	if !raced(err) {
		return done, err
	}
	sink.Send(pipeline.Event{
		Phase: pipeline.Warn, Step: e.step("deploy"),
		Text: "a role made just now was not known everywhere yet; trying once more",
	})
	if b, err = e.again(ctx, b, done.ID, sink); err != nil {
		return done, err
	}
	in.Review = nil
	second, err := e.once(ctx, in, b, sink)
	second.Created = done.Created
	return second, err
}

// again prepares a second attempt. A stack that this very Apply made, and that
// never completed, goes without asking.
func (e *Engine) again(ctx context.Context, first base, id string, sink pipeline.Sink) (base, error) {
	if first.fresh {
		st, err := e.describe(ctx, id)
		if err != nil {
			return base{}, err
		}
		if neverCompleted(st) {
			if err := e.deleteAndFollow(ctx, st, nil, sink); err != nil {
				return base{}, err
			}
		}
	}
	return e.prepare(ctx, sink)
}

// once makes one change set, executes and follows it.
func (e *Engine) once(ctx context.Context, in Input, b base, sink pipeline.Sink) (Applied, error) {
	step := e.step("compare")
	sink.Send(pipeline.Event{Phase: pipeline.Begin, Step: step})
	set, err := e.propose(ctx, in, b)
	if err != nil {
		return Applied{}, err
	}
	sink.Send(pipeline.Event{Phase: pipeline.End, Step: step, Text: fmt.Sprintf("resources to change: %d", len(set.changes))})
	if set.empty {
		e.withdraw(ctx, set, b.fresh)
		return Applied{ID: set.stackID}, nil
	}
	if in.Review != nil {
		if err := in.Review(ctx, set.changes); err != nil {
			e.withdraw(ctx, set, b.fresh)
			return Applied{ID: set.stackID}, err
		}
	}
	done := Applied{ID: set.stackID, Created: b.fresh, Changed: true, Changes: set.changes}
	verb := "update"
	if b.fresh {
		verb = "create"
	}
	w := watch{id: set.stackID, token: set.token, step: e.step(verb), total: len(set.changes)}
	if err := e.mark(ctx, &w); err != nil {
		e.withdraw(ctx, set, b.fresh)
		return done, err
	}
	_, err = e.c.ExecuteChangeSet(ctx, &cloudformation.ExecuteChangeSetInput{
		ChangeSetName: &set.id, ClientRequestToken: &set.token,
	})
	if err != nil && !executed(err) {
		return done, e.watchError(ctx, session.Explain(err, "execute change set of stack %s", e.o.Stack))
	}
	return done, e.finish(ctx, &w, sink)
}

// executed reports whether an execution was refused because it is under way:
// the answer to the first attempt was lost.
func executed(err error) bool {
	switch session.Code(err) {
	case "TokenAlreadyExistsException":
		return true
	case "InvalidChangeSetStatus", "InvalidChangeSetStatusException":
		return strings.Contains(err.Error(), "EXECUTE_")
	}
	return false
}

// finish follows an operation of ours and fails when it did.
func (e *Engine) finish(ctx context.Context, w *watch, sink pipeline.Sink) error {
	st, err := e.follow(ctx, w, sink)
	if err != nil {
		return err
	}
	if strings.HasSuffix(st.Status, "_COMPLETE") && !strings.Contains(st.Status, "ROLLBACK") {
		return nil
	}
	return e.failure(st, w)
}

func (e *Engine) step(verb string) string { return fmt.Sprintf("%s stack %s", verb, e.o.Stack) }

// failure is the error of an operation that ended badly: the first resource
// that failed of itself, not those cancelled with it.
func (e *Engine) failure(st Stack, w *watch) error {
	f := w.failed
	if f == nil {
		return reasoned(e.mendable(fault.New(fault.Failed, "%s: %s: %s", w.step, st.Status, st.Reason)), st.Reason)
	}
	reason := aws.ToString(f.ResourceStatusReason)
	return reasoned(e.mendable(fault.New(fault.Failed, "%s: %s (%s) failed: %s; the stack is now in %s",
		w.step, aws.ToString(f.LogicalResourceId), aws.ToString(f.ResourceType), reason, st.Status)), reason)
}

// mendable gives the hint for reasons that nobody foresaw.
func (e *Engine) mendable(err *fault.Error) *fault.Error {
	return err.WithHint("mend what the reason names, then %s", e.resumeCommand())
}
