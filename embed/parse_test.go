package embed

import (
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"
)

// object is a mapping of the template, with the functions' short tags in their
// long form: !Ref X is {"Ref": "X"}.
type object = map[string]any

// parse returns the whole template.
func parse(t *testing.T) object {
	t.Helper()
	var doc yaml.Node
	if err := yaml.Unmarshal(Template(), &doc); err != nil {
		t.Fatal(err)
	}
	root, ok := long(t, doc.Content[0]).(object)
	if !ok {
		t.Fatal("the template is no mapping")
	}
	return root
}

// long returns the value of a node. CloudFormation knows no anchors.
func long(t *testing.T, n *yaml.Node) any {
	t.Helper()
	if n.Anchor != "" || n.Kind == yaml.AliasNode {
		t.Fatalf("line %d: CloudFormation takes no anchors", n.Line)
	}
	name, short := strings.CutPrefix(n.Tag, "!")
	if !short || strings.HasPrefix(name, "!") {
		return plain(t, n)
	}
	if name != "Ref" && name != "Condition" {
		name = "Fn::" + name
	}
	return object{name: plain(t, n)}
}

func plain(t *testing.T, n *yaml.Node) any {
	t.Helper()
	switch n.Kind {
	case yaml.MappingNode:
		m := object{}
		for i := 0; i < len(n.Content); i += 2 {
			key := n.Content[i].Value
			if _, twice := m[key]; twice {
				t.Fatalf("line %d: %s twice", n.Content[i].Line, key)
			}
			m[key] = long(t, n.Content[i+1])
		}
		return m
	case yaml.SequenceNode:
		list := make([]any, len(n.Content))
		for i, item := range n.Content {
			list[i] = long(t, item)
		}
		return list
	}
	if strings.HasPrefix(n.Tag, "!") && !strings.HasPrefix(n.Tag, "!!") {
		return n.Value
	}
	var v any
	if err := n.Decode(&v); err != nil {
		t.Fatalf("line %d: %v", n.Line, err)
	}
	return v
}

// at walks down keys of mappings and gives nil where there is none.
func at(v any, keys ...string) any {
	for _, k := range keys {
		m, ok := v.(object)
		if !ok {
			return nil
		}
		v = m[k]
	}
	return v
}

// text is at for a string, which must be there.
func text(t *testing.T, v any, keys ...string) string {
	t.Helper()
	s, ok := at(v, keys...).(string)
	if !ok {
		t.Fatalf("%s: %v is no string", strings.Join(keys, "."), at(v, keys...))
	}
	return s
}

// mapping is at for an object, which must be there.
func mapping(t *testing.T, v any, keys ...string) object {
	t.Helper()
	m, ok := at(v, keys...).(object)
	if !ok {
		t.Fatalf("%s: no mapping", strings.Join(keys, "."))
	}
	return m
}

// items gives a list, or a single value as one.
func items(v any) []any {
	if list, ok := v.([]any); ok {
		return list
	}
	if v == nil {
		return nil
	}
	return []any{v}
}

// resources returns the resources of a type by logical id.
func resources(t *testing.T, typ string) map[string]object {
	t.Helper()
	found := map[string]object{}
	all := mapping(t, parse(t), "Resources")
	for id := range all {
		r := mapping(t, all, id)
		if r["Type"] == typ {
			found[id] = r
		}
	}
	if len(found) == 0 {
		t.Fatalf("no %s", typ)
	}
	return found
}

// properties returns the properties of one resource.
func properties(t *testing.T, id string) object {
	t.Helper()
	return mapping(t, parse(t), "Resources", id, "Properties")
}
