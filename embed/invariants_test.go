package embed

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"pixelctl/pkg/cloud/template"
)

// TestTemplateFits holds what travels of the template, which is all but its
// comments, under what CloudFormation takes without a bucket, with room for
// some fields.
func TestTemplateFits(t *testing.T) {
	const room = 2_000 // bytes
	if body, err := template.Compact(Template()); err != nil || len(body) > template.MaxBody-room {
		t.Errorf("the template has %d bytes, %v", len(body), err)
	}
	if got := text(t, parse(t), "Metadata", "Generator"); got != "pixelctl" {
		t.Errorf("generator %q: a stack of ours is known by it", got)
	}
}

// TestTemplateNames holds what commands ask for by name.
func TestTemplateNames(t *testing.T) {
	for section, want := range map[string][]string{
		"Parameters": {
			"ArtifactKey", "BufferSeconds", "ColdAfterDays", "CrawlSchedule", "DatabaseName", "Format", "Front", "Intake",
			"Keys", "Partitions", "ProjectionYears", "RetentionDays", "Version",
		},
		"Outputs": {
			"AccessLogGroup", "ApiId", "ArtifactBucket", "BeaconLogGroup", "Crawler", "DataBucket", "Database", "DeliveryLogGroup",
			"DeliveryStream", "Endpoint", "Format", "FunctionName", "Partitions", "ResultsBucket", "Schedule", "Table", "WorkGroup",
		},
	} {
		got := slices.Sorted(maps.Keys(mapping(t, parse(t), section)))
		if !slices.Equal(got, want) {
			t.Errorf("%s: %v, want %v", section, got, want)
		}
	}
}

// TestStateIsNotLostUnsaid wants both policies on everything that holds data.
func TestStateIsNotLostUnsaid(t *testing.T) {
	for _, typ := range []string{
		"AWS::S3::Bucket", "AWS::Logs::LogGroup", "AWS::KinesisFirehose::DeliveryStream",
		"AWS::Glue::Database", "AWS::Glue::Table", "AWS::Athena::WorkGroup", "AWS::SecretsManager::Secret",
	} {
		for id, r := range resources(t, typ) {
			view := at(r, "Properties", "TableInput", "TableType") == "VIRTUAL_VIEW"
			if !view && (r["DeletionPolicy"] == nil || r["UpdateReplacePolicy"] == nil) {
				t.Errorf("%s: DeletionPolicy %v, UpdateReplacePolicy %v", id, r["DeletionPolicy"], r["UpdateReplacePolicy"])
			}
		}
	}
}

// TestTags wants the stack's name on everything that takes tags. Whether a
// type does says its schema (CloudFormation resource specification).
func TestTags(t *testing.T) {
	const list, pairs = "list", "map"
	taggable := map[string]string{
		"AWS::S3::Bucket": list, "AWS::Logs::LogGroup": list, "AWS::IAM::Role": list, "AWS::Lambda::Function": list,
		"AWS::KinesisFirehose::DeliveryStream": list, "AWS::Athena::WorkGroup": list, "AWS::SecretsManager::Secret": list,
		"AWS::ApiGatewayV2::Api": pairs, "AWS::ApiGatewayV2::Stage": pairs, "AWS::Glue::Crawler": pairs,
		"AWS::S3::BucketPolicy": "", "AWS::Logs::LogStream": "", "AWS::Lambda::Permission": "",
		"AWS::ApiGatewayV2::Integration": "", "AWS::ApiGatewayV2::Route": "",
		"AWS::Glue::Database": "", "AWS::Glue::Table": "", "AWS::Scheduler::Schedule": "",
	}
	all := mapping(t, parse(t), "Resources")
	for id := range all {
		typ := text(t, all, id, "Type")
		form, known := taggable[typ]
		if !known {
			t.Errorf("%s: say whether %s takes tags", id, typ)
		}
		tags := at(all, id, "Properties", "Tags")
		value := at(tags, "pixelctl:stack", "Ref")
		if form == list {
			value = nil
			for _, tag := range items(tags) {
				if at(tag, "Key") == "pixelctl:stack" {
					value = at(tag, "Value", "Ref")
				}
			}
		}
		if form != "" && value != "AWS::StackName" {
			t.Errorf("%s: tags %v", id, tags)
		}
	}
}

