package beacon

import (
	"strings"

	"pixelctl/pkg/classify"
	"pixelctl/pkg/event"
)

// setClient sets what headers say about the client.
func setClient(req *Request, rec *event.Record) {
	rec.UserAgent = req.header("User-Agent")
	rec.Language = firstTag(req.header("Accept-Language"))
	rec.DNT = req.header("Dnt") == "1"
	rec.GPC = req.header("Sec-Gpc") == "1"
	c := classify.Classify(rec.UserAgent, req.Header)
	rec.ClientClass, rec.BotReason, rec.IsBot = c.Class, c.Reason, event.Some(c.IsBot())
	rec.Browser, rec.BrowserVersion = c.Browser, c.BrowserVersion
	rec.OS, rec.OSVersion, rec.Device = c.OS, c.OSVersion, c.Device
}

// firstTag gives the first language of an Accept-Language header.
func firstTag(s string) string {
	if i := strings.IndexAny(s, ",;"); i >= 0 {
		s = s[:i]
	}
	return strings.TrimSpace(s)
}
