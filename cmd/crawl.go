package cmd

import (
	"context"

	"github.com/spf13/cobra"

	"pixelctl/pkg/pipeline"
	"pixelctl/pkg/ui"
)

func newCrawl(a *app) *cobra.Command {
	var o pipeline.CrawlOptions
	var wait bool
	c := &cobra.Command{
		Use: "crawl", GroupID: groupData, Args: noArgs,
		Short: "Find partitions in the lake and register them",
		Long: `Crawl looks through the lake for hours that the catalog does not know and
registers them. It never changes columns. Queries do this by themselves; crawl
is for tools that read the catalog.

On AWS it starts the crawler of the stack and follows it, or joins a crawl that
is under way. A crawl is billed for 10 minutes or more; repair costs nothing.`,
		Example: `pixelctl crawl
pixelctl crawl --wait=false
pixelctl crawl --target local`,
		RunE: func(c *cobra.Command, _ []string) error {
			o.Start = !wait
			return perform(a, c, func(ctx context.Context, p pipeline.Pipeline, sink pipeline.Sink) (pipeline.CrawlResult, error) {
				return p.Crawl(ctx, o, sink)
			}, ui.Crawl)
		},
	}
	c.Flags().BoolVar(&wait, "wait", true, "aws: follow the crawler to its end")
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
Directories such as month=07 give an hour a second name: they are listed and
left out.

On AWS it lists the bucket and asks Glue for just the missing hours; --msck has
Athena look instead. On the local target a catalog that cannot be read is built
anew from the files.`,
		Example: `pixelctl repair
pixelctl repair --msck
pixelctl repair --prune --dry-run
pixelctl repair --target local`,
		RunE: func(c *cobra.Command, _ []string) error {
			return perform(a, c, func(ctx context.Context, p pipeline.Pipeline, sink pipeline.Sink) (pipeline.RepairResult, error) {
				return p.Repair(ctx, o, sink)
			}, ui.Repair)
		},
	}
	c.Flags().BoolVar(&o.MSCK, "msck", false, "aws: have Athena look, by MSCK REPAIR TABLE")
	c.Flags().BoolVar(&o.Prune, "prune", false, "drop partitions whose directory is gone")
	c.Flags().BoolVar(&o.DryRun, "dry-run", false, "show what would change")
	return c
}
