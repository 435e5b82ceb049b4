package compute

import (
	"archive/zip"
	"bytes"
	"io"

	"pixelctl/pkg/awsfake/wire"
	"pixelctl/pkg/beacon"
	"pixelctl/pkg/privacy"
	"pixelctl/pkg/spec"
)

// specOf reads spec.json of a zip by itself, as Lambda unpacks it for the
// function: a mistake of whoever packed it must show.
func specOf(zipped []byte) (spec.Spec, error) {
	r, err := zip.NewReader(bytes.NewReader(zipped), int64(len(zipped)))
	if err != nil {
		return spec.Spec{}, notUnzipped()
	}
	var text []byte
	for _, f := range r.File { // of two with one name the last remains
		if f.Name != "spec.json" {
			continue
		}
		in, err := f.Open()
		if err != nil {
			return spec.Spec{}, notUnzipped()
		}
		text, err = io.ReadAll(in)
		if err != nil || in.Close() != nil {
			return spec.Spec{}, notUnzipped()
		}
	}
	return understood(text), nil
}

// understood gives the spec of a text, which is nil when there is none. One that
// is no spec is the strictest, as in the function.
func understood(text []byte) spec.Spec {
	if text == nil {
		return spec.Spec{}
	}
	s, err := spec.Parse(text)
	if err != nil {
		return privacy.Fallback()
	}
	return s
}

func notUnzipped() error {
	return wire.Error{
		Code:    "InvalidParameterValueException",
		Message: "Could not unzip uploaded file. Please check your file, then try to upload again.",
	}
}

// start does what the function does when it starts.
func (s *Lambda) start(f *Function, wish spec.Spec) error {
	env := f.Environment.Variables
	o := beacon.Options{Collector: "pixelctl aws", Spec: wish}
	if v := env["PIXELCTL_VERSION"]; v != "" {
		o.Collector = "pixelctl/" + v + " aws"
	}
	f.keys = nil
	if wish.Privacy.NeedsSecret() {
		f.keys = &keys{options: &s.o, id: env["PIXELCTL_SECRET"]}
		o.Keys = f.keys
	}
	var err error
	if f.beacon, err = beacon.New(o); err != nil {
		o.Spec = privacy.Fallback()
		f.beacon, err = beacon.New(o)
	}
	return err
}
