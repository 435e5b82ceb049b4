//go:build awsaccount

package cloud_test

import (
	"encoding/json"
	"math"
	"net/http"
	"regexp"
	"strconv"
	"testing"

	"pixelctl/pkg/cost"
)

// offered are the items of a list that AWS prices by region: the service and the
// usage type, before which a region has its prefix.
var offered = map[string][2]string{
	"api.request":      {"AmazonApiGateway", "ApiGatewayHttpRequest"},
	"lambda.request":   {"AWSLambda", "Request-ARM"},
	"lambda.arm64":     {"AWSLambda", "Lambda-GB-Second-ARM"},
	"lambda.x86":       {"AWSLambda", "Lambda-GB-Second"},
	"firehose.put":     {"AmazonKinesisFirehose", "BilledBytes"},
	"firehose.convert": {"AmazonKinesisFirehose", "DFCBilledBytes"},
	"s3.storage":       {"AmazonS3", "TimedStorage-ByteHrs"},
	"s3.put":           {"AmazonS3", "Requests-Tier1"},
	"s3.get":           {"AmazonS3", "Requests-Tier2"},
	"logs.in":          {"AmazonCloudWatch", "DataProcessing-Bytes"},
	"glue.crawler":     {"AWSGlue", "Crawler-DPU-Hour"},
	"athena.scan":      {"AmazonAthena", "DataScannedInTB"},
	"secret.month":     {"AWSSecretsManager", "AWSSecretsManager-Secrets"},
	"data.out":         {"AWSDataTransfer", "DataTransfer-Out-Bytes"},
}

// offer is what is read of AWS's price list of one service in one region.
type offer struct {
	Products map[string]struct {
		Attributes struct{ Usagetype string }
	}
	Terms struct {
		OnDemand map[string]map[string]struct {
			PriceDimensions map[string]struct {
				BeginRange   string
				PricePerUnit struct{ USD string }
			}
		}
	}
}

// prices compares each built-in list with AWS's own of today.
func (l *loop) prices(t *testing.T) {
	for _, region := range cost.Regions() {
		list, err := cost.InRegion(region)
		if err != nil {
			t.Fatal(err)
		}
		read := map[string]offer{}
		for _, item := range list.Items {
			of, ok := offered[item.Item]
			if !ok {
				continue // CloudFront's prices go by the viewer's place
			}
			if _, ok := read[of[0]]; !ok {
				read[of[0]] = offers(t, of[0], region)
			}
			last := item.Tiers[len(item.Tiers)-1]
			begin := last.From
			if item.Item == "data.out" {
				begin = 0 // what is free stands apart
			}
			got, found := read[of[0]].price(of[1], begin)
			if want := last.Price / item.Per; !found || math.Abs(got-want) > want*1e-4 {
				t.Errorf("%s in %s: the list has $%g for one (%s), AWS $%g", item.Item, region, want, last.Standing, got)
			}
		}
	}
}

func offers(t *testing.T, service, region string) offer {
	t.Helper()
	url := "https://pricing.us-east-1.amazonaws.com/offers/v1.0/aws/" + service + "/current/" + region + "/index.json"
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = answer.Body.Close() }()
	var o offer
	if err := json.NewDecoder(answer.Body).Decode(&o); err != nil {
		t.Fatalf("%s: %s, %v", url, answer.Status, err)
	}
	return o
}

// price finds the price of one unit in the tier that begins at an amount.
func (o offer) price(usage string, begin float64) (float64, bool) {
	is := regexp.MustCompile(`^([A-Z]+[0-9]?-)?` + regexp.QuoteMeta(usage) + `$`)
	for sku, p := range o.Products {
		if !is.MatchString(p.Attributes.Usagetype) {
			continue
		}
		for _, term := range o.Terms.OnDemand[sku] {
			for _, d := range term.PriceDimensions {
				from, _ := strconv.ParseFloat(d.BeginRange, 64)
				usd, err := strconv.ParseFloat(d.PricePerUnit.USD, 64)
				if err == nil && from == begin {
					return usd, true
				}
			}
		}
	}
	return 0, false
}
