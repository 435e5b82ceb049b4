package privacy_test

import (
	"fmt"
	"strings"
	"testing"

	"pixelctl/pkg/event"
	"pixelctl/pkg/privacy"
	"pixelctl/pkg/privacy/privacytest"
	"pixelctl/pkg/spec"
)

// A row without its person is what strip leaves of a hit.
func TestPersonalColumns(t *testing.T) {
	t.Parallel()
	s := privacytest.Spec()
	s.Fields = append(s.Fields, spec.Field{Name: "nights", Type: event.Int, Personal: true})
	var got strings.Builder
	for _, c := range privacy.PersonalColumns(s) {
		fmt.Fprintf(&got, "%s\t%s\t%s\n", c.Column, c.Action, c.SQL)
	}
	golden(t, "testdata/anonymous.txt", got.String())
	stripped := 0
	for _, name := range (event.Schema{}).Names() {
		if privacy.Effect(privacy.Stripped, name) != privacy.Kept {
			stripped++
		}
	}
	if n := strings.Count(got.String(), "\n"); n != stripped+2 {
		t.Errorf("%d columns, want %d and two own ones", n, stripped)
	}
}
