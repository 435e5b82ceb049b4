package stack

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation"

	"pixelctl/pkg/cloud/session"
)

// Resource is one resource of a stack.
type Resource struct {
	LogicalID  string // in the template
	PhysicalID string // name or id in its service
	Type       string // such as AWS::S3::Bucket
	Status     string // such as CREATE_COMPLETE
	Reason     string // of the status, often ""
}

// Resources lists the resources of a stack by its name, or by its id also for
// 90 days after it was deleted.
func (e *Engine) Resources(ctx context.Context, id string) ([]Resource, error) {
	var all []Resource
	pages := cloudformation.NewListStackResourcesPaginator(e.c, &cloudformation.ListStackResourcesInput{StackName: &id})
	for pages.HasMorePages() {
		out, err := pages.NextPage(ctx)
		if err != nil {
			return nil, session.Explain(err, "list resources of stack %s", e.o.Stack)
		}
		for _, r := range out.StackResourceSummaries {
			all = append(all, Resource{
				LogicalID: aws.ToString(r.LogicalResourceId), PhysicalID: aws.ToString(r.PhysicalResourceId),
				Type: aws.ToString(r.ResourceType), Status: string(r.ResourceStatus), Reason: aws.ToString(r.ResourceStatusReason),
			})
		}
	}
	return all, nil
}
