// Package glue is a fake of the AWS Glue Data Catalog and its crawlers for
// tests. A crawl takes a minute of the fake's clock and registers partitions;
// it never changes columns.
package glue

import (
	"sort"
	"strings"
	"sync"

	"pixelctl/pkg/awsfake/wire"
)

// Lister lists the keys of a bucket; s3.Server is one.
type Lister interface {
	List(bucket, prefix string) []string
}

// Server is one catalog with its crawlers. It is safe for concurrent use.
type Server struct {
	clock *wire.Clock

	lock      sync.Mutex
	lister    Lister
	log       func(group, stream, message string)
	databases map[string]*database
	crawlers  map[string]*crawler
	serial    int // of crawls; only rises
}

type database struct {
	Database
	tables map[string]*table
}

type table struct {
	Table
	version    int
	partitions map[string]Partition // by key
}

// New returns an empty catalog.
func New(clock *wire.Clock) *Server {
	s := &Server{clock: clock, databases: map[string]*database{}, crawlers: map[string]*crawler{}}
	clock.OnAdvance(s.advance)
	return s
}

// SetLister says where crawls look for objects. Without it they find none.
func (s *Server) SetLister(l Lister) {
	s.lock.Lock()
	defer s.lock.Unlock()
	s.lister = l
}

// SetLog says where crawlers log; without it they do not.
func (s *Server) SetLog(log func(group, stream, message string)) {
	s.lock.Lock()
	defer s.lock.Unlock()
	s.log = log
}

// CreateDatabase adds a database; AlreadyExistsException when there is one.
// Names are folded to lower case, here and everywhere.
func (s *Server) CreateDatabase(d Database) error {
	s.lock.Lock()
	defer s.lock.Unlock()
	d.Name = strings.ToLower(d.Name)
	switch {
	case d.Name == "":
		return invalid("Database name cannot be empty")
	case s.databases[d.Name] != nil:
		return wire.Error{Code: "AlreadyExistsException", Message: "Database already exists."}
	}
	d.CatalogID, d.CreateTime = account, epoch(s.clock.Now())
	s.databases[d.Name] = &database{Database: d, tables: map[string]*table{}}
	return nil
}

// UpdateDatabase replaces the description of a database.
func (s *Server) UpdateDatabase(d Database) error {
	s.lock.Lock()
	defer s.lock.Unlock()
	old, err := s.database(d.Name)
	if err != nil {
		return err
	}
	d.Name, d.CatalogID, d.CreateTime = old.Name, account, old.CreateTime
	old.Database = d
	return nil
}

// DeleteDatabase removes a database with its tables and partitions.
func (s *Server) DeleteDatabase(name string) error {
	s.lock.Lock()
	defer s.lock.Unlock()
	d, err := s.database(name)
	if err != nil {
		return err
	}
	delete(s.databases, d.Name)
	return nil
}

// Databases lists the databases, sorted.
func (s *Server) Databases() []string {
	s.lock.Lock()
	defer s.lock.Unlock()
	return sorted(s.databases)
}

// CreateTable adds a table; AlreadyExistsException when there is one.
func (s *Server) CreateTable(db string, t Table) error {
	s.lock.Lock()
	defer s.lock.Unlock()
	d, err := s.database(db)
	if err != nil {
		return err
	}
	t.Name = strings.ToLower(t.Name)
	switch {
	case t.Name == "":
		return invalid("Table name cannot be empty")
	case d.tables[t.Name] != nil:
		return wire.Error{Code: "AlreadyExistsException", Message: "Table already exists."}
	}
	t.DatabaseName, t.CatalogID, t.VersionID = d.Name, account, "0"
	t.CreateTime = epoch(s.clock.Now())
	t.UpdateTime = t.CreateTime
	d.tables[t.Name] = &table{Table: t, partitions: map[string]Partition{}}
	return nil
}

// UpdateTable replaces the definition of a table; partitions stay and the
// version rises.
func (s *Server) UpdateTable(db string, t Table) error {
	s.lock.Lock()
	defer s.lock.Unlock()
	old, err := s.table(db, t.Name)
	if err != nil {
		return err
	}
	old.version++
	t.Name, t.DatabaseName, t.CatalogID, t.CreateTime = old.Name, old.DatabaseName, account, old.CreateTime
	t.UpdateTime, t.VersionID = epoch(s.clock.Now()), itoa(old.version)
	old.Table = t
	return nil
}

// DeleteTable removes a table and its partitions.
func (s *Server) DeleteTable(db, name string) error {
	s.lock.Lock()
	defer s.lock.Unlock()
	t, err := s.table(db, name)
	if err != nil {
		return err
	}
	delete(s.databases[t.DatabaseName].tables, t.Name)
	return nil
}

// Table returns a table; EntityNotFoundException when there is none.
func (s *Server) Table(db, name string) (Table, error) {
	s.lock.Lock()
	defer s.lock.Unlock()
	t, err := s.table(db, name)
	if err != nil {
		return Table{}, err
	}
	return t.Table, nil
}

// Tables lists the tables of a database by name; none when there is no such
// database.
func (s *Server) Tables(db string) []Table {
	s.lock.Lock()
	defer s.lock.Unlock()
	d, err := s.database(db)
	if err != nil {
		return nil
	}
	tables := make([]Table, 0, len(d.tables))
	for _, name := range sorted(d.tables) {
		tables = append(tables, d.tables[name].Table)
	}
	return tables
}

// database finds a database; the lock is held.
func (s *Server) database(name string) (*database, error) {
	if d := s.databases[strings.ToLower(name)]; d != nil {
		return d, nil
	}
	return nil, missing("Database %s not found.", name)
}

// table finds a table; the lock is held.
func (s *Server) table(db, name string) (*table, error) {
	d, err := s.database(db)
	if err != nil {
		return nil, err
	}
	if t := d.tables[strings.ToLower(name)]; t != nil {
		return t, nil
	}
	return nil, missing("Table %s not found.", name)
}

func sorted[V any](m map[string]V) []string {
	names := make([]string, 0, len(m))
	for name := range m {
		names = append(names, name)
	}
	sort.Strings(names)
	return names
}
