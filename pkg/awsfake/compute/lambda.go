// Package compute fakes Lambda and the HTTP APIs of API Gateway. A function
// answers as the real one of the stack does: it runs the beacon and puts its
// records into the delivery stream.
package compute

import (
	"context"
	"encoding/json"
	"sync"

	"pixelctl/pkg/awsfake/wire"
)

// Options are what both services need of the others.
type Options struct {
	Clock           *wire.Clock
	Account, Region string
	// URL, when it is set, is that of the fake: APIs then have endpoints below
	// it, which every process can dial, instead of names of AWS.
	URL string
	// Object reads the zip of a function.
	Object func(bucket, key string) ([]byte, error)
	// Put puts one record into a delivery stream.
	Put func(ctx context.Context, stream string, data []byte) error
	// PutBatch puts records with one call and gives one error per record,
	// or an error of the whole call.
	PutBatch func(ctx context.Context, stream string, data [][]byte) ([]error, error)
	// Secret gives the current value of a secret.
	Secret func(ctx context.Context, id string) (string, error)
	// PutSecret makes a value the current one; the same token again does nothing.
	PutSecret func(ctx context.Context, id, token, value string) error
	// Log adds an event to a log group.
	Log func(group, stream, message string)
	// Count adds 1 to a metric; dimensions are name and value in turn.
	Count func(namespace, metric string, dimensions ...string)
	// Measure adds a value to a metric.
	Measure func(namespace, metric string, value float64, dimensions ...string)
}

// Lambda is the service. It is safe for concurrent use.
type Lambda struct {
	o         Options
	lock      sync.Mutex
	functions map[string]*Function
}

// NewLambda returns the service without functions.
func NewLambda(o Options) *Lambda {
	return &Lambda{o: o, functions: map[string]*Function{}}
}

// LambdaRoutes are the paths of Lambda's operations (API model of 2015-03-31).
func LambdaRoutes() []wire.Route {
	const function = "/2015-03-31/functions/{FunctionName}"
	return []wire.Route{
		{Method: "GET", Path: "/2015-03-31/functions", Operation: "ListFunctions"},
		{Method: "GET", Path: function, Operation: "GetFunction"},
		{Method: "GET", Path: function + "/configuration", Operation: "GetFunctionConfiguration"},
		{Method: "GET", Path: function + "/policy", Operation: "GetPolicy"},
		{Method: "POST", Path: function + "/invocations", Operation: "Invoke", Payload: "Payload"},
	}
}

type named struct {
	FunctionName string
	Payload      json.RawMessage
}

// Operations are the operations of LambdaRoutes.
func (s *Lambda) Operations() map[string]wire.Operation {
	return map[string]wire.Operation{
		"ListFunctions":            wire.Bind(s.list),
		"GetFunction":              wire.Bind(s.get),
		"GetFunctionConfiguration": wire.Bind(s.configuration),
		"GetPolicy":                wire.Bind(s.policy),
		"Invoke": wire.Bind(func(ctx context.Context, in named) (any, error) {
			return s.Invoke(ctx, in.FunctionName, in.Payload)
		}),
	}
}

func (s *Lambda) list(context.Context, struct{}) (any, error) {
	out := []any{}
	for _, name := range s.Functions() {
		s.lock.Lock()
		if f, err := s.find(name); err == nil {
			out = append(out, s.describe(f))
		}
		s.lock.Unlock()
	}
	return map[string]any{"Functions": out}, nil
}

func (s *Lambda) get(ctx context.Context, in named) (any, error) {
	c, err := s.configuration(ctx, in)
	if err != nil {
		return nil, err
	}
	return map[string]any{"Configuration": c, "Code": map[string]string{"RepositoryType": "S3"}}, nil
}

func (s *Lambda) configuration(_ context.Context, in named) (any, error) {
	s.lock.Lock()
	defer s.lock.Unlock()
	f, err := s.find(in.FunctionName)
	if err != nil {
		return nil, err
	}
	return s.describe(f), nil
}

func (s *Lambda) describe(f *Function) any {
	return map[string]any{
		"FunctionName": f.FunctionName, "FunctionArn": s.arn(f.FunctionName), "Runtime": f.Runtime,
		"Role": f.Role, "Handler": f.Handler, "CodeSize": f.size, "CodeSha256": f.sha256,
		"Description": f.Description, "Timeout": f.Timeout, "MemorySize": f.MemorySize,
		"LastModified": f.modified, "Version": "$LATEST", "State": "Active", "LastUpdateStatus": "Successful",
		"PackageType": "Zip", "Architectures": f.Architectures, "Environment": f.Environment,
		"LoggingConfig": f.LoggingConfig,
	}
}

func (s *Lambda) policy(_ context.Context, in named) (any, error) {
	s.lock.Lock()
	defer s.lock.Unlock()
	f, err := s.find(in.FunctionName)
	if err != nil {
		return nil, err
	}
	if len(f.permissions) == 0 {
		return nil, notFound("The resource you requested does not exist.")
	}
	statements := []any{}
	for id, p := range f.permissions {
		statements = append(statements, map[string]any{
			"Sid": id, "Effect": "Allow", "Principal": map[string]string{"Service": p.Principal},
			"Action": p.Action, "Resource": s.arn(f.FunctionName),
			"Condition": map[string]any{"ArnLike": map[string]string{"AWS:SourceArn": p.SourceArn}},
		})
	}
	text, err := json.Marshal(map[string]any{"Version": "2012-10-17", "Id": "default", "Statement": statements})
	return map[string]string{"Policy": string(text)}, err
}
