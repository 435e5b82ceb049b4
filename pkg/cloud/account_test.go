//go:build awsaccount

package cloud_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"pixelctl/pkg/cloud"
	"pixelctl/pkg/cloud/bucket"
	"pixelctl/pkg/cloud/policy"
	"pixelctl/pkg/cloud/session"
	"pixelctl/pkg/fault"
	"pixelctl/pkg/pipeline"
	"pixelctl/pkg/query"
)

// TestAccount runs the whole loop in a real account, one stack a format, and
// takes all away again. It shows what no rig can; each point that the README
// lists as not verified on AWS names its subtest. It makes roles and managed
// policies to try each task's own rights, so whoever runs it must be allowed to.
//
//	PIXELCTL_AWS_ACCOUNT=123456789012 AWS_PROFILE=… AWS_REGION=… \
//	  go test -tags awsaccount -run TestAccount -timeout 6h -v ./pkg/cloud
//
// PIXELCTL_AWS_ACCOUNT has to be the account of the credentials.
func TestAccount(t *testing.T) {
	account := os.Getenv("PIXELCTL_AWS_ACCOUNT")
	if account == "" {
		t.Fatal("PIXELCTL_AWS_ACCOUNT names no account: this test makes and destroys stacks in it")
	}
	owner := open(t, nil)
	if owner.Account != account {
		t.Fatalf("the credentials are of account %s, PIXELCTL_AWS_ACCOUNT is %s: nothing was done", owner.Account, account)
	}
	for _, format := range []string{"parquet", "json", "orc"} {
		t.Run(format, func(t *testing.T) { newLoop(t, owner, format).run(t) })
	}
}

// loop is the life of one stack.
type loop struct {
	owner         *session.Session
	stack, format string
	template, zip []byte
	out           map[string]string // names of resources, by logical id
	endpoint      string
	rows          int // that the lake holds
	kept          bool
	people        []*person
	hired         map[string]*person
}

func newLoop(t *testing.T, owner *session.Session, format string) *loop {
	t.Helper()
	read := func(name string) []byte {
		body, err := os.ReadFile(filepath.Join("..", "..", "embed", name))
		if err != nil {
			t.Fatal(err)
		}
		return body
	}
	l := &loop{
		owner: owner, stack: "pixelctl-test-" + format, format: format, template: read("template.yaml"), zip: read("beacon.zip"),
		out: map[string]string{}, hired: map[string]*person{},
	}
	t.Cleanup(func() {
		ctx := context.WithoutCancel(t.Context())
		if _, err := l.target(owner).Destroy(ctx, pipeline.DestroyOptions{}, nil); err != nil && fault.KindOf(err) != fault.NotDeployed {
			t.Errorf("destroy what is left: %v", err)
		}
		l.dismiss(ctx, t)
	})
	return l
}

// step is a part of the life; after one that must be and failed, none makes
// sense.
type step struct {
	name string
	must bool
	run  func(*testing.T)
}

func (l *loop) run(t *testing.T) {
	steps := []step{
		{"deploy", true, l.deploy},
		{"names", false, l.names},
		{"cutoff", false, l.cutoff},
		{"hit", true, l.hits},
		{"delivery", true, l.delivery},
		{"query", true, l.query},
		{"views", false, l.views},
		{"questions", false, l.questions},
		{"parts", false, l.parts},
		{"reports", false, l.reports},
		{"repair", false, l.repair},
		{"msck", false, l.msck},
		{"padded", false, l.padded},
		{"crawl", false, l.crawl},
		{"errors", false, l.errorLines},
		{"status", false, l.status},
		{"usage", false, l.usage},
		{"prices", false, l.prices},
		{"verify", false, l.verify},
		{"tail", false, l.tail},
		{"buffer", false, l.buffer},
		{"purge", false, l.purge},
		{"spec", false, l.spec},
		{"subject", false, l.subject},
	}
	if l.format == "parquet" {
		steps = append(steps, step{"replay", false, l.replay}, step{"schedule", false, l.schedule}, step{"compact", false, l.compact}, step{"keep", false, l.keep})
	}
	steps = append(steps, step{"destroy", true, l.destroy}, step{"left", false, l.left})
	for _, s := range steps {
		if !t.Run(s.name, s.run) && s.must {
			return
		}
	}
}

