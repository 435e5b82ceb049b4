package pipelinetest

import (
	"net/http"
	"net/url"
	"reflect"
	"strings"
	"testing"
)

func hitBecomesRow(t *testing.T, h Harness) {
	d := deploy(t, h)
	a := get(t, h, d.Endpoint+"/shop/footer.gif?uid=u1&utm_campaign=spring&url=https%3A%2F%2Fexample.com%2Froom%3Fx%3D1&value=12.5&colour=blue",
		"Referer", "https://example.com/", "Accept-Language", "ca-ES,ca;q=0.9", "DNT", "1")
	mustRecord(t, a)
	settle(t, h)
	rows := ask(t, h, "SELECT event_id, site, label, user_id, utm_campaign, page_host, page_path, value, language, dnt, gpc, status, element_at(params, 'colour'), user_agent FROM tp_hits")
	want := []any{a.id, "shop", "footer", "u1", "spring", "example.com", "/room", 12.5, "ca-ES", true, false, "recorded", "blue", "pipelinetest"}
	if len(rows) != 1 || !reflect.DeepEqual(rows[0], want) {
		t.Fatalf("rows\n%v\nwant\n%v", rows, want)
	}
}

func bareHit(t *testing.T, h Harness) {
	d := deploy(t, h)
	a := get(t, h, d.Endpoint+"/p.gif", "User-Agent", "")
	mustRecord(t, a)
	settle(t, h)
	rows := ask(t, h, "SELECT event_id, event, site, status FROM tp_hits WHERE received_at IS NOT NULL AND schema_version = 1 AND client_class IS NOT NULL")
	want := []any{a.id, "view", "default", "recorded"}
	if len(rows) != 1 || !reflect.DeepEqual(rows[0], want) {
		t.Fatalf("rows %v, want %v", rows, want)
	}
}

// hostile are query strings and headers that broke other collectors.
var hostile = []struct{ query, agent string }{
	{`uid="},{"event_id":"x`, `Mozilla "quoted" \back\slash`},
	{"uid=%00%01%1f&title=%ff%fe%c3%28", "tab\there"},
	{"uid=%zz&=x&&&==&site=", "ünïcödé 日本語 🐙"},
	{"uid=a&uid=b&uid=c;d&%", strings.Repeat("A", 9000)},
	{"uid=%0a%0d%0aInjected:%201&title=%e2%80%a8", "<script>alert(1)</script>"},
	{"title=" + strings.Repeat("%22%5c", 1500), ""},
}

func hostileHit(t *testing.T, h Harness) {
	d := deploy(t, h)
	ids := map[string]bool{}
	for _, x := range hostile {
		a := get(t, h, d.Endpoint+"/p.gif?"+x.query, "User-Agent", x.agent)
		mustRecord(t, a)
		ids[a.id] = true
	}
	settle(t, h)
	rows := ask(t, h, "SELECT event_id FROM tp_hits WHERE status = 'recorded'")
	for _, r := range rows {
		id, _ := r[0].(string)
		if !ids[id] {
			t.Errorf("row %q was never answered", id)
		}
		delete(ids, id)
	}
	if len(ids) > 0 || len(rows) != len(hostile) {
		t.Fatalf("%d rows for %d hits, missing %v", len(rows), len(hostile), ids)
	}
	quoted := ask(t, h, `SELECT count(*) FROM tp_hits WHERE user_agent = 'Mozilla "quoted" \back\slash'`)
	if quoted[0][0] != int64(1) {
		t.Fatalf("the quoted user agent did not survive: %v", quoted)
	}
}

func batchHit(t *testing.T, h Harness) {
	d := deploy(t, h)
	a := send(t, h, http.MethodPost, d.Endpoint+"/p.gif", `[{"event":"a","uid":"1"},{"event":"b"},{"event":"c","x":{"y":[1]}}]`, "Content-Type", "text/plain")
	if a.code != http.StatusNoContent || !strings.HasPrefix(a.status, "recorded") {
		t.Fatalf("answer %+v, want 204 recorded", a)
	}
	settle(t, h)
	rows := ask(t, h, "SELECT event, count(*) FROM tp_hits GROUP BY event ORDER BY event")
	want := [][]any{{"a", int64(1)}, {"b", int64(1)}, {"c", int64(1)}}
	if !reflect.DeepEqual(rows, want) {
		t.Fatalf("rows %v, want %v", rows, want)
	}
}

func noRowMethods(t *testing.T, h Harness) {
	d := deploy(t, h)
	if a := send(t, h, http.MethodHead, d.Endpoint+"/p.gif", ""); a.code != http.StatusOK {
		t.Errorf("HEAD answered %d", a.code)
	}
	if a := send(t, h, http.MethodOptions, d.Endpoint+"/p.gif", "", "Origin", "https://example.com", "Access-Control-Request-Method", "POST"); a.code != http.StatusNoContent {
		t.Errorf("OPTIONS answered %d", a.code)
	}
	if a := get(t, h, d.Endpoint+"/"+url.PathEscape("no such")); a.code != http.StatusNotFound {
		t.Errorf("unknown path answered %d", a.code)
	}
	mustRecord(t, get(t, h, d.Endpoint+"/p.gif"))
	settle(t, h)
	if n := count(t, h); n != 1 {
		t.Fatalf("%d rows, want only the GET", n)
	}
}

func views(t *testing.T, h Harness) {
	d := deploy(t, h)
	for range 3 {
		mustRecord(t, get(t, h, d.Endpoint+"/p.gif?userid=u1&thirdpartyname=partner"))
	}
	settle(t, h)
	if rows := ask(t, h, "SELECT count(*), count(DISTINCT event_id) FROM hits"); rows[0][0] != int64(3) || rows[0][1] != int64(3) {
		t.Errorf("hits has %v, want 3 distinct", rows)
	}
	rows := ask(t, h, "SELECT userId, thirdPartyId, userAgent FROM seed_view")
	if len(rows) != 3 || !reflect.DeepEqual(rows[0], []any{"u1", "partner", "pipelinetest"}) {
		t.Errorf("seed_view has %v", rows)
	}
	for _, view := range []string{"people", "opens"} {
		if rows := ask(t, h, "SELECT count(*) FROM "+view); len(rows) != 1 {
			t.Errorf("%s gave %v", view, rows)
		}
	}
}
