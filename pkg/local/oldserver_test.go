package local

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"pixelctl/pkg/local/control"
	"pixelctl/pkg/pipeline"
	"pixelctl/pkg/spec"
)

// A server of before there were specs cannot take one: another takes its place.
func TestDeployOverAnOldServer(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "stack")
	l := Layout{Dir: dir}
	if err := os.MkdirAll(dir, dirPerm); err != nil {
		t.Fatal(err)
	}
	settings := defaultSettings("test")
	settings.Addr, settings.Created = "127.0.0.1:0", time.Now().UTC()
	if err := saveJSON(l.Settings(), settings); err != nil {
		t.Fatal(err)
	}
	lock, err := lockFile(t.Context(), l, l.ServerLock(), "test")
	if err != nil {
		t.Fatal(err)
	}
	old := http.NewServeMux()
	old.HandleFunc("GET /state", func(w http.ResponseWriter, _ *http.Request) {
		_ = json.NewEncoder(w).Encode(control.State{BufferSeconds: 60})
	})
	old.HandleFunc("POST /stop", func(w http.ResponseWriter, _ *http.Request) {
		_, _ = w.Write([]byte("{}"))
		_ = lock.Unlock() // as its process ends
	})
	srv := httptest.NewServer(old)
	defer srv.Close()
	if err := saveAddress(l, control.Address{Control: strings.TrimPrefix(srv.URL, "http://")}); err != nil {
		t.Fatal(err)
	}
	target := New(Options{Stack: "test", Dir: dir, Converter: Convert{}, Serve: []string{os.Args[0], "serve-for-tests", dir}})
	want := spec.Spec{Sites: []string{"shop"}}
	d, err := target.Deploy(t.Context(), pipeline.DeployOptions{Spec: &want}, nil)
	if err != nil || d.Action != pipeline.Updated {
		t.Fatalf("%+v, %v", d, err)
	}
	client, state, err := running(t.Context(), l)
	if err != nil || client == nil || state.PID == 0 || state.Endpoint != d.Endpoint {
		t.Fatalf("%+v, %v, want the new server", state, err)
	}
	if _, err := target.Destroy(t.Context(), pipeline.DestroyOptions{}, nil); err != nil {
		t.Error(err)
	}
}
