package cmd

import (
	"github.com/spf13/cobra"
)

// newCompletion stands in for cobra's own command, whose help does not fit and
// which takes any word for a shell.
func newCompletion() *cobra.Command {
	c := &cobra.Command{
		Use: "completion", GroupID: groupSupport, Args: unknownCommand,
		Short: "Write the completion script of a shell",
		Long: `Completion writes a script that makes a shell complete commands, flags and their
values. It completes without asking any target.`,
		PersistentPreRunE: func(*cobra.Command, []string) error { return nil }, // no settings are needed
		RunE:              func(c *cobra.Command, _ []string) error { return c.Help() },
	}
	for _, s := range []struct {
		name, load string
		write      func(*cobra.Command) error
	}{
		{
			"bash", "source <(pixelctl completion bash)",
			func(c *cobra.Command) error { return c.Root().GenBashCompletionV2(c.OutOrStdout(), true) },
		},
		{
			"zsh", "source <(pixelctl completion zsh)",
			func(c *cobra.Command) error { return c.Root().GenZshCompletion(c.OutOrStdout()) },
		},
		{
			"fish", "pixelctl completion fish | source",
			func(c *cobra.Command) error { return c.Root().GenFishCompletion(c.OutOrStdout(), true) },
		},
		{
			"powershell", "pixelctl completion powershell | Out-String | Invoke-Expression",
			func(c *cobra.Command) error { return c.Root().GenPowerShellCompletionWithDesc(c.OutOrStdout()) },
		},
	} {
		c.AddCommand(&cobra.Command{
			Use: s.name, Args: noArgs, Example: s.load,
			Short: "Write the completion script of " + s.name,
			Long:  "The example loads the script into the running shell; put that line into the\nshell's startup file to have it in every shell.",
			RunE:  func(c *cobra.Command, _ []string) error { return s.write(c) },
		})
	}
	return c
}
