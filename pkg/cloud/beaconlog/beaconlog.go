// Package beaconlog reads the log of the function: the records that the
// delivery stream did not take.
package beaconlog

import (
	"context"
	"encoding/json"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"

	"pixelctl/pkg/cloud/session"
)

// Engine speaks to CloudWatch Logs.
type Engine struct{ c *cloudwatchlogs.Client }

// New returns an engine.
func New(c *cloudwatchlogs.Client) *Engine { return &Engine{c: c} }

// Lost is one line of the function about records that were not stored.
type Lost struct {
	At      time.Time
	Error   string            // of the last attempt to store them
	Records []json.RawMessage // as they were to be stored
}

// message begins such a line, reason is in it (embed/beacon, logger.lost).
const (
	message = "records not stored"
	reason  = "stream"
	pattern = `"` + message + `"`
)

// mostPages bounds one search: a page has up to 1 MB or 10,000 events, and may
// be empty while the search goes on (CloudWatch Logs API, FilterLogEvents).
const mostPages = 1000

// Lost calls each with the lines of [since, until), oldest first; zero times are
// open ends. It tells whether it came to the end. A group that is not there has
// no lines.
func (e *Engine) Lost(ctx context.Context, group string, since, until time.Time, each func(Lost) error) (whole bool, err error) {
	in := &cloudwatchlogs.FilterLogEventsInput{LogGroupName: &group, FilterPattern: aws.String(pattern)}
	if !since.IsZero() {
		in.StartTime = aws.Int64(since.UnixMilli())
	}
	if !until.IsZero() {
		in.EndTime = aws.Int64(until.UnixMilli()) // with it; the caller chooses finer
	}
	pages := cloudwatchlogs.NewFilterLogEventsPaginator(e.c, in)
	for n := 0; pages.HasMorePages(); n++ {
		if n == mostPages {
			return false, nil
		}
		page, err := pages.NextPage(ctx)
		if session.Code(err) == "ResourceNotFoundException" {
			return true, nil
		}
		if err != nil {
			return false, session.Explain(err, "read log group %s", group)
		}
		for _, event := range page.Events {
			lost, ok := parse(aws.ToString(event.Message))
			if !ok {
				continue
			}
			lost.At = time.UnixMilli(aws.ToInt64(event.Timestamp)).UTC()
			if err := each(lost); err != nil {
				return false, err
			}
		}
	}
	return true, nil
}

// parse reads a line; false when it tells of something else.
func parse(text string) (Lost, bool) {
	var line struct {
		Message, Reason, Error string
		Records                []json.RawMessage
	}
	if json.Unmarshal([]byte(text), &line) != nil || line.Message != message || line.Reason != reason {
		return Lost{}, false
	}
	return Lost{Error: line.Error, Records: line.Records}, len(line.Records) > 0
}
