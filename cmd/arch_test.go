package cmd

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"os/exec"
	"slices"
	"strings"
	"testing"
)

const module = "pixelctl"

// room is a package of this module: what of the module it imports, and why
// nothing else. A package that imports more needs a better reason than the
// compiler's.
type room struct {
	imports string // below the module, by name
	why     string
}

// rooms are all packages. Each import is an arrow of the design; what is not
// here is not allowed.
func rooms() map[string]room {
	return map[string]room{
		"": {"cmd", "main owns streams, signals and the exit code, and knows nothing else"},
		"cmd": {
			`embed pkg/config pkg/demo pkg/event pkg/fault pkg/local pkg/local/control pkg/local/duck pkg/local/flush
			pkg/pipeline pkg/query pkg/snippet pkg/traffic pkg/ui pkg/version`,
			"parsers of flags; wire.go picks the target",
		},
		"embed":       {"", "bytes"},
		"pkg/fault":   {"", "a leaf: every package may return its errors"},
		"pkg/version": {"", "a leaf: what the Go tool wrote into the binary"},
		"pkg/event":   {"", "the record is what both targets share; it knows neither"},
		"pkg/lake":    {"pkg/event", "layout and table follow from the record alone"},
		"pkg/beacon":  {"pkg/event", "request in, record out: it also runs where there is no disk"},
		"pkg/config":  {"pkg/fault", "settings are strings with a source; what they mean is known elsewhere"},
		"pkg/query":   {"pkg/event pkg/fault pkg/lake", "the engine's interface, not an engine"},
		"pkg/pipeline": {
			"pkg/event pkg/fault pkg/query", "the interface of both targets must know neither",
		},
		"pkg/pipeline/pipelinetest": {
			"pkg/beacon pkg/event pkg/fault pkg/pipeline pkg/query pkg/traffic", "behaviours are tested through the interface",
		},
		"pkg/snippet": {"pkg/beacon pkg/event pkg/fault", "a tag needs an endpoint, not a target"},
		"pkg/traffic": {"pkg/beacon pkg/event pkg/fault", "hits need an endpoint, not a target"},
		"pkg/demo":    {"pkg/fault pkg/pipeline pkg/query pkg/traffic", "a script over the interfaces; cmd gives it target and screen"},
		"pkg/ui":      {"pkg/event pkg/fault pkg/pipeline pkg/query pkg/traffic pkg/version", "draws values, runs nothing"},
		"pkg/local": {
			`pkg/beacon pkg/event pkg/fault pkg/lake pkg/local/control pkg/local/disk pkg/local/duck pkg/local/flush
			pkg/local/reject pkg/local/server pkg/local/spool pkg/pipeline pkg/query`,
			"composes the engines into a pipeline",
		},
		"pkg/local/control":       {"pkg/fault pkg/pipeline", "the private channel between a server and the commands"},
		"pkg/local/disk":          {"", "the seam below the engines: a file system that tests can break"},
		"pkg/local/disk/disktest": {"pkg/local/disk", "that broken file system"},
		"pkg/local/reject":        {"pkg/event pkg/lake", "the shape of an error line, shared by whoever rejects"},
		"pkg/local/server":        {"pkg/beacon pkg/event pkg/pipeline", "stores through an interface: it does not know the spool"},
		"pkg/local/spool":         {"pkg/event pkg/fault pkg/lake pkg/local/disk pkg/local/reject", "holds lines, whatever becomes of them"},
		"pkg/local/flush":         {"pkg/event pkg/fault pkg/lake pkg/local/disk pkg/local/reject", "converts through an interface: it does not know DuckDB"},
		"pkg/local/duck":          {"pkg/event pkg/fault pkg/lake pkg/local/disk pkg/local/reject pkg/query", "an engine over files, wherever they come from"},
	}
}

// kept says which module outside the standard library stays in which rooms.
func kept() []struct{ path, rooms, why string } {
	return []struct{ path, rooms, why string }{
		{"github.com/duckdb/", "pkg/local/duck", "DuckDB needs cgo: one package can be built without"},
		{"github.com/charmbracelet/", "pkg/ui", "only the interface for people knows colours"},
		{"github.com/muesli/termenv", "pkg/ui", "only the interface for people knows terminals"},
		{"golang.org/x/term", "pkg/ui", "only the interface for people knows terminals"},
		{"github.com/mattn/go-runewidth", "pkg/ui pkg/local/duck", "cells of a line, and columns of an SQL error"},
		{"github.com/spf13/", "cmd", "the command line is one package's matter"},
		{"go.yaml.in/yaml/v3", "pkg/config", "files of settings are read in one place"},
		{"github.com/gofrs/flock", "pkg/local", "locks belong to the directory of a stack"},
		{"github.com/google/uuid", "pkg/local", "the beacon is given its ids"},
		{"golang.org/x/sync/", "pkg/local", "the serving process composes what runs at once"},
		{"golang.org/x/net/netutil", "pkg/local/server", "the connection cap"},
		{"golang.org/x/time/rate", "pkg/local/server pkg/traffic", "limits and paces"},
		{"github.com/aws/", "", "there is no AWS target yet"},
		{"github.com/rogpeppe/go-internal", "", "tests only"},
		{"github.com/chromedp/", "", "tests only"},
		{"golang.org/x/net/html", "", "tests only"},
	}
}

