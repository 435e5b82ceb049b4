package snippet

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"pixelctl/pkg/local"
	"pixelctl/pkg/local/control"
	"pixelctl/pkg/pipeline"
)

// browserRig is a stack on this machine, a site beside it and a browser.
type browserRig struct {
	target   *local.Target
	endpoint string // http://127.0.0.1:port of the pixel
	site     string // http://localhost:port of the pages: another site to a browser
	pages    *http.ServeMux
	browser  context.Context //nolint:containedctx // chromedp keeps the browser in it
}

func newBrowserRig(t *testing.T) *browserRig {
	t.Helper()
	r := &browserRig{}
	r.startStack(t)
	mux, server := newSite(t)
	r.pages, r.site = mux, strings.Replace(server.URL, "127.0.0.1", "localhost", 1)
	r.startBrowser(t)
	return r
}

// startStack serves a stack in this process until the test ends.
func (r *browserRig) startStack(t *testing.T) {
	t.Helper()
	addr := "127.0.0.1:0"
	r.target = local.New(local.Options{
		Stack: "browser", Dir: filepath.Join(t.TempDir(), "stack"),
		Want: local.Patch{Addr: &addr}, Converter: local.Convert{},
	})
	ctx, stop := context.WithCancel(context.Background())
	ready, ended := make(chan control.Address, 1), make(chan error, 1)
	go func() {
		ended <- r.target.Serve(ctx, local.ServeOptions{
			Clock: time.Now, Version: "test", Log: slog.New(slog.DiscardHandler),
			Ready: func(a control.Address) { ready <- a },
		})
	}()
	select {
	case a := <-ready:
		r.endpoint = a.Endpoint
	case err := <-ended:
		stop()
		t.Fatalf("serve: %v", err)
	}
	t.Cleanup(func() {
		stop()
		if err := <-ended; err != nil {
			t.Errorf("serve: %v", err)
		}
	})
}

// startBrowser starts the one browser of all cases. Its profile lies outside
// of t.TempDir(), which would fail the test over a file that a child process
// of the browser writes late.
func (r *browserRig) startBrowser(t *testing.T) {
	t.Helper()
	path, err := browserPath()
	if err != nil {
		t.Fatal(err)
	}
	profile, err := os.MkdirTemp("", "pixelctl-browser-") //nolint:usetesting // see above
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(profile) }) // at worst a profile stays in the temporary directory
	options := []chromedp.ExecAllocatorOption{
		chromedp.ExecPath(path), chromedp.UserDataDir(profile), chromedp.NoSandbox, chromedp.NoFirstRun,
		chromedp.NoDefaultBrowserCheck, chromedp.DisableGPU, chromedp.Flag("headless", "new"),
	}
	for _, flag := range []string{
		"disable-dev-shm-usage", "disable-background-networking", "disable-component-update", "disable-sync", "disable-quic",
	} {
		options = append(options, chromedp.Flag(flag, true))
	}
	allocator, end := chromedp.NewExecAllocator(context.Background(), options...)
	t.Cleanup(end)
	r.browser, end = chromedp.NewContext(allocator)
	t.Cleanup(end)
	if err := chromedp.Run(r.browser); err != nil {
		t.Fatalf("start %s: %v", path, err)
	}
}

func browserPath() (string, error) {
	names := []string{"chromium", "chromium-browser", "google-chrome"}
	for _, name := range names {
		if path, err := exec.LookPath(name); err == nil {
			return path, nil
		}
	}
	return "", fmt.Errorf("PIXELCTL_RIGS is set, but none of %s is installed", strings.Join(names, ", "))
}

// ask answers a question in SQL, as pixelctl query does.
func (r *browserRig) ask(ctx context.Context, sql string) (out []row, err error) {
	rows, err := r.target.Query(ctx, pipeline.QueryOptions{SQL: sql}, nil)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for {
		values, err := rows.Next(ctx)
		if errors.Is(err, io.EOF) {
			return out, nil
		}
		if err != nil {
			return nil, err
		}
		line := row{}
		for i, c := range rows.Columns() {
			line[c.Name] = values[i]
		}
		out = append(out, line)
	}
}

// rows are those where the condition holds, as soon as there are n of them.
func (r *browserRig) rows(ctx context.Context, where string, n int) ([]row, error) {
	sql := "SELECT *, element_at(params, 'q') AS q, cardinality(params) AS others FROM tp_hits WHERE " + where
	var got []row
	err := poll(ctx, func() (bool, error) {
		answer, err := r.ask(ctx, sql)
		if err != nil {
			return false, err
		}
		got = answer
		return len(got) >= n, nil
	})
	if err != nil {
		err = fmt.Errorf("wait for rows where %s: %w", where, err)
	}
	return got, err
}

// literal quotes s for SQL.
func literal(s string) string { return "'" + strings.ReplaceAll(s, "'", "''") + "'" }

// poll asks again and again until done, an error or the end of ctx.
func poll(ctx context.Context, ask func() (done bool, err error)) error {
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for {
		if done, err := ask(); done || err != nil {
			return err
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}
