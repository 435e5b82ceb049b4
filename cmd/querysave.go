package cmd

import (
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"pixelctl/pkg/config"
	"pixelctl/pkg/fault"
	"pixelctl/pkg/query"
	"pixelctl/pkg/spec/specfile"
	"pixelctl/pkg/ui"
)

// saveQuery keeps statements under a name in the project's file. Another text
// under that name is replaced when that is confirmed.
func (a *app) saveQuery(c *cobra.Command, q question, statements []string) error {
	want := specfile.Query{Name: q.save, SQL: savedText(statements)}
	if !specfile.IsQueryName(want.Name) {
		return usage(c, "--save: %q is no name of a query", want.Name).
			WithHint("use lower-case letters, digits, - and _, beginning with a letter, and no word of SQL")
	}
	if len(query.Tokens(want.SQL)) == 0 {
		return usage(c, "query: there is no statement to save")
	}
	o := config.Locate(config.Options{Env: environ, ReadFile: config.ReadFile}, a.flags.config)
	o.Explicit = false // one that is not there yet is made
	name, data, err := config.ReadProject(o)
	if err != nil {
		return err
	}
	list, err := specfile.Queries(name, data)
	if err != nil {
		return err
	}
	saved := ui.Saved{Name: want.Name, File: name, Action: "created", DryRun: q.dryRun, SQL: want.SQL}
	if i := slices.IndexFunc(list, func(o specfile.Query) bool { return o.Name == want.Name }); i >= 0 {
		saved.Action = "replaced"
		if list[i].SQL == want.SQL {
			saved.Action = "unchanged"
		}
	}
	text, err := specfile.SaveQuery(name, data, want)
	if err != nil {
		return err
	}
	if saved.Action != "unchanged" && !q.dryRun {
		if err := a.confirmReplace(c, saved); err != nil {
			return err
		}
		if err := config.WriteProject(o, data, text); err != nil {
			return err
		}
	}
	return a.show(ui.SavedQuery(saved))
}

func (a *app) confirmReplace(c *cobra.Command, s ui.Saved) error {
	if s.Action != "replaced" || a.flags.yes {
		return nil
	}
	question := fmt.Sprintf("Save replaces query %s of %s.", s.Name, s.File)
	if err := ui.ConfirmName(c.Context(), a.streams, question, s.Name); err != nil {
		return fault.New(fault.KindOf(err), "%w", err).WithHint("%s, or save it under another name", fault.HintOf(err))
	}
	return nil
}

// savedText is how statements are kept: without blank space around them, and
// with semicolons between. YAML knows one end of a line.
func savedText(statements []string) string {
	for i, sql := range statements {
		statements[i] = strings.ReplaceAll(strings.TrimSpace(sql), "\r\n", "\n")
	}
	return strings.Join(statements, ";\n")
}
