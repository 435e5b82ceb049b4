package snippet

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"pixelctl/pkg/fault"
)

const (
	maxKeyBytes = 128  // what the beacon keeps of a parameter name
	maxURLBytes = 2048 // what mail clients, proxies and the record take
)

// reserved are parameters that steer the beacon and are never stored.
var reserved = map[string]string{
	"rnd":        "it is the cache buster and is never stored",
	"rand":       "it is the cache buster and is never stored",
	"img":        "it chooses between an image and an empty answer",
	"send_image": "it chooses between an image and an empty answer",
}

func usage(format string, args ...any) error {
	return fault.New(fault.Usage, "render snippet: "+format, args...)
}

// checkNames refuses what would reach the record changed or not at all.
func checkNames(o Options) error {
	named := []Param{{"campaign", o.Campaign}, {"site", o.Site}, {"label", o.Label}, {"cache buster", o.CacheBuster}}
	for _, n := range named {
		if !utf8.ValidString(n.Value) {
			return usage("%s is not valid UTF-8", n.Key)
		}
	}
	seen := map[string]string{}
	for _, n := range []Param{{"utm_campaign", o.Campaign}, {"site", o.Site}, {"label", o.Label}} {
		if n.Value != "" {
			seen[n.Key] = "by its own option"
		}
	}
	for _, p := range o.Params {
		if err := checkKey(p.Key); err != nil {
			return err
		}
		if !utf8.ValidString(p.Value) {
			return usage("value of parameter %q is not valid UTF-8", p.Key)
		}
		if where, dup := seen[p.Key]; dup {
			return usage("parameter %q is already given %s; the record keeps one value", p.Key, where)
		}
		seen[p.Key] = "before"
	}
	return nil
}

func checkKey(key string) error {
	switch {
	case key == "":
		return usage("a parameter has no name")
	case !utf8.ValidString(key):
		return usage("parameter name %q is not valid UTF-8", key)
	case len(key) > maxKeyBytes:
		return usage("parameter name %q is %d bytes long, at most %d are kept", clip(key), len(key), maxKeyBytes)
	case strings.ContainsFunc(key, unicode.IsControl):
		return usage("parameter name %q has a control character", key)
	}
	if why, ok := reserved[key]; ok {
		return usage("parameter %q is reserved: %s", key, why)
	}
	return nil
}

func clip(s string) string {
	return fmt.Sprintf("%.32s…", s)
}
