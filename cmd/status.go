package cmd

import (
	"context"

	"github.com/spf13/cobra"

	"pixelctl/pkg/pipeline"
	"pixelctl/pkg/ui"
)

func newStatus(a *app) *cobra.Command {
	return &cobra.Command{
		Use: "status", GroupID: groupPipeline, Args: noArgs,
		Short: "Show what runs, what was counted and what is stored",
		Long: `Status shows the endpoint, the hits received, recorded and dropped (by reason),
what waits to become a file, what lies in the lake, and each problem with what
mends it. Counts are since the stack was made; on AWS they come from CloudWatch
and are some minutes old.`,
		Example: `pixelctl status
pixelctl status --stack shop --json
pixelctl status --target local --json | jq .hits.dropped`,
		RunE: func(c *cobra.Command, _ []string) error {
			return perform(a, c, func(ctx context.Context, p pipeline.Pipeline, _ pipeline.Sink) (pipeline.Status, error) {
				return p.Status(ctx)
			}, ui.Status)
		},
	}
}
