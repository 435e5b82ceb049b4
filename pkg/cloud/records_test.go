package cloud_test

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"pixelctl/pkg/cloud"
	"pixelctl/pkg/event"
	"pixelctl/pkg/fault"
	"pixelctl/pkg/pipeline"
	"pixelctl/pkg/spec"
)

func ofQuery(name string, kind event.Type) spec.Field {
	return spec.Field{Name: name, Type: kind, Sources: []spec.Source{{Kind: spec.FromQuery, Names: []string{name}}}}
}

// deploySpec deploys with a spec.
func (a *account) deploySpec(s spec.Spec) pipeline.Deployment {
	a.Helper()
	d, err := a.target().Deploy(a.Context(), pipeline.DeployOptions{Spec: &s}, nil)
	if err != nil {
		a.Fatalf("deploy: %v", err)
	}
	return d
}

// columns are those of the stack's table in Glue, behind the built-in ones.
func (a *account) columns() []string {
	a.Helper()
	table, err := a.fake.Glue.Table(stackName, "tp_hits")
	if err != nil {
		a.Fatal(err)
	}
	var own []string
	for _, c := range table.StorageDescriptor.Columns[len(event.Schema{}.Columns()):] {
		own = append(own, c.Name+" "+c.Type)
	}
	return own
}

// Fields reach the table, and are kept by a deploy that names no spec, by one
// of another version, and by one that no longer has them.
func TestDeployTakesASpec(t *testing.T) {
	t.Parallel()
	a := newSmall(t)
	room, nights := ofQuery("room", event.String), ofQuery("nights", event.Int)
	room.Description = "room: as {the} \"page\" says, # ${Database}"
	want := spec.Spec{Fields: []spec.Field{room}, Sites: []string{"hotel"}}
	d := a.deploySpec(want)
	if d.Action != pipeline.Created || len(d.Fields) != 2 || d.Fields[0].Action != "add" || d.Fields[0].Name != "room" {
		t.Errorf("%+v", d)
	}
	if got := a.columns(); !slices.Equal(got, []string{"room string"}) {
		t.Errorf("columns %q", got)
	}
	got, err := a.target().Kept(t.Context())
	if err != nil || !reflect.DeepEqual(got.Spec, want) {
		t.Errorf("spec %+v, %v", got.Spec, err)
	}
	for name, deploy := range map[string]func() pipeline.Deployment{"the same spec": func() pipeline.Deployment { return a.deploySpec(want) }, "no spec": a.deploy} {
		if d := deploy(); d.Action != pipeline.Unchanged || len(d.Fields)+len(d.Changes)+len(d.Resources) > 0 {
			t.Errorf("%s: %+v", name, d)
		}
	}
	d = a.deploySpec(spec.Spec{Fields: []spec.Field{nights}})
	var actions []string
	for _, c := range d.Fields {
		actions = append(actions, c.Action+" "+c.Name)
	}
	if d.Action != pipeline.Updated || !slices.Contains(actions, "retire room") || !slices.Contains(actions, "add nights") {
		t.Errorf("%s: %q", d.Action, actions)
	}
	if got := a.columns(); !slices.Equal(got, []string{"room string", "nights int"}) {
		t.Errorf("columns %q", got)
	}
	a.zip, a.version = smallZip(t, "newer"), "2.0.0"
	if d := a.deploy(); d.Action != pipeline.Updated || len(d.Fields) > 0 || len(a.columns()) != 2 {
		t.Errorf("a new release: %+v, %q", d, a.columns())
	}
	if k, err := a.target().Kept(t.Context()); err != nil || len(k.Spec.Fields) != 2 || !k.Spec.Fields[0].Retired {
		t.Errorf("spec %+v, %v", k.Spec, err)
	}
}

// A dry run says what becomes of fields and changes none.
func TestDeployPlansFields(t *testing.T) {
	t.Parallel()
	a := newSmall(t)
	s := spec.Spec{Fields: []spec.Field{ofQuery("room", event.String)}}
	for _, deployed := range []bool{false, true} {
		if deployed {
			a.deploy()
		}
		before := a.fake.Left()
		d, err := a.target().Deploy(t.Context(), pipeline.DeployOptions{Spec: &s, DryRun: true}, nil)
		if err != nil || len(d.Fields) != 1 || len(d.Resources) == 0 || len(d.Calls) == 0 {
			t.Errorf("%+v, %v", d, err)
		}
		if deployed && !slices.ContainsFunc(d.Resources, func(r pipeline.ResourceChange) bool { return r.ID == "Table" && r.Action == "Modify" }) {
			t.Errorf("the table is not among %+v", d.Resources)
		}
		if !slices.Equal(a.fake.Left(), before) {
			t.Errorf("left %q", a.fake.Left())
		}
	}
}

