package glue

import (
	"strings"

	"pixelctl/pkg/awsfake/wire"
)

// separator joins the values of a partition to its key; it sorts before
// everything a value may hold.
const separator = "\x00"

func keyOf(values []string) string { return strings.Join(values, separator) }

// Partitions lists the partitions of a table, sorted by their values as text;
// none when there is no such table.
func (s *Server) Partitions(db, name string) []Partition {
	s.lock.Lock()
	defer s.lock.Unlock()
	t, err := s.table(db, name)
	if err != nil {
		return nil
	}
	return t.list()
}

func (t *table) list() []Partition {
	list := make([]Partition, 0, len(t.partitions))
	for _, key := range sorted(t.partitions) {
		list = append(list, t.partitions[key])
	}
	return list
}

// AddPartition registers a partition; AlreadyExistsException when its values
// are registered. A partition without a StorageDescriptor takes the table's,
// at p.Location.
func (s *Server) AddPartition(db, name string, p Partition) error {
	s.lock.Lock()
	defer s.lock.Unlock()
	t, err := s.table(db, name)
	if err != nil {
		return err
	}
	return s.add(t, p)
}

func (s *Server) add(t *table, p Partition) error {
	if len(p.Values) != len(t.PartitionKeys) {
		return invalid("The number of partition keys do not match the number of partition values")
	}
	if _, ok := t.partitions[keyOf(p.Values)]; ok {
		return wire.Error{Code: "AlreadyExistsException", Message: "Partition already exists."}
	}
	p.CreationTime = epoch(s.clock.Now())
	t.set(p)
	return nil
}

// set stores a partition in the place of one with the same values.
func (t *table) set(p Partition) {
	if p.StorageDescriptor == nil && t.StorageDescriptor != nil {
		copied := *t.StorageDescriptor
		copied.Location = p.Location
		p.StorageDescriptor = &copied
	}
	if p.StorageDescriptor != nil {
		p.Location = p.StorageDescriptor.Location
	}
	p.DatabaseName, p.TableName, p.CatalogID = t.DatabaseName, t.Name, account
	t.partitions[keyOf(p.Values)] = p
}

// DropPartition takes a partition out; EntityNotFoundException when it is not
// registered.
func (s *Server) DropPartition(db, name string, values []string) error {
	s.lock.Lock()
	defer s.lock.Unlock()
	t, err := s.table(db, name)
	if err != nil {
		return err
	}
	return t.drop(values)
}

func (t *table) drop(values []string) error {
	if _, err := t.partition(values); err != nil {
		return err
	}
	delete(t.partitions, keyOf(values))
	return nil
}

func (t *table) partition(values []string) (Partition, error) {
	p, ok := t.partitions[keyOf(values)]
	if !ok {
		return p, missing("Cannot find partition.")
	}
	return p, nil
}
