package config

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
)

// ProjectName is the project file looked for in the working directory.
const ProjectName = "pixelctl.yaml"

// maxFile is the size a config file may have, in bytes.
const maxFile = 1 << 20

// Locate fills the files of o: named is the value of --config, "" when not
// given; PIXELCTL_CONFIG stands in for it, then ./pixelctl.yaml if it exists.
// The user file is config.yaml under $XDG_CONFIG_HOME/pixelctl, else under
// ~/.config/pixelctl.
func Locate(o Options, named string) Options {
	if named == "" {
		named, _ = lookup(o.Env, EnvName("config"))
	}
	o.ProjectFile, o.Explicit = named, named != ""
	if named == "" {
		o.ProjectFile = ProjectName
	}
	base, ok := lookup(o.Env, "XDG_CONFIG_HOME")
	if !ok || !filepath.IsAbs(base) { // the XDG rules ignore a relative path
		home, ok := lookup(o.Env, "HOME")
		if !ok {
			return o
		}
		base = filepath.Join(home, ".config")
	}
	o.UserFile = filepath.Join(base, "pixelctl", "config.yaml")
	return o
}

// ReadFile reads a config file of at most 1 MiB. It stops reading there, so
// that an endless device does not fill the memory.
func ReadFile(path string) (data []byte, err error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	return io.ReadAll(io.LimitReader(f, maxFile+1))
}

// ReadProject reads the project file of o; data is nil when there is none and
// none was named. Errors are fault.Usage.
func ReadProject(o Options) (name string, data []byte, err error) {
	data, err = read(o.ProjectFile, o.Explicit, o)
	return o.ProjectFile, data, err
}

// readCause drops operation and path from an error of the file system: the
// caller names both.
func readCause(err error) error {
	if p, ok := errors.AsType[*fs.PathError](err); ok {
		return p.Err
	}
	return err
}

func tooLarge(n int) error {
	if n <= maxFile {
		return nil
	}
	return fmt.Errorf("larger than %d bytes", maxFile)
}
