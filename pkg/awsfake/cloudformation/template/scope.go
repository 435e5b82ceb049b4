package template

import "slices"

// Scope is a template with its parameters bound: conditions are decided, and
// values can be resolved.
type Scope struct {
	Template   *Template
	parameters map[string]any
	pseudo     map[string]string
	conditions map[string]bool
}

// Lookup answers Ref (attribute "") and GetAtt of a resource.
type Lookup func(id, attribute string) (any, error)

// absent is what AWS::NoValue resolves to; it vanishes from maps and lists.
type absent struct{}

// Bind checks the given parameters against the template and decides its
// conditions. pseudo holds the pseudo parameters, such as AWS::Region. Errors
// are of type Error.
func (t *Template) Bind(given, pseudo map[string]string) (*Scope, error) {
	parameters, err := t.values(given)
	if err != nil {
		return nil, err
	}
	s := &Scope{Template: t, parameters: parameters, pseudo: pseudo, conditions: map[string]bool{}}
	for name := range t.Conditions {
		if _, err := s.condition(name, nil); err != nil {
			return nil, err
		}
	}
	return s, nil
}

// Parameter gives a parameter's text as DescribeStacks shows it.
func (s *Scope) Parameter(name string) string { return Text(s.parameters[name]) }

// Holds says whether a condition is true; "" is.
func (s *Scope) Holds(name string) bool { return name == "" || s.conditions[name] }

// Resources are the resources whose conditions hold, each behind what it
// depends on, otherwise in the template's order.
func (s *Scope) Resources() []Resource {
	order := s.Template.order()
	return slices.DeleteFunc(order, func(r Resource) bool { return !s.Holds(r.Condition) })
}

// Needs lists the resources that r depends on in this scope, sorted.
func (s *Scope) Needs(r Resource) []string {
	return slices.DeleteFunc(s.Template.needs(r), func(id string) bool {
		other, _ := s.Template.Resource(id)
		return !s.Holds(other.Condition)
	})
}

// condition decides the named condition; seen are those being decided.
func (s *Scope) condition(name string, seen []string) (bool, error) {
	if v, ok := s.conditions[name]; ok {
		return v, nil
	}
	body, ok := s.Template.Conditions[name]
	if !ok || slices.Contains(seen, name) {
		return false, refuse("Template format error: Unresolved condition dependency %s", name)
	}
	v, err := s.truth(body, append(seen, name))
	if err == nil {
		s.conditions[name] = v
	}
	return v, err
}

// truth decides a condition's expression.
func (s *Scope) truth(in any, seen []string) (bool, error) {
	name, argument, ok := call(in)
	if !ok {
		return false, refuse("Template error: a condition must be a function, not %s", Text(in))
	}
	switch name {
	case "Condition":
		return s.condition(Text(argument), seen)
	case "Fn::Equals":
		return s.equals(argument)
	case "Fn::Not", "Fn::And", "Fn::Or":
		return s.combine(name, argument, seen)
	}
	return false, refuse("Template error: %s is no condition function", name)
}

func (s *Scope) equals(argument any) (bool, error) {
	sides, ok := argument.([]any)
	if !ok || len(sides) != 2 {
		return false, refuse("Template error: every Fn::Equals object requires a list of 2 string parameters.")
	}
	left, err := s.Resolve(sides[0], nil)
	if err != nil {
		return false, err
	}
	right, err := s.Resolve(sides[1], nil)
	return Text(left) == Text(right), err
}

func (s *Scope) combine(name string, argument any, seen []string) (bool, error) {
	parts, ok := argument.([]any)
	least, most := 2, 10
	if name == "Fn::Not" {
		least, most = 1, 1
	}
	if !ok || len(parts) < least || len(parts) > most {
		return false, refuse("Template error: every %s object requires %d to %d conditions.", name, least, most)
	}
	all, some := true, false
	for _, part := range parts {
		v, err := s.truth(part, seen)
		if err != nil {
			return false, err
		}
		all, some = all && v, some || v
	}
	switch name {
	case "Fn::And":
		return all, nil
	case "Fn::Or":
		return some, nil
	}
	return !some, nil
}
