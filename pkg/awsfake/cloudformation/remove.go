package cloudformation

import (
	"context"
	"slices"
	"time"
)

// remove deletes resources, those first that need others.
func (r *run) remove(at time.Time, list []*resource, verb string, then func(at time.Time)) {
	s := &stage{then: then}
	for _, res := range list {
		t := r.removeTask(res, verb)
		for _, other := range list {
			if slices.Contains(other.needs, res.id) {
				t.after = append(t.after, other.id)
			}
		}
		s.tasks = append(s.tasks, t)
	}
	r.enter(at, s)
}

// removeTask deletes one resource; verb is what Break calls it.
func (r *run) removeTask(res *resource, verb string) *task {
	t := &task{resource: res, verb: "delete"}
	outcome := "DELETE_COMPLETE"
	t.begin = func(at time.Time) (bool, error) {
		if r.keeps(res, verb) {
			r.tell(at, res, "DELETE_SKIPPED", "")
			return false, nil
		}
		r.tell(at, res, "DELETE_IN_PROGRESS", "")
		return true, nil
	}
	t.act = func(ctx context.Context, _ time.Time) error {
		err := r.server.unmake(ctx, res, verb)
		if err != nil && r.force {
			outcome, err = "DELETE_SKIPPED", nil
		} else if err == nil {
			res.exists = false
		}
		return err
	}
	t.end = func(at time.Time) { r.tell(at, res, outcome, "") }
	return t
}

// keeps applies the DeletionPolicy: RetainExceptOnCreate, on the resource or on
// the operation, gives way when a creation is rolled back.
func (r *run) keeps(res *resource, verb string) bool {
	if slices.Contains(r.retain, res.id) {
		return true
	}
	creating := verb == "rollback"
	return res.deletion == "Retain" && (!creating || !r.retainOnCreate) || res.deletion == "RetainExceptOnCreate" && !creating
}

func (s *Server) unmake(ctx context.Context, res *resource, verb string) error {
	if err := s.broken(res.id, verb); err != nil {
		return err
	}
	provider, ok := s.providers[res.kind]
	if res.planted || !ok {
		return nil
	}
	return provider.Delete(ctx, res.now.Physical)
}

// cleanUp deletes what an update has left over. Its failures fail nothing: the
// resource just stays behind, no part of the stack any more.
func (r *run) cleanUp(at time.Time, list []*resource, then func(at time.Time)) {
	for _, res := range list {
		res.dropped = true
	}
	r.remove(at, append(list, r.garbage...), "delete", then)
}

// deleteStack runs the deletion of everything.
func (r *run) deleteStack(at time.Time, reason string) {
	r.status(at, "DELETE_IN_PROGRESS", reason)
	list := slices.DeleteFunc(r.stack.existing(), func(res *resource) bool { return res.dropped })
	r.remove(at, list, "delete", func(at time.Time) {
		if ids := r.stage.failures("delete"); len(ids) > 0 {
			r.finish(at, "DELETE_FAILED", following(ids, "delete"))
			return
		}
		r.stack.deleted = at
		r.finish(at, "DELETE_COMPLETE", "")
	})
}
