package cmd

import (
	"github.com/spf13/cobra"

	"pixelctl/embed"
	"pixelctl/pkg/ui"
)

func newTemplate(a *app) *cobra.Command {
	var artifact string
	c := &cobra.Command{
		Use: "template", GroupID: groupSupport, Args: noArgs,
		Short: "Print the CloudFormation template of the stack",
		Long: `Template prints the CloudFormation template that deploy uses on AWS, to read it
or to check it with tools of your own. With --artifact it also writes the zip of
the function, which the parameter ArtifactKey names by its SHA-256.`,
		Example: `pixelctl template
pixelctl template --artifact beacon.zip > template.yaml`,
		RunE: func(c *cobra.Command, _ []string) error {
			if artifact == "-" {
				return usage(c, "--artifact: the template goes to standard output").WithHint("name a file: %s --artifact beacon.zip", c.CommandPath())
			}
			if artifact != "" {
				if err := ui.WriteFile(a.streams, "artifact", artifact, func(s *ui.Streams) error {
					_, err := s.Out.Write(embed.Beacon())
					return err
				}); err != nil {
					return err
				}
			}
			return a.show(ui.Template(string(embed.Template())))
		},
	}
	c.Flags().StringVar(&artifact, "artifact", "", "write the zip of the function to this file")
	return c
}
