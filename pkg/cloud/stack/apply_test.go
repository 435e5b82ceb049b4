package stack

import (
	"context"
	"errors"
	"maps"
	"net/url"
	"slices"
	"strings"
	"testing"

	"pixelctl/pkg/cloud/template"
	"pixelctl/pkg/fault"
	"pixelctl/pkg/pipeline"
)

// run is one Apply and what it must come to.
type run struct {
	name    string
	answers map[string][]string
	change  func(*Options)
	ops     []string // in order, reading ones left out
	applied Applied
	kind    fault.Kind
	says    string // in the error
	hint    string
	told    string // by a Note or a Warn
}

func applies() []run {
	started := event(1, "", "UPDATE_IN_PROGRESS", "User Initiated", "TOKEN")
	done := events(started, event(2, "R", "UPDATE_COMPLETE", "", "TOKEN"), event(3, "", "UPDATE_COMPLETE", "", "TOKEN"))
	failing := func(reason string) string {
		return events(started,
			event(2, "Z", "CREATE_FAILED", "from another operation", "other"),
			event(3, "S", "CREATE_FAILED", reason, "TOKEN"),
			event(4, "R", "CREATE_FAILED", "Resource creation cancelled", "TOKEN"),
			event(5, "", "UPDATE_ROLLBACK_COMPLETE", "", "TOKEN"))
	}
	base := func(more map[string][]string) map[string][]string {
		all := map[string][]string{
			"CreateChangeSet": {proposed}, "DescribeChangeSet": {set}, "GetTemplate": {goodBody},
			"DescribeStackEvents": {noEvents, done},
		}
		maps.Copy(all, more)
		return all
	}
	yes := func(o *Options) { o.Confirm = func(context.Context, string) (bool, error) { return true, nil } }
	no := func(o *Options) { o.Confirm = func(context.Context, string) (bool, error) { return false, nil } }
	noWait := func(o *Options) { o.NoWait = true }
	deployed := []string{"CreateChangeSet", "ExecuteChangeSet"}
	created := Applied{ID: stackID, Created: true, Changed: true}
	updated := Applied{ID: stackID, Changed: true}
	return []run{
		{
			name:    "create",
			answers: base(map[string][]string{"DescribeStacks": {gone, ours("REVIEW_IN_PROGRESS"), ours("CREATE_IN_PROGRESS"), ours("CREATE_COMPLETE")}}),
			ops:     deployed, applied: created,
		},
		{
			name:    "update",
			answers: base(map[string][]string{"DescribeStacks": {ours("UPDATE_COMPLETE"), ours("UPDATE_COMPLETE"), ours("UPDATE_IN_PROGRESS"), ours("UPDATE_COMPLETE_CLEANUP_IN_PROGRESS"), ours("UPDATE_COMPLETE")}}),
			ops:     deployed, applied: updated,
		},
		{
			name:    "nothing to change",
			answers: base(map[string][]string{"DescribeStacks": {ours("UPDATE_COMPLETE")}, "DescribeChangeSet": {"<Status>CREATE_IN_PROGRESS</Status>", emptySet}}),
			ops:     []string{"CreateChangeSet", "DeleteChangeSet"}, applied: Applied{ID: stackID},
		},
		{
			name: "an abandoned change set is deleted, a foreign one stays",
			answers: base(map[string][]string{
				"DescribeStacks": {ours("UPDATE_COMPLETE"), ours("UPDATE_COMPLETE"), ours("UPDATE_COMPLETE")},
				"ListChangeSets": {"<Summaries><member><ChangeSetId>old</ChangeSetId><ChangeSetName>pixelctl-old</ChangeSetName></member><member><ChangeSetId>x</ChangeSetId><ChangeSetName>console</ChangeSetName></member></Summaries>"},
			}),
			ops: append([]string{"DeleteChangeSet"}, deployed...), applied: updated,
		},
		{
			name: "a review that was left behind",
			answers: base(map[string][]string{
				"DescribeStacks": {ours("REVIEW_IN_PROGRESS"), ours("REVIEW_IN_PROGRESS"), ours("CREATE_COMPLETE")},
				"ListChangeSets": {"<Summaries><member><ChangeSetId>old</ChangeSetId><ChangeSetName>pixelctl-old</ChangeSetName></member></Summaries>"},
			}),
			ops: append([]string{"DeleteChangeSet"}, deployed...), applied: created,
		},
		{
			name: "somebody's review",
			answers: base(map[string][]string{
				"DescribeStacks": {stackIn("REVIEW_IN_PROGRESS", "", "")},
				"ListChangeSets": {"<Summaries><member><ChangeSetId>x</ChangeSetId><ChangeSetName>console</ChangeSetName></member></Summaries>"},
			}),
			kind: fault.Failed, says: "belongs to somebody else", hint: "--stack",
		},
		{
			name:    "a stack without our tag",
			answers: base(map[string][]string{"DescribeStacks": {stackIn("UPDATE_COMPLETE", "", "")}}),
			kind:    fault.Failed, says: "belongs to somebody else", hint: "--stack",
		},
		{
			name:    "our tag on another template",
			answers: base(map[string][]string{"DescribeStacks": {ours("UPDATE_COMPLETE")}, "GetTemplate": {"<TemplateBody>Resources: {}</TemplateBody>"}}),
			kind:    fault.Failed, says: "not made by pixelctl", hint: "--stack",
		},
		{
			name: "a first create that failed, deleted on confirmation",
			answers: base(map[string][]string{
				"DescribeStacks":      {ours("ROLLBACK_COMPLETE"), ours("ROLLBACK_COMPLETE"), ours("DELETE_IN_PROGRESS"), ours("DELETE_COMPLETE"), gone, ours("REVIEW_IN_PROGRESS"), ours("CREATE_COMPLETE")},
				"DescribeStackEvents": {noEvents},
			}),
			change: yes, ops: append([]string{"DeleteStack"}, deployed...), applied: created,
		},
		{
			name: "a first create that failed, declined",
			answers: base(map[string][]string{
				"DescribeStacks":      {ours("ROLLBACK_COMPLETE")},
				"DescribeStackEvents": {events(event(1, "S", "CREATE_FAILED", "no room", "t"), event(2, "R", "CREATE_FAILED", "Resource creation cancelled", "t"), event(3, "", "ROLLBACK_COMPLETE", "", "t"))},
			}),
			change: no, kind: fault.Failed, says: "S (AWS::X::Y) failed: no room", hint: "aws cloudformation delete-stack --stack-name px",
		},
		{
			name:    "a first create that failed, nobody to ask",
			answers: base(map[string][]string{"DescribeStacks": {ours("CREATE_FAILED")}, "DescribeStackEvents": {noEvents}}),
			kind:    fault.Failed, says: "can only be deleted", hint: "delete-stack",
		},
		{
			name:    "a rollback that failed is continued",
			answers: base(map[string][]string{"DescribeStacks": {ours("UPDATE_ROLLBACK_FAILED"), ours("UPDATE_ROLLBACK_FAILED"), ours("UPDATE_ROLLBACK_IN_PROGRESS"), ours("UPDATE_ROLLBACK_COMPLETE"), ours("UPDATE_ROLLBACK_COMPLETE"), ours("UPDATE_ROLLBACK_COMPLETE"), ours("UPDATE_COMPLETE")}, "DescribeStackEvents": {noEvents}}),
			change:  func(o *Options) { o.Skip = []string{"S"} },
			ops:     append([]string{"ContinueUpdateRollback"}, deployed...), applied: updated,
		},
		{
			name: "a rollback that fails again",
			answers: base(map[string][]string{
				"DescribeStacks": {ours("UPDATE_ROLLBACK_FAILED"), ours("UPDATE_ROLLBACK_FAILED"), ours("UPDATE_ROLLBACK_IN_PROGRESS"), ours("UPDATE_ROLLBACK_FAILED")},
				"DescribeStackEvents": {noEvents, events(event(1, "", "UPDATE_ROLLBACK_IN_PROGRESS", "User Initiated", "TOKEN"), event(2, "S", "UPDATE_FAILED", "gone", "TOKEN"),
					event(3, "", "UPDATE_ROLLBACK_FAILED", "x", "TOKEN"))},
			}),
			ops: []string{"ContinueUpdateRollback"}, kind: fault.Failed, says: "S (AWS::X::Y) failed: gone", hint: "--skip S",
		},
		{
			name:    "an update that was told not to roll back",
			answers: base(map[string][]string{"DescribeStacks": {ours("UPDATE_FAILED"), ours("UPDATE_FAILED"), ours("UPDATE_ROLLBACK_COMPLETE"), ours("UPDATE_ROLLBACK_COMPLETE"), ours("UPDATE_ROLLBACK_COMPLETE"), ours("UPDATE_COMPLETE")}, "DescribeStackEvents": {noEvents}}),
			ops:     append([]string{"RollbackStack"}, deployed...), applied: updated,
		},
		{
			name: "another operation is followed, then ours goes on",
			answers: base(map[string][]string{
				"DescribeStacks":      {ours("UPDATE_IN_PROGRESS"), ours("UPDATE_IN_PROGRESS"), ours("UPDATE_COMPLETE"), ours("UPDATE_COMPLETE"), ours("UPDATE_COMPLETE"), ours("UPDATE_IN_PROGRESS"), ours("UPDATE_COMPLETE")},
				"DescribeStackEvents": {events(event(1, "", "CREATE_COMPLETE", "", "x"), event(2, "", "UPDATE_IN_PROGRESS", "User Initiated", "theirs"))},
			}),
			ops: deployed, applied: updated, told: "another operation is in progress",
		},
		{
			name:    "another operation, and no wait",
			answers: base(map[string][]string{"DescribeStacks": {ours("UPDATE_IN_PROGRESS")}}),
			change:  noWait, kind: fault.Busy, says: "in progress", hint: "pixelctl deploy --stack px",
		},
		{
			name:    "a deletion in progress is followed, then it is created",
			answers: base(map[string][]string{"DescribeStacks": {ours("DELETE_IN_PROGRESS"), ours("DELETE_IN_PROGRESS"), ours("DELETE_COMPLETE"), gone, ours("REVIEW_IN_PROGRESS"), ours("CREATE_COMPLETE")}, "DescribeStackEvents": {noEvents}}),
			ops:     deployed, applied: created,
		},
		{
			name:    "a deletion that failed",
			answers: base(map[string][]string{"DescribeStacks": {ours("DELETE_FAILED")}}),
			kind:    fault.Failed, says: "DELETE_FAILED", hint: "pixelctl destroy",
		},
		{
			name:    "a state that never settles",
			answers: base(map[string][]string{"DescribeStacks": {ours("UPDATE_ROLLBACK_FAILED"), ours("UPDATE_ROLLBACK_FAILED"), ours("UPDATE_FAILED")}, "DescribeStackEvents": {noEvents}}),
			ops:     []string{"ContinueUpdateRollback", "RollbackStack"}, kind: fault.Failed, says: "UPDATE_FAILED",
		},
		{
			name: "the first genuine failure",
			answers: base(map[string][]string{
				"DescribeStacks":      {ours("UPDATE_COMPLETE"), ours("UPDATE_COMPLETE"), ours("UPDATE_IN_PROGRESS"), ours("UPDATE_ROLLBACK_COMPLETE")},
				"DescribeStackEvents": {noEvents, failing("Resource of type 'AWS::Logs::LogGroup' with identifier 'x' already exists")},
			}),
			ops: deployed, applied: updated, kind: fault.Failed, says: "S (AWS::X::Y) failed: Resource of type 'AWS::Logs::LogGroup'", hint: "aws logs delete-log-group",
		},
		{
			name: "a reason that nobody foresaw",
			answers: base(map[string][]string{
				"DescribeStacks":      {ours("UPDATE_COMPLETE"), ours("UPDATE_COMPLETE"), ours("UPDATE_ROLLBACK_COMPLETE")},
				"DescribeStackEvents": {noEvents, failing("Property Foo is odd")},
			}),
			ops: deployed, applied: updated, kind: fault.Failed, says: "is now in UPDATE_ROLLBACK_COMPLETE", hint: "mend what the reason names, then pixelctl ",
		},
		{
			name: "a permission that lacks",
			answers: base(map[string][]string{
				"DescribeStacks":      {ours("UPDATE_COMPLETE"), ours("UPDATE_COMPLETE"), ours("UPDATE_ROLLBACK_COMPLETE")},
				"DescribeStackEvents": {noEvents, failing("User: x is not authorized to perform: glue:CreateTable")},
			}),
			ops: deployed, applied: updated, kind: fault.Credentials, says: "glue:CreateTable", hint: "pixelctl policy deploy",
		},
		{
			name: "the race of a fresh role is tried once more",
			answers: base(map[string][]string{
				"DescribeStacks":      {ours("UPDATE_COMPLETE"), ours("UPDATE_COMPLETE"), ours("UPDATE_ROLLBACK_COMPLETE"), ours("UPDATE_ROLLBACK_COMPLETE"), ours("UPDATE_ROLLBACK_COMPLETE"), ours("UPDATE_IN_PROGRESS"), ours("UPDATE_COMPLETE")},
				"DescribeStackEvents": {noEvents, failing("Firehose is unable to assume role arn:aws:iam::1:role/r"), noEvents, done},
			}),
			ops: append(slices.Clone(deployed), deployed...), applied: updated, told: "trying once more",
		},
		{
			name: "and only once",
			answers: base(map[string][]string{
				"DescribeStacks":      {ours("UPDATE_COMPLETE"), ours("UPDATE_COMPLETE"), ours("UPDATE_ROLLBACK_COMPLETE")},
				"DescribeStackEvents": {noEvents, failing("Firehose is unable to assume role x"), noEvents, failing("Firehose is unable to assume role x")},
			}),
			ops: append(slices.Clone(deployed), deployed...), applied: updated, kind: fault.Failed, says: "unable to assume role", hint: "pixelctl deploy again",
		},
		{
			name: "the race on a first create deletes what this run made",
			answers: base(map[string][]string{
				"DescribeStacks": {
					gone, ours("REVIEW_IN_PROGRESS"), ours("CREATE_IN_PROGRESS"), ours("ROLLBACK_COMPLETE"), ours("ROLLBACK_COMPLETE"), // fails
					ours("ROLLBACK_COMPLETE"), ours("DELETE_COMPLETE"), // deleted
					gone, ours("REVIEW_IN_PROGRESS"), ours("CREATE_COMPLETE"),
				},
				"DescribeStackEvents": {noEvents, noEvents, failing("The role defined for the function cannot be assumed by Lambda."), noEvents},
			}),
			ops: []string{"CreateChangeSet", "ExecuteChangeSet", "DeleteStack", "CreateChangeSet", "ExecuteChangeSet"}, applied: created, told: "trying once more",
		},
		{
			name: "a change set that cannot be computed",
			answers: base(map[string][]string{
				"DescribeStacks":    {gone, ours("REVIEW_IN_PROGRESS"), ours("REVIEW_IN_PROGRESS"), ours("DELETE_COMPLETE")},
				"DescribeChangeSet": {"<Status>FAILED</Status><StatusReason>Validation failed</StatusReason>"},
				"DescribeEvents":    {"<OperationEvents><member><LogicalResourceId>R</LogicalResourceId><ValidationPath>/Resources/R</ValidationPath><ValidationStatusReason>bucket name is not available</ValidationStatusReason></member></OperationEvents>"},
			}),
			ops: []string{"CreateChangeSet", "DeleteChangeSet", "DeleteStack"}, kind: fault.Failed, says: "R /Resources/R: bucket name is not available", hint: "--stack NAME",
		},
		{
			name:    "capabilities",
			answers: base(map[string][]string{"DescribeStacks": {gone}, "CreateChangeSet": {"!InsufficientCapabilitiesException Requires capabilities"}}),
			ops:     []string{"CreateChangeSet"}, kind: fault.Failed, says: "create change set for stack px", hint: "IAM",
		},
		{
			name:    "quota",
			answers: base(map[string][]string{"DescribeStacks": {gone}, "CreateChangeSet": {"!LimitExceededException too many stacks"}}),
			ops:     []string{"CreateChangeSet"}, kind: fault.Failed, says: "too many stacks", hint: "service-quotas",
		},
		{
			name:    "an execution whose answer was lost",
			answers: base(map[string][]string{"DescribeStacks": {ours("UPDATE_COMPLETE")}, "ExecuteChangeSet": {"!InvalidChangeSetStatus ChangeSet [x] cannot be executed in its current execution status of EXECUTE_IN_PROGRESS"}}),
			ops:     deployed, applied: updated,
		},
		{
			name:    "an execution refused",
			answers: base(map[string][]string{"DescribeStacks": {ours("UPDATE_COMPLETE")}, "ExecuteChangeSet": {"!ChangeSetNotFound gone"}}),
			ops:     deployed, applied: updated, kind: fault.Failed, says: "execute change set of stack px",
		},
		{
			name:    "no permission to look",
			answers: map[string][]string{"DescribeStacks": {"!AccessDenied User: x is not authorized to perform: cloudformation:DescribeStacks"}},
			kind:    fault.Credentials, says: "describe stack px", hint: "cloudformation:DescribeStacks",
		},
	}
}

