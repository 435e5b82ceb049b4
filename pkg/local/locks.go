package local

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strconv"
	"strings"
	"time"

	"github.com/gofrs/flock"

	"pixelctl/pkg/fault"
)

const (
	lockWait  = 300 * time.Millisecond
	lockRetry = 20 * time.Millisecond
)

// lockFile takes an exclusive lock that ends with the process, so that a
// killed holder leaves nothing to clean up. A holder writes its pid into the
// file for those it keeps out.
func lockFile(ctx context.Context, l Layout, path, what string) (*flock.Flock, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	lock := newLock(path)
	// lockHeld holds the lock for a moment when it asks; wait that long.
	wait, cancel := context.WithTimeout(ctx, lockWait)
	defer cancel()
	ok, err := tryLock(wait, lock)
	if err != nil && !errors.Is(err, context.DeadlineExceeded) {
		return nil, fmt.Errorf("lock %s: %w", path, err)
	}
	if !ok {
		return nil, fault.New(fault.Busy, "%s: pid %s holds %s", what, holder(path), path).
			WithHint("wait until it ends; see what runs: %s", l.command("status"))
	}
	if err := os.WriteFile(path, []byte(strconv.Itoa(os.Getpid())+"\n"), filePerm); err != nil {
		_ = lock.Unlock()
		return nil, fmt.Errorf("write pid to lock %s: %w", path, err)
	}
	return lock, nil
}

// tryLock takes the lock as soon as it is free. A destroy removes the files of
// its locks while it holds them: a lock on a file that has no name any more
// keeps nobody out, so it is taken anew.
func tryLock(ctx context.Context, lock *flock.Flock) (bool, error) {
	for {
		if ok, err := lock.TryLockContext(ctx, lockRetry); err != nil || !ok {
			return false, err
		}
		ours, err := lock.Stat()
		if err != nil {
			return false, errors.Join(err, lock.Unlock())
		}
		if named, err := os.Stat(lock.Path()); err == nil && os.SameFile(ours, named) {
			return true, nil
		}
		if err := lock.Unlock(); err != nil {
			return false, err
		}
	}
}

func holder(path string) string {
	b, err := os.ReadFile(path)
	pid := strings.TrimSpace(string(b))
	if err != nil || pid == "" {
		return "unknown"
	}
	return pid
}

// lockHeld tells whether a living process holds the lock.
func lockHeld(path string) (bool, error) {
	if _, err := os.Stat(path); err != nil {
		return false, nil //nolint:nilerr // no file, no holder
	}
	l := flock.New(path, flock.SetFlag(os.O_RDONLY)) // to ask must not make the file
	ok, err := l.TryRLock()
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("test lock %s: %w", path, err)
	}
	if ok {
		return false, l.Unlock()
	}
	return true, nil
}

func newLock(path string) *flock.Flock { return flock.New(path, flock.SetPermissions(filePerm)) }

// errUnreachable is a server that lives but cannot be asked.
func errUnreachable(l Layout, cause error) error {
	return fault.New(fault.Busy, "ask server of %s: pid %s holds the directory but does not answer: %w", l.Dir, holder(l.ServerLock()), cause).
		WithHint("read %s; end it with: kill %s", l.Log(), holder(l.ServerLock()))
}
