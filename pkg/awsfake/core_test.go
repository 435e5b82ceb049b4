package awsfake_test

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/apigatewayv2"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch/types"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/lambda"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/scheduler"
	"github.com/aws/aws-sdk-go-v2/service/sts"
	"github.com/aws/smithy-go"

	"pixelctl/pkg/awsfake"
)

// config is what clients of the fake take; they try once.
func config(f *awsfake.Fake, key string) aws.Config {
	return aws.Config{
		Region: awsfake.Region, BaseEndpoint: aws.String(f.URL()),
		Credentials: aws.CredentialsProviderFunc(func(context.Context) (aws.Credentials, error) {
			return aws.Credentials{AccessKeyID: key, SecretAccessKey: "secret"}, nil
		}),
		Retryer: func() aws.Retryer { return aws.NopRetryer{} },
	}
}

func store(c aws.Config) *s3.Client {
	return s3.NewFromConfig(c, func(o *s3.Options) { o.UsePathStyle = true })
}

// asks has one call of every protocol.
func asks(c aws.Config) map[string]func(context.Context) error {
	return map[string]func(context.Context) error{
		"sts": func(ctx context.Context) error {
			_, err := sts.NewFromConfig(c).GetCallerIdentity(ctx, &sts.GetCallerIdentityInput{})
			return err
		},
		"s3": func(ctx context.Context) error {
			_, err := store(c).ListBuckets(ctx, &s3.ListBucketsInput{})
			return err
		},
		"lambda": func(ctx context.Context) error {
			_, err := lambda.NewFromConfig(c).ListFunctions(ctx, &lambda.ListFunctionsInput{})
			return err
		},
		"apigateway": func(ctx context.Context) error {
			_, err := apigatewayv2.NewFromConfig(c).GetApis(ctx, &apigatewayv2.GetApisInput{})
			return err
		},
		"scheduler": func(ctx context.Context) error {
			_, err := scheduler.NewFromConfig(c).ListSchedules(ctx, &scheduler.ListSchedulesInput{})
			return err
		},
		"logs": func(ctx context.Context) error {
			_, err := cloudwatchlogs.NewFromConfig(c).DescribeLogGroups(ctx, &cloudwatchlogs.DescribeLogGroupsInput{})
			return err
		},
		"monitoring": func(ctx context.Context) error {
			_, err := cloudwatch.NewFromConfig(c).GetMetricData(ctx, &cloudwatch.GetMetricDataInput{
				StartTime: aws.Time(time.Unix(0, 0)), EndTime: aws.Time(time.Unix(60, 0)),
				MetricDataQueries: []types.MetricDataQuery{{
					Id: aws.String("a"), MetricStat: &types.MetricStat{
						Metric: &types.Metric{Namespace: aws.String("AWS/Lambda"), MetricName: aws.String("Errors")},
						Period: aws.Int32(60), Stat: aws.String("Sum"),
					},
				}},
			})
			return err
		},
	}
}

func code(err error) string {
	if api, ok := errors.AsType[smithy.APIError](err); ok {
		return api.ErrorCode()
	}
	return ""
}

func TestIdentity(t *testing.T) {
	f := awsfake.Start(t)
	out, err := sts.NewFromConfig(config(f, "AKIA")).GetCallerIdentity(t.Context(), &sts.GetCallerIdentityInput{})
	if err != nil || *out.Account != awsfake.Account || !strings.HasPrefix(*out.Arn, "arn:aws:iam::") {
		t.Errorf("%+v, %v", out, err)
	}
	_, err = iam.NewFromConfig(config(f, "AKIA")).GetRole(t.Context(), &iam.GetRoleInput{RoleName: aws.String("no")})
	if code(err) != "NoSuchEntity" {
		t.Errorf("a role that is not there: %v", err)
	}
}

func TestEveryProtocolAnswers(t *testing.T) {
	f := awsfake.Start(t)
	for service, ask := range asks(config(f, "AKIA")) {
		if err := ask(t.Context()); err != nil {
			t.Errorf("%s: %v", service, err)
		}
	}
	if n := len(f.Calls()); n != len(asks(aws.Config{})) {
		t.Errorf("the log has %d calls", n)
	}
}

func TestExpiredToken(t *testing.T) {
	f := awsfake.Start(t)
	for service, ask := range asks(config(f, "EXPIRED")) {
		if got := code(ask(t.Context())); !strings.HasPrefix(got, "ExpiredToken") {
			t.Errorf("%s: %q", service, got)
		}
	}
}

