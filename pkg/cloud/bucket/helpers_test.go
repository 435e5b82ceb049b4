package bucket

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws/retry"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/s3"

	fakes3 "pixelctl/pkg/awsfake/s3"
	"pixelctl/pkg/awsfake/wire"
	"pixelctl/pkg/cloud/session"
)

// store is a fake S3 that counts calls and lets a test come between.
type store struct {
	*fakes3.Server
	url   string
	clock *wire.Clock

	mu    sync.Mutex
	calls map[string]int
	// between answers a call itself when it returns true; n counts from 1.
	between func(op string, n int, w http.ResponseWriter) bool
}

func newStore(t *testing.T) *store {
	t.Helper()
	clock := wire.NewClock(time.Date(2026, 7, 5, 9, 0, 0, 0, time.UTC))
	s := &store{Server: fakes3.New(clock, t.TempDir()), clock: clock, calls: map[string]int{}}
	server := httptest.NewServer(http.HandlerFunc(s.serve))
	t.Cleanup(server.Close)
	s.url = server.URL
	return s
}

func (s *store) serve(w http.ResponseWriter, r *http.Request) {
	op := s.Operation(r)
	s.mu.Lock()
	s.calls[op]++
	n := s.calls[op]
	s.mu.Unlock()
	if s.between != nil && s.between(op, n, w) {
		return
	}
	s.ServeHTTP(w, r)
}

func (s *store) count(op string) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.calls[op]
}

func (s *store) client() *s3.Client { return clientOf(s.url) }

func clientOf(url string) *s3.Client {
	return s3.New(s3.Options{
		Region: "us-east-1", BaseEndpoint: &url, UsePathStyle: true, HTTPClient: session.Whole(&http.Client{Transport: &http.Transport{}}),
		Credentials: credentials.NewStaticCredentialsProvider("AKID", "SECRET", ""),
		Retryer: retry.NewStandard(func(o *retry.StandardOptions) {
			o.Backoff = retry.BackoffDelayerFunc(func(int, error) (time.Duration, error) { return 0, nil })
		}),
	})
}

func (s *store) engine() *Engine { return New(s.client()).WithClock(s.clock) }

// bucket makes a bucket that keeps versions.
func (s *store) bucket(t *testing.T, name string) {
	t.Helper()
	if err := s.CreateBucket(name); err != nil {
		t.Fatal(err)
	}
	if err := s.SetVersioning(name, true); err != nil {
		t.Fatal(err)
	}
}

func (s *store) put(t *testing.T, bucket string, keys ...string) {
	t.Helper()
	for _, key := range keys {
		if err := s.Put(bucket, key, []byte("hit")); err != nil {
			t.Fatal(err)
		}
	}
}

func (s *store) upload(t *testing.T, bucket, key string) {
	t.Helper()
	if _, err := s.client().CreateMultipartUpload(t.Context(), &s3.CreateMultipartUploadInput{Bucket: &bucket, Key: &key}); err != nil {
		t.Fatal(err)
	}
}

// usage is that of the bucket lake.
func (s *store) usage(t *testing.T) Usage {
	t.Helper()
	u, err := s.engine().Usage(t.Context(), "lake", "")
	if err != nil {
		t.Fatal(err)
	}
	return u
}

func keys(n int) []string {
	all := make([]string, n)
	for i := range all {
		all[i] = fmt.Sprintf("data/%05d", i)
	}
	return all
}

// refuse answers with an S3 error.
func refuse(w http.ResponseWriter, status int, code string) bool {
	w.Header().Set("Content-Type", "application/xml")
	w.WriteHeader(status)
	_, err := fmt.Fprintf(w, "<Error><Code>%s</Code><Message>scripted</Message></Error>", code)
	return err == nil
}
