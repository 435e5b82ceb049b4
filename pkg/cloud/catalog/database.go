package catalog

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/glue"

	"pixelctl/pkg/cloud/session"
)

// Parameters returns those of the database, which name the stack that it
// belongs to and the bucket of its data; nil when there is no database.
func (e *Engine) Parameters(ctx context.Context) (map[string]string, error) {
	out, err := e.c.GetDatabase(ctx, &glue.GetDatabaseInput{Name: &e.database})
	if session.Code(err) == missing {
		return nil, nil //nolint:nilnil // a nil map has no parameters
	}
	if err != nil {
		return nil, session.Explain(err, "describe database %s", e.database)
	}
	return out.Database.Parameters, nil
}

// DropDatabase deletes the database; Glue removes its tables and partitions
// after that by itself (Glue API, DeleteDatabase). One that is gone is no error.
func (e *Engine) DropDatabase(ctx context.Context) error {
	_, err := e.c.DeleteDatabase(ctx, &glue.DeleteDatabaseInput{Name: &e.database})
	return gone(err, "delete database %s", e.database)
}

// gone takes a missing object as success.
func gone(err error, format string, args ...any) error {
	if session.Code(err) == missing {
		return nil
	}
	return session.Explain(err, format, args...)
}
