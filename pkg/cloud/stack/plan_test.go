package stack

import (
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation/types"

	"pixelctl/pkg/fault"
)

func TestPlan(t *testing.T) {
	const old = "<Summaries><member><ChangeSetId>old</ChangeSetId><ChangeSetName>pixelctl-old</ChangeSetName></member></Summaries>"
	tests := []struct {
		name    string
		answers map[string][]string
		ops     []string
		new     bool
		changes int
		kind    fault.Kind
		says    string
	}{
		{
			name:    "no stack yet",
			answers: map[string][]string{"DescribeStacks": {gone, ours("REVIEW_IN_PROGRESS"), ours("REVIEW_IN_PROGRESS"), ours("DELETE_COMPLETE")}},
			ops:     []string{"CreateChangeSet", "DeleteChangeSet", "DeleteStack"}, new: true, changes: 1,
		},
		{
			name:    "a stack that came to life meanwhile stays",
			answers: map[string][]string{"DescribeStacks": {gone, ours("CREATE_IN_PROGRESS")}},
			ops:     []string{"CreateChangeSet", "DeleteChangeSet"}, new: true, changes: 1,
		},
		{
			name:    "a stack",
			answers: map[string][]string{"DescribeStacks": {ours("UPDATE_COMPLETE")}},
			ops:     []string{"CreateChangeSet", "DeleteChangeSet"}, changes: 1,
		},
		{
			name: "what an earlier plan left goes",
			answers: map[string][]string{
				"DescribeStacks": {ours("REVIEW_IN_PROGRESS"), ours("REVIEW_IN_PROGRESS"), ours("REVIEW_IN_PROGRESS"), ours("DELETE_COMPLETE")}, "ListChangeSets": {old},
			},
			ops: []string{"DeleteChangeSet", "CreateChangeSet", "DeleteChangeSet", "DeleteStack"}, new: true, changes: 1,
		},
		{
			name: "all pages",
			answers: map[string][]string{
				"DescribeStacks": {ours("UPDATE_COMPLETE")}, "DescribeChangeSet": {set + "<NextToken>n</NextToken>", set},
			},
			ops: []string{"CreateChangeSet", "DeleteChangeSet"}, changes: 2,
		},
		{
			name:    "nothing",
			answers: map[string][]string{"DescribeStacks": {ours("UPDATE_COMPLETE")}, "DescribeChangeSet": {"<Status>FAILED</Status><StatusReason>No updates are to be performed.</StatusReason>"}},
			ops:     []string{"CreateChangeSet", "DeleteChangeSet"},
		},
		{name: "in progress", answers: map[string][]string{"DescribeStacks": {ours("UPDATE_IN_PROGRESS")}}, kind: fault.Busy, says: "in progress"},
		{name: "never completed", answers: map[string][]string{"DescribeStacks": {ours("ROLLBACK_COMPLETE")}}, kind: fault.Failed, says: "made anew"},
		{name: "a rollback that failed", answers: map[string][]string{"DescribeStacks": {ours("UPDATE_ROLLBACK_FAILED")}}, kind: fault.Failed, says: "UPDATE_ROLLBACK_FAILED"},
		{name: "somebody else's", answers: map[string][]string{"DescribeStacks": {stackIn("UPDATE_COMPLETE", "", "")}}, kind: fault.Failed, says: "somebody else"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			tt.answers["GetTemplate"], tt.answers["CreateChangeSet"] = []string{goodBody}, []string{proposed}
			if tt.answers["DescribeChangeSet"] == nil {
				tt.answers["DescribeChangeSet"] = []string{set}
			}
			s := newScript(t, tt.answers)
			got, err := s.engine().Plan(t.Context(), Input{Template: []byte(body)})
			if fault.KindOf(err) != tt.kind || err != nil && (!strings.Contains(err.Error(), tt.says) || fault.HintOf(err) == "") {
				t.Errorf("kind %d, hint %q: %v", fault.KindOf(err), fault.HintOf(err), err)
			}
			if got.New != tt.new || len(got.Changes) != tt.changes || !slices.Equal(s.ops(), tt.ops) {
				t.Errorf("got %+v after %q", got, s.ops())
			}
		})
	}
}

