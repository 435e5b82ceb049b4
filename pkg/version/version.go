// Package version says what was built, from what the Go tool wrote into the
// binary and what the release build stamped.
package version

import (
	"runtime"
	"runtime/debug"
)

// Info is the build.
type Info struct {
	Version string `json:"version"` // v1.2.3, or dev
	Commit  string `json:"commit"`  // git revision, "" when unknown
	Date    string `json:"date"`    // commit time, RFC 3339
	Dirty   bool   `json:"dirty"`   // built from changed files
	Go      string `json:"go"`
	OS      string `json:"os"`
	Arch    string `json:"arch"`
	DuckDB  string `json:"duckdb"` // engine, or none
	Beacon  string `json:"beacon"` // SHA-256 of the function's zip, hexadecimal
}

// Read gives the build; stamped is the version that -ldflags set, or "".
func Read(stamped, duckdb string) Info {
	i := Info{Version: "dev", Go: runtime.Version(), OS: runtime.GOOS, Arch: runtime.GOARCH, DuckDB: duckdb}
	if b, ok := debug.ReadBuildInfo(); ok {
		i.fromBuild(b)
	}
	if stamped != "" {
		i.Version = stamped
	}
	return i
}

func (i *Info) fromBuild(b *debug.BuildInfo) {
	if v := b.Main.Version; v != "" && v != "(devel)" {
		i.Version = v
	}
	for _, s := range b.Settings {
		switch s.Key {
		case "vcs.revision":
			i.Commit = s.Value
		case "vcs.time":
			i.Date = s.Value
		case "vcs.modified":
			i.Dirty = s.Value == "true"
		}
	}
}
