package presence

import (
	"context"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/apigatewayv2"
	"github.com/aws/aws-sdk-go-v2/service/athena"
	"github.com/aws/aws-sdk-go-v2/service/firehose"
	"github.com/aws/aws-sdk-go-v2/service/glue"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/lambda"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/scheduler"
	"github.com/aws/aws-sdk-go-v2/service/secretsmanager"
)

func (e *Engine) api(ctx context.Context, _, id string) error {
	_, err := e.c.API.GetApi(ctx, &apigatewayv2.GetApiInput{ApiId: &id})
	return err
}

func (e *Engine) integration(ctx context.Context, api, id string) error {
	_, err := e.c.API.GetIntegration(ctx, &apigatewayv2.GetIntegrationInput{ApiId: &api, IntegrationId: &id})
	return err
}

func (e *Engine) route(ctx context.Context, api, id string) error {
	_, err := e.c.API.GetRoute(ctx, &apigatewayv2.GetRouteInput{ApiId: &api, RouteId: &id})
	return err
}

func (e *Engine) stage(ctx context.Context, api, id string) error {
	_, err := e.c.API.GetStage(ctx, &apigatewayv2.GetStageInput{ApiId: &api, StageName: &id})
	return err
}

func (e *Engine) workGroup(ctx context.Context, _, id string) error {
	_, err := e.c.Athena.GetWorkGroup(ctx, &athena.GetWorkGroupInput{WorkGroup: &id})
	return err
}

func (e *Engine) crawler(ctx context.Context, _, id string) error {
	_, err := e.c.Glue.GetCrawler(ctx, &glue.GetCrawlerInput{Name: &id})
	return err
}

func (e *Engine) database(ctx context.Context, _, id string) error {
	_, err := e.c.Glue.GetDatabase(ctx, &glue.GetDatabaseInput{Name: &id})
	return err
}

func (e *Engine) table(ctx context.Context, database, id string) error {
	_, err := e.c.Glue.GetTable(ctx, &glue.GetTableInput{DatabaseName: &database, Name: &id})
	return err
}

func (e *Engine) role(ctx context.Context, _, id string) error {
	_, err := e.c.IAM.GetRole(ctx, &iam.GetRoleInput{RoleName: &id})
	return err
}

func (e *Engine) stream(ctx context.Context, _, id string) error {
	_, err := e.c.Firehose.DescribeDeliveryStream(ctx, &firehose.DescribeDeliveryStreamInput{DeliveryStreamName: &id})
	return err
}

func (e *Engine) function(ctx context.Context, _, id string) error {
	_, err := e.c.Lambda.GetFunction(ctx, &lambda.GetFunctionInput{FunctionName: &id})
	return err
}

// permission looks for its statement in the function's policy.
func (e *Engine) permission(ctx context.Context, function, id string) error {
	out, err := e.c.Lambda.GetPolicy(ctx, &lambda.GetPolicyInput{FunctionName: &function})
	if err == nil && !strings.Contains(aws.ToString(out.Policy), `"`+id+`"`) {
		err = errNone
	}
	return err
}

func (e *Engine) bucket(ctx context.Context, _, id string) error {
	_, err := e.c.S3.HeadBucket(ctx, &s3.HeadBucketInput{Bucket: &id})
	return err
}

func (e *Engine) bucketPolicy(ctx context.Context, bucket, _ string) error {
	_, err := e.c.S3.GetBucketPolicy(ctx, &s3.GetBucketPolicyInput{Bucket: &bucket})
	return err
}

func (e *Engine) schedule(ctx context.Context, _, id string) error {
	_, err := e.c.Scheduler.GetSchedule(ctx, &scheduler.GetScheduleInput{Name: &id})
	return err
}

// secret is gone, too, while its deletion is still at work: there is no way back
// from one without days to restore it in.
func (e *Engine) secret(ctx context.Context, _, id string) error {
	out, err := e.c.Secrets.DescribeSecret(ctx, &secretsmanager.DescribeSecretInput{SecretId: &id})
	if err == nil && out.DeletedDate != nil {
		err = errNone
	}
	return err
}
