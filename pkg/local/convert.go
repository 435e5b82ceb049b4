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

	"pixelctl/pkg/local/duck"
	"pixelctl/pkg/local/flush"
)

// Convert is the flush.Converter of this process: DuckDB writes the files.
type Convert struct{}

// Convert satisfies flush.Converter.
func (Convert) Convert(ctx context.Context, c flush.Conversion) (flush.Converted, error) {
	done, err := duck.Convert(ctx, duck.ConvertOptions{Source: c.Source, Staging: c.Staging, Name: c.Name})
	return flush.Converted{Rows: done.Rows, Errors: done.Errors}, err
}

// convertCommand runs the conversion in a process of its own: a server that
// stays up for months keeps neither DuckDB's memory nor its crashes.
type convertCommand []string

// ConvertCommand returns a flush.Converter that runs command with source,
// staging and name as further arguments and reads the counts, as JSON, from
// its standard output.
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
	if done, err = cmd.run(ctx, c.Source, work, c.Name); err != nil {
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

func (cmd convertCommand) run(ctx context.Context, source, staging, name string) (done flush.Converted, err error) {
	args := append(append([]string(nil), cmd[1:]...), source, staging, name)
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
