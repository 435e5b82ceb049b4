package cmd

import (
	"github.com/spf13/cobra"

	"pixelctl/pkg/ui"
)

func newVersion(a *app) *cobra.Command {
	return &cobra.Command{
		Use: "version", GroupID: groupSupport, Args: noArgs,
		Short:   "Show version, commit, Go and DuckDB",
		Example: "pixelctl version\npixelctl version --json",
		RunE: func(*cobra.Command, []string) error {
			return a.show(ui.Version(a.build))
		},
	}
}
