package cmd

import (
	"github.com/spf13/cobra"

	"pixelctl/pkg/local"
	"pixelctl/pkg/ui"
)

// newConvert is what the server runs to turn a segment into files, in a
// process of its own.
func newConvert(a *app) *cobra.Command {
	return &cobra.Command{
		Use: "convert SEGMENT STAGING NAME COLUMNS", Hidden: true,
		Short: "Turn a spool segment into Parquet files",
		Args:  exactly(4),
		RunE: func(c *cobra.Command, args []string) error {
			done, err := local.ConvertArgs(c.Context(), args[0], args[1], args[2], args[3])
			if err != nil {
				return err
			}
			return ui.WriteJSON(a.streams.Out, done)
		},
	}
}
