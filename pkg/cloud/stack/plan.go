package stack

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/cloudformation/types"

	"pixelctl/pkg/fault"
)

// Plan is what an Apply of the same input would do.
type Plan struct {
	New     bool // there is no stack yet
	Changes []Change
}

// Plan asks CloudFormation what would change, by a change set that it deletes
// again, together with the stack in review that a first one makes. It changes
// nothing else, and fails when the stack is in no state to be changed.
func (e *Engine) Plan(ctx context.Context, in Input) (Plan, error) {
	in, err := in.compact(e.o)
	if err != nil {
		return Plan{}, err
	}
	b, err := e.planned(ctx)
	if err != nil {
		return Plan{}, err
	}
	set, err := e.propose(ctx, in, b)
	if err != nil {
		return Plan{}, err
	}
	e.withdraw(ctx, set, b.fresh)
	return Plan{New: b.fresh, Changes: set.changes}, ctx.Err()
}

// planned is the stack a plan starts from: as it is, for a plan mends nothing
// but what an earlier one left.
func (e *Engine) planned(ctx context.Context) (base, error) {
	st, err := e.Describe(ctx)
	switch {
	case fault.KindOf(err) == fault.NotDeployed:
		return base{fresh: true}, nil
	case err != nil:
		return base{}, err
	}
	if err := e.Own(ctx, st); err != nil {
		return base{}, err
	}
	switch {
	case st.Moving():
		return base{}, e.busy(st)
	case st.Status == string(types.StackStatusReviewInProgress):
		return base{stack: st, fresh: true}, e.tidy(ctx, st)
	case neverCompleted(st):
		return base{}, fault.New(fault.Failed, "plan stack %s: it never completed (%s), so it must be made anew", st.Name, st.Status).
			WithHint("pixelctl deploy asks, deletes it and makes it again")
	case !settled(st):
		return base{}, fault.New(fault.Failed, "plan stack %s: it is in %s", st.Name, st.Status).WithHint("%s", e.mend(st))
	}
	return base{stack: st}, e.tidy(ctx, st)
}
