package beacon

import (
	"strconv"
	"strings"
)

// gifImage is a transparent image of one pixel: GIF89a, two black palette entries
// of which the first is transparent, 43 bytes.
var gifImage = []byte("GIF89a\x01\x00\x01\x00\x80\x00\x00\x00\x00\x00\x00\x00\x00" +
	"\x21\xf9\x04\x01\x00\x00\x00\x00\x2c\x00\x00\x00\x00\x01\x00\x01\x00\x00" +
	"\x02\x02\x44\x01\x00\x3b")

// Bodies of the other answers.
var (
	robotsText    = []byte("User-agent: *\nDisallow: /\n")
	healthText    = []byte("ok\n")
	notFoundText  = []byte("not found: pixel paths are /p.gif, /i.gif and /<site>/<label>.gif\n")
	badMethodText = []byte("method not allowed\n")
)

// always are the headers of every answer: no cache keeps it, any page may
// embed it, no search engine lists it.
var always = [...][2]string{
	{"Cache-Control", "no-store, no-cache, must-revalidate, private, max-age=0"},
	{"Pragma", "no-cache"},
	{"Expires", "0"},
	{"Cross-Origin-Resource-Policy", "cross-origin"},
	{"X-Content-Type-Options", "nosniff"},
	{"X-Robots-Tag", "noindex"},
}

// image answers with the image, or with 204 where img=0 wants none.
func (r *Result) image(pairs []pair) {
	for i := range pairs {
		if pairs[i].field == imageWish && pairs[i].val == "0" {
			r.Code = 204
			return
		}
	}
	r.Code, r.ContentType, r.Body = 200, "image/gif", gifImage
}

// text answers with a few words.
func (r *Result) text(code int, body []byte) {
	r.Code, r.ContentType, r.Body = code, "text/plain; charset=utf-8", body
}

// refuse answers with an error.
func (r *Result) refuse(code int, reason string, body []byte) {
	r.text(code, body)
	r.Drop(reason)
}

// page answers with a fixed text that is no pixel.
func (r *Result) page(method string, body []byte) {
	if method != "GET" && method != "HEAD" {
		r.allow = "GET, HEAD"
		r.refuse(405, "method", badMethodText)
		return
	}
	r.text(200, body)
}

// Headers passes every header of the answer to set, each name once and in
// canonical form, each value in printable ASCII. X-Pixel-Event is the ID of
// the request; entry n of a batch has that ID with -n.
func (r *Result) Headers(set func(name, value string)) {
	if r.ContentType != "" {
		set("Content-Type", r.ContentType)
		set("Content-Length", strconv.Itoa(len(r.Body)))
	}
	for i := range always {
		set(always[i][0], always[i][1])
	}
	if r.Code == 200 && r.Pixel {
		set("Accept-Ch", "Sec-CH-UA-Platform-Version, Sec-CH-UA-Model")
	}
	if r.allow != "" {
		set("Allow", r.allow)
	}
	if s := r.status(); s != "" {
		r.cors(set)
		set("X-Pixel-Status", s)
	}
	if len(r.Records) > 0 && isClean(r.id, 128) {
		set("X-Pixel-Event", r.id)
	}
}

// cors lets pages of any site read the answer. Beacons carry credentials, so
// the origin is echoed: a star would not do.
func (r *Result) cors(set func(name, value string)) {
	if r.origin == "" {
		set("Access-Control-Allow-Origin", "*")
	} else {
		set("Access-Control-Allow-Origin", r.origin)
		set("Access-Control-Allow-Credentials", "true")
		set("Vary", "Origin")
	}
	if r.preflight {
		set("Access-Control-Allow-Methods", "GET, POST, OPTIONS")
		set("Access-Control-Allow-Headers", "Content-Type")
		set("Access-Control-Max-Age", "3600")
	}
}

// status tells what became of the hit; "" for what is no hit. Required fields
// that a record lacks are named: they do not drop it.
func (r *Result) status() string {
	reason := r.Reason
	if !isClean(reason, 64) {
		reason = "unknown"
	}
	recorded, dropped := r.Tally()
	text := "recorded"
	switch {
	case recorded == 0 && r.Reason == "":
		return ""
	case recorded == 0:
		return "dropped; reason=" + reason
	case r.batched:
		text += "; count=" + strconv.Itoa(recorded)
		if dropped > 0 {
			text += "; dropped=" + strconv.Itoa(dropped) + "; reason=" + reason
		}
	}
	if r.lacks != "" {
		text += "; missing=" + r.lacks
	}
	return text
}

// cleanOrigin gives an Origin header that can be echoed, or "".
func cleanOrigin(s string) string {
	if isClean(s, 512) {
		return s
	}
	return ""
}

// isClean says whether s can stand in a header: printable ASCII without
// blanks, neither empty nor longer than limit.
func isClean(s string, limit int) bool {
	dirty := strings.IndexFunc(s, func(c rune) bool { return c <= ' ' || c > '~' })
	return s != "" && len(s) <= limit && dirty < 0
}
