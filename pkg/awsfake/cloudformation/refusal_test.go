package cloudformation_test

import (
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/cloudformation"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation/types"

	"pixelctl/pkg/awsfake/cloudformation"
)

func TestRefusedTemplates(t *testing.T) {
	r := start(t, cloudformation.Options{})
	size := func(v string) []types.Parameter {
		return []types.Parameter{{ParameterKey: aws.String("Size"), ParameterValue: &v}}
	}
	role := "Resources: {R: {Type: AWS::IAM::Role}}"
	for name, c := range map[string]struct {
		body       string
		parameters []types.Parameter
		code, part string
	}{
		"max":      {two, size("10"), "ValidationError", "not greater than 9"},
		"number":   {two, size("x"), "ValidationError", "must be a number"},
		"unknown":  {two, []types.Parameter{{ParameterKey: aws.String("Q"), ParameterValue: aws.String("")}}, "ValidationError", "Parameters: [Q] do not exist in the template"},
		"missing":  {strings.Replace(two, "Default: 5, ", "", 1), nil, "ValidationError", "Parameters: [Size] must have values"},
		"iam":      {role, nil, "InsufficientCapabilitiesException", "Requires capabilities : [CAPABILITY_IAM]"},
		"long":     {two + strings.Repeat("#", 51_200), nil, "ValidationError", "less than or equal to 51200"},
		"type":     {strings.Replace(two, "Glue::Crawler", "No::Thing", 1), nil, "ValidationError", "Unrecognized resource types: [AWS::No::Thing]"},
		"function": {strings.Replace(two, "!GetAtt", "!Cidr", 1), nil, "ValidationError", "!Cidr"},
		"circle":   {strings.Replace(two, "Size: !Ref Size", "Size: !Ref B", 1), nil, "ValidationError", "Circular dependency between resources: [A, B]"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := r.client.CreateChangeSet(t.Context(), &sdk.CreateChangeSetInput{
				StackName: aws.String("s"), ChangeSetName: aws.String("c"), ChangeSetType: types.ChangeSetTypeCreate, TemplateBody: &c.body, Parameters: c.parameters,
			})
			refused(t, err, c.code, c.part)
		})
	}
	_, err := r.client.DescribeStacks(t.Context(), &sdk.DescribeStacksInput{StackName: aws.String("s")})
	refused(t, err, "ValidationError", "does not exist")
}

func TestRefusedOperations(t *testing.T) {
	r := start(t, cloudformation.Options{})
	ctx := t.Context()
	cs := r.plan(types.ChangeSetTypeCreate, two)
	in := &sdk.ExecuteChangeSetInput{ChangeSetName: cs.ChangeSetId, ClientRequestToken: aws.String("one")}
	for range 2 { // the second is the repetition of a call whose answer got lost
		if _, err := r.client.ExecuteChangeSet(ctx, in); err != nil {
			t.Fatal(err)
		}
	}
	_, err := r.client.ExecuteChangeSet(ctx, &sdk.ExecuteChangeSetInput{ChangeSetName: cs.ChangeSetId})
	refused(t, err, "InvalidChangeSetStatus", "cannot be executed in its current status")
	plan := &sdk.CreateChangeSetInput{StackName: aws.String("s"), ChangeSetName: aws.String("d"), TemplateBody: aws.String(two)}
	_, err = r.client.CreateChangeSet(ctx, plan)
	refused(t, err, "ValidationError", "is in CREATE_IN_PROGRESS state and can not be updated.")
	r.clock.Advance(time.Minute)
	_, err = r.client.UpdateStack(ctx, &sdk.UpdateStackInput{StackName: aws.String("s"), TemplateBody: aws.String(two)})
	refused(t, err, "ValidationError", "No updates are to be performed.")
	_, err = r.client.UpdateStack(ctx, &sdk.UpdateStackInput{StackName: aws.String("s"), TemplateBody: aws.String(two), ClientRequestToken: aws.String("one")})
	refused(t, err, "TokenAlreadyExistsException", "one")
	_, err = r.client.CreateStack(ctx, &sdk.CreateStackInput{StackName: aws.String("s"), TemplateBody: aws.String(two)})
	refused(t, err, "AlreadyExistsException", "Stack [s] already exists")
	_, err = r.client.DescribeChangeSet(ctx, &sdk.DescribeChangeSetInput{StackName: aws.String("s"), ChangeSetName: aws.String("none")})
	refused(t, err, "ChangeSetNotFound", "[none] does not exist")
	_, err = r.client.CancelUpdateStack(ctx, &sdk.CancelUpdateStackInput{StackName: aws.String("s")})
	refused(t, err, "ValidationError", "cannot be called from current stack status")
	if _, err := r.client.UpdateTerminationProtection(ctx, &sdk.UpdateTerminationProtectionInput{StackName: aws.String("s"), EnableTerminationProtection: aws.Bool(true)}); err != nil {
		t.Fatal(err)
	}
	_, err = r.client.DeleteStack(ctx, &sdk.DeleteStackInput{StackName: aws.String("s")})
	refused(t, err, "ValidationError", "Stack [s] cannot be deleted while TerminationProtection is enabled")
	for range 2 {
		_, err = r.client.CreateChangeSet(ctx, plan)
	}
	refused(t, err, "AlreadyExistsException", "already exists")
}

func TestCancelUpdate(t *testing.T) {
	r := start(t, cloudformation.Options{})
	r.deploy(types.ChangeSetTypeCreate, two)
	cs := r.plan(types.ChangeSetTypeUpdate, strings.Replace(two, "Default: 5", "Default: 6", 1))
	if _, err := r.client.ExecuteChangeSet(t.Context(), &sdk.ExecuteChangeSetInput{ChangeSetName: cs.ChangeSetId}); err != nil {
		t.Fatal(err)
	}
	r.clock.Advance(3 * time.Second)
	if _, err := r.client.CancelUpdateStack(t.Context(), &sdk.CancelUpdateStackInput{StackName: aws.String("s")}); err != nil {
		t.Fatal(err)
	}
	r.clock.Advance(time.Minute)
	r.status(types.StackStatusUpdateRollbackComplete)
	if got := r.memory.made["A-1"].Properties["Size"]; got != 5 {
		t.Errorf("size %v", got)
	}
}

func TestAdopt(t *testing.T) {
	r := start(t, cloudformation.Options{})
	if _, err := r.server.Adopt("s", "UPDATE_IN_PROGRESS", map[string]string{"owner": "else"}, two); err != nil {
		t.Fatal(err)
	}
	r.status(types.StackStatusUpdateInProgress)
	r.clock.Advance(time.Minute)
	r.status(types.StackStatusUpdateComplete)
	if tags := r.stack("s").Tags; len(tags) != 1 || aws.ToString(tags[0].Key) != "owner" {
		t.Errorf("tags %v", tags)
	}
	sum, err := r.client.GetTemplateSummary(t.Context(), &sdk.GetTemplateSummaryInput{StackName: aws.String("s")})
	if err != nil || aws.ToString(sum.Metadata) != `{"Generator":"pixelctl"}` || aws.ToString(sum.Parameters[0].DefaultValue) != "5" {
		t.Errorf("summary %+v %v", sum, err)
	}
	got, err := r.client.GetTemplate(t.Context(), &sdk.GetTemplateInput{StackName: aws.String("s")})
	if err != nil || aws.ToString(got.TemplateBody) != two {
		t.Errorf("template: %v", err)
	}
	r.gone(t, aws.ToString(r.stack("s").StackId))
}
