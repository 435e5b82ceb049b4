package stack

import (
	"slices"

	"github.com/aws/aws-sdk-go-v2/service/cloudformation/types"
)

// base is the stack that a change set is made on.
type base struct {
	stack Stack
	fresh bool // none yet, or one in review
}

// target names the stack by its id once it has one. A change set that creates
// takes the name: it is that of a stack to be, also when one is in review.
func (b base) target(name string) string {
	if b.stack.ID != "" && !b.fresh {
		return b.stack.ID
	}
	return name
}

// kind must say whether the stack exists; one in review counts as not.
func (b base) kind() types.ChangeSetType {
	if b.fresh {
		return types.ChangeSetTypeCreate
	}
	return types.ChangeSetTypeUpdate
}

// settled reports whether the stack can be updated.
func settled(s Stack) bool {
	return slices.Contains([]types.StackStatus{
		types.StackStatusCreateComplete, types.StackStatusUpdateComplete, types.StackStatusUpdateRollbackComplete,
		types.StackStatusImportComplete, types.StackStatusImportRollbackComplete,
	}, types.StackStatus(s.Status))
}

// neverCompleted reports whether the first create failed: only such a stack may
// be deleted to be made again.
func neverCompleted(s Stack) bool {
	return slices.Contains([]types.StackStatus{
		types.StackStatusCreateFailed, types.StackStatusRollbackComplete, types.StackStatusRollbackFailed,
	}, types.StackStatus(s.Status))
}
