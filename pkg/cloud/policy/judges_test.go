package policy

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

func judge(t *testing.T, args ...string) ([]byte, error) {
	t.Helper()
	if os.Getenv("PIXELCTL_RIGS") != "1" {
		t.Skip("PIXELCTL_RIGS=1 runs the judges of policies")
	}
	cmd := exec.CommandContext(t.Context(), "bash", append([]string{"../../../.ci/rigs/judges/policies"}, args...)...)
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		err = fmt.Errorf("%w: %s", err, stderr.String())
	}
	return out, err
}

// written are the files of all documents of some scopes.
func written(t *testing.T, scopes ...Scope) []string {
	t.Helper()
	dir := t.TempDir()
	var files []string
	for i, s := range scopes {
		for _, task := range Tasks() {
			for j, d := range documents(t, task, s) {
				body, err := json.Marshal(d)
				if err != nil {
					t.Fatal(err)
				}
				name := filepath.Join(dir, fmt.Sprintf("%s-%d-%d.json", task, i, j))
				if err := os.WriteFile(name, body, 0o600); err != nil {
					t.Fatal(err)
				}
				files = append(files, name)
			}
		}
	}
	return files
}

// TestParliament has parliament judge every document.
func TestParliament(t *testing.T) {
	role, kept := here, here
	role.Role, kept.Kept = "arn:aws:iam::111122223333:role/deployers/pixel", true
	files := written(t, here, role, kept)
	out, err := judge(t, append([]string{"documents"}, files...)...)
	t.Logf("%s", out)
	if err != nil {
		t.Error(err)
	}
}

