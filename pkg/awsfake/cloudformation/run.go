package cloudformation

import (
	"context"
	"slices"
	"time"
)

// run is one operation on a stack: a stage of tasks, then another, to its end.
type run struct {
	server    *Server
	stack     *stack
	kind      string // as in OperationType
	token, id string
	// context is that of the request that began the run, without its end: AWS
	// works on when the answer is given.
	context func() context.Context
	target  deployment // what a create or an update is to reach
	garbage []*resource
	stage   *stage

	noRollback, retainOnCreate, deleteOnFailure bool
	retain                                      []string // resources to keep or to skip
	force                                       bool     // what does not go is kept
}

// stage is a set of tasks that run side by side as far as they can.
type stage struct {
	tasks []*task
	// cancels says that the first failure ends all the others.
	cancels bool

	over bool
	then func(at time.Time)
}

type taskState int

const (
	waiting taskState = iota
	working
	done
	failed
	skipped
)

// task is the work on one resource.
type task struct {
	resource *resource
	after    []string // logical ids whose tasks come first
	state    taskState
	verb     string // create, update or delete: the first word of its statuses
	// begin says false if there is nothing to do.
	begin func(at time.Time) (bool, error)
	act   func(ctx context.Context, at time.Time) error
	end   func(at time.Time)
}

func (s *Server) newRun(ctx context.Context, st *stack, kind, token string) *run {
	calm := context.WithoutCancel(ctx)
	r := &run{server: s, stack: st, kind: kind, token: token, id: s.uuid(), context: func() context.Context { return calm }}
	st.run = r
	return r
}

func (r *run) status(at time.Time, status, reason string) {
	r.server.setStatus(r.stack, at, r, status, reason)
}

func (r *run) tell(at time.Time, res *resource, status, reason string) {
	r.server.setResource(r.stack, at, r, res, status, reason)
}

// later does f when d has passed, unless another stage or run has begun.
func (r *run) later(at time.Time, d time.Duration, f func(at time.Time)) {
	stage := r.stage
	r.server.queue.add(at.Add(d), func(at time.Time) {
		if r.stack.run == r && r.stage == stage {
			f(at)
		}
	})
}

// enter begins a stage.
func (r *run) enter(at time.Time, s *stage) {
	r.stage = s
	r.proceed(at)
}

// proceed starts what is ready and ends the stage when nothing works any more.
func (r *run) proceed(at time.Time) {
	for again := true; again; {
		again = false
		for _, t := range r.stage.tasks {
			if t.state == waiting && !r.stage.over && r.ready(t) {
				r.start(at, t)
				again = true
			}
		}
	}
	if !slices.ContainsFunc(r.stage.tasks, func(t *task) bool { return t.state == working }) {
		r.later(at, time.Second, r.stage.then)
	}
}

func (r *run) ready(t *task) bool {
	return !slices.ContainsFunc(r.stage.tasks, func(o *task) bool {
		return o.state != done && o.state != skipped && slices.Contains(t.after, o.resource.id) && o.resource != t.resource
	})
}

func (r *run) start(at time.Time, t *task) {
	t.state = working
	work, err := t.begin(at)
	switch {
	case err != nil:
		r.fail(at, t, err.Error())
	case !work:
		t.state = done
	default:
		half := r.server.options.ResourceTime / 2
		r.later(at, half, func(at time.Time) { r.act(at, t, half) })
	}
}

func (r *run) act(at time.Time, t *task, half time.Duration) {
	if t.state != working {
		return
	}
	if err := t.act(r.context(), at); err != nil {
		r.fail(at, t, err.Error())
		r.proceed(at)
		return
	}
	r.later(at, half, func(at time.Time) {
		if t.state == working {
			t.state = done
			t.end(at)
			r.proceed(at)
		}
	})
}

// fail ends a task, and with it the others that work, where the stage cancels.
func (r *run) fail(at time.Time, t *task, reason string) {
	t.state = failed
	r.tell(at, t.resource, statusOf(t.verb, "FAILED"), reason)
	if !r.stage.cancels || r.stage.over {
		return
	}
	r.cancel(at)
}

// cancel stops all that works, as AWS does with the siblings of a failure.
func (r *run) cancel(at time.Time) {
	r.stage.over = true
	for _, o := range r.stage.tasks {
		if o.state == working {
			o.state = failed
			word := map[string]string{"create": "creation", "update": "update"}[o.verb]
			r.tell(at, o.resource, statusOf(o.verb, "FAILED"), "Resource "+word+" cancelled")
		}
	}
}

func statusOf(verb, word string) string {
	return map[string]string{"create": "CREATE_", "update": "UPDATE_", "delete": "DELETE_"}[verb] + word
}

// failures lists the resources whose tasks failed with the verb.
func (s *stage) failures(verb string) []string {
	var out []string
	for _, t := range s.tasks {
		if t.state == failed && t.verb == verb {
			out = append(out, t.resource.id)
		}
	}
	return out
}

// finish ends the run with the stack in status.
func (r *run) finish(at time.Time, status, reason string) {
	r.status(at, status, reason)
	r.stack.run = nil
	for _, res := range r.stack.resources {
		res.before = nil
	}
}
