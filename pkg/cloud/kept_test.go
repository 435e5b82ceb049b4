package cloud

import (
	"fmt"
	"os"
	"strings"
	"testing"
)

// What a statement says of logs and results is what the template does.
func TestDaysAreTheTemplates(t *testing.T) {
	t.Parallel()
	b, err := os.ReadFile("../../embed/template.yaml")
	if err != nil {
		t.Fatal(err)
	}
	text := string(b)
	for rule, times := range map[string]int{
		fmt.Sprintf("RetentionInDays: %d\n", logDays):                                    2,
		fmt.Sprintf("{Id: results, Status: Enabled, ExpirationInDays: %d}", resultsDays): 1,
	} {
		if got := strings.Count(text, rule); got != times {
			t.Errorf("%q stands %d times in the template, want %d", rule, got, times)
		}
	}
}
