//go:build awsaccount

package cloud_test

import (
	"context"
	"encoding/json"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/sts"

	"pixelctl/pkg/cloud"
	"pixelctl/pkg/cloud/policy"
	"pixelctl/pkg/cloud/session"
	"pixelctl/pkg/fault"
)

// person may do one task and nothing else.
type person struct {
	role     string
	policies []string // ARNs
	session  *session.Session
}

// open is a session of whoever runs the test, or with keys given.
func open(t *testing.T, keys map[string]string) *session.Session {
	t.Helper()
	env := os.LookupEnv
	if keys != nil {
		env = func(name string) (string, bool) { v, ok := keys[name]; return v, ok }
	}
	s, err := session.Open(t.Context(), session.Options{Env: env})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// hire makes a role with the documents of one task, and takes it on.
func (l *loop) hire(t *testing.T, task policy.Task, kept bool) *person {
	t.Helper()
	docs, err := policy.For(task, policy.Scope{
		Partition: policy.Partition(l.owner.ARN), Account: l.owner.Account, Region: l.owner.Region,
		Stack: l.stack, Database: cloud.Database(l.stack), Kept: kept,
	})
	if err != nil {
		t.Fatal(err)
	}
	p := &person{role: "test-" + l.stack + "-" + string(task) + "-" + strconv.FormatBool(kept)}
	c := iam.NewFromConfig(l.owner.Config)
	trust := `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"arn:` + policy.Partition(l.owner.ARN) + `:iam::` + l.owner.Account + `:root"},"Action":"sts:AssumeRole"}]}`
	made, err := c.CreateRole(t.Context(), &iam.CreateRoleInput{RoleName: &p.role, AssumeRolePolicyDocument: &trust})
	if err != nil {
		t.Fatal(err)
	}
	l.people = append(l.people, p)
	for i, d := range docs {
		body, err := json.Marshal(d)
		if err != nil {
			t.Fatal(err)
		}
		name, text := p.role+"-"+strconv.Itoa(i), string(body)
		out, err := c.CreatePolicy(t.Context(), &iam.CreatePolicyInput{PolicyName: &name, PolicyDocument: &text})
		if err != nil {
			t.Fatal(err)
		}
		p.policies = append(p.policies, *out.Policy.Arn)
		if _, err := c.AttachRolePolicy(t.Context(), &iam.AttachRolePolicyInput{RoleName: &p.role, PolicyArn: out.Policy.Arn}); err != nil {
			t.Fatal(err)
		}
	}
	l.take(t, p, *made.Role.Arn)
	return p
}

// take assumes the role. A fresh one is not known everywhere at once, nor are its
// policies.
func (l *loop) take(t *testing.T, p *person, arn string) {
	t.Helper()
	c := sts.NewFromConfig(l.owner.Config)
	name := "pixelctl"
	var keys map[string]string
	l.until(t, time.Minute, "take on role "+p.role, func(ctx context.Context) (bool, error) {
		out, err := c.AssumeRole(ctx, &sts.AssumeRoleInput{RoleArn: &arn, RoleSessionName: &name})
		if err != nil {
			return false, nil //nolint:nilerr // asked again
		}
		keys = map[string]string{
			"AWS_ACCESS_KEY_ID": *out.Credentials.AccessKeyId, "AWS_SECRET_ACCESS_KEY": *out.Credentials.SecretAccessKey,
			"AWS_SESSION_TOKEN": *out.Credentials.SessionToken, "AWS_REGION": l.owner.Region,
			"AWS_CONFIG_FILE": os.DevNull, "AWS_SHARED_CREDENTIALS_FILE": os.DevNull,
		}
		return true, nil
	})
	l.rest(t, 20*time.Second)
	p.session = open(t, keys)
}

// dismiss takes all roles away.
func (l *loop) dismiss(ctx context.Context, t *testing.T) {
	c := iam.NewFromConfig(l.owner.Config)
	for _, p := range l.people {
		for _, arn := range p.policies {
			if _, err := c.DetachRolePolicy(ctx, &iam.DetachRolePolicyInput{RoleName: &p.role, PolicyArn: &arn}); err != nil {
				t.Errorf("detach %s: %v", arn, err)
			}
			if _, err := c.DeletePolicy(ctx, &iam.DeletePolicyInput{PolicyArn: &arn}); err != nil {
				t.Errorf("delete %s: %v", arn, err)
			}
		}
		if _, err := c.DeleteRole(ctx, &iam.DeleteRoleInput{RoleName: &p.role}); err != nil {
			t.Errorf("delete role %s: %v", p.role, err)
		}
	}
}

// as runs a command with the rights of its task alone. What they do not suffice
// for is an error of the test and is then done with the owner's, so that the
// loop goes on and shows the rest.
func (l *loop) as(t *testing.T, task policy.Task, run func(ctx context.Context, target *cloud.Target) error) {
	t.Helper()
	kept := l.kept && task != policy.Deploy
	key := string(task) + strconv.FormatBool(kept)
	if l.hired[key] == nil {
		l.hired[key] = l.hire(t, task, kept)
	}
	err := run(t.Context(), l.target(l.hired[key].session))
	if lacksRights(err) {
		t.Errorf("the policy of %s does not suffice: %v", task, err)
		err = run(t.Context(), l.target(l.owner))
	}
	if err != nil {
		t.Fatal(err)
	}
}

// target is the stack, as somebody sees it.
func (l *loop) target(s *session.Session) *cloud.Target {
	return cloud.New(cloud.Options{
		Stack: l.stack, Session: s, Template: l.template, Zip: l.zip, Want: cloud.Patch{Format: &l.format},
		Confirm: func(context.Context, string) (bool, error) { return true, nil },
	})
}

// rest waits in real time.
func (l *loop) rest(t *testing.T, d time.Duration) {
	t.Helper()
	if err := (session.WallClock{}).Wait(t.Context(), d); err != nil {
		t.Fatal(err)
	}
}

// until asks every five seconds, for at most so long.
func (l *loop) until(t *testing.T, most time.Duration, what string, ask func(ctx context.Context) (bool, error)) {
	t.Helper()
	for end := time.Now().Add(most); ; l.rest(t, 5*time.Second) {
		there, err := ask(t.Context())
		if err != nil {
			t.Fatalf("%s: %v", what, err)
		}
		if there {
			return
		}
		if time.Now().After(end) {
			t.Fatalf("%s: not within %s", what, most)
		}
	}
}

// lacksRights is a refusal by IAM, also one that CloudFormation tells as a reason.
func lacksRights(err error) bool {
	return fault.KindOf(err) == fault.Credentials ||
		err != nil && (strings.Contains(err.Error(), "not authorized to perform") || strings.Contains(err.Error(), "AccessDenied"))
}
