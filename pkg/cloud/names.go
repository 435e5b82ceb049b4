package cloud

import "strings"

// TargetName is this target's name in flags and results.
const TargetName = "aws"

// Parameters of the template.
const (
	paramArtifact      = "ArtifactKey"
	paramDatabase      = "DatabaseName"
	paramFormat        = "Format"
	paramBuffer        = "BufferSeconds"
	paramPartitions    = "Partitions"
	paramCrawlSchedule = "CrawlSchedule"
	paramRetention     = "RetentionDays"
	paramColdAfter     = "ColdAfterDays"
	paramFront         = "Front"
	paramVersion       = "Version"
	paramIntake        = "Intake"
	paramYears         = "ProjectionYears"
	paramSecret        = "Keys"
)

// Values of the template's parameters.
const (
	intakeOpen   = "open"
	intakeClosed = "closed"
	byCatalog    = "catalog"
	byProjection = "projection"
	secretOn     = "on"
	secretOff    = "off"
)

// Logical ids that are treated by name.
const (
	artifactBucket = "ArtifactBucket"
	artifactPolicy = "ArtifactBucketPolicy"
	beaconFunction = "Beacon"
)

// retained are the resources that outlive a stack destroyed with its data kept.
var retained = []string{"DataBucket", "DataBucketPolicy", "Database", "Table", "HitsView", "PeopleView", "OpensView", "SeedView"}

// Tags and Glue parameters by which a stack knows its own.
const (
	tagStack  = "pixelctl:stack"
	tagBucket = "pixelctl:bucket"
)

// Prefixes in the buckets.
const (
	artifactPrefix = "beacon/"
	templatePrefix = "template/"
	resultsPrefix  = "results/"
	stagingPrefix  = "staging/" // of purge, in the data bucket, outside the table's location
	replayPrefix   = "replay/"  // what replays remember, in the data bucket
)

// Database is the Glue database of a stack: Glue takes lower case, SQL no
// hyphen without quotes.
func Database(stack string) string {
	return strings.ToLower(strings.ReplaceAll(stack, "-", "_"))
}

func artifactKey(digest string) string { return artifactPrefix + digest + ".zip" }
