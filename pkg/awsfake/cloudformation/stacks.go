package cloudformation

import (
	"maps"
	"slices"
)

type output struct {
	Key         string `xml:"OutputKey"`
	Value       string `xml:"OutputValue"`
	Description string `xml:"Description,omitempty"`
	Export      string `xml:"ExportName,omitempty"`
}

type pair struct {
	Key   string `xml:"Key"`
	Value string `xml:"Value"`
}

type parameter struct {
	Key   string `xml:"ParameterKey"`
	Value string `xml:"ParameterValue"`
}

type stackAnswer struct {
	StackID      string      `xml:"StackId"`
	Name         string      `xml:"StackName"`
	Status       string      `xml:"StackStatus"`
	Reason       string      `xml:"StackStatusReason,omitempty"`
	Description  string      `xml:"Description,omitempty"`
	Summary      string      `xml:"TemplateDescription,omitempty"`
	Created      string      `xml:"CreationTime"`
	Updated      string      `xml:"LastUpdatedTime,omitempty"`
	Deleted      string      `xml:"DeletionTime,omitempty"`
	ChangeSetID  string      `xml:"ChangeSetId,omitempty"`
	NoRollback   bool        `xml:"DisableRollback"`
	Protected    bool        `xml:"EnableTerminationProtection"`
	Capabilities []string    `xml:"Capabilities>member"`
	Parameters   []parameter `xml:"Parameters>member"`
	Outputs      []output    `xml:"Outputs>member"`
	Tags         []pair      `xml:"Tags>member"`
}

func (st *stack) answer() stackAnswer {
	out := stackAnswer{
		StackID: st.id, Name: st.name, Status: st.status, Reason: st.reason, Created: stamp(st.created), Updated: stamp(st.updated),
		Deleted: stamp(st.deleted), ChangeSetID: st.changeSetID, NoRollback: st.disableRollback, Protected: st.protected,
		Capabilities: st.is.capabilities, Parameters: st.is.parameters(), Outputs: st.outputs, Tags: pairs(st.is.tags),
	}
	if st.is.scope != nil {
		out.Description = st.is.scope.Template.Description
	}
	return out
}

// parameters shows all, defaults too; NoEcho ones as asterisks.
func (d deployment) parameters() []parameter {
	if d.scope == nil {
		return nil
	}
	var out []parameter
	for _, p := range d.scope.Template.Parameters {
		value := d.scope.Template.Shown(p, d.given)
		out = append(out, parameter{p.Name, value})
	}
	return out
}

func pairs(in map[string]string) []pair {
	out := make([]pair, 0, len(in))
	for _, key := range slices.Sorted(maps.Keys(in)) {
		out = append(out, pair{key, in[key]})
	}
	return out
}

type stacksResult struct {
	Stacks    []stackAnswer `xml:"Stacks>member"`
	NextToken string        `xml:"NextToken,omitempty"`
}

func (s *Server) describeStacks(f form) (any, error) {
	if name := f.get("StackName"); name != "" {
		st, err := s.must(name)
		if err != nil {
			return nil, err
		}
		return stacksResult{Stacks: []stackAnswer{st.answer()}}, nil
	}
	var out []stackAnswer
	for _, st := range slices.Backward(s.stacks) {
		if st.status != "DELETE_COMPLETE" {
			out = append(out, st.answer())
		}
	}
	cut, next, err := page(f, s.options.PageSize, out)
	return stacksResult{cut, next}, err
}

type summaries struct {
	Stacks    []stackAnswer `xml:"StackSummaries>member"`
	NextToken string        `xml:"NextToken,omitempty"`
}

// listStacks lists the deleted ones too, as AWS does for 90 days.
func (s *Server) listStacks(f form) (any, error) {
	filter := f.list("StackStatusFilter")
	var out []stackAnswer
	for _, st := range slices.Backward(s.stacks) {
		if len(filter) > 0 && !slices.Contains(filter, st.status) {
			continue
		}
		full := st.answer()
		out = append(out, stackAnswer{
			StackID: full.StackID, Name: full.Name, Status: full.Status, Reason: full.Reason, Created: full.Created,
			Updated: full.Updated, Deleted: full.Deleted, Summary: full.Description,
		})
	}
	cut, next, err := page(f, s.options.PageSize, out)
	return summaries{cut, next}, err
}
