package cmd

import (
	"github.com/spf13/cobra"

	"pixelctl/pkg/event"
	"pixelctl/pkg/ui"
)

func newFields(a *app) *cobra.Command {
	c := &cobra.Command{
		Use: "fields", GroupID: groupTuning, Args: unknownCommand,
		Short: "Show what a record holds",
		RunE:  func(c *cobra.Command, _ []string) error { return c.Help() },
	}
	c.AddCommand(&cobra.Command{
		Use: "show", Args: noArgs,
		Short: "Show the columns of the record: name, type, source and limit",
		Long: `Show prints the columns of the record in their order: the type on AWS, when the
JSON line holds them, where each value comes from and where it is cut.
It prints Markdown, or JSON with --json.`,
		Example: "pixelctl fields show\npixelctl fields show --json",
		RunE: func(*cobra.Command, []string) error {
			return a.show(ui.Fields(event.Schema{}.Markdown(), event.Schema{}.Columns()))
		},
	})
	return c
}
