package athena_test

import (
	"fmt"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/athena"
	"github.com/aws/aws-sdk-go-v2/service/athena/types"

	"pixelctl/pkg/awsfake/athena"
)

func TestAWorkgroupOfATemplate(t *testing.T) {
	r := start(t)
	out, err := r.client.GetWorkGroup(t.Context(), &sdk.GetWorkGroupInput{WorkGroup: aws.String(group)})
	if err != nil {
		t.Fatal(err)
	}
	g, c := out.WorkGroup, out.WorkGroup.Configuration
	if g.State != types.WorkGroupStateEnabled || !*c.EnforceWorkGroupConfiguration || *c.BytesScannedCutoffPerQuery != 107374182400 ||
		*c.ResultConfiguration.OutputLocation != "s3://pixel-results/results/" || c.ResultConfiguration.EncryptionConfiguration.EncryptionOption != types.EncryptionOptionSseS3 ||
		*c.EngineVersion.EffectiveEngineVersion != "Athena engine version 3" || g.CreationTime.IsZero() {
		t.Errorf("%+v, %+v", g, c)
	}
	if w := decode[athena.WorkGroup](t, workgroup); !bool(w.RecursiveDeleteOption) {
		t.Error("RecursiveDeleteOption is lost")
	}
}

func TestWorkgroupsOfTheAPI(t *testing.T) {
	r := start(t)
	create := func(name string, cutoff int64) error {
		_, err := r.client.CreateWorkGroup(t.Context(), &sdk.CreateWorkGroupInput{Name: &name, Configuration: &types.WorkGroupConfiguration{
			BytesScannedCutoffPerQuery: &cutoff, ResultConfiguration: &types.ResultConfiguration{OutputLocation: aws.String("s3://pixel-results/w/")},
		}})
		return err
	}
	if err := create("w", 10_000_000); err != nil {
		t.Fatal(err)
	}
	r.fails(create("w", 10_000_000), "WorkGroup w is already created")
	r.fails(create("x", 9_999_999), "greater than or equal to 10000000")
	r.fails(create("a b", 10_000_000), "regular expression")
	update := &sdk.UpdateWorkGroupInput{
		WorkGroup: aws.String("w"), State: types.WorkGroupStateDisabled, Description: aws.String("closed"),
		ConfigurationUpdates: &types.WorkGroupConfigurationUpdates{
			RemoveBytesScannedCutoffPerQuery: aws.Bool(true), EnforceWorkGroupConfiguration: aws.Bool(false),
			ResultConfigurationUpdates: &types.ResultConfigurationUpdates{RemoveOutputLocation: aws.Bool(true)},
		},
	}
	if _, err := r.client.UpdateWorkGroup(t.Context(), update); err != nil {
		t.Fatal(err)
	}
	w, err := r.server.WorkGroup("w")
	if c := w.Configuration; err != nil || w.State != "DISABLED" || w.Description != "closed" || c.BytesScannedCutoffPerQuery != nil ||
		bool(*c.EnforceWorkGroupConfiguration) || c.ResultConfiguration.OutputLocation != "" {
		t.Errorf("%+v, %v", w, err)
	}
	in := input("SELECT 1")
	in.WorkGroup = aws.String("w")
	_, err = r.client.StartQueryExecution(t.Context(), in)
	r.fails(err, "WorkGroup w is disabled.")
}

func TestWorkgroupsAreListedByPage(t *testing.T) {
	r := start(t)
	in := &sdk.ListWorkGroupsInput{MaxResults: aws.Int32(1)}
	var names []string
	for {
		out, err := r.client.ListWorkGroups(t.Context(), in)
		if err != nil {
			t.Fatal(err)
		}
		for _, g := range out.WorkGroups {
			names = append(names, *g.Name)
		}
		if in.NextToken = out.NextToken; in.NextToken == nil {
			break
		}
	}
	if got := fmt.Sprint(names); got != "[pixel primary]" {
		t.Errorf("listed %s", got)
	}
}

func TestDeletionOfAWorkgroup(t *testing.T) {
	r := start(t)
	id := r.begin("SELECT 1")
	remove := func(name string, recursive *bool) error {
		_, err := r.client.DeleteWorkGroup(t.Context(), &sdk.DeleteWorkGroupInput{WorkGroup: &name, RecursiveDeleteOption: recursive})
		return err
	}
	r.fails(remove(group, nil), "WorkGroup pixel is not empty")
	r.fails(remove("primary", aws.Bool(true)), "primary")
	if err := remove(group, aws.Bool(true)); err != nil {
		t.Fatal(err)
	}
	r.fails(remove(group, nil), "WorkGroup is not found.")
	_, err := r.client.GetQueryExecution(t.Context(), &sdk.GetQueryExecutionInput{QueryExecutionId: &id})
	r.fails(err, "was not found")
}
