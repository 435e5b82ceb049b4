package cmd

import (
	"context"
	"errors"

	"github.com/spf13/cobra"

	"pixelctl/pkg/pipeline"
	"pixelctl/pkg/query"
	"pixelctl/pkg/ui"
)

func newTail(a *app) *cobra.Command {
	var o pipeline.TailOptions
	var filters []string
	c := &cobra.Command{
		Use: "tail", GroupID: groupData, Args: noArgs,
		Short: "Show the newest records, and those that come",
		Long: `Tail shows the newest records of the newest hour, one a line; --json gives all
their columns as JSON lines. With --follow it goes on with those that come until
it is interrupted, which is exit code 130, or until nobody reads them any more,
as in a pipe to head.

A --filter is NAME=VALUE, NAME!=VALUE, NAME~PART or NAME!~PART (contains, in any
case of letters). NAME is a column or params.KEY; of several all must hold.
Values are those that are stored, as the privacy settings left them.

On one machine records are seen as they come. On AWS they are seen when their
file came, and tail says how old that is: it lists the newest hours and has
Athena read what is new, for it reads each format. That bills 10 MB or more a
look, which is told.`,
		Example: `pixelctl tail
pixelctl tail --filter site=hotels --filter client_class!=bot --lines 50
pixelctl tail --target local --filter page_path~room --json
pixelctl tail --target local --follow --filter params.colour=blue`,
		RunE: func(c *cobra.Command, _ []string) error {
			for _, s := range filters {
				f, err := query.ParseFilter(s)
				if err != nil {
					return err
				}
				o.Filters = append(o.Filters, f)
			}
			if err := o.Validate(); err != nil {
				return err
			}
			return a.tail(c.Context(), o)
		},
	}
	f := c.Flags()
	f.SortFlags = false
	f.IntVarP(&o.Lines, "lines", "n", 10, "records to begin with")
	f.StringArrayVar(&filters, "filter", nil, "condition such as site=shop; may be given again")
	f.BoolVarP(&o.Follow, "follow", "f", false, "go on with the records that come")
	return c
}

func (a *app) tail(ctx context.Context, o pipeline.TailOptions) error {
	p, err := a.pipeline(ctx, wish{})
	if err != nil {
		return err
	}
	ctx, stop := a.streams.Out.UntilGone(ctx)
	defer stop()
	err = p.Tail(ctx, o, func(t pipeline.Tail) error {
		if err := ui.WriteTail(a.streams, t, a.flags.json); err != nil {
			return err
		}
		for _, w := range t.Warnings {
			if err := a.streams.Warn(w); err != nil {
				return err
			}
		}
		if note := ui.TailNote(t); note != "" && !a.silent() {
			return a.streams.Say(note)
		}
		return nil
	})
	if errors.Is(context.Cause(ctx), ui.ErrClosedPipe) {
		return ui.ErrClosedPipe
	}
	return err
}
