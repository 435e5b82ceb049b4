package cloudformation_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/cloudformation"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation/types"

	"pixelctl/pkg/awsfake/cloudformation"
)

const two = `
Description: two things
Metadata: {Generator: pixelctl}
Parameters:
  Size: {Type: Number, Default: 5, MinValue: 1, MaxValue: 9}
Resources:
  A: {Type: AWS::Test::Thing, Properties: {Size: !Ref Size}}
  B: {Type: AWS::Glue::Crawler, Properties: {Name: !Sub "${A}-x", Arn: !GetAtt A.Arn}}
  C: {Type: AWS::Test::Thing}
Outputs:
  Name: {Value: !Ref B}
`

func TestCreateUpdateDelete(t *testing.T) {
	r := start(t, cloudformation.Options{PageSize: 2})
	cs := r.plan(types.ChangeSetTypeCreate, two, func(in *sdk.CreateChangeSetInput) {
		in.Tags = []types.Tag{{Key: aws.String("k"), Value: aws.String("v")}}
	})
	r.status(types.StackStatusReviewInProgress)
	if len(cs.Changes) != 2 || cs.NextToken == nil || cs.ExecutionStatus != types.ExecutionStatusAvailable {
		t.Fatalf("change set: %+v", cs)
	}
	if _, err := r.client.ExecuteChangeSet(t.Context(), &sdk.ExecuteChangeSetInput{ChangeSetName: cs.ChangeSetId, ClientRequestToken: aws.String("tok")}); err != nil {
		t.Fatal(err)
	}
	r.clock.Advance(5 * time.Second)
	r.status(types.StackStatusCreateInProgress)
	resources, err := r.client.DescribeStackResources(t.Context(), &sdk.DescribeStackResourcesInput{StackName: aws.String("s")})
	if err != nil || len(resources.StackResources) != 3 || resources.StackResources[1].ResourceStatus != types.ResourceStatusCreateInProgress {
		t.Errorf("half done: %+v %v", resources, err)
	}
	r.clock.Advance(time.Minute)
	r.status(types.StackStatusCreateComplete)
	st := r.stack("s")
	if aws.ToString(st.Outputs[0].OutputValue) != "A-1-x" || r.memory.made["A-1"].Properties["Size"] != 5 || r.memory.lastTags["k"] != "v" {
		t.Errorf("made %+v, tags %v", r.memory.made, r.memory.lastTags)
	}
	events, err := r.client.DescribeStackEvents(t.Context(), &sdk.DescribeStackEventsInput{StackName: st.StackId})
	if err != nil || aws.ToString(events.StackEvents[0].ClientRequestToken) != "tok" || events.NextToken == nil {
		t.Errorf("events: %+v %v", events, err)
	}
	r.update(t)
	r.gone(t, aws.ToString(st.StackId))
}

func (r *rig) update(t *testing.T) {
	cs := r.plan(types.ChangeSetTypeUpdate, strings.Replace(two, "Default: 5", "Default: 6", 1))
	change := cs.Changes[0].ResourceChange
	if change.Replacement != types.ReplacementFalse || aws.ToString(change.Details[0].Target.AfterValue) != "6" {
		t.Errorf("A: %+v", change)
	}
	if b := cs.Changes[1].ResourceChange; aws.ToString(b.LogicalResourceId) != "B" || b.Details[0].Evaluation != types.EvaluationTypeDynamic {
		t.Errorf("B: %+v", b)
	}
	r.deploy(types.ChangeSetTypeUpdate, strings.Replace(two, "Default: 5", "Default: 6", 1))
	r.status(types.StackStatusUpdateComplete)
	if r.memory.made["A-1"].Properties["Size"] != 6 {
		t.Errorf("not updated: %+v", r.memory.made)
	}
	for body, want := range map[string]string{
		strings.Replace(two, "Default: 5", "Default: 6", 1):                "The submitted information didn't contain changes. Submit different information to create a change set.",
		strings.Replace(two, "Default: 5", "Default: 6", 1) + "# a note\n": "No updates are to be performed.",
	} {
		if cs := r.plan(types.ChangeSetTypeUpdate, body); cs.Status != types.ChangeSetStatusFailed || aws.ToString(cs.StatusReason) != want {
			t.Errorf("%s: %s", cs.Status, aws.ToString(cs.StatusReason))
		}
	}
}

