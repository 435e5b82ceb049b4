package embed

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"pixelctl/pkg/cloud/template"
	"pixelctl/pkg/event"
)

const judges = "../.ci/rigs/judges/run"

// TestJudges runs cfn-lint, checkov, cdk-nag and parliament over the template.
func TestJudges(t *testing.T) {
	needRigs(t)
	out, err := exec.CommandContext(t.Context(), "bash", judges).CombinedOutput()
	t.Logf("%s", out)
	if err != nil {
		t.Error(err)
	}
}

// TestJudgesOfFields judges the template as it is with as many fields as a
// stack can have.
func TestJudgesOfFields(t *testing.T) {
	needRigs(t)
	kinds := []event.Type{event.String, event.Int, event.BigInt, event.Double, event.Boolean, event.Date, event.Timestamp}
	fields := make([]event.Field, event.MaxFields)
	for i := range fields {
		fields[i] = event.Field{
			Name: fmt.Sprintf("what_the_guest_of_a_hotel_chose_%02d", i), Type: kinds[i%len(kinds)],
			Doc: `said: "so", it's {{resolve:ssm:x}} {x} # y !Ref Api ` + strings.Repeat("and more ", 30),
		}
	}
	body, err := template.Render(Template(), event.NewSchema(fields...))
	if err == nil {
		body, err = template.Compact(body)
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("%d bytes", len(body))
	file := filepath.Join(t.TempDir(), "template.yaml")
	if err := os.WriteFile(file, body, 0o600); err != nil {
		t.Fatal(err)
	}
	out, err := exec.CommandContext(t.Context(), "bash", judges, file).CombinedOutput()
	t.Logf("%s", out)
	if err != nil {
		t.Error(err)
	}
}

// TestJudgesFind breaks the template once for each judge: a judge that no
// longer reads what it should would be content with anything.
func TestJudgesFind(t *testing.T) {
	needRigs(t)
	broken := string(Template())
	for _, fault := range []struct{ whole, broken string }{
		{"Default: 2026,2031", "Default: 26-31"},                                        // cfn-lint
		{"BlockPublicAcls: true, BlockPublicPolicy: true,", "BlockPublicPolicy: true,"}, // checkov
		{"aws:SecureTransport: ", "aws:Nothing: "},                                      // cdk-nag
		{"id: AwsSolutions-GL1", "id: AwsSolutions-GL9"},                                // a suppression of nothing
		{"firehose:PutRecord,", "firehose:PutRecrod,"},                                  // parliament
	} {
		before := broken
		broken = strings.ReplaceAll(broken, fault.whole, fault.broken)
		if broken == before {
			t.Fatalf("the template has no %q", fault.whole)
		}
	}
	file := filepath.Join(t.TempDir(), "template.yaml")
	if err := os.WriteFile(file, []byte(broken), 0o600); err != nil {
		t.Fatal(err)
	}
	out, err := exec.CommandContext(t.Context(), "bash", judges, file).CombinedOutput()
	if err == nil {
		t.Error("the judges passed a broken template")
	}
	for _, finding := range []string{"E2015", "CKV_AWS_53", "AwsSolutions-S10", "AwsSolutions-GL9: acknowledged, not found", "UNKNOWN_ACTION"} {
		if !strings.Contains(string(out), finding) {
			t.Errorf("%s was not found", finding)
		}
	}
	if t.Failed() {
		t.Logf("%s", out)
	}
}

func needRigs(t *testing.T) {
	t.Helper()
	if os.Getenv("PIXELCTL_RIGS") != "1" {
		t.Skip("PIXELCTL_RIGS=1 runs the judges")
	}
}
