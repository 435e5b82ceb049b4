package cloudformation

import (
	"context"
	"regexp"
	"slices"
	"time"

	"pixelctl/pkg/awsfake/wire"
)

// changeSet is a plan and what became of it.
type changeSet struct {
	name, id, kind, description, token string
	status, execution, reason          string
	created                            time.Time
	target                             deployment
	changes                            []change
	onFailure                          string
}

const (
	noChanges = "The submitted information didn't contain changes. Submit different information to create a change set."
	noUpdates = "No updates are to be performed."
)

type changeSetCreated struct {
	ID      string `xml:"Id"`
	StackID string `xml:"StackId"`
}

func (s *Server) createChangeSet(ctx context.Context, f form) (any, error) {
	if err := named(f.get("StackName"), "stackName"); err != nil {
		return nil, err
	}
	if err := named(f.get("ChangeSetName"), "changeSetName"); err != nil {
		return nil, err
	}
	st, exists := s.live(f.get("StackName"))
	if exists {
		if cs, ok := s.changeSetOf(st, f.get("ChangeSetName")); ok {
			return again(st, cs, f.get("ClientToken"))
		}
	}
	kind := f.get("ChangeSetType")
	if err := changeSetFits(st, exists, kind, f); err != nil {
		return nil, err
	}
	planned := st
	if !exists {
		planned = &stack{name: f.get("StackName")}
	}
	target, err := s.deployment(ctx, f, planned)
	if err != nil {
		return nil, err
	}
	if !exists {
		st = s.newStack(f.get("StackName"), review)
		// The stack's id is known only now; conditions cannot depend on it.
		if target, err = s.deployment(ctx, f, st); err != nil {
			return nil, err
		}
	}
	cs := s.plan(st, f, target)
	return changeSetCreated{cs.id, st.id}, nil
}

// plan adds a change set that computes its changes in a moment.
func (s *Server) plan(st *stack, f form, target deployment) *changeSet {
	cs := &changeSet{
		name: f.get("ChangeSetName"), kind: f.get("ChangeSetType"), description: f.get("Description"), token: f.get("ClientToken"),
		id: s.arn("changeSet", f.get("ChangeSetName")), status: "CREATE_PENDING", execution: "UNAVAILABLE",
		created: s.clock.Now(), target: target, onFailure: f.get("OnStackFailure"),
	}
	st.changeSets = append(st.changeSets, cs)
	s.queue.add(cs.created.Add(time.Second), func(time.Time) { cs.move("CREATE_PENDING", "CREATE_IN_PROGRESS") })
	s.queue.add(cs.created.Add(2*time.Second), func(time.Time) { cs.compute(st) })
	return cs
}

func (cs *changeSet) move(from, to string) {
	if cs.status == from {
		cs.status = to
	}
}

func (cs *changeSet) compute(st *stack) {
	if cs.status != "CREATE_IN_PROGRESS" {
		return
	}
	changes, other, err := st.diff(cs.target)
	switch {
	case err != nil:
		cs.status, cs.reason = "FAILED", err.Error()
	case len(changes) == 0 && !other && st.is.body == cs.target.body:
		cs.status, cs.reason = "FAILED", noChanges
	case len(changes) == 0 && !other:
		cs.status, cs.reason = "FAILED", noUpdates
	default:
		cs.status, cs.execution, cs.changes = "CREATE_COMPLETE", "AVAILABLE", changes
	}
}

func again(st *stack, cs *changeSet, token string) (any, error) {
	if token != "" && cs.token == token {
		return changeSetCreated{cs.id, st.id}, nil
	}
	return nil, wire.Error{Code: "AlreadyExistsException", Message: "ChangeSet [" + cs.name + "] already exists"}
}

func changeSetFits(st *stack, exists bool, kind string, f form) error {
	switch {
	case kind == "CREATE" && exists && st.status != review:
		return invalid("Stack [%s] already exists and cannot be created again with the changeSet [%s].", st.name, f.get("ChangeSetName"))
	case kind == "CREATE":
		return nil
	case !exists:
		return invalid("Stack [%s] does not exist", f.get("StackName"))
	case f.get("OnStackFailure") == "DELETE":
		return invalid("OnStackFailure DELETE can only be used with change sets of type CREATE.")
	}
	return st.mayUpdate()
}

