package policy

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"pixelctl/pkg/fault"
)

var here = Scope{Account: "111122223333", Region: "eu-west-1", Stack: "pixel-eu", Database: "pixel_eu"}

func documents(t *testing.T, task Task, s Scope) []Document {
	t.Helper()
	docs, err := For(task, s)
	if err != nil {
		t.Fatal(err)
	}
	return docs
}

// allows reports whether a task's documents allow an action on a resource.
func allows(docs []Document, action, resource string) bool {
	for _, d := range docs {
		for _, st := range d.Statement {
			if slices.ContainsFunc(st.Action, func(p string) bool { return match(p, action) }) &&
				slices.ContainsFunc(st.Resource, func(p string) bool { return match(p, resource) }) {
				return true
			}
		}
	}
	return false
}

// match knows the one wildcard that the documents have.
func match(pattern, text string) bool {
	parts := strings.Split(pattern, "*")
	rest, ok := strings.CutPrefix(text, parts[0])
	if !ok || len(parts) == 1 {
		return ok && rest == ""
	}
	last := parts[len(parts)-1]
	for _, p := range parts[1 : len(parts)-1] {
		_, after, found := strings.Cut(rest, p)
		if !found {
			return false
		}
		rest = after
	}
	return strings.HasSuffix(rest, last)
}

// TestTaskMayDoItsOwn asks for what each task may and may not do.
func TestTaskMayDoItsOwn(t *testing.T) {
	const (
		glue   = "arn:aws:glue:eu-west-1:111122223333:"
		data   = "arn:aws:s3:::pixel-eu-databucket-abc123"
		code   = "arn:aws:s3:::pixel-eu-artifactbucket-abc123"
		answer = "arn:aws:s3:::pixel-eu-resultsbucket-abc123"
		stacks = "arn:aws:cloudformation:eu-west-1:111122223333:stack/"
		role   = "arn:aws:iam::111122223333:role/"
		group  = "arn:aws:athena:eu-west-1:111122223333:workgroup/"
	)
	for _, c := range []struct {
		task             Task
		action, resource string
		want             bool
	}{
		{Deploy, "cloudformation:CreateChangeSet", stacks + "pixel-eu/1f", true},
		{Deploy, "cloudformation:CreateChangeSet", stacks + "pixel-eu2/1f", false},
		{Deploy, "s3:PutObject", code + "/beacon/0a.zip", true},
		{Deploy, "s3:PutObject", data + "/data/x", false},
		{Deploy, "s3:GetObject", data + "/data/x", false},
		{Deploy, "iam:PassRole", role + "pixel-eu-BeaconRole-ABC", true},
		{Deploy, "iam:PassRole", role + "admin", false},
		{Deploy, "iam:CreateRole", role + "pixel-eu-BeaconRole-ABC", true},
		{Deploy, "iam:CreateRole", role + "pixel-eu-other-BeaconRole-ABC", false},
		{Query, "s3:GetObject", data + "/data/year=2026/x", true},
		{Query, "s3:GetObject", data + "/errors/x", false},
		{Query, "s3:PutObject", data + "/data/x", false},
		{Query, "s3:DeleteObject", answer + "/results/x", false},
		{Query, "glue:BatchCreatePartition", glue + "table/pixel_eu/tp_hits", true},
		{Query, "glue:GetTable", glue + "table/other/t", false},
		{Query, "glue:GetDatabase", glue + "database/default", true},
		{Query, "glue:GetTable", glue + "database/default", false},
		{Query, "athena:StartQueryExecution", group + "pixel-eu", true},
		{Query, "athena:StartQueryExecution", group + "primary", false},
		{Operate, "firehose:UpdateDestination", "arn:aws:firehose:eu-west-1:111122223333:deliverystream/pixel-eu-DeliveryStream-1", true},
		{Operate, "s3:DeleteObject", data + "/data/x", false},
		{Operate, "cloudformation:DeleteStack", stacks + "pixel-eu/1f", false},
		{Purge, "s3:DeleteObjectVersion", data + "/data/x", true},
		{Purge, "s3:DeleteBucket", data, false},
		{Purge, "s3:PutObject", data + "/staging/x", true},
		{Purge, "cloudformation:CreateChangeSet", stacks + "pixel-eu/1f", false},
		{Destroy, "s3:DeleteBucket", data, true},
		{Destroy, "s3:DeleteObjectVersion", code + "/beacon/0a.zip", true},
		{Destroy, "s3:PutObject", code + "/beacon/0a.zip", false},
		{Destroy, "lambda:DeleteFunction", "arn:aws:lambda:eu-west-1:111122223333:function:pixel-eu-Beacon-1", true},
		{Destroy, "lambda:CreateFunction", "arn:aws:lambda:eu-west-1:111122223333:function:pixel-eu-Beacon-1", false},
		{Destroy, "logs:DeleteLogStream", "arn:aws:logs:eu-west-1:111122223333:log-group:/aws-glue/crawlers:log-stream:pixel-eu-Crawler-1", true},
		{Destroy, "logs:DeleteLogStream", "arn:aws:logs:eu-west-1:111122223333:log-group:/aws-glue/crawlers:log-stream:other-1", false},
	} {
		if got := allows(documents(t, c.task, here), c.action, c.resource); got != c.want {
			t.Errorf("%s, %s on %s: allowed %v, want %v", c.task, c.action, c.resource, got, c.want)
		}
		if c.want && !allows(documents(t, All, here), c.action, c.resource) {
			t.Errorf("all does not allow %s on %s", c.action, c.resource)
		}
	}
}

