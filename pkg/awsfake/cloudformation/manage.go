package cloudformation

import (
	"context"
	"strings"
)

// deleteStackAction begins a deletion; a stack that is gone or going is none
// of its worries, as on AWS.
func (s *Server) deleteStackAction(ctx context.Context, f form) (any, error) {
	st, ok := s.live(f.get("StackName"))
	if !ok || st.status == "DELETE_IN_PROGRESS" {
		return nil, nil //nolint:nilnil // an answer without a result
	}
	token := f.get("ClientRequestToken")
	if repeated, err := st.token(token, "delete"); repeated || err != nil {
		return nil, err
	}
	if err := st.mayDelete(f); err != nil {
		return nil, err
	}
	st.tokens[token] = "delete"
	r := s.newRun(ctx, st, "DELETE_STACK", token)
	r.retain, r.force = f.list("RetainResources"), f.get("DeletionMode") == "FORCE_DELETE_STACK"
	st.changeSets, st.revert = nil, nil
	r.deleteStack(s.clock.Now(), "User Initiated")
	return nil, nil //nolint:nilnil // an answer without a result
}

func (st *stack) mayDelete(f form) error {
	retain, mode := f.list("RetainResources"), f.get("DeletionMode")
	switch {
	case st.protected:
		return invalid("Stack [%s] cannot be deleted while TerminationProtection is enabled", st.name)
	case st.busy() && st.status != "CREATE_IN_PROGRESS" && st.status != "ROLLBACK_IN_PROGRESS":
		return invalid("Stack [%s] cannot be deleted while in status %s", st.name, st.status)
	case len(retain) > 0 && st.status != "DELETE_FAILED":
		return invalid("Invalid operation on stack [%s]. When you delete a stack, specify which resources to retain only when the stack is in the DELETE_FAILED state.", st.id)
	case mode == "FORCE_DELETE_STACK" && st.status != "DELETE_FAILED":
		return invalid("Invalid operation on stack [%s]. FORCE_DELETE_STACK can only be used when the stack is in the DELETE_FAILED state.", st.id)
	}
	for _, id := range retain {
		if _, ok := st.resource(id); !ok {
			return invalid("Resource %s does not exist for stack %s", id, st.name)
		}
	}
	return nil
}

type stackIDResult struct {
	StackID string `xml:"StackId"`
}

func (s *Server) updateTerminationProtection(f form) (any, error) {
	st, err := s.mustLive(f.get("StackName"))
	if err != nil {
		return nil, err
	}
	st.protected = f.is("EnableTerminationProtection")
	return stackIDResult{st.id}, nil
}

func (s *Server) continueUpdateRollback(ctx context.Context, f form) (any, error) {
	st, err := s.mustLive(f.get("StackName"))
	if err != nil {
		return nil, err
	}
	token := f.get("ClientRequestToken")
	if repeated, err := st.token(token, "continue"); repeated || err != nil {
		return nil, err
	}
	if st.status != "UPDATE_ROLLBACK_FAILED" {
		return nil, invalid("Stack:%s is in %s state and can not continue rollback.", st.id, st.status)
	}
	skip := f.list("ResourcesToSkip")
	for _, id := range skip {
		res, ok := st.resource(id)
		if !ok || !strings.HasSuffix(res.status, "_FAILED") {
			return nil, invalid("Resource %s is not in a state in which it can be skipped: only resources in UPDATE_FAILED can be", id)
		}
	}
	st.tokens[token] = "continue"
	r := s.newRun(ctx, st, "CONTINUE_ROLLBACK", token)
	r.retain, r.target = skip, st.is
	if st.revert != nil {
		r.garbage = st.revert.garbage
	}
	r.rollBack(s.clock.Now(), "User Initiated")
	return nil, nil //nolint:nilnil // an answer without a result
}

func (s *Server) cancelUpdateStack(f form) (any, error) {
	st, err := s.mustLive(f.get("StackName"))
	if err != nil {
		return nil, err
	}
	if st.status != "UPDATE_IN_PROGRESS" || st.run == nil || st.run.stage == nil {
		return nil, invalid("CancelUpdateStack cannot be called from current stack status")
	}
	now := s.clock.Now()
	st.run.cancel(now)
	st.run.rollBack(now, "User Initiated")
	return nil, nil //nolint:nilnil // an answer without a result
}
