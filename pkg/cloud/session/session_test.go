package session

import (
	"context"
	"errors"
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"

	"pixelctl/pkg/fault"
)

func TestOpenNamesTheCaller(t *testing.T) {
	s := serve(t, answer{})
	got, err := Open(t.Context(), Options{Region: "eu-west-1", Endpoint: s.URL, Version: "v1.2.3", Env: env(t, keys(nil))})
	if err != nil {
		t.Fatal(err)
	}
	if got.Account != "123456789012" || got.ARN != "arn:aws:iam::123456789012:user/ada" || got.Region != "eu-west-1" || got.Endpoint != s.URL {
		t.Errorf("got %+v", got)
	}
	if got.Clock == nil {
		t.Error("no clock")
	}
	if len(s.requests) != 1 {
		t.Fatalf("%d requests, want one", len(s.requests))
	}
	if ua := s.requests[0].Header.Get("User-Agent"); !strings.Contains(ua, "pixelctl/v1.2.3") {
		t.Errorf("user agent %q", ua)
	}
}

func TestRegionAndProfile(t *testing.T) {
	const files = "[default]\nregion = ap-south-1\n[profile two]\nregion = eu-north-1\n"
	const creds = "[default]\naws_access_key_id = A\naws_secret_access_key = B\n[two]\naws_access_key_id = C\naws_secret_access_key = D\n"
	tests := []struct {
		name            string
		o               Options
		vars            map[string]string
		region, profile string
		key             string
	}{
		{"flag wins", Options{Region: "eu-west-1"}, map[string]string{"AWS_REGION": "us-west-2"}, "eu-west-1", "", "A"},
		{"AWS_REGION", Options{}, map[string]string{"AWS_REGION": "us-west-2", "AWS_DEFAULT_REGION": "us-east-2"}, "us-west-2", "", "A"},
		{"AWS_DEFAULT_REGION", Options{Profile: "two"}, map[string]string{"AWS_DEFAULT_REGION": "us-east-2"}, "us-east-2", "two", "C"},
		{"profile by flag", Options{Profile: "two"}, nil, "eu-north-1", "two", "C"},
		{"profile by environment", Options{}, map[string]string{"AWS_PROFILE": "two"}, "eu-north-1", "two", "C"},
		{"default profile", Options{}, nil, "ap-south-1", "", "A"},
		{"keys beat the environment's profile", Options{}, keys(map[string]string{"AWS_PROFILE": "two"}), "eu-north-1", "two", "AKIDEXAMPLE"},
		{"the flag's profile beats keys", Options{Profile: "two"}, keys(nil), "eu-north-1", "two", "C"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := serve(t, answer{})
			vars := map[string]string{"file:config": files, "file:credentials": creds, "AWS_ENDPOINT_URL": s.URL}
			maps.Copy(vars, tt.vars)
			tt.o.Env = env(t, vars)
			got, err := Open(t.Context(), tt.o)
			if err != nil {
				t.Fatal(err)
			}
			if got.Region != tt.region || got.Profile != tt.profile || got.Endpoint != s.URL {
				t.Errorf("region %q, profile %q, endpoint %q", got.Region, got.Profile, got.Endpoint)
			}
			if auth := s.requests[0].Header.Get("Authorization"); !strings.Contains(auth, "Credential="+tt.key+"/") {
				t.Errorf("signed by %q", auth)
			}
		})
	}
}