func TestDocumentsFit(t *testing.T) {
	long := here
	long.Stack, long.Database = strings.Repeat("a", 128), strings.Repeat("a", 128)
	for _, task := range Tasks() {
		for _, s := range []Scope{here, long} {
			for i, d := range documents(t, task, s) {
				checkForm(t, task, d)
				if d.Size() > MostManaged {
					t.Errorf("%s, document %d of stack %.10s: %d characters", task, i, s.Stack, d.Size())
				}
				if s.Stack == here.Stack {
					t.Logf("%s, document %d: %d characters", task, i, d.Size())
				}
			}
		}
	}
	if docs := documents(t, Query, here); len(docs) != 1 || docs[0].Size() > MostInline {
		t.Error("query is more than a user's inline policy takes")
	}
}

// checkForm wants what IAM wants, and no action on everything that knows a
// narrower resource.
func checkForm(t *testing.T, task Task, d Document) {
	t.Helper()
	body, err := json.Marshal(d)
	if err != nil || !strings.HasPrefix(string(body), `{"Version":"2012-10-17","Statement":[{"Sid":"`) {
		t.Errorf("%s: %.60s, %v", task, body, err)
	}
	seen := map[string]bool{}
	for _, st := range d.Statement {
		if seen[st.Sid] || st.Sid == "" || st.Effect != "Allow" || len(st.Action) == 0 || len(st.Resource) == 0 || !slices.IsSorted(st.Action) {
			t.Errorf("%s: %+v", task, st)
		}
		seen[st.Sid] = true
		for _, r := range st.Resource {
			if r == "*" && st.Sid != string(account) || r != "*" && !strings.HasPrefix(r, "arn:aws:") {
				t.Errorf("%s: %s on %s", task, st.Sid, r)
			}
		}
		if slices.Contains(st.Action, "iam:PassRole") && len(st.Condition["StringEquals"]["iam:PassedToService"]) != 1 {
			t.Errorf("%s: a role may be passed to any service: %+v", task, st)
		}
	}
}

