package athena

import (
	"cmp"
	"encoding/json"
	"maps"
	"regexp"
	"slices"
	"strings"
	"time"

	"pixelctl/pkg/awsfake/glue"
)

const (
	primary       = "primary" // every account has it
	enabled       = "ENABLED"
	disabled      = "DISABLED"
	engineVersion = "Athena engine version 3"
	leastCutoff   = 10_000_000 // bytes
)

var groupName = regexp.MustCompile(`^[a-zA-Z0-9._-]{1,128}$`)

// WorkGroup is a WorkGroup of the API. It also reads the input of
// CreateWorkGroup and the properties of AWS::Athena::WorkGroup.
type WorkGroup struct {
	Name          string
	Description   string        `json:",omitempty"`
	State         string        `json:",omitempty"`
	Configuration Configuration `json:",omitzero"`
	CreationTime  glue.Epoch    `json:",omitempty"`
	// RecursiveDeleteOption is that of CloudFormation: the workgroup goes even
	// when it has run statements.
	RecursiveDeleteOption glue.Bool `json:"-"`
}

// Configuration is a WorkGroupConfiguration. What is nil is not given.
type Configuration struct {
	ResultConfiguration             ResultConfiguration `json:",omitzero"`
	EnforceWorkGroupConfiguration   *glue.Bool          `json:",omitempty"`
	PublishCloudWatchMetricsEnabled *glue.Bool          `json:",omitempty"`
	RequesterPaysEnabled            *glue.Bool          `json:",omitempty"`
	BytesScannedCutoffPerQuery      *glue.Int           `json:",omitempty"`
	EngineVersion                   EngineVersion       `json:",omitzero"`
}

// UnmarshalJSON reads the API's form and CloudFormation's, which names the
// configuration differently.
func (w *WorkGroup) UnmarshalJSON(text []byte) error {
	type plain WorkGroup
	var outer struct {
		plain
		WorkGroupConfiguration *Configuration
		RecursiveDeleteOption  glue.Bool
	}
	if err := json.Unmarshal(text, &outer); err != nil {
		return err
	}
	*w = WorkGroup(outer.plain)
	if outer.WorkGroupConfiguration != nil {
		w.Configuration = *outer.WorkGroupConfiguration
	}
	w.RecursiveDeleteOption = outer.RecursiveDeleteOption
	return nil
}

// newGroup fills in what Athena does. The default is to enforce.
func newGroup(w WorkGroup, now time.Time) *WorkGroup {
	w.State, w.CreationTime = cmp.Or(w.State, enabled), epoch(now)
	w.Configuration = w.Configuration.complete(w.Name != primary)
	return &w
}

func (c Configuration) complete(enforce glue.Bool) Configuration {
	if c.EnforceWorkGroupConfiguration == nil {
		c.EnforceWorkGroupConfiguration = &enforce
	}
	off := glue.Bool(false)
	c.PublishCloudWatchMetricsEnabled = cmp.Or(c.PublishCloudWatchMetricsEnabled, &off)
	c.RequesterPaysEnabled = cmp.Or(c.RequesterPaysEnabled, &off)
	c.EngineVersion.SelectedEngineVersion = cmp.Or(c.EngineVersion.SelectedEngineVersion, "AUTO")
	c.EngineVersion.EffectiveEngineVersion = engineVersion
	return c
}

func (c Configuration) enforces() bool {
	return c.EnforceWorkGroupConfiguration != nil && bool(*c.EnforceWorkGroupConfiguration)
}

func (c Configuration) cutoff() int64 {
	if c.BytesScannedCutoffPerQuery == nil {
		return 0
	}
	return int64(*c.BytesScannedCutoffPerQuery)
}

// check refuses what Athena does.
func (c Configuration) check() error {
	if c.BytesScannedCutoffPerQuery != nil && *c.BytesScannedCutoffPerQuery < leastCutoff {
		return invalid("INVALID_INPUT", "1 validation error detected: Value '%d' at 'configuration.bytesScannedCutoffPerQuery' "+
			"failed to satisfy constraint: Member must have value greater than or equal to %d", *c.BytesScannedCutoffPerQuery, leastCutoff)
	}
	if l := c.ResultConfiguration.OutputLocation; l != "" {
		_, _, err := location(l)
		return err
	}
	return nil
}

