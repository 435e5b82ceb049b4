package local

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"slices"
	"strconv"

	"pixelctl/pkg/event"
	"pixelctl/pkg/lake"
	"pixelctl/pkg/pipeline"
	"pixelctl/pkg/spec"
)

// evolve gives the spec that wanted makes of the deployed one, and what that
// changes; nil leaves it as it is.
func evolve(deployed spec.Spec, wanted *spec.Spec) (spec.Spec, []spec.Change, error) {
	if wanted == nil {
		return deployed, nil, nil
	}
	if err := wanted.Validate(); err != nil {
		return spec.Spec{}, nil, err
	}
	return spec.Evolve(deployed, *wanted)
}

func formatDays(n int) string {
	switch n {
	case 0:
		return "never"
	case 1:
		return "1 day"
	}
	return strconv.Itoa(n) + " days"
}

// keptSpec stands for the spec of a stack that was destroyed but for its data:
// its own columns stay in the table, and keep their types.
func keptSpec(l Layout) (spec.Spec, error) {
	if !exists(l.Catalog()) {
		return spec.Spec{}, nil
	}
	c, _, err := readCatalog(l)
	if err != nil {
		return spec.Spec{}, err
	}
	var s spec.Spec
	for _, f := range schemaOf(c).Fields() {
		s.Fields = append(s.Fields, spec.Field{Name: f.Name, Type: f.Type, Retired: true})
	}
	return s, nil
}

// schemaOf gives the columns of the table.
func schemaOf(c *lake.Catalog) event.Schema {
	columns := make([]event.GlueColumn, len(c.Columns))
	for i, column := range c.Columns {
		columns[i] = event.GlueColumn(column)
	}
	return event.SchemaOf(columns)
}

// soundColumns tells whether the table's own columns are such as a spec can
// have: they go into SQL.
func soundColumns(c *lake.Catalog) bool {
	return !slices.ContainsFunc(schemaOf(c).Fields(), func(f event.Field) bool { return !f.Sound() })
}

// settingsSchema gives the columns that stack.json asks for, the built-in ones
// where there is no stack.
func settingsSchema(l Layout) (event.Schema, error) {
	s, err := loadSettings(l)
	if errors.Is(err, fs.ErrNotExist) {
		return event.Schema{}, nil
	}
	return s.Spec.Schema(), err
}

// alignCatalog gives the table the columns of the schema. It comes before
// anything that writes them: a reader may know a column that no file has, never
// the other way round.
func alignCatalog(ctx context.Context, l Layout, schema event.Schema, sink pipeline.Sink) error {
	unlock, err := lockCatalog(ctx, l)
	if err != nil {
		return err
	}
	defer unlock()
	c, rebuilt, err := readCatalog(l)
	if err != nil {
		return err
	}
	columns := lake.Columns(schema)
	if !rebuilt && exists(l.Catalog()) && slices.Equal(c.Columns, columns) {
		return nil
	}
	if rebuilt {
		onDisk, err := scanHours(l.Data())
		if err != nil {
			return err
		}
		warnCatalog(l, rebuilt, onDisk.unusual, sink)
		c.Add(onDisk.hours)
	}
	c.Columns = columns
	return saveCatalog(l, c)
}

// dropHours takes hours out of the catalog, if there is one.
func dropHours(ctx context.Context, l Layout, hours []lake.Hour) error {
	unlock, err := lockCatalog(ctx, l)
	if err != nil {
		return err
	}
	defer unlock()
	if _, err := os.Stat(l.Catalog()); errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	c, rebuilt, err := readCatalog(l)
	if err != nil || rebuilt || len(c.Drop(hours)) == 0 {
		return err // repair says that it cannot be read, and builds it anew
	}
	return saveCatalog(l, c)
}
