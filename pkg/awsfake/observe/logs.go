// Package observe fakes CloudWatch Logs and the metrics of CloudWatch.
package observe

import (
	"fmt"
	"maps"
	"slices"
	"sync"
	"time"

	"pixelctl/pkg/awsfake/wire"
)

// maxEvents is how many events a stream keeps; older ones go.
const maxEvents = 10_000

// Group is a log group; its JSON is that of AWS::Logs::LogGroup.
type Group struct {
	LogGroupName    string
	RetentionInDays int

	created time.Time
	streams map[string]*stream
}

type stream struct {
	created time.Time
	events  []event
}

type event struct {
	at      time.Time
	message string
	id      int64
}

// Logs is CloudWatch Logs. It is safe for concurrent use.
type Logs struct {
	clock           *wire.Clock
	account, region string
	lock            sync.Mutex
	groups          map[string]*Group
	events          int64
	wrote           func(group string, size int)
}

// NewLogs returns the service without groups.
func NewLogs(clock *wire.Clock, account, region string) *Logs {
	return &Logs{clock: clock, account: account, region: region, groups: map[string]*Group{}, wrote: func(string, int) {}}
}

// eventOverhead is what each event counts beside its message (CloudWatch Logs
// API, PutLogEvents).
const eventOverhead = 26

// OnWrite sets who is told of the bytes that come in.
func (l *Logs) OnWrite(wrote func(group string, size int)) {
	l.wrote = wrote
}

// CreateGroup makes a group.
func (l *Logs) CreateGroup(g Group) error {
	l.lock.Lock()
	defer l.lock.Unlock()
	if _, ok := l.groups[g.LogGroupName]; ok {
		return exists("The specified log group already exists")
	}
	g.created, g.streams = l.clock.Now(), map[string]*stream{}
	l.groups[g.LogGroupName] = &g
	return nil
}

// UpdateGroup changes the retention.
func (l *Logs) UpdateGroup(g Group) error {
	l.lock.Lock()
	defer l.lock.Unlock()
	old, err := l.group(g.LogGroupName)
	if err == nil {
		old.RetentionInDays = g.RetentionInDays
	}
	return err
}

// DeleteGroup removes a group with its streams.
func (l *Logs) DeleteGroup(name string) error {
	l.lock.Lock()
	defer l.lock.Unlock()
	_, err := l.group(name)
	delete(l.groups, name)
	return err
}

// CreateStream makes a stream.
func (l *Logs) CreateStream(group, name string) error {
	l.lock.Lock()
	defer l.lock.Unlock()
	g, err := l.group(group)
	if err != nil {
		return err
	}
	if _, ok := g.streams[name]; ok {
		return exists("The specified log stream already exists")
	}
	g.streams[name] = &stream{created: l.clock.Now()}
	return nil
}

// DeleteStream removes a stream.
func (l *Logs) DeleteStream(group, name string) error {
	l.lock.Lock()
	defer l.lock.Unlock()
	g, err := l.group(group)
	if err != nil {
		return err
	}
	if _, ok := g.streams[name]; !ok {
		return missing("The specified log stream does not exist.")
	}
	delete(g.streams, name)
	return nil
}

// Write adds an event, and the stream when there is none. Without the group it
// does nothing: who logs may not make it.
func (l *Logs) Write(group, name, message string) {
	l.lock.Lock()
	defer l.lock.Unlock()
	g, err := l.group(group)
	if err != nil {
		return
	}
	s, ok := g.streams[name]
	if !ok {
		s = &stream{created: l.clock.Now()}
		g.streams[name] = s
	}
	l.events++
	s.events = append(s.events, event{l.clock.Now(), message, l.events})
	s.events = s.events[max(0, len(s.events)-maxEvents):]
	l.wrote(group, len(message)+eventOverhead)
}

// Groups gives the names, sorted.
func (l *Logs) Groups() []string {
	l.lock.Lock()
	defer l.lock.Unlock()
	return slices.Sorted(maps.Keys(l.groups))
}

// Streams gives the names of a group's streams, sorted.
func (l *Logs) Streams(group string) []string {
	l.lock.Lock()
	defer l.lock.Unlock()
	g, err := l.group(group)
	if err != nil {
		return nil
	}
	return slices.Sorted(maps.Keys(g.streams))
}

// Messages gives what a stream holds, oldest first.
func (l *Logs) Messages(group, name string) []string {
	l.lock.Lock()
	defer l.lock.Unlock()
	g, err := l.group(group)
	if err != nil || g.streams[name] == nil {
		return nil
	}
	var all []string
	for _, e := range g.streams[name].events {
		all = append(all, e.message)
	}
	return all
}

// ARN is that of a group, without the star that CloudFormation adds.
func (l *Logs) ARN(group string) string {
	return fmt.Sprintf("arn:aws:logs:%s:%s:log-group:%s", l.region, l.account, group)
}

func (l *Logs) group(name string) (*Group, error) {
	if g, ok := l.groups[name]; ok {
		return g, nil
	}
	return nil, missing("The specified log group does not exist.")
}

func missing(message string) error {
	return wire.Error{Code: "ResourceNotFoundException", Message: message}
}

func exists(message string) error {
	return wire.Error{Code: "ResourceAlreadyExistsException", Message: message}
}
