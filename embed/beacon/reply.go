package main

import (
	"encoding/base64"
	"strconv"

	"pixelctl/pkg/beacon"
)

// reply writes the answer in payload format 2.0. There a cookie stands in
// cookies, not in headers (Lambda proxy integrations of HTTP APIs); format 1.0,
// which takes the rest as well, wants it in headers. The gateway counts the
// bytes itself, so Content-Length is left to it.
func reply(res *beacon.Result, withBody, old bool) []byte {
	out := make([]byte, 0, 1024)
	out = append(out, `{"statusCode":`...)
	out = strconv.AppendInt(out, int64(res.Code), 10)
	out = append(out, `,"headers":{`...)
	comma, cookie := false, res.Cookie()
	header := func(name, value string) {
		if name == "Content-Length" {
			return
		}
		if comma {
			out = append(out, ',')
		}
		comma = true
		out = appendText(out, name)
		out = append(out, ':')
		out = appendText(out, value)
	}
	res.Headers(header)
	if cookie != "" && old {
		header("Set-Cookie", cookie)
	}
	out = append(out, '}')
	if cookie != "" && !old {
		out = append(appendText(append(out, `,"cookies":[`...), cookie), ']')
	}
	if withBody && len(res.Body) > 0 {
		out = append(out, `,"isBase64Encoded":true,"body":"`...)
		out = base64.StdEncoding.AppendEncode(out, res.Body)
		out = append(out, '"')
	}
	return append(out, '}')
}

// appendText appends printable ASCII, all that headers are made of, as a JSON
// string.
func appendText(dst []byte, s string) []byte {
	dst = append(dst, '"')
	for i := range len(s) {
		if s[i] == '"' || s[i] == '\\' {
			dst = append(dst, '\\')
		}
		dst = append(dst, s[i])
	}
	return append(dst, '"')
}
