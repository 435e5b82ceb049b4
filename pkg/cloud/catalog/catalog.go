// Package catalog works on the Glue Data Catalog: the table, its registered
// hours, the crawler that looks for more, and how the catalog compares with
// what lies in S3.
package catalog

import (
	"context"
	"sync"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/glue"
	"github.com/aws/aws-sdk-go-v2/service/glue/types"

	"pixelctl/pkg/cloud/session"
	"pixelctl/pkg/lake"
)

// Options say which table an engine works on.
type Options struct {
	Database string
	Table    string
	Clock    session.Clock // nil is the real time
}

// Engine speaks to Glue. It is safe for concurrent use.
type Engine struct {
	c        *glue.Client
	database string
	table    string
	clock    session.Clock

	mu   sync.Mutex
	odd  map[lake.Hour]oddity // of registered hours
	dirs map[lake.Hour]string // of hours whose only directory is padded, such as year=2026/month=07/day=05/hour=9
}

// New returns an engine.
func New(c *glue.Client, o Options) *Engine {
	if o.Clock == nil {
		o.Clock = session.WallClock{}
	}
	return &Engine{
		c: c, database: o.Database, table: o.Table, clock: o.Clock,
		odd: map[lake.Hour]oddity{}, dirs: map[lake.Hour]string{},
	}
}

// Table is the table as Glue holds it.
type Table struct {
	Columns    []lake.CatalogColumn // without the partition keys
	Location   string               // s3:// URL
	Parameters map[string]string
	Projection bool   // Athena projects partitions and ignores registered ones
	Format     string // classification, such as parquet; "" when none is set
}

// Table describes the table.
func (e *Engine) Table(ctx context.Context) (Table, error) {
	t, err := e.get(ctx)
	if err != nil {
		return Table{}, err
	}
	return Table{
		Columns: columns(t.StorageDescriptor.Columns), Location: aws.ToString(t.StorageDescriptor.Location), Parameters: t.Parameters,
		Projection: t.Parameters["projection.enabled"] == "true", Format: t.Parameters["classification"],
	}, nil
}

// get returns the table; its storage descriptor is never nil.
func (e *Engine) get(ctx context.Context) (*types.Table, error) {
	out, err := e.c.GetTable(ctx, &glue.GetTableInput{DatabaseName: &e.database, Name: &e.table})
	if err != nil {
		return nil, session.Explain(err, "describe table %s.%s", e.database, e.table)
	}
	if out.Table.StorageDescriptor == nil {
		out.Table.StorageDescriptor = &types.StorageDescriptor{}
	}
	return out.Table, nil
}

func columns(list []types.Column) []lake.CatalogColumn {
	all := make([]lake.CatalogColumn, len(list))
	for i, c := range list {
		all[i] = lake.CatalogColumn{Name: aws.ToString(c.Name), Type: aws.ToString(c.Type), Comment: aws.ToString(c.Comment)}
	}
	return all
}

// missing is Glue's code for whatever is not there.
const missing = "EntityNotFoundException"