// location splits an s3:// URL; the prefix ends with a slash or is empty.
func location(url string) (bucket, prefix string, err error) {
	rest, ok := strings.CutPrefix(url, "s3://")
	bucket, prefix, _ = strings.Cut(rest, "/")
	if !ok || bucket == "" {
		return "", "", invalid("INVALID_INPUT", "outputLocation is not a valid S3 path.")
	}
	if prefix != "" && !strings.HasSuffix(prefix, "/") {
		prefix += "/"
	}
	return bucket, prefix, nil
}

// CreateWorkGroup adds a workgroup.
func (s *Server) CreateWorkGroup(w WorkGroup) error {
	if !groupName.MatchString(w.Name) {
		return invalid("INVALID_INPUT", "1 validation error detected: Value '%s' at 'name' failed to satisfy constraint: "+
			"Member must satisfy regular expression pattern: [a-zA-Z0-9._-]{1,128}", w.Name)
	}
	if err := w.Configuration.check(); err != nil {
		return err
	}
	s.lock.Lock()
	defer s.lock.Unlock()
	if s.groups[w.Name] != nil {
		return invalid("INVALID_INPUT", "WorkGroup %s is already created", w.Name)
	}
	s.groups[w.Name] = newGroup(w, s.now())
	return nil
}

// UpdateWorkGroup replaces description, state and configuration, as an update
// by CloudFormation does.
func (s *Server) UpdateWorkGroup(w WorkGroup) error {
	if err := w.Configuration.check(); err != nil {
		return err
	}
	s.lock.Lock()
	defer s.lock.Unlock()
	g, err := s.group(w.Name)
	if err != nil {
		return err
	}
	g.Description, g.State = w.Description, cmp.Or(w.State, enabled)
	g.Configuration = w.Configuration.complete(w.Name != primary)
	return nil
}

// DeleteWorkGroup removes a workgroup and, when recursive, what it ran.
func (s *Server) DeleteWorkGroup(name string, recursive bool) error {
	s.lock.Lock()
	defer s.lock.Unlock()
	g, err := s.group(name)
	if err != nil {
		return err
	}
	if name == primary {
		return invalid("INVALID_INPUT", "Cannot delete primary workgroup")
	}
	kept := s.order[:0:0]
	for _, e := range s.order {
		if e.WorkGroup != name {
			kept = append(kept, e)
		}
	}
	if len(kept) < len(s.order) && !recursive {
		return invalid("INVALID_INPUT", "WorkGroup %s is not empty", name)
	}
	s.forget(name)
	s.order = kept
	delete(s.groups, g.Name)
	return nil
}

// forget drops the statements of a workgroup.
func (s *Server) forget(group string) {
	for id, e := range s.executions {
		if e.WorkGroup == group {
			e.cancel()
			delete(s.executions, id)
		}
	}
	for token, id := range s.tokens {
		if s.executions[id] == nil {
			delete(s.tokens, token)
		}
	}
}

// WorkGroup gives a workgroup.
func (s *Server) WorkGroup(name string) (WorkGroup, error) {
	s.lock.Lock()
	defer s.lock.Unlock()
	g, err := s.group(name)
	if err != nil {
		return WorkGroup{}, err
	}
	return *g, nil
}

// WorkGroups gives the names, sorted; primary is among them.
func (s *Server) WorkGroups() []string {
	s.lock.Lock()
	defer s.lock.Unlock()
	return slices.Sorted(maps.Keys(s.groups))
}

// group finds a workgroup; the lock is held.
func (s *Server) group(name string) (*WorkGroup, error) {
	if g := s.groups[name]; g != nil {
		return g, nil
	}
	return nil, invalid("INVALID_INPUT", "WorkGroup is not found.")
}
