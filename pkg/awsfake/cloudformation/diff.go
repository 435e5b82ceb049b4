package cloudformation

import (
	"maps"
	"reflect"
	"slices"

	"pixelctl/pkg/awsfake/cloudformation/template"
)

// unknown is CloudFormation's mark for a value that only the deployment shows.
const unknown = "{{changeSet:KNOWN_AFTER_APPLY}}"

// change is one entry of a change set.
type change struct {
	Type     string         `xml:"Type"`
	Resource resourceChange `xml:"ResourceChange"`
}

type resourceChange struct {
	Action       string   `xml:"Action"`
	LogicalID    string   `xml:"LogicalResourceId"`
	PhysicalID   string   `xml:"PhysicalResourceId,omitempty"`
	Type         string   `xml:"ResourceType"`
	Replacement  string   `xml:"Replacement,omitempty"`
	PolicyAction string   `xml:"PolicyAction,omitempty"`
	Scope        []string `xml:"Scope>member"`
	Details      []detail `xml:"Details>member"`
}

type detail struct {
	Target        detailTarget `xml:"Target"`
	Evaluation    string       `xml:"Evaluation"`
	ChangeSource  string       `xml:"ChangeSource"`
	CausingEntity string       `xml:"CausingEntity,omitempty"`
}

type detailTarget struct {
	Attribute          string `xml:"Attribute"`
	Name               string `xml:"Name,omitempty"`
	RequiresRecreation string `xml:"RequiresRecreation,omitempty"`
	Path               string `xml:"Path,omitempty"`
	BeforeValue        string `xml:"BeforeValue,omitempty"`
	AfterValue         string `xml:"AfterValue,omitempty"`
	ChangeType         string `xml:"AttributeChangeType,omitempty"`
}

// comparison is what one diff learns on its way through the resources.
type comparison struct {
	stack    *stack
	target   deployment
	replaced map[string]bool // or added: their names are not known yet
	modified map[string]bool
}

// diff plans the way to target; other says that outputs alone differ.
func (st *stack) diff(target deployment) (changes []change, other bool, err error) {
	c := comparison{st, target, map[string]bool{}, map[string]bool{}}
	wanted := map[string]bool{}
	for _, def := range target.scope.Resources() {
		wanted[def.ID] = true
		found, err := c.resource(def)
		if err != nil {
			return nil, false, err
		}
		if found != nil {
			changes = append(changes, change{"Resource", *found})
		}
	}
	for _, res := range st.existing() {
		if !wanted[res.id] && !res.dropped {
			changes = append(changes, change{"Resource", removal(res)})
		}
	}
	other = st.is.scope != nil && !reflect.DeepEqual(st.is.scope.Template.Outputs, target.scope.Template.Outputs)
	return changes, other, nil
}

func removal(res *resource) resourceChange {
	policy := "Delete"
	if res.deletion == "Retain" || res.deletion == "RetainExceptOnCreate" {
		policy = "Retain"
	}
	return resourceChange{Action: "Remove", LogicalID: res.id, PhysicalID: res.now.Physical.ID, Type: res.kind, PolicyAction: policy}
}

// resource compares one resource; nil means nothing to do.
func (c comparison) resource(def template.Resource) (*resourceChange, error) {
	res, ok := c.stack.resource(def.ID)
	if !ok || !res.exists {
		c.replaced[def.ID] = true
		return &resourceChange{Action: "Add", LogicalID: def.ID, Type: def.Type}, nil
	}
	resolved, err := c.target.scope.Resolve(def.Properties, c.lookup)
	if err != nil {
		return nil, err
	}
	properties, _ := resolved.(map[string]any)
	details := c.details(def, res, properties)
	tags := c.stack.tagsOf(def.ID, def.Type, c.target.tags, properties)
	if !reflect.DeepEqual(tags, res.now.Tags) && !slices.ContainsFunc(details, func(d detail) bool { return d.Target.Name == "Tags" }) {
		details = append(details, plain("Tags"))
	}
	if !reflect.DeepEqual(def.Metadata, res.metadata) {
		details = append(details, plain("Metadata"))
	}
	if len(details) == 0 {
		return nil, nil //nolint:nilnil // no change
	}
	return c.modify(def, res, details), nil
}

func plain(attribute string) detail {
	return detail{Target: detailTarget{Attribute: attribute, RequiresRecreation: "Never", ChangeType: "Modify"}, Evaluation: "Static", ChangeSource: "DirectModification"}
}

