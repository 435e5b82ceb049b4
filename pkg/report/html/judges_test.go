package html

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"pixelctl/pkg/awsfake/rigs"
	"pixelctl/pkg/report/reporttest"
)

func judge(t *testing.T, doc string) (string, error) {
	t.Helper()
	file := filepath.Join(t.TempDir(), "report.html")
	if err := os.WriteFile(file, []byte(doc), 0o600); err != nil {
		t.Fatal(err)
	}
	out, err := exec.CommandContext(t.Context(), "bash", "../../../.ci/rigs/pages/run", file).CombinedOutput()
	return string(out), err
}

func TestJudges(t *testing.T) {
	rigs.Need(t, "reports are shown to no judge of HTML")
	if out, err := judge(t, written(t, samples()...)); err != nil {
		t.Errorf("%v\n%s", err, out)
	}
	broken := strings.NewReplacer(`scope="row"`, `scope="here"`, "<h2", `<img src="a.gif"><h2`).
		Replace(written(t, reporttest.Overview()))
	out, err := judge(t, broken)
	if err == nil {
		t.Error("the judges passed a broken page")
	}
	for _, finding := range []string{"wcag/h37", "attribute-allowed-values", "element must have an “alt” attribute"} {
		if !strings.Contains(out, finding) {
			t.Errorf("%s was not found in\n%s", finding, out)
		}
	}
}
