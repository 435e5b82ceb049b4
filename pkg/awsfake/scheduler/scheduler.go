// Package scheduler fakes EventBridge Scheduler: schedules are kept, and run
// when the clock passes their hours.
package scheduler

import (
	"context"
	"encoding/json"
	"maps"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"pixelctl/pkg/awsfake/wire"
)

// Schedule is a schedule; its JSON is that of AWS::Scheduler::Schedule.
type Schedule struct {
	Name, GroupName, Description string
	ScheduleExpression           string
	ScheduleExpressionTimezone   string
	State                        string
	FlexibleTimeWindow           json.RawMessage `json:",omitempty"`
	Target                       Target

	created time.Time
	next    time.Time
}

// Target is what a schedule calls: a universal target names service and
// operation in its ARN, arn:aws:scheduler:::aws-sdk:athena:startQueryExecution.
type Target struct {
	Arn, RoleArn, Input string
	RetryPolicy         json.RawMessage `json:",omitempty"`
}

// maxRuns bounds the runs of one schedule in one step of the clock.
const maxRuns = 1000

// Server is the service. It is safe for concurrent use.
type Server struct {
	clock     *wire.Clock
	region    string
	account   string
	call      func(service, operation, input string)
	lock      sync.Mutex
	schedules map[string]*Schedule
}

// New returns the service without schedules. It makes a universal target's call
// whenever a rate or the hourly cron of an enabled schedule falls due.
func New(clock *wire.Clock, account, region string, call func(service, operation, input string)) *Server {
	s := &Server{clock: clock, account: account, region: region, call: call, schedules: map[string]*Schedule{}}
	clock.OnAdvance(s.run)
	return s
}

// Put makes a schedule or changes it.
func (s *Server) Put(x Schedule) error {
	period := every(x.ScheduleExpression)
	if period == 0 {
		return wire.Error{Code: "ValidationException", Message: "Invalid Schedule Expression " + x.ScheduleExpression + "."}
	}
	s.lock.Lock()
	defer s.lock.Unlock()
	x.created = s.clock.Now()
	if old, ok := s.schedules[x.Name]; ok {
		x.created = old.created
	}
	x.next = first(x.ScheduleExpression, s.clock.Now(), period)
	if x.State == "" {
		x.State = "ENABLED"
	}
	s.schedules[x.Name] = &x
	return nil
}

// every is the period of an expression; 0 when it is none. Of cron only the
// step of hours counts, which is all that the stack uses.
func every(expression string) time.Duration {
	kind, rest, _ := strings.Cut(expression, "(")
	fields := strings.Fields(strings.TrimSuffix(rest, ")"))
	switch {
	case kind == "cron" && len(fields) == 6 && fields[1] == "*":
		return time.Hour
	case kind == "cron" && len(fields) == 6:
		return 24 * time.Hour
	case kind != "rate" || len(fields) != 2:
		return 0
	}
	unit := map[string]time.Duration{"minute": time.Minute, "hour": time.Hour, "day": 24 * time.Hour}
	n, err := strconv.Atoi(fields[0])
	if err != nil || n < 1 {
		return 0
	}
	return time.Duration(n) * unit[strings.TrimSuffix(fields[1], "s")]
}

// first is when a schedule runs for the first time: a rate after its period, a
// cron in its minute of an hour.
func first(expression string, now time.Time, period time.Duration) time.Time {
	_, fields, isCron := strings.Cut(expression, "cron(")
	if !isCron {
		return now.Add(period)
	}
	text, _, _ := strings.Cut(fields, " ")
	minute, err := strconv.Atoi(text)
	if err != nil {
		minute = 0
	}
	at := now.Truncate(time.Hour).Add(time.Duration(minute) * time.Minute)
	if !at.After(now) {
		at = at.Add(time.Hour)
	}
	return at
}

// Delete removes a schedule.
func (s *Server) Delete(name string) error {
	s.lock.Lock()
	defer s.lock.Unlock()
	if _, ok := s.schedules[name]; !ok {
		return missing(name)
	}
	delete(s.schedules, name)
	return nil
}

// Schedules gives the names, sorted.
func (s *Server) Schedules() []string {
	s.lock.Lock()
	defer s.lock.Unlock()
	return slices.Sorted(maps.Keys(s.schedules))
}

// ARN is that of a schedule in the default group.
func (s *Server) ARN(name string) string {
	return "arn:aws:scheduler:" + s.region + ":" + s.account + ":schedule/default/" + name
}

// Routes are the paths of the operations (API model of 2021-06-30).
func Routes() []wire.Route {
	return []wire.Route{
		{Method: "GET", Path: "/schedules/{Name}", Operation: "GetSchedule"},
		{Method: "GET", Path: "/schedules", Operation: "ListSchedules"},
		{Method: "DELETE", Path: "/schedules/{Name}", Operation: "DeleteSchedule"},
	}
}

type input struct{ Name string }

// Operations are the operations of Routes.
func (s *Server) Operations() map[string]wire.Operation {
	return map[string]wire.Operation{
		"GetSchedule": wire.Bind(func(_ context.Context, in input) (any, error) {
			s.lock.Lock()
			defer s.lock.Unlock()
			x, ok := s.schedules[in.Name]
			if !ok {
				return nil, missing(in.Name)
			}
			return s.describe(x), nil
		}),
		"ListSchedules": wire.Bind(func(context.Context, struct{}) (any, error) {
			s.lock.Lock()
			defer s.lock.Unlock()
			out := []any{}
			for _, name := range slices.Sorted(maps.Keys(s.schedules)) {
				out = append(out, s.describe(s.schedules[name]))
			}
			return map[string]any{"Schedules": out}, nil
		}),
		"DeleteSchedule": wire.Bind(func(_ context.Context, in input) (any, error) { return nil, s.Delete(in.Name) }),
	}
}

func (s *Server) describe(x *Schedule) any {
	return map[string]any{
		"Arn": s.ARN(x.Name), "Name": x.Name, "GroupName": "default", "State": x.State,
		"Description": x.Description, "ScheduleExpression": x.ScheduleExpression,
		"CreationDate": x.created.Unix(), "Target": x.Target,
	}
}

// run makes the calls that fell due up to now.
func (s *Server) run(now time.Time) {
	var due []Target
	s.lock.Lock()
	for _, x := range s.schedules {
		period := every(x.ScheduleExpression)
		for n := 0; n < maxRuns && !x.next.After(now); n++ {
			x.next = x.next.Add(period)
			if x.State == "ENABLED" {
				due = append(due, x.Target)
			}
		}
	}
	s.lock.Unlock()
	for _, t := range due {
		if _, action, ok := strings.Cut(t.Arn, ":aws-sdk:"); ok {
			service, operation, _ := strings.Cut(action, ":")
			s.call(service, operation, t.Input)
		}
	}
}

func missing(name string) error {
	return wire.Error{Code: "ResourceNotFoundException", Message: "Schedule " + name + " does not exist.", Status: 404}
}
