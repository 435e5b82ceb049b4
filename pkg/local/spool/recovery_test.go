package spool_test

import (
	"bytes"
	"slices"
	"strings"
	"syscall"
	"testing"

	"pixelctl/pkg/local/disk/disktest"
	"pixelctl/pkg/local/spool"
)

const segmentID = "1700000000000-00c0ffee"

func TestTornTails(t *testing.T) {
	t.Parallel()
	zeros := strings.Repeat("\x00", 5000)
	for _, c := range []struct{ name, kept, torn string }{
		{"whole", "a\nb\n", ""},
		{"empty", "", ""},
		{"half a line", "a\nb\n", `{"half`},
		{"nothing but half a line", "", `{"half`},
		{"zeros", "a\n", zeros},
		{"nothing but zeros", "", zeros},
		{"half a line and zeros", "a\n", "b" + zeros},
		{"zeros ended by a newline", "a\n", zeros + "\n"},
		{"zeros inside the last line", "a\n", "b" + zeros + "c\n"},
		{"zeros and half a line", "a\n", zeros + "b"},
		{"several zeroed lines", "a\n", "b\x00\n\x00c\n\x00"},
		{"zeros before a whole line stay for the converter", "a\nb" + zeros + "c\nd\n", "e"},
		{"long lines", strings.Repeat("x", 300_000) + "\n", strings.Repeat("y", 300_000)},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			mem := newMem(t)
			put(t, mem, segmentID+".ndjson", []byte(c.kept+c.torn))
			put(t, mem, "other.txt", []byte("not ours"))
			s, rec := open(t, options(mem))
			checkRecovery(t, mem, rec, c.kept, c.torn)
			if got := s.Stats().Bytes; got != int64(len(c.kept)) {
				t.Errorf("%d bytes in stats, want %d", got, len(c.kept))
			}
			if _, again := open(t, options(mem)); len(again.Torn) != 0 || again.Bytes != rec.Bytes {
				t.Errorf("recovered again: %+v, first %+v", again, rec)
			}
		})
	}
}

func checkRecovery(t *testing.T, mem *disktest.Mem, rec spool.Recovery, kept, torn string) {
	t.Helper()
	if rec.Bytes != int64(len(kept)) || rec.Records != int64(strings.Count(kept, "\n")) {
		t.Errorf("recovered %+v, want %d bytes", rec, len(kept))
	}
	path := spoolDir + "/" + segmentID + ".ndjson"
	if _, err := mem.Stat(path); (err == nil) != (kept != "") {
		t.Errorf("segment there: %v, with %d bytes kept", err == nil, len(kept))
	} else if err == nil && string(readAll(t, mem, path)) != kept {
		t.Error("the segment does not hold what should stay")
	}
	if torn == "" {
		if len(rec.Torn) != 0 {
			t.Errorf("torn %+v, want none", rec.Torn)
		}
		return
	}
	want := spool.Torn{Segment: segmentID, Bytes: int64(len(torn)), Path: errorsDir + "/torn/" + segmentID + ".bin"}
	if !slices.Equal(rec.Torn, []spool.Torn{want}) {
		t.Fatalf("torn %+v, want %+v", rec.Torn, want)
	}
	if string(readAll(t, mem, want.Path)) != torn {
		t.Error("the torn file does not hold the torn bytes")
	}
}

// Recovery that is killed at any call, with a power cut, ends as if it had
// not been: no byte is lost.
func TestRecoveryKilled(t *testing.T) {
	t.Parallel()
	for _, kept := range []string{"", "a\nb\n"} {
		for n := 1; ; n++ {
			mem := newMem(t)
			put(t, mem, segmentID+".ndjson", []byte(kept+"torn"))
			faults := disktest.NewFaults(mem)
			faults.KillAt(n, true)
			if s, _, err := spool.Open(options(faults)); err == nil {
				if err := s.Close(); err != nil {
					t.Fatal(err)
				}
			}
			mem.Crash(nil)
			_, rec := open(t, options(mem))
			if rec.Bytes != int64(len(kept)) {
				t.Errorf("killed at %d: recovered %+v", n, rec)
			}
			if got := readAll(t, mem, errorsDir+"/torn/"+segmentID+".bin"); string(got) != "torn" {
				t.Errorf("killed at %d: torn file holds %q", n, got)
			}
			if !faults.Killed() {
				break
			}
		}
	}
}

// A full disk must not keep the spool from opening: the torn end stays in its
// segment, which is held back until there is room.
func TestRecoveryOnFullDisk(t *testing.T) {
	t.Parallel()
	mem := newMem(t)
	put(t, mem, segmentID+".ndjson", []byte("a\nhalf"))
	faults := disktest.NewFaults(mem)
	faults.SetRule(func(op disktest.Op) *disktest.Fault {
		if op.Name == "write" {
			return &disktest.Fault{Err: syscall.ENOSPC}
		}
		return nil
	})
	s, rec := open(t, options(faults))
	if len(rec.Torn) != 1 || rec.Torn[0].Err == nil || rec.Records != 1 {
		t.Errorf("recovered %+v, want one torn end with its error", rec)
	}
	if segs, err := s.Rotate(); err == nil || len(segs) != 0 {
		t.Errorf("rotate on a full disk: %v (%v)", segs, err)
	}
	faults.SetRule(nil)
	if got := lines(t, mem, s); !slices.Equal(got, []string{"a"}) {
		t.Errorf("lines %q", got)
	}
	if got := readAll(t, mem, errorsDir+"/torn/"+segmentID+".bin"); string(got) != "half" {
		t.Errorf("torn file holds %q", got)
	}
}

func FuzzRecovery(f *testing.F) {
	for _, seed := range []string{"", "\n", "a\n", "a\nb", "a\n\x00", "\x00\n", "a\x00\nb\n", "\n\n\x00\n"} {
		f.Add([]byte(seed), uint16(3))
	}
	f.Fuzz(func(t *testing.T, data []byte, step uint16) {
		records, size := spool.Whole(data, int(step)+1)
		if again, n := spool.Whole(data, len(data)+1); again != records || n != size {
			t.Fatalf("in pieces of %d: %d, %d; at once: %d, %d", step, records, size, again, n)
		}
		kept, torn := data[:size], data[size:]
		if size > 0 && kept[size-1] != '\n' || records != int64(bytes.Count(kept, []byte("\n"))) {
			t.Fatalf("kept %q with %d records", kept, records)
		}
		for line := range bytes.Lines(torn) {
			if bytes.HasSuffix(line, []byte("\n")) && bytes.IndexByte(line, 0) < 0 {
				t.Fatalf("a whole line was cut off: %q", line)
			}
		}
		mem := newMem(t)
		put(t, mem, segmentID+".ndjson", data)
		_, rec := open(t, options(mem))
		checkRecovery(t, mem, rec, string(kept), string(torn))
		if files, total, err := disktest.Usage(mem, "/data"); err != nil || total != int64(len(data)) || files > 2 {
			t.Fatalf("%d files with %d bytes after recovery (%v), want %d", files, total, err, len(data))
		}
	})
}
