package duckdb

import (
	"bytes"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"time"

	"pixelctl/pkg/awsfake/athena"
	"pixelctl/pkg/event"
	"pixelctl/pkg/query"
)

// Unload writes rows of the record's columns as Parquet, or any rows as JSON
// lines in gzip.
func (b *Backend) Unload(ctx context.Context, s athena.Statement, u athena.Unload) (done athena.Unloaded, err error) {
	var body bytes.Buffer
	var schema event.Schema
	err = b.answer(ctx, s, func(table event.Schema, rows query.Rows, scanned int64) error {
		done.Scanned, schema = scanned, table
		return each(ctx, rows, func(values []any) error {
			done.Rows++
			return writeLine(&body, rows.Columns(), values)
		})
	})
	if err != nil || done.Rows == 0 {
		return done, err
	}
	files, extension, err := encode(ctx, u, schema, body.Bytes())
	if err != nil {
		return done, withScanned(err, done.Scanned)
	}
	bucket, prefix, _ := athena.SplitURL(u.Location)
	for i, f := range files {
		sum := sha256.Sum256(fmt.Appendf(nil, "%s %d", u.Location, i))
		key := prefix + hex.EncodeToString(sum[:16]) + extension
		if err := b.store.Put(ctx, bucket, key, f); err != nil {
			return done, fmt.Errorf("put s3://%s/%s: %w", bucket, key, err)
		}
		done.Files = append(done.Files, "s3://"+bucket+"/"+key)
	}
	return done, nil
}

// writeLine appends a row as the JSON of the record; NULLs are left out.
func writeLine(to *bytes.Buffer, columns []query.Column, values []any) error {
	line := map[string]any{}
	for i, v := range values {
		switch v := v.(type) {
		case nil:
			continue
		case time.Time:
			line[columns[i].Name] = v.Format(layout(columns[i]))
		case query.Pairs:
			object := map[string]any{}
			for _, p := range v {
				object[fmt.Sprint(p.Key)] = p.Value
			}
			line[columns[i].Name] = object
		default:
			line[columns[i].Name] = v
		}
	}
	encoder := json.NewEncoder(to)
	encoder.SetEscapeHTML(false)
	return encoder.Encode(line)
}

func layout(c query.Column) string {
	if c.Type == "date" {
		return time.DateOnly
	}
	return event.TimeLayout
}

func encode(ctx context.Context, u athena.Unload, schema event.Schema, lines []byte) (files [][]byte, extension string, err error) {
	switch u.Format {
	case "JSON":
		var packed bytes.Buffer
		w := gzip.NewWriter(&packed)
		if _, err := w.Write(lines); err != nil {
			return nil, "", err
		}
		if err := w.Close(); err != nil {
			return nil, "", err
		}
		return [][]byte{packed.Bytes()}, ".gz", nil
	case "PARQUET":
		files, err = parquet(ctx, schema, lines)
		return files, "", err
	}
	return nil, "", athena.Fail(athena.InternalError, "the fake unloads PARQUET and JSON, not %s", u.Format)
}

// parquet converts lines in a directory of its own.
func parquet(ctx context.Context, schema event.Schema, lines []byte) (files [][]byte, err error) {
	dir, err := os.MkdirTemp("", "unload-*")
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	return toParquet(ctx, schema, dir, lines)
}
