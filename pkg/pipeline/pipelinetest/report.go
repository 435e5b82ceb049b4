package pipelinetest

import (
	"context"
	"fmt"
	"testing"

	"pixelctl/pkg/pipeline"
	"pixelctl/pkg/query"
	"pixelctl/pkg/report"
)

// reports asks for every report over hits that are known one by one.
func reports(t *testing.T, h Harness) {
	d := deploy(t, h)
	const firefox = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
	person := []string{"User-Agent", firefox, "Accept-Language", "pt"}
	mustRecord(t, get(t, h, d.Endpoint+"/p.gif?utm_campaign=spring&vid=v1&url=https%3A%2F%2Fa.example%2Froom", person...))
	mustRecord(t, get(t, h, d.Endpoint+"/p.gif?utm_campaign=spring&vid=v1", person...))
	mustRecord(t, get(t, h, d.Endpoint+"/p.gif?utm_campaign=autumn&vid=v2", person...))
	mustRecord(t, get(t, h, d.Endpoint+"/p.gif?utm_campaign=spring", "User-Agent", "curl/8.5.0"))
	mustRecord(t, get(t, h, d.Endpoint+"/p.gif?mid=m1", "User-Agent", "Mozilla/5.0 (Windows NT 5.1; rv:11.0) Gecko Firefox/11.0 (via ggpht.com GoogleImageProxy)"))
	settle(t, h)
	made := map[string]report.Report{}
	for _, name := range report.Names() {
		r, err := report.Make(t.Context(), engineOf{h}, report.Options{
			Name: name, Zone: "Europe/Lisbon", Buffer: pipeline.MaxBuffer, Now: h.Now(), Compare: true,
		})
		if err != nil {
			t.Fatalf("report %s: %v", name, err)
		}
		made[name] = r
	}
	for _, c := range []struct{ report, part, label, measure, want string }{
		{"overview", "figures", "", "visitors", "2"},
		{"overview", "figures", "", "people", "3"},
		{"overview", "figures", "", "proxies", "1"},
		{"overview", "figures", "", "bots", "1"},
		{"overview", "figures", "", "copies", "0"},
		{"campaigns", "campaigns", "spring", "people", "2"},
		{"campaigns", "campaigns", "spring", "visitors", "1"},
		{"campaigns", "campaigns", "spring", "bots", "1"},
		{"pages", "pages", "a.example/room", "people", "1"},
		{"devices", "browsers", "Firefox", "people", "3"},
		{"mail", "messages", "m1", "via_proxy", "1"},
		{"mail", "messages", "m1", "proxy_share", "1"},
		{"bots", "agents", "curl/8.5.0", "hits", "1"},
		{"quality", "checks", "Rows that repeat another", "count", "0"},
	} {
		if got := valueOf(made[c.report], c.part, c.label, c.measure); got != c.want {
			t.Errorf("report %s, %s of %q: %s is %s, want %s: %+v", c.report, c.part, c.label, c.measure, got, c.want, made[c.report].Parts)
		}
	}
	if p := made["drops"].Parts; len(p) != 1 || len(p[0].Rows) != 0 {
		t.Errorf("report drops: %+v", p)
	}
}

// valueOf is one number of a report, as text.
func valueOf(r report.Report, part, label, measure string) string {
	for _, p := range r.Parts {
		for _, row := range p.Rows {
			if p.Name != part || label != "" && row.Label[0] != label {
				continue
			}
			for i, m := range p.Measures {
				if m.Name == measure && row.Values[i].N != nil {
					return fmt.Sprint(*row.Values[i].N)
				}
			}
		}
	}
	return "absent"
}

// engineOf asks a target as the command does.
type engineOf struct{ h Harness }

// Query satisfies query.Engine.
func (e engineOf) Query(ctx context.Context, sql string, _ ...query.Param) (query.Rows, error) {
	return e.h.Pipeline.Query(ctx, pipeline.QueryOptions{SQL: sql}, nil)
}
