package athena

import (
	"context"
	"maps"
	"slices"

	"pixelctl/pkg/awsfake/glue"
	"pixelctl/pkg/awsfake/wire"
)

// empty is the answer of operations that have none.
type empty struct{}

func (s *Server) groupOperations() map[string]wire.Operation {
	return map[string]wire.Operation{
		"CreateWorkGroup": wire.Bind(func(_ context.Context, w WorkGroup) (empty, error) { return empty{}, s.CreateWorkGroup(w) }),
		"UpdateWorkGroup": wire.Bind(s.updateWorkGroup),
		"ListWorkGroups":  wire.Bind(s.listWorkGroups),
		"GetWorkGroup": wire.Bind(func(_ context.Context, in struct{ WorkGroup string }) (struct{ WorkGroup WorkGroup }, error) {
			g, err := s.WorkGroup(in.WorkGroup)
			return struct{ WorkGroup WorkGroup }{g}, err
		}),
		"DeleteWorkGroup": wire.Bind(func(_ context.Context, in groupToDelete) (empty, error) {
			return empty{}, s.DeleteWorkGroup(in.WorkGroup, in.RecursiveDeleteOption)
		}),
	}
}

type groupToDelete struct {
	WorkGroup             string
	RecursiveDeleteOption bool
}

type groupUpdate struct {
	WorkGroup            string
	Description          *string
	State                string
	ConfigurationUpdates struct {
		Configuration
		RemoveBytesScannedCutoffPerQuery bool
		ResultConfigurationUpdates       struct {
			ResultConfiguration
			RemoveOutputLocation, RemoveEncryptionConfiguration bool
		}
	}
}

// updateWorkGroup changes what the update names and leaves the rest.
func (s *Server) updateWorkGroup(_ context.Context, in groupUpdate) (empty, error) {
	u := in.ConfigurationUpdates
	u.ResultConfiguration = u.ResultConfigurationUpdates.ResultConfiguration
	if err := u.check(); err != nil {
		return empty{}, err
	}
	s.lock.Lock()
	defer s.lock.Unlock()
	g, err := s.group(in.WorkGroup)
	if err != nil {
		return empty{}, err
	}
	if in.Description != nil {
		g.Description = *in.Description
	}
	if in.State != "" {
		g.State = in.State
	}
	g.Configuration.change(u.Configuration)
	if u.RemoveBytesScannedCutoffPerQuery {
		g.Configuration.BytesScannedCutoffPerQuery = nil
	}
	if u.ResultConfigurationUpdates.RemoveOutputLocation {
		g.Configuration.ResultConfiguration.OutputLocation = ""
	}
	if u.ResultConfigurationUpdates.RemoveEncryptionConfiguration {
		g.Configuration.ResultConfiguration.EncryptionConfiguration = nil
	}
	return empty{}, nil
}

// change takes over what u gives.
func (c *Configuration) change(u Configuration) {
	for _, member := range []struct{ have, given **glue.Bool }{
		{&c.EnforceWorkGroupConfiguration, &u.EnforceWorkGroupConfiguration},
		{&c.PublishCloudWatchMetricsEnabled, &u.PublishCloudWatchMetricsEnabled},
		{&c.RequesterPaysEnabled, &u.RequesterPaysEnabled},
	} {
		if *member.given != nil {
			*member.have = *member.given
		}
	}
	if u.BytesScannedCutoffPerQuery != nil {
		c.BytesScannedCutoffPerQuery = u.BytesScannedCutoffPerQuery
	}
	if u.EngineVersion.SelectedEngineVersion != "" {
		c.EngineVersion.SelectedEngineVersion = u.EngineVersion.SelectedEngineVersion
	}
	if l := u.ResultConfiguration.OutputLocation; l != "" {
		c.ResultConfiguration.OutputLocation = l
	}
	if e := u.ResultConfiguration.EncryptionConfiguration; e != nil {
		c.ResultConfiguration.EncryptionConfiguration = e
	}
}

type listing struct {
	MaxResults int
	NextToken  string
}

type groupSummary struct {
	Name          string
	State         string
	Description   string `json:",omitempty"`
	CreationTime  glue.Epoch
	EngineVersion EngineVersion
}

type groupList struct {
	WorkGroups []groupSummary
	NextToken  string `json:",omitempty"`
}

// maxGroups is the most workgroups of a page.
const maxGroups = 50

// listWorkGroups pages by name; the token is the last name of the page before.
func (s *Server) listWorkGroups(_ context.Context, in listing) (groupList, error) {
	if in.MaxResults < 0 || in.MaxResults > maxGroups {
		return groupList{}, invalid("INVALID_INPUT", "MaxResults is more than maximum allowed length %d.", maxGroups)
	}
	if in.MaxResults == 0 {
		in.MaxResults = maxGroups
	}
	s.lock.Lock()
	defer s.lock.Unlock()
	out := groupList{WorkGroups: []groupSummary{}}
	for _, name := range slices.Sorted(maps.Keys(s.groups)) {
		if in.NextToken != "" && name <= in.NextToken {
			continue
		}
		if len(out.WorkGroups) == in.MaxResults {
			out.NextToken = out.WorkGroups[in.MaxResults-1].Name
			break
		}
		g := s.groups[name]
		out.WorkGroups = append(out.WorkGroups, groupSummary{g.Name, g.State, g.Description, g.CreationTime, g.Configuration.EngineVersion})
	}
	return out, nil
}