func TestApply(t *testing.T) {
	for _, tt := range applies() {
		t.Run(tt.name, func(t *testing.T) {
			s := newScript(t, tt.answers)
			change := tt.change
			if change == nil {
				change = func(*Options) {}
			}
			got, err := s.engine(change).Apply(t.Context(), Input{Template: []byte(body), Parameters: map[string]string{"A": "9", "Gone": "x"}}, s.sink)
			if fault.KindOf(err) != tt.kind || err != nil && (!strings.Contains(err.Error(), tt.says) || strings.Contains(err.Error(), "cancelled")) || !strings.Contains(fault.HintOf(err), tt.hint) {
				t.Errorf("kind %d, hint %q: %v", fault.KindOf(err), fault.HintOf(err), err)
			}
			if !slices.Equal(s.ops(), tt.ops) {
				t.Errorf("called %q", s.ops())
			}
			if got.ID != tt.applied.ID || got.Created != tt.applied.Created || got.Changed != tt.applied.Changed {
				t.Errorf("got %+v", got)
			}
			if tt.told != "" && !s.heard(pipeline.Note, tt.told) && !s.heard(pipeline.Warn, tt.told) {
				t.Errorf("told %+v", s.said)
			}
		})
	}
}

func TestApplySends(t *testing.T) {
	s := newScript(t, map[string][]string{
		"CreateChangeSet": {proposed}, "DescribeChangeSet": {set}, "GetTemplate": {goodBody}, "DescribeStacks": {ours("UPDATE_COMPLETE")},
		"DescribeStackEvents": {noEvents, events(event(1, "R", "CREATE_COMPLETE", "", "TOKEN"), event(2, "", "UPDATE_COMPLETE", "", "TOKEN"))},
	})
	e := s.engine(func(o *Options) { o.RoleARN, o.Tags = "arn:role", map[string]string{"k": "v"} })
	if _, err := e.Apply(t.Context(), Input{Template: []byte(body), Parameters: map[string]string{"A": "9", "Gone": "x"}}, s.sink); err != nil {
		t.Fatal(err)
	}
	c := s.call("CreateChangeSet", 0)
	for k, want := range map[string]string{
		"StackName": stackID, "ChangeSetType": "UPDATE", "TemplateBody": compacted(t), "RoleARN": "arn:role",
		"Parameters.member.1.ParameterKey": "A", "Parameters.member.1.ParameterValue": "9",
		"Parameters.member.2.ParameterKey": "B", "Parameters.member.2.UsePreviousValue": "true", "Parameters.member.3.ParameterKey": "",
		"Tags.member.1.Key": "k", "Tags.member.2.Key": OwnerTag, "Tags.member.2.Value": "px", "Capabilities.member.1": "CAPABILITY_IAM",
	} {
		if got := c.Get(k); got != want {
			t.Errorf("%s: %q, want %q", k, got, want)
		}
	}
	x := s.call("ExecuteChangeSet", 0)
	if x.Get("ClientRequestToken") != c.Get("ChangeSetName") || x.Get("ChangeSetName") != "set-1" {
		t.Errorf("executed %v", x)
	}
	last := s.said[len(s.said)-1]
	if last.Phase != pipeline.End || last.Done != 1 || last.Total != 1 || last.Step != "update stack px" {
		t.Errorf("last said %+v", last)
	}
}

