package cmd

import (
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"pixelctl/pkg/config"
	"pixelctl/pkg/ui"
)

// newHelp stands in for cobra's own command, which shows the root's page for an
// unknown word and calls that success. It needs no settings, so that help is
// there also when they are wrong.
func newHelp() *cobra.Command {
	return &cobra.Command{
		Use: "help [COMMAND]", GroupID: groupSupport,
		Short:             "Show the help of a command",
		Long:              "Help shows how a command is used, as COMMAND --help does.",
		Example:           "pixelctl help deploy\npixelctl help fields show",
		Args:              cobra.ArbitraryArgs,
		ValidArgsFunction: completeTopic,
		PersistentPreRunE: func(*cobra.Command, []string) error { return nil },
		RunE: func(c *cobra.Command, args []string) error {
			topic, rest, err := c.Root().Find(args)
			if err == nil {
				err = unknownCommand(topic, rest)
			}
			if err != nil {
				return err
			}
			topic.InitDefaultHelpFlag()
			topic.InitDefaultVersionFlag()
			return topic.Help()
		},
	}
}

func completeTopic(c *cobra.Command, args []string, prefix string) ([]string, cobra.ShellCompDirective) {
	var names []string
	if topic, rest, err := c.Root().Find(args); err == nil && len(rest) == 0 {
		names = subcommands(topic)
	}
	return fixed(names...)(c, args, prefix)
}

// help draws the help page of a command. Nothing can be done about a closed
// standard output here; finish sees it.
func (a *app) help(c *cobra.Command) {
	long := c.Long
	if long == "" {
		long = c.Short
	}
	h := ui.Help{
		Usage: strings.TrimSpace(c.UseLine()), Long: long, Examples: lines(c.Example),
		Groups: groups(c), Global: entries(c.Root().PersistentFlags(), nil),
		Flags: entries(c.Flags(), c.Root().PersistentFlags()),
	}
	h.More = more(c)
	_ = ui.WriteHelp(a.streams, h)
}

func lines(text string) []string {
	if text == "" {
		return nil
	}
	return strings.Split(text, "\n")
}

func groups(c *cobra.Command) []ui.HelpGroup {
	byID := map[string][]ui.HelpEntry{}
	for _, sub := range c.Commands() {
		if sub.IsAvailableCommand() || sub.Name() == "help" {
			byID[sub.GroupID] = append(byID[sub.GroupID], ui.HelpEntry{Name: sub.Name(), Doc: sub.Short})
		}
	}
	var out []ui.HelpGroup
	for _, g := range c.Groups() {
		out = append(out, ui.HelpGroup{Title: g.Title, Entries: byID[g.ID]})
	}
	return append(out, ui.HelpGroup{Title: "Commands", Entries: byID[""]})
}

// entries lists the flags of f that are not in without, in their own order.
func entries(f, without *pflag.FlagSet) []ui.HelpEntry {
	var out []ui.HelpEntry
	f.SortFlags = false
	f.VisitAll(func(f *pflag.Flag) {
		if f.Hidden || without != nil && without.Lookup(f.Name) != nil {
			return
		}
		out = append(out, ui.HelpEntry{Name: flagName(f), Doc: flagDoc(f)})
	})
	return out
}

func flagName(f *pflag.Flag) string {
	name := "    --" + f.Name
	if f.Shorthand != "" {
		name = "-" + f.Shorthand + ", --" + f.Name
	}
	kind, _ := pflag.UnquoteUsage(f)
	return strings.TrimRight(name+" "+kind, " ")
}

func flagDoc(f *pflag.Flag) string {
	_, doc := pflag.UnquoteUsage(f)
	switch f.DefValue {
	case "", "false", "0", "0s", "[]":
		return doc
	}
	return doc + " (default " + f.DefValue + ")"
}

func more(c *cobra.Command) []string {
	more := []string{
		"Every flag can be set in the environment (" + config.EnvName("target") + " for --target)",
		"or as a key of pixelctl.yaml.",
	}
	if c.HasParent() {
		return more
	}
	return append(more, "",
		"Exit codes: 0 done, 1 failed, 2 wrong use, 3 differences, 4 permission,",
		"5 not deployed, 6 busy, 7 partly done, 124 timed out, 130 interrupted.", "",
		"More about a command: pixelctl COMMAND --help")
}
