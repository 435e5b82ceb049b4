package athena

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"pixelctl/pkg/awsfake/athena/lexer"
	"pixelctl/pkg/awsfake/glue"
	"pixelctl/pkg/awsfake/wire"
)

// define runs what the catalog answers.
func (s *Server) define(ctx context.Context, st statement, database string) (r Result, err error) {
	switch st.run {
	case repairs:
		r, err = s.repair(ctx, st, database)
	case altersPartitions:
		err = s.alter(ctx, st, database)
	case describes:
		r, err = s.describe(ctx, st, database)
	default:
		r, err = s.show(ctx, st, database)
	}
	return r, asFailure(err)
}

// table gets a table; without one the statement fails as Hive's does.
func (s *Server) table(ctx context.Context, at tableName) (glue.Table, error) {
	t, err := s.o.Catalog.Table(ctx, at.database, at.table)
	if isMissing(err) {
		return t, Fail("", "FAILED: SemanticException [Error 10001]: Table not found %s.%s", at.database, at.table)
	}
	return t, err
}

func isMissing(err error) bool {
	return err != nil && wire.AsError(err).Code == "EntityNotFoundException"
}

// spec is one PARTITION (…) of a statement, by key.
type spec struct {
	values   map[string]string
	location string
}

// specs reads PARTITION (a = 1, b = 'x') [LOCATION '…'] and those after it,
// with or without commas between.
func (c *cursor) specs() ([]spec, error) {
	var out []spec
	for c.take("partition") {
		one := spec{values: map[string]string{}}
		if !c.take("(") {
			return nil, c.wrong(c.next())
		}
		for more := true; more; more = c.take(",") {
			name, err := c.name()
			if err != nil {
				return nil, err
			}
			if !c.take("=") {
				return nil, c.wrong(c.next())
			}
			v := c.next()
			if v.Kind != lexer.Word && v.Kind != lexer.Text {
				return nil, c.wrong(v)
			}
			one.values[name] = v.Text
		}
		if !c.take(")") {
			return nil, c.wrong(c.next())
		}
		if c.take("location") {
			one.location = c.next().Text
		}
		out = append(out, one)
		c.take(",")
	}
	return out, c.end()
}

// alter adds or drops partitions.
func (s *Server) alter(ctx context.Context, st statement, database string) error {
	c := st.after(2)
	at, err := c.table(database)
	if err != nil {
		return err
	}
	t, err := s.table(ctx, at)
	if err != nil {
		return err
	}
	switch {
	case c.take("add if not exists"):
		return s.add(ctx, t, c, true)
	case c.take("add"):
		return s.add(ctx, t, c, false)
	case c.take("drop if exists"):
		return s.drop(ctx, t, c, true)
	case c.take("drop"):
		return s.drop(ctx, t, c, false)
	}
	return c.wrong(c.next())
}

