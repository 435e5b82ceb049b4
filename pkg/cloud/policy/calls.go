package policy

import "slices"

// The bucket and the objects that a task means: see places.
const (
	itsBuckets kind = "its buckets"
	itsObjects kind = "its objects"
)

// places are the buckets and objects that this program touches in a task.
var places = map[Task]struct{ buckets, objects []kind }{
	Deploy:  {[]kind{artifactBucket, dataBucket}, []kind{artifacts, templates}},
	Query:   {[]kind{dataBucket}, []kind{results}},
	Operate: {[]kind{dataBucket}, []kind{artifacts}},
	Errors:  {[]kind{dataBucket}, []kind{rejected, results}},
	Purge:   {[]kind{dataBucket, resultsBucket}, []kind{dataObjects, results}},
	Destroy: {[]kind{buckets}, []kind{objects}},
}

// calls are the operations that this program calls, by the IAM prefix of their
// service, and what each takes (AWS service authorization reference). Most are
// actions of the same name; S3 and API Gateway differ.
var calls = map[string][]grant{
	"apigateway:GetApi":         on(apis, "apigateway:GET"),
	"apigateway:GetIntegration": on(apis, "apigateway:GET"),
	"apigateway:GetRoute":       on(apis, "apigateway:GET"),
	"apigateway:GetStage":       on(apis, "apigateway:GET"),

	"athena:GetQueryExecution":   on(workGroup, "athena:GetQueryExecution"),
	"athena:GetQueryResults":     on(workGroup, "athena:GetQueryResults"),
	"athena:GetWorkGroup":        on(workGroup, "athena:GetWorkGroup"),
	"athena:StartQueryExecution": on(workGroup, "athena:StartQueryExecution"),
	"athena:StopQueryExecution":  on(workGroup, "athena:StopQueryExecution"),

	"cloudformation:ContinueUpdateRollback": on(stack, "cloudformation:ContinueUpdateRollback"),
	"cloudformation:CreateChangeSet":        on(stack, "cloudformation:CreateChangeSet"),
	"cloudformation:DeleteChangeSet":        on(stack, "cloudformation:DeleteChangeSet"),
	"cloudformation:DeleteStack":            on(stack, "cloudformation:DeleteStack"),
	"cloudformation:DescribeChangeSet":      on(stack, "cloudformation:DescribeChangeSet"),
	"cloudformation:DescribeEvents":         on(stack, "cloudformation:DescribeEvents"),
	"cloudformation:DescribeStackEvents":    on(stack, "cloudformation:DescribeStackEvents"),
	"cloudformation:DescribeStacks":         on(stack, "cloudformation:DescribeStacks"),
	"cloudformation:ExecuteChangeSet":       on(stack, "cloudformation:ExecuteChangeSet"),
	"cloudformation:GetTemplate":            on(stack, "cloudformation:GetTemplate"),
	"cloudformation:ListChangeSets":         on(stack, "cloudformation:ListChangeSets"),
	"cloudformation:ListStackResources":     on(stack, "cloudformation:ListStackResources"),
	"cloudformation:RollbackStack":          on(stack, "cloudformation:RollbackStack"),

	"cloudwatch:GetMetricData": on(account, "cloudwatch:GetMetricData"),

	"firehose:DescribeDeliveryStream": on(stream, "firehose:DescribeDeliveryStream"),
	"firehose:PutRecordBatch":         on(stream, "firehose:PutRecordBatch"),

	"glue:BatchCreatePartition": on(tables, "glue:BatchCreatePartition"),
	"glue:BatchDeletePartition": on(tables, "glue:BatchDeletePartition"),
	"glue:BatchUpdatePartition": on(tables, "glue:BatchUpdatePartition"),
	"glue:DeleteDatabase":       on(databaseTree, "glue:DeleteDatabase"),
	"glue:GetCrawler":           on(crawler, "glue:GetCrawler"),
	"glue:GetCrawlerMetrics":    on(account, "glue:GetCrawlerMetrics"),
	"glue:GetDatabase":          on(tables, "glue:GetDatabase"),
	"glue:GetPartitions":        on(tables, "glue:GetPartitions"),
	"glue:GetTable":             on(tables, "glue:GetTable"),
	"glue:ListCrawls":           on(crawler, "glue:ListCrawls"),
	"glue:StartCrawler":         on(crawler, "glue:StartCrawler"),
	"glue:StopCrawler":          on(crawler, "glue:StopCrawler"),

	"iam:GetRole": on(roles, "iam:GetRole"),

	"lambda:GetFunction": on(function, "lambda:GetFunction"),
	"lambda:GetPolicy":   on(function, "lambda:GetPolicy"),

	"logs:DeleteLogGroup":     on(logGroups, "logs:DeleteLogGroup"),
	"logs:DeleteLogStream":    on(crawlLogs, "logs:DeleteLogStream"),
	"logs:DescribeLogGroups":  on(account, "logs:DescribeLogGroups"),
	"logs:DescribeLogStreams": on(logGroups, "logs:DescribeLogStreams"),
	"logs:FilterLogEvents":    on(logGroups, "logs:FilterLogEvents"),

	"s3:AbortMultipartUpload": on(itsObjects, "s3:AbortMultipartUpload"),
	"s3:CopyObject":           on(itsObjects, "s3:GetObject", "s3:PutObject"),
	"s3:DeleteBucket":         on(itsBuckets, "s3:DeleteBucket"),
	// A conditional delete takes GetObject, too (S3 user guide, "How to perform conditional deletes").
	"s3:DeleteObject":    on(itsObjects, "s3:DeleteObject", "s3:GetObject"),
	"s3:DeleteObjects":   on(itsObjects, "s3:DeleteObject", "s3:DeleteObjectVersion"),
	"s3:GetBucketPolicy": on(itsBuckets, "s3:GetBucketPolicy"),
	"s3:GetObject":       on(itsObjects, "s3:GetObject"),
	"s3:HeadBucket":      on(itsBuckets, "s3:ListBucket"),
	// Without ListBucket a missing object is a 403, not a 404.
	"s3:HeadObject":           append(on(itsObjects, "s3:GetObject"), grant{"s3:ListBucket", itsBuckets}),
	"s3:ListMultipartUploads": on(itsBuckets, "s3:ListBucketMultipartUploads"),
	"s3:ListObjectVersions":   on(itsBuckets, "s3:ListBucketVersions"),
	"s3:ListObjectsV2":        on(itsBuckets, "s3:ListBucket"),
	"s3:PutObject":            on(itsObjects, "s3:PutObject"),

	"scheduler:GetSchedule": on(schedule, "scheduler:GetSchedule"),

	"secretsmanager:DescribeSecret": on(secret, "secretsmanager:DescribeSecret"),

	"sts:GetCallerIdentity": nil, // whoever has keys may ask
}

