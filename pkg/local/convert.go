package local

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os/exec"
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

func (cmd convertCommand) Convert(ctx context.Context, c flush.Conversion) (flush.Converted, error) {
	args := append(append([]string(nil), cmd[1:]...), c.Source, c.Staging, c.Name)
	run := exec.CommandContext(ctx, cmd[0], args...) //nolint:gosec // our own executable
	var stdout, stderr bytes.Buffer
	run.Stdout, run.Stderr = &stdout, &stderr
	var done flush.Converted
	err := run.Run()
	if err != nil {
		return done, fmt.Errorf("run converter: %w: %s", err, strings.TrimSpace(stderr.String()))
	}
	if err := json.Unmarshal(stdout.Bytes(), &done); err != nil {
		return done, fmt.Errorf("read answer of converter: %w", err)
	}
	return done, nil
}
