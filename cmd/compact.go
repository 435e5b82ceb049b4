package cmd

import (
	"context"

	"github.com/spf13/cobra"

	"pixelctl/pkg/pipeline"
	"pixelctl/pkg/query"
	"pixelctl/pkg/ui"
)

func newCompact(a *app) *cobra.Command {
	var o pipeline.CompactOptions
	var until, tz, size string
	c := &cobra.Command{
		Use: "compact", GroupID: groupData, Args: noArgs,
		Short: "Make few files of many small ones",
		Long: `Compact writes the small files of each hour that ended by --until as few, up
to --target-size each. Rows stay as they are; their number and a digest over all
values are compared before an old file goes. A reader sees the old files or the
new ones, also after a kill; the next run takes up what was left.

Questions open every file of the hours that they read: status says when there
are so many that compacting is worth it. On AWS Athena writes the files, at the
price of two small questions an hour; how many files it makes is its choice, and
an hour that would not have fewer is left as it is. A question that runs at that
moment may fail there; ask it again. Hours of a table that projects its
partitions cannot be exchanged unseen: deploy --partitions catalog first, and
--partitions projection after it.`,
		Example: `pixelctl compact --until 1d --dry-run
pixelctl compact --until 1d --target-size 256MB
pixelctl compact --target local --until today`,
		RunE: func(c *cobra.Command, _ []string) error {
			w, err := query.ParseWindow("", until, tz, a.now())
			if err != nil {
				return err
			}
			o.Until = w.Until
			if o.TargetSize, err = parseSize(c, "target-size", size); err != nil {
				return err
			}
			if err := o.Validate(a.now()); err != nil {
				return err
			}
			return perform(a, c, func(ctx context.Context, p pipeline.Pipeline, sink pipeline.Sink) (pipeline.CompactResult, error) {
				return p.Compact(ctx, o, sink)
			}, ui.Compact)
		},
	}
	f := c.Flags()
	f.SortFlags = false
	f.StringVar(&until, "until", "", "only hours that ended by then: 1d, yesterday, 2026-07-05")
	f.StringVar(&tz, "tz", "", "time zone of dates and names, such as Europe/Berlin; UTC by default")
	f.StringVar(&size, "target-size", "128MB", "bytes that a new file has at most")
	f.BoolVar(&o.DryRun, "dry-run", false, "show what would change")
	_ = c.RegisterFlagCompletionFunc("until", fixed(query.WindowNames()...))
	return c
}
