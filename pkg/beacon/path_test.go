package beacon

import "testing"

func TestPaths(t *testing.T) {
	tests := []struct {
		path        string
		pixel       bool
		site, label any
	}{
		{"/p.gif", true, "default", nil},
		{"/i.gif", true, "default", nil},
		{"/shop/footer.gif", true, "shop", "footer"},
		{"/my%20shop/a%2Fb.gif", true, "my shop", "a/b"},
		{"/shop/a+b.gif", true, "shop", "a+b"},
		{"/50%/%zz%4.gif", true, "50%", "%zz%4"},
		{"/caf%C3%A9/%00.gif", true, "café", "\ufffd"},
		{"/a/b.c.gif", true, "a", "b.c"},
		{"/robots.txt/health.gif", true, "robots.txt", "health"},
		{"/a/b/c.gif", false, nil, nil},
		{"/a.gif", false, nil, nil},
		{"/a/.gif", false, nil, nil},
		{"//b.gif", false, nil, nil},
		{"/a/b.GIF", false, nil, nil},
		{"/a/b.png", false, nil, nil},
		{"p.gif", false, nil, nil},
		{"/", false, nil, nil},
		{"", false, nil, nil},
		{"*", false, nil, nil},
		{"/P.GIF", false, nil, nil},
	}
	for _, tt := range tests {
		t.Run(tt.path, func(t *testing.T) {
			req := newRequest("")
			req.Path = tt.path
			if !tt.pixel {
				if out := answer(req); out.Code != 404 || len(out.Records) != 0 {
					t.Errorf("code %d, %d records; want 404", out.Code, len(out.Records))
				}
				return
			}
			check(t, onlyRow(t, req), cells{"site": tt.site, "label": tt.label, "path": tt.path})
		})
	}
}

// The path gives site and label; parameters for the same go to params, and
// Snowplow's sid is a session again.
func TestPathBeatsParameters(t *testing.T) {
	req := newRequest("site=a&idsite=b&label=c&sid=d")
	req.Path = "/shop/footer.gif"
	check(t, onlyRow(t, req), cells{
		"site": "shop", "label": "footer", "session_id": "d",
		"params": text{"site": "a", "idsite": "b", "label": "c"},
	})
}
