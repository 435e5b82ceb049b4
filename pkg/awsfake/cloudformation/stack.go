package cloudformation

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"pixelctl/pkg/awsfake/cloudformation/template"
)

// deployment is what a stack is told to be.
type deployment struct {
	body         string
	scope        *template.Scope // nil before the first operation
	given        map[string]string
	tags         map[string]string
	capabilities []string
}

type stack struct {
	name, id, status, reason   string
	created, updated, deleted  time.Time
	is                         deployment
	outputs                    []output
	protected, disableRollback bool
	resources                  []*resource // deleted ones too
	events                     []event     // oldest first
	changeSets                 []*changeSet
	changeSetID                string
	tokens                     map[string]string // client request token: what it asked for
	run                        *run              // the running operation, nil if none
	revert                     *run              // what UPDATE_ROLLBACK_FAILED continues
}

// resource is a resource of a stack with what exists of it.
type resource struct {
	id, kind, status, reason string
	now                      Resource // as it was made or changed last
	deletion, replacement    string   // policies
	metadata                 map[string]any
	needs                    []string
	exists, planted          bool // planted: made by Adopt, no provider knows it
	dropped                  bool // exists perhaps, but belongs to the stack no more
	touched                  bool // the running update has tried to change it
	updated                  time.Time
	before                   *resource // what it was before the running update
}

func (s *Server) next() int {
	s.serial++
	return s.serial
}

// uuid gives identifiers that differ and repeat from run to run.
func (s *Server) uuid() string {
	n := s.next()
	return fmt.Sprintf("%08x-1111-4222-8333-%012x", n, n)
}

func (s *Server) requestID() string {
	s.lock.Lock()
	defer s.lock.Unlock()
	return s.uuid()
}

func (s *Server) arn(kind, name string) string {
	return fmt.Sprintf("arn:aws:cloudformation:%s:%s:%s/%s/%s", s.options.Region, s.options.Account, kind, name, s.uuid())
}

// newStack plants an empty stack.
func (s *Server) newStack(name, status string) *stack {
	st := &stack{name: name, id: s.arn("stack", name), created: s.clock.Now(), tokens: map[string]string{}}
	s.stacks = append(s.stacks, st)
	s.setStatus(st, st.created, nil, status, "")
	return st
}

// live finds a stack that is not deleted, by name or id.
func (s *Server) live(name string) (*stack, bool) {
	st, ok := s.find(name)
	return st, ok && st.status != "DELETE_COMPLETE"
}

// find finds a stack; a deleted one only by its id.
func (s *Server) find(name string) (*stack, bool) {
	for _, st := range slices.Backward(s.stacks) {
		if st.id == name || st.name == name && st.status != "DELETE_COMPLETE" {
			return st, true
		}
	}
	return nil, false
}

// must finds a stack for an operation that tells about it.
func (s *Server) must(name string) (*stack, error) {
	if st, ok := s.find(name); ok {
		return st, nil
	}
	return nil, invalid("Stack with id %s does not exist", name)
}

// mustLive finds a stack for an operation that changes it.
func (s *Server) mustLive(name string) (*stack, error) {
	if st, ok := s.live(name); ok {
		return st, nil
	}
	return nil, invalid("Stack [%s] does not exist", name)
}

func (st *stack) resource(id string) (*resource, bool) {
	for _, r := range st.resources {
		if r.id == id && !r.dropped {
			return r, true
		}
	}
	return nil, false
}

// existing are the resources that stand.
func (st *stack) existing() []*resource {
	return slices.DeleteFunc(slices.Clone(st.resources), func(r *resource) bool { return !r.exists })
}

func (st *stack) busy() bool {
	return strings.HasSuffix(st.status, "_IN_PROGRESS") && st.status != review
}

const review = "REVIEW_IN_PROGRESS"

// tagsOf gives the tags of one resource, none if its type takes none.
func (st *stack) tagsOf(id, kind string, tags map[string]string, properties map[string]any) map[string]string {
	if untaggable[kind] {
		return nil
	}
	out := map[string]string{
		"aws:cloudformation:stack-name": st.name, "aws:cloudformation:stack-id": st.id, "aws:cloudformation:logical-id": id,
	}
	maps.Copy(out, tags)
	maps.Copy(out, ownTags(properties["Tags"]))
	return out
}

// ownTags reads both forms: a map, and a list of Key and Value.
func ownTags(in any) map[string]string {
	out := map[string]string{}
	switch v := in.(type) {
	case map[string]any:
		for key, value := range v {
			out[key] = template.Text(value)
		}
	case []any:
		for _, item := range v {
			if pair, ok := item.(map[string]any); ok {
				out[template.Text(pair["Key"])] = template.Text(pair["Value"])
			}
		}
	}
	return out
}

// lookup answers Ref and GetAtt from what exists.
func (st *stack) lookup(id, attribute string) (any, error) {
	r, ok := st.resource(id)
	if !ok || !r.exists {
		return nil, invalid("Template error: resource %s does not exist", id)
	}
	if attribute == "" {
		return r.now.Physical.ID, nil
	}
	if v, ok := r.now.Physical.Attributes[attribute]; ok {
		return v, nil
	}
	return nil, invalid("Template error: resource %s does not support attribute type %s in Fn::GetAtt", id, attribute)
}

// Left lists every resource that exists as "type physical-id (stack/logical-id)",
// sorted, the retained ones of deleted stacks too.
func (s *Server) Left() []string {
	s.lock.Lock()
	defer s.lock.Unlock()
	var out []string
	for _, st := range s.stacks {
		for _, r := range st.existing() {
			out = append(out, fmt.Sprintf("%s %s (%s/%s)", r.kind, r.now.Physical.ID, st.name, r.id))
		}
		if st.status != "DELETE_COMPLETE" {
			out = append(out, "AWS::CloudFormation::Stack "+st.name)
		}
	}
	slices.Sort(out)
	return out
}