func TestFaultCodesInEveryProtocol(t *testing.T) {
	f := awsfake.Start(t)
	for service, ask := range asks(config(f, "AKIA")) {
		f.Fail(awsfake.Fault{Service: service, Code: "ThrottlingException"})
		f.Fail(awsfake.Fault{Service: service, Nth: 2, Status: 503})
		f.Fail(awsfake.Fault{Service: service, Nth: 3, Code: awsfake.Skew})
		got := []string{code(ask(t.Context())), code(ask(t.Context())), code(ask(t.Context()))}
		skew := map[string]string{"s3": "RequestTimeTooSkewed", "sts": "SignatureDoesNotMatch"}[service]
		if skew == "" {
			skew = "InvalidSignatureException"
		}
		if want := []string{"ThrottlingException", "ServiceUnavailable", skew}; !slices.Equal(got, want) {
			t.Errorf("%s: %q, want %q", service, got, want)
		}
		if err := ask(t.Context()); err != nil {
			t.Errorf("%s after the faults: %v", service, err)
		}
	}
}

func TestBrokenConnections(t *testing.T) {
	f := awsfake.Start(t)
	for service, ask := range asks(config(f, "AKIA")) {
		f.Fail(awsfake.Fault{Service: service, Reset: true})
		f.Fail(awsfake.Fault{Service: service, Nth: 2, Truncate: true})
		for _, kind := range []string{"reset", "truncated"} {
			if err := ask(t.Context()); err == nil || code(err) != "" {
				t.Errorf("%s, %s: %v", service, kind, err)
			}
		}
	}
}

func TestFaultBeforeAndAfterEffect(t *testing.T) {
	f := awsfake.Start(t)
	client := store(config(f, "AKIA"))
	f.Fail(awsfake.Fault{Service: "s3", Operation: "CreateBucket", Nth: 2, After: true})
	f.Fail(awsfake.Fault{Service: "s3", Operation: "CreateBucket", Nth: 3, Code: "SlowDown"})
	f.Fail(awsfake.Fault{Service: "s3", Operation: "CreateBucket", Nth: 4, Code: "InternalError", After: true})
	for i, want := range []struct{ code, left string }{
		{"", "AWS::S3::Bucket bucket-a"},
		{"", "AWS::S3::Bucket bucket-b"},
		{"SlowDown", ""},
		{"InternalError", "AWS::S3::Bucket bucket-d"},
	} {
		name := "bucket-" + string(rune('a'+i))
		_, err := client.CreateBucket(t.Context(), &s3.CreateBucketInput{Bucket: &name})
		if (err == nil) != (i == 0) || code(err) != want.code {
			t.Errorf("call %d: %v", i+1, err)
		}
		if exists := slices.Contains(f.Left(), "AWS::S3::Bucket "+name); exists != (want.left != "") {
			t.Errorf("call %d: %q", i+1, f.Left())
		}
	}
}

func TestDelay(t *testing.T) {
	f := awsfake.Start(t)
	ask := asks(config(f, "AKIA"))["sts"]
	before := f.Clock().Now()
	f.Fail(awsfake.Fault{Delay: time.Hour})
	if err := ask(t.Context()); err != nil || f.Clock().Now().Sub(before) != time.Hour {
		t.Errorf("%v, the clock moved by %v", err, f.Clock().Now().Sub(before))
	}
	f.Fail(awsfake.Fault{Delay: awsfake.Hang})
	ctx, cancel := context.WithCancel(t.Context())
	f.OnCall(func(awsfake.Call) { cancel() })
	if err := ask(ctx); !errors.Is(err, context.Canceled) {
		t.Errorf("hanging: %v", err)
	}
}

func TestOnCall(t *testing.T) {
	f := awsfake.Start(t)
	var seen []awsfake.Call
	f.OnCall(func(c awsfake.Call) { seen = append(seen, c) })
	c := asks(config(f, "AKIA"))
	for _, service := range []string{"sts", "logs", "lambda"} {
		if err := c[service](t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	want := []awsfake.Call{
		{Service: "sts", Operation: "GetCallerIdentity", N: 1},
		{Service: "logs", Operation: "DescribeLogGroups", N: 2},
		{Service: "lambda", Operation: "ListFunctions", N: 3},
	}
	if !slices.Equal(seen, want) || !slices.Equal(f.Calls(), want) {
		t.Errorf("%+v", seen)
	}
}

func TestUnsigned(t *testing.T) {
	f := awsfake.Start(t)
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, f.URL(), nil)
	if err != nil {
		t.Fatal(err)
	}
	resp, err := f.Client().Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	if resp.StatusCode != 403 {
		t.Errorf("status %d", resp.StatusCode)
	}
}
