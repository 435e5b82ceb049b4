package spec

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// summary is a field in a few words: string from query:hotel, lower.
func (f Field) summary() string {
	text := string(f.Type)
	if len(f.Sources) > 0 {
		text += " from " + joinOf(f.Sources)
	}
	if len(f.Transforms) > 0 {
		text += ", " + joinOf(f.Transforms)
	}
	return text
}

func yes(b bool) string {
	if b {
		return "yes"
	}
	return "no"
}

func transformEffect(old, f Field) string {
	if old.Hashed() || f.Hashed() {
		return "new rows hold another text for the same value, so old and new rows do not match; old rows stay as they are"
	}
	return "new rows hold the value as it is made now; old rows stay as they are"
}

func defaultEffect(f Field) string {
	if f.Default == "" {
		return "new rows without a value hold NULL; old rows stay as they are"
	}
	return fmt.Sprintf("new rows without a value hold %q; old rows stay as they are", head(f.Default))
}

func requiredEffect(f Field) string {
	if f.Required {
		return "a new row without it is kept, and names it in params['_missing']"
	}
	return "a new row without it is a recorded one like others"
}

func personalEffect(f Field) string {
	if f.Personal {
		return "new rows lose it where privacy strips a person; old rows stay as they are"
	}
	return "new rows keep it also where privacy strips a person; subject erase --anonymise leaves it in all rows"
}

// lists takes over the keys that are lists of names.
func (e *evolution) lists() {
	d, w, m := e.deployed, e.wanted, &e.merged
	m.Drop = e.list("drop", d.Drop, w.Drop, "none", dropEffect)
	m.AllowParams = e.list("allow_params", d.AllowParams, w.AllowParams, "every key", func(_, _ []string) string {
		if len(w.AllowParams) == 0 {
			return "params of new rows keep every key that is not denied; old rows stay as they are"
		}
		return "params of new rows keep these keys only; old rows stay as they are"
	})
	m.DenyParams = e.list("deny_params", d.DenyParams, w.DenyParams, "none", func(_, _ []string) string {
		return "params of new rows hold none of these keys; old rows stay as they are"
	})
	m.Sites = e.list("sites", d.Sites, w.Sites, "every site", func(_, _ []string) string {
		if len(w.Sites) == 0 {
			return "hits of every site are recorded"
		}
		return "hits of other sites are answered and leave a row without personal columns, whose status is dropped:site"
	})
	m.AliasesOff = e.list("aliases", d.AliasesOff, w.AliasesOff, "all on", aliasEffect)
}

// list returns the list to keep: the deployed one when both name the same.
func (e *evolution) list(key string, old, now []string, none string, effect func(gone, come []string) string) []string {
	gone, come := without(old, now), without(now, old)
	if len(gone)+len(come) == 0 {
		return old
	}
	words := func(list []string) string {
		switch {
		case len(list) == 0:
			return none
		case key == "aliases":
			return "without " + join(list)
		}
		return join(list)
	}
	e.change(Change{Action: "set", Name: key, From: words(old), To: words(now), Effect: effect(gone, come)})
	return now
}

func without(list, other []string) []string {
	var out []string
	for _, s := range list {
		if !slices.Contains(other, s) {
			out = append(out, s)
		}
	}
	return out
}

// both joins what two halves of a change do.
func both(parts ...string) string {
	return strings.Join(slices.DeleteFunc(parts, func(s string) bool { return s == "" }), "; ")
}

func dropEffect(gone, come []string) string {
	var stop, again string
	if len(come) > 0 {
		stop = "new rows hold NULL in " + join(come)
	}
	if len(gone) > 0 {
		again = "new rows hold " + join(gone) + " again"
	}
	return both(stop, again, "old rows stay as they are")
}

func aliasEffect(gone, come []string) string {
	var stop, again string
	if len(come) > 0 {
		stop = "parameters by the names of " + join(come) + " are stored in params under these names"
	}
	if len(gone) > 0 {
		again = "the names of " + join(gone) + " are understood again"
	}
	return both(stop, again)
}

// privacy takes over the modes; the deployed ones stay when they mean the same.
func (e *evolution) privacy() {
	before := len(e.changes)
	old, now := e.deployed.Privacy.Filled(), e.wanted.Privacy.Filled()
	modes := old.modes()
	for i, m := range now.modes() {
		if key := m[0]; m[1] != modes[i][1] && (key != "consent.without" || now.Consent.Require != "") {
			e.set("privacy."+key, modes[i][1], m[1], modeEffect(key, m[1]))
		}
	}
	if old.Consent.Require != now.Consent.Require {
		e.set("privacy.consent.require", orNone(old.Consent.Require), orNone(now.Consent.Require), requireEffect(now.Consent))
	}
	e.cookie(old, now)
	e.retention(old.RetentionDays, now.RetentionDays)
	e.merged.Privacy = e.wanted.Privacy
	if len(e.changes) == before {
		e.merged.Privacy = e.deployed.Privacy
	}
}

func (e *evolution) set(name, from, to, effect string) {
	e.change(Change{Action: "set", Name: name, From: from, To: to, Effect: effect})
}

func orNone(s string) string {
	if s == "" {
		return "nothing"
	}
	return s
}

func requireEffect(c Consent) string {
	switch {
	case c.Require == "":
		return "hits are recorded with their person without being asked for consent"
	case c.Without == DropHit:
		return "hits without parameter " + c.Require + " leave a row without personal columns, whose status is dropped:consent"
	}
	return "hits without parameter " + c.Require + " are recorded without their personal columns"
}

func (e *evolution) cookie(old, now Privacy) {
	words := func(p Privacy) string {
		if !p.NetworkCookie {
			return "off"
		}
		return strconv.Itoa(p.CookieDays) + " days"
	}
	if words(old) == words(now) {
		return
	}
	effect := "no cookie is set or read; network_id of new rows is NULL"
	if now.NetworkCookie {
		effect = fmt.Sprintf("the collector sets a signed cookie that lasts %d days and writes it into network_id", now.CookieDays)
	}
	e.set("privacy.network_cookie", words(old), words(now), effect)
}

func (e *evolution) retention(old, now *int) {
	words := func(days *int) string {
		switch {
		case days == nil:
			return "as the stack is set"
		case *days == 0:
			return "for ever"
		}
		return strconv.Itoa(*days) + " days"
	}
	if words(old) == words(now) {
		return
	}
	effect := "rows are kept as deploy --retention says"
	switch {
	case now != nil && *now == 0:
		effect = "rows are never deleted for their age"
	case now != nil && old != nil && (*old == 0 || *now < *old), now != nil && old == nil:
		effect = fmt.Sprintf("rows older than %d days are deleted, also those that are there now", *now)
	case now != nil:
		effect = "rows are kept longer; what is deleted already does not come back"
	}
	e.set("privacy.retention", words(old), words(now), effect)
}
