package session

import (
	"context"
	"sync/atomic"

	"github.com/aws/aws-sdk-go-v2/aws/middleware"
	smithy "github.com/aws/smithy-go/middleware"
)

// attempts is the context key of a call's counter of attempts.
type attempts struct{}

// logCalls reports every attempt to log.
func logCalls(log func(Call), clock Clock) func(*smithy.Stack) error {
	return func(stack *smithy.Stack) error {
		if log == nil {
			return nil
		}
		if err := stack.Initialize.Add(countAttempts(), smithy.Before); err != nil {
			return err
		}
		m := logAttempt(log, clock)
		if _, ok := stack.Finalize.Get("Retry"); !ok {
			return stack.Finalize.Add(m, smithy.Before) // presigning and the like: one attempt
		}
		return stack.Finalize.Insert(m, "Retry", smithy.After)
	}
}

func countAttempts() smithy.InitializeMiddleware {
	return smithy.InitializeMiddlewareFunc("pixelctl:CountAttempts", func(
		ctx context.Context, in smithy.InitializeInput, next smithy.InitializeHandler,
	) (smithy.InitializeOutput, smithy.Metadata, error) {
		return next.HandleInitialize(context.WithValue(ctx, attempts{}, new(atomic.Int64)), in)
	})
}

func logAttempt(log func(Call), clock Clock) smithy.FinalizeMiddleware {
	return smithy.FinalizeMiddlewareFunc("pixelctl:LogAttempt", func(
		ctx context.Context, in smithy.FinalizeInput, next smithy.FinalizeHandler,
	) (smithy.FinalizeOutput, smithy.Metadata, error) {
		start := clock.Now()
		out, meta, err := next.HandleFinalize(ctx, in)
		c := Call{
			Service: middleware.GetServiceID(ctx), Operation: middleware.GetOperationName(ctx),
			Attempt: 1, Elapsed: clock.Now().Sub(start), RequestID: requestID(meta, err), Err: clean(err),
		}
		if n, ok := ctx.Value(attempts{}).(*atomic.Int64); ok {
			c.Attempt = int(n.Add(1))
		}
		log(c)
		return out, meta, err
	})
}

// requestID reads the id from an answer or from the error made of one.
func requestID(meta smithy.Metadata, err error) string {
	if id, ok := middleware.GetRequestIDMetadata(meta); ok {
		return id
	}
	return requestOf(err)
}