// What no stack can record is refused before anything changes, what is wrong in
// itself before the first call.
func TestDeployRefusesASpec(t *testing.T) {
	t.Parallel()
	a := newSmall(t)
	a.deploySpec(spec.Spec{Fields: []spec.Field{ofQuery("room", event.String)}})
	renamed := ofQuery("room", event.String)
	renamed.Name = "chamber"
	for name, c := range map[string]struct {
		spec  spec.Spec
		calls bool
	}{
		"retype":   {spec.Spec{Fields: []spec.Field{ofQuery("room", event.Int)}}, true},
		"rename":   {spec.Spec{Fields: []spec.Field{renamed}}, true},
		"name":     {spec.Spec{Fields: []spec.Field{ofQuery("event_id", event.String)}}, false},
		"mode":     {spec.Spec{Privacy: spec.Privacy{IP: "some"}}, false},
		"conflict": {spec.Spec{Privacy: spec.Privacy{RetentionDays: new(30)}}, false},
	} {
		a.want.RetentionDays = nil
		if name == "conflict" {
			a.want.RetentionDays = new(31)
		}
		p, before, left := a.target(), len(a.fake.Calls()), a.fake.Left()
		_, err := p.Deploy(t.Context(), pipeline.DeployOptions{Spec: &c.spec}, nil)
		if fault.KindOf(err) != fault.Usage || fault.HintOf(err) == "" {
			t.Errorf("%s: %v", name, err)
		}
		for _, call := range a.fake.Calls()[before:] {
			if !c.calls || !strings.HasPrefix(call.Operation, "Describe") && !strings.HasPrefix(call.Operation, "Get") {
				t.Errorf("%s: called %s", name, call.Operation)
			}
		}
		if !slices.Equal(left, a.fake.Left()) || !slices.Equal(a.columns(), []string{"room string"}) {
			t.Errorf("%s: something changed", name)
		}
	}
}

// The spec's retention is the stack's, the same flag beside it does no harm.
func TestSpecSetsRetention(t *testing.T) {
	t.Parallel()
	a := newSmall(t)
	s := spec.Spec{Privacy: spec.Privacy{RetentionDays: new(30)}}
	a.deploySpec(s)
	a.want.RetentionDays = new(30)
	if d := a.deploySpec(s); d.Action != pipeline.Unchanged {
		t.Errorf("%+v", d)
	}
	a.want.RetentionDays = new(90)
	if _, err := a.target().Deploy(t.Context(), pipeline.DeployOptions{}, nil); fault.KindOf(err) != fault.Usage {
		t.Errorf("a flag against the deployed spec: %v", err)
	}
	a.want.RetentionDays = nil
	d := a.deploySpec(spec.Spec{Privacy: spec.Privacy{RetentionDays: new(0)}})
	if !slices.Contains(d.Changes, pipeline.Change{Name: "retention", From: "30 days", To: "never"}) {
		t.Errorf("%+v", d.Changes)
	}
}

