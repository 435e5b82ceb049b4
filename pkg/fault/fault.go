// Package fault gives errors an exit code, a hint and a list of what is left
// undone. An error is built where it happens and read once, at the top.
package fault

import (
	"context"
	"errors"
	"fmt"
)

// Kind is why a command ended as it did; its value is the exit code.
type Kind int

// The kinds. Zero is reserved for success.
const (
	Failed      Kind = 1   // the operation failed
	Usage       Kind = 2   // wrong flag, argument, setting or SQL
	Differences Kind = 3   // a check or plan found differences
	Credentials Kind = 4   // credentials or permission are missing
	NotDeployed Kind = 5   // there is no such stack
	Busy        Kind = 6   // somebody else holds the stack, the directory or the port
	Partial     Kind = 7   // partly done; Left lists the rest
	TimedOut    Kind = 124 // the deadline passed
	Interrupted Kind = 130 // the user pressed Ctrl-C
)

// Error is an error with what a user needs to go on.
type Error struct {
	Kind Kind
	Err  error
	Hint string   // the command that mends it, or what to change; never part of the message
	Left []string // what was not done, for Partial
}

func (e *Error) Error() string { return e.Err.Error() }

// Unwrap gives the cause.
func (e *Error) Unwrap() error { return e.Err }

// New returns an error of kind k. The format takes %w.
func New(k Kind, format string, args ...any) *Error {
	return &Error{Kind: k, Err: fmt.Errorf(format, args...)}
}

// WithHint sets the hint and returns e.
func (e *Error) WithHint(format string, args ...any) *Error {
	e.Hint = fmt.Sprintf(format, args...)
	return e
}

// WithLeft sets the list of what is left and returns e.
func (e *Error) WithLeft(left []string) *Error {
	e.Left = left
	return e
}

// KindOf returns the kind of err: that of the outermost Error in its chain,
// else Interrupted or TimedOut for context errors, else Failed. It returns 0
// for nil.
func KindOf(err error) Kind {
	var e *Error
	switch {
	case err == nil:
		return 0
	case errors.As(err, &e):
		return e.Kind
	case errors.Is(err, context.DeadlineExceeded):
		return TimedOut
	case errors.Is(err, context.Canceled):
		return Interrupted
	}
	return Failed
}

// HintOf returns the outermost hint in err's chain, or "".
func HintOf(err error) string {
	for err != nil {
		var e *Error
		if !errors.As(err, &e) {
			return ""
		}
		if e.Hint != "" {
			return e.Hint
		}
		err = e.Err
	}
	return ""
}

// LeftOf returns what err says was not done.
func LeftOf(err error) []string {
	if e, ok := errors.AsType[*Error](err); ok {
		return e.Left
	}
	return nil
}
