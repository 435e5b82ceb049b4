package cloudformation

import (
	"slices"
	"strings"
	"time"

	"pixelctl/pkg/awsfake/cloudformation/template"
)

// following is CloudFormation's reason of a failed stage.
func following(ids []string, verb string) string {
	if len(ids) == 0 {
		return ""
	}
	return "The following resource(s) failed to " + verb + ": [" + strings.Join(ids, ", ") + "]. "
}

func (s *stage) reason() string {
	return following(s.failures("create"), "create") + following(s.failures("update"), "update")
}

// create brings up a stack; a failure removes everything again.
func (r *run) create(at time.Time, reason string) {
	r.stack.is = r.target
	r.status(at, "CREATE_IN_PROGRESS", reason)
	r.forward(at, func(at time.Time) {
		failure := r.stage.reason()
		if failure == "" {
			r.reached(at, "CREATE_COMPLETE")
			return
		}
		r.unCreate(at, failure)
	})
}

func (r *run) unCreate(at time.Time, failure string) {
	switch {
	case r.deleteOnFailure:
		r.deleteStack(at, failure+"Delete requested by user.")
	case r.noRollback:
		r.finish(at, "CREATE_FAILED", failure)
	default:
		r.status(at, "ROLLBACK_IN_PROGRESS", failure+"Rollback requested by user.")
		r.remove(at, r.stack.existing(), "rollback", func(at time.Time) {
			if ids := r.stage.failures("delete"); len(ids) > 0 {
				r.finish(at, "ROLLBACK_FAILED", following(ids, "delete"))
				return
			}
			r.finish(at, "ROLLBACK_COMPLETE", "")
		})
	}
}

// update changes a stack; a failure changes it back.
func (r *run) update(at time.Time) {
	for _, res := range r.stack.resources {
		before := *res
		res.before, res.touched = &before, false
	}
	r.status(at, "UPDATE_IN_PROGRESS", "User Initiated")
	r.forward(at, r.updated)
}

func (r *run) updated(at time.Time) {
	if failure := r.stage.reason(); failure != "" {
		r.unUpdate(at, failure)
		return
	}
	r.stack.is = r.target
	r.status(at, "UPDATE_COMPLETE_CLEANUP_IN_PROGRESS", "")
	wanted := r.target.scope.Resources()
	obsolete := slices.DeleteFunc(r.stack.existing(), func(res *resource) bool {
		return res.dropped || slices.ContainsFunc(wanted, func(w template.Resource) bool { return w.ID == res.id })
	})
	r.cleanUp(at, obsolete, func(at time.Time) { r.reached(at, "UPDATE_COMPLETE") })
}

func (r *run) unUpdate(at time.Time, failure string) {
	if r.noRollback {
		r.stack.is = r.target
		r.finish(at, "UPDATE_FAILED", failure)
		return
	}
	r.rollBack(at, failure)
}

// reached computes the outputs and ends the run.
func (r *run) reached(at time.Time, status string) {
	outputs, err := r.outputs()
	if err != nil {
		// What the outputs cannot say fails the operation, as on AWS.
		r.stage.over = true
		if status == "CREATE_COMPLETE" {
			r.unCreate(at, err.Error()+" ")
		} else {
			r.finish(at, "UPDATE_FAILED", err.Error())
		}
		return
	}
	r.stack.outputs = outputs
	r.finish(at, status, "")
}

func (r *run) outputs() ([]output, error) {
	scope := r.target.scope
	var out []output
	for _, o := range scope.Template.Outputs {
		if !scope.Holds(o.Condition) {
			continue
		}
		v, err := scope.Resolve(o.Value, r.stack.lookup)
		if err != nil {
			return nil, err
		}
		export, err := scope.Resolve(o.Export, r.stack.lookup)
		if err != nil {
			return nil, err
		}
		entry := output{Key: o.Name, Value: template.Text(v), Description: o.Description}
		if export != nil {
			entry.Export = template.Text(export)
		}
		out = append(out, entry)
	}
	return out, nil
}
