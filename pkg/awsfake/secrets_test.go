package awsfake_test

import (
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"

	"pixelctl/pkg/awsfake"
	"pixelctl/pkg/awsfake/secrets"
)

// Secrets Manager is reached as every service is, and what is there counts as
// left.
func TestSecrets(t *testing.T) {
	f := awsfake.Start(t)
	arn, err := f.Secrets.Create(secrets.Secret{Name: "keys", SecretString: "one"})
	if err != nil {
		t.Fatal(err)
	}
	ask := func(operation, body string) map[string]any {
		t.Helper()
		r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, f.URL(), strings.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("X-Amz-Target", "secretsmanager."+operation)
		r.Header.Set("Authorization", "AWS4-HMAC-SHA256 Credential=AKID/20260705/us-east-1/secretsmanager/aws4_request, SignedHeaders=host, Signature=0")
		resp, err := f.Client().Do(r)
		if err != nil {
			t.Fatal(err)
		}
		defer resp.Body.Close()
		raw, err := io.ReadAll(resp.Body)
		if err != nil {
			t.Fatal(err)
		}
		out := map[string]any{}
		if err := json.Unmarshal(raw, &out); err != nil {
			t.Fatalf("%s: %v", raw, err)
		}
		return out
	}
	if out := ask("GetSecretValue", `{"SecretId":"`+arn+`"}`); out["SecretString"] != "one" || out["ARN"] != arn {
		t.Errorf("%v", out)
	}
	if out := ask("GetSecretValue", `{"SecretId":"other"}`); out["__type"] != "ResourceNotFoundException" {
		t.Errorf("%v", out)
	}
	if left := strings.Join(f.Left(), "\n"); !strings.Contains(left, "AWS::SecretsManager::Secret "+arn) {
		t.Errorf("left %s", left)
	}
}
