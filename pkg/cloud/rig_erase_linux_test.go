package cloud_test

import (
	"pixelctl/pkg/awsfake/rigs"
	"pixelctl/pkg/cloud"
	"pixelctl/pkg/pipeline"
	"pixelctl/pkg/query"
)

// erases takes one person out of their rows and then another's rows away, by
// statements that Trino runs. What others have, and what tells about nobody,
// stays value by value.
func (l *life) erases(trino *rigs.Trino) {
	l.Helper()
	const impersonal = "SELECT event_id, received_at, event, site, client_class, utm_campaign, value, client_ts, screen_width, is_bot, status, page_title FROM tp_hits"
	const others = "SELECT * FROM tp_hits WHERE visitor_id IS DISTINCT FROM 'v1' AND visitor_id IS NOT NULL"
	l.erase(trino, impersonal, "v1", true)
	if n := trinoTable(l.T, trino, cloud.Database(l.stack), "SELECT * FROM tp_hits WHERE visitor_id = 'v1' AND day = 5"); len(n.Rows) > 0 {
		l.Errorf("%d rows are still of the person", len(n.Rows))
	}
	l.erase(trino, others+" AND (visitor_id <> 'v0' OR day <> 5)", "v0", false)
	if n := trinoTable(l.T, trino, cloud.Database(l.stack), "SELECT * FROM tp_hits WHERE visitor_id = 'v0' AND day = 5"); len(n.Rows) > 0 {
		l.Errorf("%d rows of the person are left", len(n.Rows))
	}
}

// erase wants the answer to a question the same before and after.
func (l *life) erase(trino *rigs.Trino, same, visitor string, anonymise bool) {
	l.Helper()
	s := pipeline.Subject{Column: "visitor_id", Value: visitor, Window: query.Window{Until: moment(l.T, "2026-07-06 00:00:00")}}
	before := trinoTable(l.T, trino, cloud.Database(l.stack), same)
	m, err := l.target.FindSubject(l.Context(), s, nil)
	if err != nil || m.Rows == 0 || m.Scanned <= 0 {
		l.Fatalf("find %s: %+v, %v", visitor, m, err)
	}
	r, err := l.target.EraseSubject(l.Context(), pipeline.EraseOptions{Subject: s, Anonymise: anonymise}, nil)
	if err != nil || r.Rows != m.Rows || len(r.Files) != len(m.Files) {
		l.Fatalf("erase %s: %+v, %v; found %+v", visitor, r, err, m)
	}
	for _, f := range r.Files {
		if f.RowsAfter > 0 && len(f.SHA256) < 64 {
			l.Errorf("%+v", f)
		}
	}
	after := trinoTable(l.T, trino, cloud.Database(l.stack), same)
	if d := after.Differs(before); d != "" || len(before.Rows) == 0 {
		l.Errorf("after (<) and before (>) %s was erased differ:\n%s", visitor, d)
	}
}
