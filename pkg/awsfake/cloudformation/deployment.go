package cloudformation

import (
	"context"
	"slices"
	"strings"

	"pixelctl/pkg/awsfake/cloudformation/template"
	"pixelctl/pkg/awsfake/wire"
)

const (
	maxBody = 51_200    // bytes of a TemplateBody
	maxURL  = 1_000_000 // bytes behind a TemplateURL

	maxAddress = 5_120 // bytes of a TemplateURL itself
)

// body reads the template of a request; st may be nil.
func (s *Server) body(ctx context.Context, f form, st *stack) (string, error) {
	switch {
	case f.has("TemplateURL") && f.has("TemplateBody"):
		return "", invalid("You cannot specify both TemplateURL and TemplateBody.")
	case len(f.get("TemplateURL")) > maxAddress:
		return "", invalid("1 validation error detected: Value at 'templateURL' failed to satisfy constraint: Member must have length less than or equal to %d", maxAddress)
	case f.has("TemplateURL"):
		return s.fetch(ctx, f.get("TemplateURL"))
	case f.is("UsePreviousTemplate") && st != nil && st.is.scope != nil:
		return st.is.body, nil
	case f.get("TemplateBody") == "":
		return "", invalid("Either Template URL or Template Body must be specified.")
	case len(f.get("TemplateBody")) > maxBody:
		return "", invalid("1 validation error detected: Value at 'templateBody' failed to satisfy constraint: Member must have length less than or equal to %d", maxBody)
	}
	return f.get("TemplateBody"), nil
}

func (s *Server) fetch(ctx context.Context, url string) (string, error) {
	if s.options.Template == nil {
		return "", invalid("S3 error: Access Denied")
	}
	body, err := s.options.Template(ctx, url)
	if err != nil {
		if e := wire.AsError(err); e.Code != "ValidationError" {
			err = invalid("S3 error: %s", e.Message)
		}
		return "", err
	}
	if len(body) > maxURL {
		return "", invalid("Template may not exceed %d bytes in size.", maxURL)
	}
	return string(body), nil
}

// parse gives template errors AWS's code.
func parse(body string) (*template.Template, error) {
	t, err := template.Parse(body)
	if err != nil {
		return nil, invalid("%s", err.Error())
	}
	return t, nil
}

// deployment reads and checks what a request wants a stack to be.
func (s *Server) deployment(ctx context.Context, f form, st *stack) (deployment, error) {
	body, err := s.body(ctx, f, st)
	if err != nil {
		return deployment{}, err
	}
	t, err := parse(body)
	if err != nil {
		return deployment{}, err
	}
	d := deployment{body: body, given: map[string]string{}, tags: f.tags(), capabilities: f.list("Capabilities")}
	if len(d.tags) == 0 && f.get("Action") != "CreateStack" {
		d.tags = st.is.tags // none given keeps the ones there are
	}
	for _, p := range f.parameters() {
		value, known := st.is.given[p.key]
		if _, declared := t.Parameter(p.key); p.previous && !known && declared && st.is.scope == nil {
			return d, invalid("Invalid input for parameter key %s. Cannot specify usePreviousValue as true for a parameter key not in the previous template", p.key)
		}
		switch {
		case !p.previous:
			d.given[p.key] = p.value
		case known:
			d.given[p.key] = value
		}
	}
	if d.scope, err = t.Bind(d.given, s.pseudo(st)); err != nil {
		return d, invalid("%s", err.Error())
	}
	return d, s.allowed(d)
}

func (s *Server) pseudo(st *stack) map[string]string {
	return map[string]string{
		"AWS::AccountId": s.options.Account, "AWS::Region": s.options.Region, "AWS::Partition": "aws",
		"AWS::StackName": st.name, "AWS::StackId": st.id, "AWS::URLSuffix": "amazonaws.com",
	}
}

// allowed checks resource types and capabilities.
func (s *Server) allowed(d deployment) error {
	var unknown []string
	for _, r := range d.scope.Template.Resources {
		if _, ok := s.providers[r.Type]; !ok && !slices.Contains(unknown, r.Type) {
			unknown = append(unknown, r.Type)
		}
	}
	if len(unknown) > 0 {
		return invalid("Template format error: Unrecognized resource types: [%s]", strings.Join(unknown, ", "))
	}
	need := capability(d.scope.Template)
	if need == "" || slices.Contains(d.capabilities, "CAPABILITY_NAMED_IAM") || slices.Contains(d.capabilities, need) {
		return nil
	}
	return wire.Error{Code: "InsufficientCapabilitiesException", Message: "Requires capabilities : [" + need + "]"}
}

// capability is what a template needs: more where IAM names are given.
func capability(t *template.Template) string {
	need := ""
	for _, r := range t.Resources {
		if !strings.HasPrefix(r.Type, "AWS::IAM::") {
			continue
		}
		for _, name := range []string{"RoleName", "UserName", "GroupName", "ManagedPolicyName", "InstanceProfileName"} {
			if r.Properties[name] != nil {
				return "CAPABILITY_NAMED_IAM"
			}
		}
		need = "CAPABILITY_IAM"
	}
	return need
}

// token checks a ClientRequestToken: the same request again is answered again
// without a new operation, another request with it is refused.
func (st *stack) token(token, request string) (bool, error) {
	before, seen := st.tokens[token]
	switch {
	case token == "" || !seen:
		return false, nil
	case before != request:
		return false, wire.Error{Code: "TokenAlreadyExistsException", Message: "A client request token already exists: " + token}
	}
	return true, nil
}

// updatable are the statuses from which an update may begin.
var updatable = map[string]bool{
	"CREATE_COMPLETE": true, "UPDATE_COMPLETE": true, "UPDATE_ROLLBACK_COMPLETE": true, "IMPORT_COMPLETE": true,
	"CREATE_FAILED": true, "UPDATE_FAILED": true,
}

func (st *stack) mayUpdate() error {
	if updatable[st.status] {
		return nil
	}
	return invalid("Stack:%s is in %s state and can not be updated.", st.id, st.status)
}
