package template

import (
	"maps"
	"slices"
	"strings"
)

// Reference is one use of a resource, a parameter or a pseudo parameter.
type Reference struct {
	ID        string
	Attribute string // "" for Ref
}

// References lists what a value names, each use once, in no order.
func References(in any) []Reference {
	seen := map[Reference]bool{}
	collect(in, seen)
	return slices.Collect(maps.Keys(seen))
}

func collect(in any, seen map[Reference]bool) {
	if name, argument, ok := call(in); ok {
		collectCall(name, argument, seen)
		return
	}
	switch v := in.(type) {
	case map[string]any:
		for _, item := range v {
			collect(item, seen)
		}
	case []any:
		for _, item := range v {
			collect(item, seen)
		}
	}
}

func collectCall(name string, argument any, seen map[Reference]bool) {
	switch name {
	case "Ref":
		seen[Reference{ID: Text(argument)}] = true
	case "Fn::GetAtt":
		if id, attribute, err := getAtt(argument); err == nil {
			seen[Reference{id, attribute}] = true
		}
	case "Fn::Sub":
		collectSub(argument, seen)
	default:
		collect(argument, seen)
	}
}

func collectSub(argument any, seen map[Reference]bool) {
	whole, own, _ := subParts(argument)
	for _, match := range variable().FindAllStringSubmatch(whole, -1) {
		name := match[1]
		if _, bound := own[name]; bound || strings.HasPrefix(name, "!") {
			continue
		}
		id, attribute, _ := strings.Cut(name, ".")
		seen[Reference{id, attribute}] = true
	}
	for _, item := range own {
		collect(item, seen)
	}
}

// needs lists the resources r names, also in DependsOn.
func (t *Template) needs(r Resource) []string {
	ids := map[string]bool{}
	for _, id := range r.DependsOn {
		ids[id] = true
	}
	for _, ref := range References(r.Properties) {
		if _, ok := t.Resource(ref.ID); ok {
			ids[ref.ID] = true
		}
	}
	return slices.Sorted(maps.Keys(ids))
}

// order sorts the resources so that each comes behind what it needs; those of
// a cycle are left out.
func (t *Template) order() []Resource {
	var out []Resource
	done, needs := map[string]bool{}, map[string][]string{}
	for _, r := range t.Resources {
		needs[r.ID] = t.needs(r)
	}
	for grown := true; grown; {
		grown = false
		for _, r := range t.Resources {
			waits := slices.ContainsFunc(needs[r.ID], func(id string) bool { return !done[id] })
			if !done[r.ID] && !waits {
				out, grown = append(out, r), true
				done[r.ID] = true
			}
		}
	}
	return out
}

// check finds names that stand for nothing and circular dependencies.
func (t *Template) check() error {
	for _, r := range t.Resources {
		if err := t.known(r.Properties, "Resources"); err != nil {
			return err
		}
		if err := t.dependsOn(r); err != nil {
			return err
		}
	}
	for _, o := range t.Outputs {
		if err := t.known([]any{o.Value, o.Export}, "Outputs"); err != nil {
			return err
		}
		if err := t.conditioned(o.Condition); err != nil {
			return err
		}
	}
	return t.acyclic()
}

func (t *Template) dependsOn(r Resource) error {
	for _, id := range r.DependsOn {
		if _, ok := t.Resource(id); !ok {
			return refuse("Template format error: Unresolved resource dependencies [%s] in the Resources block of the template", id)
		}
	}
	return t.conditioned(r.Condition)
}

func (t *Template) conditioned(name string) error {
	if _, ok := t.Conditions[name]; !ok && name != "" {
		return refuse("Template format error: Unresolved condition dependency %s", name)
	}
	return nil
}

func (t *Template) known(in any, block string) error {
	for _, ref := range References(in) {
		_, isResource := t.Resource(ref.ID)
		_, isParameter := t.Parameter(ref.ID)
		if !isResource && (!isParameter || ref.Attribute != "") && !strings.HasPrefix(ref.ID, "AWS::") {
			return refuse("Template format error: Unresolved resource dependencies [%s] in the %s block of the template", ref.ID, block)
		}
	}
	return nil
}

func (t *Template) acyclic() error {
	ordered := t.order()
	var stuck []string
	for _, r := range t.Resources {
		if !slices.ContainsFunc(ordered, func(o Resource) bool { return o.ID == r.ID }) {
			stuck = append(stuck, r.ID)
		}
	}
	if slices.Sort(stuck); len(stuck) > 0 {
		return refuse("Circular dependency between resources: [%s]", strings.Join(stuck, ", "))
	}
	return nil
}
