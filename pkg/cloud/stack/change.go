package stack

import (
	"fmt"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation/types"
)

// Change is what a change set does to one resource.
type Change struct {
	Action      string   // Add, Modify, Remove, Import or Dynamic
	LogicalID   string   // in the template
	Type        string   // such as AWS::S3::Bucket
	PhysicalID  string   // "" before it exists
	Replacement string   // True, False, Conditional, or ""
	Properties  []string // that change
	Destroys    string   // what is lost by it, in words, or ""
}

// losses says what goes with a resource of a type; %s is its physical id.
var losses = map[string]string{ //nolint:gosec // words about a secret, none of them one
	"AWS::S3::Bucket":                      "all data in bucket %s",
	"AWS::KinesisFirehose::DeliveryStream": "the hits still buffered in delivery stream %s, and its name",
	"AWS::ApiGatewayV2::Api":               "the address of API %s: every snippet that names it stops counting",
	"AWS::Lambda::Url":                     "the address of %s: every snippet that names it stops counting",
	"AWS::CloudFront::Distribution":        "the address of distribution %s: every snippet that names it stops counting",
	"AWS::Glue::Database":                  "all tables and partitions in database %s; the files stay",
	"AWS::Glue::Table":                     "the partitions of table %s; the files stay",
	"AWS::Logs::LogGroup":                  "all lines in log group %s",
	"AWS::SecretsManager::Secret":          "the keys in secret %s: what was hashed with them cannot be joined with what comes",
	"AWS::Athena::WorkGroup":               "the saved queries and the query history of workgroup %s",
	"AWS::KMS::Key":                        "key %s, and with it all that is encrypted by it",
}

func change(r *types.ResourceChange) Change {
	c := Change{
		Action: string(r.Action), LogicalID: aws.ToString(r.LogicalResourceId), Type: aws.ToString(r.ResourceType),
		PhysicalID: aws.ToString(r.PhysicalResourceId), Replacement: string(r.Replacement),
	}
	for _, d := range r.Details {
		if d.Target == nil {
			continue
		}
		name := aws.ToString(d.Target.Name)
		if name == "" {
			name = string(d.Target.Attribute) // Tags, Metadata, a policy
		}
		if !slices.Contains(c.Properties, name) {
			c.Properties = append(c.Properties, name)
		}
	}
	c.Destroys = destroys(r)
	return c
}

// destroys says what the change destroys. PolicyAction is what the resource's
// DeletionPolicy or UpdateReplacePolicy makes of it.
func destroys(r *types.ResourceChange) string {
	loss, ok := losses[aws.ToString(r.ResourceType)]
	if !ok || r.PolicyAction == types.PolicyActionRetain || r.PolicyAction == types.PolicyActionReplaceAndRetain {
		return ""
	}
	what := fmt.Sprintf(loss, aws.ToString(r.PhysicalResourceId))
	switch {
	case r.Action == types.ChangeActionRemove, r.Replacement == types.ReplacementTrue:
		return what
	case r.Replacement == types.ReplacementConditional:
		return "perhaps " + what
	}
	return ""
}
