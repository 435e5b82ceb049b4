//go:build awsaccount

package cloud_test

import (
	"context"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/glue"
	"github.com/aws/aws-sdk-go-v2/service/glue/types"

	"pixelctl/pkg/cloud"
	"pixelctl/pkg/cloud/policy"
	"pixelctl/pkg/pipeline"
	"pixelctl/pkg/query"
)

// replay has somebody break the table by which Firehose converts, mends it, and
// sends what did not become rows again, by the rights of the task.
func (l *loop) replay(t *testing.T) {
	since := time.Now()
	mend := l.retype(t, "site", "int", "string")
	l.rest(t, 2*time.Minute) // until Firehose goes by the new version
	l.ask(t, "/p.gif?k=replayed")
	wanted := l.rows
	l.until(t, 10*time.Minute, "find the error line", func(ctx context.Context) (bool, error) {
		report, err := l.target(l.owner).Errors(ctx, pipeline.ErrorsOptions{Window: query.Window{Since: since}, Limit: 1}, nil)
		t.Logf("%+v", report)
		return report.Records > 0, err
	})
	mend()
	l.rest(t, 2*time.Minute)
	l.as(t, policy.Errors, func(ctx context.Context, target *cloud.Target) error {
		r, err := target.ReplayErrors(ctx, pipeline.ReplayOptions{Window: query.Window{Since: since}}, nil)
		t.Logf("%+v", r)
		if r.Replayed != 1 || r.Left != 0 {
			t.Errorf("want one record sent")
		}
		return err
	})
	l.rows = wanted
	l.query(t)
	l.as(t, policy.Errors, func(ctx context.Context, target *cloud.Target) error {
		r, err := target.ReplayErrors(ctx, pipeline.ReplayOptions{Window: query.Window{Since: since}}, nil)
		if r.Replayed+r.Stored != 0 {
			t.Errorf("again: %+v", r)
		}
		return err
	})
	l.query(t)
}

// retype gives a column of the table another type, and back.
func (l *loop) retype(t *testing.T, column, broken, sound string) (mend func()) {
	t.Helper()
	c, database := glue.NewFromConfig(l.owner.Config), cloud.Database(l.stack)
	set := func(kind string) {
		out, err := c.GetTable(t.Context(), &glue.GetTableInput{DatabaseName: &database, Name: aws.String("tp_hits")})
		if err != nil {
			t.Fatal(err)
		}
		for i := range out.Table.StorageDescriptor.Columns {
			if x := &out.Table.StorageDescriptor.Columns[i]; *x.Name == column {
				x.Type = &kind
			}
		}
		in := &types.TableInput{
			Name: out.Table.Name, TableType: out.Table.TableType, Parameters: out.Table.Parameters,
			PartitionKeys: out.Table.PartitionKeys, StorageDescriptor: out.Table.StorageDescriptor,
		}
		if _, err := c.UpdateTable(t.Context(), &glue.UpdateTableInput{DatabaseName: &database, TableInput: in}); err != nil {
			t.Fatal(err)
		}
	}
	set(broken)
	return func() { set(sound) }
}
