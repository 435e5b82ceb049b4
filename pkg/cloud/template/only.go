package template

import (
	"maps"
	"slices"

	"go.yaml.in/yaml/v3"

	"pixelctl/pkg/fault"
)

// Only returns the template reduced to some resources, the parameters, mappings
// and conditions they use, and the outputs that refer to nothing else. Metadata
// stays: it tells whose stack it is. It fails when a kept resource refers to one
// that is not kept.
func Only(body []byte, ids ...string) ([]byte, error) {
	root, err := parse(body)
	if err != nil {
		return nil, err
	}
	all := keys(field(root, resources))
	kept := map[string]bool{}
	for _, id := range ids {
		if !all[id] {
			return nil, unknown(id)
		}
		kept[id] = true
	}
	filter(field(root, resources), func(id string, _ *yaml.Node) bool { return kept[id] })
	if err := closed(root, all, kept); err != nil {
		return nil, err
	}
	keepOutputs(root, all, kept)
	keepUsed(root)
	return write(root)
}

// closed fails when a kept resource needs one that is gone.
func closed(root *yaml.Node, all, kept map[string]bool) error {
	for id, r := range pairs(field(root, resources)) {
		for _, name := range slices.Sorted(maps.Keys(refs(r))) {
			if all[name] && !kept[name] {
				return fault.New(fault.Failed, "reduce the template: resource %s needs %s", id, name)
			}
		}
	}
	return nil
}

// keepOutputs keeps the outputs that refer to a kept resource and to no other,
// whether by value or by condition.
func keepOutputs(root *yaml.Node, all, kept map[string]bool) {
	filter(field(root, outputs), func(_ string, o *yaml.Node) bool {
		own := false
		for name := range refs(o) {
			if all[name] && !kept[name] {
				return false
			}
			own = own || kept[name]
		}
		return own
	})
	dropEmpty(root, outputs)
}

// keepUsed keeps the conditions, parameters and mappings in use. A condition
// may use further conditions. Rules are dropped: they speak of parameters.
func keepUsed(root *yaml.Node) {
	filter(root, func(key string, _ *yaml.Node) bool { return key != "Rules" })
	used := refs(field(root, resources))
	maps.Copy(used, refs(field(root, outputs)))
	for grown := true; grown; {
		before := len(used)
		for name, c := range pairs(field(root, conditions)) {
			if used[name] {
				maps.Copy(used, refs(c))
			}
		}
		grown = len(used) > before
	}
	keep := func(name string, _ *yaml.Node) bool { return used[name] }
	for _, section := range []string{conditions, parameters, mappings} {
		filter(field(root, section), keep)
		dropEmpty(root, section)
	}
}

// dropEmpty removes a section without entries: CloudFormation refuses an empty
// one.
func dropEmpty(root *yaml.Node, section string) {
	if s := field(root, section); s == nil || len(s.Content) == 0 {
		filter(root, func(key string, _ *yaml.Node) bool { return key != section })
	}
}

func keys(n *yaml.Node) map[string]bool {
	set := map[string]bool{}
	for k := range pairs(n) {
		set[k] = true
	}
	return set
}
