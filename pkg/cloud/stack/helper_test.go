package stack

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation"

	"pixelctl/pkg/pipeline"
)

const (
	stackID = "arn:aws:cloudformation:eu-west-1:123456789012:stack/px/1"
	body    = "Metadata: {Generator: pixelctl}\nParameters: {A: {Type: String}, B: {Type: String}, C: {Type: String}}\nResources: {R: {Type: AWS::S3::Bucket}}\n"
)

// fakeClock advances at once and counts the waits.
type fakeClock struct {
	mu    sync.Mutex
	now   time.Time
	waits []time.Duration
	hook  func(n int)
}

func (c *fakeClock) Now() time.Time { c.mu.Lock(); defer c.mu.Unlock(); return c.now }

func (c *fakeClock) Wait(ctx context.Context, d time.Duration) error {
	c.mu.Lock()
	c.now, c.waits = c.now.Add(d), append(c.waits, d)
	n := len(c.waits)
	c.mu.Unlock()
	if c.hook != nil {
		c.hook(n)
	}
	return ctx.Err()
}

// script answers each operation with its answers in order, the last again and
// again. An answer is the XML within the operation's result, or "!Code message".
type script struct {
	t       *testing.T
	mu      sync.Mutex
	answers map[string][]string
	at      map[string]int
	calls   []url.Values
	on      map[string]func(url.Values)
	clock   *fakeClock
	said    []pipeline.Event
}

func newScript(t *testing.T, answers map[string][]string) *script {
	t.Helper()
	return &script{t: t, answers: answers, at: map[string]int{}, clock: &fakeClock{}, on: map[string]func(url.Values){}}
}

func (s *script) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if err := r.ParseForm(); err != nil {
		s.t.Error(err)
	}
	op := r.PostForm.Get("Action")
	s.mu.Lock()
	s.calls = append(s.calls, r.PostForm)
	list, n := s.answers[op], s.at[op]
	s.at[op]++
	s.mu.Unlock()
	if f := s.on[op]; f != nil {
		f(r.PostForm)
	}
	a := ""
	switch {
	case len(list) > 0:
		a = list[min(n, len(list)-1)]
	case !slices.Contains([]string{"DeleteChangeSet", "DescribeStackEvents", "ListChangeSets", "ListStackResources", "ExecuteChangeSet", "DeleteStack", "ContinueUpdateRollback", "RollbackStack"}, op):
		s.t.Errorf("operation %s is not in the script", op)
	}
	a = strings.ReplaceAll(a, "TOKEN", s.token())
	if code, message, ok := strings.Cut(strings.TrimPrefix(a, "!"), " "); ok && strings.HasPrefix(a, "!") {
		w.WriteHeader(http.StatusBadRequest)
		_, _ = fmt.Fprintf(w, "<ErrorResponse><Error><Code>%s</Code><Message>%s</Message></Error></ErrorResponse>", code, message)
		return
	}
	_, _ = fmt.Fprintf(w, `<%[1]sResponse xmlns="http://cloudformation.amazonaws.com/doc/2010-05-15/"><%[1]sResult>%[2]s</%[1]sResult></%[1]sResponse>`, op, a)
}

// token is the newest token that the engine chose.
func (s *script) token() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, c := range slices.Backward(s.calls) {
		for _, k := range []string{"ClientRequestToken", "ChangeSetName"} {
			if v := c.Get(k); strings.HasPrefix(v, prefix) {
				return v
			}
		}
	}
	return "none"
}

// engine serves the script to a new engine.
func (s *script) engine(change ...func(*Options)) *Engine {
	srv := httptest.NewServer(s)
	s.t.Cleanup(srv.Close)
	c := cloudformation.New(cloudformation.Options{
		Region: "eu-west-1", BaseEndpoint: aws.String(srv.URL), Credentials: credentials.NewStaticCredentialsProvider("A", "B", ""),
		RetryMaxAttempts: 1,
	})
	o := Options{Stack: "px", Clock: s.clock, Resume: "pixelctl deploy --stack px"}
	for _, f := range change {
		f(&o)
	}
	return New(c, o)
}

