package cloud

import (
	"context"
	"fmt"

	"pixelctl/pkg/pipeline"
)

// plan tells what an erase would do. It changes nothing, but to find the person
// it asks Athena, which has its price: that is told among the calls.
func (e *erase) plan(ctx context.Context) error {
	if err := e.unseen(ctx); err != nil {
		return err
	}
	var err error
	if e.receipt.Matches, err = e.matches(ctx); err != nil {
		return err
	}
	m := e.receipt.Matches
	e.receipt.Rows, e.receipt.Errors, e.receipt.Results = m.Rows, m.Errors, m.Results
	calls := []string{"athena:StartQueryExecution found the rows already: " + charge(e.stats, "")}
	if n := len(m.Files); n > 0 {
		calls = append(calls,
			"s3:PutObject "+e.d.data+"/"+journalKey,
			"athena:StartQueryExecution UNLOAD of the rows that stay of "+plural(n, "files")+", and a comparison of their values",
			"s3:CopyObject to "+e.d.data+"/"+dataPrefix,
			"s3:DeleteObjects "+plural(n, "files"))
	}
	if m.Errors > 0 {
		calls = append(calls, "s3:PutObject "+e.d.data+"/"+errorPrefix+" without "+fmt.Sprint(m.Errors)+" lines")
	}
	e.receipt.Calls = append(calls, e.resultsCall())
	return nil
}

// unseen tells of hours that only an erase itself would register.
func (e *erase) unseen(ctx context.Context) error {
	h, err := e.hours(ctx)
	if err != nil || len(h.missing) == 0 || e.d.projected() {
		return err
	}
	text := plural(len(h.missing), "hours are not registered: their rows are not counted")
	e.sink.Send(pipeline.Event{Phase: pipeline.Warn, Step: string(e.work), Text: text})
	e.receipt.Notes = append(e.receipt.Notes, text)
	return nil
}