// TestRoleTakesTheRest: with --role-arn the caller passes a role and has none of
// the rights that CloudFormation borrows.
func TestRoleTakesTheRest(t *testing.T) {
	s := here
	s.Role = "arn:aws:iam::111122223333:role/deployers/pixel"
	for _, task := range []Task{Deploy, Operate, Destroy} {
		docs := documents(t, task, s)
		if !allows(docs, "iam:PassRole", s.Role) {
			t.Errorf("%s may not pass the role", task)
		}
		for _, action := range []string{"iam:CreateRole", "firehose:UpdateDestination", "lambda:DeleteFunction", "s3:CreateBucket"} {
			for _, d := range docs {
				for _, st := range d.Statement {
					if slices.Contains(st.Action, action) {
						t.Errorf("%s may itself do %s", task, action)
					}
				}
			}
		}
	}
	if allows(documents(t, Query, s), "iam:PassRole", s.Role) {
		t.Error("query passes a role")
	}
	if docs := documents(t, ServiceRole, here); allows(docs, "cloudformation:CreateChangeSet", "arn:aws:cloudformation:eu-west-1:111122223333:stack/pixel-eu/1f") ||
		!allows(docs, "iam:CreateRole", "arn:aws:iam::111122223333:role/pixel-eu-BeaconRole-ABC") {
		t.Error("the role has the caller's rights, or lacks its own")
	}
}

// TestKeptDataIsQueriedInPrimary, since its stack and workgroup are gone.
func TestKeptDataIsQueriedInPrimary(t *testing.T) {
	s := here
	s.Kept = true
	docs := documents(t, Query, s)
	for resource, action := range map[string]string{
		"arn:aws:athena:eu-west-1:111122223333:workgroup/primary":   "athena:StartQueryExecution",
		"arn:aws:s3:::pixel-eu-databucket-abc/results/tables/x.csv": "s3:PutObject",
	} {
		if !allows(docs, action, resource) {
			t.Errorf("no %s on %s", action, resource)
		}
	}
	if allows(docs, "athena:StartQueryExecution", "arn:aws:athena:eu-west-1:111122223333:workgroup/pixel-eu") {
		t.Error("the stack's workgroup is asked, too")
	}
}

func TestLongNamesAreCut(t *testing.T) {
	s := here
	s.Stack = strings.Repeat("x", 23) + "-" + strings.Repeat("y", 30)
	docs := documents(t, Deploy, s)
	cut := "arn:aws:iam::111122223333:role/" + s.Stack[:25] + "-BeaconRole-ABCDEFGHIJKL"
	if !allows(docs, "iam:CreateRole", cut) {
		t.Errorf("no right to make %s", cut)
	}
	if allows(docs, "iam:CreateRole", "arn:aws:iam::111122223333:role/other-BeaconRole-ABC") {
		t.Error("a right to make roles of other stacks")
	}
}

func TestPartition(t *testing.T) {
	for region, want := range map[string]string{"cn-north-1": "aws-cn", "us-gov-west-1": "aws-us-gov", "us-east-1": "aws"} {
		s := here
		s.Region = region
		if !allows(documents(t, Query, s), "glue:GetTable", "arn:"+want+":glue:"+region+":111122223333:catalog") {
			t.Errorf("%s is not in %s", region, want)
		}
	}
	if got := Partition("arn:aws-cn:sts::1:x"); got != "aws-cn" {
		t.Error(got)
	}
	if got := Partition("nobody"); got != "aws" {
		t.Error(got)
	}
}

// TestNoWildcardFromOutside: each part of the scope goes into ARNs.
func TestNoWildcardFromOutside(t *testing.T) {
	for _, spoil := range []func(*Scope){
		func(s *Scope) { s.Account = "*" },
		func(s *Scope) { s.Account = "" },
		func(s *Scope) { s.Region = "*" },
		func(s *Scope) { s.Stack = "pixel*" },
		func(s *Scope) { s.Stack = "a:b" },
		func(s *Scope) { s.Database = "p*" },
		func(s *Scope) { s.Partition = "aws:*" },
		func(s *Scope) { s.Role = "arn:aws:iam::111122223333:role/*" },
	} {
		s := here
		spoil(&s)
		if _, err := For(Deploy, s); fault.KindOf(err) != fault.Usage {
			t.Errorf("%+v: %v", s, err)
		}
	}
	if _, err := For("everything", here); fault.KindOf(err) != fault.Usage {
		t.Errorf("an unknown task: %v", err)
	}
}
