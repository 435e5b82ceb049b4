package local

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"

	"pixelctl/pkg/fault"
	"pixelctl/pkg/pipeline"
)

// Destroy stops the server, removes what belongs to the stack and asks for
// each thing again.
func (t *Target) Destroy(ctx context.Context, o pipeline.DestroyOptions, sink pipeline.Sink) (pipeline.DestroyResult, error) {
	inv, err := t.Inventory(ctx)
	result := pipeline.DestroyResult{Stack: inv.Stack, Target: TargetName, Items: inv.Items, DryRun: o.DryRun}
	if err != nil {
		return result, err
	}
	if o.KeepData {
		if !exists(t.l.Settings()) {
			return result, t.notDeployed(os.ErrNotExist)
		}
		result.KeptData = t.l.Lake()
		keep(&result, t.l)
	}
	if o.DryRun {
		return result, nil
	}
	lock, err := lockFile(ctx, t.l, t.l.OperationLock(), "destroy")
	if err != nil {
		return result, err
	}
	defer func() { _ = lock.Unlock() }() // its file is gone by then
	if err := t.quiesce(ctx, o, sink); err != nil {
		return result, err
	}
	if o.KeepData {
		if err := t.addFlushed(ctx, &result); err != nil {
			return result, err
		}
	}
	return t.remove(ctx, result, sink)
}

// addFlushed adds what the last flush made of the spool.
func (t *Target) addFlushed(ctx context.Context, r *pipeline.DestroyResult) error {
	inv, err := t.Inventory(ctx)
	for _, item := range inv.Items {
		known := func(i pipeline.Item) bool { return i.Kind == item.Kind }
		if i := slices.IndexFunc(r.Items, known); i >= 0 {
			r.Items[i] = item
		} else {
			r.Items = append(r.Items, item)
		}
	}
	keep(r, t.l)
	return err
}

// keep marks what stays.
func keep(r *pipeline.DestroyResult, l Layout) {
	data := map[string]bool{}
	for _, b := range belongings(l) {
		data[b.kind] = b.data
	}
	for i := range r.Items {
		r.Items[i].Kept = data[r.Items[i].Kind]
	}
}

// quiesce ends the server, by force if it does not answer, and, when the data
// is to be kept, sees to it that nothing stays in the spool.
func (t *Target) quiesce(ctx context.Context, o pipeline.DestroyOptions, sink pipeline.Sink) error {
	client, _, err := running(ctx, t.l)
	switch {
	case client != nil:
		if err = t.stop(ctx, client, sink); fault.KindOf(err) == fault.Busy {
			err = t.kill(ctx, sink)
		}
	case err != nil:
		err = t.kill(ctx, sink)
	}
	if err != nil || !o.KeepData {
		return err
	}
	if _, err := t.flushOffline(ctx); err != nil {
		return fmt.Errorf("flush the spool before its removal: %w", err)
	}
	if err := swapper(t.l).Recover(); err != nil {
		return err
	}
	_, _, err = repairCatalog(ctx, t.l, pipeline.RepairOptions{}, sink)
	return err
}

// kill ends a server that holds the lock but does not answer.
func (t *Target) kill(ctx context.Context, sink pipeline.Sink) error {
	pid, err := strconv.Atoi(holder(t.l.ServerLock()))
	if err != nil {
		return fault.New(fault.Busy, "stop server: it does not answer and its pid is unknown").WithHint("end the process that holds %s", t.l.ServerLock())
	}
	sink.Send(pipeline.Event{Phase: pipeline.Warn, Step: "stop server", Text: fmt.Sprintf("pid %d does not answer; it is killed (recorded hits are on disk)", pid)})
	p, err := os.FindProcess(pid)
	if err == nil {
		err = p.Kill()
	}
	if err != nil && !errors.Is(err, os.ErrProcessDone) {
		return fmt.Errorf("kill server pid %d: %w", pid, err)
	}
	return t.awaitFree(ctx)
}

// remove takes the things away and proves it.
func (t *Target) remove(ctx context.Context, result pipeline.DestroyResult, sink pipeline.Sink) (pipeline.DestroyResult, error) {
	kept := result.KeptData != ""
	for i, b := range belongings(t.l) {
		if err := ctx.Err(); err != nil {
			return result, err
		}
		if kept && b.data {
			continue
		}
		sink.Send(pipeline.Event{Phase: pipeline.Move, Step: "remove", Text: b.kind, Done: int64(i), Total: int64(len(belongings(t.l)))})
		for _, p := range b.paths {
			if err := os.RemoveAll(p); err != nil {
				note(result.Items, b.kind, err)
			}
		}
	}
	t.removeDir(&result, kept)
	err := prove(&result, t.l)
	return result, err
}

func note(items []pipeline.Item, kind string, err error) {
	for i := range items {
		if items[i].Kind == kind {
			items[i].Reason = err.Error()
		}
	}
}

// removeEmpty removes a stack's directory, and the one that holds all stacks
// by default with the last of them.
func removeEmpty(dir string) bool {
	if os.Remove(dir) != nil {
		return false
	}
	if parent := filepath.Dir(dir); filepath.Base(parent) == "pixelctl" {
		_ = os.Remove(parent) // not empty: there are other stacks
	}
	return true
}

// removeDir removes the directory itself unless it holds files that are not
// the stack's; those are named, never touched.
func (t *Target) removeDir(result *pipeline.DestroyResult, kept bool) {
	if kept || removeEmpty(t.o.Dir) {
		return
	}
	// A question that was asked meanwhile may have made its lock anew.
	for _, b := range belongings(t.l) {
		for _, p := range b.paths {
			_ = os.RemoveAll(p) // prove finds what stays
		}
	}
	if removeEmpty(t.o.Dir) {
		return
	}
	entries, _ := os.ReadDir(t.o.Dir)
	for _, e := range entries {
		result.Items = append(result.Items, pipeline.Item{Kind: "foreign", Name: e.Name(), Rows: -1, Kept: true, Reason: "not made by pixelctl"})
	}
}

func prove(result *pipeline.DestroyResult, l Layout) error {
	var left []string
	byKind := map[string]belonging{}
	for _, b := range belongings(l) {
		byKind[b.kind] = b
	}
	for i := range result.Items {
		item := &result.Items[i]
		b, ours := byKind[item.Kind]
		item.Gone = ours && !b.exists()
		if !item.Gone && !item.Kept {
			left = append(left, item.Name)
		}
	}
	if len(left) > 0 {
		return fault.New(fault.Partial, "destroy %s: %d of %d things are still there", result.Stack, len(left), len(result.Items)).
			WithLeft(left).WithHint("%s, once the reason is mended", l.command("destroy"))
	}
	return nil
}