func (s *Server) add(ctx context.Context, t glue.Table, c *cursor, lenient bool) error {
	list, err := c.specs()
	if err != nil {
		return err
	}
	for _, one := range list {
		values, err := one.complete(t)
		if err != nil {
			return err
		}
		p := partitionOf(t, values, one.location)
		err = s.o.Catalog.AddPartition(ctx, t.DatabaseName, t.Name, p)
		if exists := err != nil && wire.AsError(err).Code == "AlreadyExistsException"; exists {
			if !lenient {
				return Fail("", "FAILED: Execution Error, return code 1 from org.apache.hadoop.hive.ql.exec.DDLTask. AlreadyExistsException(message:Partition already exists.)")
			}
			err = nil
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// complete gives a value for each key of the table, in its order.
func (o spec) complete(t glue.Table) ([]string, error) {
	values := make([]string, len(t.PartitionKeys))
	for i, key := range t.PartitionKeys {
		v, ok := o.values[key.Name]
		if !ok {
			return nil, Fail("", "FAILED: SemanticException partition spec %v doesn't contain all (%d) partition columns", o.values, len(values))
		}
		values[i] = v
	}
	if len(o.values) != len(values) {
		return nil, Fail("", "FAILED: SemanticException partition spec %v has a column that is no partition key", o.values)
	}
	return values, nil
}

// partitionOf describes a partition. Without a location it lies where Hive
// would put it: below the table, by the values as they are.
func partitionOf(t glue.Table, values []string, at string) glue.Partition {
	p := glue.Partition{Values: values, Location: at}
	if at == "" {
		p.Location = base(t) + partitionName(t, values) + "/"
	}
	if t.StorageDescriptor != nil {
		d := *t.StorageDescriptor
		d.Location = p.Location
		p.StorageDescriptor = &d
	}
	return p
}

// base is a table's location with a slash at its end.
func base(t glue.Table) string {
	if t.StorageDescriptor == nil {
		return "/"
	}
	return strings.TrimSuffix(t.StorageDescriptor.Location, "/") + "/"
}

// partitionName is year=2026/month=7.
func partitionName(t glue.Table, values []string) string {
	parts := make([]string, 0, len(values))
	for i, v := range values {
		if i < len(t.PartitionKeys) {
			parts = append(parts, t.PartitionKeys[i].Name+"="+v)
		}
	}
	return strings.Join(parts, "/")
}

// drop removes every partition that has the values of a spec, which need not
// name all keys.
func (s *Server) drop(ctx context.Context, t glue.Table, c *cursor, lenient bool) error {
	list, err := c.specs()
	if err != nil {
		return err
	}
	all, err := s.o.Catalog.Partitions(ctx, t.DatabaseName, t.Name)
	if err != nil {
		return err
	}
	for _, one := range list {
		found := 0
		for _, p := range all {
			if !one.fits(t, p.Values) {
				continue
			}
			found++
			if err := s.o.Catalog.DropPartition(ctx, t.DatabaseName, t.Name, p.Values); err != nil {
				return err
			}
		}
		if found == 0 && !lenient {
			return Fail("", "FAILED: SemanticException [Error 10006]: Partition not found %v", one.values)
		}
	}
	return nil
}

func (o spec) fits(t glue.Table, values []string) bool {
	for i, key := range t.PartitionKeys {
		if v, ok := o.values[key.Name]; ok && (i >= len(values) || values[i] != v) {
			return false
		}
	}
	return true
}

// only reads the name of a table, which ends the statement, and finds the table.
func (s *Server) only(ctx context.Context, c *cursor, database string) (glue.Table, error) {
	at, err := c.table(database)
	if err != nil {
		return glue.Table{}, err
	}
	if err := c.end(); err != nil {
		return glue.Table{}, err
	}
	return s.table(ctx, at)
}

// repair registers every partition that has an object below the table's
// location and is not registered. It removes none and says what it did.
func (s *Server) repair(ctx context.Context, st statement, database string) (Result, error) {
	t, err := s.only(ctx, st.after(3), database)
	if err != nil {
		return Result{}, err
	}
	if len(t.PartitionKeys) == 0 {
		return Result{}, Fail("", "FAILED: SemanticException table is not partitioned but partition spec exists")
	}
	missing, err := s.missing(ctx, t)
	if err != nil || len(missing) == 0 {
		return Result{}, err
	}
	var names, rows []string
	for _, values := range missing {
		name := t.Name + ":" + partitionName(t, values)
		if err := s.o.Catalog.AddPartition(ctx, t.DatabaseName, t.Name, partitionOf(t, values, "")); err != nil {
			return Result{}, Fail("", "FAILED: Execution Error, return code 1 from org.apache.hadoop.hive.ql.exec.DDLTask. %v", err)
		}
		names = append(names, name)
		rows = append(rows, "Repair: Added partition to metastore "+name)
	}
	head := "Partitions not in metastore:\t" + strings.Join(names, "\t")
	return lines("result", append([]string{head}, rows...)...), nil
}

// missing finds the directories key=value/… that are not registered. Values
// are taken as they are written: month=07 is another partition than month=7.
// Names are in lower case; others are no partitions, as in Athena.
func (s *Server) missing(ctx context.Context, t glue.Table) ([][]string, error) {
	bucket, prefix, err := location(base(t))
	if err != nil {
		return nil, fmt.Errorf("read location of %s: %w", t.Name, err)
	}
	keys, err := s.o.Store.List(ctx, bucket, prefix)
	if err != nil {
		return nil, err
	}
	known, err := s.o.Catalog.Partitions(ctx, t.DatabaseName, t.Name)
	if err != nil {
		return nil, err
	}
	seen := map[string]bool{}
	for _, p := range known {
		seen[partitionName(t, p.Values)] = true
	}
	var out [][]string
	for _, key := range keys {
		values, ok := valuesOf(t, strings.TrimPrefix(key, prefix))
		if name := partitionName(t, values); ok && !seen[name] {
			seen[name] = true
			out = append(out, values)
		}
	}
	slices.SortFunc(out, slices.Compare)
	return out, nil
}

// valuesOf reads the directories of a key below the table's location.
func valuesOf(t glue.Table, key string) (values []string, ok bool) {
	for _, k := range t.PartitionKeys {
		dir, rest, found := strings.Cut(key, "/")
		value, fits := strings.CutPrefix(dir, k.Name+"=")
		if !found || !fits || value == "" {
			return nil, false
		}
		values, key = append(values, value), rest
	}
	return values, true
}

// asFailure makes a statement that cannot be read fail like Hive's: it was
// taken by StartQueryExecution.
func asFailure(err error) error {
	var f *QueryError
	if errors.As(err, &f) && f.Name == MalformedQuery {
		return Fail("", "FAILED: ParseException %s", f.Message)
	}
	return err
}
