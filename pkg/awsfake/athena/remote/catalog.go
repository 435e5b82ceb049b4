// Package remote lets the fake Athena stand before the Glue and S3 of any
// endpoint, by their APIs.
package remote

import (
	"context"
	"errors"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/glue"
	"github.com/aws/aws-sdk-go-v2/service/glue/types"
	"github.com/aws/smithy-go"

	"pixelctl/pkg/awsfake/athena"
	"pixelctl/pkg/awsfake/glue"
	"pixelctl/pkg/awsfake/wire"
)

// Catalog is a Glue catalog.
type Catalog struct{ Glue *sdk.Client }

var _ athena.Catalog = Catalog{}

// failure keeps the code of an error of the service, as the fake looks at it.
func failure(doing string, err error) error {
	if api, ok := errors.AsType[smithy.APIError](err); ok {
		err = wire.Error{Code: api.ErrorCode(), Message: api.ErrorMessage()}
	}
	return fmt.Errorf("%s: %w", doing, err)
}

// Table gets a table.
func (c Catalog) Table(ctx context.Context, database, name string) (glue.Table, error) {
	out, err := c.Glue.GetTable(ctx, &sdk.GetTableInput{DatabaseName: &database, Name: &name})
	if err != nil {
		return glue.Table{}, failure("get table "+database+"."+name, err)
	}
	return table(*out.Table), nil
}

// Tables lists the tables of a database.
func (c Catalog) Tables(ctx context.Context, database string) (list []glue.Table, err error) {
	pages := sdk.NewGetTablesPaginator(c.Glue, &sdk.GetTablesInput{DatabaseName: &database})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return nil, failure("list tables of "+database, err)
		}
		for _, t := range page.TableList {
			list = append(list, table(t))
		}
	}
	return list, nil
}

// Partitions lists the registered partitions of a table.
func (c Catalog) Partitions(ctx context.Context, database, name string) (list []glue.Partition, err error) {
	pages := sdk.NewGetPartitionsPaginator(c.Glue, &sdk.GetPartitionsInput{DatabaseName: &database, TableName: &name})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return nil, failure("list partitions of "+database+"."+name, err)
		}
		for _, p := range page.Partitions {
			one := glue.Partition{Values: p.Values, StorageDescriptor: descriptor(p.StorageDescriptor), Parameters: p.Parameters}
			if one.StorageDescriptor != nil {
				one.Location = one.StorageDescriptor.Location
			}
			list = append(list, one)
		}
	}
	return list, nil
}

// AddPartition registers a partition.
func (c Catalog) AddPartition(ctx context.Context, database, name string, p glue.Partition) error {
	_, err := c.Glue.CreatePartition(ctx, &sdk.CreatePartitionInput{DatabaseName: &database, TableName: &name, PartitionInput: &types.PartitionInput{
		Values: p.Values, StorageDescriptor: described(p.StorageDescriptor), Parameters: p.Parameters,
	}})
	if err != nil {
		return failure("add partition to "+database+"."+name, err)
	}
	return nil
}

// DropPartition takes a partition out.
func (c Catalog) DropPartition(ctx context.Context, database, name string, values []string) error {
	_, err := c.Glue.DeletePartition(ctx, &sdk.DeletePartitionInput{DatabaseName: &database, TableName: &name, PartitionValues: values})
	if err != nil {
		return failure("drop partition of "+database+"."+name, err)
	}
	return nil
}

func table(t types.Table) glue.Table {
	return glue.Table{
		Name: aws.ToString(t.Name), DatabaseName: aws.ToString(t.DatabaseName), TableType: aws.ToString(t.TableType), Parameters: t.Parameters,
		PartitionKeys: columns(t.PartitionKeys), StorageDescriptor: descriptor(t.StorageDescriptor),
		ViewOriginalText: aws.ToString(t.ViewOriginalText), ViewExpandedText: aws.ToString(t.ViewExpandedText),
	}
}

func columns(list []types.Column) []glue.Column {
	out := make([]glue.Column, len(list))
	for i, c := range list {
		out[i] = glue.Column{Name: aws.ToString(c.Name), Type: aws.ToString(c.Type), Comment: aws.ToString(c.Comment)}
	}
	return out
}

// descriptor and described translate what a partition shares with its table.
func descriptor(d *types.StorageDescriptor) *glue.StorageDescriptor {
	if d == nil {
		return nil
	}
	out := &glue.StorageDescriptor{
		Columns: columns(d.Columns), Location: aws.ToString(d.Location), InputFormat: aws.ToString(d.InputFormat),
		OutputFormat: aws.ToString(d.OutputFormat), Compressed: glue.Bool(d.Compressed), Parameters: d.Parameters,
	}
	if s := d.SerdeInfo; s != nil {
		out.SerdeInfo = &glue.SerDeInfo{Name: aws.ToString(s.Name), SerializationLibrary: aws.ToString(s.SerializationLibrary), Parameters: s.Parameters}
	}
	return out
}

func described(d *glue.StorageDescriptor) *types.StorageDescriptor {
	if d == nil {
		return nil
	}
	out := &types.StorageDescriptor{
		Location: &d.Location, InputFormat: &d.InputFormat, OutputFormat: &d.OutputFormat, Compressed: bool(d.Compressed), Parameters: d.Parameters,
	}
	for _, c := range d.Columns {
		out.Columns = append(out.Columns, types.Column{Name: &c.Name, Type: &c.Type, Comment: &c.Comment})
	}
	if s := d.SerdeInfo; s != nil {
		out.SerdeInfo = &types.SerDeInfo{SerializationLibrary: &s.SerializationLibrary, Parameters: s.Parameters}
	}
	return out
}
