package template

import (
	"encoding/json"
	"strings"

	"go.yaml.in/yaml/v3"
)

var sections = map[string]bool{
	"AWSTemplateFormatVersion": true, "Description": true, "Transform": true, "Metadata": true, "Parameters": true,
	"Mappings": true, "Conditions": true, "Resources": true, "Outputs": true, "Rules": false, "Hooks": false,
}

// Parse reads a template in YAML or JSON and checks it: known sections, known
// functions, references to what exists, no circular dependency. Errors are of
// type Error.
func Parse(body string) (*Template, error) {
	var doc yaml.Node
	if err := yaml.Unmarshal([]byte(body), &doc); err != nil {
		return nil, refuse("Template format error: YAML not well-formed. (%v)", err)
	}
	if doc.Kind != yaml.DocumentNode || doc.Content[0].Kind != yaml.MappingNode {
		return nil, refuse("Template format error: unsupported structure.")
	}
	root := doc.Content[0]
	whole, err := value(root, 0)
	if err != nil {
		return nil, err
	}
	top, _ := whole.(map[string]any)
	t := &Template{}
	if err := t.read(root, top); err != nil {
		return nil, err
	}
	return t, t.check()
}

// read fills t from the sections; the nodes give the order of the entries.
func (t *Template) read(root *yaml.Node, top map[string]any) error {
	for name := range top {
		if !sections[name] {
			return refuse("Invalid template property or properties [%s]", name)
		}
	}
	t.Description, _ = top["Description"].(string)
	t.Metadata, _ = top["Metadata"].(map[string]any)
	t.Mappings, _ = top["Mappings"].(map[string]any)
	t.Conditions, _ = top["Conditions"].(map[string]any)
	t.Transforms = strs(top["Transform"])
	for _, name := range keys(root, "Parameters") {
		p, err := parameter(name, section(top, "Parameters", name))
		if err != nil {
			return err
		}
		t.Parameters = append(t.Parameters, p)
	}
	for _, name := range keys(root, "Resources") {
		r, err := resource(name, section(top, "Resources", name))
		if err != nil {
			return err
		}
		t.Resources = append(t.Resources, r)
	}
	for _, name := range keys(root, "Outputs") {
		o, err := output(name, section(top, "Outputs", name))
		if err != nil {
			return err
		}
		t.Outputs = append(t.Outputs, o)
	}
	if len(t.Resources) == 0 {
		return refuse("Template format error: At least one Resources member must be defined.")
	}
	return nil
}

// keys lists the keys of a section in the order in which they are written.
func keys(root *yaml.Node, name string) []string {
	var out []string
	for i := 0; i+1 < len(root.Content); i += 2 {
		if root.Content[i].Value != name {
			continue
		}
		for j := 0; j < len(root.Content[i+1].Content); j += 2 {
			out = append(out, root.Content[i+1].Content[j].Value)
		}
	}
	return out
}

func section(top map[string]any, name, entry string) map[string]any {
	all, _ := top[name].(map[string]any)
	out, _ := all[entry].(map[string]any)
	return out
}

func resource(id string, in map[string]any) (Resource, error) {
	r := Resource{ID: id, DependsOn: strs(in["DependsOn"])}
	r.Type, _ = in["Type"].(string)
	if r.Type == "" {
		return r, refuse("Template format error: [/Resources/%s] Every Resources object must contain a Type member.", id)
	}
	for key := range in {
		if !attributes[key] {
			return r, refuse("Invalid template resource property '%s'", key)
		}
	}
	r.Condition, _ = in["Condition"].(string)
	r.DeletionPolicy, _ = in["DeletionPolicy"].(string)
	r.UpdateReplacePolicy, _ = in["UpdateReplacePolicy"].(string)
	if !policies[r.DeletionPolicy] {
		return r, refuse("Template error: Unrecognized DeletionPolicy %s for resource %s", r.DeletionPolicy, id)
	}
	r.Properties, _ = in["Properties"].(map[string]any)
	r.Metadata, _ = in["Metadata"].(map[string]any)
	return r, nil
}

var attributes = map[string]bool{
	"Type": true, "Condition": true, "DependsOn": true, "DeletionPolicy": true, "UpdateReplacePolicy": true,
	"Properties": true, "Metadata": true,
}

var policies = map[string]bool{"": true, "Delete": true, "Retain": true, "RetainExceptOnCreate": true, "Snapshot": true}

func output(name string, in map[string]any) (Output, error) {
	o := Output{Name: name, Value: in["Value"]}
	o.Description, _ = in["Description"].(string)
	o.Condition, _ = in["Condition"].(string)
	if export, ok := in["Export"].(map[string]any); ok {
		o.Export = export["Name"]
	}
	if o.Value == nil {
		return o, refuse("Template format error: Output %s is malformed. The Value field of every Outputs member must be specified", name)
	}
	return o, nil
}

// strs reads a string or a list of strings.
func strs(in any) []string {
	switch v := in.(type) {
	case nil:
		return nil
	case []any:
		out := make([]string, len(v))
		for i := range v {
			out[i] = Text(v[i])
		}
		return out
	default:
		return []string{Text(v)}
	}
}

// parameter reads one parameter: the JSON names of its fields are the
// template's, and every value may be written with or without quotes.
func parameter(name string, in map[string]any) (Parameter, error) {
	p := Parameter{Name: name, AllowedValues: strs(in["AllowedValues"])}
	text := map[string]*string{
		"Type": &p.Type, "Description": &p.Description, "AllowedPattern": &p.AllowedPattern,
		"ConstraintDescription": &p.ConstraintDescription,
	}
	for key, to := range text {
		*to, _ = in[key].(string)
	}
	if v, ok := in["Default"]; ok {
		s := Text(v)
		p.Default = &s
	}
	p.NoEcho = strings.EqualFold(Text(in["NoEcho"]), "true")
	bounds := map[string]any{"MinLength": &p.MinLength, "MaxLength": &p.MaxLength, "MinValue": &p.MinValue, "MaxValue": &p.MaxValue}
	for key, to := range bounds {
		if v, ok := in[key]; ok && json.Unmarshal([]byte(Text(v)), to) != nil {
			return p, refuse("Template format error: Parameter %s has a malformed %s", name, key)
		}
	}
	if !types[p.Type] {
		return p, refuse("Template format error: Unrecognized parameter type: %s", p.Type)
	}
	return p, nil
}

var types = map[string]bool{"String": true, "Number": true, "CommaDelimitedList": true, "List<Number>": true}