func (s *script) sink(e pipeline.Event) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.said = append(s.said, e)
}

// ops are the operations called so far, reading ones left out.
func (s *script) ops() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	var ops []string
	for _, c := range s.calls {
		if op := c.Get("Action"); !strings.HasPrefix(op, "Describe") && !strings.HasPrefix(op, "List") && !strings.HasPrefix(op, "Get") {
			ops = append(ops, op)
		}
	}
	return ops
}

// call returns the nth call of an operation, from 0.
func (s *script) call(op string, n int) url.Values {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, c := range s.calls {
		if c.Get("Action") != op {
			continue
		}
		if n == 0 {
			return c
		}
		n--
	}
	return nil
}

// heard tells whether an event of a phase holds a text.
func (s *script) heard(phase pipeline.Phase, text string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.ContainsFunc(s.said, func(e pipeline.Event) bool { return e.Phase == phase && strings.Contains(e.Text, text) })
}

const gone = "!ValidationError Stack with id px does not exist"

// ours is a stack of ours in a status.
func ours(status string) string {
	return stackIn(status, "<member><Key>pixelctl:stack</Key><Value>px</Value></member>", "")
}

func stackIn(status, tags, more string) string {
	return fmt.Sprintf(`<Stacks><member><StackName>px</StackName><StackId>%s</StackId><StackStatus>%s</StackStatus>
<CreationTime>2026-11-24T05:00:00Z</CreationTime><Tags>%s</Tags>
<Parameters><member><ParameterKey>A</ParameterKey><ParameterValue>1</ParameterValue></member>
<member><ParameterKey>B</ParameterKey><ParameterValue>2</ParameterValue></member></Parameters>
<Outputs><member><OutputKey>Endpoint</OutputKey><OutputValue>https://x</OutputValue></member></Outputs>%s</member></Stacks>`, stackID, status, tags, more)
}

const (
	proposed  = "<Id>set-1</Id><StackId>" + stackID + "</StackId>"
	set       = "<Status>CREATE_COMPLETE</Status><StackId>" + stackID + "</StackId><Changes>" + oneChange + "</Changes>"
	oneChange = "<member><Type>Resource</Type><ResourceChange><Action>Add</Action><LogicalResourceId>R</LogicalResourceId><ResourceType>AWS::S3::Bucket</ResourceType></ResourceChange></member>"
	emptySet  = "<Status>FAILED</Status><StatusReason>The submitted information didn't contain changes. Submit different information to create a change set.</StatusReason>"
	goodBody  = "<TemplateBody>Metadata: {Generator: pixelctl}</TemplateBody>"
	noEvents  = "<StackEvents></StackEvents>"
)

// event is one event; id "" is the stack's own.
func event(n int, id, status, reason, token string) string {
	physical := "phys-" + id
	if id == "" {
		id, physical = "px", stackID
	}
	return fmt.Sprintf(`<member><EventId>e%d</EventId><StackId>%s</StackId><StackName>px</StackName><Timestamp>2026-11-24T05:00:%02dZ</Timestamp>
<ClientRequestToken>%s</ClientRequestToken><LogicalResourceId>%s</LogicalResourceId><PhysicalResourceId>%s</PhysicalResourceId>
<ResourceType>AWS::X::Y</ResourceType><ResourceStatus>%s</ResourceStatus><ResourceStatusReason>%s</ResourceStatusReason></member>`,
		n, stackID, n, token, id, physical, status, reason)
}

// events puts events, given oldest first, in CloudFormation's order.
func events(oldestFirst ...string) string {
	list := slices.Clone(oldestFirst)
	slices.Reverse(list)
	return "<StackEvents>" + strings.Join(list, "") + "</StackEvents>"
}