func (r *rig) gone(t *testing.T, id string) {
	if _, err := r.client.DeleteStack(t.Context(), &sdk.DeleteStackInput{StackName: &id}); err != nil {
		t.Fatal(err)
	}
	r.clock.Advance(time.Minute)
	if got := r.stack(id).StackStatus; got != types.StackStatusDeleteComplete || len(r.server.Left()) != 0 || len(r.memory.made) != 0 {
		t.Errorf("%s, left %v", got, r.server.Left())
	}
	_, err := r.client.DescribeStacks(t.Context(), &sdk.DescribeStacksInput{StackName: aws.String("s")})
	refused(t, err, "ValidationError", "Stack with id s does not exist")
	pages, n := sdk.NewListStackResourcesPaginator(r.client, &sdk.ListStackResourcesInput{StackName: &id}), 0
	for pages.HasMorePages() {
		page, err := pages.NextPage(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		n += len(page.StackResourceSummaries)
	}
	if n != 3 {
		t.Errorf("%d resources of the deleted stack", n)
	}
}

func TestFailedCreate(t *testing.T) {
	r := start(t, cloudformation.Options{})
	r.server.Break("A", "create", 1, "no luck")
	r.deploy(types.ChangeSetTypeCreate, two)
	r.status(types.StackStatusRollbackComplete)
	events := r.events("s")
	for _, want := range []string{
		"A CREATE_FAILED no luck", "C CREATE_FAILED Resource creation cancelled",
		"s ROLLBACK_IN_PROGRESS The following resource(s) failed to create: [A, C]. Rollback requested by user.",
	} {
		if !slices.Contains(events, want) {
			t.Errorf("no %q in\n%s", want, strings.Join(events, "\n"))
		}
	}
	failed, err := r.client.DescribeEvents(t.Context(), &sdk.DescribeEventsInput{StackName: aws.String("s"), Filters: &types.EventFilter{FailedEvents: aws.Bool(true)}})
	if err != nil || len(failed.OperationEvents) != 2 {
		t.Errorf("failed events: %+v %v", failed, err)
	}
	if len(r.memory.made) != 0 {
		t.Errorf("left %v", r.memory.made)
	}
	_, err = r.client.CreateChangeSet(t.Context(), &sdk.CreateChangeSetInput{StackName: aws.String("s"), ChangeSetName: aws.String("z"), TemplateBody: aws.String(two)})
	refused(t, err, "ValidationError", "is in ROLLBACK_COMPLETE state and can not be updated.")
}

func TestFailedUpdate(t *testing.T) {
	r := start(t, cloudformation.Options{})
	r.deploy(types.ChangeSetTypeCreate, two)
	changed := strings.Replace(two, "Default: 5", "Default: 7", 1)
	changed = strings.Replace(changed, "C: {Type: AWS::Test::Thing}", "C: {Type: AWS::Test::Thing, Properties: {X: 1}, DependsOn: A}\n  D: {Type: AWS::Test::Thing}", 1)
	r.server.Break("C", "update", 1, "cannot")
	r.deploy(types.ChangeSetTypeUpdate, changed)
	r.status(types.StackStatusUpdateRollbackComplete)
	if r.memory.made["A-1"].Properties["Size"] != 5 || len(r.memory.made) != 3 {
		t.Errorf("after rollback: %+v", r.memory.made)
	}
	r.server.Break("C", "update", 1, "cannot")
	r.server.Break("C", "rollback", 2, "stuck")
	r.deploy(types.ChangeSetTypeUpdate, changed)
	r.status(types.StackStatusUpdateRollbackFailed)
	for i, skip := range [][]string{nil, {"C"}} {
		if _, err := r.client.ContinueUpdateRollback(t.Context(), &sdk.ContinueUpdateRollbackInput{StackName: aws.String("s"), ResourcesToSkip: skip}); err != nil {
			t.Fatal(err)
		}
		r.clock.Advance(time.Minute)
		r.status([]types.StackStatus{types.StackStatusUpdateRollbackFailed, types.StackStatusUpdateRollbackComplete}[i])
	}
	if len(r.memory.made) != 3 {
		t.Errorf("after continue: %+v", r.memory.made)
	}
}

func TestDeleteFailed(t *testing.T) {
	r := start(t, cloudformation.Options{})
	r.deploy(types.ChangeSetTypeCreate, two)
	in := &sdk.DeleteStackInput{StackName: aws.String("s"), RetainResources: []string{"A"}}
	_, err := r.client.DeleteStack(t.Context(), in)
	refused(t, err, "ValidationError", "only when the stack is in the DELETE_FAILED state")
	r.memory.undead = "A"
	for _, retain := range [][]string{nil, {"A"}} {
		id := r.stack("s").StackId
		if _, err := r.client.DeleteStack(t.Context(), &sdk.DeleteStackInput{StackName: id, RetainResources: retain}); err != nil {
			t.Fatal(err)
		}
		r.clock.Advance(time.Minute)
		st := r.stack(aws.ToString(id))
		want := map[bool]types.StackStatus{true: types.StackStatusDeleteFailed, false: types.StackStatusDeleteComplete}[retain == nil]
		if st.StackStatus != want {
			t.Errorf("%s: %s", st.StackStatus, aws.ToString(st.StackStatusReason))
		}
	}
	if got := strings.Join(r.server.Left(), ";"); got != "AWS::Test::Thing A-1 (s/A)" {
		t.Errorf("left %s", got)
	}
}

func TestReplacementAndRetention(t *testing.T) {
	body := "Parameters: {N: {Type: String, Default: one}}\nResources:\n" +
		"  B: {Type: AWS::Glue::Crawler, Properties: {Name: !Ref N}}\n  K: {Type: AWS::Glue::Crawler, DeletionPolicy: Retain, UpdateReplacePolicy: Retain, Properties: {Name: !Sub 'k-${B}'}}\n"
	r := start(t, cloudformation.Options{})
	r.deploy(types.ChangeSetTypeCreate, body)
	changed := strings.Replace(body, "one", "two", 1)
	cs := r.plan(types.ChangeSetTypeUpdate, changed)
	for i, want := range []types.Replacement{types.ReplacementTrue, types.ReplacementConditional} {
		if got := cs.Changes[i].ResourceChange; got.Replacement != want {
			t.Errorf("%s: %s", aws.ToString(got.LogicalResourceId), got.Replacement)
		}
	}
	r.deploy(types.ChangeSetTypeUpdate, changed)
	r.status(types.StackStatusUpdateComplete)
	var names []string
	for name := range r.memory.made {
		names = append(names, name)
	}
	slices.Sort(names)
	if got := strings.Join(names, " "); got != "k-one k-two two" {
		t.Errorf("exist: %s", got)
	}
}
