// Package cloud is the target on AWS: one CloudFormation stack, composed of
// engines that each speak to one service.
package cloud

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/apigatewayv2"
	"github.com/aws/aws-sdk-go-v2/service/athena"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/aws/aws-sdk-go-v2/service/firehose"
	"github.com/aws/aws-sdk-go-v2/service/glue"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/lambda"
	"github.com/aws/aws-sdk-go-v2/service/scheduler"
	"github.com/aws/aws-sdk-go-v2/service/secretsmanager"

	"pixelctl/pkg/cloud/artifact"
	"pixelctl/pkg/cloud/beaconlog"
	"pixelctl/pkg/cloud/bucket"
	"pixelctl/pkg/cloud/presence"
	"pixelctl/pkg/cloud/session"
	"pixelctl/pkg/cloud/stack"
	"pixelctl/pkg/cloud/stream"
	"pixelctl/pkg/cost"
	"pixelctl/pkg/pipeline"
)

// Options make a Target.
type Options struct {
	Stack    string
	Session  *session.Session
	Template []byte // of the whole stack
	Zip      []byte // of the function
	Version  string // of pixelctl: printable ASCII without spaces, 80 characters at most; empty is dev
	Want     Patch
	Flags    string // flags that lead another command to the stack
	RoleARN  string // role that CloudFormation takes on; empty: the caller's rights
	NoWait   bool   // give up at once when another operation is under way
	Skip     []string
	MaxScan  int64        // bytes a question may read; 0: what the workgroup allows
	Prices   *cost.Prices // nil: the list of the region, if it has one
	// Confirm asks before a stack that never came up is removed; nil refuses.
	Confirm func(ctx context.Context, question string) (bool, error)
	// Review sees what a deploy changes before it does; an error leaves the stack
	// as it is. Nil agrees.
	Review func(ctx context.Context, changes []pipeline.ResourceChange) error
}

// Target is a stack on AWS.
type Target struct {
	o        Options
	clock    session.Clock
	bucket   *bucket.Engine
	stream   *stream.Engine
	presence *presence.Engine
	log      *beaconlog.Engine
}

var _ pipeline.Pipeline = (*Target)(nil)

// New returns the target; it makes no call.
func New(o Options) *Target {
	s := o.Session
	b := s.S3()
	if o.Prices == nil {
		if list, err := cost.InRegion(s.Region); err == nil {
			o.Prices = &list
		}
	}
	return &Target{
		o: o, clock: s.Clock,
		bucket: bucket.New(b).WithClock(s.Clock),
		stream: stream.New(firehose.NewFromConfig(s.Config), cloudwatch.NewFromConfig(s.Config), s.Clock),
		log:    beaconlog.New(cloudwatchlogs.NewFromConfig(s.Config)),
		presence: presence.New(presence.Clients{
			S3: b, Firehose: firehose.NewFromConfig(s.Config), Lambda: lambda.NewFromConfig(s.Config), IAM: iam.NewFromConfig(s.Config),
			API: apigatewayv2.NewFromConfig(s.Config), Glue: glue.NewFromConfig(s.Config), Athena: athena.NewFromConfig(s.Config),
			Logs: cloudwatchlogs.NewFromConfig(s.Config), Scheduler: scheduler.NewFromConfig(s.Config),
			Secrets: secretsmanager.NewFromConfig(s.Config),
		}),
	}
}

// stack is the engine for the stack; command resumes what Ctrl-C left.
func (t *Target) stack(command string, tags map[string]string) *stack.Engine {
	return stack.New(cloudformation.NewFromConfig(t.o.Session.Config), t.options(command, tags))
}

func (t *Target) options(command string, tags map[string]string) stack.Options {
	return stack.Options{
		Stack: t.o.Stack, RoleARN: t.o.RoleARN, Tags: tags, Clock: t.clock, NoWait: t.o.NoWait, Skip: t.o.Skip,
		Resume: t.command(command), Confirm: t.o.Confirm,
	}
}

// storing is the engine for a stack whose template may be too long for a
// request: it is put into a bucket, known when it is wanted, and its key noted.
func (t *Target) storing(command string, tags map[string]string, into, key *string) *stack.Engine {
	o := t.options(command, tags)
	o.Store = func(ctx context.Context, body []byte) (string, error) {
		name := templatePrefix + artifact.Digest(body) + ".yaml"
		if _, err := t.bucket.Upload(ctx, *into, name, body); err != nil {
			return "", err
		}
		*key = name
		return t.bucket.URL(ctx, *into, name)
	}
	return stack.New(cloudformation.NewFromConfig(t.o.Session.Config), o)
}

// command is a command line for this stack.
func (t *Target) command(name string) string { return "pixelctl " + name + t.o.Flags }

// location says where the stack is.
func (t *Target) location() string {
	return "account " + t.o.Session.Account + ", region " + t.o.Session.Region
}
