package cloudformation

import (
	"context"
	"maps"
	"slices"

	"pixelctl/pkg/awsfake/cloudformation/template"
)

type templateResult struct {
	Body   string   `xml:"TemplateBody"`
	Stages []string `xml:"StagesAvailable>member"`
}

// bodyOf gives the template a request asks about: a change set's or a stack's.
func (s *Server) bodyOf(f form) (string, error) {
	if f.has("ChangeSetName") {
		_, cs, err := s.mustChangeSet(f)
		if err != nil {
			return "", err
		}
		return cs.target.body, nil
	}
	st, err := s.must(f.get("StackName"))
	if err != nil {
		return "", err
	}
	return st.is.body, nil
}

func (s *Server) getTemplate(f form) (any, error) {
	body, err := s.bodyOf(f)
	return templateResult{body, []string{"Original", "Processed"}}, err
}

type constraints struct {
	AllowedValues []string `xml:"AllowedValues>member"`
}

type declaration struct {
	Key         string       `xml:"ParameterKey"`
	Type        string       `xml:"ParameterType,omitempty"`
	Default     *string      `xml:"DefaultValue"`
	Description string       `xml:"Description,omitempty"`
	NoEcho      bool         `xml:"NoEcho"`
	Constraints *constraints `xml:"ParameterConstraints"`
}

type templateSummary struct {
	Description        string        `xml:"Description,omitempty"`
	Metadata           string        `xml:"Metadata,omitempty"`
	Version            string        `xml:"Version,omitempty"`
	Capabilities       []string      `xml:"Capabilities>member"`
	CapabilitiesReason string        `xml:"CapabilitiesReason,omitempty"`
	Transforms         []string      `xml:"DeclaredTransforms>member"`
	Parameters         []declaration `xml:"Parameters>member"`
	ResourceTypes      []string      `xml:"ResourceTypes>member"`
}

func (s *Server) getTemplateSummary(ctx context.Context, f form) (any, error) {
	body, err := s.summarized(ctx, f)
	if err != nil {
		return nil, err
	}
	if body == "" {
		return templateSummary{}, nil // a stack in review has no template
	}
	t, err := parse(body)
	if err != nil {
		return nil, err
	}
	out := summary(t)
	out.Version = "2010-09-09"
	if t.Metadata != nil {
		out.Metadata = template.Text(t.Metadata)
	}
	kinds := map[string]bool{}
	for _, r := range t.Resources {
		kinds[r.Type] = true
	}
	out.ResourceTypes = slices.Sorted(maps.Keys(kinds))
	return out, nil
}

func (s *Server) summarized(ctx context.Context, f form) (string, error) {
	if f.has("StackName") {
		return s.bodyOf(f)
	}
	return s.body(ctx, f, nil)
}

func summary(t *template.Template) templateSummary {
	out := templateSummary{Description: t.Description, Transforms: t.Transforms}
	if need := capability(t); need != "" {
		out.Capabilities = []string{need}
		out.CapabilitiesReason = "The following resource(s) require capabilities: [AWS::IAM::Role]"
	}
	for _, p := range t.Parameters {
		d := declaration{Key: p.Name, Type: p.Type, Default: p.Default, Description: p.Description, NoEcho: p.NoEcho}
		if len(p.AllowedValues) > 0 {
			d.Constraints = &constraints{p.AllowedValues}
		}
		out.Parameters = append(out.Parameters, d)
	}
	return out
}

func (s *Server) validateTemplate(ctx context.Context, f form) (any, error) {
	body, err := s.body(ctx, f, nil)
	if err != nil {
		return nil, err
	}
	t, err := parse(body)
	if err != nil {
		return nil, err
	}
	out := summary(t)
	for i := range out.Parameters {
		out.Parameters[i].Type, out.Parameters[i].Constraints = "", nil
	}
	return out, nil
}
