package session

import (
	"errors"
	"io"
	"net"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/middleware"
	"github.com/aws/aws-sdk-go-v2/aws/retry"
	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	"github.com/aws/aws-sdk-go-v2/config"
	smithy "github.com/aws/smithy-go/middleware"
)

// Bounds of one attempt. A stalled proxy costs a minute at most, and an answer
// that still flows is never cut.
const (
	dialTimeout   = 10 * time.Second
	tlsTimeout    = 10 * time.Second
	headerTimeout = 60 * time.Second
	readTimeout   = 60 * time.Second
)

// Attempts of one call. Throttles of a busy account outlast the SDK's three.
const (
	defaultAttempts = 6
	maxAttempts     = 10
)

// transport are the options that say how calls are sent and sent again.
func (l *lookup) transport() []func(*config.LoadOptions) error {
	client := awshttp.NewBuildableClient().
		WithDialerOptions(func(d *net.Dialer) { d.Timeout = dialTimeout }).
		WithTransportOptions(func(t *http.Transport) {
			t.TLSHandshakeTimeout, t.ResponseHeaderTimeout = tlsTimeout, headerTimeout
		}).
		WithReadTimeout(readTimeout)
	return []func(*config.LoadOptions) error{config.WithHTTPClient(client), config.WithRetryer(l.retryer())}
}

// retryer makes a retryer for each client, so that the throttling of one
// service does not slow down the others.
func (l *lookup) retryer() func() aws.Retryer {
	attempts := defaultAttempts
	if n, err := strconv.Atoi(l.first("", "AWS_MAX_ATTEMPTS")); err == nil && n > 0 {
		attempts = min(n, maxAttempts)
	}
	standard := func(o *retry.StandardOptions) {
		o.MaxAttempts = attempts
		o.Retryables = append(o.Retryables, retry.IsErrorRetryableFunc(cutShort))
		if l.o.Backoff != nil {
			o.Backoff = backoff(l.o.Backoff)
		}
	}
	if strings.EqualFold(l.first("", "AWS_RETRY_MODE"), string(aws.RetryModeStandard)) {
		return func() aws.Retryer { return retry.NewStandard(standard) }
	}
	return func() aws.Retryer {
		return retry.NewAdaptiveMode(func(o *retry.AdaptiveModeOptions) {
			o.StandardOptions = append(o.StandardOptions, standard)
		})
	}
}

// cutShort has an answer that ends half-way asked for again, as one that never
// came; the SDK takes it for an error of the service.
func cutShort(err error) aws.Ternary {
	if errors.Is(err, io.ErrUnexpectedEOF) {
		return aws.TrueTernary
	}
	return aws.UnknownTernary
}

// backoff makes a retry.BackoffDelayer of a function.
type backoff func(attempt int) time.Duration

// BackoffDelay gives the wait before the next attempt.
func (b backoff) BackoffDelay(attempt int, _ error) (time.Duration, error) { return b(attempt), nil }

// userAgent names pixelctl in every request.
func userAgent(version string) func(*smithy.Stack) error {
	if version == "" {
		return middleware.AddUserAgentKey("pixelctl")
	}
	return middleware.AddUserAgentKeyValue("pixelctl", version)
}
