package awsfake

import (
	"net/http"
	"strings"
	"sync"
	"time"

	"pixelctl/pkg/awsfake/wire"
)

// Hang as a Fault's Delay gives no answer until the client hangs up.
const Hang time.Duration = -1

// Skew as a Fault's Code is the refusal of a request whose time is too far off:
// RequestTimeTooSkewed of S3, SignatureDoesNotMatch of the query protocol and
// InvalidSignatureException elsewhere.
const Skew = "ClockSkew"

// Forever as a Fault's Times never ends.
const Forever = -1

// Fault is what goes wrong with calls. Service is the name in the SigV4
// credential scope (s3, glue, firehose, athena, cloudformation, sts, iam, lambda,
// apigateway, logs, monitoring, scheduler, tagging) or execute-api for the data
// plane, whose operation is Invoke; "" is any signed call of a client.
type Fault struct {
	Service, Operation string
	Nth                int           // the first matching call that fails, from 1; 0 is 1
	Times              int           // how many fail; 0 is 1, Forever all
	Code               string        // error code; "" with a Status is what AWS says for that
	Status             int           // HTTP status; 0 is the usual one of Code
	Reset, Truncate    bool          // the connection is reset; the answer ends half-way
	Delay              time.Duration // moves the fake clock before the answer, or Hang
	After              bool          // the call takes effect, then its answer is lost or is the error
	EveryOther         bool          // of an operation's calls at one URL the first strikes, the third, the fifth …
	// Kill, when it is set, is called as the client's process ends in this call:
	// before its effect, or after it with After. No later call with the same
	// access key takes effect. A test gives each process a key of its own.
	Kill func()
}

// error is what the fault answers, if it does.
func (f *Fault) error() (wire.Error, bool) {
	e := wire.Error{Code: f.Code, Status: f.Status, Message: "A fault on demand"}
	switch {
	case e.Code == "" && e.Status == 0:
		return e, false
	case e.Code == "" && e.Status == http.StatusServiceUnavailable:
		e.Code = "ServiceUnavailable"
	case e.Code == "" && e.Status == http.StatusTooManyRequests:
		e.Code = "TooManyRequestsException"
	case e.Code == "":
		e.Code = "InternalFailure"
	}
	if e.Status == 0 {
		e.Status = statusOf(e.Code)
	}
	return e, true
}

// statusOf is the status with which AWS sends a code (error lists of the API
// models and the common errors of the query protocol).
func statusOf(code string) int {
	switch {
	case strings.HasPrefix(code, "ServiceUnavailable"), code == "SlowDown":
		return http.StatusServiceUnavailable
	case strings.HasPrefix(code, "Internal"):
		return http.StatusInternalServerError
	case code == "TooManyRequestsException":
		return http.StatusTooManyRequests
	case code == "AccessDenied":
		return http.StatusForbidden
	}
	return http.StatusBadRequest
}

// faults are those that were asked for, with the calls each has counted.
type faults struct {
	lock sync.Mutex
	list []*counted
}

type counted struct {
	Fault
	seen int
	each map[string]int // by operation and URL: calls at several run side by side
}

func (f *faults) add(fault Fault) {
	f.lock.Lock()
	defer f.lock.Unlock()
	fault.Nth = max(fault.Nth, 1)
	if fault.Times == 0 {
		fault.Times = 1
	}
	f.list = append(f.list, &counted{Fault: fault, each: map[string]int{}})
}

// match counts a call for every fault it fits and gives the first that strikes.
func (f *faults) match(a attempt) *Fault {
	f.lock.Lock()
	defer f.lock.Unlock()
	var hit *Fault
	for _, c := range f.list {
		if !c.fits(a) {
			continue
		}
		c.seen++
		at := a.service + a.operation + a.target
		c.each[at]++
		if c.EveryOther && c.each[at]%2 == 0 {
			continue
		}
		due := c.seen >= c.Nth && (c.Times == Forever || c.seen < c.Nth+c.Times)
		if due && hit == nil {
			hit = &c.Fault
		}
	}
	return hit
}

// attempt is a call as faults see it.
type attempt struct {
	service, operation, target string
	signed                     bool // a client of AWS makes it
}

func (c *counted) fits(a attempt) bool {
	return (c.Service == a.service || c.Service == "" && a.signed) &&
		(c.Operation == "" || c.Operation == a.operation)
}