func (c comparison) modify(def template.Resource, res *resource, details []detail) *resourceChange {
	out := &resourceChange{
		Action: "Modify", LogicalID: def.ID, PhysicalID: res.now.Physical.ID, Type: def.Type, Replacement: "False", Details: details,
	}
	for _, d := range details {
		if !slices.Contains(out.Scope, d.Target.Attribute) {
			out.Scope = append(out.Scope, d.Target.Attribute)
		}
		switch {
		case d.Target.RequiresRecreation != "Always":
		case d.Evaluation == "Static":
			out.Replacement = "True"
		case out.Replacement == "False":
			out.Replacement = "Conditional"
		}
	}
	if out.Replacement == "True" {
		out.PolicyAction = "ReplaceAndDelete"
		if def.UpdateReplacePolicy == "Retain" {
			out.PolicyAction = "ReplaceAndRetain"
		}
	}
	c.replaced[def.ID] = out.Replacement != "False"
	c.modified[def.ID] = true
	return out
}

func (c comparison) lookup(id, attribute string) (any, error) {
	if c.replaced[id] {
		return unknown, nil
	}
	return c.stack.lookup(id, attribute)
}

// details lists the properties that differ or may come to differ.
func (c comparison) details(def template.Resource, res *resource, wanted map[string]any) []detail {
	names := map[string]bool{}
	for name := range wanted {
		names[name] = true
	}
	for name := range res.now.Properties {
		names[name] = true
	}
	var out []detail
	for _, name := range slices.Sorted(maps.Keys(names)) {
		before, after := res.now.Properties[name], wanted[name]
		d := c.source(def, name)
		if reflect.DeepEqual(before, after) && d.ChangeSource != "ResourceAttribute" {
			continue
		}
		d.Target.Attribute, d.Target.Name, d.Target.Path = "Properties", name, "/Properties/"+name
		if name == "Tags" {
			d.Target.Attribute = "Tags"
		}
		d.Target.BeforeValue, d.Target.AfterValue, d.Target.ChangeType = shown(before), shown(after), changeType(before, after)
		d.Target.RequiresRecreation = recreation(def.Type, name, before, after, d.Evaluation == "Dynamic")
		out = append(out, d)
	}
	return out
}

func shown(v any) string {
	if v == nil {
		return ""
	}
	return template.Text(v)
}

func changeType(before, after any) string {
	switch {
	case before == nil:
		return "Add"
	case after == nil:
		return "Remove"
	}
	return "Modify"
}

// recreation is Always where the change, or what may become one, touches a
// property of the table.
func recreation(kind, name string, before, after any, dynamic bool) string {
	old, wanted := map[string]any{name: before}, map[string]any{name: after}
	for _, path := range replaced[kind] {
		touches := !reflect.DeepEqual(at(old, path), at(wanted, path))
		if touches || dynamic && path == name {
			return "Always"
		}
	}
	return "Never"
}

// source says why a property changes: a resource that is replaced or modified,
// a parameter, or the template itself.
func (c comparison) source(def template.Resource, name string) detail {
	refs := template.References(def.Properties[name])
	slices.SortFunc(refs, func(a, b template.Reference) int { return compare(a, b) })
	for _, ref := range refs {
		switch {
		case ref.Attribute != "" && c.modified[ref.ID]:
			return detail{Evaluation: "Dynamic", ChangeSource: "ResourceAttribute", CausingEntity: ref.ID + "." + ref.Attribute}
		case c.replaced[ref.ID]:
			return detail{Evaluation: "Dynamic", ChangeSource: "ResourceReference", CausingEntity: ref.ID}
		}
	}
	for _, ref := range refs {
		if _, ok := c.target.scope.Template.Parameter(ref.ID); ok && c.parameterChanged(ref.ID) {
			return detail{Evaluation: "Static", ChangeSource: "ParameterReference", CausingEntity: ref.ID}
		}
	}
	return detail{Evaluation: "Static", ChangeSource: "DirectModification"}
}

func compare(a, b template.Reference) int {
	if a.ID+"."+a.Attribute < b.ID+"."+b.Attribute {
		return -1
	}
	return 1
}

func (c comparison) parameterChanged(name string) bool {
	return c.stack.is.scope != nil && c.stack.is.scope.Parameter(name) != c.target.scope.Parameter(name)
}
