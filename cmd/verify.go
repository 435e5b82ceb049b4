package cmd

import (
	"context"
	"crypto/rand"
	"encoding/binary"

	"github.com/spf13/cobra"

	"pixelctl/pkg/cloud/session"
	"pixelctl/pkg/pipeline"
	"pixelctl/pkg/ui"
	"pixelctl/pkg/verify"
)

// verify sends hits and follows them. What became of them is shown also when
// some got stuck.
func (a *app) verify(c *cobra.Command, o verify.Options, endpoint string) (err error) {
	o.Clock, o.Command, o.Listed = a.clock, a.command, a.listed("hit --verify", o.Traffic.Site)
	if a.clock == nil {
		o.Clock = session.WallClock{}
	}
	if err := o.Validate(); err != nil {
		return err
	}
	p, err := a.pipeline(c.Context(), wish{})
	if err != nil {
		return err
	}
	if o.Traffic.Endpoint, err = a.endpoint(c.Context(), endpoint); err != nil {
		return err
	}
	if !c.Flags().Changed("seed") { // ids of this run alone
		if o.Traffic.Seed, err = seed(); err != nil {
			return err
		}
	}
	return a.followHits(c.Context(), p, o)
}

func (a *app) followHits(ctx context.Context, p pipeline.Pipeline, o verify.Options) error {
	report, err := followed(a, func(sink pipeline.Sink) (verify.Report, error) { return verify.Run(ctx, p, o, sink) })
	if len(report.Hits) == 0 {
		return err
	}
	if shown := a.show(ui.Verified(report)); shown != nil {
		return shown
	}
	return err
}

// seed is a random one, short enough to be read.
func seed() (uint64, error) {
	var b [4]byte
	_, err := rand.Read(b[:])
	return uint64(binary.BigEndian.Uint32(b[:])), err
}
