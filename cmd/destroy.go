package cmd

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"

	"pixelctl/pkg/local"
	"pixelctl/pkg/pipeline"
	"pixelctl/pkg/ui"
)

func newDestroy(a *app) *cobra.Command {
	var o pipeline.DestroyOptions
	c := &cobra.Command{
		Use: "destroy", GroupID: groupPipeline, Args: noArgs,
		Short: "Remove the stack and everything it owns, and prove it",
		Long: `Destroy lists what goes, asks for the stack's name, stops the server, removes
everything and asks for each thing again. With --keep-data the lake stays and
can be queried as before. What cannot be removed is listed, with exit code 7.`,
		Example: `pixelctl destroy --target local --dry-run
pixelctl destroy --target local --keep-data
pixelctl destroy --target local --yes`,
		RunE: func(c *cobra.Command, _ []string) error {
			if err := a.confirmDestroy(c.Context(), o); err != nil {
				return err
			}
			return a.destroy(c, o)
		},
	}
	c.Flags().BoolVar(&o.KeepData, "keep-data", false, "keep the lake, to query it later")
	c.Flags().BoolVar(&o.DryRun, "dry-run", false, "list what would go")
	return c
}

// confirmDestroy shows what goes and asks for the stack's name.
func (a *app) confirmDestroy(ctx context.Context, o pipeline.DestroyOptions) error {
	if o.DryRun || a.flags.yes {
		return nil
	}
	p, err := a.pipeline(local.Patch{})
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
func (a *app) destroy(c *cobra.Command, o pipeline.DestroyOptions) error {
	var failed error
	err := perform(a, c, func(ctx context.Context, p pipeline.Pipeline, sink pipeline.Sink) (pipeline.DestroyResult, error) {
		r, err := p.Destroy(ctx, o, sink)
		if len(r.Items) > 0 && !o.DryRun && ctx.Err() == nil {
			failed, err = err, nil
		}
		return r, err
	}, ui.Destroyed)
	if err != nil {
		return err
	}
	return failed
}
