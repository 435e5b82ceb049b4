package stack

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"

	"pixelctl/pkg/fault"
	"pixelctl/pkg/pipeline"
)

func resource(id, status, reason string) string {
	return "<member><LogicalResourceId>" + id + "</LogicalResourceId><PhysicalResourceId>phys-" + id + "</PhysicalResourceId><ResourceType>AWS::S3::Bucket</ResourceType><ResourceStatus>" +
		status + "</ResourceStatus><ResourceStatusReason>" + reason + "</ResourceStatusReason></member>"
}

func resources(list ...string) string {
	return "<StackResourceSummaries>" + strings.Join(list, "") + "</StackResourceSummaries>"
}

func TestDelete(t *testing.T) {
	stuck := resources(resource("R", "DELETE_FAILED", "The bucket you tried to delete is not empty"), resource("S", "DELETE_COMPLETE", ""))
	failed := events(event(1, "", "DELETE_IN_PROGRESS", "User Initiated", "TOKEN"), event(2, "R", "DELETE_FAILED", "The bucket you tried to delete is not empty", "TOKEN"),
		event(3, "", "DELETE_FAILED", "x", "TOKEN"))
	protected := stackIn("UPDATE_COMPLETE", "<member><Key>pixelctl:stack</Key><Value>px</Value></member>", "<EnableTerminationProtection>true</EnableTerminationProtection>")
	const lift = "aws cloudformation update-termination-protection --no-enable-termination-protection --stack-name px --region eu-west-1"
	tests := []struct {
		name    string
		answers map[string][]string
		retain  []string
		noWait  bool
		ops     []string
		kind    fault.Kind
		says    string
		hint    string
		left    int
	}{
		{
			name:    "to the end, by id",
			answers: map[string][]string{"DescribeStacks": {ours("UPDATE_COMPLETE"), ours("UPDATE_COMPLETE"), ours("UPDATE_COMPLETE"), ours("DELETE_IN_PROGRESS"), ours("DELETE_COMPLETE")}},
			ops:     []string{"DeleteStack"},
		},
		{name: "not there", answers: map[string][]string{"DescribeStacks": {gone}}},
		{name: "deleted before", answers: map[string][]string{"DescribeStacks": {ours("DELETE_COMPLETE")}}},
		{
			name:    "somebody else's",
			answers: map[string][]string{"DescribeStacks": {stackIn("CREATE_COMPLETE", "", "")}},
			kind:    fault.Failed, says: "belongs to somebody else", hint: "--stack",
		},
		{
			name:    "a deletion in progress is followed",
			answers: map[string][]string{"DescribeStacks": {ours("DELETE_IN_PROGRESS"), ours("DELETE_IN_PROGRESS"), ours("DELETE_COMPLETE")}},
		},
		{
			name:    "a deletion in progress, and no wait",
			answers: map[string][]string{"DescribeStacks": {ours("DELETE_IN_PROGRESS")}},
			noWait:  true, kind: fault.Busy, says: "in progress",
		},
		{
			name:    "an update in progress is followed first",
			answers: map[string][]string{"DescribeStacks": {ours("UPDATE_IN_PROGRESS"), ours("UPDATE_COMPLETE"), ours("UPDATE_COMPLETE"), ours("UPDATE_COMPLETE"), ours("DELETE_COMPLETE")}},
			ops:     []string{"DeleteStack"},
		},
		{
			name:    "protected",
			answers: map[string][]string{"DescribeStacks": {protected}},
			kind:    fault.Failed, says: "protected", hint: lift,
		},
		{
			name: "protected meanwhile",
			answers: map[string][]string{
				"DescribeStacks": {ours("UPDATE_COMPLETE")}, "DeleteStack": {"!ValidationError Stack [px] cannot be deleted while TerminationProtection is enabled"},
			},
			ops: []string{"DeleteStack"}, kind: fault.Failed, says: "protected", hint: lift,
		},
		{
			name: "what cannot be deleted",
			answers: map[string][]string{
				"DescribeStacks":     {ours("UPDATE_COMPLETE"), ours("UPDATE_COMPLETE"), ours("DELETE_IN_PROGRESS"), ours("DELETE_FAILED")},
				"ListStackResources": {stuck}, "DescribeStackEvents": {noEvents, failed},
			},
			ops: []string{"DeleteStack"}, kind: fault.Partial, says: "first R: The bucket", hint: "pixelctl destroy empties", left: 1,
		},
		{
			name: "what may be left behind",
			answers: map[string][]string{
				"DescribeStacks":     {ours("UPDATE_COMPLETE"), ours("UPDATE_COMPLETE"), ours("DELETE_FAILED"), ours("DELETE_FAILED"), ours("DELETE_COMPLETE")},
				"ListStackResources": {stuck},
			},
			retain: []string{"R", "T"}, ops: []string{"DeleteStack", "DeleteStack"},
		},
		{
			name: "more fails than may be left behind",
			answers: map[string][]string{
				"DescribeStacks":     {ours("UPDATE_COMPLETE"), ours("UPDATE_COMPLETE"), ours("DELETE_FAILED")},
				"ListStackResources": {resources(resource("R", "DELETE_FAILED", "a"), resource("Q", "DELETE_FAILED", "b"))},
			},
			retain: []string{"R"}, ops: []string{"DeleteStack"}, kind: fault.Partial, says: "2 resources", left: 2,
		},
		{
			name:    "a failed deletion is tried anew",
			answers: map[string][]string{"DescribeStacks": {ours("DELETE_FAILED"), ours("DELETE_FAILED"), ours("DELETE_IN_PROGRESS"), ours("DELETE_COMPLETE")}},
			ops:     []string{"DeleteStack"},
		},
		{
			name:    "a deletion that failed for the stack itself",
			answers: map[string][]string{"DescribeStacks": {ours("UPDATE_COMPLETE"), ours("UPDATE_COMPLETE"), ours("DELETE_FAILED")}},
			ops:     []string{"DeleteStack"}, kind: fault.Partial, says: "DELETE_FAILED",
		},
		{
			name:    "a review of ours",
			answers: map[string][]string{"DescribeStacks": {ours("REVIEW_IN_PROGRESS"), ours("REVIEW_IN_PROGRESS"), ours("DELETE_COMPLETE")}},
			ops:     []string{"DeleteStack"},
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			tt.answers["GetTemplate"] = []string{goodBody}
			s := newScript(t, tt.answers)
			err := s.engine(func(o *Options) { o.NoWait = tt.noWait }).Delete(t.Context(), DeleteOptions{Retain: tt.retain}, s.sink)
			if fault.KindOf(err) != tt.kind || err != nil && !strings.Contains(err.Error(), tt.says) || !strings.Contains(fault.HintOf(err), tt.hint) || len(fault.LeftOf(err)) != tt.left {
				t.Errorf("kind %d, hint %q, left %q: %v", fault.KindOf(err), fault.HintOf(err), fault.LeftOf(err), err)
			}
			if !slices.Equal(s.ops(), tt.ops) {
				t.Errorf("called %q", s.ops())
			}
			if c := s.call("DeleteStack", 0); c != nil && (c.Get("StackName") != stackID || c.Has("RetainResources.member.1")) {
				t.Errorf("deleted %v", c)
			}
			if c := s.call("DeleteStack", 1); c != nil && (c.Get("RetainResources.member.1") != "R" || c.Has("RetainResources.member.2") || !s.heard(pipeline.Warn, "R could not be deleted")) {
				t.Errorf("second delete %v", c)
			}
		})
	}
}

