package athena_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/athena"
	"github.com/aws/aws-sdk-go-v2/service/athena/types"

	"pixelctl/pkg/awsfake/athena"
	"pixelctl/pkg/query"
)

func TestStatesMoveOnTheClock(t *testing.T) {
	r := start(t)
	id := r.begin("SELECT 1 AS one")
	for _, step := range []struct {
		wait  time.Duration
		state types.QueryExecutionState
	}{
		{0, types.QueryExecutionStateQueued},
		{299 * time.Millisecond, types.QueryExecutionStateQueued},
		{time.Millisecond, types.QueryExecutionStateRunning},
		{699 * time.Millisecond, types.QueryExecutionStateRunning},
		{time.Hour, types.QueryExecutionStateSucceeded},
	} {
		r.clock.Advance(step.wait)
		e := r.get(id)
		if e.Status.State != step.state {
			t.Fatalf("after %s: %s, want %s", step.wait, e.Status.State, step.state)
		}
		_, err := r.client.GetQueryResults(t.Context(), &sdk.GetQueryResultsInput{QueryExecutionId: &id})
		if step.state != types.QueryExecutionStateSucceeded {
			r.fails(err, "Query has not yet finished. Current state: "+string(step.state))
		} else if err != nil {
			t.Error(err)
		}
	}
	e := r.get(id)
	if s := e.Statistics; *s.TotalExecutionTimeInMillis != 1000 || *s.QueryQueueTimeInMillis != 300 || *s.EngineExecutionTimeInMillis != 700 {
		t.Errorf("times: %+v", *s)
	}
	if d := e.Status.CompletionDateTime.Sub(*e.Status.SubmissionDateTime); d != time.Second {
		t.Errorf("took %s", d)
	}
	if e.StatementType != types.StatementTypeDml || *e.SubstatementType != "SELECT" || *e.WorkGroup != group || *e.QueryExecutionContext.Database != db ||
		*e.EngineVersion.EffectiveEngineVersion != "Athena engine version 3" {
		t.Errorf("execution: %+v", *e)
	}
}

func TestResultsArePaged(t *testing.T) {
	r := start(t)
	id := aws.String(*r.succeed("SELECT i, 'row ' || CAST(i AS varchar) AS name FROM UNNEST(sequence(0, 2344)) AS t(i)").QueryExecutionId)
	seen, pages := 0, 0
	for in := (&sdk.GetQueryResultsInput{QueryExecutionId: id}); ; pages++ {
		out, rows := r.page(in)
		if pages == 0 && rows[0] != "i|name" {
			t.Errorf("first row %q", rows[0])
		}
		for i, row := range rows {
			n := seen + i - 1 // of the rows after the header
			if n >= 0 && row != fmt.Sprintf("%d|row %d", n, n) {
				t.Fatalf("row %d is %q", n, row)
			}
		}
		seen += len(rows)
		if in.NextToken = out.NextToken; in.NextToken == nil {
			break
		}
		if len(rows) != 1000 {
			t.Errorf("page %d has %d rows", pages, len(rows))
		}
	}
	if seen != 2346 || pages != 2 {
		t.Errorf("%d rows on %d pages", seen, pages+1)
	}
	out, rows := r.page(&sdk.GetQueryResultsInput{QueryExecutionId: id, MaxResults: aws.Int32(1)})
	if len(rows) != 1 || out.NextToken == nil || *out.UpdateCount != 0 {
		t.Errorf("one row: %q", rows)
	}
	for _, in := range []*sdk.GetQueryResultsInput{
		{QueryExecutionId: id, MaxResults: aws.Int32(1001)},
		{QueryExecutionId: id, MaxResults: aws.Int32(0)},
		{QueryExecutionId: id, NextToken: aws.String("x")},
		{QueryExecutionId: id, NextToken: aws.String("OTk5OTk=")},
		{QueryExecutionId: aws.String("nobody")},
	} {
		_, err := r.client.GetQueryResults(t.Context(), in)
		r.fails(err, "")
	}
}

