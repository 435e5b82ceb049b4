package specfile

import (
	"regexp"
	"slices"

	"go.yaml.in/yaml/v3"

	"pixelctl/pkg/spec"
)

// Query is a statement that the file keeps under a name. It is no part of the
// spec: it stays on the machine of whoever asks.
type Query struct{ Name, SQL string }

// maxName is the longest name of a query.
const maxName = 64

var queryName = regexp.MustCompile(`^[a-z][a-z0-9_-]*$`)

// sqlWords begin statements and can be no names.
var sqlWords = []string{"select", "with", "values", "table", "show", "describe", "desc", "explain", "summarize", "from"}

// IsQueryName tells whether a word may name a query: it is no SQL.
func IsQueryName(word string) bool {
	return len(word) <= maxName && queryName.MatchString(word) && !slices.Contains(sqlWords, word)
}

// Queries returns the statements of the file called name in their order. Only
// what is wrong with them is told, as a fault.Usage.
func Queries(name string, data []byte) ([]Query, error) {
	r := &reader{name: name, nodes: map[string]*yaml.Node{}}
	root := r.document(data)
	var out []Query
	if root != nil && root.Kind == yaml.MappingNode {
		out = r.queries(root)
	}
	ps := make([]spec.Problem, len(r.mistakes))
	for i, m := range r.mistakes {
		ps[i] = m.Problem
	}
	if err := spec.First(ps); err != nil {
		return nil, err
	}
	return out, nil
}

func (r *reader) queries(root *yaml.Node) (out []Query) {
	n := valueOf(root, QueriesKey)
	if n == nil || n.Kind == yaml.ScalarNode && n.Tag == "!!null" {
		return nil
	}
	if n.Kind != yaml.MappingNode {
		r.wrong(n, QueriesKey, "%s is no mapping", QueriesKey).Hint = "write name: SQL lines, or use pixelctl query --save NAME"
		return nil
	}
	seen := map[string]bool{}
	for i := 0; i+1 < len(n.Content); i += 2 {
		key, value := n.Content[i], n.Content[i+1]
		path := QueriesKey + "." + key.Value
		switch {
		case key.Kind != yaml.ScalarNode || !IsQueryName(key.Value):
			r.wrong(key, path, "%s: %q is no name of a query", QueriesKey, key.Value).Hint = "use lower-case letters, digits, - and _, beginning with a letter, and no word of SQL"
		case seen[key.Value]:
			r.wrong(key, path, "%s: %q is there twice", QueriesKey, key.Value).Hint = "leave one of the two"
		default:
			out = append(out, Query{key.Value, r.word(value, path)})
		}
		seen[key.Value] = true
	}
	return out
}

// valueOf is the value of a key of a mapping; nil for none.
func valueOf(n *yaml.Node, key string) *yaml.Node {
	for i := 0; i+1 < len(n.Content); i += 2 {
		if n.Content[i].Value == key {
			return n.Content[i+1]
		}
	}
	return nil
}
