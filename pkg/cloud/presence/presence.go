// Package presence asks AWS, resource by resource, what of a stack is still
// there, and sweeps the logs that outlive a stack.
package presence

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/apigatewayv2"
	"github.com/aws/aws-sdk-go-v2/service/athena"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/aws/aws-sdk-go-v2/service/firehose"
	"github.com/aws/aws-sdk-go-v2/service/glue"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/lambda"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/scheduler"
	"github.com/aws/aws-sdk-go-v2/service/secretsmanager"
	"github.com/aws/smithy-go"

	"pixelctl/pkg/cloud/session"
)

var (
	// ErrUnknownType is the error for a resource type that nobody here can ask for.
	ErrUnknownType = errors.New("unknown resource type")
	// ErrNoParent is the error for a part whose whole is not named.
	ErrNoParent = errors.New("no resource named that it is a part of")
)

// Clients are one of each service that is asked.
type Clients struct {
	S3        *s3.Client
	Firehose  *firehose.Client
	Lambda    *lambda.Client
	IAM       *iam.Client
	API       *apigatewayv2.Client
	Glue      *glue.Client
	Athena    *athena.Client
	Logs      *cloudwatchlogs.Client
	Scheduler *scheduler.Client
	Secrets   *secretsmanager.Client
}

// Engine asks for resources. It is safe for concurrent use.
type Engine struct{ c Clients }

// New returns an engine.
func New(c Clients) *Engine { return &Engine{c: c} }

// Resource is one resource of a stack.
type Resource struct {
	Type string // CloudFormation's, such as AWS::S3::Bucket
	ID   string // physical id
	// Parents are the physical ids of what a part may belong to: the API of a
	// route, the database of a table. Adopt fills them in.
	Parents []string
}

// Adopt gives each part in all the resources of all that it may belong to.
func Adopt(all []Resource) []Resource {
	out := slices.Clone(all)
	for i, r := range out {
		whole := parts[r.Type]
		if whole == "" || len(r.Parents) > 0 {
			continue
		}
		for _, p := range all {
			if p.Type == whole {
				out[i].Parents = append(out[i].Parents, p.ID)
			}
		}
	}
	return out
}

// Exists asks the resource's own service whether it is there. A part is there
// if one of its Parents has it. The errors wrap ErrUnknownType and ErrNoParent.
func (e *Engine) Exists(ctx context.Context, r Resource) (bool, error) {
	q, known := e.question(r.Type)
	if !known {
		return false, fmt.Errorf("look for %s %s: %w", r.Type, r.ID, ErrUnknownType)
	}
	parents, err := r.parents()
	if err != nil {
		return false, err
	}
	for _, parent := range parents {
		err := q.ask(ctx, parent, r.ID)
		if err == nil {
			return true, nil
		}
		if !q.gone(err) {
			return false, session.Explain(err, "look for %s %s", r.Type, r.ID)
		}
	}
	return false, nil
}

// parents are those to ask. The physical id of a bucket policy is that of its
// bucket, and then no other bucket is meant.
func (r Resource) parents() ([]string, error) {
	switch {
	case parts[r.Type] == "":
		return []string{""}, nil
	case len(r.Parents) == 0:
		return nil, fmt.Errorf("look for %s %s: %w", r.Type, r.ID, ErrNoParent)
	case slices.Contains(r.Parents, r.ID):
		return []string{r.ID}, nil
	}
	return r.Parents, nil
}

// question is how one type is asked for: nil means that it is there.
type question struct {
	ask  func(ctx context.Context, parent, id string) error
	none []string // error codes that mean no such resource
}

// errNone is what ask returns when a listing does not name the resource.
var errNone = errors.New("not listed")

func (q question) gone(err error) bool {
	if errors.Is(err, errNone) {
		return true
	}
	// Athena has no error of its own for a missing workgroup.
	if api, ok := errors.AsType[smithy.APIError](err); ok && api.ErrorCode() == "InvalidRequestException" {
		return strings.Contains(strings.ToLower(api.ErrorMessage()), "not found")
	}
	return slices.Contains(q.none, session.Code(err))
}