func TestOpenRefuses(t *testing.T) {
	const sso = "[profile s]\nregion = eu-west-1\nsso_session = corp\nsso_account_id = 1\nsso_role_name = r\n[sso-session corp]\nsso_region = eu-west-1\nsso_start_url = https://x.awsapps.com/start\n"
	tests := []struct {
		name string
		o    Options
		vars map[string]string
		kind fault.Kind
		hint string
		says string
	}{
		{"no region", Options{}, keys(nil), fault.Usage, "--region eu-west-1", "region"},
		{"no region in the profile", Options{Profile: "p"}, map[string]string{"file:config": "[profile p]\noutput = json\n"}, fault.Usage, "--region eu-west-1", "profile p"},
		{"no such shape of region", Options{Region: "Frankfurt"}, keys(nil), fault.Usage, "--region", `"Frankfurt"`},
		{"a host name as region", Options{Region: "evil.example.com/"}, keys(nil), fault.Usage, "--region", "not the name"},
		{"unknown profile", Options{Profile: "nope"}, keys(nil), fault.Usage, "aws configure --profile nope", "profile nope"},
		{"unknown profile of the environment", Options{Region: "eu-west-1"}, map[string]string{"AWS_PROFILE": "nope"}, fault.Usage, "aws configure --profile nope", "profile nope"},
		{"a role without its source", Options{Profile: "x"}, map[string]string{"file:config": "[profile x]\nregion = eu-west-1\nrole_arn = arn:aws:iam::1:role/r\nsource_profile = gone\n"}, fault.Usage, "aws configure", "profile gone"},
		{"an SSO session that is not there", Options{Profile: "x"}, map[string]string{"file:config": "[profile x]\nregion = eu-west-1\nsso_session = gone\nsso_account_id = 1\nsso_role_name = r\n"}, fault.Usage, "~/.aws/config", "settings"},
		{"no credentials", Options{Region: "eu-west-1"}, nil, fault.Credentials, "aws configure", "no credentials were found"},
		{"no credentials in the profile", Options{Profile: "p"}, map[string]string{"file:config": "[profile p]\nregion = eu-west-1\n"}, fault.Credentials, "aws configure --profile p", ""},
		{"SSO without a login", Options{Profile: "s"}, map[string]string{"file:config": sso}, fault.Credentials, "aws sso login --profile s", ""},
		{"a process that fails", Options{Profile: "p"}, map[string]string{"file:config": "[profile p]\nregion = eu-west-1\ncredential_process = /bin/echo {SecretAccessKey hush\n"}, fault.Credentials, "aws configure --profile p", "credential_process"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			tt.o.Env, tt.o.Backoff = env(t, tt.vars), quick
			tt.o.Endpoint = serve(t, answer{}).URL
			_, err := Open(t.Context(), tt.o)
			if err == nil || fault.KindOf(err) != tt.kind || !strings.Contains(fault.HintOf(err), tt.hint) || !strings.Contains(err.Error(), tt.says) {
				t.Errorf("kind %d, hint %q: %v", fault.KindOf(err), fault.HintOf(err), err)
			}
			if strings.Contains(err.Error(), "hush") {
				t.Errorf("the process's output shows: %v", err)
			}
		})
	}
}

func TestMetadataServiceIsNotAsked(t *testing.T) {
	for _, tt := range []struct {
		disabled string
		asked    bool
	}{{"", false}, {"true", false}, {"false", true}} {
		metadata := serve(t, answer{status: http.StatusNotFound, code: "x"})
		t.Setenv("AWS_EC2_METADATA_SERVICE_ENDPOINT", metadata.URL)
		t.Setenv("AWS_EC2_METADATA_DISABLED", tt.disabled)
		o := Options{Region: "eu-west-1", Endpoint: serve(t, answer{}).URL, Backoff: quick, Env: env(t, map[string]string{"AWS_EC2_METADATA_DISABLED": tt.disabled})}
		_, err := Open(t.Context(), o)
		if fault.KindOf(err) != fault.Credentials {
			t.Errorf("disabled %q: %v", tt.disabled, err)
		}
		if asked := len(metadata.requests) > 0; asked != tt.asked {
			t.Errorf("disabled %q: asked %v", tt.disabled, asked)
		}
	}
}

