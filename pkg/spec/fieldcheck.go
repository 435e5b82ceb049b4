package spec

import (
	"slices"
	"unicode/utf8"

	"pixelctl/pkg/event"
)

// Limits of a Field.
const (
	maxSources     = 8
	maxTransforms  = 8
	maxDescription = 255 // Glue: Comment of a Column, bytes
)

// types returns the types a field can have.
func types() []string {
	var names []string
	for _, t := range event.FieldTypes() {
		names = append(names, string(t))
	}
	return names
}

// typeOf returns the type that others call name, or "".
func typeOf(name string) event.Type {
	switch name {
	case "text", "varchar", "str":
		return event.String
	case "integer", "int32":
		return event.Int
	case "long", "int64":
		return event.BigInt
	case "float", "decimal", "number":
		return event.Double
	case "bool":
		return event.Boolean
	case "datetime":
		return event.Timestamp
	}
	return ""
}

func (f Field) check(ps *problems, path string) {
	f.checkName(ps, path+".name")
	f.checkType(ps, path+".type")
	f.checkDescription(ps, path+".description")
	if len(f.Sources) == 0 && !f.Retired {
		ps.add(path+".source", "field %s has no source", f.Name).hint("such as source: query:%s", orName(f.Name))
	}
	if len(f.Sources) > maxSources {
		ps.add(at(path+".source", maxSources), "field %s has %d sources, at most %d are possible", f.Name, len(f.Sources), maxSources).hint("name fewer")
	}
	for i, src := range f.Sources {
		f.checkSource(ps, at(path+".source", i), i, src)
	}
	if len(f.Transforms) > maxTransforms {
		ps.add(at(path+".transform", maxTransforms), "field %s has %d transforms, at most %d are possible", f.Name, len(f.Transforms), maxTransforms).hint("name fewer")
	}
	for i, t := range f.Transforms {
		f.checkTransform(ps, at(path+".transform", i), i, t)
	}
	f.checkDefault(ps, path+".default")
}

func orName(name string) string {
	if name == "" {
		return "NAME"
	}
	return name
}

func (f Field) checkName(ps *problems, path string) {
	switch {
	case f.Name == "":
		ps.add(path, "a field has no name").hint("such as name: hotel")
	case len(f.Name) > event.MaxFieldName || !(event.Field{Name: f.Name, Type: event.String}).Sound():
		ps.add(path, "field %q: a name is a to z, 0 to 9 and _, begins with a letter and has at most %d characters", head(f.Name), event.MaxFieldName).
			hint("such as hotel_id")
	case slices.Contains([]string{"year", "month", "day", "hour"}, f.Name):
		ps.add(path, "field %s: the table's partitions have that name", f.Name).hint("name it %s", other(f.Name))
	case slices.Contains(event.Schema{}.Names(), f.Name):
		ps.add(path, "field %s: there is a built-in column of that name", f.Name).hint("name it %s", other(f.Name))
	case isReserved(f.Name):
		ps.add(path, "field %s: a reserved word of SQL, which every query would have to quote", f.Name).hint("name it %s", other(f.Name))
	}
}

// other is a free name like one that is taken.
func other(name string) string { return "own_" + name[:min(len(name), event.MaxFieldName-4)] }

func (f Field) checkType(ps *problems, path string) {
	switch {
	case f.Type == "":
		ps.add(path, "field %s has no type", f.Name).hint("one of %s", join(types()))
	case slices.Contains(types(), string(f.Type)):
	case typeOf(string(f.Type)) != "":
		ps.add(path, "field %s: unknown type %q", f.Name, f.Type).hint("did you mean %q?", typeOf(string(f.Type)))
	default:
		ps.add(path, "field %s: unknown type %q", f.Name, head(string(f.Type))).near(string(f.Type), types())
	}
}

func (f Field) checkDescription(ps *problems, path string) {
	if len(f.Description) > maxDescription {
		ps.add(path, "field %s: the description has %d bytes, at most %d are possible", f.Name, len(f.Description), maxDescription).
			hint("it becomes the column's comment in the catalog")
	} else if !printable(f.Description) {
		ps.add(path, "field %s: the description has a line break or another control character", f.Name).hint("write it in one line")
	}
}

// checkDefault wants a text that becomes a value of the type.
func (f Field) checkDefault(ps *problems, path string) {
	if f.Default == "" {
		return
	}
	if why := f.cannot(f.Default); why != "" {
		ps.add(path, "field %s: default %q %s", f.Name, head(f.Default), why).hint("%s", textForm(f.Type))
	}
}

// cannot says why a text is no value of the field, or "".
func (f Field) cannot(text string) string {
	switch {
	case !utf8.ValidString(text):
		return "is no UTF-8"
	case len(text) > event.MaxFieldText:
		return "is too long"
	case !slices.Contains(types(), string(f.Type)):
		return "" // the type is the problem
	}
	if _, ok := (&event.Field{Type: f.Type}).Parse(text); !ok {
		return "is no " + string(f.Type)
	}
	return ""
}

// textForm says how a value of a type is written.
func textForm(t event.Type) string {
	switch t {
	case event.Int:
		return "a decimal number of 32 bits, such as 7 or -7"
	case event.BigInt:
		return "a decimal number of 64 bits, such as 7 or -7"
	case event.Double:
		return "a decimal number, such as 7, -0.5 or 1.5e-3"
	case event.Boolean:
		return "true, false, 1, 0, yes or no"
	case event.Timestamp:
		return "milliseconds since 1970, 2026-07-05T09:10:11Z, or 2026-07-05 09:10:11 in UTC"
	case event.Date:
		return "such as 2026-07-05"
	case event.String, event.Map:
	}
	return "at most 1024 bytes of text"
}
