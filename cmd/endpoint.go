package cmd

import (
	"context"

	"pixelctl/pkg/fault"
)

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
