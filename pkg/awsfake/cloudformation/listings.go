package cloudformation

import "slices"

type resourceAnswer struct {
	LogicalID  string `xml:"LogicalResourceId"`
	PhysicalID string `xml:"PhysicalResourceId,omitempty"`
	Type       string `xml:"ResourceType"`
	Status     string `xml:"ResourceStatus"`
	Reason     string `xml:"ResourceStatusReason,omitempty"`
	Updated    string `xml:"LastUpdatedTimestamp,omitempty"`
	Timestamp  string `xml:"Timestamp,omitempty"`
	StackID    string `xml:"StackId,omitempty"`
	StackName  string `xml:"StackName,omitempty"`
}

// told are the resources a stack tells about: those an operation has begun
// with, the deleted ones too, sorted by logical id.
func (st *stack) told() []resourceAnswer {
	var out []resourceAnswer
	for _, r := range st.resources {
		if r.status == "" || r.dropped {
			continue
		}
		out = append(out, resourceAnswer{
			LogicalID: r.id, PhysicalID: r.now.Physical.ID, Type: r.kind, Status: r.status, Reason: r.reason, Updated: stamp(r.updated),
		})
	}
	slices.SortFunc(out, func(a, b resourceAnswer) int {
		if a.LogicalID < b.LogicalID {
			return -1
		}
		return 1
	})
	return out
}

type resourceSummaries struct {
	Resources []resourceAnswer `xml:"StackResourceSummaries>member"`
	NextToken string           `xml:"NextToken,omitempty"`
}

func (s *Server) listStackResources(f form) (any, error) {
	st, err := s.must(f.get("StackName"))
	if err != nil {
		return nil, err
	}
	cut, next, err := page(f, s.options.PageSize, st.told())
	return resourceSummaries{cut, next}, err
}

type resourcesResult struct {
	Resources []resourceAnswer `xml:"StackResources>member"`
}

// describeStackResources gives at most 100, without pages, as AWS does.
func (s *Server) describeStackResources(f form) (any, error) {
	st, err := s.must(f.get("StackName"))
	if err != nil {
		return nil, err
	}
	out := st.told()
	if id := f.get("LogicalResourceId"); id != "" {
		out = slices.DeleteFunc(out, func(r resourceAnswer) bool { return r.LogicalID != id })
	}
	for i := range out {
		out[i].Timestamp, out[i].Updated, out[i].StackID, out[i].StackName = out[i].Updated, "", st.id, st.name
	}
	return resourcesResult{out[:min(len(out), 100)]}, nil
}

type changeSetAnswer struct {
	ID           string      `xml:"ChangeSetId"`
	Name         string      `xml:"ChangeSetName"`
	StackID      string      `xml:"StackId"`
	StackName    string      `xml:"StackName"`
	Status       string      `xml:"Status"`
	Reason       string      `xml:"StatusReason,omitempty"`
	Execution    string      `xml:"ExecutionStatus"`
	Created      string      `xml:"CreationTime"`
	Description  string      `xml:"Description,omitempty"`
	OnFailure    string      `xml:"OnStackFailure,omitempty"`
	Capabilities []string    `xml:"Capabilities>member"`
	Parameters   []parameter `xml:"Parameters>member"`
	Tags         []pair      `xml:"Tags>member"`
	Changes      []change    `xml:"Changes>member"`
	NextToken    string      `xml:"NextToken,omitempty"`
}

func (cs *changeSet) answer(st *stack) changeSetAnswer {
	return changeSetAnswer{
		ID: cs.id, Name: cs.name, StackID: st.id, StackName: st.name, Status: cs.status, Reason: cs.reason, Execution: cs.execution,
		Created: stamp(cs.created), Description: cs.description,
	}
}

func (s *Server) describeChangeSet(f form) (any, error) {
	st, cs, err := s.mustChangeSet(f)
	if err != nil {
		return nil, err
	}
	out := cs.answer(st)
	out.OnFailure, out.Capabilities, out.Parameters, out.Tags = cs.onFailure, cs.target.capabilities, cs.target.parameters(), pairs(cs.target.tags)
	out.Changes, out.NextToken, err = page(f, s.options.PageSize, cs.changes)
	if !f.is("IncludePropertyValues") {
		out.Changes = withoutValues(out.Changes)
	}
	return out, err
}

// withoutValues copies changes without the properties' values.
func withoutValues(in []change) []change {
	out := slices.Clone(in)
	for i := range out {
		out[i].Resource.Details = slices.Clone(out[i].Resource.Details)
		for j := range out[i].Resource.Details {
			t := &out[i].Resource.Details[j].Target
			t.BeforeValue, t.AfterValue, t.Path, t.ChangeType = "", "", "", ""
		}
	}
	return out
}

type changeSetSummaries struct {
	Summaries []changeSetAnswer `xml:"Summaries>member"`
	NextToken string            `xml:"NextToken,omitempty"`
}

func (s *Server) listChangeSets(f form) (any, error) {
	st, err := s.must(f.get("StackName"))
	if err != nil {
		return nil, invalid("Stack [%s] does not exist", f.get("StackName"))
	}
	var out []changeSetAnswer
	for _, cs := range st.changeSets {
		out = append(out, cs.answer(st))
	}
	cut, next, err := page(f, s.options.PageSize, out)
	return changeSetSummaries{cut, next}, err
}
