package spec

import (
	"slices"
	"strconv"

	"pixelctl/pkg/event"
)

// Limits of a spec.
const (
	MaxJSON = 64 << 10 // bytes of JSON

	maxList  = 200   // names of allow_params and deny_params
	maxSites = 1_000 // sites
	maxName  = 128   // bytes of a site, a header, a cookie or a parameter
)

// Validate refuses a spec with a problem: fault.Usage, the first of Problems.
func (s Spec) Validate() error { return First(s.Problems()) }

// Problems returns what is wrong with s, in the order of the keys.
func (s Spec) Problems() []Problem {
	var ps problems
	s.checkFields(&ps)
	s.checkDrop(&ps)
	checkList(&ps, "allow_params", s.AllowParams, maxList)
	checkList(&ps, "deny_params", s.DenyParams, maxList)
	s.checkParams(&ps)
	checkList(&ps, "sites", s.Sites, maxSites)
	s.checkAliases(&ps)
	s.Privacy.check(&ps)
	s.checkTogether(&ps)
	if n := len(s.JSON()); n > MaxJSON {
		ps.add("", "the spec has %d bytes of JSON, more than %d", n, MaxJSON).hint("shorten maps, lists or descriptions")
	}
	return ps
}

// at is the path of an entry of a list.
func at(list string, i int) string { return list + "[" + strconv.Itoa(i) + "]" }

func (s Spec) checkFields(ps *problems) {
	if n := len(s.Fields); n > event.MaxFields {
		ps.add(at("fields", event.MaxFields), "field %s is one too many: %d of at most %d fields", s.Fields[event.MaxFields].Name, n, event.MaxFields).
			hint("what is not a column stays in params")
	}
	first := make(map[string]int, len(s.Fields))
	for i, f := range s.Fields {
		f.check(ps, at("fields", i))
		if j, ok := first[f.Name]; ok && f.Name != "" {
			ps.add(at("fields", i)+".name", "field %s is already there, as field %d", f.Name, j+1).hint("give each field a name of its own")
			continue
		}
		first[f.Name] = i
	}
}

// checkDrop wants built-in columns that may be absent.
func (s Spec) checkDrop(ps *problems) {
	columns := event.Schema{}.Columns()
	var can []string
	for _, c := range columns {
		if c.Rule == event.Present {
			can = append(can, c.Name)
		}
	}
	for i, name := range s.Drop {
		path := at("drop", i)
		switch {
		case slices.Contains(s.Drop[:i], name):
			ps.add(path, "drop: column %s is named twice", name).hint("name it once")
		case slices.Contains(can, name):
		case slices.ContainsFunc(columns, func(c event.Column) bool { return c.Name == name }):
			ps.add(path, "drop: column %s cannot be left out: every record is counted, dated or told apart by it", name).
				hint("leave %s in: it says nothing about a person", name)
		case slices.ContainsFunc(s.Fields, func(f Field) bool { return f.Name == name }):
			ps.add(path, "drop: %s is a field of this file, not a built-in column", name).hint("write retired: true at the field")
		default:
			ps.add(path, "drop: unknown column %q", name).near(name, can)
		}
	}
}

// checkList wants short, different names.
func checkList(ps *problems, key string, names []string, most int) {
	if len(names) > most {
		ps.add(at(key, most), "%s: %d entries, at most %d are possible", key, len(names), most).hint("name fewer")
	}
	seen := make(map[string]bool, len(names))
	for i, name := range names {
		path := at(key, i)
		switch {
		case name == "":
			ps.add(path, "%s: an empty name", key).hint("remove it")
		case len(name) > maxName:
			ps.add(path, "%s: %q has %d bytes, at most %d are possible", key, head(name), len(name), maxName).hint("longer ones are cut when they are stored")
		case !printable(name):
			ps.add(path, "%s: %q has a character that cannot be printed", key, name).hint("write it as it is shown in a URL that is decoded")
		case seen[name]:
			ps.add(path, "%s: %s is named twice", key, name).hint("name it once")
		}
		seen[name] = true
	}
}

// checkParams refuses names that are both allowed and denied.
func (s Spec) checkParams(ps *problems) {
	for i, name := range s.DenyParams {
		if slices.Contains(s.AllowParams, name) {
			ps.add(at("deny_params", i), "deny_params: %s is also in allow_params", name).hint("leave it in one of the two")
		}
	}
	if len(s.AllowParams) > 0 && slices.Contains(s.Drop, "params") {
		ps.add("allow_params", "allow_params: nothing is kept, because drop names the column params").hint("remove allow_params, or params from drop")
	}
}

func (s Spec) checkAliases(ps *problems) {
	for i, family := range s.AliasesOff {
		path := at("aliases_off", i)
		switch {
		case !slices.Contains(Families(), family):
			ps.add(path, "aliases: unknown family %q", family).near(family, Families())
		case slices.Contains(s.AliasesOff[:i], family):
			ps.add(path, "aliases: %s is named twice", family).hint("name it once")
		}
	}
}

// head is the start of a text that is too long to show.
func head(s string) string {
	const most = 24
	if len(s) <= most {
		return s
	}
	return event.Head(s, most) + "…"
}
