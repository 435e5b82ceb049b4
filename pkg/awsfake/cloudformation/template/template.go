// Package template reads CloudFormation templates and resolves their
// functions, as far as the fake of CloudFormation needs it. What it does not
// know is an error, never passed through.
package template

import (
	"encoding/json"
	"fmt"
)

// Template is a template read by Parse. Values are nil, string, bool, int,
// float64, []any and map[string]any; functions are in their long form, such as
// {"Fn::Join": [...]}.
type Template struct {
	Description string
	Transforms  []string
	Metadata    map[string]any
	Parameters  []Parameter
	Mappings    map[string]any
	Conditions  map[string]any
	Resources   []Resource // in the template's order
	Outputs     []Output
}

// Parameter is one entry of the Parameters section.
type Parameter struct {
	Name                  string
	Type                  string
	Description           string
	Default               *string
	AllowedValues         []string
	AllowedPattern        string
	ConstraintDescription string
	MinLength, MaxLength  *int
	MinValue, MaxValue    *float64
	NoEcho                bool
}

// Resource is one entry of the Resources section, its functions unresolved.
type Resource struct {
	ID                  string
	Type                string
	Condition           string
	DependsOn           []string
	DeletionPolicy      string // "" means Delete
	UpdateReplacePolicy string
	Properties          map[string]any
	Metadata            map[string]any
}

// Output is one entry of the Outputs section, its functions unresolved.
type Output struct {
	Name        string
	Description string
	Condition   string
	Value       any
	Export      any // the export's name; nil if the output is not exported
}

// Error is a template or a parameter that CloudFormation refuses; the text is
// its message.
type Error struct{ Message string }

// Error gives the message.
func (e Error) Error() string { return e.Message }

func refuse(format string, args ...any) error {
	return Error{fmt.Sprintf(format, args...)}
}

// Resource finds a resource by its logical id.
func (t *Template) Resource(id string) (Resource, bool) {
	for _, r := range t.Resources {
		if r.ID == id {
			return r, true
		}
	}
	return Resource{}, false
}

// Parameter finds a parameter by its name.
func (t *Template) Parameter(name string) (Parameter, bool) {
	for _, p := range t.Parameters {
		if p.Name == name {
			return p, true
		}
	}
	return Parameter{}, false
}

// Text writes a value as CloudFormation shows it: strings as they are, all
// else as JSON.
func Text(value any) string {
	if s, ok := value.(string); ok {
		return s
	}
	out, err := json.Marshal(value)
	if err != nil {
		return fmt.Sprint(value)
	}
	return string(out)
}

// Shown is the text of a parameter as DescribeStacks shows it: what is given
// or the default, and asterisks for NoEcho.
func (t *Template) Shown(p Parameter, given map[string]string) string {
	text, ok := given[p.Name]
	if !ok && p.Default != nil {
		text = *p.Default
	}
	if p.NoEcho {
		return "****"
	}
	return text
}