func TestChange(t *testing.T) {
	detail := func(name string, attribute types.ResourceAttribute) types.ResourceChangeDetail {
		d := types.ResourceTargetDefinition{Attribute: attribute}
		if name != "" {
			d.Name = &name
		}
		return types.ResourceChangeDetail{Target: &d}
	}
	bucket := types.ResourceChange{
		LogicalResourceId: aws.String("DataBucket"), ResourceType: aws.String("AWS::S3::Bucket"), PhysicalResourceId: aws.String("b"),
		Action: types.ChangeActionModify, Replacement: types.ReplacementTrue,
		Details: []types.ResourceChangeDetail{detail("BucketName", "Properties"), detail("", "Tags"), detail("BucketName", "Properties"), {}},
	}
	want := Change{
		Action: "Modify", LogicalID: "DataBucket", Type: "AWS::S3::Bucket", PhysicalID: "b", Replacement: "True",
		Properties: []string{"BucketName", "Tags"}, Destroys: "all data in bucket b",
	}
	if got := change(&bucket); !reflect.DeepEqual(got, want) {
		t.Errorf("got %+v", got)
	}
	for _, tt := range []struct {
		name string
		r    types.ResourceChange
		want string
	}{
		{"removed", types.ResourceChange{Action: types.ChangeActionRemove}, "all data in bucket b"},
		{"removed, retained", types.ResourceChange{Action: types.ChangeActionRemove, PolicyAction: types.PolicyActionRetain}, ""},
		{"replaced, retained", types.ResourceChange{Action: types.ChangeActionModify, Replacement: types.ReplacementTrue, PolicyAction: types.PolicyActionReplaceAndRetain}, ""},
		{"perhaps replaced", types.ResourceChange{Action: types.ChangeActionModify, Replacement: types.ReplacementConditional}, "perhaps all data in bucket b"},
		{"changed", types.ResourceChange{Action: types.ChangeActionModify, Replacement: types.ReplacementFalse}, ""},
		{"added", types.ResourceChange{Action: types.ChangeActionAdd}, ""},
		{"without state", types.ResourceChange{Action: types.ChangeActionRemove, ResourceType: aws.String("AWS::IAM::Role")}, ""},
	} {
		if tt.r.ResourceType == nil {
			tt.r.ResourceType = aws.String("AWS::S3::Bucket")
		}
		tt.r.PhysicalResourceId = aws.String("b")
		if got := destroys(&tt.r); got != tt.want {
			t.Errorf("%s: %q", tt.name, got)
		}
	}
}

func TestReasons(t *testing.T) {
	for reason, want := range map[string]struct {
		hint string
		race bool
	}{
		"Firehose is unable to assume role arn:aws:iam::1:role/x. Please check the role provided.":                      {"in a minute", true},
		"The role defined for the function cannot be assumed by Lambda. (Service: Lambda, Status Code: 400)":            {"in a minute", true},
		"Service is unable to assume provided role. Please verify role's TrustPolicy (Service: Glue)":                   {"in a minute", true},
		"The execution role you provide must allow AWS EventBridge Scheduler to assume the role. (Service: Scheduler)":  {"in a minute", true},
		"The security token included in the request is invalid":                                                         {"in a minute", true},
		"Insufficient Lake Formation permission(s): Required Create Database":                                           {"lakeformation", false},
		"x already exists (Service: S3, Status Code: 409)":                                                              {"", false},
		"The requested bucket name is not available. (BucketAlreadyExists)":                                             {"bucket's name is taken", false},
		"Resource of type 'AWS::Logs::LogGroup' with identifier '{\"/properties/LogGroupName\":\"x\"}' already exists.": {"delete-log-group", false},
		"Resource handler returned message: \"Database x AlreadyExists\" (HandlerErrorCode: AlreadyExists)":             {"--stack NAME", false},
		"User: a is not authorized to perform: iam:CreateRole on resource: b (HandlerErrorCode: AccessDenied)":          {"pixelctl policy deploy", false},
		"x with an explicit deny in a service control policy":                                                           {"administrator", false},
		"Resource handler returned message: \"Service limit exceeded\" (HandlerErrorCode: ServiceLimitExceeded)":        {"service-quotas", false},
		"The bucket you tried to delete is not empty":                                                                   {"pixelctl destroy", false},
		"Rate exceeded (Service: ApiGatewayV2, Status Code: 429)":                                                       {"in a minute", false},
		"Internal error (HandlerErrorCode: ServiceInternalError)":                                                       {"in a minute", false},
		"Property Foo is odd": {"", false},
	} {
		err := reasoned(fault.New(fault.Failed, "x: %s", reason), reason)
		if !strings.Contains(fault.HintOf(err), want.hint) || raced(err) != want.race || want.hint == "" && reason[0] == 'P' && fault.HintOf(err) != "" {
			t.Errorf("%s: hint %q, race %v", reason, fault.HintOf(err), raced(err))
		}
	}
}

func TestDescribe(t *testing.T) {
	s := newScript(t, map[string][]string{"DescribeStacks": {ours("UPDATE_COMPLETE"), "<Stacks></Stacks>"}})
	e := s.engine()
	got, err := e.Describe(t.Context())
	if err != nil || got.ID != stackID || got.Name != "px" || got.Status != "UPDATE_COMPLETE" || got.Parameters["B"] != "2" || got.Outputs["Endpoint"] != "https://x" ||
		got.Tags[OwnerTag] != "px" || got.Protected || got.Created.Year() != 2026 || !got.Updated.IsZero() {
		t.Errorf("got %+v, %v", got, err)
	}
	if _, err := e.Describe(t.Context()); fault.KindOf(err) != fault.NotDeployed || fault.HintOf(err) == "" {
		t.Errorf("got %v", err)
	}
}
