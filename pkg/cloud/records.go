package cloud

import (
	"context"
	"strconv"

	"pixelctl/pkg/cloud/artifact"
	"pixelctl/pkg/cloud/template"
	"pixelctl/pkg/fault"
	"pixelctl/pkg/spec"
)

// records is what a deploy makes of what records hold: one spec, the zip that
// carries it, and the template whose table has its columns.
type records struct {
	spec     spec.Spec
	fields   []spec.Change // from what is deployed
	zip      []byte
	key      string // of the zip
	template []byte
}

// maxArtifact is the size in bytes of the largest zip that Lambda takes.
const maxArtifact = 50 << 20

// deployedSpec reads the spec in the zip that is deployed. This program's own
// zip, as it is, has none.
func (t *Target) deployedSpec(ctx context.Context, d *deployed) (spec.Spec, error) {
	key := d.parameter(paramArtifact)
	if key == "" || d.artifacts == "" || key == artifactKey(artifact.Digest(t.o.Zip)) {
		return spec.Spec{}, nil
	}
	body, err := t.bucket.Read(ctx, d.artifacts, key, maxArtifact)
	if err != nil {
		return spec.Spec{}, fault.New(fault.KindOf(err), "read the spec of stack %s: %w", t.o.Stack, err).
			WithHint("%s", hintOr(err, "without it nobody knows which columns the table has: restore the object from its versions"))
	}
	s, err := artifact.Spec(body)
	if err != nil {
		return spec.Spec{}, fault.New(fault.Failed, "read the spec of stack %s: %w", t.o.Stack, err).
			WithHint("use the release of pixelctl that deployed it: %s", d.parameter(paramVersion))
	}
	return s, nil
}

// records says what the records of a stack become; nothing is changed yet.
func (t *Target) records(ctx context.Context, have *deployed, wanted *spec.Spec) (records, error) {
	r := records{}
	before := spec.Spec{}
	if have != nil {
		if same, err := t.carries(have, wanted); err != nil {
			return r, err
		} else if same {
			before = *wanted
		} else if before, err = t.deployedSpec(ctx, have); err != nil {
			return r, err
		}
	}
	r.spec = before
	var err error
	if wanted != nil {
		if r.spec, r.fields, err = spec.Evolve(before, *wanted); err != nil {
			return r, err
		}
	}
	if r.zip, err = artifact.With(t.o.Zip, r.spec); err != nil {
		return r, err
	}
	r.key = artifactKey(artifact.Digest(r.zip))
	r.template, err = template.Render(t.o.Template, r.spec.Schema())
	return r, err
}

// carries tells, without a call, that the deployed zip is this program's with
// just this spec.
func (t *Target) carries(have *deployed, wanted *spec.Spec) (bool, error) {
	if wanted == nil {
		return false, nil
	}
	zip, err := artifact.With(t.o.Zip, *wanted)
	return err == nil && have.parameter(paramArtifact) == artifactKey(artifact.Digest(zip)), err
}

// settings are the parameters that follow from the records.
func (r records) settings(flag *int) (map[string]string, error) {
	v := map[string]string{paramArtifact: r.key, paramSecret: secretOff}
	if r.spec.Privacy.NeedsSecret() {
		v[paramSecret] = secretOn
	}
	days, err := r.spec.Privacy.Retention(flag)
	if err == nil && days != nil {
		v[paramRetention] = strconv.Itoa(*days)
	}
	return v, err
}

// alignHours makes the hours that may still get files show the table's columns.
// Only own columns come later than their hours.
func (t *Target) alignHours(ctx context.Context, c *change) error {
	if len(c.records.spec.Fields) == 0 || c.have == nil || c.have.database == "" || c.input.Parameters[paramPartitions] == byProjection {
		return nil
	}
	_, err := c.have.catalog.Align(ctx)
	return err
}
