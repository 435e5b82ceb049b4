package cmd

import (
	"github.com/spf13/cobra"

	"pixelctl/pkg/local"
	"pixelctl/pkg/local/flush"
	"pixelctl/pkg/ui"
)

// newConvert is what the server runs to turn a segment into files, in a
// process of its own.
func newConvert(a *app) *cobra.Command {
	return &cobra.Command{
		Use: "convert SEGMENT STAGING NAME", Hidden: true,
		Short: "Turn a spool segment into Parquet files",
		Args:  exactly(3),
		RunE: func(c *cobra.Command, args []string) error {
			done, err := local.Convert{}.Convert(c.Context(), flush.Conversion{Source: args[0], Staging: args[1], Name: args[2]})
			if err != nil {
				return err
			}
			return ui.WriteJSON(a.streams.Out, done)
		},
	}
}
