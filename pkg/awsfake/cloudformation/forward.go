package cloudformation

import (
	"context"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"time"

	"pixelctl/pkg/awsfake/cloudformation/template"
)

// forward creates and changes resources until they are as the target says.
func (r *run) forward(at time.Time, then func(at time.Time)) {
	s := &stage{cancels: true, then: then}
	for _, def := range r.target.scope.Resources() {
		s.tasks = append(s.tasks, r.forwardTask(def))
	}
	r.enter(at, s)
}

func (r *run) forwardTask(def template.Resource) *task {
	res, ok := r.stack.resource(def.ID)
	if !ok {
		res = &resource{id: def.ID, kind: def.Type}
		r.stack.resources = append(r.stack.resources, res)
	}
	needs := r.target.scope.Needs(def)
	t := &task{resource: res, after: needs, verb: "create"}
	var wanted Resource
	fresh := false // a new physical resource is needed
	t.begin = func(at time.Time) (bool, error) {
		if res.exists {
			t.verb = "update"
		}
		resolved, err := r.resolve(def)
		if err != nil {
			return false, err
		}
		wanted, fresh = resolved, !res.exists || mustReplace(def.Type, res.now.Properties, resolved.Properties)
		return r.beginForward(at, res, def, wanted, fresh), nil
	}
	t.act = func(ctx context.Context, at time.Time) error { return r.actForward(ctx, at, res, wanted, fresh) }
	t.end = func(at time.Time) {
		res.needs = needs
		r.tell(at, res, statusOf(t.verb, "COMPLETE"), "")
	}
	return t
}

// resolve computes what the target wants a resource to be.
func (r *run) resolve(def template.Resource) (Resource, error) {
	properties, err := r.target.scope.Resolve(def.Properties, r.stack.lookup)
	if err != nil {
		return Resource{}, err
	}
	resolved, _ := properties.(map[string]any)
	return Resource{
		LogicalID: def.ID, Type: def.Type, Stack: r.stack.name, StackID: r.stack.id,
		Properties: resolved, Tags: r.stack.tagsOf(def.ID, def.Type, r.target.tags, resolved),
	}, nil
}

// beginForward says whether the provider has to do anything.
func (r *run) beginForward(at time.Time, res *resource, def template.Resource, wanted Resource, fresh bool) bool {
	oldReplacement := res.replacement
	res.deletion, res.replacement, res.metadata = def.DeletionPolicy, def.UpdateReplacePolicy, def.Metadata
	switch {
	case !res.exists:
		res.kind, res.now = def.Type, wanted
		r.tell(at, res, "CREATE_IN_PROGRESS", "")
		return true
	case reflect.DeepEqual(res.now.Properties, wanted.Properties) && reflect.DeepEqual(res.now.Tags, wanted.Tags):
		return false
	}
	res.touched = true
	if res.before != nil {
		res.before.replacement = oldReplacement
	}
	reason := ""
	if fresh {
		reason = "Requested update requires the creation of a new physical resource; hence creating one."
	}
	r.tell(at, res, "UPDATE_IN_PROGRESS", reason)
	return true
}

func (r *run) actForward(ctx context.Context, at time.Time, res *resource, wanted Resource, fresh bool) error {
	old := res.now
	verb := "update"
	if fresh && !res.exists {
		verb = "create"
	}
	if err := r.server.broken(res.id, verb); err != nil {
		return err
	}
	made, err := r.server.provide(ctx, res, wanted, old, fresh)
	if err != nil {
		return err
	}
	if res.exists && made.ID != old.Physical.ID {
		r.discard(res)
	}
	wanted.Physical = made
	res.now, res.exists = wanted, true
	if verb == "create" {
		r.tell(at, res, "CREATE_IN_PROGRESS", "Resource creation Initiated")
	}
	return nil
}

// provide calls the provider; a planted resource has none behind it.
func (s *Server) provide(ctx context.Context, res *resource, wanted, old Resource, fresh bool) (Physical, error) {
	provider, ok := s.providers[wanted.Type]
	switch {
	case res.planted && res.exists && !fresh:
		return old.Physical, nil
	case !ok:
		return Physical{}, fmt.Errorf("unrecognized resource type %s", wanted.Type)
	case fresh:
		res.planted = false
		return provider.Create(ctx, wanted)
	}
	wanted.Physical = old.Physical
	made, err := provider.Update(ctx, wanted, old)
	if made.ID == "" {
		made.ID = old.Physical.ID
	}
	if made.Attributes == nil {
		made.Attributes = old.Physical.Attributes
	}
	return made, err
}

// discard leaves what res is now to the clean-up.
func (r *run) discard(res *resource) {
	old := *res
	old.dropped, old.before, old.deletion = true, nil, res.replacement
	if res.before != nil {
		old.deletion = res.before.replacement
	}
	r.garbage = append(r.garbage, &old)
	r.stack.resources = append(r.stack.resources, &old)
}

// mustReplace says whether a change needs another physical resource.
func mustReplace(kind string, old, wanted map[string]any) bool {
	return slices.ContainsFunc(replaced[kind], func(path string) bool {
		return !reflect.DeepEqual(at(old, path), at(wanted, path))
	})
}

// at reads the value at a dotted path; "*" is everything.
func at(in map[string]any, path string) any {
	if path == "*" {
		return in
	}
	var out any = in
	for key := range strings.SplitSeq(path, ".") {
		level, ok := out.(map[string]any)
		if !ok {
			return nil
		}
		out = level[key]
	}
	return out
}
