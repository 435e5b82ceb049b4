package athena

import (
	"context"
	"io"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/athena"
	"github.com/aws/aws-sdk-go-v2/service/athena/types"

	"pixelctl/pkg/cloud/session"
	"pixelctl/pkg/fault"
)

// pageRows is the most that GetQueryResults gives at once, with the header.
const pageRows = 1000

// page asks for one page of the result.
func (r *run) page(ctx context.Context, token *string) (*athena.GetQueryResultsOutput, error) {
	out, err := r.e.client.GetQueryResults(ctx, &athena.GetQueryResultsInput{
		QueryExecutionId: &r.id, MaxResults: aws.Int32(pageRows), NextToken: token,
	})
	if err != nil {
		return nil, session.Explain(err, "read result of query %s", r.id)
	}
	if out.ResultSet == nil || out.ResultSet.ResultSetMetadata == nil {
		return nil, fault.New(fault.Failed, "read result of query %s: the answer names no columns", r.id)
	}
	return out, nil
}

// pagedRows are the rows of a result page by page.
type pagedRows struct {
	r       *run
	columns int
	rows    []types.Row
	token   *string
	fields  []field
}

// paged begins with a page that was read. The first row of a SELECT or EXPLAIN
// repeats the names; SHOW and DESCRIBE have no such row.
func (r *run) paged(first *athena.GetQueryResultsOutput) *pagedRows {
	p := &pagedRows{r: r, columns: len(first.ResultSet.ResultSetMetadata.ColumnInfo), rows: first.ResultSet.Rows, token: first.NextToken}
	if r.last.StatementType == types.StatementTypeDml && len(p.rows) > 0 {
		p.rows = p.rows[1:]
	}
	return p
}

func (p *pagedRows) close() {}

func (p *pagedRows) next(ctx context.Context) ([]field, error) {
	for len(p.rows) == 0 {
		if aws.ToString(p.token) == "" {
			return nil, io.EOF
		}
		out, err := p.r.page(ctx, p.token)
		if err != nil {
			return nil, err
		}
		p.rows, p.token = out.ResultSet.Rows, out.NextToken
	}
	data := p.rows[0].Data
	p.rows = p.rows[1:]
	if len(data) > p.columns {
		return nil, fault.New(fault.Failed, "read result of query %s: %d values for %d columns", p.r.id, len(data), p.columns)
	}
	p.fields = p.fields[:0]
	for _, d := range data {
		p.fields = append(p.fields, field{aws.ToString(d.VarCharValue), d.VarCharValue == nil})
	}
	if p.r.last.StatementType != types.StatementTypeDml {
		p.unpad()
	}
	for len(p.fields) < p.columns {
		p.fields = append(p.fields, field{null: true})
	}
	return p.fields, nil
}

// unpad takes apart what SHOW and DESCRIBE write for a screen: DESCRIBE joins
// its columns by tabs in one value, and both fill up with spaces.
func (p *pagedRows) unpad() {
	var parts []string
	for _, f := range p.fields {
		if f.null {
			return
		}
		parts = append(parts, f.text)
	}
	if len(parts) == 1 && p.columns > 1 {
		parts = strings.SplitN(parts[0], "\t", p.columns)
	}
	p.fields = p.fields[:0]
	for _, part := range parts {
		p.fields = append(p.fields, field{text: strings.TrimRight(part, " \t")})
	}
}
