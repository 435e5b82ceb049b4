package cmd

import (
	"context"

	"github.com/spf13/cobra"

	"pixelctl/pkg/pipeline"
	"pixelctl/pkg/ui"
)

func newCrawl(a *app) *cobra.Command {
	var o pipeline.CrawlOptions
	c := &cobra.Command{
		Use: "crawl", GroupID: groupData, Args: noArgs,
		Short: "Find partitions in the lake and register them",
		Long: `Crawl looks through the lake for hours that the catalog does not know and
registers them. It never changes columns. Queries do this by themselves; crawl
is for tools that read the catalog.`,
		Example: `pixelctl crawl --target local`,
		RunE: func(c *cobra.Command, _ []string) error {
			return perform(a, c, func(ctx context.Context, p pipeline.Pipeline, sink pipeline.Sink) (pipeline.CrawlResult, error) {
				return p.Crawl(ctx, o, sink)
			}, ui.Crawl)
		},
	}
	c.Flags().BoolVar(&o.DryRun, "dry-run", false, "show what would change")
	return c
}

func newRepair(a *app) *cobra.Command {
	var o pipeline.RepairOptions
	c := &cobra.Command{
		Use: "repair", GroupID: groupData, Args: noArgs,
		Short: "Register missing partitions, drop stale ones",
		Long: `Repair compares the catalog with the lake, registers the hours that are
missing and says how many. With --prune it drops those whose directory is gone.
A catalog that cannot be read is built anew from the files.`,
		Example: `pixelctl repair --target local
pixelctl repair --target local --prune --dry-run`,
		RunE: func(c *cobra.Command, _ []string) error {
			return perform(a, c, func(ctx context.Context, p pipeline.Pipeline, sink pipeline.Sink) (pipeline.RepairResult, error) {
				return p.Repair(ctx, o, sink)
			}, ui.Repair)
		},
	}
	c.Flags().BoolVar(&o.Prune, "prune", false, "drop partitions whose directory is gone")
	c.Flags().BoolVar(&o.DryRun, "dry-run", false, "show what would change")
	return c
}
