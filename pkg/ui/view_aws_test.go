package ui

import (
	"strings"
	"testing"

	"pixelctl/pkg/pipeline"
)

func resourceChanges() []pipeline.ResourceChange {
	return []pipeline.ResourceChange{
		{Action: "Modify", ID: "Beacon", Type: "AWS::Lambda::Function", Name: "shop-Beacon-1x2y3z", Properties: []string{"Code"}},
		{Action: "Add", ID: "ResultsBucket", Type: "AWS::S3::Bucket"},
		{Action: "Add", ID: "ResultsBucketPolicy", Type: "AWS::S3::BucketPolicy"},
		{Action: "Remove", ID: "RepairSchedule", Type: "AWS::Scheduler::Schedule", Name: "shop-repair"},
		{
			Action: "Replace", ID: "DeliveryStream", Type: "AWS::KinesisFirehose::DeliveryStream", Name: "shop-DeliveryStream-1x2y3z",
			Properties: []string{"DeliveryStreamName", "Tags"},
			Destroys:   "the hits still buffered in delivery stream shop-DeliveryStream-1x2y3z, and its name",
		},
		{Action: "SyncWithActual", ID: "Api", Type: "AWS::ApiGatewayV2::Api"},
	}
}

func awsCalls() []string {
	return []string{
		"s3:PutObject beacon/0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef.zip (unless it is there)",
		"cloudformation:CreateChangeSet stack shop",
		"cloudformation:ExecuteChangeSet stack shop",
	}
}

func awsItems() []pipeline.Item {
	return []pipeline.Item{
		{Kind: "AWS::S3::Bucket", Name: "shop-databucket-1x2y3z", Files: 168, Bytes: 98 << 20, Rows: -1, Kept: true},
		{Kind: "AWS::KinesisFirehose::DeliveryStream", Name: "shop-DeliveryStream-1x2y3z", Gone: true},
		{Kind: "AWS::Logs::LogGroup", Name: "/pixelctl/shop/beacon", Gone: true},
		{Kind: "AWS::IAM::Role", Name: "shop-BeaconRole-1x2y3z", Reason: "AccessDenied: not authorized to perform: iam:DeleteRole"},
	}
}

// TestEveryChangeIsShownOnce also for an action that the table does not know.
func TestEveryChangeIsShownOnce(t *testing.T) {
	s := newScreen("", TestOptions{})
	if err := ShowResources(s.Streams, resourceChanges()); err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(s.err.String(), "\n")
	for _, r := range resourceChanges() {
		n := 0
		for _, l := range lines {
			if words := strings.Fields(l); len(words) > 1 && words[0] == r.ID && words[1] == r.Type {
				n++
			}
		}
		if n != 1 {
			t.Errorf("%s is shown %d times:\n%s", r.ID, n, s.err)
		}
	}
	if s.out.Len() > 0 {
		t.Errorf("on standard output: %q", s.out)
	}
}
