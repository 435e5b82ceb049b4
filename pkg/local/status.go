package local

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"pixelctl/pkg/fault"
	"pixelctl/pkg/local/control"
	"pixelctl/pkg/pipeline"
)

// Status reads the directory and asks the server, if one runs.
func (t *Target) Status(ctx context.Context) (pipeline.Status, error) {
	settings, err := t.deployed()
	if err != nil {
		return pipeline.Status{}, err
	}
	s := pipeline.Status{
		Stack: settings.Stack, Target: TargetName, State: pipeline.Stopped, Location: t.o.Dir,
		Buffer: settings.Buffer(), BufferSeconds: settings.BufferSeconds, RetentionDays: settings.RetentionDays, Problems: []pipeline.Problem{},
	}
	client, state, err := running(ctx, t.l)
	switch {
	case err != nil:
		s.Problems = append(s.Problems, pipeline.Problem{What: err.Error(), Action: "look into " + t.l.Log()})
		fallthrough
	case client == nil:
		err = t.statusStopped(&s)
	default:
		t.statusRunning(&s, state)
	}
	if err != nil {
		return s, err
	}
	err = t.statusStored(&s)
	return s, err
}

// Endpoint gives the base URL of the server that runs.
func (t *Target) Endpoint(ctx context.Context) (string, error) {
	settings, err := t.deployed()
	if err != nil {
		return "", err
	}
	client, state, err := running(ctx, t.l)
	if err != nil {
		return "", err
	}
	if client == nil {
		return "", fault.New(fault.NotDeployed, "find endpoint: stack %s is %s", settings.Stack, pipeline.Stopped).
			WithHint("%s", t.l.command("deploy"))
	}
	return state.Endpoint, nil
}

func (t *Target) statusRunning(s *pipeline.Status, state control.State) {
	s.State, s.Endpoint, s.PID = pipeline.Running, state.Endpoint, state.PID
	s.Hits, s.Spool, s.LastFlush = state.Hits, state.Spool, state.LastFlush
	if state.StoreError != "" {
		s.Problems = append(s.Problems, pipeline.Problem{
			What: "hits are not recorded: " + state.StoreError, Action: "make room on the disk of " + t.o.Dir,
		})
	}
	if state.KeyError != "" {
		s.Problems = append(s.Problems, pipeline.Problem{
			What:   "columns that need a key of the day stay empty, or yesterday's key is still there: " + state.KeyError,
			Action: "mend it, or remove " + t.l.Keys() + " for new keys: today's ids change once more",
		})
	}
	if state.AgeError != "" {
		s.Problems = append(s.Problems, pipeline.Problem{
			What: "records beyond the retention are still there: " + state.AgeError, Action: "read " + t.l.Log(),
		})
	}
	if state.FlushError != "" {
		s.Problems = append(s.Problems, pipeline.Problem{
			What: "records wait in the spool: " + state.FlushError, Action: "read " + t.l.Log(),
		})
	}
}

func (t *Target) statusStopped(s *pipeline.Status) error {
	s.Hits = loadCounts(t.l).Hits
	var err error
	if s.Spool, err = measure(t.l.Spool(), ".ndjson"); err != nil {
		return err
	}
	if len(s.Problems) == 0 { // else one holds the directory
		s.Problems = append(s.Problems, pipeline.Problem{What: "no server runs: hits are not taken", Action: t.l.command("deploy")})
	}
	return nil
}

// statusStored counts what lies in the lake and how much of it is registered.
func (t *Target) statusStored(s *pipeline.Status) error {
	var err error
	if s.Data, s.LastFlush, err = measureData(t.l.Data(), s.LastFlush); err != nil {
		return err
	}
	if s.Errors, err = measure(t.l.Errors(), errorSuffix); err != nil {
		return err
	}
	torn, err := measure(t.l.Errors(), ".bin")
	if err != nil {
		return err
	}
	onDisk, err := scanHours(t.l.Data())
	if err != nil {
		return err
	}
	c, rebuilt, err := readCatalog(t.l)
	if err != nil {
		return err
	}
	s.Partitions = pipeline.Partitions{Registered: len(c.Partitions), OnDisk: len(onDisk.hours)}
	s.Problems = append(s.Problems, storedProblems(s, torn, rebuilt, t.l)...)
	if hint, many := pipeline.ManyFiles(s.Data, s.Partitions.OnDisk, t.l.command("compact --until 1h")); many {
		s.Problems = append(s.Problems, hint)
	}
	return nil
}

func storedProblems(s *pipeline.Status, torn pipeline.Stored, rebuilt bool, l Layout) []pipeline.Problem {
	var p []pipeline.Problem
	if rebuilt {
		p = append(p, pipeline.Problem{What: l.Catalog() + " cannot be read", Action: l.command("repair")})
	}
	if s.Errors.Records > 0 {
		p = append(p, pipeline.Problem{What: fmt.Sprintf("lines that did not become rows: %d", s.Errors.Records), Action: l.command("errors list")})
	}
	if torn.Files > 0 {
		p = append(p, pipeline.Problem{
			What:   fmt.Sprintf("torn ends of segments that a crash left: %d; none of them had been answered", torn.Files),
			Action: "read the files in " + l.Errors(),
		})
	}
	return p
}

// measure counts files with the suffix, their bytes and their lines.
func measure(dir, suffix string) (pipeline.Stored, error) {
	var s pipeline.Stored
	err := walkFiles(dir, suffix, func(path string, info fs.FileInfo) error {
		n, err := countLines(path)
		s.Files++
		s.Bytes += info.Size()
		s.Records += n
		return err
	})
	return s, err
}

// measureData counts Parquet files without opening them; Records stays -1. The
// youngest file tells the last flush when the server does not.
func measureData(dir string, last time.Time) (pipeline.Stored, time.Time, error) {
	s := pipeline.Stored{Records: -1}
	err := walkFiles(dir, ".parquet", func(_ string, info fs.FileInfo) error {
		s.Files++
		s.Bytes += info.Size()
		if info.ModTime().After(last) {
			last = info.ModTime().UTC()
		}
		return nil
	})
	return s, last, err
}

// walkFiles visits regular files; those that vanish meanwhile are passed over.
func walkFiles(dir, suffix string, visit func(path string, info fs.FileInfo) error) error {
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err == nil && (!d.Type().IsRegular() || !strings.HasSuffix(path, suffix)) {
			return nil
		}
		var info fs.FileInfo
		if err == nil {
			info, err = d.Info()
		}
		if err == nil {
			err = visit(path, info)
		}
		if errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		return err
	})
	if err != nil {
		return fmt.Errorf("read %s: %w", dir, err)
	}
	return nil
}

func countLines(path string) (n int64, err error) {
	f, err := os.Open(path)
	if err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	buf := make([]byte, 64<<10)
	for {
		k, err := f.Read(buf)
		n += int64(bytes.Count(buf[:k], []byte{'\n'}))
		if errors.Is(err, io.EOF) {
			return n, nil
		}
		if err != nil {
			return n, err
		}
	}
}
