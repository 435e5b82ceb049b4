package cmd

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"pixelctl/embed"
	"pixelctl/pkg/cloud/artifact"
	"pixelctl/pkg/cloud/template"
	"pixelctl/pkg/lake"
	"pixelctl/pkg/privacy"
	"pixelctl/pkg/spec"
	"pixelctl/pkg/spec/specfile"
)

// TestOneSpec holds what the function runs, the table of the template, the
// local catalog and the documentation to the one file they all come from.
func TestOneSpec(t *testing.T) {
	t.Parallel()
	wanted, err := specfile.Read("README.md", []byte(fenced(t, "Decide what is kept", "yaml")))
	if err != nil {
		t.Fatal(err)
	}
	want := columnsOf(lake.Columns(wanted.Schema()))
	if own := want[len(want)-1]; own != "member string" {
		t.Fatalf("the last column is %s", own)
	}
	for name, got := range map[string][]string{
		"function":      functionColumns(t, wanted),
		"template":      templateColumns(t, wanted),
		"local catalog": columnsOf(lake.NewCatalog("/lake", wanted.Schema()).Columns),
		"documentation": documented(wanted),
	} {
		if !slices.Equal(got, want) {
			t.Errorf("%s: got %v, want %v", name, got, want)
		}
	}
}

func columnsOf(list []lake.CatalogColumn) []string {
	out := make([]string, len(list))
	for i, c := range list {
		out[i] = c.Name + " " + c.Type
	}
	return out
}

// functionColumns are those of the spec that travels in the function's zip.
func functionColumns(t *testing.T, s spec.Spec) []string {
	t.Helper()
	zipped, err := artifact.With(embed.Beacon(), s)
	if err != nil {
		t.Fatal(err)
	}
	travelled, err := artifact.Spec(zipped)
	if err != nil {
		t.Fatal(err)
	}
	return columnsOf(lake.Columns(travelled.Schema()))
}

var templateColumn = regexp.MustCompile(`\{Name: (\w+), Type: '?([^,'}]+(?:,string>)?)'?[,}]`)

func templateColumns(t *testing.T, s spec.Spec) []string {
	t.Helper()
	body, err := template.Render(embed.Template(), s.Schema())
	if err != nil {
		t.Fatal(err)
	}
	_, block, _ := strings.Cut(string(body), "# columns: generated")
	block, _, _ = strings.Cut(block, "# end of columns")
	return matched(templateColumn, block)
}

var documentedColumn = regexp.MustCompile("(?m)^\\| `(\\w+)` \\| `([^`]+)` \\|")

func documented(s spec.Spec) []string { return matched(documentedColumn, s.Schema().Markdown()) }

func matched(pattern *regexp.Regexp, text string) []string {
	var out []string
	for _, m := range pattern.FindAllStringSubmatch(text, -1) {
		out = append(out, m[1]+" "+m[2])
	}
	return out
}

// TestReadmeModes holds the README's table of privacy modes to the one that the
// pixel goes by.
func TestReadmeModes(t *testing.T) {
	t.Parallel()
	if !strings.Contains(readText(t, "../README.md"), "\n\n"+privacy.Markdown()+"\n") {
		t.Error("the README's table of privacy modes differs from: pixelctl privacy modes")
	}
}
