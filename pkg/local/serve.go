package local

import (
	"context"
	"log/slog"
	"time"

	"pixelctl/pkg/local/control"
	"pixelctl/pkg/local/disk"
	"pixelctl/pkg/pipeline"
)

// ServeOptions are what the serving process adds to the target's settings.
type ServeOptions struct {
	Clock   func() time.Time // the beacon's clock
	Version string
	Log     *slog.Logger
	Ready   func(control.Address) // called once, when the endpoint answers
}

// Serve runs the server in this process until ctx ends.
func (t *Target) Serve(ctx context.Context, o ServeOptions) error {
	_, want, err := t.wanted(pipeline.DeployOptions{})
	if err != nil {
		return err
	}
	if err := t.usableDir(); err != nil {
		return err
	}
	h := &host{ServeOptions: o, layout: t.l, settings: want, converter: t.o.Converter, fs: disk.OS{}}
	return h.serve(ctx)
}
