package lake

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
)

// MaxCatalog is the most bytes of a catalog file: more than forty years of
// hours. A larger file is corrupt.
const MaxCatalog = 64 << 20

// Encode returns the catalog as indented JSON, partitions by time; the same
// catalog gives the same bytes. It fails when DecodeCatalog would not read it.
func (c *Catalog) Encode() ([]byte, error) {
	if err := c.check(); err != nil {
		return nil, fmt.Errorf("encode catalog: %w", err)
	}
	data, err := json.MarshalIndent(c, "", "  ")
	if err != nil {
		return nil, fmt.Errorf("encode catalog: %w", err)
	}
	return append(data, '\n'), nil
}

// DecodeCatalog reads what Encode wrote. Anything else is an error: unknown
// fields, another version or table, partitions that are not by time or lie
// elsewhere than their hour says.
func DecodeCatalog(data []byte) (*Catalog, error) {
	if len(data) > MaxCatalog {
		return nil, fmt.Errorf("decode catalog: %d bytes, at most %d", len(data), MaxCatalog)
	}
	c := &Catalog{}
	d := json.NewDecoder(bytes.NewReader(data))
	d.DisallowUnknownFields()
	if err := d.Decode(c); err != nil {
		return nil, fmt.Errorf("decode catalog: %w", err)
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return nil, errors.New("decode catalog: more follows the catalog")
	}
	if err := c.check(); err != nil {
		return nil, fmt.Errorf("decode catalog: %w", err)
	}
	return c, nil
}

// check returns what is wrong with the catalog, or nil.
func (c *Catalog) check() error {
	switch {
	case c.Version != CatalogVersion:
		return fmt.Errorf("version %d, want %d", c.Version, CatalogVersion)
	case c.Database != Database || c.Table != Table:
		return fmt.Errorf("table %.80q.%.80q, want %s.%s", c.Database, c.Table, Database, Table)
	case c.Location == "":
		return errors.New("no location")
	case !slices.EqualFunc(c.PartitionKeys, PartitionKeys(), sameColumn):
		return errors.New("other partition keys")
	case c.Partitions == nil:
		return errors.New("no list of partitions")
	}
	if err := checkColumns(c.Columns); err != nil {
		return err
	}
	return c.checkPartitions()
}

// sameColumn compares all but the comments, which may be reworded.
func sameColumn(a, b CatalogColumn) bool { return a.Name == b.Name && a.Type == b.Type }

func checkColumns(columns []CatalogColumn) error {
	if len(columns) == 0 {
		return errors.New("no columns")
	}
	seen := make(map[string]bool, len(columns))
	for _, c := range columns {
		if c.Name == "" || c.Type == "" || seen[c.Name] {
			return fmt.Errorf("column %.80q: no name, no type, or there twice", c.Name)
		}
		seen[c.Name] = true
	}
	return nil
}

func (c *Catalog) checkPartitions() error {
	for i, p := range c.Partitions {
		switch {
		case !p.Hour.Valid():
			return fmt.Errorf("partition %s: no such hour", p.Hour)
		case p.Location != c.locate(p.Hour):
			return fmt.Errorf("partition %s: location %.200q, want %.200q", p.Hour, p.Location, c.locate(p.Hour))
		case i > 0 && c.Partitions[i-1].Hour.Compare(p.Hour) >= 0:
			return fmt.Errorf("partition %s: not by time, or there twice", p.Hour)
		}
	}
	return nil
}
