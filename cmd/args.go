package cmd

import (
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"pixelctl/pkg/fault"
)

// noArgs refuses arguments with a typed error.
func noArgs(c *cobra.Command, args []string) error {
	if len(args) > 0 {
		return usage(c, "%s takes no argument, but got %q", c.CommandPath(), args[0])
	}
	return nil
}

// optional allows one argument.
func optional(c *cobra.Command, args []string) error {
	if len(args) > 1 {
		return usage(c, "%s takes at most 1 argument, but got %d", c.CommandPath(), len(args))
	}
	return nil
}

// exactly wants n arguments.
func exactly(n int) cobra.PositionalArgs {
	return func(c *cobra.Command, args []string) error {
		if len(args) != n {
			return usage(c, "%s takes %d arguments, but got %d", c.CommandPath(), n, len(args))
		}
		return nil
	}
}

// usage is a typed error that points to the help of c.
func usage(c *cobra.Command, format string, args ...any) *fault.Error {
	return fault.New(fault.Usage, format, args...).WithHint("%s --help", c.CommandPath())
}

// unknownCommand is for commands that only group others: an argument is a
// mistyped command, and is never run.
func unknownCommand(c *cobra.Command, args []string) error {
	if len(args) == 0 {
		return nil
	}
	err := usage(c, "unknown command %q", args[0])
	if near := fault.Nearest(args[0], subcommands(c)); near != "" {
		return err.WithHint("did you mean %s %s?", c.CommandPath(), near)
	}
	return err
}

func subcommands(c *cobra.Command) []string {
	var names []string
	for _, sub := range c.Commands() {
		if sub.IsAvailableCommand() {
			names = append(names, sub.Name())
		}
	}
	return names
}

// flagError types what pflag says and names the nearest flag.
func flagError(c *cobra.Command, err error) error {
	var unknown *pflag.NotExistError
	if !errors.As(err, &unknown) || unknown.GetSpecifiedShortnames() != "" {
		return usage(c, "%w", err)
	}
	var names []string
	c.Flags().VisitAll(func(f *pflag.Flag) { names = append(names, f.Name) })
	name := unknown.GetSpecifiedName()
	e := usage(c, "unknown flag --%s", name)
	if near := fault.Nearest(name, names); near != "" {
		return e.WithHint("did you mean --%s?", near)
	}
	return e
}

// together says in short what cobra says of flags that exclude each other.
func together(err error) error {
	_, given, ok := strings.Cut(err.Error(), "none of the others can be; [")
	given, _, found := strings.Cut(given, "] were all set")
	if !ok || !found {
		return err
	}
	return fmt.Errorf("--%s do not go together", strings.Join(strings.Fields(given), " and --"))
}

// fixed completes a flag from a fixed list.
func fixed(values ...string) cobra.CompletionFunc {
	return func(_ *cobra.Command, _ []string, prefix string) ([]string, cobra.ShellCompDirective) {
		var match []string
		for _, v := range values {
			if strings.HasPrefix(v, prefix) {
				match = append(match, v)
			}
		}
		return match, cobra.ShellCompDirectiveNoFileComp
	}
}