func TestApplyKeepsTheTemplate(t *testing.T) {
	s := newScript(t, map[string][]string{
		"CreateChangeSet": {proposed}, "DescribeChangeSet": {emptySet}, "GetTemplate": {goodBody}, "DescribeStacks": {ours("UPDATE_COMPLETE")},
	})
	if _, err := s.engine().Apply(t.Context(), Input{Parameters: map[string]string{"B": "3"}}, nil); err != nil {
		t.Fatal(err)
	}
	c := s.call("CreateChangeSet", 0)
	if c.Get("UsePreviousTemplate") != "true" || c.Has("TemplateBody") || c.Get("Parameters.member.1.UsePreviousValue") != "true" || c.Get("Parameters.member.2.ParameterValue") != "3" {
		t.Errorf("sent %v", c)
	}
	s = newScript(t, map[string][]string{"DescribeStacks": {gone}})
	if _, err := s.engine().Apply(t.Context(), Input{}, nil); fault.KindOf(err) != fault.NotDeployed {
		t.Errorf("got %v", err)
	}
}

func compacted(t *testing.T) string {
	t.Helper()
	small, err := template.Compact([]byte(body))
	if err != nil {
		t.Fatal(err)
	}
	return string(small)
}

// large is a template of the test's kind with so many bytes after compaction.
func large(t *testing.T, n int) []byte {
	t.Helper()
	const more = "Description: "
	return []byte(compacted(t) + more + strings.Repeat("x", n-len(compacted(t))-len(more)-1) + " # and what does not travel\n")
}

