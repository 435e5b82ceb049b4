package cmd

// room is a package of this module: what of the module it imports, and why
// nothing else. A package that imports more needs a better reason than the
// compiler's.
type room struct {
	imports string // below the module, by name
	why     string
}

// rooms are all packages. Each import is an arrow of the design; what is not
// here is not allowed.
func rooms() map[string]room {
	return map[string]room{
		"": {"cmd", "main owns streams, signals and the exit code, and knows nothing else"},
		"cmd": {
			`embed pkg/beacon pkg/cloud pkg/cloud/policy pkg/cloud/session pkg/config pkg/cost pkg/demo pkg/event pkg/fault pkg/local pkg/local/control pkg/local/duck
			pkg/local/flush pkg/pipeline pkg/privacy pkg/privacy/statement pkg/query pkg/report pkg/report/html pkg/sample pkg/snippet pkg/spec pkg/spec/specfile pkg/traffic pkg/ui pkg/verify pkg/version`,
			"parsers of flags; wire.go picks the target",
		},
		"embed":                 {"", "bytes"},
		"embed/beacon":          {"pkg/beacon pkg/event pkg/privacy pkg/spec", "the Lambda function: what it imports is loaded at each cold start"},
		"embed/build":           {"", "makes the zip with the Go tool"},
		"pkg/fault":             {"", "a leaf: every package may return its errors"},
		"pkg/version":           {"", "a leaf: what the Go tool wrote into the binary"},
		"pkg/event":             {"", "the record is what both targets share; it knows neither"},
		"pkg/lake":              {"pkg/event", "layout and table follow from the record alone"},
		"pkg/spec":              {"pkg/event pkg/fault", "what a stack records, as a value: it reads no file and runs nothing"},
		"pkg/classify":          {"pkg/event", "headers in, class out: the classes are the record's"},
		"pkg/privacy":           {"pkg/event pkg/spec", "what is kept of a person: it runs in the function and does no I/O"},
		"pkg/privacy/statement": {"pkg/beacon pkg/event pkg/privacy pkg/spec", "texts for people, which the function need not carry; which parameter fills which column is the beacon's knowledge"},
		"pkg/privacy/privacytest": {
			"pkg/event pkg/privacy pkg/spec", "a hit of which every personal value is known: whoever stores hits looks for them",
		},
		"pkg/beacon":            {"pkg/classify pkg/event pkg/extract pkg/privacy pkg/spec", "request in, record out: it also runs where there is no disk"},
		"pkg/extract":           {"pkg/event pkg/spec", "runs what a spec wants of a hit; it reads no file"},
		"pkg/config":            {"pkg/fault", "settings are strings with a source; what they mean is known elsewhere"},
		"pkg/query":             {"pkg/event pkg/fault pkg/lake", "the engine's interface, not an engine"},
		"pkg/query/dialect":     {"pkg/query", "one SQL in, another out; it asks no engine"},
		"pkg/report":            {"pkg/fault pkg/lake pkg/query", "questions over the lake's table and their answers as values; it draws nothing"},
		"pkg/report/html":       {"pkg/report", "values in, one file of HTML out; it asks nobody"},
		"pkg/report/reporttest": {"pkg/query pkg/report", "reports that every drawing must stand"},
		"pkg/pipeline": {
			"pkg/event pkg/fault pkg/query pkg/spec", "the interface of both targets must know neither",
		},
		"pkg/reject":  {"pkg/event", "what an error line is and which lines fit a table, for whoever rejects; it does no I/O"},
		"pkg/redrive": {"pkg/event pkg/lake pkg/pipeline pkg/query pkg/reject", "chooses records to send again; where they lie is the target's matter"},
		"pkg/pipeline/pipelinetest": {
			"pkg/beacon pkg/event pkg/fault pkg/pipeline pkg/privacy pkg/privacy/privacytest pkg/query pkg/report pkg/spec pkg/traffic", "behaviours are tested through the interface",
		},
		"pkg/verify":        {"pkg/fault pkg/pipeline pkg/traffic", "sends to an endpoint and asks through an interface"},
		"pkg/cost":          {"pkg/fault pkg/pipeline pkg/query", "amounts in, dollars out; it measures through an interface"},
		"pkg/spec/specfile": {"pkg/event pkg/fault pkg/spec", "a file in, a spec out; what runs a spec reads no YAML"},
		"pkg/sample":        {"pkg/beacon pkg/event pkg/fault", "a request that somebody wrote down; it sends nothing"},
		"pkg/snippet":       {"pkg/beacon pkg/event pkg/fault", "a tag needs an endpoint, not a target"},
		"pkg/traffic":       {"pkg/beacon pkg/event pkg/fault", "hits need an endpoint, not a target"},
		"pkg/demo":          {"pkg/fault pkg/pipeline pkg/query pkg/traffic", "a script over the interfaces; cmd gives it target and screen"},
		"pkg/ui":            {"pkg/beacon pkg/cost pkg/event pkg/fault pkg/pipeline pkg/privacy/statement pkg/query pkg/report pkg/spec pkg/traffic pkg/verify pkg/version", "draws values, runs nothing"},
		"pkg/local": {
			`pkg/beacon pkg/event pkg/fault pkg/lake pkg/local/compact pkg/local/control pkg/local/disk pkg/local/duck pkg/local/flush
			pkg/local/server pkg/local/spool pkg/pipeline pkg/privacy pkg/query pkg/redrive pkg/reject pkg/spec`,
			"composes the engines into a pipeline",
		},
		"pkg/local/control":       {"pkg/fault pkg/pipeline pkg/spec", "the private channel between a server and the commands"},
		"pkg/local/compact":       {"pkg/local/disk", "swaps files, whatever they hold"},
		"pkg/local/disk":          {"", "the seam below the engines: a file system that tests can break"},
		"pkg/local/disk/disktest": {"pkg/local/disk", "that broken file system"},
		"pkg/local/server":        {"pkg/beacon pkg/event pkg/pipeline", "stores through an interface: it does not know the spool"},
		"pkg/local/spool":         {"pkg/event pkg/fault pkg/lake pkg/local/disk pkg/reject", "holds lines, whatever becomes of them"},
		"pkg/local/flush":         {"pkg/event pkg/fault pkg/lake pkg/local/disk pkg/reject", "converts through an interface: it does not know DuckDB"},
		"pkg/local/duck":          {"pkg/event pkg/fault pkg/lake pkg/local/disk pkg/reject pkg/query pkg/query/dialect", "an engine over files, wherever they come from"},
		"pkg/cloud": {
			`pkg/cloud/artifact pkg/cloud/athena pkg/cloud/beaconlog pkg/cloud/bucket pkg/cloud/catalog pkg/cloud/presence pkg/cloud/session pkg/cloud/stack
			pkg/cloud/stream pkg/cloud/template pkg/cost pkg/event pkg/fault pkg/lake pkg/pipeline pkg/privacy pkg/query pkg/redrive pkg/reject pkg/spec`,
			"composes the engines into a pipeline",
		},
		"pkg/cloud/session":   {"pkg/fault", "the seam below the engines: who calls, and what AWS's errors mean"},
		"pkg/cloud/template":  {"pkg/event pkg/fault pkg/lake", "a template as a tree, written for a schema; it calls nobody"},
		"pkg/cloud/artifact":  {"pkg/spec", "a zip made of a zip and a spec; it calls nobody"},
		"pkg/cloud/athena":    {"pkg/cloud/session pkg/cost pkg/fault pkg/lake pkg/pipeline pkg/query", "one service, one engine"},
		"pkg/cloud/beaconlog": {"pkg/cloud/session", "one service, one engine"},
		"pkg/cloud/bucket":    {"pkg/cloud/session pkg/fault pkg/pipeline", "one service, one engine"},
		"pkg/cloud/catalog":   {"pkg/cloud/session pkg/fault pkg/lake pkg/pipeline", "one service, one engine"},
		"pkg/cloud/policy":    {"pkg/fault", "a document for IAM; it calls nobody"},
		"pkg/cloud/presence":  {"pkg/cloud/session", "asks whether a thing is there, whatever it is"},
		"pkg/cloud/stack":     {"pkg/cloud/session pkg/cloud/template pkg/fault pkg/pipeline", "one service, one engine"},
		"pkg/cloud/stream":    {"pkg/cloud/session pkg/fault pkg/pipeline", "one service, one engine"},

		"pkg/awsfake": {
			`pkg/awsfake/athena pkg/awsfake/athena/duckdb pkg/awsfake/cloudformation pkg/awsfake/compute pkg/awsfake/firehose pkg/awsfake/glue pkg/awsfake/identity
			pkg/awsfake/observe pkg/awsfake/s3 pkg/awsfake/scheduler pkg/awsfake/secrets pkg/awsfake/wire`,
			"one account of AWS for tests, composed of its services",
		},
		"pkg/awsfake/athena": {"pkg/awsfake/athena/lexer pkg/awsfake/glue pkg/awsfake/s3 pkg/awsfake/wire pkg/query", "the service without an engine"},
		"pkg/awsfake/athena/duckdb": {
			"pkg/awsfake/athena pkg/awsfake/athena/lexer pkg/awsfake/glue pkg/awsfake/wire pkg/event pkg/fault pkg/lake pkg/local/duck pkg/query pkg/query/dialect",
			"answers with the local engine",
		},
		"pkg/awsfake/athena/lexer":            {"", "words of a statement"},
		"pkg/awsfake/athena/remote":           {"pkg/awsfake/athena pkg/awsfake/glue pkg/awsfake/wire", "catalog and store of any endpoint"},
		"pkg/awsfake/athena/trino":            {"pkg/awsfake/athena pkg/query", "answers with Athena's own family"},
		"pkg/awsfake/rigs":                    {"pkg/awsfake/athena/trino pkg/event pkg/query", "starts what other people wrote"},
		"pkg/awsfake/cloudformation":          {"pkg/awsfake/cloudformation/template pkg/awsfake/wire", "makes resources through an interface"},
		"pkg/awsfake/cloudformation/template": {"", "a second reader of templates: a mistake of the first must show"},
		"pkg/awsfake/compute":                 {"pkg/awsfake/wire pkg/beacon pkg/event pkg/privacy pkg/spec", "runs the beacon as Lambda would"},
		"pkg/awsfake/firehose":                {"pkg/awsfake/glue pkg/awsfake/s3 pkg/awsfake/wire pkg/event pkg/local/duck pkg/reject", "converts with the local engine"},
		"pkg/awsfake/glue":                    {"pkg/awsfake/wire", "one service of the fake"},
		"pkg/awsfake/identity":                {"pkg/awsfake/wire", "one service of the fake"},
		"pkg/awsfake/observe":                 {"pkg/awsfake/wire", "one service of the fake"},
		"pkg/awsfake/s3":                      {"pkg/awsfake/wire", "one service of the fake"},
		"pkg/awsfake/scheduler":               {"pkg/awsfake/wire", "one service of the fake"},
		"pkg/awsfake/secrets":                 {"pkg/awsfake/wire", "one service of the fake"},
		"pkg/awsfake/wire":                    {"", "clock, errors and encodings that the services share"},
	}
}

