package local

import (
	"context"
	"log/slog"
	"time"

	"pixelctl/pkg/local/control"
	"pixelctl/pkg/local/disk"
	"pixelctl/pkg/pipeline"
	"pixelctl/pkg/spec"
)

// ServeOptions are what the serving process adds to the target's settings.
type ServeOptions struct {
	Clock   func() time.Time // the beacon's clock
	Version string
	Log     *slog.Logger
	Ready   func(control.Address) // called once, when the endpoint answers
	Spec    *spec.Spec            // what records hold; nil keeps what is deployed, or the default at first
}

// Serve runs the server in this process until ctx ends.
func (t *Target) Serve(ctx context.Context, o ServeOptions) error {
	p, err := t.wanted(pipeline.DeployOptions{Spec: o.Spec})
	if err != nil {
		return err
	}
	if err := t.usableDir(); err != nil {
		return err
	}
	h := &host{ServeOptions: o, layout: t.l, settings: p.want, converter: t.o.Converter, fs: disk.OS{}}
	return h.serve(ctx)
}
