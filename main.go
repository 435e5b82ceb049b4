// Pixelctl deploys and operates a serverless tracking pixel.
package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"

	"pixelctl/cmd"
)

// stamp is the version, set by the release build.
var stamp string

func main() {
	signal.Ignore(syscall.SIGPIPE) // a closed pipe becomes an error that ends quietly
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop) // the second signal ends at once
	os.Exit(cmd.Run(ctx, os.Args[1:], stamp))
}
