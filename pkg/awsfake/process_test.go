package awsfake_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/apigatewayv2"
	"github.com/aws/aws-sdk-go-v2/service/athena"
	"github.com/aws/aws-sdk-go-v2/service/athena/types"
	"github.com/aws/aws-sdk-go-v2/service/s3"

	"pixelctl/pkg/awsfake"
	"pixelctl/pkg/awsfake/compute"
)

// A clock with a pace runs by itself, and never past the present.
func TestPace(t *testing.T) {
	begin := time.Now().Add(-2 * time.Minute)
	f := awsfake.StartWith(t, awsfake.Options{Pace: 5000, Begin: begin})
	reached := make(chan time.Time, 1)
	f.Clock().OnAdvance(func(now time.Time) {
		if time.Since(now) < time.Second {
			select {
			case reached <- now:
			default:
			}
		}
	})
	select {
	case now := <-reached:
		if now.After(time.Now()) {
			t.Errorf("%s is in the future", now)
		}
	case <-t.Context().Done():
		t.Error("the clock stands")
	}
}

// An endpoint below the fake's own URL is one that any process can dial.
func TestReachable(t *testing.T) {
	f := awsfake.StartWith(t, awsfake.Options{Reachable: true})
	f.Gateway.PutAPI("abc", compute.API{Name: "x", ProtocolType: "HTTP"})
	out, err := apigatewayv2.NewFromConfig(config(f, "AKIA")).GetApi(t.Context(), &apigatewayv2.GetApiInput{ApiId: aws.String("abc")})
	if err != nil || *out.ApiEndpoint != f.URL()+"/_aws/execute-api/abc" {
		t.Fatalf("%+v, %v", out, err)
	}
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, *out.ApiEndpoint+"/p.gif", nil)
	if err != nil {
		t.Fatal(err)
	}
	resp, err := http.DefaultClient.Do(req) // not the fake's
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil || resp.StatusCode != http.StatusNotFound || !strings.Contains(string(body), `"Not Found"`) {
		t.Errorf("an API without routes: %d, %s, %v", resp.StatusCode, body, err)
	}
}

// A process that is gone does nothing more; others go on.
func TestKill(t *testing.T) {
	for after, left := range map[bool]int{false: 1, true: 2} {
		f := awsfake.Start(t)
		var killed atomic.Int64 // by the server's goroutine
		f.Fail(awsfake.Fault{Nth: 2, After: after, Kill: func() { killed.Add(1) }})
		first, second := store(config(f, "AKIA1")), store(config(f, "AKIA2"))
		for _, name := range []string{"bucket-a", "bucket-b", "bucket-c"} {
			if _, err := first.CreateBucket(t.Context(), &s3.CreateBucketInput{Bucket: &name}); (err == nil) != (name == "bucket-a") {
				t.Errorf("%s: %v", name, err)
			}
		}
		if got := len(f.S3.Buckets()); got != left || killed.Load() != 1 {
			t.Errorf("after its effect %t: %d buckets, killed %d times", after, got, killed.Load())
		}
		if _, err := second.CreateBucket(t.Context(), &s3.CreateBucketInput{Bucket: aws.String("bucket-d")}); err != nil {
			t.Error(err)
		}
	}
}

// What a process calls while it is killed is not answered before it is: an error
// would be what it ends with.
func TestKillComesFirst(t *testing.T) {
	f := awsfake.Start(t)
	client := store(config(f, "AKIA1"))
	once := func(ctx context.Context) error {
		_, err := client.ListBuckets(ctx, &s3.ListBucketsInput{}, func(o *s3.Options) { o.RetryMaxAttempts = 1 })
		return err
	}
	meanwhile := make(chan error, 1)
	f.Fail(awsfake.Fault{Kill: func() {
		ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
		defer cancel()
		meanwhile <- once(ctx)
	}})
	if err := once(t.Context()); err == nil {
		t.Error("the call that kills was answered")
	}
	if err := <-meanwhile; !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("a call meanwhile was answered: %v", err)
	}
}

// Every call fails once and is taken then, however many run side by side.
func TestEveryOther(t *testing.T) {
	f := awsfake.Start(t)
	f.Fail(awsfake.Fault{Service: "s3", EveryOther: true, Times: awsfake.Forever, Status: 500})
	client := store(config(f, "AKIA"))
	var calls sync.WaitGroup
	for i := range 16 {
		calls.Go(func() {
			for n, taken := range []bool{false, true, false} {
				_, err := client.ListBuckets(t.Context(), &s3.ListBucketsInput{Prefix: aws.String(fmt.Sprint("b", i))})
				if (err == nil) != taken {
					t.Errorf("attempt %d at %d: %v", n, i, err)
				}
			}
		})
	}
	calls.Wait()
}

// Members of its own that an error of Athena has get to the client.
func TestErrorMembers(t *testing.T) {
	f := awsfake.Start(t)
	_, err := athena.NewFromConfig(config(f, "AKIA")).GetWorkGroup(t.Context(), &athena.GetWorkGroupInput{WorkGroup: aws.String("none")})
	var refused *types.InvalidRequestException
	if !errors.As(err, &refused) || aws.ToString(refused.AthenaErrorCode) != "INVALID_INPUT" {
		t.Errorf("%v", err)
	}
	if left := f.Left(); len(left) > 0 {
		t.Errorf("a new account has %q", left)
	}
}
