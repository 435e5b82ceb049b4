package policy

import (
	"maps"
	"slices"
)

// handlers are, for each type of the template, the permissions of its handlers
// in CloudFormation's registry, as far as the template's properties make the
// handler use them. Source: the resource schemas of 2026-10-20 that cfn-lint
// 1.58.0 holds; a rig test compares and names what is left out, and why. None
// of it was seen on AWS.
func handlers() map[string]handler {
	all := computeHandlers()
	maps.Copy(all, storeHandlers())
	return all
}

func computeHandlers() map[string]handler {
	gateway := handler{
		make:   append(on(apis, "apigateway:GET", "apigateway:POST"), on(apiTags, "apigateway:GET", "apigateway:PUT")...),
		change: append(on(apis, "apigateway:GET", "apigateway:PATCH", "apigateway:PUT"), on(apiTags, "apigateway:DELETE", "apigateway:PUT")...),
		remove: on(apis, "apigateway:DELETE", "apigateway:GET"),
	}
	tag := on(apis, "apigateway:TagResource")
	// API Gateway manual, logging for HTTP APIs.
	deliver := on(account, "logs:CreateLogDelivery", "logs:DeleteLogDelivery", "logs:DescribeLogGroups", "logs:DescribeResourcePolicies",
		"logs:GetLogDelivery", "logs:ListLogDeliveries", "logs:PutResourcePolicy", "logs:UpdateLogDelivery")
	groups := on(account, "logs:DescribeLogGroups", "logs:DescribeResourcePolicies", "logs:DescribeIndexPolicies")
	return map[string]handler{
		"AWS::ApiGatewayV2::Api":         gateway,
		"AWS::ApiGatewayV2::Integration": gateway,
		"AWS::ApiGatewayV2::Route":       gateway,
		"AWS::ApiGatewayV2::Stage": {
			make:   slices.Concat(gateway.make, tag, deliver),
			change: slices.Concat(gateway.change, tag, on(apis, "apigateway:UntagResource"), deliver),
			remove: slices.Concat(gateway.remove, deliver),
		},
		"AWS::IAM::Role": {
			make: on(roles, "iam:CreateRole", "iam:GetRole", "iam:GetRolePolicy", "iam:ListAttachedRolePolicies", "iam:ListRolePolicies",
				"iam:PutRolePolicy", "iam:TagRole", "iam:UntagRole"),
			change: on(roles, "iam:DeleteRolePolicy", "iam:PutRolePolicy", "iam:TagRole", "iam:UntagRole", "iam:UpdateAssumeRolePolicy", "iam:UpdateRole"),
			remove: on(roles, "iam:DeleteRole", "iam:DeleteRolePolicy", "iam:GetRole", "iam:ListAttachedRolePolicies", "iam:ListRolePolicies"),
		},
		"AWS::Lambda::Function": {
			make: slices.Concat(on(function, "lambda:CreateFunction", "lambda:GetFunction", "lambda:GetFunctionCodeSigningConfig",
				"lambda:GetFunctionRecursionConfig", "lambda:GetFunctionScalingConfig", "lambda:GetRuntimeManagementConfig", "lambda:TagResource"),
				on(artifacts, "s3:GetObject"), on(passBeacon, "iam:PassRole")),
			change: slices.Concat(on(function, "lambda:GetFunction", "lambda:TagResource", "lambda:UntagResource", "lambda:UpdateFunctionCode",
				"lambda:UpdateFunctionConfiguration"), on(artifacts, "s3:GetObject"), on(passBeacon, "iam:PassRole")),
			remove: on(function, "lambda:DeleteFunction", "lambda:GetFunction"),
		},
		"AWS::Lambda::Permission": {
			make:   on(function, "lambda:AddPermission", "lambda:GetPolicy"),
			remove: on(function, "lambda:RemovePermission"),
		},
		"AWS::Logs::LogGroup": {
			make: append(on(logGroups, "logs:CreateLogGroup", "logs:ListTagsForResource", "logs:PutRetentionPolicy", "logs:TagResource"), groups...),
			change: append(on(logGroups, "logs:DeleteRetentionPolicy", "logs:ListTagsForResource", "logs:PutRetentionPolicy", "logs:TagResource",
				"logs:UntagResource"), groups...),
			remove: append(on(logGroups, "logs:DeleteLogGroup"), groups...),
		},
		"AWS::Logs::LogStream": {
			make:   on(logGroups, "logs:CreateLogStream", "logs:DescribeLogStreams"),
			remove: on(logGroups, "logs:DeleteLogStream"),
		},
		"AWS::SecretsManager::Secret": {
			make: append(on(secret, "secretsmanager:CreateSecret", "secretsmanager:DescribeSecret", "secretsmanager:GetSecretValue", "secretsmanager:TagResource"),
				on(account, "secretsmanager:GetRandomPassword")...),
			change: append(on(secret, "secretsmanager:DescribeSecret", "secretsmanager:GetSecretValue", "secretsmanager:TagResource",
				"secretsmanager:UntagResource", "secretsmanager:UpdateSecret"),
				on(account, "secretsmanager:GetRandomPassword")...),
			remove: on(secret, "secretsmanager:DeleteSecret", "secretsmanager:DescribeSecret"),
		},
		"AWS::Scheduler::Schedule": {
			make:   append(on(schedule, "scheduler:CreateSchedule", "scheduler:GetSchedule"), grant{"iam:PassRole", passRepair}),
			change: append(on(schedule, "scheduler:GetSchedule", "scheduler:UpdateSchedule"), grant{"iam:PassRole", passRepair}),
			remove: on(schedule, "scheduler:DeleteSchedule", "scheduler:GetSchedule"),
		},
	}
}

