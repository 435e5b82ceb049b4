package ui

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"pixelctl/pkg/fault"
)

// WriteFile has write draw into a file at path, which a flag named, exactly as
// into a pipe. The file appears whole or not at all, in the place of one that
// was there; a pipe or a device is written as it is.
func WriteFile(s *Streams, flag, path string, write func(*Streams) error) error {
	target, mode := path, fs.FileMode(0o600)
	if file, err := filepath.EvalSymlinks(path); err == nil {
		target = file
	}
	if info, err := os.Stat(target); err == nil {
		if !info.Mode().IsRegular() && !info.IsDir() {
			return writeThrough(s, flag, path, write)
		}
		mode = info.Mode().Perm()
	}
	if err := replaceFile(s, flag, target, mode, write); err != nil {
		return err
	}
	return s.Say("wrote " + path)
}

func replaceFile(s *Streams, flag, path string, mode fs.FileMode, write func(*Streams) error) (err error) {
	f, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+".*")
	if err != nil {
		return fault.New(fault.Failed, "create %s: %w", path, err).WithHint("name a directory that exists and can be written with --%s", flag)
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, os.Remove(f.Name()))
		}
	}()
	if err := errors.Join(write(s.To(f)), f.Chmod(mode), f.Sync(), f.Close()); err != nil {
		return fmt.Errorf("write %s: %w", path, err)
	}
	if err := os.Rename(f.Name(), path); err != nil {
		return fmt.Errorf("write %s: %w", path, err)
	}
	return nil
}

// writeThrough writes into what is no file: a file must not take its place.
func writeThrough(s *Streams, flag, path string, write func(*Streams) error) error {
	f, err := os.OpenFile(path, os.O_WRONLY, 0)
	if err != nil {
		return fault.New(fault.Failed, "open %s: %w", path, err).WithHint("name a file that can be written with --%s", flag)
	}
	if err := errors.Join(write(s.To(f)), f.Close()); err != nil {
		return fmt.Errorf("write %s: %w", path, err)
	}
	return nil
}
