package session

import (
	"context"
	"errors"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	"github.com/aws/smithy-go"

	"pixelctl/pkg/fault"
)

// Explain wraps an error of the SDK as "format: cause" with the kind and the
// hint that fit it. Nil stays nil; an error that has a kind keeps it and its
// hint; the end of a context stays one. The text never holds a secret.
func Explain(err error, format string, args ...any) error {
	if err == nil {
		return nil
	}
	what := fmt.Sprintf(format, args...)
	if _, ok := errors.AsType[*fault.Error](err); ok {
		return fmt.Errorf("%s: %w", what, err)
	}
	if end := ended(err); end != nil {
		return fmt.Errorf("%s: %w", what, end)
	}
	kind, hint := diagnose(err)
	e := fault.New(kind, "%s: %w", what, clean(err))
	e.Hint = hint
	return e
}

// Code returns the AWS error code in err's chain, or "".
func Code(err error) string {
	if api, ok := errors.AsType[smithy.APIError](err); ok {
		return api.ErrorCode()
	}
	return ""
}

// ended returns the context's error when err is one. A dial that timed out
// looks like context.DeadlineExceeded to errors.Is, and is none.
func ended(err error) error {
	var sent *smithy.CanceledError
	var waiting *aws.RequestCanceledError
	own := errors.As(err, &sent) || errors.As(err, &waiting)
	switch {
	case errors.Is(err, context.Canceled):
		return context.Canceled
	case errors.Is(err, context.DeadlineExceeded) && (own || !overNetwork(err)):
		return context.DeadlineExceeded
	}
	return nil
}

// requestOf returns the request id in err's chain, or "".
func requestOf(err error) string {
	if r, ok := errors.AsType[*awshttp.ResponseError](err); ok {
		return r.RequestID
	}
	return ""
}
