package secrets_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"

	"pixelctl/pkg/awsfake/secrets"
	"pixelctl/pkg/awsfake/wire"
)

// rig is the service with one secret, as a template makes it.
type rig struct {
	*testing.T
	*secrets.Server
	clock *wire.Clock
	arn   string
}

func newRig(t *testing.T) rig {
	t.Helper()
	clock := wire.NewClock(time.Date(2026, 7, 5, 9, 0, 0, 0, time.UTC))
	drawn := 0
	s := secrets.New(clock, "123456789012", "us-east-1", func(chars string, n int) string {
		drawn++
		return strings.Repeat(chars[drawn%len(chars):][:1], n)
	})
	arn, err := s.Create(secrets.Secret{Name: "keys", GenerateSecretString: &secrets.Generate{
		SecretStringTemplate: `{"day":0}`, GenerateStringKey: "key", PasswordLength: 64, ExcludePunctuation: true,
	}})
	if err != nil {
		t.Fatal(err)
	}
	return rig{t, s, clock, arn}
}

// ask runs an operation and gives its answer, or the code of its error.
func (r rig) ask(operation string, in map[string]any) (map[string]any, string) {
	r.Helper()
	body, err := json.Marshal(in)
	if err != nil {
		r.Fatal(err)
	}
	out, err := r.Operations()[operation](r.Context(), body)
	if err != nil {
		return nil, wire.AsError(err).Code
	}
	raw, err := json.Marshal(out)
	if err != nil {
		r.Fatal(err)
	}
	answer := map[string]any{}
	if err := json.Unmarshal(raw, &answer); err != nil {
		r.Fatal(err)
	}
	return answer, ""
}

func (r rig) put(token, value string) string {
	r.Helper()
	_, code := r.ask("PutSecretValue", map[string]any{"SecretId": r.arn, "ClientRequestToken": strings.Repeat(token, 32), "SecretString": value})
	return code
}

// read gives the value at a stage, or the code of the error.
func (r rig) read(stage string) string {
	r.Helper()
	out, code := r.ask("GetSecretValue", map[string]any{"SecretId": r.arn, "VersionStage": stage})
	if code != "" {
		return code
	}
	text, ok := out["SecretString"].(string)
	if !ok {
		r.Errorf("%v", out)
	}
	return text
}

func TestGenerated(t *testing.T) {
	r := newRig(t)
	var value struct {
		Day int
		Key string
	}
	if err := json.Unmarshal([]byte(r.read("")), &value); err != nil || value.Day != 0 || len(value.Key) != 64 {
		t.Errorf("%+v, %v", value, err)
	}
	if !strings.HasPrefix(r.arn, "arn:aws:secretsmanager:us-east-1:123456789012:secret:keys-") {
		t.Errorf("%s", r.arn)
	}
	if _, err := r.Create(secrets.Secret{Name: "keys"}); wire.AsError(err).Code != "ResourceExistsException" {
		t.Errorf("%v", err)
	}
}

// A new version takes the label of the current one, which becomes the previous;
// older ones can still be read by their id, until there are a hundred.
func TestVersions(t *testing.T) {
	r := newRig(t)
	first := r.read("")
	for _, step := range []struct{ token, value, code, current, previous string }{
		{"a", "one", "", "one", first},
		{"b", "two", "", "two", "one"},
		{"b", "two", "", "two", "one"},
		{"b", "other", "ResourceExistsException", "two", "one"},
		{"a", "one", "", "two", "one"},
	} {
		if code := r.put(step.token, step.value); code != step.code {
			t.Errorf("put %+v: %s", step, code)
		}
		if a, b := r.read("AWSCURRENT"), r.read("AWSPREVIOUS"); a != step.current || b != step.previous {
			t.Errorf("after %+v: %s and %s", step, a, b)
		}
	}
	if _, code := r.ask("PutSecretValue", map[string]any{"SecretId": r.arn, "ClientRequestToken": "short", "SecretString": "x"}); code != "InvalidParameterException" {
		t.Errorf("a short token: %s", code)
	}
	out, code := r.ask("GetSecretValue", map[string]any{"SecretId": "keys", "VersionId": strings.Repeat("a", 32)})
	if code != "" || out["SecretString"] != "one" {
		t.Errorf("%v, %s", out, code)
	}
	for i := range 120 {
		r.clock.Advance(24 * time.Hour)
		if code := r.put(string(rune('a'+i%26))+string(rune('a'+i/26)), "v"); code != "" {
			t.Fatal(code)
		}
	}
	left, err := r.Versions(r.arn)
	if err != nil || len(left) > 101 || slices.Contains(left, first) {
		t.Errorf("%d versions, %v", len(left), err)
	}
}

func TestDeleted(t *testing.T) {
	r := newRig(t)
	if _, code := r.ask("DeleteSecret", map[string]any{"SecretId": r.arn}); code != "" {
		t.Fatal(code)
	}
	if code := r.read(""); code != "InvalidRequestException" {
		t.Errorf("read: %s", code)
	}
	if out, code := r.ask("DescribeSecret", map[string]any{"SecretId": r.arn}); code != "" || out["DeletedDate"] == nil || out["Name"] != "keys" {
		t.Errorf("%v, %s", out, code)
	}
	if _, code := r.ask("DeleteSecret", map[string]any{"SecretId": r.arn, "ForceDeleteWithoutRecovery": true}); code != "" {
		t.Fatal(code)
	}
	for _, operation := range []string{"DescribeSecret", "GetSecretValue", "PutSecretValue", "DeleteSecret"} {
		if _, code := r.ask(operation, map[string]any{"SecretId": r.arn}); code != "ResourceNotFoundException" {
			t.Errorf("%s: %s", operation, code)
		}
	}
	if len(r.Secrets()) > 0 || r.Delete(r.arn) == nil || r.Update(r.arn, secrets.Secret{}) == nil {
		t.Errorf("left %v", r.Secrets())
	}
}
