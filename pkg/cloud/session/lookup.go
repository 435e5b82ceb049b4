package session

import (
	"context"
	"os"
	"regexp"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/feature/ec2/imds"
	"github.com/aws/smithy-go/logging"

	"pixelctl/pkg/fault"
)

// lookup finds settings: flag, then environment, then profile.
type lookup struct {
	o       Options
	env     func(string) (string, bool)
	clock   Clock
	profile string // named by flag or environment, or ""
}

func newLookup(o Options) *lookup {
	l := &lookup{o: o, env: o.Env, clock: o.Clock}
	if l.env == nil {
		l.env = os.LookupEnv
	}
	if l.clock == nil {
		l.clock = WallClock{}
	}
	l.profile = l.first(o.Profile, "AWS_PROFILE", "AWS_DEFAULT_PROFILE")
	return l
}

// first returns flag, or else the first of the variables that has a value.
func (l *lookup) first(flag string, names ...string) string {
	if flag != "" {
		return flag
	}
	for _, n := range names {
		if v, ok := l.env(n); ok && strings.TrimSpace(v) != "" {
			return strings.TrimSpace(v)
		}
	}
	return ""
}

// load makes the SDK's configuration.
func (l *lookup) load(ctx context.Context) (aws.Config, error) {
	opts := append(l.sources(), l.transport()...)
	cfg, err := config.LoadDefaultConfig(ctx, opts...)
	if err != nil {
		return aws.Config{}, l.explainLoad(err)
	}
	cfg.HTTPClient = Whole(cfg.HTTPClient) // not before: the SDK sets up its own only
	m := mender{profile: l.profile, region: cfg.Region, endpoint: aws.ToString(cfg.BaseEndpoint), command: loginCommand(cfg, l.profile)}
	cfg.APIOptions = append(cfg.APIOptions, userAgent(l.o.Version), logCalls(l.o.Log, l.clock), m.middleware)
	if cfg.BaseEndpoint != nil {
		cfg.RequestChecksumCalculation = aws.RequestChecksumCalculationWhenRequired
		cfg.ResponseChecksumValidation = aws.ResponseChecksumValidationWhenRequired
	}
	return cfg, checkRegion(cfg.Region, l.profile)
}

// sources are the options that say where region and credentials come from.
func (l *lookup) sources() []func(*config.LoadOptions) error {
	opts := []func(*config.LoadOptions) error{
		config.WithRegion(l.first(l.o.Region, "AWS_REGION", "AWS_DEFAULT_REGION")),
		config.WithEC2IMDSClientEnableState(l.imds()),
		config.WithLogger(logging.Nop{}), // the SDK's warnings would go to standard error
	}
	if e := l.first(l.o.Endpoint, "AWS_ENDPOINT_URL"); e != "" {
		opts = append(opts, config.WithBaseEndpoint(e))
	}
	if f := l.first("", "AWS_CONFIG_FILE"); f != "" {
		opts = append(opts, config.WithSharedConfigFiles([]string{f}))
	}
	if f := l.first("", "AWS_SHARED_CREDENTIALS_FILE"); f != "" {
		opts = append(opts, config.WithSharedCredentialsFiles([]string{f}))
	}
	return append(opts, l.identity()...)
}

// identity keeps the order that the AWS CLI has: a profile named by flag, keys
// of the environment, a profile named by the environment.
func (l *lookup) identity() []func(*config.LoadOptions) error {
	id, secret := l.first("", "AWS_ACCESS_KEY_ID"), l.first("", "AWS_SECRET_ACCESS_KEY")
	if l.o.Profile == "" && id != "" && secret != "" {
		keys := credentials.NewStaticCredentialsProvider(id, secret, l.first("", "AWS_SESSION_TOKEN"))
		return []func(*config.LoadOptions) error{config.WithCredentialsProvider(keys), config.WithSharedConfigProfile(l.profile)}
	}
	if l.profile != "" {
		return []func(*config.LoadOptions) error{config.WithSharedConfigProfile(l.profile)}
	}
	return nil
}

// imds keeps the SDK from waiting for an instance metadata service that is not
// there: it is asked only when AWS_EC2_METADATA_DISABLED says so.
func (l *lookup) imds() imds.ClientEnableState {
	if v := l.first("", "AWS_EC2_METADATA_DISABLED"); strings.EqualFold(v, "false") {
		return imds.ClientEnabled
	}
	return imds.ClientDisabled
}

// checkRegion refuses what cannot be a region before a host name is made of it.
func checkRegion(region, profile string) error {
	if region == "" {
		where := "flag, environment and profile"
		if profile != "" {
			where = "flag, environment and profile " + profile
		}
		return fault.New(fault.Usage, "find the region: %s name none", where).
			WithHint("name it, such as --region eu-west-1")
	}
	if !regexp.MustCompile(`^[a-z]{2,4}(-[a-z]{2,16}){1,3}-[0-9]{1,2}$`).MatchString(region) {
		return fault.New(fault.Usage, "region %q: not the name of a region", region).
			WithHint("name it, such as --region eu-west-1")
	}
	return nil
}
