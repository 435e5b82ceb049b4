package privacytest_test

import (
	"slices"
	"strings"
	"testing"

	"pixelctl/pkg/beacon"
	"pixelctl/pkg/event"
	"pixelctl/pkg/privacy"
	"pixelctl/pkg/privacy/privacytest"
)

// Every planted text is in the request, but for the two that no request of
// itself brings into a record, and once in each case's verdict.
func TestEverythingIsPlanted(t *testing.T) {
	t.Parallel()
	for _, c := range privacytest.Cases() {
		request := c.Target + c.Peer.String()
		for _, values := range c.Header {
			request += strings.Join(values, " ")
		}
		for _, v := range privacytest.Values() {
			unasked := slices.Contains(v.Columns, "city") || slices.Contains(v.Columns, "network_id")
			if strings.Contains(request, v.Text) == unasked {
				t.Errorf("%s: %s is in the request: %v", c.Name, v.Text, !unasked)
			}
			if slices.Contains(c.Allowed(), v.Text) == slices.Contains(c.Forbidden(), v.Text) {
				t.Errorf("%s: %s is both allowed and forbidden, or neither", c.Name, v.Text)
			}
		}
	}
}

// What is never stored is forbidden even where everything else stays.
func TestOpenForbidsTheRest(t *testing.T) {
	t.Parallel()
	open := privacytest.Cases()[0]
	for _, v := range privacytest.Values() {
		if slices.Contains(open.Forbidden(), v.Text) != (len(v.Columns) == 0) {
			t.Errorf("%s: forbidden in the open", v.Text)
		}
	}
}

// Planted texts do not hide in each other, or in what a record holds anyway.
func TestTextsAreDistinct(t *testing.T) {
	t.Parallel()
	var empty event.Record
	plain := string(empty.AppendJSON(nil))
	values := privacytest.Values()
	for i, v := range values {
		for j, other := range values {
			if i != j && strings.Contains(v.Text, other.Text) {
				t.Errorf("%s is in %s", other.Text, v.Text)
			}
		}
		if strings.Contains(plain, v.Text) {
			t.Errorf("%s is in every record", v.Text)
		}
	}
}

// There is a case for each mode, and each forbids something or fills in.
func TestEveryModeHasACase(t *testing.T) {
	t.Parallel()
	cases := privacytest.Cases()
	for _, m := range privacy.Modes() {
		i := slices.IndexFunc(cases, func(c privacytest.Case) bool { return c.Name == string(m) })
		if i < 0 {
			t.Errorf("no case of %s", m)
			continue
		}
		if m != privacy.VisitorDaily && len(cases[i].Forbidden()) <= len(cases[0].Forbidden()) {
			t.Errorf("%s takes nothing away", m)
		}
	}
}

// The beacon fills the columns that Values names, and what a host would store
// of each case holds no forbidden text. In the open every text is where it is
// said to be.
func TestBeaconStoresWhatIsAllowed(t *testing.T) {
	t.Parallel()
	for _, c := range privacytest.Cases() {
		b, err := beacon.New(beacon.Options{Collector: "test", Spec: c.Spec, Keys: privacy.FreshRing([32]byte{1})})
		if err != nil {
			t.Fatal(err)
		}
		path, query, _ := strings.Cut(c.Target, "?")
		var out beacon.Result
		b.Answer(&beacon.Request{
			Method: c.Method, Path: path, RawQuery: query, Host: "t.example", Peer: c.Peer, Time: privacytest.Time, ID: "e-1", Header: c.Header,
		}, &out)
		if len(out.Records) != 1 {
			t.Fatalf("%s: %d records", c.Name, len(out.Records))
		}
		line := string(out.Records[0].AppendLine(nil))
		for _, text := range c.Forbidden() {
			if strings.Contains(line, text) {
				t.Errorf("%s: %s is stored: %s", c.Name, text, line)
			}
		}
		for _, v := range privacytest.Values() {
			unasked := slices.Contains(v.Columns, "city") || slices.Contains(v.Columns, "network_id")
			if !unasked && slices.Contains(c.Allowed(), v.Text) && !strings.Contains(line, v.Text) {
				t.Errorf("%s: %s is lost: %s", c.Name, v.Text, line)
			}
		}
	}
}
