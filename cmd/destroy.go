package cmd

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"

	"pixelctl/pkg/pipeline"
	"pixelctl/pkg/ui"
)

func newDestroy(a *app) *cobra.Command {
	var o pipeline.DestroyOptions
	var w wish
	c := &cobra.Command{
		Use: "destroy", GroupID: groupPipeline, Args: noArgs,
		Short: "Remove the stack and everything it owns, and prove it",
		Long: `Destroy lists what goes, asks for the stack's name, stops taking hits, removes
everything and asks for each thing again. With --keep-data the lake stays and
can be queried as before. What cannot be removed is listed, with exit code 7.

On AWS it empties the buckets, of every version, and deletes the stack. Run it
again after Ctrl-C or a failure: it goes on where it was.`,
		Example: `pixelctl destroy --dry-run
pixelctl destroy --keep-data --yes
pixelctl destroy
pixelctl destroy --target local --yes`,
		RunE: func(c *cobra.Command, _ []string) error {
			if err := a.confirmDestroy(c.Context(), o); err != nil {
				return err
			}
			return a.destroy(c, w, o)
		},
	}
	c.Flags().BoolVar(&w.noWait, "no-wait", false, "aws: give up when another operation is under way (exit 6)")
	c.Flags().BoolVar(&o.KeepData, "keep-data", false, "keep the lake, to query it later")
	c.Flags().BoolVar(&o.DryRun, "dry-run", false, "list what would go")
	return c
}

// confirmDestroy shows what goes and asks for the stack's name.
func (a *app) confirmDestroy(ctx context.Context, o pipeline.DestroyOptions) error {
	if o.DryRun || a.flags.yes {
		return nil
	}
	p, err := a.pipeline(ctx, wish{})
	if err != nil {
		return err
	}
	inv, err := p.Inventory(ctx)
	if err != nil {
		return err
	}
	if err := ui.ShowInventory(a.streams, inv); err != nil {
		return err
	}
	return ui.ConfirmName(ctx, a.streams, fmt.Sprintf("Destroy removes stack %s.", inv.Stack), inv.Stack)
}

// destroy shows what was removed even when something is left.
func (a *app) destroy(c *cobra.Command, w wish, o pipeline.DestroyOptions) error {
	var failed error
	err := performWith(a, c, w, func(ctx context.Context, p pipeline.Pipeline, sink pipeline.Sink) (pipeline.DestroyResult, error) {
		r, err := p.Destroy(ctx, o, sink)
		if len(r.Items) > 0 && !o.DryRun && ctx.Err() == nil {
			failed, err = err, nil
		}
		return r, err
	}, func(r pipeline.DestroyResult) ui.View {
		if r.KeptData == "" || r.DryRun {
			return ui.Destroyed(r)
		}
		return ui.Destroyed(r).WithNext("pixelctl query" + a.stackFlags() + ` "SELECT count(*) FROM hits"`)
	})
	if err != nil {
		return err
	}
	return failed
}
