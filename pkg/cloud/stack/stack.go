// Package stack makes, changes and deletes one CloudFormation stack, from
// whatever state a person, a failure or a killed process left it in. It is
// followed by polling its events, because CloudFormation's waiters show nothing.
package stack

import (
	"context"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation/types"

	"pixelctl/pkg/cloud/session"
	"pixelctl/pkg/fault"
)

// OwnerTag is the tag that tells our stacks; its value is the stack's name.
const OwnerTag = "pixelctl:stack"

// Generator is the Generator in the Metadata of our templates.
const Generator = "pixelctl"

// Options say which stack and how to treat it.
type Options struct {
	Stack   string            // name
	RoleARN string            // role that CloudFormation assumes; "" uses the caller's permissions
	Tags    map[string]string // further tags of the stack; CloudFormation passes them on to its resources
	Clock   session.Clock     // nil is session.WallClock
	Poll    time.Duration     // first wait between polls, growing to 5 s; 0 is 2 s
	NoWait  bool              // fail with fault.Busy instead of following an operation already in progress
	Skip    []string          // logical ids that continuing a failed rollback leaves as they are
	Resume  string            // command that picks up a watch that was stopped, for hints
	// Store keeps a template that is longer than a request may be where
	// CloudFormation reads it, and gives its URL; nil: such a one is refused.
	Store func(ctx context.Context, body []byte) (url string, err error)
	// Confirm asks before a stack that never completed is deleted; nil refuses.
	Confirm func(ctx context.Context, question string) (bool, error)
}

// Engine acts on one stack. It holds no state between calls.
type Engine struct {
	c *cloudformation.Client
	o Options
}

// New returns the engine of one stack.
func New(c *cloudformation.Client, o Options) *Engine {
	if o.Clock == nil {
		o.Clock = session.WallClock{}
	}
	if o.Poll <= 0 {
		o.Poll = 2 * time.Second
	}
	return &Engine{c: c, o: o}
}

// Stack is a stack as CloudFormation describes it.
type Stack struct {
	Name, ID   string
	Status     string // such as UPDATE_COMPLETE
	Reason     string // of the status, often ""
	Parameters map[string]string
	Outputs    map[string]string
	Tags       map[string]string
	Protected  bool // against deletion
	Created    time.Time
	Updated    time.Time // zero when it never was
}

// Describe reads the stack. It fails with fault.NotDeployed when there is none,
// also when it has been deleted.
func (e *Engine) Describe(ctx context.Context) (Stack, error) {
	return e.describe(ctx, e.o.Stack)
}

// describe reads a stack by name, or by id when it may be deleted.
func (e *Engine) describe(ctx context.Context, id string) (Stack, error) {
	out, err := e.c.DescribeStacks(ctx, &cloudformation.DescribeStacksInput{StackName: &id})
	if err != nil && !absent(err) {
		return Stack{}, session.Explain(err, "describe stack %s", e.o.Stack)
	}
	if err != nil || len(out.Stacks) == 0 || id == e.o.Stack && out.Stacks[0].StackStatus == types.StackStatusDeleteComplete {
		return Stack{}, fault.New(fault.NotDeployed, "describe stack %s: there is no such stack", e.o.Stack).
			WithHint("pixelctl deploy makes it")
	}
	return read(&out.Stacks[0]), nil
}

// absent reports whether CloudFormation knows no such stack. It answers with a
// plain ValidationError, told apart by its words.
func absent(err error) bool {
	code := session.Code(err)
	return code == "StackNotFoundException" || code == "ValidationError" && strings.Contains(err.Error(), "does not exist")
}

func read(s *types.Stack) Stack {
	st := Stack{
		Name: aws.ToString(s.StackName), ID: aws.ToString(s.StackId),
		Status: string(s.StackStatus), Reason: aws.ToString(s.StackStatusReason),
		Parameters: map[string]string{}, Outputs: map[string]string{}, Tags: map[string]string{},
		Protected: aws.ToBool(s.EnableTerminationProtection),
		Created:   aws.ToTime(s.CreationTime), Updated: aws.ToTime(s.LastUpdatedTime),
	}
	for _, p := range s.Parameters {
		st.Parameters[aws.ToString(p.ParameterKey)] = aws.ToString(p.ParameterValue)
	}
	for _, o := range s.Outputs {
		st.Outputs[aws.ToString(o.OutputKey)] = aws.ToString(o.OutputValue)
	}
	for _, t := range s.Tags {
		st.Tags[aws.ToString(t.Key)] = aws.ToString(t.Value)
	}
	return st
}

// Moving reports whether an operation is at work on the stack.
func (s Stack) Moving() bool {
	return strings.HasSuffix(s.Status, "_IN_PROGRESS") && s.Status != string(types.StackStatusReviewInProgress)
}
