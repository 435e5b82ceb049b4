package ui

import (
	"pixelctl/pkg/beacon"
	"pixelctl/pkg/spec"
)

func fieldChanges() []spec.Change {
	return []spec.Change{
		{Action: "add", Name: "hotel", To: "string from query:hotel, lower", Effect: "new column, the last of the table; rows until now hold NULL"},
		{Action: "retire", Name: "nights", From: "int from query:nights", Effect: "new rows hold NULL; the column stays, with what old rows hold"},
		{Action: "set", Name: "privacy.ip", From: "truncate", To: "none", Effect: "new rows hold no address; old rows stay as they are, <b>\x1b[31m"},
	}
}

// refused is a request that no pixel answers.
func refused() ([][]beacon.Explained, *beacon.Result) {
	b, err := beacon.New(beacon.Options{Collector: "test"})
	if err != nil {
		return nil, new(beacon.Result)
	}
	return b.Explain(&beacon.Request{Method: "GET", Path: "/collect", ID: "sample"})
}

// explained is a record with hostile values, and its answer.
func explained() ([][]beacon.Explained, *beacon.Result) {
	b, err := beacon.New(beacon.Options{Collector: "test"})
	if err != nil {
		return nil, new(beacon.Result)
	}
	_, answer := b.Explain(&beacon.Request{Method: "GET", Path: "/p.gif", RawQuery: "event=view", ID: "sample"})
	return [][]beacon.Explained{{
		{Column: "event_id", Value: "sample", Source: "the collector"},
		{Column: "event", Value: "view", Source: "query:event"},
		{Column: "page_title", Value: "Früh\x1b[2Jling <script>", Source: "query:title"},
		{Column: "city"},
		{Column: "region"},
	}}, answer
}
