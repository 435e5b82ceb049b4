// Package extract gives a record the columns that its spec adds. A spec is
// compiled once into a plan; the plan runs for each hit without reflection and
// without building maps. It does no I/O.
package extract

import (
	"strings"

	"pixelctl/pkg/event"
)

// MaxText is how many bytes of a source are read; the rest is cut off before
// the first transform.
const MaxText = 2_048

// Headers gives request headers by canonical name.
type Headers interface {
	Get(canonicalName string) string
}

// Params are the parameters of a query, a body or a page's URL.
type Params interface {
	// Find returns the value of the first parameter with this name whose
	// value is not empty, and its place, 0 or more; -1 when there is none.
	Find(name string) (value string, place int)
	// Take says that the parameter at a place has become a column.
	Take(place int)
}

// Input is one hit as the sources see it. Nil is none.
type Input struct {
	Query, Body, Page Params
	Header            Headers
	Host              string    // where the host keeps it apart from the headers
	Path              [2]string // decoded segments of /<site>/<label>.gif, the second without .gif
}

// Scratch is memory that hits share. The zero value is ready.
type Scratch struct {
	cookies []cookie
	parsed  bool // cookies are those of this hit
	buf     []byte
}

// Trace is told what each field was made of. It is for explanations, not for
// the hot path.
type Trace func(column, source string)

// Plan is a compiled spec. It is safe for concurrent use.
type Plan struct {
	fields []field
}

// field is one compiled column.
type field struct {
	column   event.Field
	sources  []source
	steps    []step
	fallback event.Value // the default
	filled   bool        // there is a default
	required bool
	bit      uint64 // of Missing
}

// Missing is a set of required fields that a record lacks; 0 is none.
type Missing uint64

// A field has a bit of Missing. This does not compile when there are more.
const _ = uint(64 - event.MaxFields)

// Empty says whether the plan adds no column.
func (p *Plan) Empty() bool { return len(p.fields) == 0 }

// Run appends to dst the values of the fields that are present, in the order
// of the spec, and returns the required ones that are not. trace may be nil.
//
// The first source that gives a text which every transform lets through and
// which fits the type wins, and its parameter is taken. The default stands
// where no source gives a text; a text that does not fit leaves the column
// NULL, so that a mistake shows.
func (p *Plan) Run(in *Input, sc *Scratch, dst []event.Value, trace Trace) ([]event.Value, Missing) {
	var missing Missing
	sc.parsed = false
	for i := range p.fields {
		f := &p.fields[i]
		v, ok := f.value(in, sc, trace)
		switch {
		case ok:
			dst = append(dst, v)
		case f.required:
			missing |= Missing(f.bit)
		}
	}
	return dst, missing
}

// value finds the value of one field.
func (f *field) value(in *Input, sc *Scratch, trace Trace) (event.Value, bool) {
	unfit := false
	for i := range f.sources {
		s := &f.sources[i]
		for n := range s.count() {
			text, place := s.read(in, sc, n)
			if text == "" {
				continue
			}
			text = f.transform(bounded(text), sc)
			if text == "" {
				continue
			}
			v, ok := f.column.Parse(text)
			if !ok {
				unfit = true
				continue
			}
			v.Field = &f.column
			if p := s.params(in); p != nil {
				p.Take(place)
			}
			if trace != nil {
				trace(f.column.Name, f.story(s, n))
			}
			return v, true
		}
	}
	if unfit || !f.filled {
		return event.Value{}, false
	}
	if trace != nil {
		trace(f.column.Name, "default")
	}
	return f.fallback, true
}

// maxNames bounds the text of Names: it goes into a header and a parameter.
const maxNames = 256

// Names returns the missing fields' names, joined by commas, in the order of
// the spec; those beyond 256 bytes are left out and "more" stands for them.
func (p *Plan) Names(m Missing) string {
	var b strings.Builder
	for i := range p.fields {
		f := &p.fields[i]
		if uint64(m)&f.bit == 0 || !f.required {
			continue
		}
		name := f.column.Name
		if b.Len()+len(name)+len(",more")+1 > maxNames {
			name = "more"
			m = 0
		}
		if b.Len() > 0 {
			b.WriteByte(',')
		}
		b.WriteString(name)
	}
	return b.String()
}

// story tells where a value came from: its source, then each transform.
func (f *field) story(s *source, n int) string {
	words := []string{string(s.kind) + ":" + s.name(n)}
	for i := range f.steps {
		words = append(words, string(f.steps[i].kind))
	}
	return strings.Join(words, ", ")
}
