package local

import (
	"bytes"
	"encoding/hex"
	"errors"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"pixelctl/pkg/local/disk"
	"pixelctl/pkg/local/disk/disktest"
	"pixelctl/pkg/pipeline"
	"pixelctl/pkg/spec"
)

const firstDay = 20_639 // 2026-07-05

func ring(t *testing.T, fsys disk.FS) *keyring {
	t.Helper()
	return &keyring{path: filepath.Join(t.TempDir(), "keys.json"), fs: fsys}
}

// reopened is what the next server reads.
func (k *keyring) reopened() *keyring { return &keyring{path: k.path, fs: k.fs} }

func state(t *testing.T, k *keyring) []byte {
	t.Helper()
	b, err := os.ReadFile(k.path)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestKeysOnDemand(t *testing.T) {
	t.Parallel()
	k := ring(t, disk.OS{})
	k.need(false, firstDay)
	if _, ok := k.Day(firstDay); ok || k.problem() != nil || exists(k.path) {
		t.Fatalf("keys that nobody needs: %v, %v", ok, k.problem())
	}
	k.need(true, firstDay)
	key, ok := k.Day(firstDay)
	info, err := os.Stat(k.path)
	if err != nil || !ok || k.problem() != nil || info.Mode().Perm() != 0o600 {
		t.Fatalf("key %v, %v, file %v, %v", ok, k.problem(), info, err)
	}
	again := k.reopened()
	again.need(true, firstDay)
	if got, ok := again.Day(firstDay); !ok || got != key {
		t.Error("the key of the day did not outlive the server")
	}
	write := k.path + disk.TempSuffix
	if err := os.WriteFile(write, []byte("half"), 0o600); err != nil { // of a server that was killed
		t.Fatal(err)
	}
	k.need(false, firstDay)
	if _, ok := k.Day(firstDay); ok || exists(k.path) || exists(write) {
		t.Error("keys are still there that nobody needs")
	}
}

// At the change of the day the file holds a new key, from which the older one
// cannot be had.
func TestKeysChangeWithTheDay(t *testing.T) {
	t.Parallel()
	k := ring(t, disk.OS{})
	k.need(true, firstDay)
	old, _ := k.Day(firstDay)
	oldState := state(t, k)
	for range 2 {
		if err := k.renew(firstDay); err != nil || !bytes.Equal(state(t, k), oldState) {
			t.Fatalf("the file changed within a day: %v", err)
		}
	}
	fresh, _ := k.Day(firstDay + 1) // a hit comes before the file is renewed
	if err := k.renew(firstDay + 1); err != nil {
		t.Fatal(err)
	}
	now := state(t, k)
	if bytes.Contains(now, []byte(hex.EncodeToString(old[:]))) || !bytes.Contains(now, []byte(hex.EncodeToString(fresh[:]))) || fresh == old {
		t.Errorf("the file holds %s", now)
	}
	next := k.reopened()
	next.need(true, firstDay+1)
	if _, ok := next.Day(firstDay - 1); ok {
		t.Error("a key of an older day can be had")
	}
	if got, ok := next.Day(firstDay + 1); !ok || got != fresh {
		t.Error("the key of the new day is another one after a restart")
	}
	// A server that stood for days goes on from today.
	later := k.reopened()
	later.need(true, firstDay+30)
	if bytes.Contains(state(t, k), []byte(hex.EncodeToString(fresh[:]))) || later.problem() != nil {
		t.Errorf("the key of the last day is still there, %v", later.problem())
	}
}

// A file that cannot be read gives no keys, until it is mended or removed.
func TestKeysUnreadable(t *testing.T) {
	t.Parallel()
	k := ring(t, disk.OS{})
	if err := os.WriteFile(k.path, []byte(`{"day":20639,"key":"ab"}`), 0o600); err != nil {
		t.Fatal(err)
	}
	k.need(true, firstDay)
	_, day := k.Day(firstDay)
	_, cookie := k.Cookie()
	if day || cookie || k.problem() == nil || !strings.Contains(k.problem().Error(), "keys.json") {
		t.Fatalf("keys of a damaged file: %v, %v, %v", day, cookie, k.problem())
	}
	if err := k.renew(firstDay); err == nil || strings.Contains(err.Error(), `"ab"`) {
		t.Errorf("%v, want an error without the secret", err)
	}
	if err := os.Remove(k.path); err != nil {
		t.Fatal(err)
	}
	if err := k.renew(firstDay); err != nil {
		t.Fatal(err)
	}
	if _, ok := k.Day(firstDay); !ok {
		t.Error("no keys after the file was removed")
	}
	before, _ := k.Day(firstDay)
	if err := os.Remove(k.path); err != nil {
		t.Fatal(err)
	}
	if err := k.renew(firstDay); err != nil {
		t.Fatal(err)
	}
	if after, ok := k.Day(firstDay); !ok || after == before {
		t.Error("the keys outlived their file")
	}
}

// Keys that cannot be stored are not used, and yesterday's key is a problem for
// as long as it stands there.
func TestKeysOnAFullDisk(t *testing.T) {
	t.Parallel()
	faults := disktest.NewFaults(disk.OS{})
	full := func(op disktest.Op) *disktest.Fault {
		if op.Name == "write" {
			return &disktest.Fault{Err: errors.New("no space left")}
		}
		return nil
	}
	k := ring(t, faults)
	faults.SetRule(full)
	k.need(true, firstDay)
	if _, ok := k.Day(firstDay); ok || k.problem() == nil {
		t.Errorf("keys that are not stored are used: %v", k.problem())
	}
	faults.SetRule(nil)
	if err := k.renew(firstDay); err != nil {
		t.Fatal(err)
	}
	old := state(t, k)
	faults.SetRule(full)
	if err := k.renew(firstDay + 1); err == nil || !bytes.Equal(state(t, k), old) {
		t.Errorf("%v, want the full disk told", err)
	}
	faults.SetRule(nil)
	if err := k.renew(firstDay + 1); err != nil || bytes.Equal(state(t, k), old) {
		t.Errorf("%v, yesterday's key is still there", err)
	}
}

func TestKeysOfALaterDay(t *testing.T) {
	t.Parallel()
	k := ring(t, disk.OS{})
	k.need(true, firstDay+5)
	if err := k.renew(firstDay); err == nil {
		t.Error("a clock that was set back is no problem")
	}
	if _, ok := k.Day(firstDay); ok {
		t.Error("a key of an older day can be had")
	}
}

// In the server: ids are hashed with the day's key, change with the day, and
// stay empty when the keys cannot be read.
func TestHashedUser(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "stack")
	settings := defaultSettings("test")
	settings.Spec = spec.Spec{Privacy: spec.Privacy{User: spec.Hash}}
	var now atomic.Pointer[time.Time]
	at := func(day int) { v := time.Date(2026, 7, day, 12, 0, 0, 0, time.UTC); now.Store(&v) }
	at(5)
	s := serveSettings(t, dir, settings, func() time.Time { return *now.Load() }, disk.OS{}, Convert{})
	user := func() {
		t.Helper()
		resp, err := http.Get(s.endpoint + "/p.gif?uid=u-1")
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.Copy(io.Discard, resp.Body); err != nil {
			t.Fatal(err)
		}
		if err := resp.Body.Close(); err != nil {
			t.Fatal(err)
		}
	}
	user()
	user()
	at(6)
	s.tend(t.Context())
	user()
	if err := os.WriteFile(s.layout.Keys(), []byte("{}"), 0o600); err != nil {
		t.Fatal(err)
	}
	s.keys.ring.Store(nil) // as a server that starts now
	s.tend(t.Context())
	user()
	if status := s.status(t); !problem(status, "key") {
		t.Errorf("problems %+v, want the keys named", status.Problems)
	}
	want := []string{"a", "a", "b", ""}
	seen := map[string]string{}
	got := users(t, s.target)
	for i, id := range got {
		if id != "" && seen[id] == "" {
			seen[id] = string(rune('a' + len(seen)))
		}
		if seen[id] != want[i] || id == "u-1" {
			t.Fatalf("user ids %q, want the pattern %q", got, want)
		}
	}
}

// users gives the user ids in the order of the hits.
func users(t *testing.T, target *Target) []string {
	t.Helper()
	rows, err := target.Query(t.Context(), pipeline.QueryOptions{SQL: "SELECT coalesce(user_id, '') FROM tp_hits ORDER BY event_id"}, nil)
	if err != nil {
		t.Fatal(err)
	}
	var all []string
	for {
		row, err := rows.Next(t.Context())
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		id, _ := row[0].(string)
		all = append(all, id)
	}
	if err := rows.Close(); err != nil {
		t.Fatal(err)
	}
	return all
}