// TestParliamentFinds breaks a document: a judge that reads nothing would be
// content with anything.
func TestParliamentFinds(t *testing.T) {
	files := written(t, here)
	for _, file := range files {
		body, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		body = bytes.ReplaceAll(body, []byte("glue:GetTable"), []byte("glue:GetTabel"))
		body = bytes.ReplaceAll(body, []byte(":workgroup/"), []byte(":workgruop/"))
		if err := os.WriteFile(file, body, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	out, err := judge(t, append([]string{"documents"}, files...)...)
	if err == nil || !strings.Contains(string(out), "UNKNOWN_ACTION ['glue:GetTabel']") || !strings.Contains(string(out), "RESOURCE_MISMATCH ['athena:") {
		t.Errorf("%s%v", out, err)
	}
}

// leftOut are permissions of handlers that the policies do without, by patterns,
// and why. What the list handler alone needs is left out for that reason.
var leftOut = map[string]map[string]string{
	"*": {
		"kms:*":                       "no key of the account's own is used",
		"lakeformation:CreateTable":   "no action of IAM",
		"lakeformation:GetDataAccess": "Lake Formation does not govern the database",
	},
	"AWS::ApiGatewayV2::Api":         {"s3:getObject": "for a definition in S3; the template names its routes"},
	"AWS::ApiGatewayV2::Integration": {"iam:PassRole": "the function is called by its own permission, without a role"},
	"AWS::Athena::WorkGroup": {
		"iam:*": "for Spark and Identity Center", "s3:*": "for Spark; a workgroup of SQL looks at its bucket when it is queried",
	},
	"AWS::Glue::Database": {
		"glue:*Connection": "for a database that another account or system holds",
	},
	"AWS::Glue::Table": {
		"glue:GetSchemaVersion": "the schema stands in the template, not in a registry",
		"glue:PassConnection":   "as for the database",
		"iam:PassRole":          "for tables that Glue optimizes",
		"s3:*":                  "for Iceberg's metadata",
	},
	"AWS::IAM::Role": {
		"iam:*achRolePolicy":           "no policy is attached; they stand in the role",
		"iam:*RolePermissionsBoundary": "there is none",
		"iam:UpdateRoleDescription":    "iam:UpdateRole took its place",
	},
	"AWS::KinesisFirehose::DeliveryStream": {
		"firehose:*DeliveryStreamEncryption": "it is encrypted when it is made and stays so",
		"iam:GetRole":                        "in the role's own handlers",
	},
	"AWS::Lambda::Function": {
		"ec2:*": "no VPC", "elasticfilesystem:*": "no file system", "s3files:*": "no file system",
		"lambda:*CodeSigningConfig": "code is not signed; reading that it is not is allowed", "lambda:*FunctionConcurrency": "none is reserved",
		"lambda:AssociateRuntimeAlias": "no alias", "lambda:GetLayerVersion": "no layers", "lambda:PassCapacityProvider": "no instances",
		"lambda:PublishVersion": "no versions", "lambda:Put*Config": "none is set", "s3:GetObjectVersion": "the digest in the key is the version",
	},
	"AWS::Logs::LogGroup": {
		"firehose:*": "groups are not delivered", "logs:*BearerTokenAuthentication": "none", "logs:*DataProtectionPolicy": "no policy",
		"logs:*IndexPolicy": "no policy", "logs:*KmsKey": "no key", "logs:CreateLogDelivery": "in the stage's handlers",
		"logs:*ResourcePolicy": "in the stage's handlers", "logs:PutLogGroupDeletionProtection": "none", "s3:REST.PUT.OBJECT": "no action of IAM",
	},
	"AWS::SecretsManager::Secret": {
		"secretsmanager:*Replic*": "the secret is in one region",
	},
	"AWS::S3::Bucket": {
		"iam:PassRole": "no replication", "s3tables:*": "no tables", "s3:*Metadata*": "none", "s3:*Abac": "not set; reading it is allowed", "s3:*Cors": "none",
		"s3:*CORS": "none", "s3:*Website": "none", "s3:*Replication*": "none", "s3:*Analytics*": "none", "s3:*Metrics*": "none",
		"s3:*IntelligentTiering*": "none", "s3:*Inventory*": "none", "s3:*Acl": "owners are enforced", "s3:*ObjectLock*": "none",
		"s3:DeleteBucketEncryption": "it stays", "s3:DeleteBucketLifecycle": "it stays", "s3:DeleteObject": "this program empties",
		"s3:PutAccelerateConfiguration": "none", "s3:PutBucketLogging": "none", "s3:PutBucketNotification": "none",
	},
}

// added are permissions that no handler names, and who says so.
var added = map[string]map[string]string{
	"AWS::ApiGatewayV2::Stage": {
		"apigateway:PUT":         "tags, by the manual on controlling access to tags",
		"logs:CreateLogDelivery": "manual, HTTP API logging", "logs:DeleteLogDelivery": "the same", "logs:DescribeLogGroups": "the same",
		"logs:DescribeResourcePolicies": "the same", "logs:GetLogDelivery": "the same", "logs:ListLogDeliveries": "the same",
		"logs:PutResourcePolicy": "the same", "logs:UpdateLogDelivery": "the same",
	},
}

// TestHandlers compares the table of handlers with the schemas, both ways.
func TestHandlers(t *testing.T) {
	table := handlers()
	out, err := judge(t, append([]string{"handlers"}, slices.Sorted(maps.Keys(table))...)...)
	if err != nil {
		t.Fatal(err)
	}
	var schemas map[string]map[string][]string
	if err := json.Unmarshal(out, &schemas); err != nil {
		t.Fatal(err)
	}
	used := map[string]bool{}
	for kind, h := range table {
		schema := schemas[kind]
		all := slices.Concat(schema["create"], schema["read"], schema["update"], schema["delete"])
		removing := slices.Concat(schema["delete"], schema["read"])
		for _, g := range h.all() {
			needed := slices.ContainsFunc(all, func(p string) bool { return match(g.action, p) })
			if needed == (added[kind][g.action] != "") {
				t.Errorf("%s: a handler needs %s: %v; added as: %q", kind, g.action, needed, added[kind][g.action])
			}
		}
		for _, g := range h.remove {
			if !slices.Contains(removing, g.action) && added[kind][g.action] == "" {
				t.Errorf("%s: deletion does not need %s", kind, g.action)
			}
		}
		for _, permission := range all {
			if slices.ContainsFunc(h.all(), func(g grant) bool { return match(g.action, permission) }) {
				continue
			}
			if !excused(kind, permission, used) {
				t.Errorf("%s: a handler needs %s", kind, permission)
			}
		}
	}
	for kind, patterns := range leftOut {
		for pattern, why := range patterns {
			if !used[kind+" "+pattern] {
				t.Errorf("%s: no handler needs %s, left out because: %s", kind, pattern, why)
			}
		}
	}
}

// excused looks a permission up among what is left out.
func excused(kind, permission string, used map[string]bool) (found bool) {
	for _, k := range []string{kind, "*"} {
		for pattern := range leftOut[k] {
			if ok, err := path.Match(pattern, permission); err == nil && ok {
				used[k+" "+pattern], found = true, true
			}
		}
	}
	return found
}
