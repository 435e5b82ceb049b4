// Package wire is what the services of the AWS fake share: the clock, the
// errors and the form of an operation of the AWS JSON protocol.
package wire

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
)

// Error is an answer of AWS that is no success.
type Error struct {
	Code    string // such as ResourceNotFoundException
	Message string
	Status  int // HTTP status; 0 means 400
}

// Error gives code and message.
func (e Error) Error() string {
	return e.Code + ": " + e.Message
}

// AsError finds the Error in err's chain, by value or by pointer; any other
// error is InternalFailure with status 500. The status is never 0.
func AsError(err error) Error {
	var value Error
	var pointer *Error
	switch {
	case errors.As(err, &value):
	case errors.As(err, &pointer):
		value = *pointer
	default:
		value = Error{Code: "InternalFailure", Message: err.Error(), Status: http.StatusInternalServerError}
	}
	if value.Status == 0 {
		value.Status = http.StatusBadRequest
	}
	return value
}

// Operation is one operation of the AWS JSON protocol: it takes the request's
// JSON and returns what is marshalled as the answer; nil is {}.
type Operation func(ctx context.Context, in []byte) (any, error)

// Bind makes an Operation of a function on Go values. JSON that does not fit
// In is a SerializationException, as AWS answers it.
func Bind[In, Out any](f func(context.Context, In) (Out, error)) Operation {
	return func(ctx context.Context, body []byte) (any, error) {
		var in In
		if len(body) > 0 {
			if err := json.Unmarshal(body, &in); err != nil {
				return nil, Error{Code: "SerializationException", Message: err.Error()}
			}
		}
		return f(ctx, in)
	}
}
