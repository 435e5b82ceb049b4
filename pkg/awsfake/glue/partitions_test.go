package glue_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/glue"
	"github.com/aws/aws-sdk-go-v2/service/glue/types"

	"pixelctl/pkg/awsfake/glue"
)

func values(month, day, hour int) []string {
	return []string{"2026", fmt.Sprint(month), fmt.Sprint(day), fmt.Sprint(hour)}
}

// add registers hours of July from the first on.
func (r *rig) add(n int) {
	r.Helper()
	for i := range n {
		v := values(7, 1+i/24, i%24)
		if err := r.server.AddPartition(db, tab, glue.Partition{Values: v, Location: "s3://pixel-data/data/" + strings.Join(v, "-")}); err != nil {
			r.Fatal(err)
		}
	}
}

func TestPages(t *testing.T) {
	r := stocked(t)
	r.add(30)
	seen := map[string]bool{}
	pages := 0
	p := sdk.NewGetPartitionsPaginator(r.client, &sdk.GetPartitionsInput{DatabaseName: aws.String(db), TableName: aws.String(tab), MaxResults: aws.Int32(7), ExcludeColumnSchema: aws.Bool(true)})
	for p.HasMorePages() {
		page, err := p.NextPage(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		pages++
		for _, part := range page.Partitions {
			seen[strings.Join(part.Values, "/")] = true
			if len(part.StorageDescriptor.Columns) != 0 || aws.ToString(part.StorageDescriptor.Location) == "" {
				t.Errorf("columns of %v", part.Values)
			}
		}
	}
	if len(seen) != 30 || pages != 5 {
		t.Errorf("%d partitions on %d pages", len(seen), pages)
	}
	whole, err := r.client.GetPartitions(t.Context(), &sdk.GetPartitionsInput{DatabaseName: aws.String(db), TableName: aws.String(tab)})
	if err != nil || len(whole.Partitions) != 30 || len(whole.Partitions[0].StorageDescriptor.Columns) != 1 {
		t.Errorf("with columns: %v", err)
	}
	count := 0
	for n := range int32(3) {
		part, err := r.client.GetPartitions(t.Context(), &sdk.GetPartitionsInput{DatabaseName: aws.String(db), TableName: aws.String(tab), Segment: &types.Segment{SegmentNumber: n, TotalSegments: aws.Int32(3)}})
		if err != nil {
			t.Fatal(err)
		}
		count += len(part.Partitions)
	}
	if count != 30 {
		t.Errorf("segments hold %d", count)
	}
	_, err = r.client.GetPartitions(t.Context(), &sdk.GetPartitionsInput{DatabaseName: aws.String(db), TableName: aws.String(tab), MaxResults: aws.Int32(1001)})
	r.fails(err, "ValidationException")
	_, err = r.client.GetPartitions(t.Context(), &sdk.GetPartitionsInput{DatabaseName: aws.String(db), TableName: aws.String("none")})
	r.fails(err, "EntityNotFoundException")
}

func TestExpressions(t *testing.T) {
	r := stocked(t)
	r.add(48)
	for _, v := range [][]string{values(10, 1, 0), {"2025", "12", "31", "23"}, {"2026", "07", "9", "0"}, {"2026", "__HIVE_DEFAULT_PARTITION__", "1", "1"}} {
		if err := r.server.AddPartition(db, tab, glue.Partition{Values: v}); err != nil {
			t.Fatal(err)
		}
	}
	for expression, want := range map[string]int{
		"":                            52,
		"year = 2026":                 51,
		"year=2026 AND month >= 7":    50,
		"month > 9":                   2,
		"month = '7'":                 49,
		"(year = 2025) or (month=10)": 2,
		"(year = 2026 AND month = 7 AND day = 1 AND hour >= 22) OR (year = 2026 AND month = 7 AND day = 2 AND hour < 3)": 5,
		"hour in (1, 2) and day <> 1":    2,
		"day BETWEEN 2 AND 8 AND hour=0": 1,
		"NOT year = 2026":                1,
		"year != 2026 or year = 2025":    1,
	} {
		out, err := r.client.GetPartitions(t.Context(), &sdk.GetPartitionsInput{DatabaseName: aws.String(db), TableName: aws.String(tab), Expression: &expression})
		if err != nil {
			t.Fatal(err)
		}
		if len(out.Partitions) != want {
			t.Errorf("%s: %d partitions, want %d", expression, len(out.Partitions), want)
		}
	}
	for _, expression := range []string{"event = 1", "year", "year = ", "year = x", "(year = 2026", "year = 2026)", "year ~ 2", "year in ()", "year between 1", "year = 2026 month = 7", "AND"} {
		_, err := r.client.GetPartitions(t.Context(), &sdk.GetPartitionsInput{DatabaseName: aws.String(db), TableName: aws.String(tab), Expression: &expression})
		r.fails(err, "InvalidInputException")
	}
	long := "year = 2026" + strings.Repeat(" OR year = 2026", 200)
	_, err := r.client.GetPartitions(t.Context(), &sdk.GetPartitionsInput{DatabaseName: aws.String(db), TableName: aws.String(tab), Expression: &long})
	r.fails(err, "ValidationException")
}

func TestTextKeys(t *testing.T) {
	r := stocked(t)
	if err := r.server.CreateTable(db, glue.Table{Name: "by_site", PartitionKeys: []glue.Column{{Name: "site", Type: "string"}}}); err != nil {
		t.Fatal(err)
	}
	for _, site := range []string{"a", "b", "it's"} {
		if err := r.server.AddPartition(db, "by_site", glue.Partition{Values: []string{site}}); err != nil {
			t.Fatal(err)
		}
	}
	for expression, want := range map[string]int{"site >= 'b'": 2, "site = 'it''s'": 1} {
		out, err := r.client.GetPartitions(t.Context(), &sdk.GetPartitionsInput{DatabaseName: aws.String(db), TableName: aws.String("by_site"), Expression: &expression})
		if err != nil || len(out.Partitions) != want {
			t.Errorf("%s: %v, %v", expression, out, err)
		}
	}
}

func inputs(n int) []types.PartitionInput {
	list := make([]types.PartitionInput, n)
	for i := range list {
		list[i] = types.PartitionInput{Values: values(8, 1+i/24, i%24), StorageDescriptor: &types.StorageDescriptor{Location: aws.String("s3://pixel-data/data/x/")}}
	}
	return list
}

func TestBatches(t *testing.T) {
	r := stocked(t)
	create := &sdk.BatchCreatePartitionInput{DatabaseName: aws.String(db), TableName: aws.String(tab), PartitionInputList: inputs(101)}
	_, err := r.client.BatchCreatePartition(t.Context(), create)
	r.fails(err, "ValidationException")
	create.PartitionInputList = inputs(2)
	if _, err := r.client.BatchCreatePartition(t.Context(), create); err != nil {
		t.Fatal(err)
	}
	create.PartitionInputList = append(inputs(100), types.PartitionInput{})[:100]
	create.PartitionInputList[99].Values = []string{"2026"}
	out, err := r.client.BatchCreatePartition(t.Context(), create)
	if err != nil || len(out.Errors) != 3 {
		t.Fatalf("again: %+v, %v", out, err)
	}
	if *out.Errors[0].ErrorDetail.ErrorCode != "AlreadyExistsException" || *out.Errors[2].ErrorDetail.ErrorCode != "InvalidInputException" || len(out.Errors[0].PartitionValues) != 4 {
		t.Errorf("errors: %+v", out.Errors)
	}
	list := r.server.Partitions(db, tab)
	if len(list) != 99 || list[0].Location != "s3://pixel-data/data/x/" {
		t.Errorf("%d partitions, first %+v", len(list), list[0])
	}
	want := []types.PartitionValueList{{Values: values(8, 1, 0)}, {Values: values(9, 1, 0)}}
	got, err := r.client.BatchGetPartition(t.Context(), &sdk.BatchGetPartitionInput{DatabaseName: aws.String(db), TableName: aws.String(tab), PartitionsToGet: want})
	if err != nil || len(got.Partitions) != 1 {
		t.Errorf("get: %+v, %v", got, err)
	}
	gone, err := r.client.BatchDeletePartition(t.Context(), &sdk.BatchDeletePartitionInput{DatabaseName: aws.String(db), TableName: aws.String(tab), PartitionsToDelete: want})
	if err != nil || len(gone.Errors) != 1 || *gone.Errors[0].ErrorDetail.ErrorCode != "EntityNotFoundException" {
		t.Errorf("delete: %+v, %v", gone, err)
	}
	_, err = r.client.BatchDeletePartition(t.Context(), &sdk.BatchDeletePartitionInput{DatabaseName: aws.String(db), TableName: aws.String(tab), PartitionsToDelete: []types.PartitionValueList{}})
	if err != nil {
		t.Errorf("no partitions: %v", err)
	}
	many := make([]types.PartitionValueList, 26)
	for i := range many {
		many[i].Values = values(8, 2, i)
	}
	_, err = r.client.BatchDeletePartition(t.Context(), &sdk.BatchDeletePartitionInput{DatabaseName: aws.String(db), TableName: aws.String(tab), PartitionsToDelete: many})
	r.fails(err, "ValidationException")
}

func TestOnePartition(t *testing.T) {
	r := stocked(t)
	at := func(v []string) *sdk.GetPartitionInput {
		return &sdk.GetPartitionInput{DatabaseName: aws.String(db), TableName: aws.String(tab), PartitionValues: v}
	}
	create := &sdk.CreatePartitionInput{DatabaseName: aws.String(db), TableName: aws.String(tab), PartitionInput: &inputs(1)[0]}
	if _, err := r.client.CreatePartition(t.Context(), create); err != nil {
		t.Fatal(err)
	}
	_, err := r.client.CreatePartition(t.Context(), create)
	r.fails(err, "AlreadyExistsException")
	got, err := r.client.GetPartition(t.Context(), at(values(8, 1, 0)))
	if err != nil || !got.Partition.CreationTime.Equal(r.clock.Now()) || *got.Partition.TableName != tab {
		t.Errorf("get: %+v, %v", got, err)
	}
	moved := create.PartitionInput
	moved.Values = values(8, 1, 5)
	update := &sdk.UpdatePartitionInput{DatabaseName: aws.String(db), TableName: aws.String(tab), PartitionValueList: values(8, 1, 0), PartitionInput: moved}
	if _, err := r.client.UpdatePartition(t.Context(), update); err != nil {
		t.Fatal(err)
	}
	_, err = r.client.GetPartition(t.Context(), at(values(8, 1, 0)))
	r.fails(err, "EntityNotFoundException")
	drop := &sdk.DeletePartitionInput{DatabaseName: aws.String(db), TableName: aws.String(tab), PartitionValues: values(8, 1, 5)}
	if _, err := r.client.DeletePartition(t.Context(), drop); err != nil {
		t.Fatal(err)
	}
	_, err = r.client.DeletePartition(t.Context(), drop)
	r.fails(err, "EntityNotFoundException")
}
