package session

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/aws/smithy-go"

	"pixelctl/pkg/fault"
)

func TestExplainKindAndHint(t *testing.T) {
	m := mender{profile: "x", region: "eu-west-1", command: "aws sso login --profile x"}
	api := func(code, msg string) error {
		return &smithy.OperationError{ServiceID: "S", OperationName: "Op", Err: &located{m: m, err: &smithy.GenericAPIError{Code: code, Message: msg}}}
	}
	tests := []struct {
		code, msg string
		kind      fault.Kind
		hint      string
	}{
		{"ExpiredToken", "The security token included in the request is expired", fault.Credentials, "aws sso login --profile x"},
		{"ExpiredTokenException", "x", fault.Credentials, "aws sso login --profile x"},
		{"InvalidClientTokenId", "x", fault.Credentials, "is eu-west-1 not enabled"},
		{"UnrecognizedClientException", "x", fault.Credentials, "aws sso login --profile x"},
		{"InvalidAccessKeyId", "x", fault.Credentials, "aws sso login"},
		{"SignatureDoesNotMatch", "The request signature we calculated does not match", fault.Credentials, "aws sso login"},
		{"SignatureDoesNotMatch", "Signature expired: 20261124T050000Z is now earlier than 20261124T051000Z", fault.Failed, "clock"},
		{"InvalidSignatureException", "Signature not yet current: x", fault.Failed, "clock"},
		{"RequestTimeTooSkewed", "x", fault.Failed, "clock"},
		{"AccessDenied", "User: arn:aws:iam::1:user/a is not authorized to perform: firehose:CreateDeliveryStream on resource: arn:aws:firehose:eu-west-1:1:deliverystream/p because no identity-based policy allows it", fault.Credentials, "firehose:CreateDeliveryStream on arn:aws:firehose:eu-west-1:1:deliverystream/p: pixelctl policy deploy"},
		{"AccessDeniedException", "User: a is not authorized to perform: glue:GetTable because x", fault.Credentials, "needs glue:GetTable: pixelctl policy deploy"},
		{"AccessDenied", "Access Denied", fault.Credentials, "pixelctl policy deploy"},
		{"AccessDenied", "x with an explicit deny in a service control policy", fault.Credentials, "administrator"},
		{"AccessDeniedException", "Insufficient Lake Formation permission(s)", fault.Credentials, "lakeformation"},
		{"Forbidden", "", fault.Credentials, "pixelctl policy deploy"},
		{"LimitExceededException", "x", fault.Failed, "service-quotas"},
		{"TooManyBuckets", "x", fault.Failed, "in eu-west-1"},
		{"ConcurrentResourcesLimitExceeded", "x", fault.Failed, "service-quotas"},
		{"InsufficientCapabilitiesException", "Requires capabilities : [CAPABILITY_IAM]", fault.Failed, "IAM"},
		{"Throttling", "Rate exceeded", fault.Failed, "in a minute"},
		{"SlowDown", "x", fault.Failed, "in a minute"},
		{"ValidationError", "x", fault.Failed, ""},
	}
	for _, tt := range tests {
		err := Explain(api(tt.code, tt.msg), "do %s", "it")
		if fault.KindOf(err) != tt.kind || !strings.Contains(fault.HintOf(err), tt.hint) || (tt.hint == "") != (fault.HintOf(err) == "") {
			t.Errorf("%s: kind %d, hint %q", tt.code, fault.KindOf(err), fault.HintOf(err))
		}
		if !strings.HasPrefix(err.Error(), "do it: "+tt.code) || Code(err) != tt.code {
			t.Errorf("%s: %v, code %q", tt.code, err, Code(err))
		}
	}
}

func TestExplainKeeps(t *testing.T) {
	if Explain(nil, "x") != nil || Code(nil) != "" || Code(io.EOF) != "" {
		t.Error("nil became something")
	}
	inner := fault.New(fault.Busy, "a").WithHint("b")
	if err := Explain(inner, "c"); fault.KindOf(err) != fault.Busy || fault.HintOf(err) != "b" || err.Error() != "c: a" {
		t.Errorf("got %v", err)
	}
	for _, end := range []error{context.Canceled, context.DeadlineExceeded} {
		err := Explain(&smithy.OperationError{Err: &smithy.CanceledError{Err: end}}, "c")
		if !errors.Is(err, end) || fault.KindOf(err) != fault.KindOf(end) || strings.Contains(err.Error(), "operation error") {
			t.Errorf("got %v", err)
		}
	}
	if err := Explain(errors.New("odd"), "c"); fault.KindOf(err) != fault.Failed || err.Error() != "c: odd" {
		t.Errorf("got %v", err)
	}
}

