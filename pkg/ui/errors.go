package ui

import (
	"errors"
	"io"
	"strings"

	"pixelctl/pkg/fault"
	"pixelctl/pkg/query"
)

// errorJSON is an error as a program reads it.
type errorJSON struct {
	Message string   `json:"message"`
	Kind    string   `json:"kind"`
	Code    int      `json:"code"`
	Hint    string   `json:"hint"`
	Left    []string `json:"left"`
	Line    int      `json:"line,omitempty"`
	Column  int      `json:"column,omitempty"`
}

// WriteError tells err on s.Err: message, SQL with a caret, hint and what is
// left, or one JSON object. A closed output pipe is no error and tells nothing.
func WriteError(s *Streams, err error, asJSON bool) error {
	if err == nil || errors.Is(err, ErrClosedPipe) {
		return nil
	}
	if asJSON {
		return WriteJSON(s.Err, map[string]errorJSON{"error": errorOf(err)})
	}
	o := s.Err
	var b strings.Builder
	b.WriteString(o.label(Bad, "error", err.Error()))
	if syntax, ok := errors.AsType[*query.SyntaxError](err); ok {
		b.WriteString(caret(o, syntax))
	}
	if hint := fault.HintOf(err); hint != "" {
		for line := range strings.SplitSeq(strings.TrimRight(hint, "\n"), "\n") {
			// Not wrapped: a command must stay one line to be copied.
			b.WriteString(o.Theme.Paint(Key, "  hint:") + " " + Clean(line) + "\n")
		}
	}
	if left := fault.LeftOf(err); len(left) > 0 {
		b.WriteString(o.Theme.Paint(Warn, "  left:") + "\n")
		for _, item := range left {
			b.WriteString("    " + Clean(item) + "\n")
		}
	}
	_, werr := io.WriteString(o, b.String())
	return werr
}

func errorOf(err error) errorJSON {
	k := fault.KindOf(err)
	e := errorJSON{
		Message: err.Error(), Kind: kindName(k), Code: int(k),
		Hint: fault.HintOf(err), Left: list(fault.LeftOf(err)),
	}
	if syntax, ok := errors.AsType[*query.SyntaxError](err); ok {
		e.Line, e.Column = syntax.Line, syntax.Column
	}
	return e
}

func kindName(k fault.Kind) string {
	switch k {
	case fault.Usage:
		return "usage"
	case fault.Differences:
		return "differences"
	case fault.Credentials:
		return "credentials"
	case fault.NotDeployed:
		return "not_deployed"
	case fault.Busy:
		return "busy"
	case fault.Partial:
		return "partial"
	case fault.TimedOut:
		return "timed_out"
	case fault.Interrupted:
		return "interrupted"
	case fault.Failed:
	}
	return "failed"
}
