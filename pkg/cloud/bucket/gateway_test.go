package bucket

import (
	"bytes"
	"context"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
	"golang.org/x/sync/errgroup"

	"pixelctl/pkg/cloud/session"
)

const (
	gatewayKey    = "pixelctl"
	gatewaySecret = "pixelctl-rig-secret"
)

// gateway is a versitygw of its own: an S3 by other people, which checks
// signatures and keeps versions. .ci/rigs/versitygw/install installs it.
type gateway struct {
	endpoint       string
	root, versions string
}

// needRigs skips unless the rigs are asked for; then a missing one fails.
func needRigs(tb testing.TB, what string) {
	tb.Helper()
	if os.Getenv("PIXELCTL_RIGS") != "1" {
		tb.Skip("PIXELCTL_RIGS is not 1: " + what)
	}
}

func rigBinary(tb testing.TB, name string) string {
	tb.Helper()
	dir := os.Getenv("PIXELCTL_RIGS_BIN")
	if dir == "" {
		home, err := os.UserHomeDir()
		if err != nil {
			tb.Fatal(err)
		}
		dir = filepath.Join(home, ".cache", "pixelctl-rigs", "bin")
	}
	path := filepath.Join(dir, name)
	if _, err := os.Stat(path); err != nil {
		tb.Fatalf("%v: run .ci/rigs/versitygw/install", err)
	}
	return path
}

func startGateway(tb testing.TB) *gateway {
	tb.Helper()
	g := &gateway{root: tb.TempDir(), versions: tb.TempDir()}
	port := freePort(tb)
	g.endpoint = "http://" + port
	var out bytes.Buffer
	cmd := exec.Command(rigBinary(tb, "versitygw"), "--port", port, "--access", gatewayKey, "--secret", gatewaySecret, "--region", "us-east-1",
		"--quiet", "posix", "--versioning-dir", g.versions, g.root)
	cmd.Stdout, cmd.Stderr = &out, &out
	if err := cmd.Start(); err != nil {
		tb.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	tb.Cleanup(func() {
		if err := cmd.Process.Kill(); err != nil {
			tb.Logf("stop versitygw: %v", err)
		} else if err := <-ended; err == nil {
			tb.Error("versitygw ended by itself")
		}
	})
	for deadline := time.Now().Add(20 * time.Second); ; {
		if g.answers(tb) {
			return g
		}
		select {
		case err := <-ended:
			tb.Fatalf("versitygw: %v: %s", err, out.Bytes())
		default:
		}
		if time.Now().After(deadline) {
			tb.Fatal("versitygw does not answer")
		}
		if err := (session.WallClock{}).Wait(tb.Context(), 20*time.Millisecond); err != nil {
			tb.Fatal(err)
		}
	}
}

func (g *gateway) answers(tb testing.TB) bool {
	_, err := g.client(gatewaySecret).ListBuckets(tb.Context(), &s3.ListBucketsInput{})
	return err == nil
}

func freePort(tb testing.TB) string {
	tb.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		tb.Fatal(err)
	}
	address := l.Addr().String()
	if err := l.Close(); err != nil {
		tb.Fatal(err)
	}
	return address
}

func (g *gateway) client(secret string) *s3.Client {
	return s3.New(s3.Options{
		Region: "us-east-1", BaseEndpoint: &g.endpoint, UsePathStyle: true,
		Credentials: credentials.NewStaticCredentialsProvider(gatewayKey, secret, ""),
		HTTPClient:  session.Whole(&http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 64}}),
	})
}

// makeBucket makes a bucket that keeps versions.
func (g *gateway) makeBucket(tb testing.TB, name string) {
	tb.Helper()
	c := g.client(gatewaySecret)
	if _, err := c.CreateBucket(tb.Context(), &s3.CreateBucketInput{Bucket: &name}); err != nil {
		tb.Fatal(err)
	}
	_, err := c.PutBucketVersioning(tb.Context(), &s3.PutBucketVersioningInput{
		Bucket: &name, VersioningConfiguration: &types.VersioningConfiguration{Status: types.BucketVersioningStatusEnabled},
	})
	if err != nil {
		tb.Fatal(err)
	}
}

// fill puts keys objects of a few bytes, each as often as versions says, in
// directories of an hour as the delivery stream does.
func (g *gateway) fill(tb testing.TB, bucket string, keys, versions int) {
	tb.Helper()
	c := g.client(gatewaySecret)
	group, ctx := errgroup.WithContext(tb.Context())
	group.SetLimit(16)
	for i := range keys {
		group.Go(func() error {
			key := fmt.Sprintf("data/year=2026/month=7/day=%d/hour=%d/part-%07d", 1+i/24000, i/1000%24, i)
			return put(ctx, c, bucket, key, versions)
		})
	}
	if err := group.Wait(); err != nil {
		tb.Fatal(err)
	}
}

func put(ctx context.Context, c *s3.Client, bucket, key string, times int) error {
	for range times {
		_, err := c.PutObject(ctx, &s3.PutObjectInput{
			Bucket: &bucket, Key: &key, Body: bytes.NewReader([]byte("hit")), ContentLength: aws.Int64(3),
		})
		if err != nil {
			return err
		}
	}
	return nil
}
