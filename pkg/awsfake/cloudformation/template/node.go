package template

import (
	"strings"

	"go.yaml.in/yaml/v3"
)

// maxDepth bounds nesting and aliases.
const maxDepth = 64

// functions are the intrinsic functions this package resolves.
var functions = map[string]bool{
	"Ref": true, "Condition": true, "Fn::GetAtt": true, "Fn::Sub": true, "Fn::Join": true, "Fn::Select": true,
	"Fn::Split": true, "Fn::If": true, "Fn::Equals": true, "Fn::And": true, "Fn::Or": true, "Fn::Not": true,
	"Fn::FindInMap": true, "Fn::Base64": true,
}

// value turns a YAML node into a value, short tags into long functions.
func value(n *yaml.Node, depth int) (any, error) {
	if depth > maxDepth {
		return nil, refuse("Template format error: nested deeper than %d levels (line %d)", maxDepth, n.Line)
	}
	if n.Kind == yaml.AliasNode {
		return value(n.Alias, depth+1)
	}
	if strings.HasPrefix(n.Tag, "!") && !strings.HasPrefix(n.Tag, "!!") {
		return tagged(n, depth)
	}
	switch n.Kind {
	case yaml.MappingNode:
		return mapping(n, depth)
	case yaml.SequenceNode:
		return sequence(n, depth)
	default:
		return scalar(n)
	}
}

// tagged reads !Name x as {"Fn::Name": x}; !GetAtt's text is split at its
// first dot.
func tagged(n *yaml.Node, depth int) (any, error) {
	name := strings.TrimPrefix(n.Tag, "!")
	if name != "Ref" && name != "Condition" {
		name = "Fn::" + name
	}
	if !functions[name] {
		return nil, refuse("Template format error: YAML not well-formed or unknown function %s (line %d)", n.Tag, n.Line)
	}
	plain := *n
	plain.Tag = ""
	if n.Kind == yaml.ScalarNode {
		plain.Tag = "!!str"
	}
	argument, err := value(&plain, depth+1)
	if err != nil {
		return nil, err
	}
	return map[string]any{name: argument}, nil
}

func sequence(n *yaml.Node, depth int) (any, error) {
	out := make([]any, len(n.Content))
	for i, child := range n.Content {
		v, err := value(child, depth+1)
		if err != nil {
			return nil, err
		}
		out[i] = v
	}
	return out, nil
}

func mapping(n *yaml.Node, depth int) (any, error) {
	out := make(map[string]any, len(n.Content)/2)
	for i := 0; i+1 < len(n.Content); i += 2 {
		key := n.Content[i].Value
		if _, twice := out[key]; twice {
			return nil, refuse("Template format error: duplicate key %s (line %d)", key, n.Content[i].Line)
		}
		v, err := value(n.Content[i+1], depth+1)
		if err != nil {
			return nil, err
		}
		if strings.HasPrefix(key, "Fn::") && !functions[key] {
			return nil, refuse("Template format error: unknown function %s (line %d)", key, n.Content[i].Line)
		}
		out[key] = v
	}
	return out, nil
}

// scalar keeps dates as text: a template's Version fields are strings.
func scalar(n *yaml.Node) (any, error) {
	var out any = n.Value
	var err error
	switch n.ShortTag() {
	case "!!int":
		var v int
		err = n.Decode(&v)
		out = v
	case "!!float":
		var v float64
		err = n.Decode(&v)
		out = v
	case "!!bool":
		var v bool
		err = n.Decode(&v)
		out = v
	case "!!null":
		out = nil
	}
	if err != nil {
		return nil, refuse("Template format error: %v", err)
	}
	return out, nil
}
