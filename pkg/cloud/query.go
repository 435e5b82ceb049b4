package cloud

import (
	"context"

	"pixelctl/pkg/pipeline"
	"pixelctl/pkg/query"
)

// Query registers new partitions, unless told otherwise, and asks Athena.
func (t *Target) Query(ctx context.Context, o pipeline.QueryOptions, sink pipeline.Sink) (query.Rows, error) {
	d, err := t.readable(ctx, "query")
	if err != nil {
		return nil, err
	}
	if err := d.athena.Check(o.SQL); err != nil {
		return nil, err
	}
	if !o.NoRepair {
		if err := t.registerNew(ctx, d, sink); err != nil {
			return nil, err
		}
	}
	sink.Send(pipeline.Event{Phase: pipeline.Begin, Step: "query"})
	rows, err := d.athena.Following(sink).Query(ctx, o.SQL)
	if err != nil {
		return nil, err
	}
	sink.Send(pipeline.Event{Phase: pipeline.End, Step: "query"})
	return rows, nil
}
