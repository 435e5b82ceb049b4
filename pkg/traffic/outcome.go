package traffic

import (
	"context"
	"errors"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
)

const (
	statusHeader = "X-Pixel-Status" // recorded, or dropped; reason=…
	eventHeader  = "X-Pixel-Event"  // id of the record
	recorded     = "recorded"
	unanswered   = "unanswered" // interrupted while the request was under way

	maxOutcomes = 32 // distinct outcomes kept; a server may invent any number
	maxOutcome  = 60 // bytes of one
)

// DroppedSite is the outcome of a hit whose site the collector does not take.
const DroppedSite = "dropped: site"

// Answer is what became of one hit.
type Answer struct {
	ID       string // as sent: the client_event_id of its record
	Event    string // id of the record, as the collector gives it
	Outcome  string // as in Summary
	Answered bool
	Took     time.Duration
}

// Recorded tells whether the collector said that it keeps the hit.
func (a Answer) Recorded() bool { return a.Outcome == recorded }

// outcomeOf names what became of an answered hit: recorded, dropped: reason,
// http 429, or what else the collector says.
func outcomeOf(resp *http.Response) string {
	status := resp.Header.Get(statusHeader)
	switch {
	case resp.StatusCode < 200 || resp.StatusCode > 299:
		return "http " + strconv.Itoa(resp.StatusCode)
	case status == "":
		return "http " + strconv.Itoa(resp.StatusCode) + " without " + statusHeader
	}
	state, attributes, _ := strings.Cut(status, ";")
	if reason, ok := strings.CutPrefix(strings.TrimSpace(attributes), "reason="); ok {
		return printable(state + ": " + reason)
	}
	return printable(state)
}

// errorOutcome names why there was no answer, without addresses and ports, so
// that equal causes count together.
func errorOutcome(ctx context.Context, err error) string {
	var dns *net.DNSError
	var netErr net.Error
	switch {
	case ctx.Err() != nil:
		return unanswered
	case errors.As(err, &dns):
		return printable("error: " + dns.Err)
	case errors.As(err, &netErr) && netErr.Timeout():
		return "error: timeout"
	}
	return printable("error: " + innermost(err).Error())
}

func innermost(err error) error {
	for {
		inner := errors.Unwrap(err)
		if inner == nil {
			return err
		}
		err = inner
	}
}

// printable cuts s and drops what could upset a terminal.
func printable(s string) string {
	s = strings.Map(func(r rune) rune {
		if r < 0x20 || r > 0x7e {
			return -1
		}
		return r
	}, strings.TrimSpace(s))
	return s[:min(len(s), maxOutcome)]
}

// withoutURL drops the method and URL that net/http puts before an error.
func withoutURL(err error) error {
	if u, ok := errors.AsType[*url.Error](err); ok {
		return u.Err
	}
	return err
}