// The secret comes with the first mode that needs it and goes with the last.
func TestSecretFollowsTheSpec(t *testing.T) {
	t.Parallel()
	a := newAccount(t)
	a.deploySpec(spec.Spec{})
	if got := a.fake.Secrets.Secrets(); len(got) != 0 {
		t.Fatalf("secrets %q", got)
	}
	d := a.deploySpec(spec.Spec{Privacy: spec.Privacy{IP: spec.Hash}})
	if got := a.fake.Secrets.Secrets(); len(got) != 1 || !slices.Contains(d.Changes, pipeline.Change{Name: "secret", From: "off", To: "on"}) {
		t.Fatalf("secrets %q, %+v", got, d.Changes)
	}
	a.hit(d.Endpoint)
	if err := a.settle(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got := a.column("SELECT ip_mode FROM tp_hits"); !slices.Equal(got, []string{"hashed"}) {
		t.Errorf("modes %q", got)
	}
	d = a.deploySpec(spec.Spec{})
	if got := a.fake.Secrets.Secrets(); len(got) != 0 || !slices.ContainsFunc(d.Resources, func(r pipeline.ResourceChange) bool { return r.ID == "PixelKeys" && r.Destroys != "" }) {
		t.Errorf("secrets %q, %+v", got, d.Resources)
	}
	a.deploySpec(spec.Spec{Privacy: spec.Privacy{NetworkCookie: true}})
	r, err := a.target().Destroy(t.Context(), pipeline.DestroyOptions{}, nil)
	if err != nil {
		t.Fatal(err)
	}
	if !slices.ContainsFunc(r.Items, func(i pipeline.Item) bool { return i.Kind == "AWS::SecretsManager::Secret" && i.Gone }) {
		t.Errorf("the secret is not proven gone: %+v", r.Items)
	}
	a.isEmpty()
}

// Rows of two generations stand in one table. An hour that was registered before
// a column came shows it, too.
func TestGenerationsInOneQuery(t *testing.T) {
	t.Parallel()
	for _, format := range []string{"parquet", "json"} {
		t.Run(format, func(t *testing.T) {
			t.Parallel()
			a := newAccount(t)
			a.want = cloud.Patch{Format: &format}
			endpoint := a.deploySpec(spec.Spec{}).Endpoint
			a.hit(endpoint)
			if err := a.settle(t.Context()); err != nil {
				t.Fatal(err)
			}
			a.column("SELECT event FROM tp_hits") // registers the hour
			a.deploySpec(spec.Spec{Fields: []spec.Field{ofQuery("room", event.String), ofQuery("arrival", event.Date)}})
			a.get(endpoint + "/p.gif?room=12&arrival=2026-08-01&x=")
			if err := a.settle(t.Context()); err != nil {
				t.Fatal(err)
			}
			for _, table := range []string{"tp_hits", "hits"} {
				got := a.column("SELECT coalesce(room, '-') || ' ' || coalesce(CAST(arrival AS varchar), '-') FROM " + table + " ORDER BY received_at")
				if !slices.Equal(got, []string{"- -", "12 2026-08-01"}) {
					t.Errorf("%s: %q", table, got)
				}
			}
			for _, p := range a.fake.Glue.Partitions(stackName, "tp_hits") {
				if n := len(p.StorageDescriptor.Columns); n != len(event.Schema{}.Columns())+2 {
					t.Errorf("hour %v has %d columns", p.Values, n)
				}
			}
		})
	}
}

// A template that no request carries goes by way of the artifact bucket, and is
// swept from there.
func TestLargeTemplate(t *testing.T) {
	t.Parallel()
	a := newSmall(t)
	var s spec.Spec
	for i := range event.MaxFields {
		f := ofQuery(fmt.Sprintf("a_field_of_the_hotel_%02d", i), event.String)
		f.Description = strings.Repeat("what a guest chose; ", 10)
		s.Fields = append(s.Fields, f)
	}
	if d, err := a.target().Deploy(t.Context(), pipeline.DeployOptions{Spec: &s, DryRun: true}, nil); err != nil || len(d.Resources) == 0 {
		t.Errorf("plan of a new stack: %+v, %v", d, err)
	}
	a.deploySpec(s)
	templates := func() (n int) {
		for _, b := range a.fake.S3.Buckets() {
			n += len(a.fake.S3.List(b, "template/"))
		}
		return n
	}
	if len(a.columns()) != event.MaxFields || templates() != 0 {
		t.Errorf("%d columns, %d templates left", len(a.columns()), templates())
	}
	s.Fields[0].Description = "another"
	if d, err := a.target().Deploy(t.Context(), pipeline.DeployOptions{Spec: &s, DryRun: true}, nil); err != nil || len(d.Resources) == 0 || templates() != 0 {
		t.Errorf("plan: %+v, %v, %d templates left", d, err, templates())
	}
	if d := a.deploySpec(s); d.Action != pipeline.Updated || templates() != 0 {
		t.Errorf("%+v, %d templates left", d, templates())
	}
	a.fake.Clock().Advance(time.Minute)
	if _, err := a.target().Destroy(t.Context(), pipeline.DestroyOptions{KeepData: true}, nil); err != nil {
		t.Fatalf("destroy --keep-data: %v", err)
	}
	if len(a.columns()) != event.MaxFields {
		t.Error("the kept table lost its columns")
	}
	if err := destroyAll(t.Context(), a.target()); err != nil {
		t.Fatal(err)
	}
	a.isEmpty()
}