func TestEveryAttemptIsLogged(t *testing.T) {
	s := serve(t, answer{status: 500, code: "InternalFailure", text: "x"}, answer{cut: true}, answer{})
	var calls []Call
	_, err := Open(t.Context(), Options{
		Region: "eu-west-1", Endpoint: s.URL, Backoff: quick, Clock: &fakeClock{}, Env: env(t, keys(nil)),
		Log: func(c Call) { calls = append(calls, c) },
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(calls) != 3 {
		t.Fatalf("got %+v", calls)
	}
	for i, c := range calls {
		if c.Service != "STS" || c.Operation != "GetCallerIdentity" || c.Attempt != i+1 || c.Elapsed != time.Millisecond {
			t.Errorf("call %d: %+v", i, c)
		}
	}
	if calls[0].RequestID != "req-1" || Code(calls[0].Err) != "InternalFailure" || calls[1].RequestID != "" || calls[1].Err == nil || calls[2].Err != nil || calls[2].RequestID != "req-1" {
		t.Errorf("got %+v", calls)
	}
}

func TestAttemptsAreBounded(t *testing.T) {
	for _, tt := range []struct {
		vars map[string]string
		want int
	}{
		{nil, defaultAttempts},
		{map[string]string{"AWS_MAX_ATTEMPTS": "2"}, 2},
		{map[string]string{"AWS_MAX_ATTEMPTS": "99", "AWS_RETRY_MODE": "standard"}, maxAttempts},
		{map[string]string{"AWS_MAX_ATTEMPTS": "none"}, defaultAttempts},
	} {
		s, err := Open(t.Context(), Options{Region: "eu-west-1", Endpoint: serve(t, answer{}).URL, Env: env(t, keys(tt.vars))})
		if err != nil {
			t.Fatal(err)
		}
		if got := s.Config.Retryer().MaxAttempts(); got != tt.want {
			t.Errorf("%v: %d attempts, want %d", tt.vars, got, tt.want)
		}
	}
}

func TestTimeoutsAreSet(t *testing.T) {
	s, err := Open(t.Context(), Options{Region: "eu-west-1", Endpoint: serve(t, answer{}).URL, Env: env(t, keys(nil))})
	if err != nil {
		t.Fatal(err)
	}
	own, ok := s.Config.HTTPClient.(client)
	if !ok {
		t.Fatalf("client is %T", s.Config.HTTPClient)
	}
	c, ok := own.next.(*awshttp.BuildableClient)
	if !ok {
		t.Fatalf("client is %T", own.next)
	}
	if tr := c.GetTransport(); tr.ResponseHeaderTimeout != headerTimeout || tr.TLSHandshakeTimeout != tlsTimeout || tr.DialContext == nil || c.GetDialer().Timeout != dialTimeout {
		t.Error("timeouts are missing")
	}
}

func TestS3NamesBucketsInThePathOfAnOverride(t *testing.T) {
	s, err := Open(t.Context(), Options{Region: "eu-west-1", Endpoint: serve(t, answer{}).URL, Env: env(t, keys(nil))})
	if err != nil {
		t.Fatal(err)
	}
	if o := s.S3().Options(); !o.UsePathStyle || o.RequestChecksumCalculation != aws.RequestChecksumCalculationWhenRequired {
		t.Errorf("path style %v", o.UsePathStyle)
	}
	s.Config.BaseEndpoint = nil
	if s.S3().Options().UsePathStyle {
		t.Error("path style on AWS itself")
	}
}

func TestOpenEndsWithTheContext(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := Open(ctx, Options{Region: "eu-west-1", Endpoint: serve(t, answer{}).URL, Env: env(t, keys(nil))})
	if !errors.Is(err, context.Canceled) || fault.KindOf(err) != fault.Interrupted {
		t.Errorf("kind %d: %v", fault.KindOf(err), err)
	}
}

func TestWallClock(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	if err := (WallClock{}).Wait(ctx, time.Microsecond); err != nil {
		t.Error(err)
	}
	cancel()
	if err := (WallClock{}).Wait(ctx, time.Hour); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
	if !slices.Contains([]int{-1, 0}, (WallClock{}).Now().Compare(time.Now())) {
		t.Error("the clock runs ahead")
	}
}