func TestColumnsOfResults(t *testing.T) {
	r := start(t)
	back := &scripted{result: athena.Result{Columns: []query.Column{
		{Name: "a", Type: "varchar"},
		{Name: "b", Type: "varchar(5)"},
		{Name: "c", Type: "decimal(10,2)"},
		{Name: "d", Type: "timestamp(3)"},
		{Name: "e", Type: "timestamp(6) with time zone"},
		{Name: "f", Type: "map(varchar, array(bigint))"},
		{Name: "g", Type: "real"},
		{Name: "h", Type: "boolean"},
	}}}
	server := athena.New(athena.Options{Clock: r.clock, Store: athena.FakeStore{S3: r.store}, Backend: back})
	r.client = clientOf(t, server)
	in := input("SELECT 1")
	in.WorkGroup, in.ResultConfiguration = nil, &types.ResultConfiguration{OutputLocation: aws.String("s3://pixel-results/x")}
	started, err := r.client.StartQueryExecution(t.Context(), in)
	if err != nil {
		t.Fatal(err)
	}
	r.clock.Advance(time.Minute)
	out, _ := r.page(&sdk.GetQueryResultsInput{QueryExecutionId: started.QueryExecutionId})
	var got []string
	for _, c := range out.ResultSet.ResultSetMetadata.ColumnInfo {
		got = append(got, fmt.Sprint(*c.Name, " ", *c.Type, " ", c.Precision, " ", c.Scale, " ", c.CaseSensitive))
	}
	want := "a varchar 2147483647 0 true\nb varchar 5 0 true\nc decimal 10 2 false\nd timestamp 3 0 false\n" +
		"e timestamp with time zone 3 0 false\nf map 0 0 false\ng float 17 0 false\nh boolean 0 0 false"
	if strings.Join(got, "\n") != want {
		t.Errorf("got:\n%s\nwant:\n%s", strings.Join(got, "\n"), want)
	}
	if got := *r.get(*started.QueryExecutionId).ResultConfiguration.OutputLocation; got != "s3://pixel-results/x/"+*started.QueryExecutionId+".csv" {
		t.Errorf("location %s", got)
	}
}

func TestTheTokenBeginsOneStatement(t *testing.T) {
	r := start(t)
	in := input("SELECT 1")
	in.ClientRequestToken = aws.String(strings.Repeat("t", 32))
	first, err := r.client.StartQueryExecution(t.Context(), in)
	if err != nil {
		t.Fatal(err)
	}
	r.clock.Advance(time.Minute)
	again, err := r.client.StartQueryExecution(t.Context(), in)
	if err != nil || *again.QueryExecutionId != *first.QueryExecutionId || len(r.server.Executions()) != 1 {
		t.Errorf("again: %v, %v", again, err)
	}
	in.QueryString = aws.String("SELECT 2")
	_, err = r.client.StartQueryExecution(t.Context(), in)
	r.fails(err, "Idempotent parameters do not match")
	for token, want := range map[string]string{strings.Repeat("t", 31): "greater than or equal to 32", strings.Repeat("t", 129): "less than or equal to 128"} {
		in.ClientRequestToken = &token
		_, err = r.client.StartQueryExecution(t.Context(), in)
		r.fails(err, want)
	}
}

func TestStop(t *testing.T) {
	r := start(t)
	id := r.begin("SELECT 1")
	for range 2 { // the second changes nothing
		if _, err := r.client.StopQueryExecution(t.Context(), &sdk.StopQueryExecutionInput{QueryExecutionId: &id}); err != nil {
			t.Fatal(err)
		}
	}
	r.clock.Advance(time.Hour)
	e := r.get(id)
	if e.Status.State != types.QueryExecutionStateCancelled || *e.Status.StateChangeReason != "Query cancelled by user" || e.Status.AthenaError != nil {
		t.Errorf("status %+v", *e.Status)
	}
	_, err := r.client.GetQueryResults(t.Context(), &sdk.GetQueryResultsInput{QueryExecutionId: &id})
	r.fails(err, "Could not find results")
	done := *r.succeed("SELECT 1").QueryExecutionId
	if _, err := r.client.StopQueryExecution(t.Context(), &sdk.StopQueryExecutionInput{QueryExecutionId: &done}); err != nil || r.get(done).Status.State != types.QueryExecutionStateSucceeded {
		t.Errorf("stop of one that has ended: %v", err)
	}
	_, err = r.client.StopQueryExecution(t.Context(), &sdk.StopQueryExecutionInput{QueryExecutionId: aws.String("nobody")})
	r.fails(err, "QueryExecution nobody was not found")
}

func TestTheCutoffStrikes(t *testing.T) {
	r := start(t)
	sizes := r.hours(3, 2)
	limit := int64(10_000_000)
	if _, err := r.client.UpdateWorkGroup(t.Context(), &sdk.UpdateWorkGroupInput{
		WorkGroup: aws.String(group), ConfigurationUpdates: &types.WorkGroupConfigurationUpdates{BytesScannedCutoffPerQuery: &limit},
	}); err != nil {
		t.Fatal(err)
	}
	r.backend.Inflate(limit/int64(sizes[0]) - 1)
	if e := r.succeed("SELECT site FROM tp_hits WHERE hour = 9"); *e.Statistics.DataScannedInBytes > limit {
		t.Errorf("scanned %d", *e.Statistics.DataScannedInBytes)
	}
	e := r.run("SELECT site FROM tp_hits")
	if e.Status.State != types.QueryExecutionStateCancelled || *e.Status.StateChangeReason != "Bytes scanned limit was exceeded" || *e.Statistics.DataScannedInBytes != limit {
		t.Errorf("%+v, %+v", *e.Status, *e.Statistics)
	}
	if keys := r.store.List(results, "results/"+*e.QueryExecutionId); len(keys) > 0 {
		t.Errorf("results %q", keys)
	}
}

