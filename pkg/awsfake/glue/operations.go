package glue

import (
	"context"
	"maps"

	"pixelctl/pkg/awsfake/wire"
)

// empty is the answer of operations that have none.
type empty struct{}

// named is the input of operations on a database or crawler.
type named struct{ Name string }

// Operations are the operations of the JSON protocol by name, as they stand in
// X-Amz-Target after the dot.
func (s *Server) Operations() map[string]wire.Operation {
	all := map[string]wire.Operation{
		"GetDatabase":    wire.Bind(s.getDatabase),
		"GetDatabases":   wire.Bind(s.getDatabases),
		"CreateDatabase": wire.Bind(func(_ context.Context, d Database) (empty, error) { return empty{}, s.CreateDatabase(d) }),
		"DeleteDatabase": wire.Bind(func(_ context.Context, in named) (empty, error) { return empty{}, s.DeleteDatabase(in.Name) }),
		"GetTable":       wire.Bind(s.getTable),
		"GetTables":      wire.Bind(s.getTables),
		"CreateTable":    wire.Bind(func(_ context.Context, t Table) (empty, error) { return empty{}, s.CreateTable(t.DatabaseName, t) }),
		"UpdateTable":    wire.Bind(func(_ context.Context, t Table) (empty, error) { return empty{}, s.UpdateTable(t.DatabaseName, t) }),
		"DeleteTable": wire.Bind(func(_ context.Context, in tableName) (empty, error) {
			return empty{}, s.DeleteTable(in.DatabaseName, in.Name)
		}),
	}
	maps.Copy(all, s.partitionOperations())
	maps.Copy(all, s.crawlerOperations())
	return all
}

type databaseAnswer struct{ Database Database }

func (s *Server) getDatabase(_ context.Context, in named) (databaseAnswer, error) {
	s.lock.Lock()
	defer s.lock.Unlock()
	d, err := s.database(in.Name)
	if err != nil {
		return databaseAnswer{}, err
	}
	return databaseAnswer{d.Database}, nil
}

// paged is the input of listings.
type paged struct {
	MaxResults int
	NextToken  string
}

type databasesAnswer struct {
	DatabaseList []Database
	NextToken    string `json:",omitempty"`
}

func (s *Server) getDatabases(_ context.Context, in paged) (databasesAnswer, error) {
	s.lock.Lock()
	defer s.lock.Unlock()
	names, token, err := cut(sorted(s.databases), in, 100)
	out := databasesAnswer{DatabaseList: []Database{}, NextToken: token}
	for _, name := range names {
		out.DatabaseList = append(out.DatabaseList, s.databases[name].Database)
	}
	return out, err
}

type tableName struct{ DatabaseName, Name string }

type tableAnswer struct{ Table Table }

func (s *Server) getTable(_ context.Context, in tableName) (tableAnswer, error) {
	t, err := s.Table(in.DatabaseName, in.Name)
	return tableAnswer{t}, err
}

type tablesQuery struct {
	paged
	DatabaseName string
	Expression   string // a regular expression on the name, all of it
}

type tablesAnswer struct {
	TableList []Table
	NextToken string `json:",omitempty"`
}

func (s *Server) getTables(_ context.Context, in tablesQuery) (tablesAnswer, error) {
	s.lock.Lock()
	defer s.lock.Unlock()
	d, err := s.database(in.DatabaseName)
	if err != nil {
		return tablesAnswer{}, err
	}
	names, err := matching(sorted(d.tables), in.Expression)
	if err != nil {
		return tablesAnswer{}, err
	}
	names, token, err := cut(names, in.paged, 100)
	out := tablesAnswer{TableList: []Table{}, NextToken: token}
	for _, name := range names {
		out.TableList = append(out.TableList, d.tables[name].Table)
	}
	return out, err
}
