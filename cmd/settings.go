package cmd

import (
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"pixelctl/pkg/config"
	"pixelctl/pkg/spec/specfile"
)

// ownFlags are never settings: they ask for something once.
var ownFlags = []string{"help", "version", "config"}

// resolve gives every flag of c that the command line left alone its value
// from environment or file.
func (a *app) resolve(c *cobra.Command) ([]config.Setting, error) {
	var flags []config.Flag
	c.Flags().VisitAll(func(f *pflag.Flag) {
		if !slices.Contains(ownFlags, f.Name) && !f.Hidden {
			flags = append(flags, settingOf(f))
		}
	})
	o := config.Options{Env: environ, ReadFile: config.ReadFile, Known: knownSettings(c.Root()), Structured: specfile.Structured()}
	return config.Resolve(flags, config.Locate(o, a.flags.config))
}

func settingOf(f *pflag.Flag) config.Flag {
	_, list := f.Value.(pflag.SliceValue)
	return config.Flag{
		Name: f.Name, Changed: f.Changed, List: list,
		Value: f.Value.String,
		Set: func(v string) error {
			f.Changed = true
			return f.Value.Set(v)
		},
	}
}

// knownSettings are all flags of all commands: a file may set any of them.
func knownSettings(root *cobra.Command) []string {
	names := map[string]bool{}
	var walk func(*cobra.Command)
	walk = func(c *cobra.Command) {
		visit := func(f *pflag.Flag) { names[f.Name] = !f.Hidden && !slices.Contains(ownFlags, f.Name) }
		c.LocalFlags().VisitAll(visit)
		for _, sub := range c.Commands() {
			walk(sub)
		}
	}
	walk(root)
	var known []string
	for name, ok := range names {
		if ok {
			known = append(known, name)
		}
	}
	slices.Sort(known)
	return known
}

// tellSettings says under --verbose which settings are not defaults and where
// they come from.
func (a *app) tellSettings() error {
	if !a.flags.verbose {
		return nil
	}
	var lines []string
	for _, s := range a.settings {
		if s.Source.Level != config.Default {
			lines = append(lines, s.Name+" = "+s.Value+" ("+s.Source.String()+")")
		}
	}
	if len(lines) == 0 {
		return nil
	}
	return a.streams.Say("settings: " + strings.Join(lines, ", "))
}
