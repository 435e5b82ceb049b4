package spec

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"

	"pixelctl/pkg/fault"
)

// JSON returns s in its one form: keys in the order of the types, maps by
// key, nothing that is empty. The zero Spec is {}. Text that is no UTF-8,
// which Validate refuses, is replaced.
func (s Spec) JSON() []byte {
	var buf bytes.Buffer
	enc := json.NewEncoder(&buf)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(s); err != nil { // strings, numbers, lists and maps of strings always have a form
		return nil
	}
	return bytes.TrimSuffix(buf.Bytes(), []byte("\n"))
}

// Parse reads what JSON wrote: one object of at most MaxJSON bytes without
// unknown keys. It does not check the rules, so that what an older pixelctl
// deployed can be read: that is for Validate. Errors are fault.Failed.
func Parse(data []byte) (Spec, error) {
	if len(data) > MaxJSON {
		return Spec{}, fault.New(fault.Failed, "read spec: %d bytes, more than %d", len(data), MaxJSON)
	}
	dec := json.NewDecoder(bytes.NewReader(data))
	dec.DisallowUnknownFields()
	var s *Spec
	if err := dec.Decode(&s); err != nil {
		return Spec{}, fault.New(fault.Failed, "read spec: %w", noEOF(err))
	}
	if s == nil {
		return Spec{}, fault.New(fault.Failed, "read spec: null is no spec")
	}
	if _, err := dec.Token(); !errors.Is(err, io.EOF) {
		return Spec{}, fault.New(fault.Failed, "read spec: more than one value")
	}
	s.tidy()
	return *s, nil
}

// noEOF makes the end of the data an error that is no io.EOF to callers.
func noEOF(err error) error {
	if errors.Is(err, io.EOF) {
		return io.ErrUnexpectedEOF
	}
	return err
}

// tidy makes empty lists nil, as JSON leaves them out.
func (s *Spec) tidy() {
	for _, list := range []*[]string{&s.Drop, &s.AllowParams, &s.DenyParams, &s.Sites, &s.AliasesOff} {
		*list = unlessEmpty(*list)
	}
	s.Fields = unlessEmpty(s.Fields)
	for i := range s.Fields {
		f := &s.Fields[i]
		f.Sources, f.Transforms = unlessEmpty(f.Sources), unlessEmpty(f.Transforms)
		for j := range f.Sources {
			f.Sources[j].Names = unlessEmpty(f.Sources[j].Names)
		}
		for j := range f.Transforms {
			if len(f.Transforms[j].Values) == 0 {
				f.Transforms[j].Values = nil
			}
		}
	}
}

func unlessEmpty[T any](list []T) []T {
	if len(list) == 0 {
		return nil
	}
	return list
}
