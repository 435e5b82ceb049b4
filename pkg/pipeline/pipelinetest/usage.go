package pipelinetest

import (
	"testing"
	"time"

	"pixelctl/pkg/pipeline"
	"pixelctl/pkg/query"
)

// usage is measured since the stack was made, and in no other window.
func usage(t *testing.T, h Harness) {
	d := deploy(t, h)
	for range 3 {
		mustRecord(t, get(t, h, d.Endpoint+"/p.gif"))
	}
	settle(t, h)
	h.Pass(time.Millisecond)
	u := use(t, h, query.Window{})
	if u.Requests != 3 || u.Records != 3 || u.Calls != 3 || u.FilesWritten < 1 || u.Files != u.FilesWritten || u.BytesWritten <= 0 {
		t.Errorf("three hits are %+v", u)
	}
	if u.Target != d.Target || u.Format != "parquet" || u.Front != "api" || u.Buffer != pipeline.DefaultBuffer || u.BufferSeconds != 60 {
		t.Errorf("settings are %+v", u)
	}
	measuredNow(t, h, u)
	if _, err := h.Pipeline.Usage(t.Context(), query.Window{Until: u.Window.Since.Add(-time.Hour)}); err == nil {
		t.Error("a time before the stack was measured")
	}
}

func measuredNow(t *testing.T, h Harness, u pipeline.Usage) {
	t.Helper()
	if u.Window.Since.IsZero() || u.Window.Until.After(h.Now()) || !u.Window.Since.Before(u.Window.Until) {
		t.Errorf("measured is %v at %s", u.Window, h.Now())
	}
}

func use(t *testing.T, h Harness, w query.Window) pipeline.Usage {
	t.Helper()
	u, err := h.Pipeline.Usage(t.Context(), w)
	if err != nil {
		t.Fatalf("usage: %v", err)
	}
	return u
}
