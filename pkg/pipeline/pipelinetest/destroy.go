package pipelinetest

import (
	"testing"

	"pixelctl/pkg/fault"
	"pixelctl/pkg/pipeline"
)

func noRemains(t *testing.T, h Harness) {
	t.Helper()
	left, err := h.Remains(t.Context())
	if err != nil || len(left) > 0 {
		t.Fatalf("left behind: %v, %v", left, err)
	}
}

func filled(t *testing.T, h Harness) {
	t.Helper()
	d := deploy(t, h)
	mustRecord(t, get(t, h, d.Endpoint+"/p.gif"))
	settle(t, h)
	mustRecord(t, get(t, h, d.Endpoint+"/p.gif"))
}

func destroyLeavesNothing(t *testing.T, h Harness) {
	filled(t, h)
	inv, err := h.Pipeline.Inventory(t.Context())
	if err != nil || len(inv.Items) == 0 {
		t.Fatalf("inventory %+v, %v", inv, err)
	}
	r, err := h.Pipeline.Destroy(t.Context(), pipeline.DestroyOptions{}, nil)
	if err != nil {
		t.Fatalf("destroy: %v", err)
	}
	for _, i := range r.Items {
		if !i.Gone {
			t.Errorf("%s %s is not proven gone: %+v", i.Kind, i.Name, i)
		}
	}
	noRemains(t, h)
}

func destroyTwice(t *testing.T, h Harness) {
	filled(t, h)
	if _, err := h.Pipeline.Destroy(t.Context(), pipeline.DestroyOptions{}, nil); err != nil {
		t.Fatalf("first destroy: %v", err)
	}
	_, err := h.Again().Destroy(t.Context(), pipeline.DestroyOptions{}, nil)
	if fault.KindOf(err) != fault.NotDeployed {
		t.Fatalf("second destroy: %v, want not deployed", err)
	}
	noRemains(t, h)
}

func destroyDryRun(t *testing.T, h Harness) {
	filled(t, h)
	r, err := h.Pipeline.Destroy(t.Context(), pipeline.DestroyOptions{DryRun: true}, nil)
	if err != nil || !r.DryRun || len(r.Items) == 0 {
		t.Fatalf("dry run: %+v, %v", r, err)
	}
	settle(t, h)
	if n := count(t, h); n != 2 {
		t.Fatalf("%d rows after a dry run, want 2", n)
	}
}

func destroyKeepData(t *testing.T, h Harness) {
	filled(t, h)
	r, err := h.Pipeline.Destroy(t.Context(), pipeline.DestroyOptions{KeepData: true}, nil)
	if err != nil || r.KeptData == "" {
		t.Fatalf("destroy --keep-data: %+v, %v", r, err)
	}
	h.Pipeline = h.Again()
	if n := count(t, h); n != 2 {
		t.Fatalf("%d rows in the kept data, want 2", n)
	}
	if _, err := h.Pipeline.Destroy(t.Context(), pipeline.DestroyOptions{}, nil); err != nil {
		t.Fatalf("destroy of the kept data: %v", err)
	}
	noRemains(t, h)
}

func destroyInterrupted(t *testing.T, h Harness) {
	filled(t, h)
	for n := 1; ; n++ {
		ctx, sink := interrupt(t, n)
		_, err := h.Pipeline.Destroy(ctx, pipeline.DestroyOptions{}, sink)
		if err == nil || fault.KindOf(err) == fault.NotDeployed {
			break
		}
		h.Pipeline = h.Again()
	}
	noRemains(t, h)
}

func deployAfterDestroy(t *testing.T, h Harness) {
	filled(t, h)
	if _, err := h.Pipeline.Destroy(t.Context(), pipeline.DestroyOptions{}, nil); err != nil {
		t.Fatalf("destroy: %v", err)
	}
	h.Pipeline = h.Again()
	if d := deploy(t, h); d.Action != pipeline.Created {
		t.Fatalf("deploy after destroy: %+v, want created", d)
	}
	if n := count(t, h); n != 0 {
		t.Fatalf("%d old rows are back", n)
	}
}