// tasks are the operations that each task calls: those that the methods of
// cloud.Target reach in the code. A test compares.
var tasks = map[Task][]string{
	Deploy: {
		"cloudformation:ContinueUpdateRollback", "cloudformation:CreateChangeSet", "cloudformation:DeleteChangeSet",
		"cloudformation:DeleteStack", "cloudformation:DescribeChangeSet", "cloudformation:DescribeEvents",
		"cloudformation:DescribeStackEvents", "cloudformation:DescribeStacks", "cloudformation:ExecuteChangeSet",
		"cloudformation:GetTemplate", "cloudformation:ListChangeSets", "cloudformation:ListStackResources",
		"cloudformation:RollbackStack",
		"glue:BatchUpdatePartition", "glue:GetCrawler", "glue:GetDatabase", "glue:GetPartitions", "glue:GetTable", "glue:StopCrawler",
		"s3:AbortMultipartUpload", "s3:DeleteObjects", "s3:GetObject", "s3:HeadObject", "s3:ListMultipartUploads", "s3:ListObjectVersions",
		"s3:ListObjectsV2", "s3:PutObject",
		"sts:GetCallerIdentity",
	},
	Query: {
		"athena:GetQueryExecution", "athena:GetQueryResults", "athena:StartQueryExecution", "athena:StopQueryExecution",
		"cloudformation:DescribeStacks",
		"glue:BatchCreatePartition", "glue:GetDatabase", "glue:GetPartitions", "glue:GetTable",
		"s3:GetObject", "s3:ListObjectsV2",
		"sts:GetCallerIdentity",
	},
	Operate: {
		"athena:GetQueryExecution", "athena:StartQueryExecution", "athena:StopQueryExecution",
		"cloudformation:ContinueUpdateRollback", "cloudformation:CreateChangeSet", "cloudformation:DeleteChangeSet",
		"cloudformation:DescribeChangeSet", "cloudformation:DescribeEvents", "cloudformation:DescribeStackEvents",
		"cloudformation:DescribeStacks", "cloudformation:ExecuteChangeSet", "cloudformation:GetTemplate",
		"cloudformation:ListChangeSets", "cloudformation:RollbackStack",
		"cloudwatch:GetMetricData",
		"firehose:DescribeDeliveryStream",
		"glue:BatchCreatePartition", "glue:BatchDeletePartition", "glue:GetCrawler", "glue:GetCrawlerMetrics", "glue:GetDatabase",
		"glue:GetPartitions", "glue:GetTable", "glue:ListCrawls", "glue:StartCrawler",
		"s3:GetObject", "s3:ListMultipartUploads", "s3:ListObjectVersions", "s3:ListObjectsV2",
		"sts:GetCallerIdentity",
	},
	Errors: {
		"athena:GetQueryExecution", "athena:GetQueryResults", "athena:StartQueryExecution", "athena:StopQueryExecution",
		"cloudformation:DescribeStacks", "cloudformation:GetTemplate",
		"cloudwatch:GetMetricData",
		"firehose:DescribeDeliveryStream", "firehose:PutRecordBatch",
		"glue:BatchCreatePartition", "glue:GetDatabase", "glue:GetPartitions", "glue:GetTable",
		"logs:FilterLogEvents",
		"s3:DeleteObject", "s3:DeleteObjects", "s3:GetObject", "s3:ListObjectVersions", "s3:ListObjectsV2", "s3:PutObject",
		"sts:GetCallerIdentity",
	},
	Purge: {
		"athena:GetQueryExecution", "athena:GetQueryResults", "athena:StartQueryExecution", "athena:StopQueryExecution",
		"cloudformation:DescribeStacks", "cloudformation:GetTemplate",
		"cloudwatch:GetMetricData",
		"firehose:DescribeDeliveryStream",
		"glue:BatchCreatePartition", "glue:BatchDeletePartition", "glue:BatchUpdatePartition", "glue:GetDatabase", "glue:GetPartitions", "glue:GetTable",
		"logs:FilterLogEvents",
		"s3:AbortMultipartUpload", "s3:CopyObject", "s3:DeleteObject", "s3:DeleteObjects", "s3:GetObject", "s3:ListMultipartUploads",
		"s3:ListObjectVersions", "s3:ListObjectsV2", "s3:PutObject",
		"sts:GetCallerIdentity",
	},
	Destroy: {
		"apigateway:GetApi", "apigateway:GetIntegration", "apigateway:GetRoute", "apigateway:GetStage",
		"athena:GetWorkGroup",
		"cloudformation:CreateChangeSet", "cloudformation:DeleteChangeSet",
		"cloudformation:DeleteStack", "cloudformation:DescribeChangeSet", "cloudformation:DescribeEvents",
		"cloudformation:DescribeStackEvents", "cloudformation:DescribeStacks", "cloudformation:ExecuteChangeSet",
		"cloudformation:GetTemplate", "cloudformation:ListChangeSets", "cloudformation:ListStackResources",
		"cloudwatch:GetMetricData",
		"firehose:DescribeDeliveryStream",
		"glue:DeleteDatabase", "glue:GetCrawler", "glue:GetDatabase", "glue:GetTable", "glue:StopCrawler",
		"iam:GetRole",
		"lambda:GetFunction", "lambda:GetPolicy",
		"logs:DeleteLogGroup", "logs:DeleteLogStream", "logs:DescribeLogGroups", "logs:DescribeLogStreams",
		"s3:AbortMultipartUpload", "s3:DeleteBucket", "s3:DeleteObjects", "s3:GetBucketPolicy", "s3:HeadBucket", "s3:HeadObject",
		"s3:ListMultipartUploads", "s3:ListObjectVersions", "s3:PutObject",
		"scheduler:GetSchedule",
		"secretsmanager:DescribeSecret",
		"sts:GetCallerIdentity",
	},
}

// direct are the grants for this program's own calls.
func direct(t Task) []grant {
	var all []grant
	for _, operation := range tasks[t] {
		for _, g := range calls[operation] {
			for _, k := range placed(t, operation, g.on) {
				all = append(all, grant{g.action, k})
			}
		}
	}
	return append(all, templateRead(t)...)
}

// templateRead is for CloudFormation, which reads a template in S3 with the
// rights of who asks, also when it takes on a role (CloudFormation manual,
// TemplateURL).
func templateRead(t Task) []grant {
	if t != Deploy && t != Destroy {
		return nil
	}
	return on(templates, "s3:GetObject")
}

func placed(t Task, operation string, k kind) []kind {
	switch k {
	case itsObjects:
		// An erase reads in the artifact which columns are personal.
		if t == Purge && operation == "s3:GetObject" {
			return append(slices.Clone(places[t].objects), artifacts)
		}
		// All that a destroy writes is the template by which data is kept.
		if t == Destroy && (operation == "s3:PutObject" || operation == "s3:HeadObject") {
			return []kind{templates}
		}
	case itsBuckets:
		return slices.Clone(places[t].buckets)
	default:
		return []kind{k}
	}
	return slices.Clone(places[t].objects)
}
