package main

import (
	"encoding/base64"
	"encoding/json"
	"strconv"

	"pixelctl/pkg/beacon"
)

// reply writes the answer in payload format 2.0, which 1.0 takes as well. The
// gateway counts the bytes itself, so Content-Length is left to it.
func reply(res *beacon.Result, withBody bool) []byte {
	out := make([]byte, 0, 1024)
	out = append(out, `{"statusCode":`...)
	out = strconv.AppendInt(out, int64(res.Code), 10)
	out = append(out, `,"headers":{`...)
	comma := false
	res.Headers(func(name, value string) {
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
	})
	out = append(out, '}')
	if withBody && len(res.Body) > 0 {
		out = append(out, `,"isBase64Encoded":true,"body":"`...)
		out = base64.StdEncoding.AppendEncode(out, res.Body)
		out = append(out, '"')
	}
	return append(out, '}')
}

// appendText appends a JSON string. A string has no form that Marshal refuses.
func appendText(dst []byte, s string) []byte {
	b, err := json.Marshal(s)
	if err != nil {
		return append(dst, `""`...)
	}
	return append(dst, b...)
}
