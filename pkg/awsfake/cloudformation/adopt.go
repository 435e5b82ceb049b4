package cloudformation

import (
	"maps"
	"strings"
	"time"

	"pixelctl/pkg/awsfake/wire"
)

// Adopt plants a stack of somebody else, in any status, and gives its id. A
// template's resources are there unless the status says that none are, but no
// provider knows of them. A stack that exists keeps its resources and gets the
// status; tags that are not nil replace its own, and a template must be "".
// A status IN_PROGRESS reaches its good end after 30 s of the clock.
func (s *Server) Adopt(name, status string, tags map[string]string, template string) (string, error) {
	s.lock.Lock()
	defer s.lock.Unlock()
	st, exists := s.live(name)
	if exists && template != "" {
		return "", wire.Error{Code: "AlreadyExistsException", Message: "Stack [" + name + "] already exists"}
	}
	if !exists {
		st = &stack{name: name, id: s.arn("stack", name), created: s.clock.Now(), tokens: map[string]string{}}
		if err := s.furnish(st, status, template); err != nil {
			return "", err
		}
		s.stacks = append(s.stacks, st)
	}
	if tags != nil {
		st.is.tags = maps.Clone(tags)
	}
	s.settle(st, status)
	return st.id, nil
}

// furnish reads the template and plants its resources.
func (s *Server) furnish(st *stack, status, body string) error {
	if body == "" {
		return nil
	}
	t, err := parse(body)
	if err != nil {
		return err
	}
	st.is = deployment{body: body, given: map[string]string{}}
	if st.is.scope, err = t.Bind(nil, s.pseudo(st)); err != nil {
		return invalid("%s", err.Error())
	}
	if status == "ROLLBACK_COMPLETE" || status == "DELETE_COMPLETE" || status == review {
		return nil
	}
	r := &run{server: s, stack: st, target: st.is}
	for _, def := range st.is.scope.Resources() {
		res := &resource{
			id: def.ID, kind: def.Type, status: "CREATE_COMPLETE", deletion: def.DeletionPolicy, replacement: def.UpdateReplacePolicy,
			metadata: def.Metadata, needs: st.is.scope.Needs(def), planted: true, updated: st.created,
		}
		if res.now, err = r.planted(def); err != nil {
			return err
		}
		res.exists = true
		st.resources = append(st.resources, res)
	}
	return nil
}

// settle sets the status, and what follows it where an operation seems to run.
func (s *Server) settle(st *stack, status string) {
	st.run = nil
	now := s.clock.Now()
	s.setStatus(st, now, nil, status, "")
	if status == "DELETE_COMPLETE" {
		st.deleted = now
	}
	end := strings.TrimSuffix(strings.TrimSuffix(status, "_IN_PROGRESS"), "_COMPLETE_CLEANUP") + "_COMPLETE"
	if !st.busy() {
		return
	}
	s.queue.add(now.Add(30*time.Second), func(at time.Time) {
		if st.status == status {
			if end == "DELETE_COMPLETE" {
				st.deleted = at
				for _, res := range st.resources {
					res.exists = false
				}
			}
			s.setStatus(st, at, nil, end, "")
		}
	})
}
