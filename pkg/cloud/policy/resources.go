package policy

import (
	"slices"
	"strings"
)

// kind is a kind of resource, and the Sid of the statement on it.
type kind string

const (
	account   kind = "Account" // actions that know no resource
	apis      kind = "Apis"
	apiTags   kind = "ApiTags"
	crawler   kind = "Crawler"
	crawlLogs kind = "CrawlerLogs"
	function  kind = "Function"
	logGroups kind = "LogGroups"
	roles     kind = "Roles"
	schedule  kind = "Schedule"
	secret    kind = "Secret"
	stack     kind = "Stack"
	stream    kind = "Stream"
	workGroup kind = "WorkGroup"

	// Of Glue. An action on a table needs its database and the catalog, too;
	// deleting a database needs all in it (Glue manual, ARNs of the catalog).
	tables       kind = "Tables"
	databaseTree kind = "Database"
	defaultDB    kind = "DefaultDatabase"

	artifactBucket kind = "ArtifactBucket"
	dataBucket     kind = "DataBucket"
	resultsBucket  kind = "ResultsBucket"
	buckets        kind = "Buckets"
	artifacts      kind = "Artifacts"
	templates      kind = "Templates" // too long for a request; CloudFormation reads them with the caller's rights
	rows           kind = "Rows"
	dataObjects    kind = "DataObjects"
	results        kind = "Results"
	rejected       kind = "Rejected" // records that did not become rows, and what replays remember of them
	staging        kind = "Staging"  // of purge, where Athena writes the rows that stay
	objects        kind = "Objects"

	passBeacon      kind = "PassBeaconRole"
	passDelivery    kind = "PassDeliveryRole"
	passCrawler     kind = "PassCrawlerRole"
	passRepair      kind = "PassRepairRole"
	passServiceRole kind = "PassServiceRole"
)

// passed are the roles of the template and the service each is passed to.
var passed = map[kind]struct{ logical, service string }{
	passBeacon:   {"BeaconRole", "lambda.amazonaws.com"},
	passDelivery: {"DeliveryRole", "firehose.amazonaws.com"},
	passCrawler:  {"CrawlerRole", "glue.amazonaws.com"},
	passRepair:   {"RepairRole", "scheduler.amazonaws.com"},
}

// conditions narrow what ARNs cannot.
func (s Scope) conditions(k kind) map[string]map[string][]string {
	service := passed[k].service
	if k == passServiceRole {
		service = "cloudformation.amazonaws.com"
	}
	if service == "" {
		return nil
	}
	return map[string]map[string][]string{"StringEquals": {"iam:PassedToService": {service}}}
}

// resources are the ARNs of a kind.
func (s Scope) resources(k kind) []string {
	if p, ok := passed[k]; ok {
		return []string{s.role(p.logical)}
	}
	for _, of := range []map[kind][]string{s.compute(), s.catalog(), s.s3()} {
		if list, ok := of[k]; ok {
			return list
		}
	}
	return []string{"*"} // account
}

func (s Scope) compute() map[kind][]string {
	group, crawls := "log-group:/aws-glue/crawlers:log-stream:", s.named("Crawler", 255)
	workgroup := s.Stack
	if s.Kept {
		workgroup = "primary"
	}
	return map[kind][]string{
		apis:    {s.global("apigateway", s.Region, "", "/apis"), s.global("apigateway", s.Region, "", "/apis/*")}, // ids are drawn at random
		apiTags: {s.global("apigateway", s.Region, "", "/tags/*")},
		// Older types of CloudFormation leave the stack out of names.
		crawler:         {s.arn("glue", "crawler/"+crawls), s.arn("glue", "crawler/Crawler-*")},
		crawlLogs:       {s.arn("logs", group+crawls), s.arn("logs", group+"Crawler-*")},
		function:        {s.arn("lambda", "function:"+s.named("Beacon", 64))},
		logGroups:       {s.arn("logs", "log-group:/pixelctl/"+s.Stack+"/*"), s.arn("logs", "log-group:/aws/vendedlogs/pixelctl/"+s.Stack+"/*")},
		roles:           {s.role("BeaconRole"), s.role("CrawlerRole"), s.role("DeliveryRole"), s.role("RepairRole")},
		passServiceRole: {s.Role},
		schedule:        {s.arn("scheduler", "schedule/default/"+s.named("RepairSchedule", 64))},
		secret:          {s.arn("secretsmanager", "secret:"+s.named("PixelKeys", 64)), s.arn("secretsmanager", "secret:PixelKeys-*")},
		// A change set is also named by its own ARN.
		stack:     {s.arn("cloudformation", "stack/"+s.Stack+"/*"), s.arn("cloudformation", "changeSet/pixelctl-*/*")},
		stream:    {s.arn("firehose", "deliverystream/"+s.named("DeliveryStream", 64))},
		workGroup: {s.arn("athena", "workgroup/"+workgroup)},
	}
}

func (s Scope) catalog() map[kind][]string {
	root, own, all := s.arn("glue", "catalog"), s.arn("glue", "database/"+s.Database), s.arn("glue", "table/"+s.Database+"/*")
	return map[kind][]string{
		defaultDB:    {root, s.arn("glue", "database/default")},
		tables:       {root, own, all},
		databaseTree: {root, own, all, s.arn("glue", "userDefinedFunction/"+s.Database+"/*")},
	}
}

func (s Scope) s3() map[kind][]string {
	artifact, data, result := s.bucket("ArtifactBucket"), s.bucket("DataBucket"), s.bucket("ResultsBucket")
	if s.Kept { // the other buckets are gone
		artifact, result = data, data
	}
	return map[kind][]string{
		artifactBucket: {artifact},
		dataBucket:     {data},
		resultsBucket:  {result},
		buckets:        slices.Compact([]string{artifact, data, result}),
		artifacts:      {artifact + "/beacon/*"},
		templates:      {artifact + "/template/*"},
		rows:           {data + "/data/*"},
		dataObjects:    {data + "/*"},
		rejected:       {data + "/errors/*", data + "/replay/*"},
		staging:        {data + "/staging/*"},
		results:        {result + "/results/*"},
		objects:        slices.Compact([]string{artifact + "/*", data + "/*", result + "/*"}),
	}
}

func (s Scope) bucket(logical string) string {
	return s.global("s3", "", "", strings.ToLower(s.named(logical, 63)))
}

func (s Scope) role(logical string) string {
	return s.global("iam", "", s.Account, "role/"+s.named(logical, 64))
}

func (s Scope) arn(service, rest string) string { return s.global(service, s.Region, s.Account, rest) }

func (s Scope) global(service, in, of, rest string) string {
	p := s.Partition
	switch {
	case p != "":
	case strings.HasPrefix(s.Region, "cn-"):
		p = "aws-cn"
	case strings.HasPrefix(s.Region, "us-gov-"):
		p = "aws-us-gov"
	default:
		p = "aws"
	}
	return "arn:" + p + ":" + service + ":" + in + ":" + of + ":" + rest
}

// named is the pattern of a physical name that CloudFormation makes: stack,
// logical id and 12 random characters. What would be longer than most is cut
// in both, to some 24 characters each; then the stack's beginning must do.
func (s Scope) named(logical string, most int) string {
	const random, kept = 12, 24
	if len(s.Stack)+len(logical)+random+2 <= most {
		return s.Stack + "-" + logical + "-*"
	}
	return s.Stack[:min(len(s.Stack), kept)] + "*"
}
