package disk_test

import (
	"bytes"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
	"testing"

	"pixelctl/pkg/local/disk"
	"pixelctl/pkg/local/disk/disktest"
)

func readFile(t *testing.T, fsys disk.FS, path string) (string, bool) {
	t.Helper()
	f, err := fsys.OpenFile(path, os.O_RDONLY, 0)
	if errors.Is(err, fs.ErrNotExist) {
		return "", false
	}
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if _, err := b.ReadFrom(f); err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	return b.String(), true
}

func writeFile(t *testing.T, fsys disk.FS, path, data string) {
	t.Helper()
	if err := disk.WriteFileAtomic(fsys, path, []byte(data), 0o600); err != nil {
		t.Fatal(err)
	}
}

// Both file systems must behave alike, or tests over Mem prove nothing.
func TestFileSystems(t *testing.T) {
	t.Parallel()
	for name, fsys := range map[string]disk.FS{"os": disk.OS{}, "mem": disktest.NewMem()} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			root := t.TempDir()
			dir := filepath.Join(root, "a", "b")
			if err := disk.MkdirAll(fsys, dir, 0o750); err != nil {
				t.Fatal(err)
			}
			path := filepath.Join(dir, "x")
			writeFile(t, fsys, path, "old")
			writeFile(t, fsys, path, "new text")
			checkAppend(t, fsys, path)
			checkListing(t, fsys, root, dir)
			checkErrors(t, fsys, path, dir)
		})
	}
}

// checkAppend cuts a file and appends behind the cut.
func checkAppend(t *testing.T, fsys disk.FS, path string) {
	t.Helper()
	f, err := fsys.OpenFile(path, os.O_WRONLY|os.O_APPEND, 0)
	if err != nil {
		t.Fatal(err)
	}
	_, werr := f.Write([]byte(" more"))
	terr := f.Truncate(3)
	_, lerr := f.Write([]byte("!"))
	if err := errors.Join(werr, terr, lerr, f.Sync(), f.Close()); err != nil {
		t.Fatal(err)
	}
	if got, _ := readFile(t, fsys, path); got != "new!" {
		t.Errorf("after append, cut, append: %q, want %q", got, "new!")
	}
	if err := disk.SyncFile(fsys, path); err != nil {
		t.Error(err)
	}
}

func checkListing(t *testing.T, fsys disk.FS, root, dir string) {
	t.Helper()
	entries, err := fsys.ReadDir(dir)
	if err != nil || len(entries) != 1 || entries[0].Name() != "x" {
		t.Errorf("listed %v (%v), want x alone: no temporary file may stay", entries, err)
	}
	files, size, err := disktest.Usage(fsys, root)
	if err != nil || files != 1 || size != 4 {
		t.Errorf("usage %d files, %d bytes (%v), want 1 and 4", files, size, err)
	}
	if files, _, err := disktest.Usage(fsys, filepath.Join(root, "none")); err != nil || files != 0 {
		t.Errorf("usage of nothing: %d files (%v)", files, err)
	}
}

func checkErrors(t *testing.T, fsys disk.FS, path, dir string) {
	t.Helper()
	if _, err := fsys.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600); !errors.Is(err, fs.ErrExist) {
		t.Errorf("exclusive open of a file that exists: %v", err)
	}
	if _, err := fsys.Stat(path + "none"); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("stat of nothing: %v", err)
	}
	if err := fsys.Remove(dir); !errors.Is(err, syscall.ENOTEMPTY) {
		t.Errorf("remove of a full directory: %v", err)
	}
	if err := disk.RemoveIfExists(fsys, path+"none"); err != nil {
		t.Errorf("remove of nothing: %v", err)
	}
	if err := fsys.RemoveAll(filepath.Dir(dir)); err != nil {
		t.Error(err)
	}
	if _, err := fsys.Stat(path); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("stat after removal: %v", err)
	}
}

// Killed at any call and made again, the directory survives a power cut.
func TestMkdirAllKilled(t *testing.T) {
	t.Parallel()
	for n := 1; ; n++ {
		mem := disktest.NewMem()
		faults := disktest.NewFaults(mem)
		faults.KillAt(n, false)
		if err := disk.MkdirAll(faults, "/a/b/c", 0o750); err == nil {
			break
		}
		if err := disk.MkdirAll(mem, "/a/b/c", 0o750); err != nil {
			t.Fatal(err)
		}
		mem.Crash(nil)
		if _, err := mem.Stat("/a/b/c"); err != nil {
			t.Errorf("killed at %d: %v", n, err)
		}
	}
}

func TestMkdirAllOverFile(t *testing.T) {
	t.Parallel()
	mem := disktest.NewMem()
	writeFile(t, mem, "/file", "x")
	if err := disk.MkdirAll(mem, "/file", 0o750); !errors.Is(err, syscall.ENOTDIR) {
		t.Errorf("a file passed as a directory: %v", err)
	}
}

// Killed at any call, with the power cut or not, the file is old or new.
func TestWriteFileAtomicKilled(t *testing.T) {
	t.Parallel()
	for seed := range 8 {
		for n := 1; ; n++ {
			mem := disktest.NewMem()
			writeFile(t, mem, "/x", "old")
			faults := disktest.NewFaults(mem)
			faults.KillAt(n, seed%2 == 0)
			err := disk.WriteFileAtomic(faults, "/x", []byte("new text"), 0o600)
			mem.Crash(disktest.Chance(seed, n))
			got, _ := readFile(t, mem, "/x")
			if err == nil && got != "new text" || got != "old" && got != "new text" {
				t.Fatalf("seed %d, killed at %d: file holds %q, error %v", seed, n, got, err)
			}
			if !faults.Killed() {
				break
			}
			writeFile(t, mem, "/x", "newest")
		}
	}
}

func TestWriteFileAtomicFailing(t *testing.T) {
	t.Parallel()
	for _, op := range []string{"openfile", "write", "sync", "rename", "syncdir"} {
		mem := disktest.NewMem()
		writeFile(t, mem, "/x", "old")
		faults := disktest.NewFaults(mem)
		faults.SetRule(func(o disktest.Op) *disktest.Fault {
			if o.Name == op {
				return &disktest.Fault{Err: syscall.ENOSPC, Short: 2}
			}
			return nil
		})
		if err := disk.WriteFileAtomic(faults, "/x", []byte("new"), 0o600); !errors.Is(err, syscall.ENOSPC) {
			t.Errorf("%s failed, but the write says %v", op, err)
		}
		if files, _, err := disktest.Usage(mem, "/"); err != nil || files != 1 {
			t.Errorf("%s failed: %d files (%v), want 1", op, files, err)
		}
		if got, _ := readFile(t, mem, "/x"); op != "syncdir" && got != "old" {
			t.Errorf("%s failed: file holds %q", op, got)
		}
	}
}

func TestCrashForgetsWhatWasNotSynced(t *testing.T) {
	t.Parallel()
	mem := disktest.NewMem()
	writeFile(t, mem, "/kept", "synced")
	f, err := mem.OpenFile("/kept", os.O_WRONLY|os.O_APPEND, 0)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := f.Write([]byte(" lost")); err != nil {
		t.Fatal(err)
	}
	if _, err := mem.OpenFile("/lost", os.O_CREATE|os.O_WRONLY, 0o600); err != nil {
		t.Fatal(err)
	}
	mem.Crash(nil)
	if got, _ := readFile(t, mem, "/kept"); got != "synced" {
		t.Errorf("file holds %q, want what was synced", got)
	}
	if _, there := readFile(t, mem, "/lost"); there {
		t.Error("a name survived without SyncDir")
	}
}