func (l *loop) deploy(t *testing.T) {
	for _, want := range []string{pipeline.Created, pipeline.Unchanged} {
		l.as(t, policy.Deploy, func(ctx context.Context, target *cloud.Target) error {
			d, err := target.Deploy(ctx, pipeline.DeployOptions{}, nil)
			if err == nil && d.Action != want {
				t.Errorf("deployed: %s, want %s", d.Action, want)
			}
			l.endpoint = d.Endpoint
			return err
		})
	}
	l.readNames(t)
}

// ask asks for a pixel and wants it recorded.
func (l *loop) ask(t *testing.T, path string) {
	t.Helper()
	l.send(t, http.MethodGet, path, "recorded")
	l.rows++
}

// send sends a request, which must be answered with an image and a status.
func (l *loop) send(t *testing.T, method, path, status string) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, l.endpoint+path, nil)
	if err != nil {
		t.Fatal(err)
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	if s := resp.Header.Get("X-Pixel-Status"); resp.StatusCode != http.StatusOK || !strings.HasPrefix(s, status) {
		t.Fatalf("%s %s: %s, %q", method, path, resp.Status, s)
	}
}

func (l *loop) hits(t *testing.T) {
	l.ask(t, "/p.gif?site=a&x=%22quoted%22")
	l.ask(t, "/i.gif")
	l.send(t, http.MethodHead, "/p.gif", "dropped; reason=head") // routed, and no hit
	l.ask(t, "/site/label.gif")
}

// delivery waits for a first file and looks at where it lies.
func (l *loop) delivery(t *testing.T) {
	l.until(t, 15*time.Minute, "files in the lake", func(ctx context.Context) (bool, error) {
		keys, err := l.keys(ctx, "data/")
		for _, key := range keys {
			if !unpaddedKey.MatchString(key) {
				t.Errorf("a file lies at %s", key)
			}
		}
		return len(keys) > 0, err
	})
}

// read asks a question by the rights of a reader.
func (l *loop) read(t *testing.T, sql string) (all [][]any) {
	t.Helper()
	l.as(t, policy.Query, func(ctx context.Context, target *cloud.Target) (err error) {
		all, err = rowsOf(ctx, target, sql)
		return err
	})
	return all
}

func rowsOf(ctx context.Context, target *cloud.Target, sql string) (all [][]any, err error) {
	rows, err := target.Query(ctx, pipeline.QueryOptions{SQL: sql}, nil)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for {
		row, err := rows.Next(ctx)
		if errors.Is(err, io.EOF) {
			return all, nil
		}
		if err != nil {
			return nil, err
		}
		all = append(all, append([]any(nil), row...))
	}
}

// counted waits until a statement counts so many.
func (l *loop) counted(t *testing.T, want int, sql string) {
	t.Helper()
	got := ""
	defer func() {
		if t.Failed() {
			t.Logf("%s: %s, want %d", sql, got, want)
		}
	}()
	l.until(t, 15*time.Minute, fmt.Sprintf("%d rows", want), func(context.Context) (bool, error) {
		got = fmt.Sprint(l.read(t, sql))
		return got == fmt.Sprintf("[[%d]]", want), nil
	})
}

func (l *loop) query(t *testing.T) { l.counted(t, l.rows, "SELECT count(*) FROM tp_hits") }

// views shows that Athena reads the views that CloudFormation made, and times as
// they were written.
func (l *loop) views(t *testing.T) {
	for _, view := range []string{"hits", "people", "opens", "seed_view"} {
		if got := l.read(t, "SELECT count(*) FROM "+view); len(got) != 1 {
			t.Errorf("%s: %v", view, got)
		}
	}
	for _, row := range l.read(t, "SELECT received_at FROM hits") {
		if at, ok := row[0].(time.Time); !ok || time.Since(at) > 2*time.Hour || time.Since(at) < 0 {
			t.Errorf("received at %v", row[0])
		}
	}
}

// registers takes the newest hours out of the catalog and has them put back.
func (l *loop) registers(t *testing.T, put func(ctx context.Context, target *cloud.Target) ([]string, error)) {
	t.Helper()
	gone := l.unregister(t)
	l.as(t, policy.Operate, func(ctx context.Context, target *cloud.Target) error {
		added, err := put(ctx, target)
		if err == nil && len(added) != gone {
			t.Errorf("registered %v, want %d hours", added, gone)
		}
		return err
	})
	l.counted(t, l.rows, "SELECT count(*) FROM tp_hits")
}

