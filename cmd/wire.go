package cmd

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"

	"pixelctl/pkg/fault"
	"pixelctl/pkg/local"
	"pixelctl/pkg/pipeline"
	"pixelctl/pkg/snippet"
)

// The targets.
const (
	targetAWS   = "aws"
	targetLocal = local.TargetName
)

const defaultStack = "pixelctl"

// stackName is what CloudFormation takes; both targets share it, so that a
// stack keeps its name when it moves.
var stackName = regexp.MustCompile(`^[a-zA-Z][-a-zA-Z0-9]{0,127}$`)

// pipeline picks the target. It is the only place that knows them.
func (a *app) pipeline(want local.Patch) (pipeline.Pipeline, error) {
	if err := a.checkTarget(); err != nil {
		return nil, err
	}
	return a.local(want)
}

func (a *app) checkTarget() error {
	if !stackName.MatchString(a.flags.stack) {
		return fault.New(fault.Usage, "setting stack: %q is no stack name", a.flags.stack).
			WithHint("use letters, digits and hyphens, beginning with a letter")
	}
	switch a.flags.target {
	case targetLocal:
		return nil
	case targetAWS:
		return fault.New(fault.Usage, "target aws: this version runs on one machine only").WithHint("add --target local")
	}
	return fault.New(fault.Usage, "unknown target %q", a.flags.target).WithHint("use --target aws or --target local")
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

// stackFlags are the flags that lead another command to the same stack.
func (a *app) stackFlags() string {
	flags := " --target " + a.flags.target
	if a.flags.stack != defaultStack {
		flags += " --stack " + a.flags.stack
	}
	if a.flags.dir != "" {
		flags += " --dir " + snippet.ShellWord(a.flags.dir)
	}
	return flags
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

// endpoint is the one the user named, or that of the deployed stack.
func (a *app) endpoint(ctx context.Context, named string) (string, error) {
	if named != "" {
		return named, nil
	}
	p, err := a.pipeline(local.Patch{})
	if err != nil {
		return "", err
	}
	s, err := p.Status(ctx)
	if err != nil {
		return "", err
	}
	if s.Endpoint == "" {
		return "", fault.New(fault.NotDeployed, "find endpoint: stack %s is %s", s.Stack, s.State).
			WithHint("pixelctl deploy%s, or name one with --endpoint", a.stackFlags())
	}
	return s.Endpoint, nil
}
