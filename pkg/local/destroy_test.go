package local_test

import (
	"context"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"pixelctl/pkg/fault"
	"pixelctl/pkg/local/disk"
	"pixelctl/pkg/pipeline"
)

// Files that somebody else put into the directory are named and stay.
func TestDestroyForeignFiles(t *testing.T) {
	t.Parallel()
	s := newStack(t)
	s.hit(t, s.deploy(t)+"/p.gif")
	write(t, filepath.Join(s.dir, "notes.txt"), []byte("mine"))
	mkdir(t, filepath.Join(s.dir, "backup"))
	r, err := s.target().Destroy(t.Context(), pipeline.DestroyOptions{}, nil)
	if err != nil {
		t.Fatal(err)
	}
	foreign := map[string]bool{}
	for _, item := range r.Items {
		if item.Kind == "foreign" {
			foreign[item.Name] = item.Kept
		} else if !item.Gone {
			t.Errorf("%s is not gone", item.Name)
		}
	}
	if len(foreign) != 2 || !foreign["notes.txt"] || !foreign["backup"] {
		t.Errorf("foreign files %v, want notes.txt and backup, kept", foreign)
	}
	if left := s.tree(t, "."); len(left) != 1 || filepath.Base(left[0]) != "notes.txt" {
		t.Errorf("left %v, want notes.txt", left)
	}
	_, err = s.target().Destroy(t.Context(), pipeline.DestroyOptions{}, nil)
	if fault.KindOf(err) != fault.NotDeployed {
		t.Errorf("destroyed again: %v, want not deployed", err)
	}
}

// hang stops the server's process without ending it. The signal alone returns
// before the last thread has stopped.
func (s stack) hang(t *testing.T) int {
	t.Helper()
	pid := s.pid(t)
	var status syscall.WaitStatus
	if err := syscall.Kill(pid, syscall.SIGSTOP); err != nil {
		t.Fatal(err)
	}
	if _, err := syscall.Wait4(pid, &status, syscall.WUNTRACED, nil); err != nil || !status.Stopped() {
		t.Fatalf("server %d has not stopped: status %#x, %v", pid, status, err)
	}
	return pid
}

// A server that hangs is killed, and what it had answered is kept on request.
func TestDestroyHungServer(t *testing.T) {
	t.Parallel()
	for _, keep := range []bool{false, true} {
		s := newStack(t)
		t.Run(map[bool]string{false: "all", true: "keep data"}[keep], func(t *testing.T) {
			t.Parallel()
			id := s.hit(t, s.deploy(t)+"/p.gif")
			pid := s.hang(t)
			t.Cleanup(func() { _ = syscall.Kill(pid, syscall.SIGKILL) })
			var warned []string
			r, err := s.target().Destroy(t.Context(), pipeline.DestroyOptions{KeepData: keep}, warnings(&warned))
			if err != nil {
				t.Fatalf("%+v, %v", r, err)
			}
			if len(warned) != 1 || !strings.Contains(warned[0], "does not answer") {
				t.Errorf("warned %q, want that the server does not answer", warned)
			}
			if keep {
				s.wantIDs(t, id)
			} else if left, _ := s.remains(t.Context()); len(left) > 0 {
				t.Errorf("left %v", left)
			}
		})
	}
}

// A server that hangs is told by every command that needs it, with a way out.
func TestHungServer(t *testing.T) {
	t.Parallel()
	s := newStack(t)
	s.deploy(t)
	s.hang(t)
	status, err := s.target().Status(t.Context())
	if err != nil || len(status.Problems) == 0 || !strings.Contains(status.Problems[0].What, "does not answer") {
		t.Errorf("status %+v, %v; want the problem named", status, err)
	}
	_, err = s.target().Deploy(t.Context(), pipeline.DeployOptions{}, nil)
	wantFault(t, err, fault.Busy, "kill", "does not answer")
}

