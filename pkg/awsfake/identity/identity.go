// Package identity fakes STS and the roles of IAM.
package identity

import (
	"context"
	"encoding/json"
	"maps"
	"net/url"
	"slices"
	"sync"
	"time"

	"pixelctl/pkg/awsfake/wire"
)

// Role is a role; its JSON is that of AWS::IAM::Role.
type Role struct {
	RoleName, Path, Description string
	AssumeRolePolicyDocument    json.RawMessage
	Policies                    []Policy
	MaxSessionDuration          int

	created time.Time
}

// Policy is an inline policy of a role.
type Policy struct {
	PolicyName     string
	PolicyDocument json.RawMessage
}

// Server is both services. It is safe for concurrent use.
type Server struct {
	clock   *wire.Clock
	account string
	lock    sync.Mutex
	roles   map[string]Role
}

// New returns the services without roles.
func New(clock *wire.Clock, account string) *Server {
	return &Server{clock: clock, account: account, roles: map[string]Role{}}
}

// PutRole makes a role or changes it.
func (s *Server) PutRole(r Role) {
	s.lock.Lock()
	defer s.lock.Unlock()
	r.created = s.clock.Now()
	if old, ok := s.roles[r.RoleName]; ok {
		r.created = old.created
	}
	s.roles[r.RoleName] = r
}

// DeleteRole removes a role with its inline policies.
func (s *Server) DeleteRole(name string) error {
	s.lock.Lock()
	defer s.lock.Unlock()
	if _, ok := s.roles[name]; !ok {
		return noRole(name)
	}
	delete(s.roles, name)
	return nil
}

// Roles gives the names, sorted.
func (s *Server) Roles() []string {
	s.lock.Lock()
	defer s.lock.Unlock()
	return slices.Sorted(maps.Keys(s.roles))
}

// ARN is that of a role.
func (s *Server) ARN(role string) string {
	return "arn:aws:iam::" + s.account + ":role/" + role
}

// STS are the operations of STS.
func (s *Server) STS() map[string]wire.Operation {
	return map[string]wire.Operation{
		"GetCallerIdentity": wire.Bind(func(context.Context, struct{}) (any, error) {
			return caller{Arn: "arn:aws:iam::" + s.account + ":user/tester", UserID: "AIDAFAKETESTERUSERID0", Account: s.account}, nil
		}),
	}
}

// IAM are the operations of IAM.
func (s *Server) IAM() map[string]wire.Operation {
	return map[string]wire.Operation{
		"GetRole": s.read(func(r Role, _ input) (any, error) { return s.describe(r), nil }),
		"ListRolePolicies": s.read(func(r Role, _ input) (any, error) {
			out := policies{}
			for _, p := range r.Policies {
				out.Names.Member = append(out.Names.Member, p.PolicyName)
			}
			return out, nil
		}),
		"GetRolePolicy": s.read(func(r Role, in input) (any, error) {
			for _, p := range r.Policies {
				if p.PolicyName == in.PolicyName {
					return document{r.RoleName, p.PolicyName, url.QueryEscape(string(p.PolicyDocument))}, nil
				}
			}
			return nil, noSuch("The role policy with name " + in.PolicyName + " cannot be found.")
		}),
	}
}

type input struct{ RoleName, PolicyName string }

func (s *Server) read(f func(Role, input) (any, error)) wire.Operation {
	return wire.Bind(func(_ context.Context, in input) (any, error) {
		s.lock.Lock()
		r, ok := s.roles[in.RoleName]
		s.lock.Unlock()
		if !ok {
			return nil, noRole(in.RoleName)
		}
		return f(r, in)
	})
}

// Wire shapes of the query protocol: elements named as the API's members,
// lists in member elements, documents URL-encoded.
type (
	caller struct {
		Arn     string
		UserID  string `xml:"UserId"`
		Account string
	}
	roleResult struct {
		Role struct {
			Path, RoleName           string
			RoleID                   string `xml:"RoleId"`
			Arn, CreateDate          string
			AssumeRolePolicyDocument string
			Description              string
			MaxSessionDuration       int
		}
	}
	policies struct {
		Names struct {
			Member []string `xml:"member"`
		} `xml:"PolicyNames"`
		IsTruncated bool
	}
	document struct{ RoleName, PolicyName, PolicyDocument string }
)

func (s *Server) describe(r Role) any {
	var out roleResult
	o := &out.Role
	o.Path, o.RoleName, o.RoleID, o.Arn = "/", r.RoleName, "AROAFAKEROLEID", s.ARN(r.RoleName)
	o.CreateDate = r.created.Format(time.RFC3339)
	o.AssumeRolePolicyDocument = url.QueryEscape(string(r.AssumeRolePolicyDocument))
	o.Description, o.MaxSessionDuration = r.Description, max(r.MaxSessionDuration, 3600)
	return out
}

func noRole(name string) error {
	return noSuch("The role with name " + name + " cannot be found.")
}

func noSuch(message string) error {
	return wire.Error{Code: "NoSuchEntity", Message: message, Status: 404}
}
