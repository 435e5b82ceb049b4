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

// Database is the Glue database of a stack.
func Database(stack string) string { return databaseName(stack) }
