package athena

import (
	"cmp"
	"context"
	"errors"
	"strings"
	"unicode/utf8"
)

// Limits of StartQueryExecution.
const (
	maxQuery   = 262_144 // bytes of UTF-8
	leastToken = 32
	mostToken  = 128
)

// startInput is what StartQueryExecution takes.
type startInput struct {
	QueryString           string
	ClientRequestToken    *string
	QueryExecutionContext QueryContext
	ResultConfiguration   ResultConfiguration
	WorkGroup             string
	ExecutionParameters   []string
}

// key holds what a second call with the same token must not change.
func (in startInput) key() string {
	c := in.QueryExecutionContext
	return strings.Join(append([]string{in.QueryString, c.Database, c.Catalog, in.ResultConfiguration.OutputLocation}, in.ExecutionParameters...), "\x00")
}

func (s *Server) start(ctx context.Context, in startInput) (oneExecution, error) {
	group, err := s.admit(in)
	if err != nil {
		return oneExecution{}, err
	}
	if id, known, err := s.known(in); known || err != nil {
		return oneExecution{id}, err
	}
	st, err := classify(in.QueryString)
	if err != nil {
		return oneExecution{}, err
	}
	if st, err = st.with(in.ExecutionParameters); err != nil {
		return oneExecution{}, err
	}
	if err := s.parse(ctx, st, in.QueryExecutionContext.Database); err != nil {
		return oneExecution{}, err
	}
	e, err := s.submit(ctx, in, group, st)
	if err == nil && s.o.Clock == nil {
		go s.follow(e) // does nothing for one that runs already
	}
	return oneExecution{e.QueryExecutionID}, err
}

// admit checks a request by itself and against its workgroup.
func (s *Server) admit(in startInput) (WorkGroup, error) {
	if err := in.check(); err != nil {
		return WorkGroup{}, err
	}
	g, err := s.WorkGroup(cmp.Or(in.WorkGroup, primary))
	if err != nil {
		return g, err
	}
	if g.State == disabled {
		return g, invalid("INVALID_INPUT", "WorkGroup %s is disabled.", g.Name)
	}
	if resultsOf(g, in).OutputLocation == "" {
		return g, invalid("INVALID_INPUT", "No output location provided. You did not provide an output location for  your query results. "+
			"Either specify an S3 bucket location or enable Athena managed query results in your workgroup settings.")
	}
	return g, nil
}

func (in startInput) check() error {
	const constraint = "1 validation error detected: Value at '%s' failed to satisfy constraint: Member must have length %s than or equal to %d"
	if in.ClientRequestToken == nil {
		return invalid("INVALID_INPUT", "clientRequestToken is null or empty")
	}
	switch n := utf8.RuneCountInString(*in.ClientRequestToken); {
	case n < leastToken:
		return invalid("INVALID_INPUT", constraint, "clientRequestToken", "greater", leastToken)
	case n > mostToken:
		return invalid("INVALID_INPUT", constraint, "clientRequestToken", "less", mostToken)
	case in.QueryString == "":
		return invalid("INVALID_INPUT", constraint, "queryString", "greater", 1)
	case len(in.QueryString) > maxQuery:
		return invalid("INVALID_INPUT", constraint, "queryString", "less", maxQuery)
	}
	if l := in.ResultConfiguration.OutputLocation; l != "" {
		_, _, err := location(l)
		return err
	}
	return nil
}

// resultsOf tells where results go: the workgroup's word is the last when it
// enforces its configuration, else the request's.
func resultsOf(g WorkGroup, in startInput) ResultConfiguration {
	of := g.Configuration.ResultConfiguration
	if g.Configuration.enforces() {
		return of
	}
	asked := in.ResultConfiguration
	if asked.OutputLocation == "" {
		asked.OutputLocation = of.OutputLocation
	}
	if asked.EncryptionConfiguration == nil {
		asked.EncryptionConfiguration = of.EncryptionConfiguration
	}
	return asked
}

// known finds the statement that an earlier call with the same token began.
func (s *Server) known(in startInput) (id string, known bool, err error) {
	s.lock.Lock()
	defer s.lock.Unlock()
	id, known = s.tokens[*in.ClientRequestToken]
	if known && s.executions[id].key != in.key() {
		return "", true, invalid("IDEMPOTENT_PARAMETER_MISMATCH", "Idempotent parameters do not match")
	}
	return id, known, nil
}

// parse has the back end look for what Athena refuses before it runs anything.
func (s *Server) parse(ctx context.Context, st statement, database string) error {
	sql := st.sql
	switch st.run {
	case unloads:
		u, err := st.unload()
		if err != nil {
			return err
		}
		sql = u.query
	case reads, explains:
	default:
		return nil
	}
	err := s.o.Backend.Check(ctx, Statement{SQL: sql, Database: databaseOf(database)})
	var f *QueryError
	if errors.As(err, &f) && f.Name == MalformedQuery {
		return invalid(MalformedQuery, "%s", f.Message)
	}
	return err
}

func databaseOf(name string) string { return strings.ToLower(cmp.Or(name, "default")) }

// submit keeps the statement as QUEUED.
func (s *Server) submit(ctx context.Context, in startInput, g WorkGroup, st statement) (*execution, error) {
	results := resultsOf(g, in)
	bucket, prefix, err := location(results.OutputLocation)
	if err != nil {
		return &execution{}, err
	}
	ctx, cancel := context.WithCancel(context.WithoutCancel(ctx))
	s.lock.Lock()
	defer s.lock.Unlock()
	if id, ok := s.tokens[*in.ClientRequestToken]; ok { // by another call, since this one looked
		cancel()
		return s.executions[id], nil
	}
	e := &execution{statement: st, submitted: s.now(), cancel: cancel, key: in.key()}
	id := s.nextID()
	results.OutputLocation = "s3://" + bucket + "/" + prefix + id + st.extension
	in.QueryExecutionContext.Catalog = strings.ToLower(in.QueryExecutionContext.Catalog)
	e.QueryExecution = QueryExecution{
		QueryExecutionID: id, Query: in.QueryString, StatementType: st.class, SubstatementType: st.sub,
		ResultConfiguration: results, QueryExecutionContext: in.QueryExecutionContext, WorkGroup: g.Name,
		ExecutionParameters: in.ExecutionParameters,
		Status:              Status{State: queued, SubmissionDateTime: epoch(e.submitted)},
		EngineVersion:       g.Configuration.EngineVersion,
	}
	ask := Statement{SQL: st.sql, Database: databaseOf(in.QueryExecutionContext.Database), Limit: g.Configuration.cutoff()}
	execution := e.QueryExecution
	e.work = func() outcome { return s.execute(ctx, execution, st, ask) }
	s.executions[id], s.tokens[*in.ClientRequestToken] = e, id
	s.order = append(s.order, e)
	return e, nil
}
