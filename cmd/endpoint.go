package cmd

import (
	"context"
	"slices"

	"pixelctl/pkg/fault"
)

// strayed gives the sites that pixelctl.yaml lists when this is none of them:
// hits that name it are answered and dropped. A file that cannot be read is for
// deploy to refuse.
func (a *app) strayed(site string) []string {
	s, err := a.fileSpec()
	if err != nil || slices.Contains(s.Sites, site) {
		return nil
	}
	return s.Sites
}

// endpoint is the one the user named, or that of the deployed stack.
func (a *app) endpoint(ctx context.Context, named string) (string, error) {
	if named != "" {
		return named, nil
	}
	p, err := a.pipeline(ctx, wish{})
	if err != nil {
		return "", err
	}
	found, err := p.Endpoint(ctx)
	if fault.KindOf(err) == fault.NotDeployed {
		return "", fault.New(fault.NotDeployed, "%w", err).WithHint("%s, or name one with --endpoint", fault.HintOf(err))
	}
	return found, err
}
