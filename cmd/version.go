package cmd

import (
	"crypto/sha256"
	"encoding/hex"

	"github.com/spf13/cobra"

	"pixelctl/embed"
	"pixelctl/pkg/ui"
)

func newVersion(a *app) *cobra.Command {
	return &cobra.Command{
		Use: "version", GroupID: groupSupport, Args: noArgs,
		Short:   "Show version, commit, Go, DuckDB and the function's digest",
		Example: "pixelctl version\npixelctl version --json",
		RunE: func(*cobra.Command, []string) error {
			digest := sha256.Sum256(embed.Beacon())
			build := a.build
			build.Beacon = hex.EncodeToString(digest[:])
			return a.show(ui.Version(build))
		},
	}
}