func named(name, field string) error {
	pattern := `[a-zA-Z][-a-zA-Z0-9]*`
	if ok, err := regexp.MatchString("^"+pattern+"$|^arn:", name); err != nil || !ok || len(name) > 128 && name[:4] != "arn:" {
		return invalid("1 validation error detected: Value '%s' at '%s' failed to satisfy constraint: Member must satisfy regular expression pattern: %s", name, field, pattern)
	}
	return nil
}

func (s *Server) changeSetOf(st *stack, name string) (*changeSet, bool) {
	for _, cs := range st.changeSets {
		if name != "" && (cs.name == name || cs.id == name) {
			return cs, true
		}
	}
	return nil, false
}

// mustChangeSet finds by ARN alone or by name and stack.
func (s *Server) mustChangeSet(f form) (*stack, *changeSet, error) {
	name := f.get("ChangeSetName")
	for _, st := range slices.Backward(s.stacks) {
		cs, ok := s.changeSetOf(st, name)
		if ok && (cs.id == name || st.id == f.get("StackName") || st.name == f.get("StackName") && st.status != "DELETE_COMPLETE") {
			return st, cs, nil
		}
	}
	if _, ok := s.find(f.get("StackName")); !ok && f.get("StackName") != "" {
		return nil, nil, invalid("Stack [%s] does not exist", f.get("StackName"))
	}
	return nil, nil, wire.Error{Code: "ChangeSetNotFound", Message: "ChangeSet [" + name + "] does not exist", Status: 404}
}

func (s *Server) executeChangeSet(ctx context.Context, f form) (any, error) {
	st, cs, err := s.mustChangeSet(f)
	if err != nil {
		return nil, err
	}
	token := f.get("ClientRequestToken")
	if repeated, err := st.token(token, "execute "+cs.id); repeated || err != nil {
		return nil, err
	}
	if cs.execution != "AVAILABLE" {
		return nil, wire.Error{
			Code:    "InvalidChangeSetStatus",
			Message: "ChangeSet [" + cs.id + "] cannot be executed in its current status of [" + cs.executionText() + "]",
		}
	}
	if f.is("DisableRollback") && cs.onFailure != "" {
		return nil, invalid("DisableRollback cannot be specified for a change set with OnStackFailure.")
	}
	if st.status != review {
		if err := st.mayUpdate(); err != nil {
			return nil, err
		}
	}
	st.tokens[token] = "execute " + cs.id
	s.execute(ctx, f, st, cs)
	return nil, nil //nolint:nilnil // an answer without a result
}

func (cs *changeSet) executionText() string {
	if cs.status != "CREATE_COMPLETE" {
		return cs.status
	}
	return cs.execution
}

// execute starts the run; the stack's other change sets are gone with it.
func (s *Server) execute(ctx context.Context, f form, st *stack, cs *changeSet) {
	cs.execution, st.changeSets, st.changeSetID = "EXECUTE_IN_PROGRESS", []*changeSet{cs}, cs.id
	kind := map[bool]string{true: "CREATE_STACK", false: "UPDATE_STACK"}[st.status == review]
	r := s.newRun(ctx, st, kind, f.get("ClientRequestToken"))
	r.target, r.noRollback = cs.target, f.is("DisableRollback") || cs.onFailure == "DO_NOTHING"
	r.deleteOnFailure, r.retainOnCreate = cs.onFailure == "DELETE", f.is("RetainExceptOnCreate")
	st.disableRollback = r.noRollback
	cs.execution = "EXECUTE_COMPLETE"
	if st.status == review {
		r.create(s.clock.Now(), "User Initiated")
		return
	}
	r.update(s.clock.Now())
}

func (s *Server) deleteChangeSet(f form) (any, error) {
	st, cs, err := s.mustChangeSet(f)
	if err != nil && wire.AsError(err).Code == "ChangeSetNotFound" {
		return nil, nil //nolint:nilnil // an answer without a result
	}
	if err != nil {
		return nil, err
	}
	if cs.execution == "EXECUTE_IN_PROGRESS" {
		return nil, wire.Error{Code: "InvalidChangeSetStatus", Message: "ChangeSet [" + cs.id + "] cannot be deleted in its current status of [" + cs.execution + "]"}
	}
	cs.status = "DELETE_COMPLETE"
	st.changeSets = slices.DeleteFunc(st.changeSets, func(o *changeSet) bool { return o == cs })
	return nil, nil //nolint:nilnil // an answer without a result
}
