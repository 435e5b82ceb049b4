package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
)

// compile builds pkg for Lambda's Linux and gives the executable.
func compile(ctx context.Context, pkg, arch string) ([]byte, error) {
	dir, err := os.MkdirTemp("", "pixelctl-build-")
	if err != nil {
		return nil, fmt.Errorf("build %s: %w", pkg, err)
	}
	defer func() { _ = os.RemoveAll(dir) }()
	file := filepath.Join(dir, "bootstrap")
	cmd := exec.CommandContext(ctx, "go", arguments(pkg, file)...) //nolint:gosec // the developer's own command line
	cmd.Env = append(os.Environ(), environment(arch)...)
	if said, err := cmd.CombinedOutput(); err != nil {
		return nil, fmt.Errorf("build %s: %w\n%s", pkg, err, said)
	}
	return os.ReadFile(file)
}

// arguments leave out of the binary what differs between machines: paths, the
// state of the checkout, the build id.
func arguments(pkg, file string) []string {
	return []string{
		"build", "-trimpath", "-buildvcs=false", "-tags", "lambda.norpc",
		"-ldflags", "-s -w -buildid=", "-o", file, pkg,
	}
}

// environment overrides what the caller's shell or CI may have set. GOFLAGS is
// not left empty, because then the go command reads it from its own file.
func environment(arch string) []string {
	return []string{
		"CGO_ENABLED=0", "GOOS=linux", "GOARCH=" + arch, "GOARM64=v8.0", "GOAMD64=v1",
		"GOFLAGS=-mod=readonly", "GOWORK=off", "GOTOOLCHAIN=local", "GOEXPERIMENT=", "GOFIPS140=off",
	}
}
