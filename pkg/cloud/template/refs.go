package template

import (
	"regexp"
	"strings"

	"go.yaml.in/yaml/v3"
)

// refs collects every name that a tree refers to by an intrinsic function, in
// its short (!Ref) or long (Ref:) form: parameters, resources, conditions and
// mappings share one name space here, as their names are unique in a template.
func refs(n *yaml.Node) map[string]bool {
	found := map[string]bool{}
	collect(n, found)
	return found
}

func collect(n *yaml.Node, found map[string]bool) {
	if n == nil {
		return
	}
	function(n.Tag, n, found)
	for key, value := range pairs(n) {
		function(key, value, found)
	}
	for _, c := range n.Content {
		collect(c, found)
	}
	collect(n.Alias, found)
}

// function notes the names in the argument of one intrinsic function or
// attribute of a resource.
func function(name string, arg *yaml.Node, found map[string]bool) {
	switch strings.TrimPrefix(strings.TrimPrefix(name, "Fn::"), "!") {
	case "Ref", "Condition", "DependsOn":
		note(arg, found)
		for _, c := range sequence(arg) {
			note(c, found)
		}
	case "GetAtt", "FindInMap", "If":
		note(arg, found)
		if s := sequence(arg); len(s) > 0 {
			note(s[0], found)
		}
	case "Sub":
		substituted(arg, found)
	}
}

// note adds a name; of Name.Attribute it takes the name.
func note(n *yaml.Node, found map[string]bool) {
	if name, _, _ := strings.Cut(text(n), "."); name != "" {
		found[name] = true
	}
}

// substituted adds the names in the ${…} of Fn::Sub, ${!literal} and the
// names that its own map defines excepted.
func substituted(arg *yaml.Node, found map[string]bool) {
	s := text(arg)
	own := map[string]bool{}
	if list := sequence(arg); len(list) > 0 {
		s = text(list[0])
		if len(list) > 1 {
			own = keys(list[1])
		}
	}
	for _, m := range regexp.MustCompile(`\$\{\s*([^!{}\s][^{}]*?)\s*\}`).FindAllStringSubmatch(s, -1) {
		if name, _, _ := strings.Cut(m[1], "."); !own[name] {
			found[name] = true
		}
	}
}

func sequence(n *yaml.Node) []*yaml.Node {
	if n == nil || n.Kind != yaml.SequenceNode {
		return nil
	}
	return n.Content
}
