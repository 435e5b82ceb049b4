package glue_test

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/glue"
	"github.com/aws/aws-sdk-go-v2/service/glue/types"

	"pixelctl/pkg/awsfake/glue"
	"pixelctl/pkg/awsfake/wire"
)

func TestTables(t *testing.T) {
	r := stocked(t)
	got, err := r.client.GetTable(t.Context(), &sdk.GetTableInput{DatabaseName: aws.String("PIXELCTL"), Name: aws.String(tab)})
	if err != nil {
		t.Fatal(err)
	}
	table := got.Table
	if *table.Name != tab || *table.VersionId != "0" || table.Retention != 7 || len(table.PartitionKeys) != 4 || *table.StorageDescriptor.Location != "s3://pixel-data/data/" {
		t.Errorf("table: %+v", table)
	}
	if !table.CreateTime.Equal(r.clock.Now()) {
		t.Errorf("created %v", table.CreateTime)
	}
	r.clock.Advance(time.Hour)
	in := &types.TableInput{Name: aws.String(tab), TableType: aws.String("EXTERNAL_TABLE"), Description: aws.String("new"), PartitionKeys: table.PartitionKeys, StorageDescriptor: table.StorageDescriptor}
	if _, err := r.client.UpdateTable(t.Context(), &sdk.UpdateTableInput{DatabaseName: aws.String(db), TableInput: in}); err != nil {
		t.Fatal(err)
	}
	now, err := r.server.Table(db, tab)
	if err != nil || now.VersionID != "1" || now.Description != "new" || now.UpdateTime <= now.CreateTime {
		t.Errorf("updated: %+v, %v", now, err)
	}
	in.Name = aws.String("second")
	if _, err := r.client.CreateTable(t.Context(), &sdk.CreateTableInput{DatabaseName: aws.String(db), TableInput: in}); err != nil {
		t.Fatal(err)
	}
	_, err = r.client.CreateTable(t.Context(), &sdk.CreateTableInput{DatabaseName: aws.String(db), TableInput: in})
	r.fails(err, "AlreadyExistsException")
	var names []string
	p := sdk.NewGetTablesPaginator(r.client, &sdk.GetTablesInput{DatabaseName: aws.String(db), MaxResults: aws.Int32(1)})
	for p.HasMorePages() {
		page, err := p.NextPage(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		for _, table := range page.TableList {
			names = append(names, *table.Name)
		}
	}
	if len(names) != 2 || names[0] != "second" || names[1] != tab {
		t.Errorf("tables: %v", names)
	}
	some, err := r.client.GetTables(t.Context(), &sdk.GetTablesInput{DatabaseName: aws.String(db), Expression: aws.String("tp.*")})
	if err != nil || len(some.TableList) != 1 {
		t.Errorf("by expression: %+v, %v", some, err)
	}
	if _, err := r.client.DeleteTable(t.Context(), &sdk.DeleteTableInput{DatabaseName: aws.String(db), Name: aws.String("second")}); err != nil {
		t.Error(err)
	}
	_, err = r.client.GetTable(t.Context(), &sdk.GetTableInput{DatabaseName: aws.String(db), Name: aws.String("second")})
	r.fails(err, "EntityNotFoundException")
}

func TestDatabases(t *testing.T) {
	r := stocked(t)
	got, err := r.client.GetDatabase(t.Context(), &sdk.GetDatabaseInput{Name: aws.String(db)})
	if err != nil || *got.Database.Name != db || !got.Database.CreateTime.Equal(r.clock.Now()) {
		t.Errorf("database: %+v, %v", got, err)
	}
	in := &sdk.CreateDatabaseInput{DatabaseInput: &types.DatabaseInput{Name: aws.String("b"), Description: aws.String("text")}}
	if _, err := r.client.CreateDatabase(t.Context(), in); err != nil {
		t.Fatal(err)
	}
	_, err = r.client.CreateDatabase(t.Context(), in)
	r.fails(err, "AlreadyExistsException")
	all, err := r.client.GetDatabases(t.Context(), &sdk.GetDatabasesInput{})
	if err != nil || len(all.DatabaseList) != 2 || *all.DatabaseList[0].Description != "text" {
		t.Errorf("databases: %+v, %v", all, err)
	}
	if _, err := r.client.DeleteDatabase(t.Context(), &sdk.DeleteDatabaseInput{Name: aws.String(db)}); err != nil {
		t.Fatal(err)
	}
	_, err = r.client.DeleteDatabase(t.Context(), &sdk.DeleteDatabaseInput{Name: aws.String(db)})
	r.fails(err, "EntityNotFoundException")
	if _, err := r.server.Table(db, tab); wire.AsError(err).Code != "EntityNotFoundException" {
		t.Errorf("table of a deleted database: %v", err)
	}
}

func TestTemplateProperties(t *testing.T) {
	var d glue.Database
	var c glue.Crawler
	if err := json.Unmarshal([]byte(`{"CatalogId":"1","DatabaseInput":{"Name":"x","LocationUri":"s3://b/"}}`), &d); err != nil || d.Name != "x" || d.LocationURI != "s3://b/" {
		t.Errorf("database: %+v, %v", d, err)
	}
	if err := json.Unmarshal([]byte(`{"Name":"c","Schedule":{"ScheduleExpression":"cron(0 * * * ? *)"},"Tags":{"a":"b"}}`), &c); err != nil || c.Schedule.ScheduleExpression == "" || c.Tags["a"] != "b" {
		t.Errorf("crawler: %+v, %v", c, err)
	}
	for _, text := range []string{`{"Retention":"x"}`, `{"StorageDescriptor":{"Compressed":"perhaps"}}`, `[]`} {
		if err := json.Unmarshal([]byte(text), &glue.Table{}); err == nil {
			t.Errorf("%s was read", text)
		}
	}
}
