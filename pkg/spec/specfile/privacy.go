package specfile

import (
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"

	"pixelctl/pkg/spec"
)

// aliases takes off, on, or a switch a family.
func (r *reader) aliases(n *yaml.Node) {
	if n.Kind == yaml.ScalarNode {
		if !r.boolean(n, "aliases") {
			r.s.AliasesOff = spec.Families()
		}
		return
	}
	r.keys(n, "aliases", spec.Families(), func(family, path string, v *yaml.Node) {
		if !r.boolean(v, path) {
			r.s.AliasesOff = append(r.s.AliasesOff, family)
		}
	})
}

func privacyKeys() []string {
	return []string{"ip", "user", "visitor", "user_agent", "referrer", "gpc", "dnt", "consent", "network_cookie", "retention"}
}

func (r *reader) privacy(n *yaml.Node) {
	p := &r.s.Privacy
	modes := map[string]*string{
		"ip": &p.IP, "user": &p.User, "visitor": &p.Visitor, "user_agent": &p.UserAgent, "referrer": &p.Referrer, "gpc": &p.GPC, "dnt": &p.DNT,
	}
	r.keys(n, "privacy", privacyKeys(), func(key, path string, v *yaml.Node) {
		switch key {
		case "consent":
			r.consent(v, path)
		case "network_cookie":
			r.cookie(v, path)
		case "retention":
			r.retention(v, path)
		default:
			*modes[key] = r.word(v, path)
		}
	})
}

// consent takes the name of a parameter, or require and without.
func (r *reader) consent(n *yaml.Node, path string) {
	c := &r.s.Privacy.Consent
	if n.Kind == yaml.ScalarNode {
		c.Require = r.word(n, path)
		r.nodes[path+".require"] = n
		return
	}
	r.keys(n, path, []string{"require", "without"}, func(key, path string, v *yaml.Node) {
		if key == "require" {
			c.Require = r.word(v, path)
			return
		}
		c.Without = r.word(v, path)
	})
}

// cookie takes on, off, or its life in days, which switches it on.
func (r *reader) cookie(n *yaml.Node, path string) {
	p := &r.s.Privacy
	if n.Kind == yaml.ScalarNode {
		p.NetworkCookie = r.boolean(n, path)
		return
	}
	if n.Kind == yaml.MappingNode && len(n.Content) == 0 {
		r.wrong(n, path, "%s names no days", path).Hint = "write on, off, or {days: 365}"
		return
	}
	r.keys(n, path, []string{"days"}, func(_, path string, v *yaml.Node) {
		p.NetworkCookie, p.CookieDays = true, r.number(v, path)
		r.nodes["privacy.cookie_days"] = v
		if p.CookieDays == 0 {
			r.wrong(v, path, "%s: 0 days would be no cookie", path).Hint = "write network_cookie: off"
		}
	})
}

// retention takes days, as 395d or 395.
func (r *reader) retention(n *yaml.Node, path string) {
	text := r.word(n, path)
	if text == "" {
		return
	}
	days, err := strconv.Atoi(strings.TrimSuffix(text, "d"))
	if err != nil {
		r.wrong(n, path, "%s: %q is no number of days", path, text).Hint = "such as 395d for 13 months, or 0 to keep rows for ever"
		return
	}
	r.s.Privacy.RetentionDays = &days
	r.nodes["privacy.retention_days"] = n
}