func TestDeleteStopsWatching(t *testing.T) {
	s := newScript(t, map[string][]string{"DescribeStacks": {ours("UPDATE_COMPLETE"), ours("DELETE_IN_PROGRESS")}, "GetTemplate": {goodBody}})
	ctx, cancel := context.WithCancel(t.Context())
	s.clock.hook = func(int) { cancel() }
	err := s.engine().Delete(ctx, DeleteOptions{}, nil)
	if !errors.Is(err, context.Canceled) || !strings.Contains(fault.HintOf(err), "goes on in AWS") {
		t.Errorf("hint %q: %v", fault.HintOf(err), err)
	}
}

func TestResourcesReadsAllPages(t *testing.T) {
	s := newScript(t, map[string][]string{"ListStackResources": {
		resources(resource("A", "CREATE_COMPLETE", "")) + "<NextToken>n</NextToken>", resources(resource("B", "DELETE_FAILED", "why")),
	}})
	got, err := s.engine().Resources(t.Context(), stackID)
	want := []Resource{
		{LogicalID: "A", PhysicalID: "phys-A", Type: "AWS::S3::Bucket", Status: "CREATE_COMPLETE"},
		{LogicalID: "B", PhysicalID: "phys-B", Type: "AWS::S3::Bucket", Status: "DELETE_FAILED", Reason: "why"},
	}
	if err != nil || !slices.Equal(got, want) || s.call("ListStackResources", 1).Get("NextToken") != "n" {
		t.Errorf("got %+v, %v", got, err)
	}
}
