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

	"pixelctl/pkg/event"
	"pixelctl/pkg/fault"
	"pixelctl/pkg/local"
	"pixelctl/pkg/local/control"
	"pixelctl/pkg/local/flush"
)

// First arguments that make the test binary serve a stack or convert a
// segment, as the real binary does when deploy starts it in the background.
const (
	serveArg   = "serve-for-tests"   // DIR: converts in its own process
	commandArg = "command-for-tests" // DIR: converts in a child process, as shipped
	convertArg = "convert-for-tests" // SEGMENT STAGING NAME COLUMNS
)

func TestMain(m *testing.M) {
	os.Exit(run(m))
}

func run(m *testing.M) int {
	switch append(os.Args, "")[1] {
	case serveArg:
		return serveForTests(os.Args[2], breakable{os.Args[2]})
	case commandArg:
		return serveForTests(os.Args[2], local.ConvertCommand(os.Args[0], convertArg))
	case convertArg:
		return convertForTests(os.Args[2:])
	}
	// Under the race detector each child would sleep for a second at its end.
	if err := os.Setenv("GORACE", "atexit_sleep_ms=0"); err != nil {
		return tell(err)
	}
	return m.Run()
}

// brokenSuffix ends the name of a file that breaks the conversion of the stack
// in the directory of that name.
const brokenSuffix = ".broken"

// breakable converts by a table whose hotel is a number while such a file is
// there, as an older program might.
type breakable struct{ dir string }

// Convert satisfies flush.Converter.
func (b breakable) Convert(ctx context.Context, c flush.Conversion) (flush.Converted, error) {
	if _, err := os.Stat(b.dir + brokenSuffix); err == nil {
		columns := c.Schema.GlueColumns()
		for i := range columns {
			if columns[i].Name == "hotel" {
				columns[i].Type = "int"
			}
		}
		c.Schema = event.SchemaOf(columns)
	}
	return local.Convert{}.Convert(ctx, c)
}

func serveForTests(dir string, c flush.Converter) int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	t := local.New(local.Options{Stack: stackName, Dir: dir, Converter: c})
	err := t.Serve(ctx, local.ServeOptions{
		Clock: time.Now, Version: "test", Log: slog.New(slog.NewTextHandler(os.Stderr, nil)),
		Ready: func(a control.Address) { _ = json.NewEncoder(os.Stdout).Encode(a) },
	})
	return tell(err)
}

func convertForTests(args []string) int {
	done, err := local.ConvertArgs(context.Background(), args[0], args[1], args[2], args[3])
	if err == nil {
		err = json.NewEncoder(os.Stdout).Encode(done)
	}
	return tell(err)
}

// tell writes err as the commands do with --json, and gives the exit code.
func tell(err error) int {
	if err == nil {
		return 0
	}
	_ = json.NewEncoder(os.Stderr).Encode(map[string]any{"error": map[string]any{
		"message": err.Error(), "code": int(fault.KindOf(err)), "hint": fault.HintOf(err),
	}})
	return int(fault.KindOf(err))
}
