package local

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
	"time"

	"pixelctl/pkg/fault"
	"pixelctl/pkg/local/control"
	"pixelctl/pkg/local/disk"
)

func saveAddress(l Layout, a control.Address) error {
	return saveJSON(l.Server(), a)
}

// dying is how long a killed process may hold its lock: the last of its
// threads gives it back.
const dying = time.Second

// running finds the server of this directory: its client and state, or a nil
// client when none runs. A server.json that a killed server left is no server.
func running(ctx context.Context, l Layout) (*control.Client, control.State, error) {
	for until := time.Now().Add(dying); ; {
		held, err := lockHeld(l.ServerLock())
		if err != nil || !held {
			return nil, control.State{}, err
		}
		c, s, err := ask(ctx, l)
		if err == nil {
			return c, s, nil
		}
		if time.Now().After(until) || sleep(ctx, lockRetry) != nil {
			return nil, control.State{}, errUnreachable(l, err)
		}
	}
}

func ask(ctx context.Context, l Layout) (*control.Client, control.State, error) {
	var a control.Address
	b, err := os.ReadFile(l.Server())
	if err != nil {
		return nil, control.State{}, err
	}
	if err := json.Unmarshal(b, &a); err != nil {
		return nil, control.State{}, fmt.Errorf("read %s: %w", l.Server(), err)
	}
	c := control.NewClient(a)
	s, err := c.State(ctx)
	return c, s, err
}

func saveJSON(path string, v any) error {
	b, err := json.MarshalIndent(v, "", "  ")
	if err != nil {
		return fmt.Errorf("encode %s: %w", path, err)
	}
	err = disk.WriteFileAtomic(disk.OS{}, path, append(b, '\n'), filePerm)
	if errors.Is(err, syscall.ENOSPC) {
		return fault.New(fault.Failed, "%w", err).WithHint("make room on the disk of %s", filepath.Dir(path))
	}
	return err
}

func exists(path string) bool {
	_, err := os.Lstat(path)
	return !errors.Is(err, fs.ErrNotExist)
}
