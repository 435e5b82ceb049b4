// Command build makes the zip of the Lambda function. The same sources give the
// same bytes on any machine with the same version of Go.
package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"os"
)

func main() {
	if err := run(context.Background(), os.Args[1:], os.Stderr); err != nil {
		_, _ = fmt.Fprintln(os.Stderr, "build:", err)
		os.Exit(1)
	}
}

// run reads the command line, builds and writes the zip.
func run(ctx context.Context, args []string, usage io.Writer) error {
	flags := flag.NewFlagSet("build", flag.ContinueOnError)
	flags.SetOutput(usage)
	arch := flags.String("arch", "arm64", "architecture: arm64 or amd64")
	out := flags.String("out", "beacon.zip", "file to write")
	pkg := flags.String("package", "pixelctl/embed/beacon", "main package to build")
	if err := flags.Parse(args); err != nil {
		return err
	}
	if *arch != "arm64" && *arch != "amd64" {
		return fmt.Errorf("read --arch %q: Lambda runs arm64 and amd64", *arch)
	}
	binary, err := compile(ctx, *pkg, *arch)
	if err != nil {
		return err
	}
	zipped, err := pack(binary)
	if err != nil {
		return fmt.Errorf("pack %s: %w", *pkg, err)
	}
	return os.WriteFile(*out, zipped, 0o644) //nolint:gosec // a committed file, for all to read
}
