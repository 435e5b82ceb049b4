package cloud_test

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation/types"
	"github.com/aws/aws-sdk-go-v2/service/s3"

	"pixelctl/pkg/cloud"
	"pixelctl/pkg/cloud/session"
	"pixelctl/pkg/pipeline"
)

const (
	rigRegion = "us-east-1"
	// rigRootKey is the key and the secret of ministack's root user.
	rigRootKey = "test"
)

// ministack is an AWS by other people: CloudFormation, S3, Firehose, Glue, IAM
// and the rest in one process, with AUTH=true, so that policies are enforced.
// What it cannot show stands in .ci/rigs/ministack/start.py.
type ministack struct {
	rig
	front    rig // what commands talk to: ministack itself, or a proxy before it
	template []byte
	zip      []byte
	users    int // made by the test
	calls    aws.HTTPClient
}

func startMinistack(t *testing.T) *ministack {
	t.Helper()
	return startMinistackBehind(t, "")
}

// startMinistackBehind has the functions of stacks call the endpoint.
func startMinistackBehind(t *testing.T, endpoint string) *ministack {
	t.Helper()
	python := rigOutput(t, nil, "bash", ".ci/rigs/ministack/install")
	m := &ministack{template: rigRead(t, filepath.Join(rigHome, "embed", "template.yaml")), zip: rigRead(t, zipFile(t))}
	port := rigPort(t)
	argv := []string{python, filepath.Join(rigHome, ".ci", "rigs", "ministack", "start.py"), port}
	if endpoint != "" {
		argv = append(argv, endpoint)
	}
	m.rig = launchRig(t, port, "/_ministack/health", argv...)
	m.front = m.rig
	transport := &http.Transport{MaxIdleConnsPerHost: 16}
	t.Cleanup(transport.CloseIdleConnections)
	m.calls = session.Whole(&http.Client{Transport: transport})
	return m
}

func rigRead(t *testing.T, file string) []byte {
	t.Helper()
	b, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// zipFile builds the real function for this machine, where ministack runs it.
func zipFile(t *testing.T) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "beacon.zip")
	// The flags of go test are not those of a function on Lambda.
	rigOutput(t, []string{"GOFLAGS="}, "go", "run", "./embed/build", "--arch", runtime.GOARCH, "--out", file)
	return file
}

// rigKeys are those of a user; the zero value stands for root.
type rigKeys struct{ id, secret, token string }

func (k rigKeys) orRoot() rigKeys {
	if k.id == "" {
		return rigKeys{id: rigRootKey, secret: rigRootKey}
	}
	return k
}

// config is for clients of the tests' own, past any proxy.
func (m *ministack) config(k rigKeys) aws.Config {
	k = k.orRoot()
	return aws.Config{
		Region: rigRegion, BaseEndpoint: &m.url, HTTPClient: m.calls,
		Credentials: credentials.NewStaticCredentialsProvider(k.id, k.secret, k.token),
	}
}

func (m *ministack) s3() *s3.Client { return pathStyle(m.config(rigKeys{})) }

// environment is that of a command that shall find the rig.
func (m *ministack) environment(k rigKeys) map[string]string {
	k = k.orRoot()
	return map[string]string{
		"AWS_ACCESS_KEY_ID": k.id, "AWS_SECRET_ACCESS_KEY": k.secret,
		"AWS_REGION": rigRegion, "AWS_ENDPOINT_URL": m.front.url, "AWS_CONFIG_FILE": os.DevNull, "AWS_SHARED_CREDENTIALS_FILE": os.DevNull,
	}
}

// rigWish is what differs between the targets of the tests.
type rigWish struct {
	keys rigKeys
	zip  []byte             // nil: the real function
	log  func(session.Call) // sees every attempt of every call
	want cloud.Patch        // settings of the next deploy
}

// target is the stack of that name, as the commands make it.
func (m *ministack) target(t *testing.T, stack string, w rigWish) *cloud.Target {
	t.Helper()
	env := m.environment(w.keys)
	s, err := session.Open(t.Context(), session.Options{
		Env: func(name string) (string, bool) { v, ok := env[name]; return v, ok },
		Log: w.log, Clock: rigClock{}, Backoff: func(int) time.Duration { return 20 * time.Millisecond },
	})
	if err != nil {
		t.Fatal(err)
	}
	if w.zip == nil {
		w.zip = m.zip
	}
	return cloud.New(cloud.Options{Stack: stack, Session: s, Template: m.template, Zip: w.zip, Want: w.want})
}

// rigClock is the real time with short waits: ministack changes a stack at once.
type rigClock struct{ session.WallClock }

func (h rigClock) Wait(ctx context.Context, d time.Duration) error {
	return h.WallClock.Wait(ctx, min(d, 50*time.Millisecond))
}

// client reaches the HTTP API, whose host name no resolver knows.
func (m *ministack) client(t *testing.T) *http.Client {
	t.Helper()
	transport := &http.Transport{DialContext: func(ctx context.Context, network, _ string) (net.Conn, error) {
		return (&net.Dialer{}).DialContext(ctx, network, m.front.address)
	}}
	t.Cleanup(transport.CloseIdleConnections)
	return &http.Client{Transport: transport, Timeout: time.Minute}
}

// objects lists the keys of a bucket.
func (m *ministack) objects(t *testing.T, bucket, prefix string) []string {
	t.Helper()
	var all []string
	pages := s3.NewListObjectsV2Paginator(m.s3(), &s3.ListObjectsV2Input{Bucket: &bucket, Prefix: &prefix})
	for pages.HasMorePages() {
		page, err := pages.NextPage(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		for _, o := range page.Contents {
			all = append(all, aws.ToString(o.Key))
		}
	}
	return all
}

// await lists until there are n objects or more: delivery goes on after the answer.
func (m *ministack) await(t *testing.T, bucket, prefix string, n int) []string {
	t.Helper()
	for deadline := time.Now().Add(30 * time.Second); ; rigPause(t, 50*time.Millisecond) {
		found := m.objects(t, bucket, prefix)
		if len(found) >= n {
			return found
		}
		if time.Now().After(deadline) {
			t.Fatalf("bucket %s has %d objects under %s, want %d: %s", bucket, len(found), prefix, n, strings.Join(found, " "))
		}
	}
}

// rigRows answers a question. The SQL is DuckDB's there, so only such as any
// engine knows.
func rigRows(ctx context.Context, p pipeline.Pipeline, sql string) ([][]any, error) {
	r, err := p.Query(ctx, pipeline.QueryOptions{SQL: sql}, nil)
	if err != nil {
		return nil, err
	}
	var all [][]any
	for {
		row, err := r.Next(ctx)
		if errors.Is(err, io.EOF) {
			return all, r.Close()
		}
		if err != nil {
			return nil, errors.Join(err, r.Close())
		}
		all = append(all, slices.Clone(row))
	}
}

// stackDescription is CloudFormation's.
type stackDescription = types.Stack

func timesEqual(a, b *time.Time) bool { return aws.ToTime(a).Equal(aws.ToTime(b)) }
