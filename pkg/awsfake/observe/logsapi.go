package observe

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"pixelctl/pkg/awsfake/wire"
)

// logsInput has the members that the operations read.
type logsInput struct {
	LogGroupName        string   `json:"logGroupName"`
	LogGroupIdentifier  string   `json:"logGroupIdentifier"`
	LogGroupNamePrefix  string   `json:"logGroupNamePrefix"`
	LogStreamName       string   `json:"logStreamName"`
	LogStreamNamePrefix string   `json:"logStreamNamePrefix"`
	LogStreamNames      []string `json:"logStreamNames"`
	FilterPattern       string   `json:"filterPattern"`
	StartTime           int64    `json:"startTime"` // milliseconds
	EndTime             int64    `json:"endTime"`   // milliseconds
	Limit               int      `json:"limit"`
	NextToken           string   `json:"nextToken"`
	RetentionInDays     int      `json:"retentionInDays"`
}

// Operations are those of CloudWatch Logs.
func (l *Logs) Operations() map[string]wire.Operation {
	bind := func(f func(logsInput) (any, error)) wire.Operation {
		return wire.Bind(func(_ context.Context, in logsInput) (any, error) {
			in.LogGroupName = cmp.Or(in.LogGroupName, in.LogGroupIdentifier)
			return f(in)
		})
	}
	return map[string]wire.Operation{
		"CreateLogGroup":     bind(func(in logsInput) (any, error) { return nil, l.CreateGroup(Group{LogGroupName: in.LogGroupName}) }),
		"CreateLogStream":    bind(func(in logsInput) (any, error) { return nil, l.CreateStream(in.LogGroupName, in.LogStreamName) }),
		"DeleteLogGroup":     bind(func(in logsInput) (any, error) { return nil, l.DeleteGroup(in.LogGroupName) }),
		"DeleteLogStream":    bind(func(in logsInput) (any, error) { return nil, l.DeleteStream(in.LogGroupName, in.LogStreamName) }),
		"DescribeLogGroups":  bind(l.describeGroups),
		"DescribeLogStreams": bind(l.describeStreams),
		"FilterLogEvents":    bind(l.filter),
		"PutRetentionPolicy": bind(func(in logsInput) (any, error) {
			return nil, l.UpdateGroup(Group{LogGroupName: in.LogGroupName, RetentionInDays: in.RetentionInDays})
		}),
	}
}

// page cuts one page out of all; a token is the index where it goes on.
func page(all []any, in logsInput, most int) (out []any, next string, err error) {
	from := 0
	if in.NextToken != "" {
		if from, err = strconv.Atoi(in.NextToken); err != nil || from > len(all) || from < 0 {
			return nil, "", wire.Error{Code: "InvalidParameterException", Message: "The specified nextToken is invalid."}
		}
	}
	to := min(len(all), from+min(most, cmp.Or(in.Limit, most)))
	if to < len(all) {
		next = strconv.Itoa(to)
	}
	return all[from:to], next, nil
}

func answer(name string, items []any, next string) map[string]any {
	out := map[string]any{name: items}
	if next != "" {
		out["nextToken"] = next
	}
	return out
}

func (l *Logs) describeGroups(in logsInput) (any, error) {
	l.lock.Lock()
	defer l.lock.Unlock()
	all := []any{}
	for _, name := range slices.Sorted(maps.Keys(l.groups)) {
		if !strings.HasPrefix(name, in.LogGroupNamePrefix) {
			continue
		}
		g := l.groups[name]
		item := map[string]any{
			"logGroupName": name, "arn": l.ARN(name) + ":*", "logGroupArn": l.ARN(name),
			"creationTime": g.created.UnixMilli(), "metricFilterCount": 0, "logGroupClass": "STANDARD",
		}
		if g.RetentionInDays > 0 {
			item["retentionInDays"] = g.RetentionInDays
		}
		all = append(all, item)
	}
	items, next, err := page(all, in, 50)
	return answer("logGroups", items, next), err
}

func (l *Logs) describeStreams(in logsInput) (any, error) {
	l.lock.Lock()
	defer l.lock.Unlock()
	g, err := l.group(in.LogGroupName)
	if err != nil {
		return nil, err
	}
	all := []any{}
	for _, name := range slices.Sorted(maps.Keys(g.streams)) {
		if !strings.HasPrefix(name, in.LogStreamNamePrefix) {
			continue
		}
		s := g.streams[name]
		item := map[string]any{"logStreamName": name, "creationTime": s.created.UnixMilli(), "arn": l.ARN(in.LogGroupName) + ":log-stream:" + name}
		if n := len(s.events); n > 0 {
			item["firstEventTimestamp"], item["lastEventTimestamp"] = s.events[0].at.UnixMilli(), s.events[n-1].at.UnixMilli()
		}
		all = append(all, item)
	}
	items, next, err := page(all, in, 50)
	return answer("logStreams", items, next), err
}

// filter knows patterns of terms, which must all occur; quotes around a term
// are taken off (CloudWatch Logs, filter pattern syntax).
func (l *Logs) filter(in logsInput) (any, error) {
	l.lock.Lock()
	defer l.lock.Unlock()
	g, err := l.group(in.LogGroupName)
	if err != nil {
		return nil, err
	}
	if strings.HasPrefix(strings.TrimSpace(in.FilterPattern), "{") {
		return nil, wire.Error{Code: "InvalidParameterException", Message: "Invalid filter pattern: this fake knows terms only"}
	}
	var found []filtered
	for name, s := range g.streams {
		if !in.wants(name) {
			continue
		}
		for _, e := range s.events {
			if in.selects(e) {
				found = append(found, filtered{name, e})
			}
		}
	}
	slices.SortFunc(found, func(a, b filtered) int { return cmp.Or(a.at.Compare(b.at), cmp.Compare(a.id, b.id)) })
	all := make([]any, 0, len(found))
	for _, f := range found {
		all = append(all, map[string]any{
			"logStreamName": f.stream, "timestamp": f.at.UnixMilli(), "ingestionTime": f.at.UnixMilli(),
			"message": f.message, "eventId": strconv.FormatInt(f.id, 10),
		})
	}
	items, next, err := page(all, in, 10_000)
	return answer("events", items, next), err
}

type filtered struct {
	stream string
	event
}

func (in *logsInput) wants(stream string) bool {
	return strings.HasPrefix(stream, in.LogStreamNamePrefix) &&
		(len(in.LogStreamNames) == 0 || slices.Contains(in.LogStreamNames, stream))
}

func (in *logsInput) selects(e event) bool {
	if e.at.Before(time.UnixMilli(in.StartTime)) || in.EndTime > 0 && e.at.After(time.UnixMilli(in.EndTime)) {
		return false
	}
	for term := range strings.FieldsSeq(in.FilterPattern) {
		if !strings.Contains(e.message, strings.Trim(term, `"`)) {
			return false
		}
	}
	return true
}
