// Package artifact makes the zip that is deployed: the function, and the spec
// it runs with. The digest of the zip covers both, so that a change of the spec
// is a change of the code that CloudFormation sees.
package artifact

import (
	"archive/zip"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"time"

	"pixelctl/pkg/spec"
)

// SpecFile is the name of the spec in the zip: beside the executable, where the
// function finds it below LAMBDA_TASK_ROOT.
const SpecFile = "spec.json"

// maxZip is the size in bytes of the largest zip that Lambda takes (quotas of
// Lambda, deployment package).
const maxZip = 50 << 20

// Digest is the SHA-256 of a zip as 64 hex digits.
func Digest(zipped []byte) string {
	sum := sha256.Sum256(zipped)
	return hex.EncodeToString(sum[:])
}

// With returns the zip with the spec as a second entry, instead of the one it
// may have. The zero spec has none. The other entries are taken as they are,
// compressed, and a zip that has nothing to change is returned unchanged. The
// same zip and spec always give the same bytes.
func With(zipped []byte, s spec.Spec) ([]byte, error) {
	entries, old, err := open(zipped)
	if err != nil {
		return nil, failed("add the spec to", err)
	}
	text := s.JSON()
	if isZero(text) && old == nil {
		return zipped, nil
	}
	if len(text) > spec.MaxJSON {
		return nil, failed("add the spec to", fmt.Errorf("%s has %d bytes, at most %d are read", SpecFile, len(text), spec.MaxJSON))
	}
	out, err := build(entries, text)
	if err != nil {
		return nil, failed("add the spec to", err)
	}
	return out, nil
}

// Spec returns the spec of a zip; of one without, the zero spec.
func Spec(zipped []byte) (spec.Spec, error) {
	_, entry, err := open(zipped)
	if err != nil || entry == nil {
		return spec.Spec{}, failed("read the spec of", err)
	}
	text, err := read(entry)
	if err != nil {
		return spec.Spec{}, failed("read the spec of", err)
	}
	s, err := spec.Parse(text)
	return s, failed("read the spec of", err)
}

// open gives the entries of a zip but for the spec, which is nil when there is
// none.
func open(zipped []byte) (others []*zip.File, entry *zip.File, err error) {
	if len(zipped) > maxZip {
		return nil, nil, fmt.Errorf("it has %d bytes, Lambda takes %d", len(zipped), maxZip)
	}
	r, err := zip.NewReader(bytes.NewReader(zipped), int64(len(zipped)))
	if err != nil {
		return nil, nil, err
	}
	for _, f := range r.File {
		switch {
		case f.Name != SpecFile:
			others = append(others, f)
		case entry != nil: // unzippers do not agree which one counts
			return nil, nil, errors.New("it has two entries " + SpecFile)
		default:
			entry = f
		}
	}
	return others, entry, nil
}

// read takes the size of what comes out for true, not what the entry says.
func read(entry *zip.File) ([]byte, error) {
	f, err := entry.Open()
	if err != nil {
		return nil, err
	}
	defer func() { _ = f.Close() }()
	text, err := io.ReadAll(io.LimitReader(f, spec.MaxJSON+1))
	if err != nil {
		return nil, err
	}
	if len(text) > spec.MaxJSON {
		return nil, fmt.Errorf("%s has more than %d bytes", SpecFile, spec.MaxJSON)
	}
	return text, nil
}

// build writes the entries as they are and the spec behind them. It is stored,
// not compressed: its bytes shall not depend on the version of Go.
func build(entries []*zip.File, text []byte) ([]byte, error) {
	var buf bytes.Buffer
	w := zip.NewWriter(&buf)
	for _, f := range entries {
		if err := w.Copy(f); err != nil {
			return nil, err
		}
	}
	if !isZero(text) {
		h := &zip.FileHeader{
			Name: SpecFile, Method: zip.Store,
			Modified: time.Date(1980, 1, 1, 0, 0, 0, 0, time.UTC), // the earliest a zip can tell
		}
		h.SetMode(0o644)
		f, err := w.CreateHeader(h)
		if err != nil {
			return nil, err
		}
		if _, err := f.Write(text); err != nil {
			return nil, err
		}
	}
	if err := w.Close(); err != nil {
		return nil, err
	}
	return buf.Bytes(), nil
}

// isZero tells the JSON of the zero spec.
func isZero(text []byte) bool { return string(bytes.TrimSpace(text)) == "{}" }

// failed wraps an error; nil stays nil.
func failed(operation string, err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("%s the function's zip: %w", operation, err)
}
