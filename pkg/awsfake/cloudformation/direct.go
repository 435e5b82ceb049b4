package cloudformation

import (
	"context"
	"reflect"

	"pixelctl/pkg/awsfake/wire"
)

type operationResult struct {
	StackID     string `xml:"StackId"`
	OperationID string `xml:"OperationId,omitempty"`
}

func (s *Server) createStack(ctx context.Context, f form) (any, error) {
	name, token := f.get("StackName"), f.get("ClientRequestToken")
	if err := named(name, "stackName"); err != nil {
		return nil, err
	}
	if st, ok := s.live(name); ok {
		if repeated, err := st.token(token, "create"); repeated || err != nil {
			return operationResult{StackID: st.id}, err
		}
		return nil, wire.Error{Code: "AlreadyExistsException", Message: "Stack [" + name + "] already exists"}
	}
	if _, err := s.deployment(ctx, f, &stack{name: name}); err != nil {
		return nil, err
	}
	st := &stack{name: name, id: s.arn("stack", name), created: s.clock.Now(), tokens: map[string]string{token: "create"}}
	target, err := s.deployment(ctx, f, st)
	if err != nil {
		return nil, err
	}
	s.stacks = append(s.stacks, st)
	st.protected, st.disableRollback = f.is("EnableTerminationProtection"), f.is("DisableRollback") || f.get("OnFailure") == "DO_NOTHING"
	r := s.newRun(ctx, st, "CREATE_STACK", token)
	r.target, r.noRollback, r.deleteOnFailure = target, st.disableRollback, f.get("OnFailure") == "DELETE"
	r.retainOnCreate = f.is("RetainExceptOnCreate")
	r.create(s.clock.Now(), "User Initiated")
	return operationResult{st.id, r.id}, nil
}

func (s *Server) updateStack(ctx context.Context, f form) (any, error) {
	st, err := s.mustLive(f.get("StackName"))
	if err != nil {
		return nil, err
	}
	token := f.get("ClientRequestToken")
	if repeated, err := st.token(token, "update"); repeated || err != nil {
		return operationResult{StackID: st.id}, err
	}
	if err := st.mayUpdate(); err != nil {
		return nil, err
	}
	target, err := s.deployment(ctx, f, st)
	if err != nil {
		return nil, err
	}
	changes, other, err := st.diff(target)
	if err != nil {
		return nil, err
	}
	if len(changes) == 0 && !other && reflect.DeepEqual(st.is.tags, target.tags) {
		return nil, invalid(noUpdates)
	}
	st.tokens[token] = "update"
	for _, cs := range st.changeSets {
		if cs.execution == "AVAILABLE" {
			cs.execution = "OBSOLETE"
		}
	}
	r := s.newRun(ctx, st, "UPDATE_STACK", token)
	r.target, r.noRollback = target, f.is("DisableRollback")
	r.update(s.clock.Now())
	return operationResult{st.id, r.id}, nil
}
