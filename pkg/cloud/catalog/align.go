package catalog

import (
	"context"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/glue"
	"github.com/aws/aws-sdk-go-v2/service/glue/types"

	"pixelctl/pkg/cloud/session"
	"pixelctl/pkg/fault"
)

// Align gives the registered hours of the last two days the columns of the
// table and returns how many had others. An hour keeps the columns that the
// table had when it was registered (Athena manual, update tables with
// partitions), and readers that go by the partition would not see a column that
// its later files have. Firehose delivers within a day or never, so that older
// hours get no more files.
func (e *Engine) Align(ctx context.Context) (aligned int, err error) {
	table, err := e.get(ctx)
	if err != nil {
		return 0, err
	}
	changed, err := e.behind(ctx, table.StorageDescriptor.Columns)
	if err != nil {
		return 0, err
	}
	for some := range slices.Chunk(changed, mostCreated) {
		out, err := e.c.BatchUpdatePartition(ctx, &glue.BatchUpdatePartitionInput{DatabaseName: &e.database, TableName: &e.table, Entries: some})
		if err != nil {
			return aligned, session.Explain(err, "update partitions of %s.%s", e.database, e.table)
		}
		if n := len(out.Errors); n > 0 {
			detail := types.ErrorDetail{}
			if d := out.Errors[0].ErrorDetail; d != nil {
				detail = *d
			}
			return aligned, fault.New(fault.Partial, "update partitions of %s.%s: %d of %d were refused: %s %s", e.database, e.table, n, len(some),
				aws.ToString(detail.ErrorCode), aws.ToString(detail.ErrorMessage)).WithHint("pixelctl deploy")
		}
		aligned += len(some)
	}
	return aligned, nil
}

// behind are the recent partitions with other columns than these.
func (e *Engine) behind(ctx context.Context, columns []types.Column) (list []types.BatchUpdatePartitionRequestEntry, err error) {
	today := e.clock.Now().UTC()
	in := &glue.GetPartitionsInput{
		DatabaseName: &e.database, TableName: &e.table, MaxResults: aws.Int32(1000),
		Expression: aws.String(day(today.AddDate(0, 0, -1)) + " OR " + day(today)),
	}
	for p := glue.NewGetPartitionsPaginator(e.c, in); p.HasMorePages(); {
		page, err := p.NextPage(ctx)
		if err != nil {
			return nil, session.Explain(err, "list partitions of %s.%s", e.database, e.table)
		}
		for _, x := range page.Partitions {
			if x.StorageDescriptor == nil || slices.EqualFunc(x.StorageDescriptor.Columns, columns, sameColumn) {
				continue
			}
			own := *x.StorageDescriptor
			own.Columns = columns
			list = append(list, types.BatchUpdatePartitionRequestEntry{
				PartitionValueList: x.Values,
				PartitionInput:     &types.PartitionInput{Values: x.Values, StorageDescriptor: &own, Parameters: x.Parameters, LastAccessTime: x.LastAccessTime},
			})
		}
	}
	return list, nil
}

// sameColumn leaves the comments out: no reader goes by them.
func sameColumn(a, b types.Column) bool {
	return aws.ToString(a.Name) == aws.ToString(b.Name) && aws.ToString(a.Type) == aws.ToString(b.Type)
}