// TestBuckets wants each bucket private, encrypted, spoken to by TLS only, and
// rid of what nobody asks for any more.
func TestBuckets(t *testing.T) {
	for id, r := range resources(t, "AWS::S3::Bucket") {
		props := mapping(t, r, "Properties")
		if props["BucketEncryption"] == nil {
			t.Errorf("%s is not encrypted", id)
		}
		for _, k := range []string{"BlockPublicAcls", "BlockPublicPolicy", "IgnorePublicAcls", "RestrictPublicBuckets"} {
			if at(props, "PublicAccessBlockConfiguration", k) != true {
				t.Errorf("%s: %s is off", id, k)
			}
		}
		checkLifecycle(t, id, items(at(props, "LifecycleConfiguration", "Rules")))
		checkTLSOnly(t, id)
	}
}

func checkLifecycle(t *testing.T, bucket string, rules []any) {
	t.Helper()
	found := map[string]any{}
	for _, r := range rules {
		if at(r, "Status") != "Enabled" && at(r, "Fn::If") == nil {
			t.Errorf("%s: rule %v is off", bucket, at(r, "Id"))
		}
		if days := at(r, "NoncurrentVersionExpiration", "NoncurrentDays"); days != nil {
			found["noncurrent"] = days
		}
		if days := at(r, "AbortIncompleteMultipartUpload", "DaysAfterInitiation"); days != nil {
			found["multipart"] = days
		}
		if days := at(r, "ExpirationInDays"); days != nil {
			found["expiration"] = days
		}
		if branch := items(at(r, "Fn::If")); len(branch) == 3 {
			found[fmt.Sprint(branch[0])] = branch[1]
		}
	}
	want := map[string]any{"noncurrent": 1, "multipart": 1}
	if bucket == "ResultsBucket" {
		want["expiration"] = 7
	}
	for k, days := range want {
		if found[k] != days {
			t.Errorf("%s: %s after %v days, want %v", bucket, k, found[k], days)
		}
	}
	_, keeps := found["expiration"]
	if bucket != "ResultsBucket" && keeps {
		t.Errorf("%s expires without being asked to", bucket)
	}
	if bucket != "DataBucket" {
		return
	}
	if got := at(found["RowsExpire"], "ExpirationInDays", "Ref"); got != "RetentionDays" {
		t.Errorf("rows expire after %v", got)
	}
	transition := items(at(found["RowsGoCold"], "Transitions"))
	if len(transition) != 1 || at(transition[0], "TransitionInDays", "Ref") != "ColdAfterDays" || at(transition[0], "StorageClass") != "GLACIER_IR" {
		t.Errorf("rows go cold as %v; Athena reads no other Glacier class", transition)
	}
}

func checkTLSOnly(t *testing.T, bucket string) {
	t.Helper()
	policy := properties(t, bucket+"Policy")
	statement := items(at(policy, "PolicyDocument", "Statement"))[0]
	covers := items(at(statement, "Resource"))
	ok := at(policy, "Bucket", "Ref") == bucket && at(statement, "Effect") == "Deny" && at(statement, "Action") == "s3:*" &&
		at(statement, "Condition", "Bool", "aws:SecureTransport") == "false" && len(covers) == 2 &&
		at(covers[0], "Fn::GetAtt") == bucket+".Arn" && at(covers[1], "Fn::Sub") == "${"+bucket+".Arn}/*"
	if !ok {
		t.Errorf("%sPolicy lets plain HTTP through: %v", bucket, statement)
	}
}

// TestNamesAreOfTheStack wants two stacks in one account to live side by side:
// a name that is given holds the stack's, or is a parameter.
func TestNamesAreOfTheStack(t *testing.T) {
	all := mapping(t, parse(t), "Resources")
	for id := range all {
		props := mapping(t, all, id, "Properties")
		for _, key := range []string{"Name", "BucketName", "LogGroupName", "RoleName", "FunctionName", "DeliveryStreamName"} {
			switch name := props[key].(type) {
			case string:
				t.Errorf("%s: %s %q is fixed", id, key, name)
			case object:
				sub, _ := name["Fn::Sub"].(string)
				if sub != "" && !strings.Contains(sub, "${AWS::StackName}") {
					t.Errorf("%s: %s %q lacks the stack's name", id, key, sub)
				}
			}
		}
	}
}
