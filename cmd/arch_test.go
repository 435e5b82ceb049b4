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
		name := short(path)
		forTests := strings.HasSuffix(name, "test") || strings.HasPrefix(name, "pkg/awsfake") || slices.Contains(packages[path].Imports, "testing")
		if forTests {
			t.Errorf("the binary holds %s, which is for tests", path)
		}
	}
}

// TestFunctionIsSmall looks at everything the Lambda function is built from:
// what it does not need would be loaded at each cold start.
func TestFunctionIsSmall(t *testing.T) {
	packages := map[string]built{}
	for _, p := range listed(t) {
		packages[p.ImportPath] = p
	}
	all := follow(packages, module+"/embed/beacon", func(string) bool { return true })
	if len(all) < 50 {
		t.Fatalf("only %d packages are reached: go list does not tell them all", len(all))
	}
	for path := range all {
		for _, heavy := range []string{
			"github.com/spf13/", "github.com/charmbracelet/", "github.com/duckdb/", "github.com/aws/aws-sdk-go-v2/config",
			"github.com/aws/aws-sdk-go-v2/service/sts", "github.com/aws/aws-sdk-go-v2/feature/",
		} {
			if strings.HasPrefix(path, heavy) {
				t.Errorf("embed/beacon reaches %s", path)
			}
		}
	}
}

// reached is what of this module a package is built from, itself included.
func reached(packages map[string]built, from string) map[string]bool {
	return follow(packages, from, ours)
}

// follow collects what a package is built from, itself included, along imports
// that are wanted.
func follow(packages map[string]built, from string, wanted func(path string) bool) map[string]bool {
	seen := map[string]bool{}
	var visit func(string)
	visit = func(path string) {
		if seen[path] || !wanted(path) {
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
