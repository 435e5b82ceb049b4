package pipelinetest

import (
	"errors"
	"testing"
	"time"

	"pixelctl/pkg/fault"
	"pixelctl/pkg/pipeline"
)

func notDeployed(t *testing.T, h Harness) {
	ctx, p := t.Context(), h.Pipeline
	calls := map[string]func() error{
		"status":    func() error { _, err := p.Status(ctx); return err },
		"endpoint":  func() error { _, err := p.Endpoint(ctx); return err },
		"query":     func() error { _, err := p.Query(ctx, pipeline.QueryOptions{SQL: "SELECT 1"}, nil); return err },
		"crawl":     func() error { _, err := p.Crawl(ctx, pipeline.CrawlOptions{}, nil); return err },
		"repair":    func() error { _, err := p.Repair(ctx, pipeline.RepairOptions{}, nil); return err },
		"buffer":    func() error { _, err := p.Buffer(ctx); return err },
		"inventory": func() error { _, err := p.Inventory(ctx); return err },
		"purge":     func() error { _, err := p.Purge(ctx, pipeline.PurgeOptions{All: true}, nil); return err },
		"destroy":   func() error { _, err := p.Destroy(ctx, pipeline.DestroyOptions{}, nil); return err },
		"set buffer": func() error {
			_, err := p.SetBuffer(ctx, pipeline.BufferOptions{Interval: pipeline.MaxBuffer}, nil)
			return err
		},
	}
	for name, call := range calls {
		if err := call(); fault.KindOf(err) != fault.NotDeployed || fault.HintOf(err) == "" {
			t.Errorf("%s: %v (kind %d, hint %q), want not deployed with a hint", name, err, fault.KindOf(err), fault.HintOf(err))
		}
	}
	noRemains(t, h)
}

func deployIdempotent(t *testing.T, h Harness) {
	first := deploy(t, h)
	if first.Action != pipeline.Created || first.Endpoint == "" {
		t.Fatalf("first deploy: %+v, want created with an endpoint", first)
	}
	h.Pipeline = h.Again()
	second := deploy(t, h)
	if second.Action != pipeline.Unchanged || second.Endpoint != first.Endpoint || len(second.Changes) != 0 {
		t.Fatalf("second deploy: %+v, want unchanged at %s", second, first.Endpoint)
	}
	s, err := h.Pipeline.Status(t.Context())
	if err != nil || s.State != pipeline.Running || s.Endpoint != first.Endpoint {
		t.Fatalf("status %+v, %v; want running at %s", s, err, first.Endpoint)
	}
	if e, err := h.Pipeline.Endpoint(t.Context()); err != nil || e != first.Endpoint {
		t.Fatalf("endpoint %q, %v; want %s", e, err, first.Endpoint)
	}
}

func deployDryRun(t *testing.T, h Harness) {
	d, err := h.Pipeline.Deploy(t.Context(), pipeline.DeployOptions{DryRun: true}, nil)
	if err != nil || !d.DryRun || d.Action != pipeline.Created {
		t.Fatalf("dry run: %+v, %v", d, err)
	}
	noRemains(t, h)
}

func deployApplies(t *testing.T, h Harness) {
	deploy(t, h)
	d, err := h.Pipeline.Deploy(t.Context(), pipeline.DeployOptions{Buffer: pipeline.MaxBuffer}, nil)
	if err != nil || d.Action != pipeline.Updated || len(d.Changes) != 1 || d.Changes[0].Name != "buffer" {
		t.Fatalf("deploy with another buffer: %+v, %v", d, err)
	}
	if again := deploy(t, h); again.Action != pipeline.Unchanged {
		t.Fatalf("deploy without a buffer forgot the setting: %+v", again)
	}
}

func bufferChange(t *testing.T, h Harness) {
	d := deploy(t, h)
	mustRecord(t, get(t, h, d.Endpoint+"/p.gif?uid=before"))
	for _, to := range []time.Duration{pipeline.MaxBuffer, pipeline.MinBuffer, pipeline.MaxBuffer} {
		r, err := h.Pipeline.SetBuffer(t.Context(), pipeline.BufferOptions{Interval: to}, nil)
		if err != nil || r.To != to || !r.Changed {
			t.Fatalf("set buffer to %s: %+v, %v", to, r, err)
		}
		mustRecord(t, get(t, h, d.Endpoint+"/p.gif?uid="+to.String()))
	}
	r, err := h.Pipeline.SetBuffer(t.Context(), pipeline.BufferOptions{Interval: pipeline.MaxBuffer}, nil)
	if err != nil || r.Changed {
		t.Fatalf("set the same buffer again: %+v, %v", r, err)
	}
	if got, err := h.Again().Buffer(t.Context()); err != nil || got != pipeline.MaxBuffer {
		t.Fatalf("buffer is %s, %v", got, err)
	}
	settle(t, h)
	if n := count(t, h); n != 4 {
		t.Fatalf("%d rows, want 4", n)
	}
}

func bufferBounds(t *testing.T, h Harness) {
	deploy(t, h)
	for _, d := range []time.Duration{0, 59 * time.Second, 16 * time.Minute, -time.Minute, 90*time.Second + time.Millisecond} {
		if _, err := h.Pipeline.SetBuffer(t.Context(), pipeline.BufferOptions{Interval: d}, nil); fault.KindOf(err) != fault.Usage {
			t.Errorf("buffer %s: %v, want a usage error", d, err)
		}
	}
	if got, err := h.Pipeline.Buffer(t.Context()); err != nil || got != pipeline.DefaultBuffer {
		t.Fatalf("buffer is %s, %v after refused changes", got, err)
	}
}

func killLosesNothing(t *testing.T, h Harness) {
	if h.Kill == nil {
		t.Log("nothing to kill on this target: the service keeps what it accepted")
		return
	}
	d := deploy(t, h)
	ids := map[string]bool{}
	for range 20 {
		a := get(t, h, d.Endpoint+"/p.gif")
		mustRecord(t, a)
		ids[a.id] = true
	}
	if err := h.Kill(t.Context()); err != nil {
		t.Fatalf("kill: %v", err)
	}
	h.Pipeline = h.Again()
	if d = deploy(t, h); d.Action != pipeline.Started {
		t.Fatalf("deploy after a kill: %+v, want started", d)
	}
	settle(t, h)
	for _, r := range ask(t, h, "SELECT event_id FROM tp_hits") {
		id, _ := r[0].(string)
		if !ids[id] {
			t.Errorf("row %s is unknown or there twice", id)
		}
		delete(ids, id)
	}
	if len(ids) > 0 {
		t.Fatalf("%d answered hits are lost: %v", len(ids), ids)
	}
}

func deployInterrupted(t *testing.T, h Harness) {
	for n := 1; ; n++ {
		ctx, sink := interrupt(t, n)
		_, err := h.Pipeline.Deploy(ctx, pipeline.DeployOptions{}, sink)
		if err == nil {
			break
		}
		if !errors.Is(err, ctx.Err()) && fault.KindOf(err) == 0 {
			t.Fatalf("deploy interrupted at step %d: %v", n, err)
		}
		h.Pipeline = h.Again()
	}
	d := deploy(t, h)
	mustRecord(t, get(t, h, d.Endpoint+"/p.gif"))
	settle(t, h)
	if n := count(t, h); n != 1 {
		t.Fatalf("%d rows after interrupted deploys, want 1", n)
	}
}
