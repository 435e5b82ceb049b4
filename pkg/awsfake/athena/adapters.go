package athena

import (
	"context"
	"strings"

	"pixelctl/pkg/awsfake/glue"
	"pixelctl/pkg/awsfake/s3"
)

// FakeCatalog is the fake Glue as a Catalog.
type FakeCatalog struct{ Glue *glue.Server }

var _ Catalog = FakeCatalog{}

// Table gets a table.
func (c FakeCatalog) Table(_ context.Context, database, name string) (glue.Table, error) {
	return c.Glue.Table(database, name)
}

// Tables lists the tables of a database.
func (c FakeCatalog) Tables(_ context.Context, database string) ([]glue.Table, error) {
	return c.Glue.Tables(database), nil
}

// Partitions lists the registered partitions of a table.
func (c FakeCatalog) Partitions(_ context.Context, database, table string) ([]glue.Partition, error) {
	return c.Glue.Partitions(database, table), nil
}

// AddPartition registers a partition.
func (c FakeCatalog) AddPartition(_ context.Context, database, table string, p glue.Partition) error {
	return c.Glue.AddPartition(database, table, p)
}

// DropPartition takes a partition out.
func (c FakeCatalog) DropPartition(_ context.Context, database, table string, values []string) error {
	return c.Glue.DropPartition(database, table, values)
}

// FakeStore is the fake S3 as a Store.
type FakeStore struct{ S3 *s3.Server }

var _ Store = FakeStore{}

// Get gives the body of an object.
func (s FakeStore) Get(_ context.Context, bucket, key string) ([]byte, error) {
	return s.S3.Get(bucket, key)
}

// List gives the keys with the prefix.
func (s FakeStore) List(_ context.Context, bucket, prefix string) ([]string, error) {
	return s.S3.List(bucket, prefix), nil
}

// Put stores an object.
func (s FakeStore) Put(_ context.Context, bucket, key string, body []byte) error {
	return s.S3.Put(bucket, key, body)
}

// SplitURL takes bucket and key or prefix from an s3:// URL; ok is false when
// it is none.
func SplitURL(url string) (bucket, key string, ok bool) {
	rest, ok := strings.CutPrefix(url, "s3://")
	bucket, key, _ = strings.Cut(rest, "/")
	return bucket, key, ok && bucket != ""
}
