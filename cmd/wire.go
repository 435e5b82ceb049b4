package cmd

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"

	"github.com/spf13/cobra"

	"pixelctl/embed"
	"pixelctl/pkg/cloud"
	"pixelctl/pkg/config"
	"pixelctl/pkg/fault"
	"pixelctl/pkg/local"
	"pixelctl/pkg/pipeline"
	"pixelctl/pkg/snippet"
)

// The targets.
const (
	targetAWS   = cloud.TargetName
	targetLocal = local.TargetName
)

const defaultStack = "pixelctl"

// stackName is what CloudFormation takes; both targets share it, so that a
// stack keeps its name when it moves.
var stackName = regexp.MustCompile(`^[a-zA-Z][-a-zA-Z0-9]{0,127}$`)

// wish is what a command asks of a target besides the pipeline's own options.
type wish struct {
	local   local.Patch
	cloud   cloud.Patch
	roleARN string
	skip    []string
	noWait  bool
	maxScan int64 // bytes
}

// pipeline picks the target. It is the only place that knows them. On AWS it
// finds out who calls, once a run.
func (a *app) pipeline(ctx context.Context, w wish) (pipeline.Pipeline, error) {
	if err := a.checkTarget(); err != nil {
		return nil, err
	}
	if a.flags.target == targetLocal {
		if _, err := a.prices(ctx); err != nil {
			return nil, err
		}
		return a.local(w.local)
	}
	return a.cloud(ctx, w)
}

func (a *app) checkTarget() error {
	if !stackName.MatchString(a.flags.stack) {
		return fault.New(fault.Usage, "setting stack: %q is no stack name", a.flags.stack).
			WithHint("use letters, digits and hyphens, beginning with a letter")
	}
	switch a.flags.target {
	case targetLocal, targetAWS:
		return nil
	}
	return fault.New(fault.Usage, "unknown target %q", a.flags.target).WithHint("use --target aws or --target local")
}

// refuseForeign refuses flags of the other target on the command line, which
// their texts name. In a file or the environment they wait for that target.
func (a *app) refuseForeign(c *cobra.Command) error {
	other := map[string]string{targetAWS: targetLocal, targetLocal: targetAWS}[a.flags.target]
	for _, s := range a.settings {
		f := c.Flags().Lookup(s.Name)
		if s.Source.Level == config.CommandLine && f != nil && other != "" && strings.HasPrefix(f.Usage, other+": ") {
			return fault.New(fault.Usage, "--%s is a flag of --target %s, this is target %s", s.Name, other, a.flags.target).
				WithHint("leave it out, or add --target %s", other)
		}
	}
	return nil
}

func (a *app) local(want local.Patch) (*local.Target, error) {
	dir, err := a.dir()
	if err != nil {
		return nil, err
	}
	self, err := os.Executable()
	if err != nil {
		return nil, fmt.Errorf("find own executable: %w", err)
	}
	return local.New(local.Options{
		Stack: a.flags.stack, Dir: dir, Flags: a.stackFlags(), Want: want,
		Serve:     []string{self, "serve", "--as-deployed", "--json", "--target", targetLocal, "--stack", a.flags.stack, "--dir", dir},
		Converter: local.ConvertCommand(self, "convert"),
	}), nil
}

func (a *app) cloud(ctx context.Context, w wish) (*cloud.Target, error) {
	if err := w.cloud.Validate(); err != nil {
		return nil, err
	}
	prices, err := a.prices(ctx)
	if err != nil {
		return nil, err
	}
	s, err := a.session(ctx)
	if err != nil {
		return nil, err
	}
	return cloud.New(cloud.Options{
		Stack: a.flags.stack, Session: s, Template: embed.Template(), Zip: embed.Beacon(), Version: a.build.Version, Want: w.cloud, Flags: a.stackFlags(),
		RoleARN: w.roleARN, NoWait: w.noWait, Skip: w.skip, MaxScan: w.maxScan, Prices: prices, Confirm: a.confirm, Review: a.review,
	}), nil
}

// stackFlags are the flags that lead another command to the same stack.
func (a *app) stackFlags() string {
	if a.flags.target == targetAWS {
		return a.givenFlags("target", "stack", "profile", "region", "endpoint-url")
	}
	flags := " --target " + a.flags.target
	if a.flags.stack != defaultStack {
		flags += " --stack " + a.flags.stack
	}
	if a.flags.dir != "" {
		flags += " --dir " + snippet.ShellWord(a.flags.dir)
	}
	return flags
}

// command is a command line for the same stack.
func (a *app) command(name string) string { return "pixelctl " + name + a.stackFlags() }

// givenFlags repeats those flags that the command line had: what stands in a
// file or the environment is found there again.
func (a *app) givenFlags(names ...string) string {
	var flags strings.Builder
	for _, name := range names {
		for _, s := range a.settings {
			if s.Name == name && s.Source.Level == config.CommandLine {
				flags.WriteString(" --" + name + " " + snippet.ShellWord(s.Value))
			}
		}
	}
	return flags.String()
}

func (a *app) dir() (string, error) {
	dir := a.flags.dir
	if dir == "" {
		var err error
		if dir, err = local.DefaultDir(os.Getenv, a.flags.stack); err != nil {
			return "", err
		}
	}
	abs, err := filepath.Abs(dir)
	if err != nil {
		return "", fmt.Errorf("resolve directory %s: %w", dir, err)
	}
	if strings.ContainsAny(abs, `*?[`) { // DuckDB would take it for a pattern
		return "", fault.New(fault.Usage, "setting dir: %s holds one of * ? [", abs).WithHint("name another directory with --dir")
	}
	return abs, nil
}
