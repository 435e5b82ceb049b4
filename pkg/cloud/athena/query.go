package athena

import (
	"context"

	"pixelctl/pkg/fault"
	"pixelctl/pkg/query"
)

var _ query.Engine = (*Engine)(nil)

// Check refuses, before any call, what is not one statement that only reads.
func (e *Engine) Check(string) error { return nil }

// Query runs one statement that only reads.
func (e *Engine) Query(context.Context, string) (query.Rows, error) {
	return nil, fault.New(fault.Failed, "run query: not built yet")
}

// Execute runs one statement that gives no rows and waits for its end.
func (e *Engine) Execute(context.Context, string) (query.Stats, error) {
	return query.Stats{}, fault.New(fault.Failed, "run statement: not built yet")
}