func TestApplyRefusesALargeTemplate(t *testing.T) {
	s := newScript(t, nil)
	_, err := s.engine().Apply(t.Context(), Input{Template: large(t, template.MaxBody+1)}, nil)
	if err == nil || !strings.Contains(err.Error(), "51201") || len(s.calls) > 0 {
		t.Errorf("got %v", err)
	}
	store := func(o *Options) {
		o.Store = func(context.Context, []byte) (string, error) { return "", errors.New("stored") }
	}
	_, err = s.engine(store).Plan(t.Context(), Input{Template: large(t, template.MaxStored+1)})
	if err == nil || !strings.Contains(err.Error(), "1000001") || len(s.calls) > 0 {
		t.Errorf("got %v", err)
	}
}

// A template that no request carries is stored, others are not.
func TestApplyStoresALargeTemplate(t *testing.T) {
	for _, n := range []int{template.MaxBody, template.MaxBody + 1} {
		s := newScript(t, map[string][]string{
			"CreateChangeSet": {proposed}, "DescribeChangeSet": {emptySet}, "GetTemplate": {goodBody}, "DescribeStacks": {ours("UPDATE_COMPLETE")},
		})
		var stored []byte
		e := s.engine(func(o *Options) {
			o.Store = func(_ context.Context, body []byte) (string, error) { stored = body; return "https://b.s3/t.yaml", nil }
		})
		if _, err := e.Apply(t.Context(), Input{Template: large(t, n)}, nil); err != nil {
			t.Fatal(err)
		}
		c := s.call("CreateChangeSet", 0)
		byURL := n > template.MaxBody
		if c.Has("TemplateBody") == byURL || (c.Get("TemplateURL") == "https://b.s3/t.yaml") != byURL || (len(stored) == n) != byURL {
			t.Errorf("%d bytes: stored %d, body %v, URL %q", n, len(stored), c.Has("TemplateBody"), c.Get("TemplateURL"))
		}
	}
}

