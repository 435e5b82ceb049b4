package policy

import (
	"maps"
	"slices"
)

// grant is one action on one kind of resource.
type grant struct {
	action string
	on     kind
}

// on gives several actions the same kind of resource.
func on(k kind, actions ...string) []grant {
	list := make([]grant, len(actions))
	for i, a := range actions {
		list[i] = grant{a, k}
	}
	return list
}

// statements makes one statement of each kind of resource.
func (s Scope) statements(grants []grant) []Statement {
	actions := map[kind]map[string]bool{}
	for _, g := range grants {
		if actions[g.on] == nil {
			actions[g.on] = map[string]bool{}
		}
		actions[g.on][g.action] = true
	}
	var all []Statement
	for _, k := range slices.Sorted(maps.Keys(actions)) {
		for _, wide := range wider[k] {
			maps.DeleteFunc(actions[k], func(a string, _ bool) bool { return actions[wide][a] })
		}
		if len(actions[k]) == 0 {
			continue
		}
		all = append(all, Statement{
			Sid: string(k), Effect: "Allow", Action: slices.Sorted(maps.Keys(actions[k])),
			Resource: s.resources(k), Condition: s.conditions(k),
		})
	}
	return all
}

// wider are the kinds that hold all of a kind: an action on one need not be
// granted on the other.
var wider = map[kind][]kind{
	artifactBucket: {buckets},
	dataBucket:     {buckets},
	resultsBucket:  {buckets},
	artifacts:      {objects},
	templates:      {objects},
	rows:           {dataObjects, objects},
	rejected:       {dataObjects, objects},
	staging:        {dataObjects, objects},
	dataObjects:    {objects},
	results:        {objects},
	tables:         {databaseTree},
}

// pack puts statements into as few documents as they fit, in their order.
func pack(all []Statement) []Document {
	const version = "2012-10-17" // of the policy language
	var docs []Document
	for _, st := range all {
		if last := len(docs) - 1; last >= 0 {
			longer := Document{version, append(slices.Clone(docs[last].Statement), st)}
			if longer.Size() <= MostManaged {
				docs[last] = longer
				continue
			}
		}
		docs = append(docs, Document{version, []Statement{st}})
	}
	return docs
}
