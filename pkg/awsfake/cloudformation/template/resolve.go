package template

import "strings"

// Resolve computes a value's functions. lookup may be nil where resources may
// not be named, as in conditions. AWS::NoValue drops its property or item.
func (s *Scope) Resolve(in any, lookup Lookup) (any, error) {
	if lookup == nil {
		lookup = func(id, _ string) (any, error) {
			return nil, refuse("Template format error: Unresolved dependencies [%s]. Cannot reference resources here", id)
		}
	}
	out, err := resolver{s, lookup}.value(in)
	if _, none := out.(absent); none {
		return nil, err
	}
	return out, err
}

type resolver struct {
	*Scope
	lookup Lookup
}

func (r resolver) value(in any) (any, error) {
	if name, argument, ok := call(in); ok {
		return r.function(name, argument)
	}
	switch v := in.(type) {
	case map[string]any:
		return r.object(v)
	case []any:
		return r.array(v)
	}
	return in, nil
}

func (r resolver) object(in map[string]any) (any, error) {
	out := make(map[string]any, len(in))
	for key, item := range in {
		v, err := r.value(item)
		if err != nil {
			return nil, err
		}
		if _, none := v.(absent); !none {
			out[key] = v
		}
	}
	return out, nil
}

func (r resolver) array(in []any) (any, error) {
	out := make([]any, 0, len(in))
	for _, item := range in {
		v, err := r.value(item)
		if err != nil {
			return nil, err
		}
		if _, none := v.(absent); !none {
			out = append(out, v)
		}
	}
	return out, nil
}

// call takes a function apart: a map of one key that names one. "Condition" is
// a function only with a text behind it: an IAM statement has a map there.
func call(in any) (string, any, bool) {
	m, ok := in.(map[string]any)
	if !ok || len(m) != 1 {
		return "", nil, false
	}
	for name, argument := range m {
		_, text := argument.(string)
		return name, argument, functions[name] && (name != "Condition" || text)
	}
	return "", nil, false
}

func (r resolver) function(name string, argument any) (any, error) {
	switch name {
	case "Ref":
		return r.ref(Text(argument))
	case "Fn::GetAtt":
		return r.attribute(argument)
	case "Fn::Sub":
		return r.sub(argument)
	case "Fn::Join":
		return r.join(argument)
	case "Fn::Select":
		return r.pick(argument)
	case "Fn::Split":
		return r.split(argument)
	case "Fn::If":
		return r.choose(argument)
	case "Fn::FindInMap":
		return r.find(argument)
	case "Fn::Base64":
		return r.base64(argument)
	}
	return r.truth(map[string]any{name: argument}, nil)
}

func (r resolver) ref(name string) (any, error) {
	if name == "AWS::NoValue" {
		return absent{}, nil
	}
	if v, ok := r.pseudo[name]; ok {
		return v, nil
	}
	if v, ok := r.parameters[name]; ok {
		return v, nil
	}
	return r.lookup(name, "")
}

func (r resolver) attribute(argument any) (any, error) {
	id, name, err := getAtt(argument)
	if err != nil {
		return nil, err
	}
	return r.lookup(id, name)
}

// getAtt reads both forms: "Id.Name" and [Id, Name]; the name may have dots.
func getAtt(argument any) (string, string, error) {
	parts := strs(argument)
	if text, ok := argument.(string); ok {
		parts = strings.SplitN(text, ".", 2)
	}
	if len(parts) < 2 || parts[0] == "" || parts[1] == "" {
		return "", "", refuse("Template error: every Fn::GetAtt object requires two non-empty parameters, the resource name and the resource attribute")
	}
	return parts[0], strings.Join(parts[1:], "."), nil
}
