package embed

import (
	"strings"
	"testing"
)

// needs says of every action of every role who calls it and why. An action
// that nobody needs is taken away, not entered here.
var needs = map[string]map[string]string{
	"BeaconRole": {
		"firehose:PutRecord":            "our function, for a hit",
		"firehose:PutRecordBatch":       "our function, for a batch in one body",
		"logs:CreateLogStream":          "Lambda, for each of its environments",
		"logs:PutLogEvents":             "Lambda, for what our function logs",
		"secretsmanager:GetSecretValue": "our function, for the keys of the day",
		"secretsmanager:PutSecretValue": "our function, to keep no key of a day that is over",
	},
	// Amazon Data Firehose manual, "Grant Firehose access to an Amazon S3
	// destination" and "… to AWS Glue for data format conversion".
	"DeliveryRole": {
		"s3:AbortMultipartUpload":       "Firehose, when a file in parts fails",
		"s3:GetObject":                  "Firehose, named by its manual for any S3 destination",
		"s3:PutObject":                  "Firehose, for files and for error records",
		"s3:GetBucketLocation":          "Firehose, to find the bucket's region",
		"s3:ListBucket":                 "Firehose, to see whether a file arrived",
		"s3:ListBucketMultipartUploads": "Firehose, to go on with files in parts",
		"logs:PutLogEvents":             "Firehose, for errors of delivery",
		"glue:GetTable":                 "Firehose, for the schema of the files",
		"glue:GetTableVersion":          "Firehose, for the schema's version",
		"glue:GetTableVersions":         "Firehose, for the schema's latest version",
	},
	// AWS Glue manual, crawler prerequisites, cut to one table.
	"CrawlerRole": {
		"s3:GetObject":              "the crawler, to read the head of files",
		"s3:GetBucketLocation":      "the crawler, to find the bucket's region",
		"s3:ListBucket":             "the crawler, to find directories",
		"glue:GetDatabase":          "the crawler, to check its target",
		"glue:GetTable":             "the crawler, for the table that it crawls",
		"glue:UpdateTable":          "the crawler, for its marks among the table's parameters",
		"glue:GetPartition":         "the crawler, to compare an hour",
		"glue:GetPartitions":        "the crawler, to know the registered hours",
		"glue:BatchGetPartition":    "the crawler, the same for many",
		"glue:CreatePartition":      "the crawler, for a new hour",
		"glue:BatchCreatePartition": "the crawler, the same for many",
		"glue:UpdatePartition":      "the crawler, for InheritFromTable",
		"glue:BatchUpdatePartition": "the crawler, the same for many",
		"logs:CreateLogGroup":       "the crawler, in an account that never ran one",
		"logs:CreateLogStream":      "the crawler, for its own log",
		"logs:PutLogEvents":         "the crawler, for its own log",
	},
	// Amazon Athena manual, MSCK REPAIR TABLE and access to the Glue catalog.
	"RepairRole": {
		"athena:StartQueryExecution": "Scheduler, each hour",
		"s3:GetBucketLocation":       "Athena, for the buckets of data and results",
		"s3:ListBucket":              "Athena, to find directories",
		"s3:AbortMultipartUpload":    "Athena, when writing the result fails",
		"s3:PutObject":               "Athena, for the result",
		"glue:GetDatabase":           "Athena, for the database and for the one named default",
		"glue:GetTable":              "Athena, for the table's location",
		"glue:GetPartitions":         "Athena, to know the registered hours",
		"glue:BatchCreatePartition":  "Athena, for new hours",
	},
}

// TestRolesMayDoWhatIsNeeded compares both ways: no action without a need, no
// need without its action.
func TestRolesMayDoWhatIsNeeded(t *testing.T) {
	roles := resources(t, "AWS::IAM::Role")
	if len(roles) != len(needs) {
		t.Errorf("%d roles, needs of %d", len(roles), len(needs))
	}
	for id, role := range roles {
		if at(role, "Properties", "ManagedPolicyArns") != nil {
			t.Errorf("%s has policies that AWS may widen", id)
		}
		allowed := map[string]bool{}
		for _, s := range statements(t, role) {
			checkStatement(t, id, s)
			for _, a := range items(at(s, "Action")) {
				action, _ := a.(string)
				allowed[action] = true
				if needs[id][action] == "" {
					t.Errorf("%s: nobody needs %s", id, action)
				}
			}
		}
		for action, why := range needs[id] {
			if !allowed[action] {
				t.Errorf("%s lacks %s: %s", id, action, why)
			}
		}
	}
}

// checkStatement wants every resource to be one of this stack, but the
// crawlers' log group and the database that Athena looks at.
func checkStatement(t *testing.T, id string, s any) {
	t.Helper()
	if at(s, "Effect") != "Allow" || at(s, "NotAction") != nil || at(s, "NotResource") != nil {
		t.Errorf("%s: %v", id, s)
	}
	list := items(at(s, "Resource"))
	if len(list) == 0 {
		t.Errorf("%s: no resource in %v", id, s)
	}
	for _, r := range list {
		if _, ok := at(r, "Fn::GetAtt").(string); ok {
			continue
		}
		if at(r, "Ref") == "PixelKeys" { // a secret is known by its ARN
			continue
		}
		arn := text(t, r, "Fn::Sub")
		tail := strings.NewReplacer("${AWS::Partition}", "", "${AWS::Region}", "", "${AWS::AccountId}", "").Replace(arn)
		known := strings.HasSuffix(arn, ":catalog") || strings.HasSuffix(arn, ":database/default") ||
			strings.HasSuffix(arn, ":log-group:/aws-glue/crawlers:*")
		if !known && !strings.Contains(tail, "${") {
			t.Errorf("%s: %s is not of this stack", id, arn)
		}
		if strings.Contains(strings.TrimSuffix(arn, "*"), "*") {
			t.Errorf("%s: %s is too wide", id, arn)
		}
	}
}

// statements returns all statements of a role, those under a condition too.
func statements(t *testing.T, role object) []any {
	t.Helper()
	var list []any
	for _, p := range items(at(role, "Properties", "Policies")) {
		for _, s := range items(at(p, "PolicyDocument", "Statement")) {
			branches := items(at(s, "Fn::If"))
			if branches == nil {
				list = append(list, s)
				continue
			}
			for _, b := range branches[1:] {
				if at(b, "Ref") != "AWS::NoValue" {
					list = append(list, b)
				}
			}
		}
	}
	return list
}

// TestFunctionIsCalledByTheAPIOnly wants a permission that names this API.
func TestFunctionIsCalledByTheAPIOnly(t *testing.T) {
	for id, r := range resources(t, "AWS::Lambda::Permission") {
		arn := text(t, r, "Properties", "SourceArn", "Fn::Sub")
		if !strings.HasSuffix(arn, ":${AWS::AccountId}:${Api}/*") || at(r, "Properties", "Principal") != "apigateway.amazonaws.com" {
			t.Errorf("%s lets %v of %s call", id, at(r, "Properties", "Principal"), arn)
		}
	}
}
