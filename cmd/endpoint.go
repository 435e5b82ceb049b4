package cmd

import (
	"context"

	"pixelctl/pkg/fault"
)

// addressed is a target that knows its endpoint without counting everything.
type addressed interface {
	Endpoint(ctx context.Context) (string, error)
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
	if t, ok := p.(addressed); ok {
		return t.Endpoint(ctx)
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
