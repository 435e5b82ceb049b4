// Package policy gives the least IAM policy of a person who works with a stack:
// from the calls that this program makes, from those that Athena makes for it,
// and from those that CloudFormation makes in the person's name. It makes no
// call itself. Tests hold its tables to the code, both ways.
package policy

import (
	"encoding/json"
	"regexp"
	"slices"
	"strings"

	"pixelctl/pkg/fault"
)

// Task is what a person does.
type Task string

// The tasks. A person with several takes the documents of each, or All.
const (
	Deploy  Task = "deploy"  // deploy, plan
	Query   Task = "query"   // query, report, tail, hit --verify
	Operate Task = "operate" // status, buffer, crawl, repair, cost
	Errors  Task = "errors"  // errors: apart, because records that failed are raw, and a replay adds rows
	Purge   Task = "purge"   // purge, subject: apart, because they delete rows
	Destroy Task = "destroy" // destroy
	All     Task = "all"     // all of these
	// ServiceRole is what the role of --role-arn needs, which CloudFormation
	// takes on instead of the caller's rights.
	ServiceRole Task = "service-role"
)

// Tasks are all tasks, in the order of a stack's life.
func Tasks() []Task { return []Task{Deploy, Query, Operate, Errors, Purge, Destroy, All, ServiceRole} }

// Scope says where the stack is, or will be.
type Scope struct {
	Partition string // such as aws-cn; "" is that of the region
	Account   string // 12 digits
	Region    string
	Stack     string
	Database  string // of Glue
	// Role is the ARN given as --role-arn. CloudFormation then works by its
	// rights, and the person needs to pass it instead of having them.
	Role string
	// Kept is for data that destroy --keep-data left: it is queried in the
	// workgroup primary, with the results in the bucket of the data.
	Kept bool
}

// Document is an IAM policy.
type Document struct {
	Version   string
	Statement []Statement
}

// Statement allows actions on resources.
type Statement struct {
	Sid, Effect      string
	Action, Resource []string
	Condition        map[string]map[string][]string `json:",omitempty"`
}

// Most characters, white space not counted, of the policies that IAM takes
// (IAM manual, IAM and STS quotas).
const (
	MostManaged = 6144 // a managed policy; ten of them may be attached
	MostInline  = 2048 // the inline policies of a user, in all
)

// Size is the length that IAM counts, in characters.
func (d Document) Size() int {
	body, err := json.Marshal(d)
	if err != nil {
		return 0 // strings only: it cannot fail
	}
	return len(body)
}

// For returns the policy for a task. It is more than one document where one
// would be longer than a managed policy may be. Attach all of them.
//
// Resources are as narrow as they can be before the stack exists: by the names
// that CloudFormation makes of the stack's. Who may deploy without a role of
// --role-arn may make roles, and so has, in effect, all the rights of the
// account; with such a role, only what the role has.
func For(task Task, s Scope) ([]Document, error) {
	if err := s.check(); err != nil {
		return nil, err
	}
	var grants []grant
	switch task {
	case Deploy, Query, Operate, Errors, Purge, Destroy:
		grants = s.grants(task)
	case All:
		for _, t := range []Task{Deploy, Query, Operate, Errors, Purge, Destroy} {
			grants = append(grants, s.grants(t)...)
		}
	case ServiceRole:
		grants = handled(handler.all)
	default:
		names := make([]string, 0, len(Tasks()))
		for _, t := range Tasks() {
			names = append(names, string(t))
		}
		return nil, fault.New(fault.Usage, "policy for %q: no such task", task).WithHint("one of %s", strings.Join(names, ", "))
	}
	return pack(s.statements(grants)), nil
}

// grants are all that one task needs.
func (s Scope) grants(t Task) []grant {
	all := slices.Concat(direct(t), asked(t))
	if s.Role == "" {
		return append(all, behalf(t)...)
	}
	if t != Query && t != Errors && t != Purge {
		all = append(all, grant{"iam:PassRole", passServiceRole})
	}
	return all
}

// hints are for what a user gives by a flag of policy or in the environment.
var hints = map[string]string{"account": "--account 123456789012", "region": "--region eu-west-1"}

// check keeps wildcards and colons out of ARNs: one in a name would widen them.
func (s Scope) check() error {
	for _, c := range []struct {
		name, value, form string
	}{
		{"partition", s.Partition, `^(aws(-[a-z]+)*)?$`},
		{"account", s.Account, `^[0-9]{12}$`},
		{"region", s.Region, `^[a-z]{2,4}(-[a-z]{2,16}){1,3}-[0-9]{1,2}$`},
		{"stack", s.Stack, `^[a-zA-Z][-a-zA-Z0-9]{0,127}$`},
		{"database", s.Database, `^[a-z0-9_]{1,128}$`},
	} {
		if !regexp.MustCompile(c.form).MatchString(c.value) {
			return fault.New(fault.Usage, "policy: %q is no %s", c.value, c.name).WithHint("%s", hints[c.name])
		}
	}
	if role := regexp.MustCompile(`^arn:[a-z-]+:iam::[0-9]{12}:role/[\w+=,.@/-]+$`); s.Role != "" && !role.MatchString(s.Role) {
		return fault.New(fault.Usage, "policy: %q is no ARN of a role", s.Role).
			WithHint("such as --role-arn arn:aws:iam::%s:role/NAME", s.Account)
	}
	return nil
}

// Partition is the partition of an ARN, such as the caller's.
func Partition(arn string) string {
	if part := strings.Split(arn, ":"); len(part) > 2 && part[0] == "arn" {
		return part[1]
	}
	return "aws"
}
