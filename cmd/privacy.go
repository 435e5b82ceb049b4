package cmd

import (
	"context"

	"github.com/spf13/cobra"

	"pixelctl/pkg/pipeline"
	"pixelctl/pkg/privacy"
	"pixelctl/pkg/privacy/statement"
	"pixelctl/pkg/ui"
)

func newPrivacy(a *app) *cobra.Command {
	c := &cobra.Command{
		Use: "privacy", GroupID: groupSupport, Args: unknownCommand,
		Short: "Say what is kept of visitors, and what could be kept less",
		RunE:  func(c *cobra.Command, _ []string) error { return c.Help() },
	}
	c.AddCommand(newPrivacyStatement(a), newPrivacyCheck(a), newPrivacyModes(a))
	return c
}

func newPrivacyStatement(a *app) *cobra.Command {
	var format, out string
	c := &cobra.Command{
		Use: "statement", Args: noArgs,
		Short: "Write a statement for visitors from what is deployed",
		Long: `Statement says in plain language what the deployed stack keeps of visitors, for
how long, where, who can read it, and how to object. It is made from the
settings in force, not from the file beside you. It is no legal advice.`,
		Example: `pixelctl privacy statement --target local
pixelctl privacy statement --target local --format html --out privacy.html`,
		RunE: func(c *cobra.Command, _ []string) error {
			if format != "markdown" && format != "html" {
				return usage(c, "--format: unknown format %q", format).WithHint("use markdown or html")
			}
			return a.statement(c.Context(), format, out)
		},
	}
	f := c.Flags()
	f.StringVar(&format, "format", "markdown", "markdown or html")
	f.StringVar(&out, "out", "", "write the statement to this file")
	_ = c.RegisterFlagCompletionFunc("format", fixed("markdown", "html"))
	return c
}

func (a *app) statement(ctx context.Context, format, out string) error {
	kept, err := a.kept(ctx)
	if err != nil {
		return err
	}
	d := statement.Of(statement.Live(kept))
	text := d.Markdown()
	if format == "html" {
		if text, err = d.HTML(); err != nil {
			return err
		}
	}
	view := ui.Statement(text, d)
	return ui.WriteOut(a.streams, "out", out, func(s *ui.Streams) error { return ui.Show(s, view, a.flags.json) })
}

// kept asks the deployed stack what it keeps.
func (a *app) kept(ctx context.Context) (kept pipeline.Kept, err error) {
	p, err := a.pipeline(ctx, wish{})
	if err != nil {
		return kept, err
	}
	err = a.follow(func(pipeline.Sink) (err error) {
		kept, err = p.Kept(ctx)
		return err
	})
	return kept, err
}

func newPrivacyCheck(a *app) *cobra.Command {
	return &cobra.Command{
		Use: "check", Args: noArgs,
		Short: "Show what is set, and what a strict reading would change",
		Long: `Check takes the settings that are deployed and names each that a strict reading
of privacy law would set otherwise, with the reason. It changes nothing, and it
is no legal advice.`,
		Example: "pixelctl privacy check --target local",
		RunE: func(c *cobra.Command, _ []string) error {
			kept, err := a.kept(c.Context())
			if err != nil {
				return err
			}
			return a.show(ui.Findings(statement.Check(kept.Spec, kept.RetentionDays)))
		},
	}
}

func newPrivacyModes(a *app) *cobra.Command {
	return &cobra.Command{
		Use: "modes", Args: noArgs,
		Short: "Show what each privacy mode does to each column",
		Long: `Modes shows which columns each privacy mode cuts, hashes, sets or leaves blank;
all others stay as they came. Piped it is one table in Markdown: a row for each
column that a mode touches, a column for each mode. It is made from the table
that the pixel itself goes by.`,
		Example: "pixelctl privacy modes",
		RunE: func(*cobra.Command, []string) error {
			var modes []ui.Mode
			for _, m := range privacy.Modes() {
				effects := map[string][]string{}
				for action, columns := range privacy.Touched(m) {
					effects[string(action)] = columns
				}
				modes = append(modes, ui.Mode{Name: string(m), Effects: effects})
			}
			return a.show(ui.Modes(privacy.Markdown(), modes))
		},
	}
}