// kept says which module outside the standard library stays in which rooms.
func kept() []struct{ path, rooms, why string } {
	return []struct{ path, rooms, why string }{
		{"github.com/duckdb/", "pkg/local/duck", "DuckDB needs cgo: one package can be built without"},
		{"github.com/charmbracelet/", "pkg/ui", "only the interface for people knows colours"},
		{"github.com/muesli/termenv", "pkg/ui", "only the interface for people knows terminals"},
		{"golang.org/x/sys", "pkg/ui", "only the interface for people looks whether a pipe has a reader"},
		{"golang.org/x/term", "pkg/ui", "only the interface for people knows terminals"},
		{"github.com/mattn/go-runewidth", "pkg/ui pkg/local/duck pkg/report/html", "cells of a line, columns of an SQL error, and room for a chart's labels"},
		{"github.com/go-analyze/charts", "pkg/report/html", "draws SVG; it brings a font to measure with, which is 2.8 MB"},
		{"github.com/dustin/go-humanize", "pkg/report pkg/ui", "commas between thousands"},
		{"github.com/spf13/", "cmd", "the command line is one package's matter"},
		{"go.yaml.in/yaml/v3", "pkg/config pkg/spec/specfile pkg/cloud/template pkg/awsfake/cloudformation/template", "settings and templates are the two kinds of YAML"},
		{"github.com/gofrs/flock", "pkg/local", "locks belong to the directory of a stack"},
		{"github.com/google/uuid", "pkg/local pkg/cloud/athena", "the beacon is given its ids; Athena wants one for each question"},
		{"golang.org/x/sync/", "pkg/local pkg/cloud pkg/cloud/bucket pkg/cloud/catalog pkg/cloud/athena", "bounded work at once"},
		{"golang.org/x/net/netutil", "pkg/local/server", "the connection cap"},
		{"golang.org/x/time/rate", "pkg/local/server pkg/traffic", "limits and paces"},
		{
			"github.com/aws/",
			`embed/beacon pkg/cloud pkg/cloud/athena pkg/cloud/beaconlog pkg/cloud/bucket pkg/cloud/catalog pkg/cloud/presence pkg/cloud/session pkg/cloud/stack
			pkg/cloud/stream pkg/awsfake pkg/awsfake/athena/remote pkg/awsfake/observe`,
			"the function and the AWS target; the fake takes an encoding of theirs",
		},
		{"mvdan.cc/sh/v3", "pkg/sample", "quotes of a shell, as browsers write them when they copy a request"},
		{"github.com/mileusna/useragent", "pkg/classify", "browsers and systems by user agent; small enough for the function"},
		{"github.com/rogpeppe/go-internal", "", "tests only"},
		{"github.com/x-way/crawlerdetect", "", "tests only"},
		{"github.com/chromedp/", "", "tests only"},
		{"golang.org/x/net/html", "", "tests only"},
	}
}
