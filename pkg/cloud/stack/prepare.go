package stack

import (
	"context"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/service/cloudformation"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation/types"

	"pixelctl/pkg/cloud/session"
	"pixelctl/pkg/fault"
	"pixelctl/pkg/pipeline"
)

// maxSteps bounds the steps from any state to one that takes a change set: the
// longest way is an update in progress, a failed rollback, its continuation.
const maxSteps = 8

// prepare brings the stack into a state that takes a change set. Nothing is
// touched before the stack is known to be ours.
func (e *Engine) prepare(ctx context.Context, sink pipeline.Sink) (base, error) {
	for range maxSteps {
		st, err := e.Describe(ctx)
		if fault.KindOf(err) == fault.NotDeployed {
			return base{fresh: true}, nil
		}
		if err == nil {
			err = e.Own(ctx, st)
		}
		if err != nil {
			return base{}, err
		}
		review := st.Status == string(types.StackStatusReviewInProgress)
		if review || settled(st) {
			return base{stack: st, fresh: review}, e.tidy(ctx, st)
		}
		if err := e.settle(ctx, st, sink); err != nil {
			return base{}, err
		}
	}
	return base{}, fault.New(fault.Busy, "deploy stack %s: its state keeps changing", e.o.Stack).
		WithHint("see who else changes it: aws cloudformation describe-stack-events --stack-name %s", e.o.Stack)
}

// settle does one step out of a state that takes no change set.
func (e *Engine) settle(ctx context.Context, st Stack, sink pipeline.Sink) error {
	switch {
	case st.Moving():
		return e.attach(ctx, st, sink)
	case neverCompleted(st):
		return e.replace(ctx, st, sink)
	case st.Status == string(types.StackStatusUpdateRollbackFailed):
		return e.resume(ctx, st, sink)
	case st.Status == string(types.StackStatusUpdateFailed):
		return e.rollback(ctx, st, sink)
	}
	return fault.New(fault.Failed, "deploy stack %s: it is in %s", st.Name, st.Status).WithHint("%s", e.mend(st))
}

// mend is the hint for a stack in a state that no change set leads out of.
func (e *Engine) mend(st Stack) string {
	if st.Status == string(types.StackStatusDeleteFailed) {
		return "pixelctl destroy ends what was begun, then pixelctl deploy makes it again"
	}
	return "pixelctl deploy brings it in order"
}

// busy is the error of a stack that somebody else is changing.
func (e *Engine) busy(st Stack) error {
	return fault.New(fault.Busy, "stack %s: another operation is in progress (%s)", st.Name, st.Status).
		WithHint("%s without --no-wait follows it and goes on", e.resumeCommand())
}

// attach follows an operation that somebody else began to its end. That it
// failed is told and decides nothing: the state it left is looked at next.
func (e *Engine) attach(ctx context.Context, st Stack, sink pipeline.Sink) error {
	if e.o.NoWait {
		return e.busy(st)
	}
	sink.Send(pipeline.Event{
		Phase: pipeline.Note, Step: e.step("wait for"),
		Text: fmt.Sprintf("another operation is in progress (%s); following it to its end", st.Status),
	})
	w := watch{id: st.ID, step: e.step("wait for"), moved: true}
	if err := e.markCurrent(ctx, &w); err != nil {
		return err
	}
	end, err := e.follow(ctx, &w, sink)
	if err == nil && w.failed != nil {
		sink.Send(pipeline.Event{Phase: pipeline.Warn, Step: w.step, Text: e.failure(end, &w).Error()})
	}
	return err
}

// replace deletes a stack whose first create failed, if the user wants it:
// nothing but deletion is possible from there.
func (e *Engine) replace(ctx context.Context, st Stack, sink pipeline.Sink) error {
	w := watch{id: st.ID, step: e.step("create")}
	why := st.Reason
	if err := e.lastFailure(ctx, &w); err == nil && w.failed != nil {
		why = e.failure(st, &w).Error()
	}
	if why == "" {
		why = "no reason is known"
	}
	refused := fault.New(fault.Failed, "deploy stack %s: its first create failed (%s: %s), so it can only be deleted", st.Name, st.Status, why).
		WithHint("answer yes to the question, or delete it: aws cloudformation delete-stack --stack-name %s", st.Name)
	if e.o.Confirm == nil {
		return refused
	}
	ok, err := e.o.Confirm(ctx, fmt.Sprintf("The first create of stack %s failed (%s: %s). It never ran. Delete it and make it again?", st.Name, st.Status, why))
	if err != nil {
		return err
	}
	if !ok {
		return refused
	}
	return e.deleteAndFollow(ctx, st, nil, sink)
}

// resume continues a rollback that failed, leaving out what the user says.
func (e *Engine) resume(ctx context.Context, st Stack, sink pipeline.Sink) error {
	w := watch{id: st.ID, token: token(), step: e.step("continue the rollback of")}
	if err := e.mark(ctx, &w); err != nil {
		return err
	}
	in := &cloudformation.ContinueUpdateRollbackInput{StackName: &st.ID, ClientRequestToken: &w.token, ResourcesToSkip: e.o.Skip}
	if e.o.RoleARN != "" {
		in.RoleARN = &e.o.RoleARN
	}
	if _, err := e.c.ContinueUpdateRollback(ctx, in); err != nil {
		return e.watchError(ctx, session.Explain(err, "continue the rollback of stack %s", st.Name))
	}
	end, err := e.follow(ctx, &w, sink)
	if err != nil || end.Status != string(types.StackStatusUpdateRollbackFailed) {
		return err
	}
	bad := "LOGICAL_ID"
	if w.failed != nil {
		bad = *w.failed.LogicalResourceId
	}
	return fault.New(fault.Failed, "%w", e.failure(end, &w)).
		WithHint("mend what the reason names, or leave the resource as it is: pixelctl deploy --skip %s", bad)
}

// rollback takes back an update that was told not to roll back by itself.
func (e *Engine) rollback(ctx context.Context, st Stack, sink pipeline.Sink) error {
	w := watch{id: st.ID, token: token(), step: e.step("roll back")}
	if err := e.mark(ctx, &w); err != nil {
		return err
	}
	in := &cloudformation.RollbackStackInput{StackName: &st.ID, ClientRequestToken: &w.token}
	if e.o.RoleARN != "" {
		in.RoleARN = &e.o.RoleARN
	}
	if _, err := e.c.RollbackStack(ctx, in); err != nil {
		return e.watchError(ctx, session.Explain(err, "roll back stack %s", st.Name))
	}
	end, err := e.follow(ctx, &w, sink)
	if err == nil && end.Status == string(types.StackStatusUpdateFailed) {
		return e.failure(end, &w)
	}
	return err
}
