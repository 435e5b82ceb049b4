package catalog

import (
	"context"
	"maps"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/glue"
	"github.com/aws/aws-sdk-go-v2/service/glue/types"

	"pixelctl/pkg/cloud/session"
	"pixelctl/pkg/fault"
	"pixelctl/pkg/lake"
)

// Elsewhere gives those of some hours that are read from another place than
// location, as Relocate has them.
func (e *Engine) Elsewhere(ctx context.Context, hours []lake.Hour, location string) ([]lake.Hour, error) {
	days := map[string]bool{}
	for _, h := range hours {
		days[day(h.Start())] = true
	}
	var found []lake.Hour
	err := e.partitions(ctx, strings.Join(slices.Sorted(maps.Keys(days)), " OR "), func(p types.Partition) {
		h, _, err := lake.ParseHour(directory(p.Values))
		if err != nil || !slices.Contains(hours, h) || p.StorageDescriptor == nil {
			return
		}
		if !strings.HasPrefix(aws.ToString(p.StorageDescriptor.Location), location) {
			found = append(found, h)
		}
	})
	return found, err
}

// Relocate has registered hours read from other directories: location, an
// s3:// URL, is the one above year=…. A reader sees an hour in the one place or
// in the other. An hour that is not registered is passed over.
func (e *Engine) Relocate(ctx context.Context, hours []lake.Hour, location string) error {
	table, err := e.get(ctx)
	if err != nil {
		return err
	}
	move := func(ctx context.Context, some []lake.Hour) ([]types.PartitionError, error) {
		entries := make([]types.BatchUpdatePartitionRequestEntry, len(some))
		for i, h := range some {
			own := *table.StorageDescriptor
			own.Location = aws.String(e.place(h, location))
			entries[i] = types.BatchUpdatePartitionRequestEntry{
				PartitionValueList: values(h), PartitionInput: &types.PartitionInput{Values: values(h), StorageDescriptor: &own},
			}
		}
		out, err := e.c.BatchUpdatePartition(ctx, &glue.BatchUpdatePartitionInput{DatabaseName: &e.database, TableName: &e.table, Entries: entries})
		if err != nil {
			return nil, session.Explain(err, "update partitions of %s.%s", e.database, e.table)
		}
		refused := make([]types.PartitionError, len(out.Errors))
		for i, x := range out.Errors {
			refused[i] = types.PartitionError{PartitionValues: x.PartitionValueList, ErrorDetail: x.ErrorDetail}
		}
		return refused, nil
	}
	b := batches[lake.Hour]{most: mostCreated, done: missing, values: values, call: move, wait: e.rest}
	_, left, err := b.run(ctx, slices.Clone(hours))
	if err == nil && len(left) > 0 {
		err = fault.New(fault.Partial, "update partitions of %s.%s: %d of %d were refused", e.database, e.table, len(left), len(hours)).WithLeft(left)
	}
	return err
}
