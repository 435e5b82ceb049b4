package extract

import (
	"crypto/sha256"
	"encoding/hex"
	"regexp"
	"strings"

	"pixelctl/pkg/event"
	"pixelctl/pkg/spec"
)

// step is one compiled transform.
type step struct {
	kind    spec.TransformKind
	n       int
	salt    string
	values  map[string]string
	pattern *regexp.Regexp
}

// transform runs the steps; "" when one lets nothing through.
func (f *field) transform(text string, sc *Scratch) string {
	for i := range f.steps {
		if text = f.steps[i].run(text, sc); text == "" {
			break
		}
	}
	return text
}

func (s *step) run(text string, sc *Scratch) string {
	switch s.kind {
	case spec.Lower:
		return strings.ToLower(text)
	case spec.TrimTo:
		return strings.TrimSpace(text)
	case spec.Cut:
		return event.Head(text, s.n)
	case spec.SHA256:
		return s.hash(text, sc)
	case spec.URLHost:
		return SplitURL(text).Host
	case spec.URLPath:
		return SplitURL(text).Path
	case spec.MapTo:
		return s.values[text]
	case spec.Regexp:
		return s.match(text)
	}
	return ""
}

// hash gives the SHA-256 of salt and value as 64 hex digits.
func (s *step) hash(text string, sc *Scratch) string {
	sc.buf = append(append(sc.buf[:0], s.salt...), text...)
	sum := sha256.Sum256(sc.buf)
	sc.buf = hex.AppendEncode(sc.buf[:0], sum[:])
	return string(sc.buf)
}

// match gives the first capture, or the whole match where the pattern
// captures nothing.
func (s *step) match(text string) string {
	if s.pattern.NumSubexp() == 0 {
		return s.pattern.FindString(text)
	}
	if m := s.pattern.FindStringSubmatch(text); m != nil {
		return m[1]
	}
	return ""
}

// bounded cuts what a source gave to MaxText.
func bounded(text string) string { return event.Head(text, MaxText) }