func TestExplainNeverShowsASecret(t *testing.T) {
	const canonical = "The request signature we calculated does not match the signature you provided.\n\nThe Canonical String for this request should have been\n'POST\n/\n\nx-amz-security-token:IQoJsecret\n"
	for _, text := range []string{
		canonical,
		"The Canonical String for this request should have been 'x-amz-security-token:IQoJsecret",
		"Authorization=AWS4-HMAC-SHA256 Credential=IQoJsecret/20261124/us-east-1/sts/aws4_request, Signature=IQoJsecret",
		`Get "https://b.s3.amazonaws.com/?X-Amz-Security-Token=IQoJsecret&X-Amz-Signature=IQoJsecret": EOF`,
		`{"SecretAccessKey": "IQoJsecret", "SessionToken":"IQoJsecret"}`,
		strings.Repeat("é", maxText) + "IQoJsecret",
	} {
		for _, err := range []error{&smithy.GenericAPIError{Code: "ExpiredToken", Message: text}, errors.New(text)} {
			if got := Explain(err, "x").Error(); strings.Contains(got, "IQoJsecret") || len(got) > maxText+20 || strings.Contains(got, "\n") {
				t.Errorf("got %q", got)
			}
		}
	}
	if got := Explain(&smithy.GenericAPIError{Code: "ExpiredToken", Message: "The token: x"}, "x").Error(); got != "x: ExpiredToken: The token: x" {
		t.Errorf("masked too much: %q", got)
	}
}

func TestClockSkewIsSaid(t *testing.T) {
	late := http.Header{"Date": {time.Now().Add(25 * time.Minute).UTC().Format(http.TimeFormat)}}
	s := serve(t, answer{status: 403, code: "SignatureDoesNotMatch", text: "Signature expired: a is now earlier than b", header: late})
	_, err := Open(t.Context(), Options{Region: "eu-west-1", Endpoint: s.URL, Backoff: quick, Env: env(t, keys(nil))})
	if hint := fault.HintOf(err); !strings.Contains(hint, "behind AWS") || !strings.Contains(hint, "25m0s") && !strings.Contains(hint, "24m59s") {
		t.Errorf("hint %q: %v", hint, err)
	}
}

func TestConnectionErrors(t *testing.T) {
	closed := httptest.NewServer(http.NotFoundHandler())
	closed.Close()
	tls := httptest.NewTLSServer(http.NotFoundHandler())
	defer tls.Close()
	tls.Config.ErrorLog = nil
	tests := []struct{ name, endpoint, hint string }{
		{"a proxy that cuts", serve(t, answer{cut: true}).URL, "does anything answer at"},
		{"nothing listens", closed.URL, "does anything answer at " + closed.URL},
		{"unknown certificate", tls.URL, "AWS_CA_BUNDLE"},
	}
	for _, tt := range tests {
		_, err := Open(t.Context(), Options{Region: "eu-west-1", Endpoint: tt.endpoint, Backoff: quick, Env: env(t, keys(nil))})
		if fault.KindOf(err) != fault.Failed || !strings.Contains(fault.HintOf(err), tt.hint) || !strings.HasPrefix(err.Error(), "get caller identity: ") {
			t.Errorf("%s: kind %d, hint %q: %v", tt.name, fault.KindOf(err), fault.HintOf(err), err)
		}
	}
}

func TestWayToAWS(t *testing.T) {
	send := func(err error) error {
		return &located{m: mender{region: "eu-west-9"}, err: fmt.Errorf("send: %w", &url.Error{Op: "Post", URL: "https://sts.eu-west-9.amazonaws.com/", Err: err})}
	}
	tests := []struct {
		name string
		err  error
		hint string
	}{
		{"unknown region", send(&net.OpError{Op: "dial", Err: &net.DNSError{Err: "no such host", Name: "x", IsNotFound: true}}), `is "eu-west-9" a region?`},
		{"no name server", send(&net.OpError{Op: "dial", Err: &net.DNSError{Err: "i/o timeout", Name: "x", IsTimeout: true}}), "check the network"},
		{"proxy away", send(&net.OpError{Op: "proxyconnect", Err: errors.New("connection refused")}), "HTTPS_PROXY"},
		{"slow dial is no deadline of ours", send(&net.OpError{Op: "dial", Err: timeout{}}), "check the network"},
		{"reset", send(&net.OpError{Op: "read", Err: os.NewSyscallError("read", errors.New("connection reset by peer"))}), "check the network"},
		{"cut answer", send(io.ErrUnexpectedEOF), "check the network"},
	}
	for _, tt := range tests {
		err := Explain(tt.err, "x")
		if fault.KindOf(err) != fault.Failed || !strings.Contains(fault.HintOf(err), tt.hint) {
			t.Errorf("%s: kind %d, hint %q", tt.name, fault.KindOf(err), fault.HintOf(err))
		}
	}
	if got := (mender{endpoint: "http://ada:pw@localhost:1"}).connect(io.EOF); strings.Contains(got, "pw") {
		t.Errorf("got %q", got)
	}
}

// timeout is what package net makes of a dial that took too long.
type timeout struct{}

func (timeout) Error() string        { return "i/o timeout" }
func (timeout) Timeout() bool        { return true }
func (timeout) Is(target error) bool { return target == context.DeadlineExceeded }
