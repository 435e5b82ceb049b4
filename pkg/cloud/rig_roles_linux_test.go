package cloud_test

import (
	"context"
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/sts"
	smithyhttp "github.com/aws/smithy-go/transport/http"

	"pixelctl/pkg/cloud/session"
	"pixelctl/pkg/pipeline"
)

// Each role of the template works with its policy and fails without it.
//
// ministack calls the stream with the function's role, so that one is shown
// where it is used. Its own delivery stream, crawler and scheduler ask for no
// role (the stream writes by itself, a crawl finds nothing, the schedule's
// target is not known to it), so those three are shown by the calls that
// AWS's manuals say the service makes, made with the role's own credentials.
func TestRigRoles(t *testing.T) {
	needRigs(t)
	t.Parallel()
	m := startMinistack(t)
	l := &life{T: t, m: m, stack: "roles", target: m.target(t, "roles", rigWish{})}
	l.deploy()
	r := &roles{life: l, iam: iam.NewFromConfig(m.config(rigKeys{}))}
	t.Run("function", r.function)
	for _, role := range l.rolesOfServices() {
		t.Run(role.id, func(t *testing.T) { r.judge(t, role) })
	}
	l.destroyQuietly()
}

func (l *life) destroyQuietly() {
	l.Helper()
	if _, err := l.target.Destroy(l.Context(), pipeline.DestroyOptions{}, nil); err != nil {
		l.Errorf("destroy: %v", err)
	}
}

type roles struct {
	*life
	iam *iam.Client
}

// function takes the permission to put records away: the visitor still gets
// the image, and the answer says that the record was not kept.
func (r *roles) function(t *testing.T) {
	client := r.m.client(t)
	role := r.physical(t, "BeaconRole")
	r.recorded(http.MethodGet, "/p.gif?role=whole", "")
	whole := r.policy(t, role)
	r.put(t, role, whole.without("PutRecords"))
	status, h := ask(t, client, http.MethodGet, r.endpoint+"/p.gif?role=without", "")
	if status != http.StatusOK || h.Get("Content-Type") != "image/gif" || h.Get("X-Pixel-Status") != "dropped; reason=stream" {
		t.Errorf("without firehose:PutRecord: %d, %s, X-Pixel-Status %q", status, h.Get("Content-Type"), h.Get("X-Pixel-Status"))
	}
	r.put(t, role, whole)
	r.recorded(http.MethodGet, "/p.gif?role=again", "")
	r.m.await(t, r.out["DataBucket"], "data/", 2)
}

// serviceRole is a role and the calls that its service makes, by the statement
// of the policy that allows them.
type serviceRole struct {
	id      string // logical id in the template
	allowed map[string][]call
	refused []call // what the role must never allow
}

type call struct {
	name string
	do   func(ctx context.Context, c aws.Config) error
}

// judge makes every call with the whole policy, and again without each
// statement: then that statement's calls are refused and all others work.
func (r *roles) judge(t *testing.T, role serviceRole) {
	name := r.physical(t, role.id)
	config := r.assume(t, name)
	whole := r.policy(t, name)
	if got := whole.sids(); !slices.Equal(got, sortedKeys(role.allowed)) {
		t.Fatalf("the policy's statements are %s, the test knows %s", got, sortedKeys(role.allowed))
	}
	r.try(t, "with the whole policy", config, role, "")
	for _, sid := range whole.sids() {
		r.put(t, name, whole.without(sid))
		r.try(t, "without "+sid, config, role, sid)
	}
	r.put(t, name, whole)
	for _, c := range role.refused {
		if err := c.do(t.Context(), config); !denied(err) {
			t.Errorf("%s: %v, want it refused", c.name, err)
		}
	}
	r.plain(t, config)
}

// plain makes calls without TLS, as ministack takes them for: the buckets
// refuse whoever comes so.
func (r *roles) plain(t *testing.T, config aws.Config) {
	t.Helper()
	config.APIOptions = append(config.APIOptions, smithyhttp.SetHeaderValue("X-Forwarded-Proto", "http"))
	for _, output := range []string{"DataBucket", "ArtifactBucket", "ResultsBucket"} {
		err := list(r.out[output]).do(t.Context(), config)
		if !denied(err) || !strings.Contains(err.Error(), "explicit deny in a resource-based policy") {
			t.Errorf("list %s without TLS: %v, want the bucket's policy to refuse it", output, err)
		}
	}
}

