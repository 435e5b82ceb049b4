// Package specfile reads what pixelctl.yaml says about records: a YAML file
// in, a spec out, and every mistake with its place.
package specfile

import (
	"slices"

	"go.yaml.in/yaml/v3"

	"pixelctl/pkg/spec"
)

// Keys returns the keys of the file that are a spec's. All others are settings.
func Keys() []string {
	return []string{"fields", "drop", "allow_params", "deny_params", "sites", "aliases", "privacy"}
}

// QueriesKey is the key of the file under which statements have names.
const QueriesKey = "queries"

// Structured returns all keys of the file that are no settings: those of a spec
// and those that do not travel.
func Structured() []string { return append(Keys(), QueriesKey) }

// Present reports whether a file says anything about records. A file that is
// no YAML says nothing here: whoever reads the settings refuses it.
func Present(data []byte) bool {
	r := &reader{}
	root := r.document(data)
	if root == nil || root.Kind != yaml.MappingNode {
		return false
	}
	return len(own(root).Content) > 0
}

// Read returns the spec of the file called name. Its first mistake is a
// fault.Usage that names place and way out, and how many more there are;
// Check gives all.
func Read(name string, data []byte) (spec.Spec, error) {
	s, ps := read(name, data)
	if err := spec.First(ps); err != nil {
		return spec.Spec{}, err
	}
	return s, nil
}

// Check returns everything that is wrong with what a file says about records,
// in the order of the file, each with its Place.
func Check(name string, data []byte) []spec.Problem {
	_, ps := read(name, data)
	return ps
}

func read(name string, data []byte) (spec.Spec, []spec.Problem) {
	r := &reader{name: name, nodes: map[string]*yaml.Node{}}
	switch root := r.document(data); {
	case root == nil: // empty, or a mistake that is noted
	case root.Kind != yaml.MappingNode:
		r.wrong(root, "", "not a mapping of settings").Hint = "write one setting a line, such as: fields: []"
	default:
		r.spec(root)
		r.rules()
		r.queries(root)
	}
	slices.SortStableFunc(r.mistakes, func(a, b mistake) int {
		if a.line != b.line {
			return a.line - b.line
		}
		return a.col - b.col
	})
	ps := make([]spec.Problem, len(r.mistakes))
	for i, m := range r.mistakes {
		ps[i] = m.Problem
	}
	return r.s, ps
}

// own is the part of the file that is a spec's.
func own(root *yaml.Node) *yaml.Node {
	out := &yaml.Node{Kind: yaml.MappingNode, Line: root.Line, Column: root.Column}
	for i := 0; i+1 < len(root.Content); i += 2 {
		if slices.Contains(Keys(), root.Content[i].Value) {
			out.Content = append(out.Content, root.Content[i], root.Content[i+1])
		}
	}
	return out
}
