package stack

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation/types"

	"pixelctl/pkg/cloud/session"
	"pixelctl/pkg/fault"
	"pixelctl/pkg/pipeline"
)

// DeleteOptions say what may stay.
type DeleteOptions struct {
	// Retain names resources (logical ids) to give up when CloudFormation cannot
	// delete them; it accepts none before that. To keep one that it could delete,
	// apply a template with template.Retain first.
	Retain []string
}

// Delete deletes the stack and follows it by its id to DELETE_COMPLETE. A stack
// that is not there is no error. What could not be deleted is reported as
// fault.Partial, each resource with its reason.
func (e *Engine) Delete(ctx context.Context, o DeleteOptions, sink pipeline.Sink) error {
	for range maxSteps {
		st, err := e.Describe(ctx)
		if fault.KindOf(err) == fault.NotDeployed {
			return nil
		}
		if err == nil {
			err = e.Own(ctx, st)
		}
		if err != nil {
			return err
		}
		if st.Status == string(types.StackStatusDeleteInProgress) {
			return e.attachDelete(ctx, st, o, sink)
		}
		if !st.Moving() {
			return e.deleteAndFollow(ctx, st, o.Retain, sink)
		}
		if err := e.attach(ctx, st, sink); err != nil {
			return err
		}
	}
	return fault.New(fault.Busy, "delete stack %s: its state keeps changing", e.o.Stack).
		WithHint("see who else changes it: aws cloudformation describe-stack-events --stack-name %s", e.o.Stack)
}

// attachDelete follows a deletion that is under way.
func (e *Engine) attachDelete(ctx context.Context, st Stack, o DeleteOptions, sink pipeline.Sink) error {
	if e.o.NoWait {
		return e.busy(st)
	}
	w := watch{id: st.ID, step: e.step("delete"), moved: true}
	if err := e.markCurrent(ctx, &w); err != nil {
		return err
	}
	end, err := e.follow(ctx, &w, sink)
	if err != nil {
		return err
	}
	return e.afterDelete(ctx, end, o.Retain, &w, sink)
}

// deleteAndFollow deletes one stack by its id. What fails although retain names
// it, is given up in a second round.
func (e *Engine) deleteAndFollow(ctx context.Context, st Stack, retain []string, sink pipeline.Sink) error {
	w, err := e.delete(ctx, st, nil, sink)
	if err != nil {
		return err
	}
	end, err := e.follow(ctx, w, sink)
	if err != nil {
		return err
	}
	return e.afterDelete(ctx, end, retain, w, sink)
}

// delete starts a deletion. RetainResources is accepted in DELETE_FAILED only.
func (e *Engine) delete(ctx context.Context, st Stack, retain []string, sink pipeline.Sink) (*watch, error) {
	if st.Protected {
		return nil, e.protected(st)
	}
	w := &watch{id: st.ID, token: token(), step: e.step("delete"), total: e.count(ctx, st.ID)}
	if err := e.mark(ctx, w); err != nil {
		return nil, err
	}
	in := &cloudformation.DeleteStackInput{StackName: &st.ID, ClientRequestToken: &w.token, RetainResources: retain}
	if e.o.RoleARN != "" {
		in.RoleARN = &e.o.RoleARN
	}
	_, err := e.c.DeleteStack(ctx, in)
	switch {
	case err == nil || session.Code(err) == "TokenAlreadyExistsException":
	case strings.Contains(err.Error(), "TerminationProtection"):
		return nil, e.protected(st)
	default:
		return nil, e.watchError(ctx, session.Explain(err, "delete stack %s", st.Name))
	}
	for _, id := range retain {
		sink.Send(pipeline.Event{Phase: pipeline.Warn, Step: w.step, Text: id + " could not be deleted and is left behind"})
	}
	return w, nil
}

// afterDelete judges how a deletion ended and gives up what may stay.
func (e *Engine) afterDelete(ctx context.Context, end Stack, retain []string, w *watch, sink pipeline.Sink) error {
	if end.Status != string(types.StackStatusDeleteFailed) {
		return nil
	}
	stuck, err := e.stuck(ctx, end.ID)
	if err != nil {
		return err
	}
	if len(stuck) == 0 || slices.ContainsFunc(stuck, func(r Resource) bool { return !slices.Contains(retain, r.LogicalID) }) {
		return e.left(end, stuck, w)
	}
	ids := make([]string, len(stuck))
	for i, r := range stuck {
		ids[i] = r.LogicalID
	}
	second, err := e.delete(ctx, end, ids, sink)
	if err != nil {
		return err
	}
	if end, err = e.follow(ctx, second, sink); err != nil || end.Status != string(types.StackStatusDeleteFailed) {
		return err
	}
	if stuck, err = e.stuck(ctx, end.ID); err != nil {
		return err
	}
	return e.left(end, stuck, second)
}

// stuck are the resources that could not be deleted.
func (e *Engine) stuck(ctx context.Context, id string) ([]Resource, error) {
	all, err := e.Resources(ctx, id)
	return slices.DeleteFunc(all, func(r Resource) bool { return r.Status != string(types.ResourceStatusDeleteFailed) }), err
}

// left is the error of a deletion that did not get through.
func (e *Engine) left(end Stack, stuck []Resource, w *watch) error {
	if len(stuck) == 0 {
		return reasoned(fault.New(fault.Partial, "delete stack %s: %s: %s", end.Name, end.Status, end.Reason), end.Reason)
	}
	var list []string
	for _, r := range stuck {
		list = append(list, fmt.Sprintf("%s %s (%s): %s", r.Type, r.PhysicalID, r.LogicalID, r.Reason))
	}
	first := stuck[0]
	if w.failed != nil && !cancelled(aws.ToString(w.failed.ResourceStatusReason)) {
		first.LogicalID, first.Reason = aws.ToString(w.failed.LogicalResourceId), aws.ToString(w.failed.ResourceStatusReason)
	}
	err := fault.New(fault.Partial, "delete stack %s: %d resources could not be deleted; first %s: %s",
		end.Name, len(stuck), first.LogicalID, first.Reason).WithLeft(list)
	return reasoned(err, first.Reason)
}

// protected is the error of a stack that is guarded against deletion.
func (e *Engine) protected(st Stack) error {
	return fault.New(fault.Failed, "delete stack %s: it is protected against termination", st.Name).
		WithHint("lift it, if you mean to: aws cloudformation update-termination-protection --no-enable-termination-protection --stack-name %s%s",
			st.Name, regionFlag(st.ID))
}

// regionFlag names the region of a stack's id, arn:aws:cloudformation:REGION:….
func regionFlag(id string) string {
	if part := strings.Split(id, ":"); len(part) > 4 && part[3] != "" {
		return " --region " + part[3]
	}
	return ""
}

// count is the number of resources a deletion has to do with, for progress; 0
// when it cannot be known.
func (e *Engine) count(ctx context.Context, id string) int {
	all, err := e.Resources(ctx, id)
	if err != nil && !errors.Is(err, context.Canceled) {
		return 0
	}
	return len(slices.DeleteFunc(all, func(r Resource) bool { return r.Status == string(types.ResourceStatusDeleteComplete) }))
}