// TestApplyStopsWatching ends the context at each wait: the operation is left
// alone, and the error tells how to go on.
func TestApplyStopsWatching(t *testing.T) {
	for at := 1; at <= 3; at++ {
		s := newScript(t, map[string][]string{
			"CreateChangeSet": {proposed}, "GetTemplate": {goodBody}, "DescribeStacks": {ours("UPDATE_COMPLETE"), ours("UPDATE_COMPLETE"), ours("UPDATE_IN_PROGRESS")},
			"DescribeChangeSet": {"<Status>CREATE_PENDING</Status>", set},
		})
		ctx, cancel := context.WithCancel(t.Context())
		s.clock.hook = func(n int) {
			if n == at {
				cancel()
			}
		}
		_, err := s.engine().Apply(ctx, Input{Template: []byte(body)}, nil)
		if !errors.Is(err, context.Canceled) || fault.KindOf(err) != fault.Interrupted || !strings.Contains(fault.HintOf(err), "pixelctl deploy --stack px") {
			t.Errorf("wait %d: hint %q: %v", at, fault.HintOf(err), err)
		}
		want := []string{"CreateChangeSet", "ExecuteChangeSet"}
		if at == 1 {
			want = []string{"CreateChangeSet", "DeleteChangeSet"}
		}
		if !slices.Equal(s.ops(), want) {
			t.Errorf("wait %d: called %q", at, s.ops())
		}
	}
}

func TestPollsGrowWithinBounds(t *testing.T) {
	s := newScript(t, map[string][]string{
		"CreateChangeSet": {proposed}, "GetTemplate": {goodBody}, "DescribeChangeSet": {set},
		"DescribeStacks": append([]string{ours("UPDATE_COMPLETE"), ours("UPDATE_COMPLETE")}, append(slices.Repeat([]string{ours("UPDATE_IN_PROGRESS")}, 20), ours("UPDATE_COMPLETE"))...),
	})
	s.on["DescribeStackEvents"] = func(v url.Values) {
		if v.Get("StackName") != stackID {
			t.Errorf("followed %q, want the id", v.Get("StackName"))
		}
	}
	if _, err := s.engine().Apply(t.Context(), Input{Template: []byte(body)}, nil); err != nil {
		t.Fatal(err)
	}
	if w := s.clock.waits; len(w) != 20 || w[0].Seconds() != 2 || slices.Max(w) != slowest || !slices.IsSorted(w) {
		t.Errorf("waited %v", w)
	}
}
