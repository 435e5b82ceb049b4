package presence

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"

	"pixelctl/pkg/cloud/session"
)

// crawlerGroup is the log group that all crawlers of an account share.
const crawlerGroup = "/aws-glue/crawlers"

// logGroup lists by prefix; of names with it, the name itself comes first.
func (e *Engine) logGroup(ctx context.Context, _, id string) error {
	out, err := e.c.Logs.DescribeLogGroups(ctx, &cloudwatchlogs.DescribeLogGroupsInput{LogGroupNamePrefix: &id})
	if err != nil {
		return err
	}
	for _, g := range out.LogGroups {
		if aws.ToString(g.LogGroupName) == id {
			return nil
		}
	}
	return errNone
}

func (e *Engine) logStream(ctx context.Context, group, id string) error {
	out, err := e.c.Logs.DescribeLogStreams(ctx, &cloudwatchlogs.DescribeLogStreamsInput{LogGroupName: &group, LogStreamNamePrefix: &id})
	if err != nil {
		return err
	}
	for _, s := range out.LogStreams {
		if aws.ToString(s.LogStreamName) == id {
			return nil
		}
	}
	return errNone
}

// DeleteCrawlerLogs deletes the crawler's own stream in the group that all
// crawlers share. One that is not there is no error.
func (e *Engine) DeleteCrawlerLogs(ctx context.Context, crawler string) error {
	group := crawlerGroup
	_, err := e.c.Logs.DeleteLogStream(ctx, &cloudwatchlogs.DeleteLogStreamInput{LogGroupName: &group, LogStreamName: &crawler})
	if session.Code(err) == resourceNotFound {
		return nil
	}
	return session.Explain(err, "delete log stream %s of %s", crawler, group)
}

// DeleteLogGroup deletes a group that a service made again after its stack was
// gone. One that is not there is no error.
func (e *Engine) DeleteLogGroup(ctx context.Context, name string) error {
	_, err := e.c.Logs.DeleteLogGroup(ctx, &cloudwatchlogs.DeleteLogGroupInput{LogGroupName: &name})
	if session.Code(err) == resourceNotFound {
		return nil
	}
	return session.Explain(err, "delete log group %s", name)
}
