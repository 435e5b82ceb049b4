package local_test

import (
	"context"
	"encoding/json"
	"log/slog"
	"os"
	"os/signal"
	"syscall"
	"testing"
	"time"

	"pixelctl/pkg/local"
	"pixelctl/pkg/local/control"
)

// serveArg makes the test binary serve a stack, as the real binary does when
// deploy starts it in the background.
const serveArg = "serve-for-tests"

func TestMain(m *testing.M) {
	if len(os.Args) == 3 && os.Args[1] == serveArg {
		os.Exit(serveForTests(os.Args[2]))
	}
	os.Exit(m.Run())
}

func serveForTests(dir string) int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	t := local.New(local.Options{Stack: stackName, Dir: dir, Converter: local.Convert{}})
	err := t.Serve(ctx, local.ServeOptions{
		Clock: time.Now, Version: "test", Log: slog.New(slog.NewTextHandler(os.Stderr, nil)),
		Ready: func(a control.Address) { _ = json.NewEncoder(os.Stdout).Encode(a) },
	})
	if err != nil {
		_ = json.NewEncoder(os.Stderr).Encode(map[string]any{"error": map[string]any{"message": err.Error(), "code": 1}})
		return 1
	}
	return 0
}