func storeHandlers() map[string]handler {
	lakeFormation := on(account, "lakeformation:DescribeLakeFormationIdentityCenterConfiguration", "lakeformation:DescribeResource", "lakeformation:ListResources")
	return map[string]handler{
		"AWS::Athena::WorkGroup": {
			make:   on(workGroup, "athena:CreateWorkGroup", "athena:GetWorkGroup", "athena:ListTagsForResource", "athena:TagResource"),
			change: on(workGroup, "athena:TagResource", "athena:UntagResource", "athena:UpdateWorkGroup"),
			remove: on(workGroup, "athena:DeleteWorkGroup", "athena:GetWorkGroup", "athena:UntagResource"),
		},
		"AWS::Glue::Crawler": {
			// CreateCrawler knows no resource; the role that it must pass narrows it.
			make: slices.Concat(on(account, "glue:CreateCrawler"), on(crawler, "glue:GetCrawler", "glue:GetTags", "glue:TagResource"),
				on(passCrawler, "iam:PassRole")),
			change: append(on(crawler, "glue:TagResource", "glue:UntagResource", "glue:UpdateCrawler"), grant{"iam:PassRole", passCrawler}),
			remove: on(crawler, "glue:DeleteCrawler", "glue:GetCrawler", "glue:StopCrawler"),
		},
		"AWS::Glue::Database": {
			make:   append(on(tables, "glue:CreateDatabase", "glue:GetDatabase"), lakeFormation...),
			change: append(on(tables, "glue:UpdateDatabase"), lakeFormation...),
			remove: slices.Concat(on(tables, "glue:GetDatabase"), on(databaseTree, "glue:DeleteDatabase"), lakeFormation),
		},
		"AWS::Glue::Table": {
			make:   append(on(tables, "glue:CreateTable", "glue:GetDatabase", "glue:GetTable"), lakeFormation...),
			change: append(on(tables, "glue:GetTable", "glue:UpdateDatabase", "glue:UpdateTable"), lakeFormation...),
			remove: append(on(tables, "glue:DeleteTable", "glue:GetDatabase", "glue:GetTable"), lakeFormation...),
		},
		"AWS::KinesisFirehose::DeliveryStream": {
			make: append(on(stream, "firehose:CreateDeliveryStream", "firehose:DescribeDeliveryStream", "firehose:ListTagsForDeliveryStream",
				"firehose:TagDeliveryStream"), grant{"iam:PassRole", passDelivery}),
			change: append(on(stream, "firehose:DescribeDeliveryStream", "firehose:ListTagsForDeliveryStream", "firehose:TagDeliveryStream",
				"firehose:UntagDeliveryStream", "firehose:UpdateDestination"), grant{"iam:PassRole", passDelivery}),
			remove: on(stream, "firehose:DeleteDeliveryStream", "firehose:DescribeDeliveryStream"),
		},
		"AWS::S3::Bucket": {
			make: on(buckets, "s3:CreateBucket", "s3:GetAccelerateConfiguration", "s3:GetAnalyticsConfiguration", "s3:GetBucket*",
				"s3:GetEncryptionConfiguration", "s3:GetIntelligentTieringConfiguration", "s3:GetInventoryConfiguration", "s3:GetLifecycleConfiguration",
				"s3:GetMetricsConfiguration", "s3:GetReplicationConfiguration", "s3:ListBucket", "s3:ListTagsForResource",
				"s3:PutBucketOwnershipControls", "s3:PutBucketPublicAccessBlock", "s3:PutBucketTagging", "s3:PutBucketVersioning",
				"s3:PutEncryptionConfiguration", "s3:PutLifecycleConfiguration", "s3:TagResource"),
			change: on(buckets, "s3:ListBucket", "s3:PutBucketOwnershipControls", "s3:PutBucketPublicAccessBlock", "s3:PutBucketTagging",
				"s3:PutBucketVersioning", "s3:PutEncryptionConfiguration", "s3:PutLifecycleConfiguration", "s3:TagResource", "s3:UntagResource"),
			remove: on(buckets, "s3:DeleteBucket", "s3:ListBucket"),
		},
		"AWS::S3::BucketPolicy": {
			make:   on(buckets, "s3:GetBucketPolicy", "s3:PutBucketPolicy"),
			change: on(buckets, "s3:GetBucketPolicy", "s3:PutBucketPolicy"),
			remove: on(buckets, "s3:DeleteBucketPolicy", "s3:GetBucketPolicy"),
		},
	}
}