func TestTheWorkgroupHasTheLastWord(t *testing.T) {
	r := start(t)
	in := input("SELECT 1")
	in.ResultConfiguration = &types.ResultConfiguration{OutputLocation: aws.String("s3://elsewhere/")}
	out, err := r.client.StartQueryExecution(t.Context(), in)
	if err != nil {
		t.Fatal(err)
	}
	if got := *r.get(*out.QueryExecutionId).ResultConfiguration.OutputLocation; !strings.HasPrefix(got, "s3://pixel-results/results/") {
		t.Errorf("enforced location is %s", got)
	}
	in.WorkGroup, in.ClientRequestToken = aws.String("primary"), nil // the client had filled it in
	if out, err = r.client.StartQueryExecution(t.Context(), in); err != nil {
		t.Fatal(err)
	}
	if got := *r.get(*out.QueryExecutionId).ResultConfiguration.OutputLocation; got != "s3://elsewhere/"+*out.QueryExecutionId+".csv" {
		t.Errorf("location of the request is %s", got)
	}
	r.clock.Advance(time.Minute)
	if e := r.get(*out.QueryExecutionId); e.Status.State != types.QueryExecutionStateFailed || !strings.Contains(*e.Status.StateChangeReason, "NoSuchBucket") {
		t.Errorf("a bucket that is not there: %s", e.Status.State)
	}
	for where, want := range map[string]string{"": "No output location provided.", "elsewhere": "outputLocation is not a valid S3 path."} {
		in.ResultConfiguration.OutputLocation = &where
		_, err = r.client.StartQueryExecution(t.Context(), in)
		r.fails(err, want)
	}
	in.WorkGroup = aws.String("nobody")
	in.ResultConfiguration = nil
	_, err = r.client.StartQueryExecution(t.Context(), in)
	r.fails(err, "WorkGroup is not found.")
	_, err = r.client.StartQueryExecution(t.Context(), input("SELECT '"+strings.Repeat("x", 262_144)+"'"))
	r.fails(err, "'queryString' failed to satisfy constraint: Member must have length less than or equal to 262144")
}

func TestManyExecutions(t *testing.T) {
	r := start(t)
	ids := []string{r.begin("SELECT 1"), "nobody", r.begin("SELECT 2")}
	out, err := r.client.BatchGetQueryExecution(t.Context(), &sdk.BatchGetQueryExecutionInput{QueryExecutionIds: ids})
	if err != nil {
		t.Fatal(err)
	}
	if len(out.QueryExecutions) != 2 || *out.QueryExecutions[1].Query != "SELECT 2" || len(out.UnprocessedQueryExecutionIds) != 1 || *out.UnprocessedQueryExecutionIds[0].QueryExecutionId != "nobody" {
		t.Errorf("%+v", out)
	}
}

// Without a clock a Server stands alone, and states follow the work.
func TestAlone(t *testing.T) {
	r := start(t)
	begun, end := make(chan struct{}), make(chan struct{})
	value := "x"
	back := &scripted{
		result: athena.Result{Columns: []query.Column{{Name: "v", Type: "varchar"}}, Rows: [][]*string{{&value}}},
		wait: func(ctx context.Context) {
			close(begun)
			select {
			case <-end:
			case <-ctx.Done():
			}
		},
	}
	server := athena.New(athena.Options{Store: athena.FakeStore{S3: r.store}, Backend: back})
	r.client = clientOf(t, server)
	in := input("SELECT v")
	in.WorkGroup, in.ResultConfiguration = nil, &types.ResultConfiguration{OutputLocation: aws.String("s3://pixel-results/")}
	out, err := r.client.StartQueryExecution(t.Context(), in)
	if err != nil {
		t.Fatal(err)
	}
	<-begun
	if got := r.get(*out.QueryExecutionId).Status.State; got != types.QueryExecutionStateRunning {
		t.Errorf("state %s", got)
	}
	close(end)
	for r.get(*out.QueryExecutionId).Status.State == types.QueryExecutionStateRunning {
	}
	if _, rows := r.page(&sdk.GetQueryResultsInput{QueryExecutionId: out.QueryExecutionId}); fmt.Sprint(rows) != "[v x]" {
		t.Errorf("rows %q", rows)
	}
	if back.asked[0].Database != db || back.asked[0].SQL != "SELECT v" {
		t.Errorf("asked %+v", back.asked)
	}
}
