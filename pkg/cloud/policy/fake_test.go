package policy

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/s3"

	"pixelctl/pkg/awsfake"
	"pixelctl/pkg/cloud"
	"pixelctl/pkg/cloud/session"
	"pixelctl/pkg/fault"
	"pixelctl/pkg/spec"
)

// seldom are operations that the lives do not come to. That a task needs them is
// proven by the code alone.
var seldom = map[string]string{
	"cloudformation:DescribeEvents": "asked when AWS's own validation of a change set fails, which the fake has not",
	"cloudformation:RollbackStack":  "for an update that somebody ran with rollback disabled, which the fake refuses",
	"athena:StopQueryExecution":     "on Ctrl-C, in the tests of the engine",
}

// TestEachTaskLivesWithinItsPolicy lives through all that a person does, on the
// fake, and looks at every call that came in: each must be one of its task's, and
// none of the task's must be left over but what is seldom.
func TestEachTaskLivesWithinItsPolicy(t *testing.T) {
	w := newWorld(t)
	for _, life := range []func(){w.deploys, w.operates, w.queries, w.purges, w.recovers, w.keeps, w.replaces, w.destroys} {
		life()
	}
	for task, calls := range w.made {
		for op := range calls {
			if !slices.Contains(tasks[task], op) {
				t.Errorf("%s called %s, which its policy does not know", task, op)
			}
		}
		for _, op := range tasks[task] {
			if why := seldom[op]; calls[op] == (why != "") {
				t.Errorf("%s: %s was called: %v (%s)", task, op, calls[op], why)
			}
		}
	}
}

// world is an account of the fake and what each task called in it.
type world struct {
	*testing.T
	fake     *awsfake.Fake
	template []byte
	zip      []byte
	stack    string
	want     cloud.Patch
	spec     *spec.Spec
	seen     int
	s3       *s3.Client
	made     map[Task]map[string]bool
}

func newWorld(t *testing.T) *world {
	t.Helper()
	read := func(name string) []byte {
		body, err := os.ReadFile(filepath.Join("..", "..", "..", "embed", name))
		if err != nil {
			t.Fatal(err)
		}
		return body
	}
	return &world{T: t, fake: awsfake.Start(t), template: read("template.yaml"), zip: read("beacon.zip"), stack: "pixel", made: map[Task]map[string]bool{}}
}

// as runs one command as a process of its own and takes down what it called.
func (w *world) as(task Task, run func(ctx context.Context, target *cloud.Target) error) error {
	w.Helper()
	w.seen = len(w.fake.Calls())
	env := map[string]string{
		"AWS_ACCESS_KEY_ID": "AKIDEXAMPLE", "AWS_SECRET_ACCESS_KEY": "secret", "AWS_REGION": awsfake.Region,
		"AWS_CONFIG_FILE": os.DevNull, "AWS_SHARED_CREDENTIALS_FILE": os.DevNull,
	}
	s, err := session.Open(w.Context(), session.Options{
		Endpoint: w.fake.URL(), Clock: w.fake.Clock(), Backoff: func(int) time.Duration { return 0 },
		Env: func(name string) (string, bool) { v, ok := env[name]; return v, ok },
	})
	if err != nil {
		w.Fatal(err)
	}
	w.s3 = s.S3()
	err = run(w.Context(), cloud.New(cloud.Options{
		Stack: w.stack, Session: s, Template: w.template, Zip: w.zip, Want: w.want,
		Confirm: func(context.Context, string) (bool, error) { return true, nil },
	}))
	if w.made[task] == nil {
		w.made[task] = map[string]bool{}
	}
	for _, c := range w.fake.Calls()[w.seen:] {
		if !c.Inner {
			w.made[task][prefix(c.Service)+":"+c.Operation] = true
		}
	}
	return err
}

// prefix is the IAM prefix of a service by its name in a signature.
func prefix(signed string) string {
	if signed == "monitoring" {
		return "cloudwatch"
	}
	return signed
}

// must is as for what has to succeed.
func (w *world) must(task Task, run func(ctx context.Context, target *cloud.Target) error) {
	w.Helper()
	if err := w.as(task, run); err != nil {
		w.Fatalf("%s: %v", task, err)
	}
}

// fails is as for what has to fail.
func (w *world) fails(task Task, run func(ctx context.Context, target *cloud.Target) error) {
	w.Helper()
	if err := w.as(task, run); fault.KindOf(err) != fault.Failed {
		w.Fatalf("%s did not fail: %v", task, err)
	}
}
