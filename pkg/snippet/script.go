package snippet

import "strings"

// pageFacts are read by the script at run time. The page URL is a parameter
// because browsers cut the Referer of other sites to the origin.
var pageFacts = []Param{
	{"url", "l.href"},
	{"ref", "d.referrer"},
	{"title", "d.title"},
	{"res", `s.width+"x"+s.height`},
	{"ts", "+new Date"},
	{"rnd", "Math.random().toString(36).slice(2)"},
}

// The script is ES5 and leaves no globals. a() adds one parameter: values are
// cut where the record cuts them, a half surrogate pair is dropped because
// encodeURIComponent throws on it. A string sent with sendBeacon is
// text/plain, which needs no preflight.
const (
	scriptHead = `(function(w,d,l,s){
  var u=`
	scriptQuery = `,q=`
	scriptAdd   = `;
  function a(k,v){
    if(v)try{q+=(q&&"&")+k+"="+encodeURIComponent(String(v).slice(0,2048).replace(/[\uD800-\uDBFF]$/,""))}catch(e){}
  }
`
	scriptSend = `  try{if(w.navigator.sendBeacon(u,q))return}catch(e){}
  new Image().src=u+"?"+q;
})(window,document,location,screen);`
)

func renderJS(t target) string {
	var b strings.Builder
	b.WriteString("<script>\n" + scriptHead + jsString(t.address) + scriptQuery + jsString(t.query) + scriptAdd)
	for _, f := range pageFacts {
		if !t.keys[f.Key] {
			b.WriteString("  a(" + jsString(f.Key) + "," + f.Value + ");\n")
		}
	}
	b.WriteString(scriptSend + "\n</script>\n" + renderNoScript(t))
	return b.String()
}
