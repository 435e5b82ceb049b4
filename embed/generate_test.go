package embed

import (
	"flag"
	"os"
	"testing"

	"pixelctl/pkg/cloud/template"
	"pixelctl/pkg/event"
)

var update = flag.Bool("update", false, "write the template's generated blocks anew")

// TestTemplateIsGenerated holds the blocks between the template's markers to
// the packages they are made from.
func TestTemplateIsGenerated(t *testing.T) {
	got := Template()
	want, err := template.Render(got, event.Schema{})
	if err != nil {
		t.Fatal(err)
	}
	if *update {
		if err := os.WriteFile("template.yaml", want, 0o600); err != nil {
			t.Fatal(err)
		}
		return
	}
	if string(got) != string(want) {
		t.Errorf("template.yaml differs from pkg/event or pkg/lake; go generate ./embed writes it anew. want:\n%s", want)
	}
}
