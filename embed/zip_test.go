package embed

import (
	"archive/zip"
	"bytes"
	"crypto/sha256"
	"debug/buildinfo"
	"debug/elf"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
)

// maxZip keeps cold starts and uploads short.
const maxZip = 3_000_000

// bootstrap takes the only entry out of a zip of the function.
func bootstrap(t *testing.T, zipped []byte) ([]byte, *zip.File) {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(zipped), int64(len(zipped)))
	if err != nil {
		t.Fatal(err)
	}
	if len(z.File) != 1 {
		t.Fatalf("%d entries, want 1", len(z.File))
	}
	f, err := z.File[0].Open()
	if err != nil {
		t.Fatal(err)
	}
	b, err := io.ReadAll(f)
	if err != nil {
		t.Fatal(err)
	}
	return b, z.File[0]
}

// What Lambda asks of a zip, and what we ask of it.
func TestBeacon(t *testing.T) {
	t.Parallel()
	if n := len(Beacon()); n > maxZip {
		t.Errorf("the zip has %d bytes, want at most %d", n, maxZip)
	}
	binary, entry := bootstrap(t, Beacon())
	if entry.Name != "bootstrap" || entry.Mode() != 0o755 {
		t.Errorf("entry %s with mode %o, want bootstrap with 755", entry.Name, entry.Mode())
	}
	e, err := elf.NewFile(bytes.NewReader(binary))
	if err != nil {
		t.Fatal(err)
	}
	if e.Machine != elf.EM_AARCH64 {
		t.Errorf("built for %s, want arm64", e.Machine)
	}
	if libs, err := e.ImportedLibraries(); err != nil || len(libs) > 0 {
		t.Errorf("needs %q (%v), want a static binary", libs, err)
	}
}

// The function holds the SDK's signature and none of its clients, not the rest of
// the program, and not what reads the SDK's configuration files, which costs a
// start.
func TestBeaconModules(t *testing.T) {
	t.Parallel()
	binary, _ := bootstrap(t, Beacon())
	info, err := buildinfo.Read(bytes.NewReader(binary))
	if err != nil {
		t.Fatal(err)
	}
	want := []string{
		"github.com/aws/aws-lambda-go",
		"github.com/aws/aws-sdk-go-v2",
		"github.com/aws/smithy-go",
		"github.com/mileusna/useragent",
	}
	for _, m := range info.Deps {
		if !slices.Contains(want, m.Path) {
			t.Errorf("%s is linked in", m.Path)
		}
	}
}

// A caller cannot change the zip that the package holds.
func TestBeaconCopies(t *testing.T) {
	t.Parallel()
	Beacon()[0] = 0
	if Beacon()[0] == 0 {
		t.Error("the zip was changed through what Beacon returned")
	}
}

// The committed zip is what its sources build, with whatever environment.
func TestBeaconReproducible(t *testing.T) {
	t.Parallel()
	binary, _ := bootstrap(t, Beacon())
	info, err := buildinfo.Read(bytes.NewReader(binary))
	if err != nil {
		t.Fatal(err)
	}
	if info.GoVersion != runtime.Version() {
		t.Fatalf("beacon.zip was built with %s, this is %s: another version of Go makes other bytes", info.GoVersion, runtime.Version())
	}
	readSources(t)
	dir := t.TempDir()
	builder := filepath.Join(dir, "build")
	run(t, nil, "go", "build", "-o", builder, "./build")
	for _, c := range []struct {
		name string
		env  []string
	}{
		{"as it is", nil},
		{"busy shell", []string{
			"GOFLAGS=-ldflags=-X=main.x=y -tags=other", "GOOS=windows", "GOARCH=386",
			"GOARM64=v9.0", "CGO_ENABLED=1", "GOFIPS140=latest", "TZ=Asia/Tokyo",
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			out := filepath.Join(t.TempDir(), "beacon.zip")
			run(t, c.env, builder, "--out", out)
			got, err := os.ReadFile(out)
			if err != nil {
				t.Fatal(err)
			}
			if a, b := sha256.Sum256(got), sha256.Sum256(Beacon()); a != b {
				t.Errorf("the sources build %x, beacon.zip is %x: run go generate ./embed", a, b)
			}
		})
	}
}

// readSources looks at what the function is built from, so that the go command
// does not take the result of this test from its cache when that has changed.
func readSources(t *testing.T) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), "go", "list", "-deps", "-f",
		`{{if and .Module .Module.Main}}{{$dir := .Dir}}{{range .GoFiles}}{{$dir}}/{{.}}{{"\n"}}{{end}}{{end}}`, "./beacon", "./build")
	out, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range append(strings.Fields(string(out)), "../go.mod", "../go.sum") {
		if _, err := os.ReadFile(file); err != nil {
			t.Fatal(err)
		}
	}
}

func run(t *testing.T, env []string, name string, args ...string) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), name, args...)
	cmd.Env = append(os.Environ(), env...)
	if said, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%s %q: %v\n%s", name, args, err, said)
	}
}
