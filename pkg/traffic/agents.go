package traffic

import "net/http"

// agent is a client as its headers show it. Strings are those of late 2025;
// browsers freeze most of them, so only the major version tells.
type agent struct {
	weight   float64
	ua       string
	brands   string // Sec-Ch-Ua; only Chromium sends it unasked
	platform string
	mobile   bool
	cut      bool // sends the origin as Referer whatever the tag asks for
}

const (
	chromeBrands = `"Google Chrome";v="141", "Not?A_Brand";v="8", "Chromium";v="141"`
	edgeBrands   = `"Microsoft Edge";v="141", "Not?A_Brand";v="8", "Chromium";v="141"`
)

var browsers = []agent{
	{30, "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36", chromeBrands, "Windows", false, false},
	{22, "Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.0 Mobile/15E148 Safari/604.1", "", "", true, true},
	{19, "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Mobile Safari/537.36", chromeBrands, "Android", true, false},
	{8, "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36", chromeBrands, "macOS", false, false},
	{7, "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.0 Safari/605.1.15", "", "", false, true},
	{7, "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36 Edg/141.0.0.0", edgeBrands, "Windows", false, false},
	{4, "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:144.0) Gecko/20100101 Firefox/144.0", "", "", false, true},
	{3, "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) SamsungBrowser/28.0 Chrome/130.0.0.0 Mobile Safari/537.36", "", "", true, false},
	{2, "Mozilla/5.0 (X11; Linux x86_64; rv:144.0) Gecko/20100101 Firefox/144.0", "", "", false, true},
	{2, "Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148 Instagram 400.0.0.20.87", "", "", true, true},
	{1, "Mozilla/5.0 (iPad; CPU OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.0 Mobile/15E148 Safari/604.1", "", "", true, true},
}

// mailAgents are mail clients and the proxies that load images for them.
// "Mozilla/5.0" alone is Apple's Mail Privacy Protection.
var mailAgents = []agent{
	{45, "Mozilla/5.0", "", "", false, false},
	{30, "Mozilla/5.0 (Windows NT 5.1; rv:11.0) Gecko Firefox/11.0 (via ggpht.com GoogleImageProxy)", "", "", false, false},
	{9, "Mozilla/4.0 (compatible; MSIE 7.0; Windows NT 10.0; WOW64; Trident/7.0; .NET4.0C; .NET4.0E; Microsoft Outlook 16.0.17928; ms-office; MSOffice 16)", "", "", false, false},
	{6, "YahooMailProxy; https://help.yahoo.com/kb/yahoo-mail-proxy-SLN28749.html", "", "", false, false},
	{4, "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko)", "", "", false, false},
	{3, "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Thunderbird/140.4.0", "", "", false, false},
	{3, "Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148", "", "", true, false},
}

var botAgents = []agent{
	{24, "Mozilla/5.0 (Linux; Android 6.0.1; Nexus 5X Build/MMB29P) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.7390.65 Mobile Safari/537.36 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)", "", "", true, false},
	{14, "Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko; compatible; bingbot/2.0; +http://www.bing.com/bingbot.htm) Chrome/136.0.0.0 Safari/537.36", "", "", false, false},
	{11, "Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko; compatible; GPTBot/1.2; +https://openai.com/gptbot)", "", "", false, false},
	{9, "Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko; compatible; ClaudeBot/1.0; +claudebot@anthropic.com)", "", "", false, false},
	{8, "Mozilla/5.0 (compatible; AhrefsBot/7.0; +http://ahrefs.com/robot/)", "", "", false, false},
	{7, "facebookexternalhit/1.1 (+http://www.facebook.com/externalhit_uatext.php)", "", "", false, false},
	{6, "Mozilla/5.0 (compatible; SemrushBot/7~bl; +http://www.semrush.com/bot.html)", "", "", false, false},
	{5, "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) HeadlessChrome/141.0.0.0 Safari/537.36", "", "", false, false},
	{4, "Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)", "", "", false, false},
	{4, "python-requests/2.32.5", "", "", false, false},
	{3, "curl/8.14.1", "", "", false, false},
	{3, "Go-http-client/2.0", "", "", false, false},
	{2, "", "", "", false, false},
}

// header gives the headers that depend on the client alone. An empty
// User-Agent is written out, or net/http would add its own.
func (a agent) header(language string) http.Header {
	h := make(http.Header, 10)
	h[SyntheticHeader] = []string{"1"}
	h["User-Agent"] = []string{a.ua}
	if language != "" {
		h["Accept-Language"] = []string{language}
	}
	if a.brands != "" {
		h["Sec-Ch-Ua"] = []string{a.brands}
		h["Sec-Ch-Ua-Platform"] = []string{`"` + a.platform + `"`}
		h["Sec-Ch-Ua-Mobile"] = []string{"?0"}
		if a.mobile {
			h["Sec-Ch-Ua-Mobile"] = []string{"?1"}
		}
	}
	return h
}
