package artifact_test

import (
	"archive/zip"
	"bytes"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"pixelctl/pkg/cloud/artifact"
	"pixelctl/pkg/event"
	"pixelctl/pkg/spec"
)

// rich is a spec with something in each part.
func rich() spec.Spec {
	return spec.Spec{
		Fields:  []spec.Field{{Name: "room", Type: event.String, Sources: []spec.Source{{Kind: spec.FromQuery, Names: []string{"room"}}}}},
		Drop:    []string{"page_title"},
		Privacy: spec.Privacy{IP: spec.Hash},
	}
}

func beaconZip(t *testing.T) []byte {
	t.Helper()
	b, err := os.ReadFile(filepath.Join("..", "..", "..", "embed", "beacon.zip"))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func with(t *testing.T, zipped []byte, s spec.Spec) []byte {
	t.Helper()
	out, err := artifact.With(zipped, s)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func entries(t *testing.T, zipped []byte) []*zip.File {
	t.Helper()
	r, err := zip.NewReader(bytes.NewReader(zipped), int64(len(zipped)))
	if err != nil {
		t.Fatal(err)
	}
	return r.File
}

func raw(t *testing.T, f *zip.File) []byte {
	t.Helper()
	r, err := f.OpenRaw()
	if err != nil {
		t.Fatal(err)
	}
	b, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// The function stays byte for byte what it was, compressed, and the spec that
// comes out is the one that went in.
func TestWith(t *testing.T) {
	t.Parallel()
	before := beaconZip(t)
	after := with(t, before, rich())
	old, files := entries(t, before), entries(t, after)
	if len(files) != 2 || files[0].Name != "bootstrap" || files[1].Name != artifact.SpecFile {
		t.Fatalf("%d entries", len(files))
	}
	if files[0].Mode() != 0o755 || files[1].Mode() != 0o644 || !bytes.Equal(raw(t, files[0]), raw(t, old[0])) {
		t.Errorf("modes %o and %o, or another function", files[0].Mode(), files[1].Mode())
	}
	got, err := artifact.Spec(after)
	if err != nil || !bytes.Equal(got.JSON(), rich().JSON()) {
		t.Errorf("%s (%v)", got.JSON(), err)
	}
	if text := raw(t, files[1]); !bytes.Equal(text, rich().JSON()) {
		t.Errorf("stored %s", text)
	}
}

// One zip and one spec give one digest, and each other spec another.
func TestWithIsDeterministic(t *testing.T) {
	t.Parallel()
	before := beaconZip(t)
	one, other := with(t, before, rich()), with(t, before, spec.Spec{Drop: []string{"page_title"}})
	if !bytes.Equal(one, with(t, bytes.Clone(before), rich())) {
		t.Error("the same zip and spec give other bytes")
	}
	digests := []string{artifact.Digest(before), artifact.Digest(one), artifact.Digest(other)}
	slices.Sort(digests)
	if len(slices.Compact(digests)) != 3 || len(digests[0]) != 64 {
		t.Errorf("%q", digests)
	}
}

// The zero spec leaves the zip as it was, and takes away one that was there.
func TestWithoutSpec(t *testing.T) {
	t.Parallel()
	before := beaconZip(t)
	if !bytes.Equal(with(t, before, spec.Spec{}), before) {
		t.Error("the zero spec changes the zip")
	}
	if s, err := artifact.Spec(before); err != nil || len(s.Fields) > 0 {
		t.Errorf("%+v, %v", s, err)
	}
	changed := with(t, before, rich())
	if again := with(t, changed, rich()); !bytes.Equal(again, changed) {
		t.Error("the same spec again changes the zip")
	}
	removed := with(t, changed, spec.Spec{})
	if files := entries(t, removed); len(files) != 1 || files[0].Name != "bootstrap" {
		t.Errorf("%d entries", len(files))
	}
	if other := with(t, changed, spec.Spec{Drop: []string{"language"}}); len(entries(t, other)) != 2 {
		t.Errorf("%d entries", len(entries(t, other)))
	}
}

// made is a zip of entries: name and content in turn.
func made(t *testing.T, parts ...string) []byte {
	t.Helper()
	var buf bytes.Buffer
	w := zip.NewWriter(&buf)
	for i := 0; i < len(parts); i += 2 {
		f, err := w.Create(parts[i])
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.WriteString(f, parts[i+1]); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return buf.Bytes()
}

// A zip that somebody else put into the bucket ends in an error that says what
// is wrong, and takes no memory by what it claims.
func TestHostile(t *testing.T) {
	t.Parallel()
	bomb := made(t, artifact.SpecFile, strings.Repeat(" ", 64<<20))
	lying := bytes.Clone(bomb)
	// The size of the content stands in the central directory, 24 bytes after its
	// signature: this one says that it has 2 bytes.
	at := bytes.LastIndex(lying, []byte("PK\x01\x02")) + 24
	copy(lying[at:], []byte{2, 0, 0, 0})
	damaged := made(t, artifact.SpecFile, `{"drop":["page_title"]}`)
	damaged[bytes.Index(damaged, []byte(artifact.SpecFile))+len(artifact.SpecFile)+2] ^= 0xff
	for _, c := range []struct {
		name, says string
		zip        []byte
	}{
		{"nothing", "not a valid zip file", nil},
		{"no zip", "not a valid zip file", []byte("<html>")},
		{"cut off", "not a valid zip file", bomb[:len(bomb)-10]},
		{"too large", "Lambda takes", make([]byte, 50<<20+1)},
		{"two specs", "two entries", made(t, artifact.SpecFile, "{}", artifact.SpecFile, `{"drop":["page_title"]}`)},
		{"a bomb", "more than 65536 bytes", bomb},
		{"a bomb that lies", "", lying},
		{"damaged", "", damaged},
		{"no JSON", "", made(t, artifact.SpecFile, "<html>")},
		{"unknown key", "", made(t, artifact.SpecFile, `{"feelds":[]}`)},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			s, err := artifact.Spec(c.zip)
			if err == nil || !strings.Contains(err.Error(), c.says) || !strings.HasPrefix(err.Error(), "read the spec of the function's zip: ") {
				t.Errorf("%+v, %v", s, err)
			}
		})
	}
	for _, b := range [][]byte{nil, []byte("<html>"), made(t, artifact.SpecFile, "{}", artifact.SpecFile, "{}")} {
		if _, err := artifact.With(b, rich()); err == nil || !strings.HasPrefix(err.Error(), "add the spec to the function's zip: ") {
			t.Errorf("%d bytes: %v", len(b), err)
		}
	}
}

// Whatever the bytes, reading them ends, and what With makes can be read.
func FuzzSpec(f *testing.F) {
	f.Add([]byte(""))
	f.Add([]byte("PK\x05\x06" + strings.Repeat("\x00", 18)))
	f.Fuzz(func(t *testing.T, zipped []byte) {
		_, _ = artifact.Spec(zipped)
		out, err := artifact.With(zipped, rich())
		if err != nil {
			return
		}
		if _, err := artifact.Spec(out); err != nil {
			t.Errorf("made, but not read: %v", err)
		}
	})
}