// Records that are still in the spool are kept too: as files, that can be
// queried without a stack, and by the next one.
func TestDestroyKeepsSpooled(t *testing.T) {
	t.Parallel()
	for name, end := range map[string]func(*testing.T, stack){
		"running": func(*testing.T, stack) {},
		"killed": func(t *testing.T, s stack) {
			if err := s.kill(t.Context()); err != nil {
				t.Fatal(err)
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newStack(t)
			endpoint := s.deploy(t)
			flushed := s.hit(t, endpoint+"/p.gif")
			s.flush(t)
			spooled := s.hit(t, endpoint+"/p.gif")
			end(t, s)
			r, err := s.target().Destroy(t.Context(), pipeline.DestroyOptions{KeepData: true}, nil)
			if err != nil || r.KeptData != filepath.Join(s.dir, "lake") {
				t.Fatalf("destroy: %+v, %v", r, err)
			}
			s.wantIDs(t, flushed, spooled)
			if _, err := s.target().Status(t.Context()); fault.KindOf(err) != fault.NotDeployed {
				t.Errorf("status: %v, want not deployed", err)
			}
			s.wantIDs(t, flushed, spooled, s.hit(t, s.deploy(t)+"/p.gif"))
			if _, err := s.target().Destroy(t.Context(), pipeline.DestroyOptions{}, nil); err != nil {
				t.Error(err)
			}
			if left, _ := s.remains(t.Context()); len(left) > 0 {
				t.Errorf("left %v", left)
			}
		})
	}
}

// A stack whose settings are damaged can still be taken away.
func TestDestroyDamagedStack(t *testing.T) {
	t.Parallel()
	s := newStack(t)
	s.hit(t, s.deploy(t)+"/p.gif")
	for _, file := range []string{"stack.json", "catalog.json", "counts.json"} {
		write(t, filepath.Join(s.dir, file), []byte("{"))
	}
	if _, err := s.target().Destroy(t.Context(), pipeline.DestroyOptions{}, nil); err != nil {
		t.Fatal(err)
	}
	if left, _ := s.remains(t.Context()); len(left) > 0 {
		t.Errorf("left %v", left)
	}
}

// A deploy that waited for a destroy to end does not go on with the lock that
// the destroy removed: the next one would not see it.
func TestDeployDuringDestroy(t *testing.T) {
	t.Parallel()
	s := newStack(t)
	s.deploy(t)
	ended := make(chan error, 8)
	for range cap(ended) / 2 {
		go func() {
			_, err := s.target().Destroy(context.WithoutCancel(t.Context()), pipeline.DestroyOptions{}, nil)
			ended <- err
		}()
		go func() {
			_, err := s.target().Deploy(context.WithoutCancel(t.Context()), pipeline.DeployOptions{}, nil)
			ended <- err
		}()
	}
	for range cap(ended) {
		if err := <-ended; err != nil {
			t.Logf("refused: %v", err) // busy, or not deployed
		}
	}
	s.hit(t, s.deploy(t)+"/p.gif")
	if n := s.count(t, s.target()); n != 1 {
		t.Errorf("%d rows, want 1", n)
	}
	s.destroyAll(t)
}

func (s stack) destroyAll(t *testing.T) {
	t.Helper()
	if _, err := s.target().Destroy(t.Context(), pipeline.DestroyOptions{}, nil); err != nil {
		t.Fatal(err)
	}
	if left, _ := s.remains(t.Context()); len(left) > 0 {
		t.Errorf("left %v", left)
	}
}

func TestDestroyTakesWhatAKilledWriterLeft(t *testing.T) {
	t.Parallel()
	s := newStack(t)
	s.deploy(t)
	for _, name := range []string{"stack.json", "catalog.json", "counts.json"} {
		write(t, filepath.Join(s.dir, name+disk.TempSuffix), []byte("half"))
	}
	if _, err := s.target().Destroy(t.Context(), pipeline.DestroyOptions{}, nil); err != nil {
		t.Fatal(err)
	}
	if left, err := s.remains(t.Context()); err != nil || len(left) > 0 {
		t.Fatalf("left %v, %v", left, err)
	}
}
