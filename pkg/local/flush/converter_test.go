package flush_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"pixelctl/pkg/local/disk"
	"pixelctl/pkg/local/flush"
	"pixelctl/pkg/reject"
)

// row is a line of the tests.
type row struct {
	ID   string `json:"id"`
	Hour int    `json:"hour"`
}

// copier is a converter that copies lines by hour and rejects what is not JSON.
type copier struct{ fs disk.FS }

func (c copier) Convert(ctx context.Context, conv flush.Conversion) (flush.Converted, error) {
	data, err := load(c.fs, conv.Source)
	if err != nil {
		return flush.Converted{}, err
	}
	files := map[string][]byte{}
	var done flush.Converted
	for line := range bytes.Lines(data) {
		if err := ctx.Err(); err != nil {
			return flush.Converted{}, err
		}
		var r row
		if err := json.Unmarshal(line, &r); err != nil {
			name := reject.FileName(conv.Name)
			files[name] = reject.AppendErrorLine(files[name], reject.ErrorLine{LastErrorCode: reject.ParseError, RawData: bytes.TrimSuffix(line, []byte("\n"))})
			done.Errors++
			continue
		}
		name := fmt.Sprintf("data/year=2026/month=7/day=5/hour=%d/%s.parquet", r.Hour, conv.Name)
		files[name] = append(files[name], line...)
		done.Rows++
	}
	for hour := range 24 { // in a fixed order, so that call n is the same call each time
		name := fmt.Sprintf("data/year=2026/month=7/day=5/hour=%d/%s.parquet", hour, conv.Name)
		if err := c.store(conv.Staging, name, files[name]); err != nil {
			return flush.Converted{}, err
		}
	}
	return done, c.store(conv.Staging, reject.FileName(conv.Name), files[reject.FileName(conv.Name)])
}

// store writes a file without syncing it: that is the flusher's duty.
func (c copier) store(staging, name string, data []byte) error {
	if len(data) == 0 {
		return nil
	}
	path := filepath.Join(staging, filepath.FromSlash(name))
	if err := c.fs.MkdirAll(filepath.Dir(path), 0o750); err != nil {
		return err
	}
	f, err := c.fs.OpenFile(path, os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	_, err = f.Write(data)
	return errors.Join(err, f.Close())
}

func load(fsys disk.FS, path string) ([]byte, error) {
	f, err := fsys.OpenFile(path, os.O_RDONLY, 0)
	if err != nil {
		return nil, err
	}
	data, err := io.ReadAll(f)
	return data, errors.Join(err, f.Close())
}
