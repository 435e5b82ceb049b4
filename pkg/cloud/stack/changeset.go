package stack

import (
	"context"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation/types"

	"pixelctl/pkg/cloud/session"
	"pixelctl/pkg/fault"
)

// changeSet is one change set of ours.
type changeSet struct {
	token, id, stackID string
	changes            []Change
	empty              bool // nothing to change; CloudFormation calls it failed
}

// propose makes a change set and waits until it has been computed. On an error
// it takes it away again.
func (e *Engine) propose(ctx context.Context, in Input, b base) (changeSet, error) {
	if in.Template == nil && b.fresh {
		return changeSet{}, fault.New(fault.NotDeployed, "change stack %s: there is no such stack", e.o.Stack).
			WithHint("pixelctl deploy makes it")
	}
	ps, err := in.values(b.stack.Parameters)
	if err != nil {
		return changeSet{}, err
	}
	set := changeSet{token: token()}
	req := &cloudformation.CreateChangeSetInput{
		StackName: aws.String(b.target(e.o.Stack)), ChangeSetName: &set.token, ClientToken: &set.token,
		ChangeSetType: b.kind(), Parameters: ps, Tags: e.o.tags(),
		Capabilities: []types.Capability{types.CapabilityCapabilityIam, types.CapabilityCapabilityNamedIam},
	}
	if err := e.carry(ctx, in.Template, req); err != nil {
		return changeSet{}, err
	}
	if e.o.RoleARN != "" {
		req.RoleARN = &e.o.RoleARN
	}
	out, err := e.c.CreateChangeSet(ctx, req)
	if err != nil {
		return changeSet{}, e.watchError(ctx, session.Explain(err, "create change set for stack %s", e.o.Stack))
	}
	set.id, set.stackID = aws.ToString(out.Id), aws.ToString(out.StackId)
	if err := e.await(ctx, &set); err != nil {
		e.withdraw(ctx, set, b.fresh)
		return changeSet{}, err
	}
	return set, nil
}

// await waits until the change set is complete and reads its changes.
func (e *Engine) await(ctx context.Context, set *changeSet) error {
	for wait := e.o.Poll; ; wait = grow(wait) {
		out, err := e.page(ctx, set.id, nil)
		if err != nil {
			return err
		}
		switch out.Status {
		case types.ChangeSetStatusCreateComplete:
			return e.readChanges(ctx, set, out)
		case types.ChangeSetStatusCreatePending, types.ChangeSetStatusCreateInProgress:
		default:
			reason := aws.ToString(out.StatusReason)
			if set.empty = nothing(reason); set.empty {
				return nil
			}
			return e.invalid(ctx, set, reason)
		}
		if err := e.o.Clock.Wait(ctx, wait); err != nil {
			return e.watchError(ctx, err)
		}
	}
}

// nothing knows the reasons of a change set that failed for want of changes.
func nothing(reason string) bool {
	return strings.Contains(reason, "didn't contain changes") || strings.Contains(reason, "No updates are to be performed")
}

// invalid tells why a change set could not be computed. Since 2025 it is also
// validated; what failed then stands in the events, not in the reason.
func (e *Engine) invalid(ctx context.Context, set *changeSet, reason string) error {
	if strings.Contains(strings.ToLower(reason), "validation") {
		out, err := e.c.DescribeEvents(ctx, &cloudformation.DescribeEventsInput{
			ChangeSetName: &set.id, Filters: &types.EventFilter{FailedEvents: aws.Bool(true)},
		})
		if err == nil {
			for _, v := range out.OperationEvents {
				if r := aws.ToString(v.ValidationStatusReason); r != "" {
					reason = aws.ToString(v.LogicalResourceId) + " " + aws.ToString(v.ValidationPath) + ": " + r
					break
				}
			}
		}
	}
	return reasoned(fault.New(fault.Failed, "create change set for stack %s: %s", e.o.Stack, reason), reason)
}

// readChanges reads the changes of all pages, of which first is known.
func (e *Engine) readChanges(ctx context.Context, set *changeSet, first *cloudformation.DescribeChangeSetOutput) error {
	for out := first; ; {
		for i := range out.Changes {
			if r := out.Changes[i].ResourceChange; r != nil {
				set.changes = append(set.changes, change(r))
			}
		}
		if aws.ToString(out.NextToken) == "" {
			return nil
		}
		var err error
		if out, err = e.page(ctx, set.id, out.NextToken); err != nil {
			return err
		}
	}
}

func (e *Engine) page(ctx context.Context, id string, next *string) (*cloudformation.DescribeChangeSetOutput, error) {
	out, err := e.c.DescribeChangeSet(ctx, &cloudformation.DescribeChangeSetInput{ChangeSetName: &id, NextToken: next})
	if err != nil {
		return nil, e.watchError(ctx, session.Explain(err, "describe change set of stack %s", e.o.Stack))
	}
	return out, nil
}

// withdraw deletes a change set, and the stack in review that it made, if any.
// It does so also after Ctrl-C, within bounds; what is left then, the next run
// deletes.
func (e *Engine) withdraw(ctx context.Context, set changeSet, fresh bool) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 20*time.Second)
	defer cancel()
	if err := e.dropSet(ctx, set.id); err == nil && fresh {
		_ = e.dropReview(ctx, set.stackID)
	}
}

func (e *Engine) dropSet(ctx context.Context, id string) error {
	_, err := e.c.DeleteChangeSet(ctx, &cloudformation.DeleteChangeSetInput{ChangeSetName: &id})
	if err != nil && session.Code(err) != "ChangeSetNotFound" && session.Code(err) != "ChangeSetNotFoundException" {
		return session.Explain(err, "delete change set of stack %s", e.o.Stack)
	}
	return nil
}

// dropReview deletes a stack that never was more than a change set. It looks
// right before, so that it never deletes one that came to life.
func (e *Engine) dropReview(ctx context.Context, id string) error {
	st, err := e.describe(ctx, id)
	if fault.KindOf(err) == fault.NotDeployed {
		return nil
	}
	if err != nil || st.Status != string(types.StackStatusReviewInProgress) {
		return err
	}
	return e.deleteAndFollow(ctx, st, nil, nil)
}
