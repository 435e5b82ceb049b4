package cloud

import "context"

// Endpoint gives the base URL of the pixel, without a slash at its end.
func (t *Target) Endpoint(ctx context.Context) (string, error) {
	d, err := t.standing(ctx, "deploy")
	if err != nil {
		return "", err
	}
	return d.endpoint, nil
}
