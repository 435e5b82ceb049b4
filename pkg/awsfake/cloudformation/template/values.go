package template

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// values checks the given parameters and types them by the template: Number
// becomes int or float64, lists become []any.
func (t *Template) values(given map[string]string) (map[string]any, error) {
	out, missing := map[string]any{}, []string{}
	for _, p := range t.Parameters {
		text, ok := given[p.Name]
		if !ok && p.Default == nil {
			missing = append(missing, p.Name)
			continue
		}
		if !ok {
			text = *p.Default
		}
		typed, err := p.typed(text)
		if err != nil {
			return nil, err
		}
		out[p.Name] = typed
	}
	if len(missing) > 0 {
		return nil, refuse("Parameters: [%s] must have values", strings.Join(missing, ", "))
	}
	var unknown []string
	for name := range given {
		if _, ok := out[name]; !ok {
			unknown = append(unknown, name)
		}
	}
	if slices.Sort(unknown); len(unknown) > 0 {
		return nil, refuse("Parameters: [%s] do not exist in the template", strings.Join(unknown, ", "))
	}
	return out, nil
}

func (p Parameter) typed(text string) (any, error) {
	switch p.Type {
	case "CommaDelimitedList", "List<Number>":
		return p.items(text)
	case "Number":
		if err := p.allowed(text); err != nil {
			return nil, err
		}
		return p.number(text)
	default:
		if err := p.allowed(text); err != nil {
			return nil, err
		}
		return text, p.fits(text)
	}
}

func (p Parameter) items(text string) (any, error) {
	out := []any{}
	for part := range strings.SplitSeq(text, ",") {
		part = strings.TrimSpace(part)
		if err := p.allowed(part); err != nil {
			return nil, err
		}
		if p.Type == "CommaDelimitedList" {
			out = append(out, part)
			continue
		}
		n, err := p.number(part)
		if err != nil {
			return nil, err
		}
		out = append(out, n)
	}
	return out, nil
}

// violated prefers the parameter's own words, as CloudFormation does.
func (p Parameter) violated(format string, args ...any) error {
	if p.ConstraintDescription != "" {
		return refuse("Parameter '%s' failed to satisfy constraint: %s", p.Name, p.ConstraintDescription)
	}
	return refuse("Parameter '"+p.Name+"' "+format, args...)
}

func (p Parameter) allowed(text string) error {
	if len(p.AllowedValues) > 0 && !slices.Contains(p.AllowedValues, text) {
		return p.violated("must be one of AllowedValues")
	}
	return nil
}

func (p Parameter) number(text string) (any, error) {
	f, err := strconv.ParseFloat(text, 64)
	switch {
	case err != nil:
		return nil, p.violated("must be a number.")
	case p.MinValue != nil && f < *p.MinValue:
		return nil, p.violated("must be a number not less than %v", *p.MinValue)
	case p.MaxValue != nil && f > *p.MaxValue:
		return nil, p.violated("must be a number not greater than %v", *p.MaxValue)
	}
	if i, err := strconv.Atoi(text); err == nil {
		return i, nil
	}
	return f, nil
}

// fits checks lengths in characters and the pattern against the whole text.
func (p Parameter) fits(text string) error {
	n := utf8.RuneCountInString(text)
	if p.MinLength != nil && n < *p.MinLength {
		return p.violated("must contain at least %d characters", *p.MinLength)
	}
	if p.MaxLength != nil && n > *p.MaxLength {
		return p.violated("must contain at most %d characters", *p.MaxLength)
	}
	if p.AllowedPattern == "" {
		return nil
	}
	pattern, err := regexp.Compile("^(?:" + p.AllowedPattern + ")$")
	if err != nil {
		return refuse("Template format error: Parameter %s has an invalid AllowedPattern: %v", p.Name, err)
	}
	if !pattern.MatchString(text) {
		return p.violated("must match pattern %s", p.AllowedPattern)
	}
	return nil
}
