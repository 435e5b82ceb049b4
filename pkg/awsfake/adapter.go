package awsfake

import (
	"context"
	"fmt"
	"strings"

	"pixelctl/pkg/awsfake/cloudformation"
	"pixelctl/pkg/awsfake/wire"
)

// Short names of what every provider speaks of.
type (
	resource = cloudformation.Resource
	physical = cloudformation.Physical
)

// adapter is the provider of one type, whose properties are a P. Both functions
// answer what exists then; put changes what is there when old is not nil.
type adapter[P any] struct {
	service string // of the messages
	name    func(r resource, p *P) string
	create  func(id string, p *P) (physical, error)
	update  func(id string, p *P) (physical, error)
	remove  func(p physical) error
}

func (a adapter[P]) Create(_ context.Context, r resource) (physical, error) {
	var p P
	if err := decode(r.Properties, &p); err != nil {
		return physical{}, err
	}
	out, err := a.create(a.name(r, &p), &p)
	return out, a.explain(r.LogicalID, err)
}

// Update keeps the name that is there unless the properties name another.
func (a adapter[P]) Update(ctx context.Context, r, _ resource) (physical, error) {
	var p P
	if err := decode(r.Properties, &p); err != nil {
		return physical{}, err
	}
	given := a.name(resource{Physical: r.Physical}, &p)
	if given != r.Physical.ID {
		return a.Create(ctx, r)
	}
	out, err := a.update(given, &p)
	return out, a.explain(r.LogicalID, err)
}

// Delete of what is gone is no failure, as the resource handlers have it.
func (a adapter[P]) Delete(_ context.Context, p physical) error {
	err := a.remove(p)
	if err != nil && gone(err) {
		return nil
	}
	return a.explain(p.ID, err)
}

// explain words an error as a resource handler does.
func (a adapter[P]) explain(object string, err error) error {
	if err == nil {
		return nil
	}
	e := wire.AsError(err)
	return fmt.Errorf("%s (Service: %s, Status Code: %d, Request ID: 00000000-0000-4000-8000-%012x): %w",
		e.Message, a.service, e.Status, len(object), err)
}

// gone tells the errors of things that do not exist.
func gone(err error) bool {
	e := wire.AsError(err)
	return strings.HasPrefix(e.Code, "NoSuch") || strings.Contains(e.Code, "NotFound") ||
		strings.Contains(e.Message, "is not found") || strings.Contains(e.Message, "does not exist")
}
