package session

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"net/url"
	"strings"
	"syscall"

	"github.com/aws/aws-sdk-go-v2/aws/signer/v4"
	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	smithyhttp "github.com/aws/smithy-go/transport/http"

	"pixelctl/pkg/fault"
)

// unanswered explains an error without an answer of AWS: no credentials to
// sign with, or no way to the endpoint.
func (m mender) unanswered(err error) (fault.Kind, string) {
	if _, ok := errors.AsType[*v4.SigningError](err); ok {
		return fault.Credentials, m.renew()
	}
	if dns, ok := errors.AsType[*net.DNSError](err); ok && m.endpoint == "" && dns.IsNotFound {
		return fault.Failed, fmt.Sprintf("is %q a region? aws account list-regions shows those of the account; else see to the name server", m.region)
	}
	if noCredentials(err) {
		return fault.Credentials, m.renew()
	}
	if untrusted(err) {
		return fault.Failed, "name the certificates of the proxy between here and AWS: AWS_CA_BUNDLE=/path/to/ca.pem"
	}
	if overNetwork(err) {
		return fault.Failed, m.connect(err)
	}
	return fault.Failed, ""
}

// connect says what to check when the way is cut.
func (m mender) connect(err error) string {
	if op, ok := errors.AsType[*net.OpError](err); ok && op.Op == "proxyconnect" {
		return "the proxy does not answer: check HTTPS_PROXY, or leave AWS out of it by NO_PROXY=.amazonaws.com"
	}
	if m.endpoint != "" {
		return fmt.Sprintf("does anything answer at %s? see --endpoint-url and AWS_ENDPOINT_URL", withoutUser(m.endpoint))
	}
	return "check the network and the proxy (HTTPS_PROXY, NO_PROXY) to *.amazonaws.com, then run it again"
}

// noCredentials knows the errors of the credential chain, which have no type
// of their own: it ends in "get credentials: …" or in a failed refresh.
func noCredentials(err error) bool {
	s := err.Error()
	return strings.Contains(s, "get identity: get credentials") || strings.Contains(s, "failed to refresh cached credentials") ||
		strings.Contains(s, "failed to retrieve credentials") || strings.Contains(s, "static credentials are empty")
}

func untrusted(err error) bool {
	var unknown x509.UnknownAuthorityError
	var name x509.HostnameError
	var invalid x509.CertificateInvalidError
	var verify *tls.CertificateVerificationError
	return errors.As(err, &verify) || errors.As(err, &unknown) || errors.As(err, &name) || errors.As(err, &invalid)
}

// overNetwork reports whether err came from a connection.
func overNetwork(err error) bool {
	var op *net.OpError
	var dns *net.DNSError
	var u *url.Error
	var send *smithyhttp.RequestSendError
	var slow *awshttp.ResponseTimeoutError
	return errors.As(err, &op) || errors.As(err, &dns) || errors.As(err, &u) || errors.As(err, &send) || errors.As(err, &slow) ||
		errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, syscall.ECONNRESET)
}

// withoutUser drops a user and password from an address.
func withoutUser(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return "the endpoint"
	}
	u.User = nil
	return u.String()
}

// renew is the hint for credentials that are absent or have expired.
func (m mender) renew() string { return m.command }

// optIn reminds that keys are unknown in a region that is not enabled.
func (m mender) optIn() string {
	if m.region == "" || m.endpoint != "" {
		return ""
	}
	return fmt.Sprintf("; or is %s not enabled for the account? aws account list-regions shows it", m.region)
}

// inRegion ends a hint that is about one region's quota.
func (m mender) inRegion(hint string) string {
	if m.region == "" {
		return hint
	}
	return hint + " in " + m.region
}