// built is a package as go list tells it.
type built struct {
	ImportPath   string
	Standard     bool
	Imports      []string
	TestImports  []string
	XTestImports []string
}

func (b built) name() string { return short(b.ImportPath) }

// short is the name of a package of this module below it.
func short(path string) string {
	return strings.TrimPrefix(strings.TrimPrefix(path, module), "/")
}

func ours(path string) bool { return path == module || strings.HasPrefix(path, module+"/") }

// listed are all packages that the module is built from.
func listed(t *testing.T) []built {
	t.Helper()
	list := exec.CommandContext(t.Context(), "go", "list", "-deps", "-json=ImportPath,Standard,Imports,TestImports,XTestImports", module+"/...")
	var stderr bytes.Buffer
	list.Stderr = &stderr
	out, err := list.Output()
	if err != nil {
		t.Fatalf("go list: %v\n%s", err, stderr.String())
	}
	var all []built
	for d := json.NewDecoder(bytes.NewReader(out)); ; {
		var b built
		err := d.Decode(&b)
		if errors.Is(err, io.EOF) {
			return all
		}
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, b)
	}
}

func TestArrows(t *testing.T) {
	rooms := rooms()
	seen := map[string]bool{}
	for _, p := range listed(t) {
		if !ours(p.ImportPath) {
			continue
		}
		seen[p.name()] = true
		room, ok := rooms[p.name()]
		if !ok {
			t.Errorf("package %s has no room: say in rooms() what it imports and why", p.ImportPath)
			continue
		}
		for _, i := range p.Imports {
			if ours(i) && !slices.Contains(strings.Fields(room.imports), short(i)) {
				t.Errorf("%s imports %s, but %s", p.ImportPath, i, room.why)
			}
		}
		for _, i := range slices.Concat(p.TestImports, p.XTestImports) {
			if short(i) == "cmd" && p.name() != "cmd" {
				t.Errorf("a test of %s imports cmd: whatever it needs belongs below", p.ImportPath)
			}
		}
	}
	for name := range rooms {
		if !seen[name] {
			t.Errorf("room %q stands empty: take it out of rooms()", name)
		}
	}
}

func TestOutsideModulesStayInTheirRooms(t *testing.T) {
	kept := kept()
	for _, p := range listed(t) {
		if !ours(p.ImportPath) {
			continue
		}
		for _, i := range p.Imports {
			first, _, _ := strings.Cut(i, "/")
			if ours(i) || !strings.Contains(first, ".") {
				continue // the standard library
			}
			at := slices.IndexFunc(kept, func(k struct{ path, rooms, why string }) bool { return strings.HasPrefix(i, k.path) })
			switch {
			case at < 0:
				t.Errorf("%s imports %s: say in kept() who may, and why", p.ImportPath, i)
			case !slices.Contains(strings.Fields(kept[at].rooms), p.name()):
				t.Errorf("%s imports %s, but %s", p.ImportPath, i, kept[at].why)
			}
		}
	}
}

// TestPureRoomsDoNoIO looks at every package of this module that they reach.
// What the standard library reaches from inside is its own matter: fmt needs
// os.
func TestPureRoomsDoNoIO(t *testing.T) {
	forbidden := []string{
		"bufio", "database/sql", "io/fs", "io/ioutil", "log", "log/slog", "net", "net/http", "os", "os/exec", "os/signal", "syscall",
	}
	packages := map[string]built{}
	for _, p := range listed(t) {
		packages[p.ImportPath] = p
	}
	for _, pure := range []string{"pkg/event", "pkg/lake", "pkg/beacon"} {
		for path := range reached(packages, module+"/"+pure) {
			for _, i := range packages[path].Imports {
				if slices.Contains(forbidden, i) {
					t.Errorf("%s reaches %s, which imports %s: it runs in Lambda and under fuzzing, with nothing to open", pure, path, i)
				}
			}
		}
	}
}

// TestOnlyTestsReachTestRooms and the binary does not carry them.
func TestOnlyTestsReachTestRooms(t *testing.T) {
	packages := map[string]built{}
	for _, p := range listed(t) {
		packages[p.ImportPath] = p
	}
	for path := range reached(packages, module) {
		if name := short(path); strings.HasSuffix(name, "test") || slices.Contains(packages[path].Imports, "testing") {
			t.Errorf("the binary holds %s, which is for tests", path)
		}
	}
}

// reached is what of this module a package is built from, itself included.
func reached(packages map[string]built, from string) map[string]bool {
	seen := map[string]bool{}
	var visit func(string)
	visit = func(path string) {
		if seen[path] || !ours(path) {
			return
		}
		seen[path] = true
		for _, i := range packages[path].Imports {
			visit(i)
		}
	}
	visit(from)
	return seen
}
