package local_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"pixelctl/pkg/pipeline"
)

// A damaged file of the newest hour is named, once while the tail follows, and
// the rows of the others are shown.
func TestTailNamesDamagedFiles(t *testing.T) {
	t.Parallel()
	h, _ := smallFiles(t)
	file := h.files(t)[0] // hour=10 is sorted before hour=9
	content, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	clear(content[8 : len(content)/2])
	write(t, filepath.Join(filepath.Dir(file), "1783242600000-0a1b2c3d.parquet"), content[:len(content)/2])
	write(t, filepath.Join(filepath.Dir(file), "1783242600001-0a1b2c3d.parquet"), content)
	var rows int
	var warned []string
	collect := func(tail pipeline.Tail) {
		rows += len(tail.Rows)
		warned = append(warned, tail.Warnings...)
	}
	check := func() {
		t.Helper()
		if all := strings.Join(warned, "\n"); len(warned) != 2 || !strings.Contains(all, "0000-0a1b2c3d.parquet: not a Parquet file") ||
			!strings.Contains(all, "0001-0a1b2c3d.parquet: damaged") {
			t.Errorf("warned of %q", warned)
		}
	}
	if err := h.target().Tail(t.Context(), pipeline.TailOptions{Lines: 50}, func(tail pipeline.Tail) error {
		collect(tail)
		return nil
	}); err != nil || rows != 4 {
		t.Errorf("%d rows, %v", rows, err)
	}
	check()

	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	rows, warned = 0, nil
	err = h.target().Tail(ctx, pipeline.TailOptions{Lines: 50, Follow: true}, func(tail pipeline.Tail) error {
		if rows > 0 {
			stop()
		} else {
			h.hit(t, h.endpoint+"/p.gif?uid=late")
		}
		collect(tail)
		return nil
	})
	if !errors.Is(err, context.Canceled) || rows != 5 {
		t.Errorf("%d rows, %v", rows, err)
	}
	check()
}
