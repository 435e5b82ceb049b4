package ui

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"pixelctl/pkg/fault"
)

// WriteFile has write draw into a file at path, which a flag named, exactly as
// into a pipe. The file appears whole or not at all.
func WriteFile(s *Streams, flag, path string, write func(*Streams) error) (err error) {
	f, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+".*")
	if err != nil {
		return fault.New(fault.Failed, "create %s: %w", path, err).WithHint("name a directory that exists and can be written with --%s", flag)
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, os.Remove(f.Name()))
		}
	}()
	if err := errors.Join(write(s.To(f)), f.Sync(), f.Close()); err != nil {
		return fmt.Errorf("write %s: %w", path, err)
	}
	if err := os.Rename(f.Name(), path); err != nil {
		return fmt.Errorf("write %s: %w", path, err)
	}
	return s.Say("wrote " + path)
}
