package presence

// parts are the types that can only be asked for through another resource: their
// physical ids do not name it.
var parts = map[string]string{
	"AWS::ApiGatewayV2::Integration": "AWS::ApiGatewayV2::Api",
	"AWS::ApiGatewayV2::Route":       "AWS::ApiGatewayV2::Api",
	"AWS::ApiGatewayV2::Stage":       "AWS::ApiGatewayV2::Api",
	"AWS::Glue::Table":               "AWS::Glue::Database",
	"AWS::Lambda::Permission":        "AWS::Lambda::Function",
	"AWS::Logs::LogStream":           "AWS::Logs::LogGroup",
	"AWS::S3::BucketPolicy":          "AWS::S3::Bucket",
}

// Error codes of the services for what is not there.
const (
	notFound         = "NotFoundException"
	resourceNotFound = "ResourceNotFoundException"
	entityNotFound   = "EntityNotFoundException"
)

// question returns how to ask for a type. HEAD has no body, so a missing bucket
// is only NotFound.
func (e *Engine) question(kind string) (question, bool) {
	q, known := map[string]question{
		"AWS::ApiGatewayV2::Api":               {e.api, []string{notFound}},
		"AWS::ApiGatewayV2::Integration":       {e.integration, []string{notFound}},
		"AWS::ApiGatewayV2::Route":             {e.route, []string{notFound}},
		"AWS::ApiGatewayV2::Stage":             {e.stage, []string{notFound}},
		"AWS::Athena::WorkGroup":               {e.workGroup, nil},
		"AWS::Glue::Crawler":                   {e.crawler, []string{entityNotFound}},
		"AWS::Glue::Database":                  {e.database, []string{entityNotFound}},
		"AWS::Glue::Table":                     {e.table, []string{entityNotFound}},
		"AWS::IAM::Role":                       {e.role, []string{"NoSuchEntity"}},
		"AWS::KinesisFirehose::DeliveryStream": {e.stream, []string{resourceNotFound}},
		"AWS::Lambda::Function":                {e.function, []string{resourceNotFound}},
		"AWS::Lambda::Permission":              {e.permission, []string{resourceNotFound}},
		"AWS::Logs::LogGroup":                  {e.logGroup, nil},
		"AWS::Logs::LogStream":                 {e.logStream, []string{resourceNotFound}},
		"AWS::S3::Bucket":                      {e.bucket, []string{"NotFound", "NoSuchBucket"}},
		"AWS::S3::BucketPolicy":                {e.bucketPolicy, []string{"NoSuchBucketPolicy", "NoSuchBucket"}},
		"AWS::Scheduler::Schedule":             {e.schedule, []string{resourceNotFound}},
		"AWS::SecretsManager::Secret":          {e.secret, []string{resourceNotFound}},
	}[kind]
	return q, known
}
