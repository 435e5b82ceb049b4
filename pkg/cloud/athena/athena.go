// Package athena is the engine that speaks to Athena: it starts a statement,
// follows it, and reads its result from the object in S3 or page by page.
package athena

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/athena"
	"github.com/aws/aws-sdk-go-v2/service/s3"

	"pixelctl/pkg/cloud/session"
	"pixelctl/pkg/cost"
	"pixelctl/pkg/pipeline"
)

// Client is what the engine asks of Athena.
type Client interface {
	StartQueryExecution(context.Context, *athena.StartQueryExecutionInput, ...func(*athena.Options)) (*athena.StartQueryExecutionOutput, error)
	GetQueryExecution(context.Context, *athena.GetQueryExecutionInput, ...func(*athena.Options)) (*athena.GetQueryExecutionOutput, error)
	StopQueryExecution(context.Context, *athena.StopQueryExecutionInput, ...func(*athena.Options)) (*athena.StopQueryExecutionOutput, error)
	GetQueryResults(context.Context, *athena.GetQueryResultsInput, ...func(*athena.Options)) (*athena.GetQueryResultsOutput, error)
}

// Objects is what it asks of S3.
type Objects interface {
	GetObject(context.Context, *s3.GetObjectInput, ...func(*s3.Options)) (*s3.GetObjectOutput, error)
}

// Options say where statements run.
type Options struct {
	WorkGroup string
	Database  string
	Output    string        // s3:// URL of the results; "" leaves it to the workgroup
	MaxScan   int64         // bytes a statement may read; 0 sets no limit
	Prices    *cost.Prices  // nil: what a statement costs is not known
	Region    string        // that is named when it is not
	Clock     session.Clock // nil is WallClock
}

// Engine runs statements in one workgroup.
type Engine struct {
	client  Client
	objects Objects
	o       Options
	sink    pipeline.Sink
	fetch   fetch
}

// New returns an engine; it calls nothing.
func New(client Client, objects Objects, o Options) *Engine {
	if o.Clock == nil {
		o.Clock = session.WallClock{}
	}
	return &Engine{client: client, objects: objects, o: o, fetch: fetch{chunk: chunkBytes, parallel: parallelReads}}
}

// Following returns an engine that reports to sink how its statements fare, as
// moves of the step "query".
func (e *Engine) Following(sink pipeline.Sink) *Engine {
	f := *e
	f.sink = sink
	return &f
}
