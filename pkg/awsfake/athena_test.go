package awsfake_test

import (
	"errors"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/athena"
	"github.com/aws/aws-sdk-go-v2/service/athena/types"

	"pixelctl/pkg/awsfake"
	groups "pixelctl/pkg/awsfake/athena"
	"pixelctl/pkg/awsfake/glue"
	schedules "pixelctl/pkg/awsfake/scheduler"
)

// The scheduled repair registers what Firehose has delivered.
func TestTheScheduleRepairs(t *testing.T) {
	f := awsfake.Start(t)
	table := glue.Table{Name: "tp_hits", TableType: "EXTERNAL_TABLE", PartitionKeys: []glue.Column{{Name: "year", Type: "int"}}, StorageDescriptor: &glue.StorageDescriptor{Location: "s3://data/data/"}}
	group := groups.WorkGroup{Name: "pixel", Configuration: groups.Configuration{ResultConfiguration: groups.ResultConfiguration{OutputLocation: "s3://data/results/"}}}
	for _, err := range []error{
		f.S3.CreateBucket("data"), f.S3.Put("data", "data/year=2026/x", []byte("x")), f.Glue.CreateDatabase(glue.Database{Name: "pixel"}),
		f.Glue.CreateTable("pixel", table), f.Athena.CreateWorkGroup(group),
		f.Scheduler.Put(schedules.Schedule{Name: "s", ScheduleExpression: "cron(20 * * * ? *)", Target: schedules.Target{
			Arn:   "arn:aws:scheduler:::aws-sdk:athena:startQueryExecution",
			Input: "{\"QueryString\":\"MSCK REPAIR TABLE `tp_hits`\",\"QueryExecutionContext\":{\"Database\":\"pixel\"},\"WorkGroup\":\"pixel\"}",
		}}),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
	f.Clock().Advance(20 * time.Minute)
	f.Clock().Advance(time.Second)
	if got := f.Glue.Partitions("pixel", "tp_hits"); len(got) != 1 || got[0].Values[0] != "2026" {
		t.Errorf("registered %+v by %+v", got, f.Athena.Executions())
	}
}

func TestAthenasOwnErrorCodeArrives(t *testing.T) {
	f := awsfake.Start(t)
	client := athena.NewFromConfig(config(f, "AKIA"))
	_, err := client.GetWorkGroup(t.Context(), &athena.GetWorkGroupInput{WorkGroup: aws.String("nobody")})
	var invalid *types.InvalidRequestException
	if !errors.As(err, &invalid) || aws.ToString(invalid.AthenaErrorCode) != "INVALID_INPUT" || invalid.ErrorMessage() != "WorkGroup is not found." {
		t.Errorf("%v", err)
	}
}
