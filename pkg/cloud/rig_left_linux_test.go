package cloud_test

import (
	"context"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/apigatewayv2"
	"github.com/aws/aws-sdk-go-v2/service/athena"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/aws/aws-sdk-go-v2/service/firehose"
	"github.com/aws/aws-sdk-go-v2/service/glue"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/lambda"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/scheduler"
)

// names asks each service of the template for all that it has.
func (m *ministack) names(t *testing.T) []string {
	t.Helper()
	var all []string
	for kind, list := range m.listings() {
		found, err := list(t.Context())
		if err != nil {
			t.Fatalf("list %s: %v", kind, err)
		}
		for _, name := range found {
			all = append(all, kind+" "+name)
		}
	}
	slices.Sort(all)
	return all
}

// nothingLeft wants what was there before the stack, and no more.
func (m *ministack) nothingLeft(t *testing.T, before []string) {
	t.Helper()
	if now := m.names(t); !slices.Equal(now, before) {
		t.Errorf("after the removal there is\n%s\nbefore the deploy there was\n%s", strings.Join(now, "\n"), strings.Join(before, "\n"))
	}
}

type rigListing func(ctx context.Context) ([]string, error)

func (m *ministack) listings() map[string]rigListing {
	c := m.config(rigKeys{})
	return map[string]rigListing{
		"stack": func(ctx context.Context) ([]string, error) {
			out, err := cloudformation.NewFromConfig(c).DescribeStacks(ctx, &cloudformation.DescribeStacksInput{})
			return namesIn(out, err, func(o *cloudformation.DescribeStacksOutput) (names []string) {
				for _, s := range o.Stacks {
					names = append(names, aws.ToString(s.StackName))
				}
				return names
			})
		},
		"bucket": func(ctx context.Context) ([]string, error) {
			out, err := m.s3().ListBuckets(ctx, &s3.ListBucketsInput{})
			return namesIn(out, err, func(o *s3.ListBucketsOutput) (names []string) {
				for _, b := range o.Buckets {
					names = append(names, aws.ToString(b.Name))
				}
				return names
			})
		},
		"role": func(ctx context.Context) ([]string, error) {
			out, err := iam.NewFromConfig(c).ListRoles(ctx, &iam.ListRolesInput{})
			return namesIn(out, err, func(o *iam.ListRolesOutput) (names []string) {
				for _, r := range o.Roles {
					names = append(names, aws.ToString(r.RoleName))
				}
				return names
			})
		},
		"function": func(ctx context.Context) ([]string, error) {
			out, err := lambda.NewFromConfig(c).ListFunctions(ctx, &lambda.ListFunctionsInput{})
			return namesIn(out, err, func(o *lambda.ListFunctionsOutput) (names []string) {
				for _, f := range o.Functions {
					names = append(names, aws.ToString(f.FunctionName))
				}
				return names
			})
		},
		"delivery stream": func(ctx context.Context) ([]string, error) {
			out, err := firehose.NewFromConfig(c).ListDeliveryStreams(ctx, &firehose.ListDeliveryStreamsInput{})
			return namesIn(out, err, func(o *firehose.ListDeliveryStreamsOutput) []string { return o.DeliveryStreamNames })
		},
		"api": func(ctx context.Context) ([]string, error) {
			out, err := apigatewayv2.NewFromConfig(c).GetApis(ctx, &apigatewayv2.GetApisInput{})
			return namesIn(out, err, func(o *apigatewayv2.GetApisOutput) (names []string) {
				for _, a := range o.Items {
					names = append(names, aws.ToString(a.Name))
				}
				return names
			})
		},
		"log group": func(ctx context.Context) ([]string, error) {
			out, err := cloudwatchlogs.NewFromConfig(c).DescribeLogGroups(ctx, &cloudwatchlogs.DescribeLogGroupsInput{})
			return namesIn(out, err, func(o *cloudwatchlogs.DescribeLogGroupsOutput) (names []string) {
				for _, g := range o.LogGroups {
					names = append(names, aws.ToString(g.LogGroupName))
				}
				return names
			})
		},
		"database": func(ctx context.Context) ([]string, error) {
			out, err := glue.NewFromConfig(c).GetDatabases(ctx, &glue.GetDatabasesInput{})
			return namesIn(out, err, func(o *glue.GetDatabasesOutput) (names []string) {
				for _, d := range o.DatabaseList {
					names = append(names, aws.ToString(d.Name))
				}
				return names
			})
		},
		"crawler": func(ctx context.Context) ([]string, error) {
			out, err := glue.NewFromConfig(c).GetCrawlers(ctx, &glue.GetCrawlersInput{})
			return namesIn(out, err, func(o *glue.GetCrawlersOutput) (names []string) {
				for _, d := range o.Crawlers {
					names = append(names, aws.ToString(d.Name))
				}
				return names
			})
		},
		"workgroup": func(ctx context.Context) ([]string, error) {
			out, err := athena.NewFromConfig(c).ListWorkGroups(ctx, &athena.ListWorkGroupsInput{})
			return namesIn(out, err, func(o *athena.ListWorkGroupsOutput) (names []string) {
				for _, w := range o.WorkGroups {
					names = append(names, aws.ToString(w.Name))
				}
				return names
			})
		},
		"schedule": func(ctx context.Context) ([]string, error) {
			out, err := scheduler.NewFromConfig(c).ListSchedules(ctx, &scheduler.ListSchedulesInput{})
			return namesIn(out, err, func(o *scheduler.ListSchedulesOutput) (names []string) {
				for _, s := range o.Schedules {
					names = append(names, aws.ToString(s.Name))
				}
				return names
			})
		},
	}
}

// namesIn gives the names in an answer.
func namesIn[T any](out T, err error, names func(T) []string) ([]string, error) {
	if err != nil {
		return nil, err
	}
	return names(out), nil
}
