package cmd

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"

	"pixelctl/pkg/pipeline"
	"pixelctl/pkg/ui"
)

func newPurge(a *app) *cobra.Command {
	var o pipeline.PurgeOptions
	var when windowFlags
	c := &cobra.Command{
		Use: "purge", GroupID: groupPipeline, Args: noArgs,
		Short: "Remove recorded data and keep the stack",
		Long: `Purge removes records by received_at, from --since up to but without --until.
Hours that lie wholly in the window go as directories; files at its edges are
written anew without the rows. ` + timesHelp + `

On AWS it first waits until what the stream holds of the window lies in S3, as
long as the buffer and two minutes. Results of queries are copies of rows: they
go too. Between the copy and the removal of a file at an edge its rows are there
twice in tp_hits; hits shows them once.`,
		Example: `pixelctl purge --until 30d --dry-run
pixelctl purge --target local --since 2026-07-01 --until 2026-07-08 --yes
pixelctl purge --since "last week" --tz Europe/Berlin --dry-run
pixelctl purge --target local --all`,
		RunE: func(c *cobra.Command, _ []string) (err error) {
			if o.Window, err = when.window(a); err != nil {
				return err
			}
			return a.purge(c, o)
		},
	}
	f := c.Flags()
	f.BoolVar(&o.All, "all", false, "remove everything that was recorded")
	when.add(c, "first instant to remove, or a name such as yesterday for all of it", "first instant to keep again")
	f.BoolVar(&o.DryRun, "dry-run", false, "count what would be removed")
	c.MarkFlagsMutuallyExclusive("all", "since")
	c.MarkFlagsMutuallyExclusive("all", "until")
	c.MarkFlagsOneRequired("all", "since", "until")
	return c
}

func (a *app) purge(c *cobra.Command, o pipeline.PurgeOptions) error {
	r, err := confirmed(a, c, o.DryRun, func(ctx context.Context, p pipeline.Pipeline, dry bool, sink pipeline.Sink) (pipeline.PurgeResult, error) {
		o.DryRun = dry
		return p.Purge(ctx, o, sink)
	}, func(would pipeline.PurgeResult) string {
		return fmt.Sprintf("Purge removes %s of stack %s.", ui.Plural(would.Rows, "row"), a.flags.stack)
	})
	if err != nil {
		return err
	}
	return a.show(ui.Purge(r))
}
