package awsfake

import (
	"encoding/json"
	"fmt"
	"reflect"
	"strconv"
	"strings"
)

// decode reads resolved properties into a struct. CloudFormation takes "60" for
// 60 and "true" for true, and the other way round: so does this.
func decode(properties map[string]any, into any) error {
	fitted := fit(properties, reflect.TypeOf(into).Elem())
	body, err := json.Marshal(fitted)
	if err != nil {
		return fmt.Errorf("read properties: %w", err)
	}
	if err := json.Unmarshal(body, into); err != nil {
		return fmt.Errorf("read properties: %w", err)
	}
	return nil
}

// fit turns scalars into what t has in their place.
func fit(v any, t reflect.Type) any {
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	switch v := v.(type) {
	case map[string]any:
		return fitMap(v, t)
	case []any:
		return fitList(v, t)
	case string:
		return fitText(v, t)
	case nil:
		return nil
	default:
		if t.Kind() == reflect.String {
			return fmt.Sprint(v)
		}
		return v
	}
}

func fitMap(m map[string]any, t reflect.Type) any {
	out := make(map[string]any, len(m))
	for name, v := range m {
		switch t.Kind() {
		case reflect.Struct:
			out[name] = v
			if field, ok := fieldOf(t, name); ok {
				out[name] = fit(v, field)
			}
		case reflect.Map:
			out[name] = fit(v, t.Elem())
		default:
			out[name] = v
		}
	}
	return out
}

// fitList also turns a list of Key and Value into a map, where t is one: tags
// come as both.
func fitList(list []any, t reflect.Type) any {
	if t.Kind() == reflect.Map {
		out := map[string]any{}
		for _, item := range list {
			if pair, ok := item.(map[string]any); ok {
				out[fmt.Sprint(pair["Key"])] = fmt.Sprint(pair["Value"])
			}
		}
		return out
	}
	out := make([]any, 0, len(list))
	for _, v := range list {
		if t.Kind() == reflect.Slice && t.Elem().Kind() != reflect.Uint8 {
			v = fit(v, t.Elem())
		}
		out = append(out, v)
	}
	return out
}

func fitText(text string, t reflect.Type) any {
	switch t.Kind() {
	case reflect.Int, reflect.Int32, reflect.Int64, reflect.Float64:
		if number, err := strconv.ParseFloat(text, 64); err == nil {
			return number
		}
	case reflect.Bool:
		if b, err := strconv.ParseBool(text); err == nil {
			return b
		}
	}
	return text
}

// fieldOf finds the field that JSON fills under a name.
func fieldOf(t reflect.Type, name string) (reflect.Type, bool) {
	for _, field := range reflect.VisibleFields(t) {
		tag, _, _ := strings.Cut(field.Tag.Get("json"), ",")
		if strings.EqualFold(tag, name) || tag == "" && strings.EqualFold(field.Name, name) {
			return field.Type, true
		}
	}
	return nil, false
}
