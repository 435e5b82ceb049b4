package lake

import "testing"

func TestFileNames(t *testing.T) {
	for _, segment := range []string{"000001", "20260705T090405.123Z-7f3a", "a.b", "x.parquet"} {
		got, ok := SegmentOf(FileName(segment))
		if !ok || got != segment {
			t.Errorf("%s: %s comes back as %q, %v", segment, FileName(segment), got, ok)
		}
	}
	for _, name := range []string{"", ".parquet", "x", "x.parquet.tmp", "x.PARQUET", ".x.parquet", "_x.parquet", "a/x.parquet", `a\x.parquet`} {
		if got, ok := SegmentOf(name); ok || got != "" {
			t.Errorf("%q: got segment %q", name, got)
		}
	}
}
