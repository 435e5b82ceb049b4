package awsfake_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch/types"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/scheduler"

	"pixelctl/pkg/awsfake"
	"pixelctl/pkg/awsfake/identity"
	schedules "pixelctl/pkg/awsfake/scheduler"
)

func TestLogs(t *testing.T) {
	f := awsfake.Start(t)
	ctx, client := t.Context(), cloudwatchlogs.NewFromConfig(config(f, "AKIA"))
	for _, group := range []string{"/a", "/b/1", "/b/2"} {
		if _, err := client.CreateLogGroup(ctx, &cloudwatchlogs.CreateLogGroupInput{LogGroupName: &group}); err != nil {
			t.Fatal(err)
		}
	}
	for n := range 60 {
		f.Logs.Write("/b/1", fmt.Sprintf("s%02d", n), fmt.Sprintf("line %d", n))
		f.Clock().Advance(time.Second)
	}
	groups, err := client.DescribeLogGroups(ctx, &cloudwatchlogs.DescribeLogGroupsInput{LogGroupNamePrefix: aws.String("/b/")})
	if err != nil || len(groups.LogGroups) != 2 || *groups.LogGroups[0].LogGroupName != "/b/1" {
		t.Fatalf("%+v, %v", groups, err)
	}
	var streams []string
	pages := cloudwatchlogs.NewDescribeLogStreamsPaginator(client, &cloudwatchlogs.DescribeLogStreamsInput{LogGroupName: aws.String("/b/1")})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			t.Fatal(err)
		}
		for _, s := range page.LogStreams {
			streams = append(streams, *s.LogStreamName)
		}
	}
	if len(streams) != 60 || streams[59] != "s59" {
		t.Errorf("%d streams: %q", len(streams), streams)
	}
	events, err := client.FilterLogEvents(ctx, &cloudwatchlogs.FilterLogEventsInput{
		LogGroupName: aws.String("/b/1"), FilterPattern: aws.String(`"line" 9`), StartTime: aws.Int64(f.Clock().Now().Add(-40 * time.Second).UnixMilli()),
	})
	if err != nil || len(events.Events) != 4 || *events.Events[0].Message != "line 29" {
		t.Errorf("%d events, %v", len(events.Events), err)
	}
	if _, err := client.DeleteLogStream(ctx, &cloudwatchlogs.DeleteLogStreamInput{LogGroupName: aws.String("/b/1"), LogStreamName: aws.String("s00")}); err != nil {
		t.Error(err)
	}
	if _, err := client.DeleteLogGroup(ctx, &cloudwatchlogs.DeleteLogGroupInput{LogGroupName: aws.String("/a")}); err != nil {
		t.Error(err)
	}
	left := f.Left()
	if slices.Contains(left, "AWS::Logs::LogGroup /a") || slices.Contains(left, "AWS::Logs::LogStream /b/1 s00") || len(left) != 2+59 {
		t.Errorf("%q", left)
	}
	_, err = client.DeleteLogGroup(ctx, &cloudwatchlogs.DeleteLogGroupInput{LogGroupName: aws.String("/a")})
	if code(err) != "ResourceNotFoundException" {
		t.Errorf("deleted again: %v", err)
	}
}

func TestMetricData(t *testing.T) {
	f := awsfake.Start(t)
	start := f.Clock().Now()
	for range 3 {
		f.Metrics.Count("AWS/Lambda", "Invocations", "FunctionName", "b")
		f.Clock().Advance(45 * time.Second)
	}
	f.Metrics.Count("AWS/Lambda", "Invocations", "FunctionName", "other")
	query := func(stat string) types.MetricDataQuery {
		return types.MetricDataQuery{Id: aws.String("q" + stat), MetricStat: &types.MetricStat{
			Period: aws.Int32(60), Stat: aws.String(stat),
			Metric: &types.Metric{
				Namespace: aws.String("AWS/Lambda"), MetricName: aws.String("Invocations"),
				Dimensions: []types.Dimension{{Name: aws.String("FunctionName"), Value: aws.String("b")}},
			},
		}}
	}
	out, err := cloudwatch.NewFromConfig(config(f, "AKIA")).GetMetricData(t.Context(), &cloudwatch.GetMetricDataInput{
		StartTime: &start, EndTime: aws.Time(f.Clock().Now()),
		MetricDataQueries: []types.MetricDataQuery{query("Sum"), query("Average")},
	})
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range [][]float64{{1, 2}, {1, 1}} {
		r := out.MetricDataResults[i]
		if !slices.Equal(r.Values, want) || len(r.Timestamps) != 2 || !r.Timestamps[1].Equal(start) || r.StatusCode != types.StatusCodeComplete {
			t.Errorf("%+v, want %v", r, want)
		}
	}
}

func TestRole(t *testing.T) {
	f := awsfake.Start(t)
	f.Identity.PutRole(identity.Role{RoleName: "r", Policies: []identity.Policy{{PolicyName: "p", PolicyDocument: []byte(`{"a": "b c"}`)}}})
	client := iam.NewFromConfig(config(f, "AKIA"))
	role, err := client.GetRole(t.Context(), &iam.GetRoleInput{RoleName: aws.String("r")})
	if err != nil || *role.Role.Arn != "arn:aws:iam::123456789012:role/r" || !role.Role.CreateDate.Equal(f.Clock().Now()) {
		t.Errorf("%+v, %v", role, err)
	}
	list, err := client.ListRolePolicies(t.Context(), &iam.ListRolePoliciesInput{RoleName: aws.String("r")})
	if err != nil || !slices.Equal(list.PolicyNames, []string{"p"}) {
		t.Errorf("%+v, %v", list, err)
	}
}

func TestScheduleRuns(t *testing.T) {
	f := awsfake.Start(t)
	client := scheduler.NewFromConfig(config(f, "AKIA"))
	if err := f.Scheduler.Put(schedules.Schedule{Name: "s", ScheduleExpression: "sometimes"}); err == nil {
		t.Error("a wrong expression was taken")
	}
	s := schedules.Schedule{Name: "s", ScheduleExpression: "cron(20 * * * ? *)", Target: schedules.Target{
		Arn: "arn:aws:scheduler:::aws-sdk:athena:startQueryExecution", Input: `{"QueryString":"MSCK REPAIR TABLE x","WorkGroup":"w"}`,
	}}
	if err := f.Scheduler.Put(s); err != nil {
		t.Fatal(err)
	}
	out, err := client.GetSchedule(t.Context(), &scheduler.GetScheduleInput{Name: aws.String("s")})
	if err != nil || *out.ScheduleExpression != s.ScheduleExpression || *out.Target.Input != s.Target.Input || out.State != "ENABLED" {
		t.Errorf("%+v, %v", out, err)
	}
	runs := func() (n int) {
		for _, c := range f.Calls() {
			if c.Service == "athena" && c.Operation == "StartQueryExecution" && c.Inner {
				n++
			}
		}
		return n
	}
	for _, step := range []struct {
		wait time.Duration
		want int
	}{{19 * time.Minute, 0}, {time.Minute, 1}, {3 * time.Hour, 4}} {
		f.Clock().Advance(step.wait)
		if got := runs(); got != step.want {
			t.Errorf("after %v: %d runs, want %d", step.wait, got, step.want)
		}
	}
	_, err = client.GetSchedule(t.Context(), &scheduler.GetScheduleInput{Name: aws.String("none")})
	if code(err) != "ResourceNotFoundException" {
		t.Errorf("%v", err)
	}
}
