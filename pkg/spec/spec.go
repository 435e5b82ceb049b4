// Package spec is what a stack records as its owner wants it: own columns,
// columns that are left out, parameters, sites and privacy. It is a value that
// travels as JSON; what reads it from YAML and what runs it are elsewhere.
package spec

import (
	"crypto/sha256"

	"pixelctl/pkg/event"
)

// Spec is the wish of a stack's owner. The zero value is the default.
type Spec struct {
	Fields      []Field  `json:"fields,omitempty"`       // own columns, in the order of the table
	Drop        []string `json:"drop,omitempty"`         // built-in columns that stay NULL
	AllowParams []string `json:"allow_params,omitempty"` // keys that params keeps; none = every key
	DenyParams  []string `json:"deny_params,omitempty"`  // keys that params never keeps
	Sites       []string `json:"sites,omitempty"`        // sites whose hits are recorded; none = every site
	AliasesOff  []string `json:"aliases_off,omitempty"`  // families of parameter names that are not understood
	Privacy     Privacy  `json:"privacy,omitzero"`
}

// Field is one column of the owner.
type Field struct {
	Name        string      `json:"name"`
	Type        event.Type  `json:"type"`
	Sources     []Source    `json:"source,omitempty"` // the first that gives a value wins
	Transforms  []Transform `json:"transform,omitempty"`
	Default     string      `json:"default,omitempty"`  // value, as text, where no source gives one
	Required    bool        `json:"required,omitempty"` // a record without it is kept and names it in params['_missing']
	Personal    bool        `json:"personal,omitempty"` // tells about a person: blanked where privacy says so
	Retired     bool        `json:"retired,omitempty"`  // stays in the table, NULL in new rows
	Description string      `json:"description,omitempty"`
}

// SourceKind is where a field takes its value from.
type SourceKind string

// The kinds of source. Their values are written kind:what.
const (
	FromQuery  SourceKind = "query"  // parameter of the pixel's URL; Names in order of rank
	FromHeader SourceKind = "header" // request header
	FromCookie SourceKind = "cookie" // cookie of the request
	FromPath   SourceKind = "path"   // segment of the request's path, from 1
	FromBody   SourceKind = "body"   // parameter of the body
	FromPage   SourceKind = "page"   // parameter of the page's URL
	Constant   SourceKind = "const"  // the text itself
)

// Source is one place of a value.
type Source struct {
	Kind    SourceKind `json:"kind"`
	Names   []string   `json:"names,omitempty"`   // of query, body and page; one of header and cookie
	Segment int        `json:"segment,omitempty"` // of path, from 1
	Value   string     `json:"value,omitempty"`   // of const
}

// TransformKind is what is done to a value.
type TransformKind string

// The transforms.
const (
	Lower   TransformKind = "lower"
	TrimTo  TransformKind = "trim"     // white space at both ends
	Cut     TransformKind = "cut"      // to N bytes, at a rune's edge
	SHA256  TransformKind = "sha256"   // of salt and value, 64 hex digits
	URLHost TransformKind = "url-host" // lower case, without port
	URLPath TransformKind = "url-path" // without query and fragment
	MapTo   TransformKind = "map"      // Values by value; what is not listed is absent
	Regexp  TransformKind = "regexp"   // first capture, or the whole match; RE2; no match is absent
)

// Transform is one step from the text of a source to the text of the column.
type Transform struct {
	Kind    TransformKind     `json:"kind"`
	N       int               `json:"n,omitempty"`
	Salt    string            `json:"salt,omitempty"`
	Values  map[string]string `json:"values,omitempty"`
	Pattern string            `json:"pattern,omitempty"`
}

// Schema returns the columns of the stack's table.
func (s Spec) Schema() event.Schema {
	fields := make([]event.Field, len(s.Fields))
	for i, f := range s.Fields {
		fields[i] = event.Field{Name: f.Name, Type: f.Type, Limit: f.limit(), Doc: f.Description}
	}
	return event.NewSchema(fields...)
}

// limit is the most bytes of a string column: what cut, sha256 and map leave,
// else the limit of other texts; the default always fits.
func (f Field) limit() int {
	if f.Type != event.String {
		return 0
	}
	limit := event.FieldText
	for _, t := range f.Transforms {
		switch t.Kind {
		case Cut:
			limit = t.N
		case SHA256:
			limit = 2 * sha256.Size
		case MapTo:
			limit = 1
			for _, v := range t.Values {
				limit = max(limit, len(v))
			}
		case Lower, TrimTo, URLHost, URLPath, Regexp:
		}
	}
	return max(limit, len(f.Default))
}
