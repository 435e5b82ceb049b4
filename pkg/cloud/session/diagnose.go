package session

import (
	"errors"
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"time"

	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	"github.com/aws/smithy-go"

	"pixelctl/pkg/fault"
)

// The error codes of AWS by what they mean. Services spell one thing several
// ways; the query protocol drops the suffix Exception that JSON services have.
var (
	clockCodes = []string{"RequestTimeTooSkewed", "RequestExpired", "RequestInTheFuture", "SignatureExpired"}
	staleCodes = []string{"ExpiredToken", "TokenRefreshRequired", "InvalidToken"}
	keyCodes   = []string{
		"InvalidClientTokenId", "UnrecognizedClient", "InvalidAccessKeyId", "SignatureDoesNotMatch",
		"InvalidSignature", "IncompleteSignature", "MissingAuthenticationToken", "AuthFailure", "NotSignedUp", "OptInRequired",
	}
	deniedCodes = []string{
		"AccessDenied", "UnauthorizedOperation", "Unauthorized", "AuthorizationError", "Forbidden",
		"AllAccessDisabled", "NotAuthorized", "AccountProblem",
	}
	quotaCodes = []string{
		"LimitExceeded", "ServiceQuotaExceeded", "TooManyBuckets", "ResourceLimitExceeded", "QuotaExceeded",
		"ResourceNumberLimitExceeded", "CodeStorageExceeded",
	}
	slowCodes = []string{
		"Throttling", "ThrottledException", "RequestThrottled", "TooManyRequests", "RequestLimitExceeded", "SlowDown",
		"BandwidthLimitExceeded", "PriorRequestNotComplete", "ProvisionedThroughputExceeded",
	}
)

// diagnose finds the kind and the hint of an SDK error.
func diagnose(err error) (fault.Kind, string) {
	m := menderOf(err)
	api, ok := errors.AsType[smithy.APIError](err)
	if !ok {
		return m.unanswered(err)
	}
	code := strings.TrimSuffix(api.ErrorCode(), "Exception")
	is := func(codes []string) bool {
		return slices.Contains(codes, code) || slices.Contains(codes, api.ErrorCode())
	}
	switch msg := api.ErrorMessage(); {
	case is(clockCodes) || clockMessage(msg):
		return fault.Failed, clockHint(err)
	case is(staleCodes):
		return fault.Credentials, m.renew()
	case is(keyCodes):
		return fault.Credentials, m.command + m.optIn()
	case is(deniedCodes):
		return fault.Credentials, deniedHint(msg)
	case is(quotaCodes) || strings.HasSuffix(code, "LimitExceeded"):
		return fault.Failed, m.inRegion("free some, or ask for more: aws service-quotas list-services finds the quota to raise")
	case is(slowCodes):
		return fault.Failed, "AWS slows this account down: run it again in a minute"
	case code == "InsufficientCapabilities":
		return fault.Failed, "the template makes IAM resources that were not acknowledged: deploy it by pixelctl deploy, and see its roles in pixelctl template"
	case api.ErrorFault() == smithy.FaultServer:
		return fault.Failed, "AWS failed, not the request: run it again in a minute"
	}
	return fault.Failed, ""
}

// clockMessage knows the words in which the services that speak JSON refuse a
// signature for its time.
func clockMessage(msg string) bool {
	return strings.Contains(msg, "Signature expired") || strings.Contains(msg, "Signature not yet current")
}

// clockHint says by how much the clock is off, by the answer's Date header.
func clockHint(err error) string {
	const set = "set this machine's clock, such as by sudo timedatectl set-ntp true"
	r, ok := errors.AsType[*awshttp.ResponseError](err)
	if !ok || r.Response == nil {
		return set
	}
	date, err := http.ParseTime(r.Response.Header.Get("Date"))
	if err != nil {
		return set
	}
	switch off := time.Since(date).Round(time.Second); {
	case off < -time.Minute:
		return fmt.Sprintf("%s: it is %s behind AWS", set, -off)
	case off > time.Minute:
		return fmt.Sprintf("%s: it is %s ahead of AWS", set, off)
	}
	return set // the answer took its time, or a proxy dated it
}

// deniedHint names the action and the resource that the caller lacks.
func deniedHint(msg string) string {
	switch {
	case strings.Contains(msg, "Lake Formation"):
		return "Lake Formation guards the catalog: aws lakeformation grant-permissions gives the role its database and table"
	case strings.Contains(msg, "service control policy"), strings.Contains(msg, "permissions boundary"):
		return "an administrator of the organization forbids it; pixelctl policy deploy prints what is needed"
	}
	found := regexp.MustCompile(`not authorized to perform: ([\w:*-]+)(?:.*? on resource: (\S+))?`).FindStringSubmatch(msg)
	switch {
	case found == nil:
		return "pixelctl policy deploy prints the policy that the caller needs"
	case found[2] == "":
		return fmt.Sprintf("the caller needs %s: pixelctl policy deploy prints the whole policy", found[1])
	}
	return fmt.Sprintf("the caller needs %s on %s: pixelctl policy deploy prints the whole policy", found[1], strings.TrimRight(found[2], "."))
}