func (l *loop) repair(t *testing.T) {
	l.registers(t, func(ctx context.Context, target *cloud.Target) ([]string, error) {
		r, err := target.Repair(ctx, pipeline.RepairOptions{}, nil)
		return r.Added, err
	})
}

func (l *loop) msck(t *testing.T) {
	l.registers(t, func(ctx context.Context, target *cloud.Target) ([]string, error) {
		r, err := target.Repair(ctx, pipeline.RepairOptions{MSCK: true}, nil)
		return r.Added, err
	})
}

// crawl runs the crawler by its own role; it must not touch the columns.
func (l *loop) crawl(t *testing.T) {
	before := l.columns(t)
	l.registers(t, func(ctx context.Context, target *cloud.Target) ([]string, error) {
		r, err := target.Crawl(ctx, pipeline.CrawlOptions{}, nil)
		if err == nil && r.Note != "" {
			t.Error(r.Note)
		}
		return r.Added, err
	})
	if after := l.columns(t); after != before {
		t.Errorf("columns were\n%s\nare\n%s", before, after)
	}
}

func (l *loop) status(t *testing.T) {
	l.until(t, 20*time.Minute, "counts in CloudWatch", func(context.Context) (there bool, err error) {
		l.as(t, policy.Operate, func(ctx context.Context, target *cloud.Target) error {
			s, err := target.Status(ctx)
			there = s.Hits.Received >= int64(l.rows) && s.Hits.Recorded >= int64(l.rows) && !s.LastFlush.IsZero()
			return err
		})
		return there, nil
	})
}

// purge removes the second of two rows that lie in one file. The first must come
// back from UNLOAD as it was.
func (l *loop) purge(t *testing.T) {
	l.ask(t, "/p.gif?k=kept")
	l.rest(t, 2*time.Second)
	since := time.Now()
	l.rest(t, 2*time.Second)
	kept := l.rows
	l.ask(t, "/p.gif?k=purged")
	l.query(t)
	staying := "SELECT event_id, received_at, user_agent, params FROM tp_hits WHERE received_at < TIMESTAMP '" +
		since.UTC().Format("2006-01-02 15:04:05.000") + "' ORDER BY event_id"
	before := l.read(t, staying)
	l.journal(t)
	l.as(t, policy.Purge, func(ctx context.Context, target *cloud.Target) error {
		r, err := target.Purge(ctx, pipeline.PurgeOptions{Window: query.Window{Since: since}}, nil)
		t.Logf("%+v", r)
		return err
	})
	l.rows = kept
	l.query(t)
	if after := l.read(t, staying); len(after) != kept || fmt.Sprint(after) != fmt.Sprint(before) {
		t.Errorf("rows were\n%v\nare\n%v", before, after)
	}
}

// journal writes one as another removal would, and has it removed by who wrote
// it only.
func (l *loop) journal(t *testing.T) {
	b, in, key := bucket.New(l.owner.S3()), l.out["DataBucket"], "staging/try.json"
	first, err := b.Swap(t.Context(), in, key, []byte("1"), "")
	if err != nil {
		t.Fatal(err)
	}
	second, err := b.Swap(t.Context(), in, key, []byte("2"), first)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := b.Swap(t.Context(), in, key, []byte("3"), first); fault.KindOf(err) != fault.Busy {
		t.Errorf("the second of two writes: %v", err)
	}
	for _, c := range []struct{ etag, want string }{{first, "2"}, {second, ""}} {
		if err := b.Drop(t.Context(), in, key, c.etag); err != nil {
			t.Fatal(err)
		}
		if body, _, err := b.Load(t.Context(), in, key, 10); err != nil || string(body) != c.want {
			t.Errorf("%q is left, want %q: %v", body, c.want, err)
		}
	}
}

// keep destroys all but the data, and reads it.
func (l *loop) keep(t *testing.T) {
	l.as(t, policy.Destroy, func(ctx context.Context, target *cloud.Target) error {
		_, err := target.Destroy(ctx, pipeline.DestroyOptions{KeepData: true}, nil)
		return err
	})
	l.kept = true
	l.query(t)
}

func (l *loop) destroy(t *testing.T) {
	l.as(t, policy.Destroy, func(ctx context.Context, target *cloud.Target) error {
		r, err := target.Destroy(ctx, pipeline.DestroyOptions{}, nil)
		for _, i := range r.Items {
			if !i.Gone {
				t.Errorf("%s %s is not gone: %s", i.Kind, i.Name, i.Reason)
			}
		}
		return err
	})
}
