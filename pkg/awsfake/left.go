package awsfake

import "slices"

// Left gives every resource that exists, as "type name", sorted. A log
// stream is named with its group, a table with its database.
func (f *Fake) Left() []string {
	var out []string
	add := func(kind string, names []string) {
		for _, name := range names {
			out = append(out, kind+" "+name)
		}
	}
	add("AWS::S3::Bucket", f.S3.Buckets())
	add("AWS::S3::BucketPolicy", slices.DeleteFunc(f.S3.Buckets(), func(name string) bool {
		_, err := f.S3.Policy(name)
		return err != nil
	}))
	add("AWS::IAM::Role", f.Identity.Roles())
	add("AWS::Logs::LogGroup", f.Logs.Groups())
	for _, group := range f.Logs.Groups() {
		add("AWS::Logs::LogStream "+group, f.Logs.Streams(group))
	}
	add("AWS::Lambda::Function", f.Lambda.Functions())
	add("AWS::ApiGatewayV2::Api", f.Gateway.APIs())
	add("AWS::Scheduler::Schedule", f.Scheduler.Schedules())
	add("AWS::SecretsManager::Secret", f.Secrets.Secrets())
	add("AWS::SecretsManager::Secret", f.Secrets.Secrets())
	add("AWS::KinesisFirehose::DeliveryStream", f.Firehose.Streams())
	add("AWS::Glue::Crawler", f.Glue.Crawlers())
	add("AWS::Glue::Database", f.Glue.Databases())
	for _, database := range f.Glue.Databases() {
		for _, table := range f.Glue.Tables(database) {
			add("AWS::Glue::Table "+database, []string{table.Name})
		}
	}
	// Every account has the workgroup primary.
	add("AWS::Athena::WorkGroup", slices.DeleteFunc(f.Athena.WorkGroups(), func(name string) bool { return name == "primary" }))
	slices.Sort(out)
	return out
}
