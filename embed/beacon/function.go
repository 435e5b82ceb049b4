package main

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"pixelctl/pkg/beacon"
	"pixelctl/pkg/privacy"
	"pixelctl/pkg/spec"
)

// specFile lies beside the executable in the zip, when the stack has a spec.
const specFile = "spec.json"

// newFunction makes the handler of this environment. Its error is a mistake in
// the program: whatever the spec, the function answers.
func newFunction(ctx context.Context, env func(string) string, log io.Writer) (*handler, error) {
	l := logger{log}
	wish := readSpec(filepath.Join(env("LAMBDA_TASK_ROOT"), specFile), l)
	h := &handler{stream: newStream(env), logger: l}
	if wish.Privacy.NeedsSecret() {
		h.keys = &keyring{vault: newSecret(env), fail: l.noKeys}
		h.keys.refresh(ctx)
	}
	var err error
	h.beacon, err = compile(wish, h.keys, env("PIXELCTL_VERSION"), l)
	return h, err
}

// readSpec gives the spec of the zip. Nobody may have more kept of him than he
// was told, so that of one that cannot be read the strictest is made.
func readSpec(name string, l logger) spec.Spec {
	text, err := os.ReadFile(name)
	if errors.Is(err, fs.ErrNotExist) {
		return spec.Spec{}
	}
	var s spec.Spec
	if err == nil {
		s, err = spec.Parse(text)
	}
	if err != nil {
		l.noSpec(err)
		return privacy.Fallback()
	}
	return s
}

// compile makes the beacon of a spec, or of the strictest when it does not
// compile.
func compile(wish spec.Spec, keys *keyring, version string, l logger) (*beacon.Beacon, error) {
	o := beacon.Options{Collector: "pixelctl aws", Spec: wish}
	if version != "" {
		o.Collector = "pixelctl/" + version + " aws"
	}
	if keys != nil { // an interface that holds a nil pointer is not nil
		o.Keys = keys
	}
	b, err := beacon.New(o)
	if err != nil {
		l.noSpec(err)
		o.Spec = privacy.Fallback()
		return beacon.New(o)
	}
	return b, nil
}
