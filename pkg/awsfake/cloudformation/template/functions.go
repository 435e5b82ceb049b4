package template

import (
	"encoding/base64"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// arguments reads a list of n arguments.
func arguments(name string, in any, n int) ([]any, error) {
	list, ok := in.([]any)
	if !ok || len(list) != n {
		return nil, refuse("Template error: every %s object requires %d parameters", name, n)
	}
	return list, nil
}

func (r resolver) join(argument any) (any, error) {
	list, err := arguments("Fn::Join", argument, 2)
	if err != nil {
		return nil, err
	}
	items, err := r.list("Fn::Join", list[1])
	if err != nil {
		return nil, err
	}
	out := make([]string, len(items))
	for i, item := range items {
		if out[i], err = text("Fn::Join", item); err != nil {
			return nil, err
		}
	}
	return strings.Join(out, Text(list[0])), nil
}

// list resolves what must be a list.
func (r resolver) list(name string, in any) ([]any, error) {
	v, err := r.value(in)
	if err != nil {
		return nil, err
	}
	out, ok := v.([]any)
	if !ok {
		return nil, refuse("Template error: %s requires a list, not %s", name, Text(v))
	}
	return out, nil
}

// text takes a scalar as text; maps and lists have none.
func text(name string, in any) (string, error) {
	switch in.(type) {
	case map[string]any, []any, nil, absent:
		return "", refuse("Template error: %s requires strings, not %s", name, Text(in))
	}
	return Text(in), nil
}

func (r resolver) pick(argument any) (any, error) {
	list, err := arguments("Fn::Select", argument, 2)
	if err != nil {
		return nil, err
	}
	index, err := r.value(list[0])
	if err != nil {
		return nil, err
	}
	items, err := r.list("Fn::Select", list[1])
	if err != nil {
		return nil, err
	}
	i, err := strconv.Atoi(Text(index))
	if err != nil || i < 0 || i >= len(items) {
		return nil, refuse("Template error: Fn::Select cannot select nonexistent value at index %s", Text(index))
	}
	return items[i], nil
}

func (r resolver) split(argument any) (any, error) {
	list, err := arguments("Fn::Split", argument, 2)
	if err != nil {
		return nil, err
	}
	v, err := r.value(list[1])
	if err != nil {
		return nil, err
	}
	whole, err := text("Fn::Split", v)
	if err != nil {
		return nil, err
	}
	out := []any{}
	for part := range strings.SplitSeq(whole, Text(list[0])) {
		out = append(out, part)
	}
	return out, nil
}

func (r resolver) choose(argument any) (any, error) {
	list, err := arguments("Fn::If", argument, 3)
	if err != nil {
		return nil, err
	}
	name := Text(list[0])
	if holds, known := r.conditions[name]; !known {
		return nil, refuse("Template format error: Unresolved condition dependency %s", name)
	} else if holds {
		return r.value(list[1])
	}
	return r.value(list[2])
}

// find resolves Fn::FindInMap; its DefaultValue works only where the template
// declares the transform AWS::LanguageExtensions.
func (r resolver) find(argument any) (any, error) {
	list, ok := argument.([]any)
	extended := slices.Contains(r.Template.Transforms, "AWS::LanguageExtensions")
	if !ok || len(list) < 3 || len(list) > 4 || len(list) == 4 && !extended {
		return nil, refuse("Template error: every Fn::FindInMap object requires three parameters, the map name, map key and the attribute for return value")
	}
	at := any(r.Template.Mappings)
	for _, part := range list[:3] {
		key, err := r.value(part)
		if err != nil {
			return nil, err
		}
		level, _ := at.(map[string]any)
		if at, ok = level[Text(key)]; !ok {
			return r.fallback(list)
		}
	}
	return at, nil
}

func (r resolver) fallback(list []any) (any, error) {
	if len(list) == 4 {
		if fallback, ok := list[3].(map[string]any); ok {
			return r.value(fallback["DefaultValue"])
		}
	}
	return nil, refuse("Template error: Unable to get mapping for %s", strings.Join(strs(list[:3]), "::"))
}

func (r resolver) base64(argument any) (any, error) {
	v, err := r.value(argument)
	if err != nil {
		return nil, err
	}
	plain, err := text("Fn::Base64", v)
	return base64.StdEncoding.EncodeToString([]byte(plain)), err
}

// variable is ${Name}, ${Id.Attribute} or ${!Literal}.
func variable() *regexp.Regexp { return regexp.MustCompile(`\$\{([^}]*)\}`) }

func (r resolver) sub(argument any) (any, error) {
	whole, own, err := subParts(argument)
	if err != nil {
		return nil, err
	}
	out := variable().ReplaceAllStringFunc(whole, func(match string) string {
		name := match[2 : len(match)-1]
		if literal, ok := strings.CutPrefix(name, "!"); ok {
			return "${" + literal + "}"
		}
		v, failed := r.variable(name, own)
		if failed == nil {
			match, failed = text("Fn::Sub", v)
		}
		if err == nil {
			err = failed
		}
		return match
	})
	return out, err
}

func (r resolver) variable(name string, own map[string]any) (any, error) {
	if v, ok := own[name]; ok {
		return r.value(v)
	}
	if strings.Contains(name, ".") {
		return r.attribute(name)
	}
	return r.ref(name)
}

// subParts reads both forms: "text" and ["text", {Name: value}].
func subParts(argument any) (string, map[string]any, error) {
	if whole, ok := argument.(string); ok {
		return whole, nil, nil
	}
	list, ok := argument.([]any)
	if ok && len(list) == 2 {
		whole, isText := list[0].(string)
		own, isMap := list[1].(map[string]any)
		if isText && isMap {
			return whole, own, nil
		}
	}
	return "", nil, refuse("Template error: One or more Fn::Sub intrinsic functions don't specify expected arguments. Specify a string as first argument, and an optional second argument to specify a mapping of values to replace in the string")
}
