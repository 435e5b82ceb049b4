package specfile

import (
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"

	"pixelctl/pkg/event"
	"pixelctl/pkg/fault"
	"pixelctl/pkg/spec"
)

// spec reads the keys of the file that are a spec's and passes over the rest.
func (r *reader) spec(root *yaml.Node) {
	r.keys(own(root), "", Keys(), func(key, path string, value *yaml.Node) {
		switch key {
		case "fields":
			r.fields(value)
		case "drop":
			r.s.Drop = r.texts(value, path)
		case "allow_params":
			r.s.AllowParams = r.texts(value, path)
		case "deny_params":
			r.s.DenyParams = r.texts(value, path)
		case "sites":
			r.s.Sites = r.texts(value, path)
		case "aliases":
			r.aliases(value)
		case "privacy":
			r.privacy(value)
		}
	})
}

func (r *reader) fields(n *yaml.Node) {
	if n.Kind != yaml.SequenceNode {
		r.wrong(n, "fields", "fields is no list").Hint = "begin each field with - name: NAME"
		return
	}
	for i, item := range r.items(n, "fields") {
		r.s.Fields = append(r.s.Fields, r.field(item, at("fields", i)))
	}
}

// fieldKeys are those of one field.
func fieldKeys() []string {
	return []string{"name", "type", "source", "transform", "default", "required", "personal", "description", "retired"}
}

func (r *reader) field(n *yaml.Node, path string) spec.Field {
	var f spec.Field
	personal := false
	r.keys(n, path, fieldKeys(), func(key, path string, v *yaml.Node) {
		switch key {
		case "name":
			f.Name = r.text(v, path)
		case "type":
			f.Type = event.Type(r.text(v, path))
		case "source":
			f.Sources = r.sources(v, path)
		case "transform":
			f.Transforms = r.transforms(v, path)
		case "default":
			f.Default = r.text(v, path)
		case "required":
			f.Required = r.boolean(v, path)
		case "personal":
			f.Personal, personal = r.boolean(v, path), true
		case "description":
			f.Description = r.text(v, path)
		case "retired":
			f.Retired = r.boolean(v, path)
		}
	})
	if !personal {
		f.Personal = f.LikelyPersonal()
	}
	return f
}

func (r *reader) sources(n *yaml.Node, path string) []spec.Source {
	var out []spec.Source
	for i, item := range r.items(n, path) {
		text := r.word(item, at(path, i))
		src, err := spec.ParseSource(text)
		if err != nil && text != "" {
			r.wrong(item, at(path, i), "%s: %v", path, err).Hint = fault.HintOf(err)
		}
		out = append(out, src) // also one that could not be read: paths count the others by it
	}
	return out
}

func (r *reader) transforms(n *yaml.Node, path string) []spec.Transform {
	var out []spec.Transform
	for i, item := range r.items(n, path) {
		at := at(path, i)
		switch item.Kind {
		case yaml.ScalarNode:
			out = append(out, r.transformWord(item, at))
		case yaml.MappingNode:
			out = append(out, r.transformMap(item, at))
		default:
			r.wrong(item, at, "%s: a transform is a word or one key with its value", path).Hint = "such as lower, or {cut: 64}"
		}
	}
	return out
}

// transformWord takes lower, or cut 12.
func (r *reader) transformWord(n *yaml.Node, path string) spec.Transform {
	word, rest, _ := strings.Cut(strings.TrimSpace(r.text(n, path)), " ")
	t := spec.Transform{Kind: spec.TransformKind(word)}
	rest = strings.TrimSpace(rest)
	switch {
	case t.Kind == spec.Cut:
		v, err := strconv.Atoi(rest)
		if err != nil {
			r.wrong(n, path, "%s: cut %q is no number of bytes", path, rest).Hint = "such as cut 64"
		}
		t.N = v
	case t.Kind == spec.SHA256 || t.Kind == spec.MapTo || t.Kind == spec.Regexp:
		r.wrong(n, path, "%s: %s lacks its value", path, word).Hint = hintOf(t.Kind)
	case rest != "":
		r.wrong(n, path, "%s: %s takes no value", path, word).Hint = "write each transform as an entry of its own"
	}
	return t
}

func hintOf(k spec.TransformKind) string {
	switch k {
	case spec.SHA256:
		return "such as {sha256: SALT}, with a salt of 16 characters or more"
	case spec.MapTo:
		return "such as {map: {de: Germany, fr: France}}"
	case spec.Regexp:
		return "such as {regexp: '^room-([0-9]+)$'}"
	case spec.Lower, spec.TrimTo, spec.Cut, spec.URLHost, spec.URLPath:
	}
	return ""
}

// transformMap takes one key with its value, such as cut: 12.
func (r *reader) transformMap(n *yaml.Node, path string) spec.Transform {
	var t spec.Transform
	if len(n.Content) != 2 {
		r.wrong(n, path, "%s: one transform an entry", path).Hint = "such as [{cut: 64}, lower]"
		return t
	}
	r.keys(n, path, spec.TransformKinds(), func(key, below string, v *yaml.Node) {
		t.Kind = spec.TransformKind(key)
		r.nodes[path] = v
		switch t.Kind {
		case spec.Cut:
			t.N = r.number(v, below)
		case spec.SHA256:
			t.Salt = r.text(v, below)
		case spec.Regexp:
			t.Pattern = r.text(v, below)
		case spec.MapTo:
			t.Values = r.values(v, below)
		case spec.Lower, spec.TrimTo, spec.URLHost, spec.URLPath:
			r.wrong(v, below, "%s: %s takes no value", path, key).Hint = "write it as a word: " + key
		}
	})
	return t
}

// values is a mapping of any names.
func (r *reader) values(n *yaml.Node, path string) map[string]string {
	if n.Kind != yaml.MappingNode {
		r.wrong(n, path, "%s is no mapping of values", path).Hint = hintOf(spec.MapTo)
		return nil
	}
	out := map[string]string{}
	for i := 0; i+1 < len(n.Content); i += 2 {
		key, value := n.Content[i], n.Content[i+1]
		name := r.text(key, path)
		if _, twice := out[name]; twice {
			r.wrong(key, path, "%s: %q is there twice", path, name).Hint = "leave one of the two"
		}
		out[name] = r.text(value, path)
	}
	return out
}
