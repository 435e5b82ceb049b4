package cloudformation

import (
	"context"
	"slices"
	"time"
)

// rollBack changes back what an update has touched.
func (r *run) rollBack(at time.Time, reason string) {
	r.status(at, "UPDATE_ROLLBACK_IN_PROGRESS", reason)
	s := &stage{then: r.rolledBack}
	for _, res := range r.stack.resources {
		if res.touched && res.before != nil && !res.dropped {
			s.tasks = append(s.tasks, r.revertTask(res))
		}
	}
	r.enter(at, s)
}

func (r *run) revertTask(res *resource) *task {
	t := &task{resource: res, after: res.before.needs, verb: "update"}
	t.begin = func(at time.Time) (bool, error) {
		if slices.Contains(r.retain, res.id) {
			r.restore(res)
			r.tell(at, res, "UPDATE_COMPLETE", "")
			return false, nil
		}
		r.tell(at, res, "UPDATE_IN_PROGRESS", "")
		return true, nil
	}
	t.act = func(ctx context.Context, _ time.Time) error { return r.actRevert(ctx, res) }
	t.end = func(at time.Time) { r.tell(at, res, "UPDATE_COMPLETE", "") }
	return t
}

func (r *run) actRevert(ctx context.Context, res *resource) error {
	if err := r.server.broken(res.id, "rollback"); err != nil {
		return err
	}
	if res.now.Physical.ID == res.before.now.Physical.ID {
		made, err := r.server.provide(ctx, res, res.before.now, res.now, false)
		if err != nil {
			return err
		}
		res.before.now.Physical = made
	}
	r.restore(res)
	return nil
}

// restore makes res what it was before; a replacement goes to the clean-up and
// what it replaced comes back from there.
func (r *run) restore(res *resource) {
	before := *res.before
	if res.now.Physical.ID != before.now.Physical.ID {
		r.garbage = slices.DeleteFunc(r.garbage, func(g *resource) bool { return g.id == res.id && r.unlist(g) })
		r.discard(res)
		// The new one goes whatever the policy says: it holds nothing yet.
		r.garbage[len(r.garbage)-1].deletion = "Delete"
	}
	status := res.status
	*res = before
	res.status = status
}

// unlist takes a discarded resource off the stack's list.
func (r *run) unlist(g *resource) bool {
	r.stack.resources = slices.DeleteFunc(r.stack.resources, func(o *resource) bool { return o == g })
	return true
}

func (r *run) rolledBack(at time.Time) {
	if reason := r.stage.reason(); reason != "" {
		r.status(at, "UPDATE_ROLLBACK_FAILED", reason)
		r.stack.run, r.stack.revert = nil, r
		return
	}
	r.stack.revert = nil
	r.status(at, "UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS", "")
	created := slices.DeleteFunc(r.stack.existing(), func(res *resource) bool {
		return res.dropped || res.before != nil && res.before.exists || res.before == nil && !r.isNew(res)
	})
	r.cleanUp(at, created, func(at time.Time) { r.finish(at, "UPDATE_ROLLBACK_COMPLETE", "") })
}

// isNew says whether the deployment that stands does not know the resource.
func (r *run) isNew(res *resource) bool {
	if r.stack.is.scope == nil {
		return false
	}
	for _, def := range r.stack.is.scope.Resources() {
		if def.ID == res.id {
			return false
		}
	}
	return true
}
