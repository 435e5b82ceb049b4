package local

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"

	"pixelctl/pkg/event"
	"pixelctl/pkg/fault"
	"pixelctl/pkg/local/duck"
	"pixelctl/pkg/local/flush"
)

// Convert is the flush.Converter of this process: DuckDB writes the files.
type Convert struct{}

// Convert satisfies flush.Converter.
func (Convert) Convert(ctx context.Context, c flush.Conversion) (flush.Converted, error) {
	done, err := duck.Convert(ctx, duck.ConvertOptions{Source: c.Source, Staging: c.Staging, Name: c.Name, Schema: c.Schema})
	return flush.Converted{Rows: done.Rows, Errors: done.Errors}, err
}

// ConvertArgs runs the conversion that a ConvertCommand asks for: a segment,
// the directory to fill, the name of the files, and the columns of the table as
// JSON.
func ConvertArgs(ctx context.Context, segment, staging, name, columns string) (flush.Converted, error) {
	var c []event.GlueColumn
	if err := json.Unmarshal([]byte(columns), &c); err != nil {
		return flush.Converted{}, fault.New(fault.Usage, "read columns for converter: %w", err)
	}
	return Convert{}.Convert(ctx, flush.Conversion{Source: segment, Staging: staging, Name: name, Schema: event.SchemaOf(c)})
}

// convertCommand runs the conversion in a process of its own: a server that
// stays up for months keeps neither DuckDB's memory nor its crashes.
type convertCommand []string

// ConvertCommand returns a flush.Converter that runs command with the arguments
// that ConvertArgs takes and reads the counts, as JSON, from its standard
// output.
func ConvertCommand(command ...string) flush.Converter { return convertCommand(command) }

// Convert satisfies flush.Converter. The command works in a directory of its
// own: one that outlives a killed server must not write where the next server
// converts the same segment.
func (cmd convertCommand) Convert(ctx context.Context, c flush.Conversion) (done flush.Converted, err error) {
	work, err := os.MkdirTemp(filepath.Dir(c.Staging), c.Name+"-")
	if err != nil {
		return done, fmt.Errorf("create work directory of converter: %w", err)
	}
	defer func() { err = errors.Join(err, os.RemoveAll(work)) }()
	if done, err = cmd.run(ctx, flush.Conversion{Source: c.Source, Staging: work, Name: c.Name, Schema: c.Schema}); err != nil {
		return done, err
	}
	return done, moveEntries(work, c.Staging)
}

func moveEntries(from, to string) error {
	entries, err := os.ReadDir(from)
	for _, e := range entries {
		err = errors.Join(err, os.Rename(filepath.Join(from, e.Name()), filepath.Join(to, e.Name())))
	}
	if err != nil {
		return fmt.Errorf("take over what the converter made: %w", err)
	}
	return nil
}

func (cmd convertCommand) run(ctx context.Context, c flush.Conversion) (done flush.Converted, err error) {
	columns, err := json.Marshal(c.Schema.GlueColumns())
	if err != nil {
		return done, fmt.Errorf("encode columns for converter: %w", err)
	}
	args := append(append([]string(nil), cmd[1:]...), c.Source, c.Staging, c.Name, string(columns))
	run := exec.CommandContext(ctx, cmd[0], args...) //nolint:gosec // our own executable
	run.SysProcAttr = mortal()
	var stdout, stderr bytes.Buffer
	run.Stdout, run.Stderr = &stdout, &stderr
	// The parent's death is, to the kernel, that of the thread that started it.
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	if err := run.Run(); err != nil {
		return done, fmt.Errorf("run converter: %w: %s", err, strings.TrimSpace(stderr.String()))
	}
	if err := json.Unmarshal(stdout.Bytes(), &done); err != nil {
		return done, fmt.Errorf("read answer of converter: %w", err)
	}
	return done, nil
}
