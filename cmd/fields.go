package cmd

import (
	"context"

	"github.com/spf13/cobra"

	"pixelctl/pkg/config"
	"pixelctl/pkg/fault"
	"pixelctl/pkg/spec"
	"pixelctl/pkg/spec/specfile"
	"pixelctl/pkg/ui"
)

func newFields(a *app) *cobra.Command {
	c := &cobra.Command{
		Use: "fields", GroupID: groupTuning, Args: unknownCommand,
		Short: "Show and test what a record holds",
		Long: `What a record holds is written in pixelctl.yaml: own columns under fields, and
drop, allow_params, deny_params, sites, aliases and privacy. deploy puts it into
force.`,
		RunE: func(c *cobra.Command, _ []string) error { return c.Help() },
	}
	c.AddCommand(newFieldsShow(a), newFieldsCheck(a), newFieldsDiff(a), newFieldsTest(a))
	return c
}

func newFieldsShow(a *app) *cobra.Command {
	return &cobra.Command{
		Use: "show", Args: noArgs,
		Short: "Show the columns of the record: name, type, source and limit",
		Long: `Show prints the columns of the record in their order, those of pixelctl.yaml
last: the type on AWS, when the JSON line holds them, where each value comes
from and where it is cut. Piped it is one table in Markdown.`,
		Example: "pixelctl fields show\npixelctl fields show --json",
		RunE: func(*cobra.Command, []string) error {
			s, err := a.fileSpec()
			if err != nil {
				return err
			}
			schema := s.Schema()
			return a.show(ui.Fields(schema.Markdown(), schema.Columns()))
		},
	}
}

func newFieldsCheck(a *app) *cobra.Command {
	return &cobra.Command{
		Use: "check", Args: noArgs,
		Short: "Check what pixelctl.yaml says about records",
		Long: `Check reads fields, drop, allow_params, deny_params, sites, aliases and privacy
of pixelctl.yaml, or of the file that --config names, and lists everything that
is wrong with its place. It changes nothing and asks no stack.`,
		Example: "pixelctl fields check",
		RunE: func(*cobra.Command, []string) error {
			name, data, err := a.specSource()
			if err != nil {
				return err
			}
			if data == nil {
				return fault.New(fault.Usage, "check fields: there is no %s here", config.ProjectName).WithHint("write one, or name it with --config")
			}
			problems := specfile.Check(name, data)
			var s spec.Spec
			if len(problems) == 0 {
				if s, err = specfile.Read(name, data); err != nil {
					return err
				}
			}
			if err := a.show(ui.SpecCheck(name, s, problems)); err != nil || len(problems) == 0 {
				return err
			}
			return fault.New(fault.Usage, "%w", errShown)
		},
	}
}

func newFieldsDiff(a *app) *cobra.Command {
	return &cobra.Command{
		Use: "diff", Args: noArgs,
		Short: "Show what deploy would change in the records",
		Long: `Diff compares what is deployed with pixelctl.yaml and says what old and new rows
hold afterwards. It ends with code 0 when nothing would change and with code 3
when something would. A change that cannot be made, such as another type, is
refused with the way around it.`,
		Example: "pixelctl fields diff --target local",
		RunE:    func(c *cobra.Command, _ []string) error { return a.fieldsDiff(c.Context()) },
	}
}

func (a *app) fieldsDiff(ctx context.Context) error {
	wanted, err := a.wantedSpec()
	if err != nil {
		return err
	}
	kept, err := a.kept(ctx)
	if err != nil {
		return err
	}
	var changes []spec.Change
	if wanted != nil { // without a file, or without a word on records, all stays
		if _, changes, err = spec.Evolve(kept.Spec, *wanted); err != nil {
			return err
		}
	}
	if err := a.show(ui.FieldChanges(changes)); err != nil || len(changes) == 0 {
		return err
	}
	return fault.New(fault.Differences, "%w", errShown)
}

// specSource reads the settings file of the project; nil when there is none.
func (a *app) specSource() (name string, data []byte, err error) {
	o := config.Locate(config.Options{Env: environ, ReadFile: config.ReadFile}, a.flags.config)
	return config.ReadProject(o)
}

// wantedSpec is what the file says about records; nil when it says nothing.
func (a *app) wantedSpec() (*spec.Spec, error) {
	name, data, err := a.specSource()
	if err != nil || data == nil || !specfile.Present(data) {
		return nil, err
	}
	s, err := specfile.Read(name, data)
	if err != nil {
		return nil, err
	}
	return &s, nil
}

// fileSpec is what the file says about records, or the default.
func (a *app) fileSpec() (spec.Spec, error) {
	s, err := a.wantedSpec()
	if err != nil || s == nil {
		return spec.Spec{}, err
	}
	return *s, nil
}
