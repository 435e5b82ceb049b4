package cloudformation

import "pixelctl/pkg/awsfake/cloudformation/template"

// planted resolves a resource that no provider makes: attributes of others
// are unknown there.
func (r *run) planted(def template.Resource) (Resource, error) {
	lookup := func(id, attribute string) (any, error) {
		if res, ok := r.stack.resource(id); ok && attribute == "" {
			return res.now.Physical.ID, nil
		}
		return unknown, nil
	}
	resolved, err := r.target.scope.Resolve(def.Properties, lookup)
	properties, _ := resolved.(map[string]any)
	return Resource{
		LogicalID: def.ID, Type: def.Type, Stack: r.stack.name, StackID: r.stack.id, Properties: properties,
		Physical: Physical{ID: r.stack.name + "-" + def.ID + "-PLANTED"},
	}, err
}
