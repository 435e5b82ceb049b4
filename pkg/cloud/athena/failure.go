package athena

import (
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/athena/types"

	"pixelctl/pkg/cloud/session"
	"pixelctl/pkg/fault"
	"pixelctl/pkg/query"
)

// placed matches an error that Trino or Athena's Hive parser gives a place.
var placed = regexp.MustCompile(`(?s)^(?:[A-Z_]+: )?(?:ParseException )?line (\d+):(\d+):? (.*)$`)

// refused explains why a statement did not start. Athena parses it first, so
// wrong SQL is refused here, and unknown columns are found when it runs.
func (r *run) refused(err error) error {
	var invalid *types.InvalidRequestException
	if !errors.As(err, &invalid) {
		return session.Explain(err, "start query")
	}
	text := invalid.ErrorMessage()
	if wrong := syntaxError(r.sql, text); wrong != nil {
		return wrong
	}
	if aws.ToString(invalid.AthenaErrorCode) == "MALFORMED_QUERY" {
		return &query.SyntaxError{SQL: r.sql, Message: text}
	}
	return session.Explain(err, "start query in workgroup %s", r.e.o.WorkGroup)
}

// syntaxError reads line and column from a message; nil when it is about
// something else than the text of the statement.
func syntaxError(sql, text string) *query.SyntaxError {
	m := placed.FindStringSubmatch(text)
	if m == nil {
		if rest, ok := strings.CutPrefix(text, "SYNTAX_ERROR: "); ok {
			return &query.SyntaxError{SQL: sql, Message: rest}
		}
		return nil
	}
	e := &query.SyntaxError{SQL: sql, Message: m[3]}
	line, err := strconv.Atoi(m[1])
	column, err2 := strconv.Atoi(m[2])
	if err == nil && err2 == nil && line >= 1 && line <= strings.Count(sql, "\n")+1 && column >= 1 {
		e.Line, e.Column = line, column
	}
	return e
}

// verdict is the error of a statement that has ended, nil of one that gave its
// result within the limit.
func (r *run) verdict() error {
	switch r.state() {
	case types.QueryExecutionStateFailed:
		return r.failed()
	case types.QueryExecutionStateCancelled:
		return r.cancelled()
	}
	if r.tooMuch() {
		return r.overLimit("it had ended before it could be stopped")
	}
	return nil
}

// reason is why the state is what it is. AthenaError's message is empty or
// vague for some errors whose reason is told.
func (r *run) reason() string {
	text := aws.ToString(r.last.Status.StateChangeReason)
	if text == "" && r.last.Status.AthenaError != nil {
		text = aws.ToString(r.last.Status.AthenaError.ErrorMessage)
	}
	for _, advice := range []string{"This query ran against the ", "You may need to manually clean the data"} {
		text, _, _ = strings.Cut(text, advice)
	}
	if text = strings.TrimSpace(text); text == "" {
		return "Athena names no reason"
	}
	return text
}

func (r *run) failed() error {
	text := r.reason()
	if wrong := syntaxError(r.sql, text); wrong != nil {
		return wrong
	}
	if overCutoff(text) {
		return r.cutOff()
	}
	kind, hint := remedy(text)
	return fault.New(kind, "run query: %s (%squery %s)", text, r.category(&hint), r.id).WithHint("%s", hint)
}

// category names Athena's class and number of the error, and gives an error
// that may pass a hint when it has none.
func (r *run) category(hint *string) string {
	e := r.last.Status.AthenaError
	if e == nil {
		return ""
	}
	class := "other"
	switch aws.ToInt32(e.ErrorCategory) {
	case 1:
		class = "system"
	case 2:
		class = "user"
	}
	if *hint == "" && (e.Retryable || class == "system") {
		*hint = "Athena failed, not the query: run it again in a minute"
	}
	return fmt.Sprintf("%s error %d, ", class, aws.ToInt32(e.ErrorType))
}

func overCutoff(text string) bool {
	return strings.Contains(strings.ToLower(text), "bytes scanned limit was exceeded")
}

func (r *run) cancelled() error {
	text := r.reason()
	if overCutoff(text) {
		return r.cutOff()
	}
	return fault.New(fault.Failed, "run query: somebody else stopped query %s: %s; what it had read (%s) is charged", r.id, text, size(r.scanned())).
		WithHint("ask who may stop queries of workgroup %s, or run it again", r.e.o.WorkGroup)
}

// cutOff explains the limit that the workgroup sets each statement.
func (r *run) cutOff() error {
	group := r.e.o.WorkGroup
	return fault.New(fault.Failed,
		"run query: workgroup %s stopped query %s at its cut-off, after %s; what it had read is charged%s",
		group, r.id, size(r.scanned()), r.about()).
		WithHint("ask for fewer hours by year, month, day and hour as numbers; the limit: "+
			"aws athena get-work-group --work-group %s --query WorkGroup.Configuration.BytesScannedCutoffPerQuery", group)
}
