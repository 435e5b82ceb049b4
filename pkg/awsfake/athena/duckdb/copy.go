package duckdb

import (
	"bytes"
	"compress/gzip"
	"context"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"pixelctl/pkg/awsfake/athena"
	"pixelctl/pkg/event"
	"pixelctl/pkg/local/duck"
)

// copier lays objects out as the local lake has them.
type copier struct {
	dir    string
	source duck.Source
	names  map[string]string // URL of the object that a file is of
}

// copy writes the objects of partitions to files, JSON as Parquet.
func (b *Backend) copy(ctx context.Context, dir string, schema event.Schema, list []partition) (duck.Source, map[string]string, error) {
	c := copier{dir: filepath.Join(dir, "lake"), names: map[string]string{}}
	c.source.Data, c.source.Schema = c.dir, schema
	for i, p := range list {
		for j, o := range p.objects {
			name := fmt.Sprintf("%d-%d.parquet", i, j)
			if err := c.object(ctx, p, o, name); err != nil {
				return c.source, nil, err
			}
		}
	}
	return c.source, c.names, nil
}

func (c *copier) object(ctx context.Context, p partition, o object, name string) error {
	url := "s3://" + p.bucket + "/" + o.key
	switch {
	case strings.Contains(p.serde, "Parquet"):
		if !bytes.HasPrefix(o.body, []byte("PAR1")) || !bytes.HasSuffix(o.body, []byte("PAR1")) {
			return athena.Fail("HIVE_BAD_DATA", "Not valid Parquet file: %s expected magic number: PAR1 got: %.4q", url, o.body[max(0, len(o.body)-4):])
		}
		return c.file(p, name, url, o.body)
	case strings.Contains(p.serde, "Json"):
		return c.lines(ctx, p, o, name, url)
	}
	return athena.Fail(athena.InternalError, "the fake reads Parquet and JSON, not the format of %s", p.serde)
}

func (c *copier) file(p partition, name, url string, body []byte) error {
	path := filepath.Join(c.dir, filepath.FromSlash(p.hour.Path()), name)
	if err := os.MkdirAll(filepath.Dir(path), 0o750); err != nil {
		return err
	}
	if err := os.WriteFile(path, body, 0o600); err != nil {
		return err
	}
	c.source.Files = append(c.source.Files, duck.File{Path: path, Hour: p.hour})
	c.names[path] = url
	return nil
}

// lines takes JSON lines, packed when the key says so. A line that does not
// fit the columns fails the statement, as the SerDe does.
func (c *copier) lines(ctx context.Context, p partition, o object, name, url string) error {
	body := o.body
	if strings.HasSuffix(o.key, ".gz") {
		r, err := gzip.NewReader(bytes.NewReader(o.body))
		if err == nil {
			body, err = io.ReadAll(r)
		}
		if err != nil {
			return athena.Fail("HIVE_CURSOR_ERROR", "Failed to read file at %s: %v", url, err)
		}
	}
	files, err := toParquet(ctx, c.source.Schema, c.dir, body)
	if err != nil {
		return athena.Fail("HIVE_BAD_DATA", "Error parsing a row of %s: %v", url, err)
	}
	for i, f := range files {
		if err := c.file(p, fmt.Sprintf("%d-%s", i, name), url, f); err != nil {
			return err
		}
	}
	return nil
}

// toParquet converts JSON lines as Firehose does; a line that does not fit is
// an error.
func toParquet(ctx context.Context, schema event.Schema, dir string, body []byte) (files [][]byte, err error) {
	if err := os.MkdirAll(dir, 0o750); err != nil {
		return nil, err
	}
	work, err := os.MkdirTemp(dir, "convert-*")
	if err != nil {
		return nil, err
	}
	source := filepath.Join(work, "lines.ndjson")
	if err := os.WriteFile(source, body, 0o600); err != nil {
		return nil, err
	}
	done, err := duck.Convert(ctx, duck.ConvertOptions{Source: source, Staging: work, Name: "object", Schema: schema})
	if err != nil {
		return nil, err
	}
	if done.Errors > 0 {
		return nil, fmt.Errorf("%d lines do not fit the columns", done.Errors)
	}
	return found(os.DirFS(work))
}

// found reads the Parquet files below a directory.
func found(dir fs.FS) (files [][]byte, err error) {
	err = fs.WalkDir(dir, ".", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, ".parquet") {
			return err
		}
		body, err := fs.ReadFile(dir, path)
		files = append(files, body)
		return err
	})
	return files, err
}
