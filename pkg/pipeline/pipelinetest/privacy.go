package pipelinetest

import (
	"bytes"
	"fmt"
	"io"
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"

	"pixelctl/pkg/privacy/privacytest"
)

// privacyCases are behaviours, one for each mode of privacy.
func privacyCases() []behaviour {
	var all []behaviour
	for _, c := range privacytest.Cases() {
		all = append(all, behaviour{"privacy " + c.Name, func(t *testing.T, h Harness) { personStaysOut(t, h, c) }})
	}
	return all
}

// personStaysOut sends a hit full of personal values and looks for those that
// the spec forbids in everything that is stored, before and after it became a
// file. What may stay is found there, so a search that finds nothing would
// show.
func personStaysOut(t *testing.T, h Harness, c privacytest.Case) {
	if h.Stored == nil {
		t.Fatal("what this target stores cannot be read here")
	}
	d := deploySpec(t, h, c.Spec)
	plant(t, h, c, d.Endpoint)
	waiting := stored(t, h)
	settle(t, h)
	if n := count(t, h); n != 1 {
		t.Fatalf("%d rows, want the planted one", n)
	}
	all := stored(t, h)
	for name, body := range waiting {
		all["before the file: "+name] = body
	}
	all["SELECT * FROM tp_hits"] = fmt.Append(nil, ask(t, h, "SELECT * FROM tp_hits"))
	for _, text := range c.Forbidden() {
		for _, name := range slices.Sorted(maps.Keys(all)) {
			if bytes.Contains(all[name], []byte(text)) {
				t.Errorf("%s is stored in %s", text, name)
			}
		}
	}
	for _, text := range c.Allowed() {
		if sent(h, text) && !bytes.Contains(all["SELECT * FROM tp_hits"], []byte(text)) {
			t.Errorf("%s may be stored and is not", text)
		}
	}
}

// sent tells whether a planted text can come with a request: network_id and
// city cannot, and the address only where a test chooses it.
func sent(h Harness, text string) bool {
	for _, v := range privacytest.Values() {
		switch {
		case v.Text != text:
		case slices.Equal(v.Columns, []string{"network_id"}), slices.Equal(v.Columns, []string{"city"}):
			return false
		case slices.Equal(v.Columns, []string{"ip"}):
			return h.From != nil
		}
	}
	return true
}

func plant(t *testing.T, h Harness, c privacytest.Case, endpoint string) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), c.Method, endpoint+c.Target, http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	req.Header = c.Header.Clone()
	if h.From != nil {
		h.From(req, c.Peer)
	}
	resp, err := h.Client.Do(req)
	if err != nil {
		t.Fatalf("send the planted hit: %v", err)
	}
	_, err = io.Copy(io.Discard, resp.Body)
	if closed := resp.Body.Close(); err != nil || closed != nil {
		t.Fatalf("read the answer: %v, %v", err, closed)
	}
	if s := resp.Header.Get("X-Pixel-Status"); resp.StatusCode != http.StatusOK || !strings.HasPrefix(s, "recorded") && !strings.HasPrefix(s, "dropped; reason=gpc") {
		t.Fatalf("answer %d, %q", resp.StatusCode, s)
	}
}

func stored(t *testing.T, h Harness) map[string][]byte {
	t.Helper()
	all, err := h.Stored(t.Context())
	if err != nil || len(all) == 0 {
		t.Fatalf("read what is stored: %d things, %v", len(all), err)
	}
	return all
}