func (r *roles) try(t *testing.T, when string, config aws.Config, role serviceRole, missing string) {
	t.Helper()
	for _, sid := range sortedKeys(role.allowed) {
		for _, c := range role.allowed[sid] {
			err := c.do(t.Context(), config)
			if sid == missing && !denied(err) {
				t.Errorf("%s, %s: %v, want it refused", when, c.name, err)
			}
			if sid != missing && err != nil {
				t.Errorf("%s, %s: %v", when, c.name, err)
			}
		}
	}
}

func denied(err error) bool { return strings.HasPrefix(session.Code(err), "AccessDenied") }

// physical gives the name that CloudFormation gave a resource.
func (l *life) physical(t *testing.T, id string) string {
	t.Helper()
	for _, r := range l.resources(t) {
		if aws.ToString(r.LogicalResourceId) == id {
			return aws.ToString(r.PhysicalResourceId)
		}
	}
	t.Fatalf("the stack has no %s", id)
	return ""
}

// assume gives clients the role's rights. Only services may take it on, so
// that is refused first, and then a user of the test is let in.
func (r *roles) assume(t *testing.T, name string) aws.Config {
	t.Helper()
	user := r.m.user(t, `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"sts:AssumeRole","Resource":"*"}]}`)
	role, err := r.iam.GetRole(t.Context(), &iam.GetRoleInput{RoleName: &name})
	if err != nil {
		t.Fatal(err)
	}
	in := &sts.AssumeRoleInput{RoleArn: role.Role.Arn, RoleSessionName: aws.String("rig")}
	client := sts.NewFromConfig(r.m.config(user))
	if _, err := client.AssumeRole(t.Context(), in); !denied(err) {
		t.Errorf("assume %s as a user: %v, want it refused", name, err)
	}
	_, err = r.iam.UpdateAssumeRolePolicy(t.Context(), &iam.UpdateAssumeRolePolicyInput{
		RoleName: &name, PolicyDocument: aws.String(`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"sts:AssumeRole","Principal":{"AWS":"*"}}]}`),
	})
	if err != nil {
		t.Fatal(err)
	}
	out, err := client.AssumeRole(t.Context(), in)
	if err != nil {
		t.Fatal(err)
	}
	return r.m.config(rigKeys{id: *out.Credentials.AccessKeyId, secret: *out.Credentials.SecretAccessKey, token: *out.Credentials.SessionToken})
}

// document is an inline policy.
type document struct {
	name      string
	Version   string
	Statement []map[string]any
}

func (d document) sids() []string {
	var all []string
	for _, s := range d.Statement {
		sid, _ := s["Sid"].(string)
		all = append(all, sid)
	}
	slices.Sort(all)
	return all
}

func (d document) without(sid string) document {
	d.Statement = slices.DeleteFunc(slices.Clone(d.Statement), func(s map[string]any) bool { return s["Sid"] == sid })
	return d
}

func (r *roles) policy(t *testing.T, role string) document {
	t.Helper()
	names, err := r.iam.ListRolePolicies(t.Context(), &iam.ListRolePoliciesInput{RoleName: &role})
	if err != nil || len(names.PolicyNames) != 1 {
		t.Fatalf("list the policies of %s: %v", role, err)
	}
	attached, err := r.iam.ListAttachedRolePolicies(t.Context(), &iam.ListAttachedRolePoliciesInput{RoleName: &role})
	if err != nil || len(attached.AttachedPolicies) > 0 {
		t.Fatalf("policies attached to %s: %v, %v", role, attached, err)
	}
	out, err := r.iam.GetRolePolicy(t.Context(), &iam.GetRolePolicyInput{RoleName: &role, PolicyName: &names.PolicyNames[0]})
	if err != nil {
		t.Fatal(err)
	}
	text, err := url.QueryUnescape(aws.ToString(out.PolicyDocument))
	if err != nil {
		t.Fatal(err)
	}
	d := document{name: names.PolicyNames[0]}
	if err := json.Unmarshal([]byte(text), &d); err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	return d
}

func (r *roles) put(t *testing.T, role string, d document) {
	t.Helper()
	text, err := json.Marshal(d)
	if err != nil {
		t.Fatal(err)
	}
	_, err = r.iam.PutRolePolicy(t.Context(), &iam.PutRolePolicyInput{RoleName: &role, PolicyName: &d.name, PolicyDocument: aws.String(string(text))})
	if err != nil {
		t.Fatal(err)
	}
}

func sortedKeys[V any](m map[string]V) []string {
	var all []string
	for k := range m {
		all = append(all, k)
	}
	slices.Sort(all)
	return all
}
