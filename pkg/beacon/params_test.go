package beacon

import (
	"strings"
	"testing"
)

// One row for each name, and for each name with a rule of its own.
func TestParameters(t *testing.T) {
	tests := []struct {
		name, query string
		want        cells
	}{
		{"bare", "", cells{"event": "view", "site": "default", "params": nil, "user_id": nil, "page_url": nil, "truncated": false}},

		{"site", "site=a", cells{"site": "a", "params": nil}},
		{"site aid", "aid=a", cells{"site": "a"}},
		{"site idsite", "idsite=7", cells{"site": "7"}},
		{"site sid", "sid=a", cells{"site": "a", "session_id": nil}},
		{"site appId", "appId=a", cells{"site": "a"}},
		{"site of the article", "thirdpartyname=a&userid=b", cells{"site": "a", "user_id": "b", "params": nil}},
		{"sid beside a better site", "sid=s&site=a", cells{"site": "a", "session_id": "s", "params": nil}},
		{"sid beside aid", "aid=a&sid=s", cells{"site": "a", "session_id": "s"}},
		{"sid beside a lesser site", "appId=a&sid=s", cells{"site": "s", "session_id": nil, "params": text{"appId": "a"}}},
		{"sid beside sess", "site=a&sid=s&sess=t", cells{"session_id": "t", "params": text{"sid": "s"}}},
		{"sid beside an empty site", "site=&sid=s", cells{"site": "s", "session_id": nil}},

		{"event", "event=click", cells{"event": "click"}},
		{"event e", "e=se", cells{"event": "se"}},
		{"event page view of Snowplow", "e=pv", cells{"event": "view"}},
		{"event flag of GoatCounter", "e=1", cells{"event": "event"}},
		{"event flag as its script sends it", "e=true", cells{"event": "event"}},
		{"event pv verbatim under its own name", "event=pv", cells{"event": "pv"}},
		{"event of Matomo", "e_c=video&e_a=play&e_n=intro&e_v=2.5", cells{"event": "play", "value": 2.5, "params": text{"e_c": "video", "e_n": "intro"}}},
		{"event before e_a", "e_a=play&event=x", cells{"event": "x", "params": text{"e_a": "play"}}},

		{"user", "uid=a", cells{"user_id": "a"}},
		{"user user_id", "user_id=a", cells{"user_id": "a"}},
		{"user userId", "userId=a", cells{"user_id": "a"}},
		{"visitor", "vid=a", cells{"visitor_id": "a"}},
		{"visitor number", "vid=42", cells{"visitor_id": "42"}},
		{"visitor duid", "duid=a", cells{"visitor_id": "a"}},
		{"visitor _id", "_id=a", cells{"visitor_id": "a"}},
		{"visitor cid", "cid=a", cells{"visitor_id": "a"}},
		{"visitor anonymousId", "anonymousId=a", cells{"visitor_id": "a"}},
		{"visitor before duid", "duid=b&vid=a", cells{"visitor_id": "a", "params": text{"duid": "b"}}},
		{"visit count of Snowplow", "vid=3&duid=b", cells{"visitor_id": "b", "params": text{"vid": "3"}}},
		{"session", "sess=a", cells{"session_id": "a"}},
		{"client event", "eid=a", cells{"client_event_id": "a", "event_id": testID}},
		{"label", "label=a", cells{"label": "a"}},
		{"message", "mid=a", cells{"message_id": "a"}},

		{"title", "title=a", cells{"page_title": "a"}},
		{"title page", "page=a", cells{"page_title": "a"}},
		{"title action_name", "action_name=a", cells{"page_title": "a"}},
		{"title t", "t=a", cells{"page_title": "a"}},

		{"url", "url=https%3A%2F%2FWWW.Example.com%3A8443%2Fa%3Fb%3Dc%23d", cells{"page_url": "https://WWW.Example.com:8443/a?b=c#d", "page_host": "www.example.com", "page_path": "/a", "page_query": "b=c"}},
		{"url dl", "dl=https://a.example/", cells{"page_url": "https://a.example/"}},
		{"url before p", "p=/b&url=https://a.example/a", cells{"page_path": "/a", "params": text{"p": "/b"}}},
		{"path", "p=/b", cells{"page_path": "/b", "page_url": nil, "params": nil}},
		{"path with a query", "p=/b%3Futm_source%3Dx", cells{"page_path": "/b", "page_query": "utm_source=x", "utm_source": "x"}},
		{"platform of Snowplow", "p=web", cells{"page_path": nil, "params": text{"p": "web"}}},

		{"ref", "ref=https%3A%2F%2FA.example%2Fx", cells{"referrer_url": "https://A.example/x", "referrer_host": "a.example"}},
		{"ref refr", "refr=https://a.example/", cells{"referrer_host": "a.example"}},
		{"ref urlref", "urlref=https://a.example/", cells{"referrer_host": "a.example"}},
		{"ref r", "r=https://a.example/", cells{"referrer_host": "a.example"}},
		{"random r of Matomo", "r=829123", cells{"referrer_url": nil, "params": text{"r": "829123"}}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) { check(t, onlyRow(t, newRequest(tt.query)), tt.want) })
	}
}

