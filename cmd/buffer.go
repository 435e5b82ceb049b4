package cmd

import (
	"context"
	"strconv"
	"time"

	"github.com/spf13/cobra"

	"pixelctl/pkg/pipeline"
	"pixelctl/pkg/ui"
)

func newBuffer(a *app) *cobra.Command {
	var dryRun bool
	c := &cobra.Command{
		Use: "buffer [60s…15m]", GroupID: groupTuning, Args: optional,
		Short: "Show or change how long records wait before they become a file",
		Long: `Buffer shows the longest wait of a record before it becomes part of a file, or
changes it: 60s while you set things up, 15m for fewer and larger files. The
change needs no restart, survives one, and loses nothing. On AWS it is a
parameter of the stack, so the next deploy keeps it.`,
		Example: `pixelctl buffer
pixelctl buffer 60s
pixelctl buffer 15m --target local`,
		ValidArgs: []string{"60s", "5m", "15m"},
		RunE: func(c *cobra.Command, args []string) error {
			if len(args) == 0 {
				return perform(a, c, func(ctx context.Context, p pipeline.Pipeline, _ pipeline.Sink) (time.Duration, error) {
					return p.Buffer(ctx)
				}, ui.Buffer)
			}
			interval, err := parseBuffer(c, args[0])
			if err != nil {
				return err
			}
			o := pipeline.BufferOptions{Interval: interval, DryRun: dryRun}
			return perform(a, c, func(ctx context.Context, p pipeline.Pipeline, sink pipeline.Sink) (pipeline.BufferResult, error) {
				return p.SetBuffer(ctx, o, sink)
			}, ui.BufferChange)
		},
	}
	c.Flags().BoolVar(&dryRun, "dry-run", false, "show what would change")
	return c
}

// parseBuffer takes 60s, 15m, 1m30s or plain seconds.
func parseBuffer(c *cobra.Command, s string) (time.Duration, error) {
	if n, err := strconv.Atoi(s); err == nil {
		s = strconv.Itoa(n) + "s"
	}
	d, err := time.ParseDuration(s)
	if err != nil {
		return 0, usage(c, "buffer: %q is no duration", s).WithHint("pixelctl buffer 60s, or pixelctl buffer 15m")
	}
	return d, pipeline.ValidateBuffer(d)
}
