package cloudformation

// replaced names the properties whose change makes CloudFormation replace the
// resource, from the resource types' schemas (createOnlyProperties). "*" means
// every property.
var replaced = map[string][]string{
	"AWS::S3::Bucket":                      {"BucketName"},
	"AWS::S3::BucketPolicy":                {"Bucket"},
	"AWS::Glue::Database":                  {"DatabaseInput.Name", "CatalogId"},
	"AWS::Glue::Table":                     {"TableInput.Name", "DatabaseName", "CatalogId"},
	"AWS::KinesisFirehose::DeliveryStream": {"DeliveryStreamName", "DeliveryStreamType"},
	"AWS::Lambda::Function":                {"FunctionName", "PackageType"},
	"AWS::Lambda::Permission":              {"*"},
	"AWS::Athena::WorkGroup":               {"Name"},
	"AWS::Logs::LogGroup":                  {"LogGroupName"},
	"AWS::Logs::LogStream":                 {"LogGroupName", "LogStreamName"},
	"AWS::Glue::Crawler":                   {"Name"},
	"AWS::Scheduler::Schedule":             {"Name"},
	"AWS::IAM::Role":                       {"RoleName", "Path"},
	"AWS::ApiGatewayV2::Api":               {"ProtocolType"},
	"AWS::ApiGatewayV2::Stage":             {"StageName", "ApiId"},
	"AWS::ApiGatewayV2::Route":             {"ApiId"},
	"AWS::ApiGatewayV2::Integration":       {"ApiId"},
}

// untaggable are the types that take no tags of the stack.
var untaggable = map[string]bool{
	"AWS::S3::BucketPolicy": true, "AWS::Glue::Database": true, "AWS::Glue::Table": true, "AWS::Lambda::Permission": true,
	"AWS::Logs::LogStream": true, "AWS::ApiGatewayV2::Route": true, "AWS::ApiGatewayV2::Integration": true,
	"AWS::Scheduler::Schedule": true, "AWS::Athena::NamedQuery": true, "AWS::IAM::Policy": true,
}
