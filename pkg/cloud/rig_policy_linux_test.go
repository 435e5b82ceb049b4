package cloud_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"

	"pixelctl/pkg/cloud"
	"pixelctl/pkg/cloud/policy"
	"pixelctl/pkg/fault"
	"pixelctl/pkg/pipeline"
)

// rigAccount is ministack's.
const rigAccount = "000000000000"

// What the policy command prints, attached to a user, is enough for the task,
// and without one of its statements the task is refused.
//
// ministack asks for the rights to the calls that this program makes, but for
// CloudWatch's metrics. It does not ask for those that CloudFormation uses in
// the caller's name (iam:PassRole is one), nor for those that Athena uses: a
// statement that only those need is not missed here.
func TestRigPolicy(t *testing.T) {
	needRigs(t)
	t.Parallel()
	m := startMinistack(t)
	before := m.names(t)
	p := &people{T: t, m: m, stack: "people"}
	p.root = m.target(t, p.stack, rigWish{})
	for _, task := range []policy.Task{policy.Deploy, policy.Query, policy.Operate, policy.Destroy} {
		for _, sid := range asked[task] {
			p.without(task, sid)
		}
		if err := p.do(task, p.user(task, "")); err != nil {
			t.Fatalf("%s with the rights that its policy gives: %v", task, err)
		}
	}
	m.nothingLeft(t, before)
}

// asked are the statements of each task that ministack asks for.
var asked = map[policy.Task][]string{
	policy.Deploy:  {"Stack", "Artifacts", "Buckets", "Crawler"},
	policy.Query:   {"Stack", "DataBucket", "Tables", "WorkGroup"},
	policy.Operate: {"Stack", "DataBucket", "Tables", "Stream"},
	policy.Destroy: {
		"Account", "Apis", "Buckets", "Crawler", "CrawlerLogs", "Function", "LogGroups", "Objects", "Roles", "Schedule", "Stack", "Stream",
		"Tables", "WorkGroup",
	},
}

type people struct {
	*testing.T
	m     *ministack
	stack string
	root  *cloud.Target
	want  cloud.Patch // settings of a deploy
	hits  int
}

// do does the task with somebody's keys.
func (p *people) do(task policy.Task, k rigKeys) error {
	p.Helper()
	target := p.m.target(p.T, p.stack, rigWish{keys: k, want: p.want})
	switch task {
	case policy.Deploy:
		d, err := target.Deploy(p.Context(), pipeline.DeployOptions{}, nil)
		if err == nil {
			p.hit(d.Endpoint)
		}
		return err
	case policy.Query:
		found, err := rigRows(p.Context(), target, "SELECT event_id FROM tp_hits")
		if err == nil && len(found) < p.hits {
			p.Errorf("the table holds %d rows, want %d hits", len(found), p.hits)
		}
		return err
	case policy.Operate:
		if _, err := target.Status(p.Context()); err != nil {
			return err
		}
		_, err := target.Repair(p.Context(), pipeline.RepairOptions{}, nil)
		return err
	default:
		_, err := target.Destroy(p.Context(), pipeline.DestroyOptions{}, nil)
		return err
	}
}

func (p *people) hit(endpoint string) {
	p.Helper()
	l := &life{T: p.T, m: p.m, stack: p.stack, endpoint: endpoint}
	l.recorded(http.MethodGet, "/p.gif", "")
	l.readOutputs()
	p.hits++
	p.m.await(p.T, l.out["DataBucket"], "data/", p.hits)
}

// without does the task with all its statements but one. A destroy that was
// refused late has removed the stack: it is made again.
func (p *people) without(task policy.Task, sid string) {
	p.Helper()
	if task == policy.Deploy && sid == "Crawler" { // asked for by deploys that change the crawler
		p.want.CrawlSchedule = new("cron(15 3 * * ? *)")
		defer func() { p.want = cloud.Patch{} }()
	}
	err := p.do(task, p.user(task, sid))
	if fault.KindOf(err) != fault.Credentials {
		p.Errorf("%s without %s: %v, want it refused", task, sid, err)
	}
	if task != policy.Destroy {
		return
	}
	if _, err := p.root.Deploy(p.Context(), pipeline.DeployOptions{}, nil); err != nil {
		p.Fatal(err)
	}
}

func (p *people) documents(task policy.Task) []policy.Document {
	p.Helper()
	docs, err := policy.For(task, policy.Scope{Account: rigAccount, Region: rigRegion, Stack: p.stack, Database: p.stack})
	if err != nil {
		p.Fatal(err)
	}
	return docs
}

// user makes somebody who may do the task, but for one statement.
func (p *people) user(task policy.Task, sid string) rigKeys {
	p.Helper()
	var bodies []string
	for _, d := range p.documents(task) {
		d.Statement = slices.DeleteFunc(d.Statement, func(s policy.Statement) bool { return s.Sid == sid })
		body, err := json.Marshal(d)
		if err != nil {
			p.Fatal(err)
		}
		if len(d.Statement) > 0 {
			bodies = append(bodies, string(body))
		}
	}
	return p.m.user(p.T, bodies...)
}

// user makes an IAM user with policies.
func (m *ministack) user(t *testing.T, policies ...string) rigKeys {
	t.Helper()
	c := iam.NewFromConfig(m.config(rigKeys{}))
	m.users++
	name := fmt.Sprintf("user-%d", m.users)
	if _, err := c.CreateUser(t.Context(), &iam.CreateUserInput{UserName: &name}); err != nil {
		t.Fatal(err)
	}
	for i, body := range policies {
		made, err := c.CreatePolicy(t.Context(), &iam.CreatePolicyInput{PolicyName: aws.String(fmt.Sprintf("%s-%d", name, i)), PolicyDocument: &body})
		if err != nil {
			t.Fatal(err)
		}
		_, err = c.AttachUserPolicy(t.Context(), &iam.AttachUserPolicyInput{UserName: &name, PolicyArn: made.Policy.Arn})
		if err != nil {
			t.Fatal(err)
		}
	}
	out, err := c.CreateAccessKey(t.Context(), &iam.CreateAccessKeyInput{UserName: &name})
	if err != nil {
		t.Fatal(err)
	}
	return rigKeys{id: *out.AccessKey.AccessKeyId, secret: *out.AccessKey.SecretAccessKey}
}
