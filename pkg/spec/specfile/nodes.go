package specfile

import (
	"slices"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"
)

// keys walks a mapping: each key that is in known once, with its path below
// the mapping's own. What is unknown, or there twice, is a mistake.
func (r *reader) keys(n *yaml.Node, path string, known []string, visit func(key, path string, value *yaml.Node)) {
	if n.Kind != yaml.MappingNode {
		r.wrong(n, path, "%s is no mapping", path).Hint = "write key: value lines; keys are " + strings.Join(known, ", ")
		return
	}
	seen := map[string]int{}
	for i := 0; i+1 < len(n.Content); i += 2 {
		key, value := n.Content[i], n.Content[i+1]
		below := key.Value
		if path != "" {
			below = path + "." + key.Value
		}
		switch line, twice := seen[key.Value]; {
		case key.Kind != yaml.ScalarNode:
			r.wrong(key, path, "%s: a key must be a name", orTop(path))
		case twice:
			r.wrong(key, below, "key %q is already set in line %d", key.Value, line).Hint = "set it once"
		case !slices.Contains(known, key.Value):
			near(r.wrong(key, below, "%s: unknown key %q", orTop(path), key.Value), key.Value, known)
		default:
			r.nodes[below] = value
			visit(key.Value, below, value)
		}
		seen[key.Value] = key.Line
	}
}

func orTop(path string) string {
	if path == "" {
		return "the file"
	}
	return path
}

// text is a single value as it is written.
func (r *reader) text(n *yaml.Node, path string) string {
	switch {
	case n.Kind == yaml.AliasNode:
		r.wrong(n, path, "%s: an alias of YAML", path).Hint = "write the value itself"
	case n.Kind != yaml.ScalarNode:
		r.wrong(n, path, "%s takes a single value", path)
	case n.Tag == "!!null":
		r.wrong(n, path, "%s has no value", path).Hint = "write one, or remove the key"
	case !slices.Contains([]string{"!!str", "!!int", "!!float", "!!bool", "!!timestamp"}, n.Tag):
		r.wrong(n, path, "%s has a value of type %q", path, n.Tag)
	default:
		return n.Value
	}
	return ""
}

// word is a single value that is not empty, or "" and a mistake.
func (r *reader) word(n *yaml.Node, path string) string {
	text := r.text(n, path)
	if text == "" && n.Kind == yaml.ScalarNode && n.Tag == "!!str" {
		r.wrong(n, path, "%s is empty", path).Hint = "write a value, or remove the key"
	}
	return text
}

// items are the entries of a list, or the one value that stands for a list.
func (r *reader) items(n *yaml.Node, path string) []*yaml.Node {
	if n.Kind != yaml.SequenceNode {
		return []*yaml.Node{n}
	}
	for i, item := range n.Content {
		r.nodes[at(path, i)] = item
	}
	return n.Content
}

// texts is a list of single values.
func (r *reader) texts(n *yaml.Node, path string) []string {
	if n.Kind == yaml.SequenceNode && len(n.Content) == 0 {
		return nil
	}
	items := r.items(n, path)
	out := make([]string, len(items))
	for i, item := range items {
		out[i] = r.text(item, at(path, i))
	}
	return out
}

func at(path string, i int) string { return path + "[" + strconv.Itoa(i) + "]" }

// boolean takes true and false, and on, off, yes and no.
func (r *reader) boolean(n *yaml.Node, path string) bool {
	switch text := r.word(n, path); text {
	case "true", "on", "yes":
		return true
	case "false", "off", "no", "": // the last one is noted
	default:
		r.wrong(n, path, "%s: %q is neither true nor false", path, text).Hint = "write true or false"
	}
	return false
}

// number takes a decimal number.
func (r *reader) number(n *yaml.Node, path string) int {
	text := r.word(n, path)
	v, err := strconv.Atoi(text)
	if err != nil && text != "" {
		r.wrong(n, path, "%s: %q is no whole number", path, text).Hint = "such as 64"
		return 0
	}
	return v
}
