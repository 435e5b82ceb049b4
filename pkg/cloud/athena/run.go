package athena

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/athena"
	"github.com/aws/aws-sdk-go-v2/service/athena/types"
	"github.com/google/uuid"

	"pixelctl/pkg/cloud/session"
	"pixelctl/pkg/fault"
	"pixelctl/pkg/pipeline"
	"pixelctl/pkg/query"
)

const (
	firstPoll = 100 * time.Millisecond
	lastPoll  = time.Second
	longQueue = 5 * time.Second  // a wait in the queue that is worth a word
	goodbye   = 10 * time.Second // for stopping a statement after its context ended
)

// run is one statement on its way.
type run struct {
	e      *Engine
	sql    string
	values []string // of its ?, as literals: Athena puts them in
	token  string   // of the client: a second start under it starts nothing
	id     string
	begin  time.Time
	last   types.QueryExecution // as polled last
	queued time.Duration
}

// run starts a statement and waits until it has succeeded. When ctx ends or
// the limit is passed the statement is stopped.
func (e *Engine) run(ctx context.Context, sql string, params ...query.Param) (*run, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	r := &run{e: e, sql: sql, token: uuid.NewString(), begin: e.o.Clock.Now()}
	for _, p := range params {
		r.values = append(r.values, p.Literal())
	}
	if err := r.start(ctx); err != nil {
		if ctx.Err() == nil {
			return nil, r.refused(err)
		}
		return nil, r.stopStarted(ctx)
	}
	if err := r.wait(ctx); err != nil {
		return nil, err
	}
	return r, r.verdict()
}

func (r *run) start(ctx context.Context) error {
	o := r.e.o
	in := &athena.StartQueryExecutionInput{
		QueryString: &r.sql, ClientRequestToken: &r.token, WorkGroup: &o.WorkGroup,
		QueryExecutionContext: &types.QueryExecutionContext{Database: &o.Database}, ExecutionParameters: r.values,
	}
	if o.Output != "" {
		in.ResultConfiguration = &types.ResultConfiguration{OutputLocation: &o.Output}
	}
	out, err := r.e.client.StartQueryExecution(ctx, in)
	if err == nil {
		r.id = aws.ToString(out.QueryExecutionId)
	}
	return err
}

// stopStarted stops a statement that may have started although ctx ended
// before the answer came: the same token gives its id.
func (r *run) stopStarted(ctx context.Context) error {
	after, cancel := context.WithTimeout(context.WithoutCancel(ctx), goodbye)
	defer cancel()
	if err := r.start(after); err != nil {
		// What cannot be started did not start, or AWS is out of reach.
		return fmt.Errorf("start query: %w", ctx.Err())
	}
	return r.abandon(ctx, ctx.Err())
}

// wait polls until the statement has ended.
func (r *run) wait(ctx context.Context) error {
	for poll := firstPoll; ; poll = min(poll*3/2, lastPoll) {
		if err := r.e.o.Clock.Wait(ctx, poll); err != nil {
			return r.abandon(ctx, err)
		}
		out, err := r.e.client.GetQueryExecution(ctx, &athena.GetQueryExecutionInput{QueryExecutionId: &r.id})
		switch {
		case err != nil && ctx.Err() != nil:
			return r.abandon(ctx, ctx.Err())
		case err != nil:
			return errors.Join(session.Explain(err, "follow query %s", r.id), r.stop(ctx))
		case out.QueryExecution == nil || out.QueryExecution.Status == nil:
			return errors.Join(fault.New(fault.Failed, "follow query %s: the answer names no state", r.id), r.stop(ctx))
		}
		r.last = *out.QueryExecution
		if r.ended() {
			return nil
		}
		if r.tooMuch() {
			return errors.Join(r.overLimit("it was stopped"), r.stop(ctx))
		}
		r.tell()
	}
}

func (r *run) state() types.QueryExecutionState {
	if r.last.Status == nil {
		return ""
	}
	return r.last.Status.State
}

func (r *run) ended() bool {
	s := r.state()
	return s == types.QueryExecutionStateSucceeded || s == types.QueryExecutionStateFailed || s == types.QueryExecutionStateCancelled
}

// scanned gives the bytes read so far.
func (r *run) scanned() int64 {
	if s := r.last.Statistics; s != nil {
		return aws.ToInt64(s.DataScannedInBytes)
	}
	return 0
}

// tell reports the state while the statement is under way.
func (r *run) tell() {
	age := r.e.o.Clock.Now().Sub(r.begin)
	text := fmt.Sprintf("running, %s read", size(r.scanned()))
	if r.state() == types.QueryExecutionStateQueued {
		r.queued = age
		text = "queued"
		if age >= longQueue {
			text = fmt.Sprintf("queued for %s: Athena has no room for it yet", age.Round(time.Second))
		}
	}
	r.e.sink.Send(pipeline.Event{Phase: pipeline.Move, Step: "query", Text: text, Done: int64(age / time.Second)})
}

// abandon stops the statement because ctx ended with cause.
func (r *run) abandon(ctx context.Context, cause error) error {
	where := ""
	if r.state() == types.QueryExecutionStateQueued {
		where = ", which waited in the queue"
	}
	err := r.stop(ctx)
	if err == nil {
		return fmt.Errorf("run query: stopped query %s%s; what it had read is charged: %w", r.id, where, cause)
	}
	return fault.New(fault.KindOf(cause), "run query: %w; %w", cause, err).WithHint("%s", fault.HintOf(err))
}

// stop has Athena stop the statement. It works after ctx has ended, and is
// accepted for a statement that has ended, too.
func (r *run) stop(ctx context.Context) error {
	after, cancel := context.WithTimeout(context.WithoutCancel(ctx), goodbye)
	defer cancel()
	_, err := r.e.client.StopQueryExecution(after, &athena.StopQueryExecutionInput{QueryExecutionId: &r.id})
	if err == nil {
		return nil
	}
	err = session.Explain(err, "stop query %s, which runs on and is charged", r.id)
	return fault.New(fault.KindOf(err), "%w", err).WithHint("aws athena stop-query-execution --query-execution-id %s", r.id)
}
