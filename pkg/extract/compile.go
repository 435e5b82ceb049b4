package extract

import (
	"fmt"
	"regexp"

	"pixelctl/pkg/event"
	"pixelctl/pkg/spec"
)

// maxSegment is the last segment that a path of the pixel has.
const maxSegment = len(Input{}.Path)

// Compile makes the plan of a spec. Retired fields are no part of it. It
// refuses what cannot run; whether the spec is wise, spec.Validate says.
func Compile(s spec.Spec) (*Plan, error) {
	schema := s.Schema().Fields()
	if len(s.Fields) > event.MaxFields {
		return nil, fmt.Errorf("compile fields: %d are more than %d", len(s.Fields), event.MaxFields)
	}
	p := &Plan{}
	for i, wish := range s.Fields {
		if wish.Retired {
			continue
		}
		f, err := compileField(wish, schema[i])
		if err != nil {
			return nil, fmt.Errorf("compile field %s: %w", wish.Name, err)
		}
		f.bit = 1 << len(p.fields)
		p.fields = append(p.fields, f)
	}
	for i := range p.fields { // the fields stay where they are from here on
		p.fields[i].fallback.Field = &p.fields[i].column
	}
	return p, nil
}

func compileField(wish spec.Field, column event.Field) (field, error) {
	f := field{column: column, required: wish.Required}
	for _, w := range wish.Sources {
		s, err := compileSource(w)
		if err != nil {
			return field{}, err
		}
		f.sources = append(f.sources, s)
	}
	for _, w := range wish.Transforms {
		s, err := compileStep(w)
		if err != nil {
			return field{}, err
		}
		f.steps = append(f.steps, s)
	}
	if wish.Default != "" {
		if f.fallback, f.filled = f.column.Parse(wish.Default); !f.filled {
			return field{}, fmt.Errorf("default %q is no %s", wish.Default, column.Type)
		}
	}
	return f, nil
}

func compileSource(w spec.Source) (source, error) {
	s := source{kind: w.Kind}
	switch w.Kind {
	case spec.FromQuery, spec.FromBody, spec.FromPage:
		if len(w.Names) == 0 {
			return s, fmt.Errorf("source %s names no parameter", w.Kind)
		}
		s.names = w.Names
	case spec.FromHeader, spec.FromCookie:
		if len(w.Names) != 1 {
			return s, fmt.Errorf("source %s has %d names, not 1", w.Kind, len(w.Names))
		}
		s.names = w.Names
		if w.Kind == spec.FromHeader {
			s.names = []string{canonical(w.Names[0])}
		}
	case spec.FromPath:
		if w.Segment < 1 || w.Segment > maxSegment {
			return s, fmt.Errorf("source path:%d: a pixel's path has segments 1 to %d", w.Segment, maxSegment)
		}
		s.segment = w.Segment - 1
	case spec.Constant:
		s.text = w.Value
	default:
		return s, fmt.Errorf("source %q is unknown", w.Kind)
	}
	return s, nil
}

func compileStep(w spec.Transform) (step, error) {
	s := step{kind: w.Kind, n: w.N, salt: w.Salt, values: w.Values}
	switch w.Kind {
	case spec.Lower, spec.TrimTo, spec.SHA256, spec.URLHost, spec.URLPath, spec.MapTo:
	case spec.Cut:
		if w.N < 1 {
			return s, fmt.Errorf("transform cut %d keeps nothing", w.N)
		}
	case spec.Regexp:
		pattern, err := regexp.Compile(w.Pattern)
		if err != nil {
			return s, fmt.Errorf("transform regexp: %w", err)
		}
		s.pattern = pattern
	default:
		return s, fmt.Errorf("transform %q is unknown", w.Kind)
	}
	return s, nil
}
