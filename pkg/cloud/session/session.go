// Package session is the seam below the engines of the AWS target: who calls,
// in which account and region, over which connection; and what AWS's errors
// mean to a user.
package session

import (
	"context"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/sts"

	"pixelctl/pkg/fault"
)

// Options say how to reach AWS. Everything may be empty.
type Options struct {
	Profile  string                          // --profile; "" takes AWS_PROFILE, then default
	Region   string                          // --region; "" takes the environment, then the profile
	Endpoint string                          // --endpoint-url; "" takes AWS_ENDPOINT_URL, then AWS itself
	Version  string                          // of pixelctl, for the user agent
	Env      func(string) (string, bool)     // nil reads the process's environment
	Log      func(Call)                      // takes every attempt of every call; must be safe for concurrent use
	Found    func(region, profile string)    // hears the settings before the first call; profile is "" when none was named
	Clock    Clock                           // nil is WallClock
	Backoff  func(attempt int) time.Duration // wait before a retry; nil is the SDK's jittered one, 20 s at most
}

// Call is one attempt of one call of AWS.
type Call struct {
	Service   string // SDK id, such as CloudFormation
	Operation string // API name, such as CreateChangeSet
	Attempt   int    // from 1
	Elapsed   time.Duration
	RequestID string // as AWS answered, "" without an answer
	Err       error  // nil on success; its text holds no secret
}

// Session is a checked way to AWS.
type Session struct {
	Config   aws.Config
	Account  string // 12 digits
	ARN      string // of the caller
	Region   string
	Profile  string // "" when none was named
	Endpoint string // "" when AWS itself is called
	Clock    Clock
}

// Open finds region and credentials and asks STS once who calls. It fails with
// fault.Usage without a region or with an unknown profile, and with
// fault.Credentials when AWS knows no caller. It never asks the instance
// metadata service unless AWS_EC2_METADATA_DISABLED is false.
func Open(ctx context.Context, o Options) (*Session, error) {
	l := newLookup(o)
	cfg, err := l.load(ctx)
	if err != nil {
		return nil, err
	}
	s := &Session{
		Config: cfg, Region: cfg.Region, Profile: l.profile,
		Endpoint: aws.ToString(cfg.BaseEndpoint), Clock: l.clock,
	}
	if o.Found != nil {
		o.Found(s.Region, s.Profile)
	}
	if err := s.identify(ctx); err != nil {
		return nil, err
	}
	return s, nil
}

// identify asks STS for the caller. Three attempts are enough to tell a
// hiccup from a wall.
func (s *Session) identify(ctx context.Context) error {
	client := sts.NewFromConfig(s.Config, func(o *sts.Options) { o.RetryMaxAttempts = 3 })
	out, err := client.GetCallerIdentity(ctx, &sts.GetCallerIdentityInput{})
	if err != nil {
		return Explain(err, "get caller identity")
	}
	s.Account, s.ARN = aws.ToString(out.Account), aws.ToString(out.Arn)
	if s.Account == "" {
		return fault.New(fault.Credentials, "get caller identity: the answer names no account").
			WithHint("see what answers at the endpoint: aws sts get-caller-identity")
	}
	return nil
}

// S3 returns a client for S3. With an endpoint override it names buckets in
// the path, because an override seldom has a host name for each bucket.
func (s *Session) S3() *s3.Client {
	return s3.NewFromConfig(s.Config, func(o *s3.Options) {
		if o.BaseEndpoint == nil {
			return
		}
		o.UsePathStyle = true
		o.RequestChecksumCalculation = aws.RequestChecksumCalculationWhenRequired
		o.ResponseChecksumValidation = aws.ResponseChecksumValidationWhenRequired
	})
}
