package lake

import (
	"slices"
	"strings"

	"pixelctl/pkg/event"
)

// CatalogVersion is the version of the catalog's form.
const CatalogVersion = 1

// Catalog is the table and its registered partitions: on the local target what
// Glue holds on AWS.
type Catalog struct {
	Version       int             `json:"version"`
	Database      string          `json:"database"`
	Table         string          `json:"table"`
	Location      string          `json:"location"` // directory or s3:// URL above year=…
	Columns       []CatalogColumn `json:"columns"`
	PartitionKeys []CatalogColumn `json:"partition_keys"`
	Partitions    []Partition     `json:"partitions"` // by time, each hour once
}

// CatalogColumn is one column; Type is Glue's name for it.
type CatalogColumn struct {
	Name    string `json:"name"`
	Type    string `json:"type"`
	Comment string `json:"comment,omitempty"`
}

// Partition is one registered hour and where its files lie.
type Partition struct {
	Hour     Hour   `json:"hour"`
	Location string `json:"location"`
}

// NewCatalog returns a catalog with the columns of s and no partitions.
func NewCatalog(location string, s event.Schema) *Catalog {
	return &Catalog{
		Version:       CatalogVersion,
		Database:      Database,
		Table:         Table,
		Location:      strings.TrimSuffix(location, "/"),
		Columns:       Columns(s),
		PartitionKeys: PartitionKeys(),
		Partitions:    []Partition{},
	}
}

// Columns returns the columns of a table of this schema without the partition keys.
func Columns(s event.Schema) []CatalogColumn {
	columns := s.GlueColumns()
	out := make([]CatalogColumn, len(columns))
	for i, c := range columns {
		out[i] = CatalogColumn(c)
	}
	return out
}

// PartitionKeys returns the partition keys, outermost first.
func PartitionKeys() []CatalogColumn {
	return []CatalogColumn{
		{"year", "int", "year of received_at, UTC"},
		{"month", "int", "month of received_at, 1 to 12, UTC"},
		{"day", "int", "day of received_at, 1 to 31, UTC"},
		{"hour", "int", "hour of received_at, 0 to 23, UTC"},
	}
}

// Has reports whether h is registered.
func (c *Catalog) Has(h Hour) bool {
	_, ok := c.find(h)
	return ok
}

func (c *Catalog) find(h Hour) (int, bool) {
	return slices.BinarySearchFunc(c.Partitions, h, func(p Partition, h Hour) int { return p.Hour.Compare(h) })
}

// Add registers hours and returns, by time, those that were not registered
// before. It changes no columns.
func (c *Catalog) Add(hours []Hour) (added []Hour) {
	for _, h := range sorted(hours) {
		if !c.Has(h) {
			added = append(added, h)
		}
	}
	for _, h := range added {
		c.Partitions = append(c.Partitions, Partition{Hour: h, Location: c.locate(h)})
	}
	slices.SortFunc(c.Partitions, func(a, b Partition) int { return a.Hour.Compare(b.Hour) })
	return added
}

// Drop takes hours out and returns, by time, those that were registered.
func (c *Catalog) Drop(hours []Hour) (dropped []Hour) {
	for _, h := range sorted(hours) {
		if i, ok := c.find(h); ok {
			c.Partitions = slices.Delete(c.Partitions, i, i+1)
			dropped = append(dropped, h)
		}
	}
	return dropped
}

// Hours returns the registered hours by time.
func (c *Catalog) Hours() []Hour {
	hours := make([]Hour, len(c.Partitions))
	for i, p := range c.Partitions {
		hours[i] = p.Hour
	}
	return hours
}

// locate returns the location of a partition.
func (c *Catalog) locate(h Hour) string { return c.Location + "/" + h.Path() }

// sorted returns hours by time, each once.
func sorted(hours []Hour) []Hour {
	hours = slices.Clone(hours)
	slices.SortFunc(hours, Hour.Compare)
	return slices.Compact(hours)
}
