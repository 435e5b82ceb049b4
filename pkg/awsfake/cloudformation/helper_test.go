package cloudformation_test

import (
	"context"
	"errors"
	"fmt"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	sdk "github.com/aws/aws-sdk-go-v2/service/cloudformation"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation/types"
	"github.com/aws/smithy-go"

	"pixelctl/pkg/awsfake/cloudformation"
	"pixelctl/pkg/awsfake/wire"
)

// memory is a provider that keeps what it makes in a map.
type memory struct {
	made     map[string]cloudformation.Resource
	n        int
	undead   string // a logical id that cannot be deleted
	lastTags map[string]string
}

func (m *memory) Create(_ context.Context, r cloudformation.Resource) (cloudformation.Physical, error) {
	id, ok := r.Properties["Name"].(string)
	if !ok {
		m.n++
		id = fmt.Sprintf("%s-%d", r.LogicalID, m.n)
	}
	m.made[id], m.lastTags = r, r.Tags
	return cloudformation.Physical{ID: id, Attributes: map[string]string{"Arn": "arn:" + id}}, nil
}

func (m *memory) Update(_ context.Context, r, _ cloudformation.Resource) (cloudformation.Physical, error) {
	m.made[r.Physical.ID] = r
	return cloudformation.Physical{}, nil
}

func (m *memory) Delete(_ context.Context, p cloudformation.Physical) error {
	if m.made[p.ID].LogicalID == m.undead {
		return errors.New("The bucket you tried to delete is not empty")
	}
	delete(m.made, p.ID)
	return nil
}

type rig struct {
	t      *testing.T
	clock  *wire.Clock
	server *cloudformation.Server
	client *sdk.Client
	memory *memory
}

func start(t *testing.T, o cloudformation.Options) *rig {
	t.Helper()
	clock, m := wire.NewClock(time.Date(2026, 7, 5, 9, 0, 0, 0, time.UTC)), &memory{made: map[string]cloudformation.Resource{}}
	o.Account, o.Region = "123456789012", "us-east-1"
	providers := map[string]cloudformation.Provider{"AWS::Glue::Crawler": m, "AWS::Test::Thing": m, "AWS::IAM::Role": m}
	s := cloudformation.New(clock, providers, o)
	web := httptest.NewServer(s)
	t.Cleanup(web.Close)
	client := sdk.New(sdk.Options{
		Region: "us-east-1", BaseEndpoint: aws.String(web.URL), RetryMaxAttempts: 1,
		Credentials: credentials.NewStaticCredentialsProvider("A", "B", ""),
	})
	return &rig{t, clock, s, client, m}
}

// plan makes a change set and waits for it.
func (r *rig) plan(kind types.ChangeSetType, body string, with ...func(*sdk.CreateChangeSetInput)) *sdk.DescribeChangeSetOutput {
	r.t.Helper()
	in := &sdk.CreateChangeSetInput{
		StackName: aws.String("s"), ChangeSetName: aws.String("c" + fmt.Sprint(r.clock.Now().Unix())), ChangeSetType: kind, TemplateBody: &body,
	}
	for _, f := range with {
		f(in)
	}
	out, err := r.client.CreateChangeSet(r.t.Context(), in)
	if err != nil {
		r.t.Fatal(err)
	}
	r.clock.Advance(3 * time.Second)
	cs, err := r.client.DescribeChangeSet(r.t.Context(), &sdk.DescribeChangeSetInput{ChangeSetName: out.Id, IncludePropertyValues: aws.Bool(true)})
	if err != nil {
		r.t.Fatal(err)
	}
	return cs
}

// deploy plans and executes, and waits for the end.
func (r *rig) deploy(kind types.ChangeSetType, body string) {
	r.t.Helper()
	cs := r.plan(kind, body)
	_, err := r.client.ExecuteChangeSet(r.t.Context(), &sdk.ExecuteChangeSetInput{ChangeSetName: cs.ChangeSetId, ClientRequestToken: cs.ChangeSetName})
	if err != nil {
		r.t.Fatal(err)
	}
	r.clock.Advance(10 * time.Minute)
}

func (r *rig) stack(name string) types.Stack {
	r.t.Helper()
	out, err := r.client.DescribeStacks(r.t.Context(), &sdk.DescribeStacksInput{StackName: &name})
	if err != nil {
		r.t.Fatal(err)
	}
	return out.Stacks[0]
}

func (r *rig) status(want types.StackStatus) {
	r.t.Helper()
	if got := r.stack("s"); got.StackStatus != want {
		r.t.Errorf("status %s (%s), want %s", got.StackStatus, aws.ToString(got.StackStatusReason), want)
	}
}

// events gives "logical status reason", newest first, over all pages.
func (r *rig) events(name string) []string {
	r.t.Helper()
	var out []string
	for pages := sdk.NewDescribeStackEventsPaginator(r.client, &sdk.DescribeStackEventsInput{StackName: &name}); pages.HasMorePages(); {
		page, err := pages.NextPage(r.t.Context())
		if err != nil {
			r.t.Fatal(err)
		}
		for _, e := range page.StackEvents {
			out = append(out, strings.TrimSpace(aws.ToString(e.LogicalResourceId)+" "+string(e.ResourceStatus)+" "+aws.ToString(e.ResourceStatusReason)))
		}
	}
	return out
}

// refused checks an error's code and that its text holds the part.
func refused(t *testing.T, err error, code, part string) {
	t.Helper()
	var api smithy.APIError
	if !errors.As(err, &api) {
		t.Fatalf("no API error: %v", err)
	}
	if api.ErrorCode() != code || !strings.Contains(api.ErrorMessage(), part) {
		t.Errorf("got %s: %s\nwant %s: %s", api.ErrorCode(), api.ErrorMessage(), code, part)
	}
}
