package local

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"pixelctl/pkg/fault"
	"pixelctl/pkg/pipeline"
)

// What is still there after its removal is listed, with the command that goes
// on; what is gone, kept or not ours is not.
func TestProve(t *testing.T) {
	t.Parallel()
	l := Layout{Dir: t.TempDir(), Flags: " --target local"}
	if err := os.WriteFile(l.Counts(), []byte("{}"), filePerm); err != nil {
		t.Fatal(err)
	}
	if err := os.MkdirAll(l.Errors(), dirPerm); err != nil {
		t.Fatal(err)
	}
	r := pipeline.DestroyResult{Stack: "s", Items: []pipeline.Item{
		{Kind: "counts", Name: l.Counts()},
		{Kind: "errors", Name: l.Errors(), Kept: true},
		{Kind: "log", Name: l.Log()},
		{Kind: "foreign", Name: "notes.txt", Kept: true},
	}}
	err := prove(&r, l)
	if fault.KindOf(err) != fault.Partial || !slices.Equal(fault.LeftOf(err), []string{l.Counts()}) || !strings.Contains(fault.HintOf(err), "pixelctl destroy --target local") {
		t.Errorf("%v (left %v, hint %q), want counts.json left", err, fault.LeftOf(err), fault.HintOf(err))
	}
	var gone []string
	for _, item := range r.Items {
		if item.Gone {
			gone = append(gone, filepath.Base(item.Name))
		}
	}
	if !slices.Equal(gone, []string{"server.log"}) {
		t.Errorf("gone %v, want server.log", gone)
	}
}
