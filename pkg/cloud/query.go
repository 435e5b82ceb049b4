package cloud

import (
	"context"
	"fmt"

	"pixelctl/pkg/pipeline"
	"pixelctl/pkg/query"
)

// Query registers new partitions, unless told otherwise, and asks Athena.
func (t *Target) Query(ctx context.Context, o pipeline.QueryOptions, sink pipeline.Sink) (query.Rows, error) {
	st, err := o.Statement()
	if err != nil {
		return nil, err
	}
	d, err := t.readable(ctx, "query")
	if err != nil {
		return nil, err
	}
	if err := d.athena.Check(st.SQL, st.Params...); err != nil {
		return nil, st.Locate(err)
	}
	if !o.NoRepair {
		if err := t.registerNew(ctx, d, sink); err != nil {
			return nil, err
		}
	}
	sink.Send(pipeline.Event{Phase: pipeline.Begin, Step: "query"})
	rows, err := d.athena.Following(sink).Query(ctx, st.SQL, st.Params...)
	if err != nil {
		return nil, st.Locate(err)
	}
	sink.Send(pipeline.Event{Phase: pipeline.End, Step: "query"})
	return rows, nil
}

// charge says what a question read and costs, as far as that is known.
func charge(s query.Stats, read string) string {
	if s.Unpriced != "" {
		return fmt.Sprintf("%d bytes%s, at a price that no list tells", s.BytesScanned, read)
	}
	return fmt.Sprintf("%d bytes%s, $%.5f", s.BytesScanned, read, s.Dollars)
}