// One row for each rule that is the same for all names.
func TestRules(t *testing.T) {
	tests := []struct {
		name, query string
		want        cells
	}{
		{"first listed wins", "thirdpartyname=c&idsite=b&site=a", cells{"site": "a", "params": text{"thirdpartyname": "c", "idsite": "b"}}},
		{"first of a key wins", "site=a&site=b&site=c", cells{"site": "a", "params": text{"site": "b,c"}}},
		{"keys in params stay unique", "x=1&y=2&x=3&x=", cells{"params": text{"x": "1,3,", "y": "2"}}},
		{"empty value is no value", "site=&aid=a&uid=", cells{"site": "a", "user_id": nil, "params": nil}},
		{"unknown without a value", "debug", cells{"params": text{"debug": ""}}},
		{"names are exact", "Site=a&UID=b", cells{"site": "default", "user_id": nil, "params": text{"Site": "a", "UID": "b"}}},
		{"encoded name", "s%69te=a", cells{"site": "a"}},

		{"cache buster", "rnd=1&rand=2&a=b", cells{"params": text{"a": "b"}}},
		{"image wish", "img=1&send_image=0", cells{"params": nil}},
		{"consent", "gdpr_consent=CPz&gdpr=1&gpp=DBA&gpp=DBB", cells{"params": text{"gdpr_consent": "true", "gdpr": "1", "gpp": "true"}}},
		{"empty consent", "gdpr_consent=&gpp", cells{"params": nil}},

		{"nothing overrides the collector", "ip=1.2.3.4&cip=1.2.3.4&ua=x&user_agent=y&received_at=z&event_id=w&client_class=human", cells{
			"ip": "203.0.113.0", "user_agent": nil, "received_at": "2026-07-05 09:10:11.123", "event_id": testID, "client_class": "bot",
			"params": text{"ip": "1.2.3.4", "cip": "1.2.3.4", "ua": "x", "user_agent": "y", "received_at": "z", "event_id": "w", "client_class": "human"},
		}},

		{"plus", "title=a+b%2Bc", cells{"page_title": "a b+c"}},
		{"bad escape", "x=100%&y=%zz&z=%4&w=%C3%28", cells{"params": text{"x": "100%", "y": "%zz", "z": "%4", "w": "\ufffd("}}},
		{"semicolon", "x=1;y=2", cells{"params": text{"x": "1;y=2"}}},
		{"equals in a value", "x=a=b==", cells{"params": text{"x": "a=b=="}}},
		{"no key", "=a&&&=&x=1&", cells{"params": text{"x": "1"}}},
		{"line break", "x=a%0D%0Ab&title=%00", cells{"params": text{"x": "a\r\nb"}, "page_title": "\ufffd"}},
		{"quote", `x="}{\`, cells{"params": text{"x": `"}{\`}}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) { check(t, onlyRow(t, newRequest(tt.query)), tt.want) })
	}
}

func TestConversions(t *testing.T) {
	tests := []struct {
		query string
		want  cells
	}{
		{"value=12.5", cells{"value": 12.5, "params": nil}},
		{"value=-1e3", cells{"value": -1000.0}},
		{"e_v=7", cells{"value": 7.0}},
		{"value=free", cells{"value": nil, "params": text{"value": "free"}}},
		{"value=NaN", cells{"value": nil, "params": text{"value": "NaN"}}},
		{"value=inf", cells{"value": nil, "params": text{"value": "inf"}}},
		{"value=1e999", cells{"value": nil, "params": text{"value": "1e999"}}},
		{"value=0x1p4", cells{"value": nil, "params": text{"value": "0x1p4"}}},
		{"value=1_000", cells{"value": nil, "params": text{"value": "1_000"}}},
		{"value=free&e_v=7", cells{"value": 7.0, "params": text{"value": "free"}}},
		{"value=x&value=2&value=3", cells{"value": 2.0, "params": text{"value": "x,3"}}},

		{"res=1920x1080", cells{"screen_width": 1920.0, "screen_height": 1080.0, "params": nil}},
		{"s=1920,1080,1", cells{"screen_width": 1920.0, "screen_height": 1080.0}},
		{"s=1920%2C1080%2C1.5", cells{"screen_width": 1920.0, "screen_height": 1080.0}},
		{"res=wide", cells{"screen_width": nil, "params": text{"res": "wide"}}},
		{"res=1920", cells{"screen_width": nil, "params": text{"res": "1920"}}},
		{"res=-1x1", cells{"screen_width": nil, "params": text{"res": "-1x1"}}},
		{"res=99999999999x1", cells{"screen_width": nil, "params": text{"res": "99999999999x1"}}},
		{"res=wide&s=3,4,1", cells{"screen_width": 3.0, "screen_height": 4.0, "params": text{"res": "wide"}}},
		{"res=5x6&s=35", cells{"screen_width": 5.0, "params": text{"s": "35"}}},

		{"ts=1783242611123", cells{"client_ts": "2026-07-05 09:10:11.123", "params": nil}},
		{"dtm=1783242611123", cells{"client_ts": "2026-07-05 09:10:11.123"}},
		{"stm=1783242611123", cells{"client_ts": "2026-07-05 09:10:11.123"}},
		{"stm=1783242611124&dtm=1783242611123", cells{"client_ts": "2026-07-05 09:10:11.123", "params": text{"stm": "1783242611124"}}},
		{"cdt=1783242611", cells{"client_ts": "2026-07-05 09:10:11.000"}},
		{"cdt=1783242611123", cells{"client_ts": "2026-07-05 09:10:11.123"}},
		{"cdt=2026-07-05+09:10:11", cells{"client_ts": "2026-07-05 09:10:11.000"}},
		{"cdt=1999-12-31+23:59:59", cells{"client_ts": nil, "params": text{"cdt": "1999-12-31 23:59:59"}}},
		{"ts=946684800000", cells{"client_ts": "2000-01-01 00:00:00.000"}},
		{"ts=946684799999", cells{"client_ts": nil, "params": text{"ts": "946684799999"}}},
		{"ts=4102444800000", cells{"client_ts": nil, "params": text{"ts": "4102444800000"}}},
		{"ts=99999999999999999999", cells{"client_ts": nil, "params": text{"ts": "99999999999999999999"}}},
		{"ts=-5", cells{"client_ts": nil, "params": text{"ts": "-5"}}},
		{"ts=2026-07-05+09:10:11", cells{"client_ts": nil, "params": text{"ts": "2026-07-05 09:10:11"}}},
	}
	for _, tt := range tests {
		t.Run(tt.query, func(t *testing.T) { check(t, onlyRow(t, newRequest(tt.query)), tt.want) })
	}
}

func TestCampaign(t *testing.T) {
	const page = "url=https%3A%2F%2Fa.example%2F%3F"
	tests := []struct {
		name, query string
		want        cells
	}{
		{"utm", "utm_source=a&utm_medium=b&utm_campaign=c&utm_term=d&utm_content=e&utm_id=f", cells{"utm_source": "a", "utm_medium": "b", "utm_campaign": "c", "utm_term": "d", "utm_content": "e", "utm_id": "f", "params": nil}},
		{"mtm", "mtm_source=a&mtm_medium=b&mtm_campaign=c&mtm_keyword=d&mtm_content=e&mtm_cid=f", cells{"utm_source": "a", "utm_medium": "b", "utm_campaign": "c", "utm_term": "d", "utm_content": "e", "utm_id": "f", "params": nil}},
		{"pk", "pk_source=a&pk_medium=b&pk_campaign=c&pk_kwd=d&pk_content=e&pk_cid=f", cells{"utm_source": "a", "utm_medium": "b", "utm_campaign": "c", "utm_term": "d", "utm_content": "e", "utm_id": "f", "params": nil}},
		{"keywords", "mtm_kwd=a&pk_keyword=b", cells{"utm_term": "a", "params": text{"pk_keyword": "b"}}},
		{"page", page + "utm_source%3Da%2Bb%26mtm_campaign%3Dc%26x%3Dy", cells{"utm_source": "a b", "utm_campaign": "c", "params": nil}},
		{"pixel before page", "pk_source=p&" + page + "utm_source%3Da%26utm_medium%3Db", cells{"utm_source": "p", "utm_medium": "b"}},
		{"page names nothing else", page + "site%3Da%26uid%3Db%26event%3Dc", cells{"site": "default", "user_id": nil, "event": "view", "params": nil}},

		{"clid", "clid=a&clid_platform=bing", cells{"click_id": "a", "click_id_platform": "bing"}},
		{"clid without a platform", "clid=a", cells{"click_id": "a", "click_id_platform": nil}},
		{"gclid", "gclid=a", cells{"click_id": "a", "click_id_platform": "google"}},
		{"dclid", "dclid=a", cells{"click_id": "a", "click_id_platform": "google"}},
		{"wbraid", "wbraid=a", cells{"click_id": "a", "click_id_platform": "google"}},
		{"gbraid", "gbraid=a", cells{"click_id": "a", "click_id_platform": "google"}},
		{"msclkid", "msclkid=a", cells{"click_id": "a", "click_id_platform": "microsoft"}},
		{"fbclid", "fbclid=a", cells{"click_id": "a", "click_id_platform": "facebook"}},
		{"ttclid", "ttclid=a", cells{"click_id": "a", "click_id_platform": "tiktok"}},
		{"twclid", "twclid=a", cells{"click_id": "a", "click_id_platform": "twitter"}},
		{"li_fat_id", "li_fat_id=a", cells{"click_id": "a", "click_id_platform": "linkedin"}},
		{"yclid", "yclid=a", cells{"click_id": "a", "click_id_platform": "yandex"}},
		{"first listed", "fbclid=b&gclid=a", cells{"click_id": "a", "click_id_platform": "google", "params": text{"fbclid": "b"}}},
		{"click of the page", page + "fbclid%3Db", cells{"click_id": "b", "click_id_platform": "facebook"}},
		{"click of the pixel first", "yclid=a&" + page + "gclid%3Db%26clid_platform%3Dx", cells{"click_id": "a", "click_id_platform": "yandex"}},
		{"clid of the pixel keeps its platform absent", "clid=a&" + page + "gclid%3Db%26clid_platform%3Dx", cells{"click_id": "a", "click_id_platform": nil}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) { check(t, onlyRow(t, newRequest(tt.query)), tt.want) })
	}
}

func TestTooManyPairs(t *testing.T) {
	tests := []struct {
		name, query string
		truncated   bool
	}{
		{"at the limit", strings.Repeat("x=1&", maxPairs), false},
		{"above", strings.Repeat("x=1&", maxPairs) + "y=2", true},
		{"only ampersands", strings.Repeat("&", 4*maxPairs), false},
		{"too many keys for params", "a=1&b=1&c=1&d0=1&e0=1&f=1&g=1&h=1&i=1&j=1&k=1&l=1&m=1&n=1&o=1&q=1&u=1&v=1&w=1&x=1&y=1&z=1&a1=1&a2=1&a3=1&a4=1&a5=1&a6=1&a7=1&a8=1&a9=1", true},
		{"long value", "title=" + strings.Repeat("t", 1025), true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			check(t, onlyRow(t, newRequest(tt.query)), cells{"truncated": tt.truncated})
		})
	}
}
