package presence

import (
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/retry"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/apigatewayv2"
	"github.com/aws/aws-sdk-go-v2/service/athena"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/aws/aws-sdk-go-v2/service/firehose"
	"github.com/aws/aws-sdk-go-v2/service/glue"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/lambda"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/scheduler"

	"pixelctl/pkg/fault"
)

// aws1 answers every call of every service alike and notes what was asked.
type aws1 struct {
	mu     sync.Mutex
	status int
	code   string
	body   string
	asked  []string
}

func (a *aws1) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	asked := r.Method + " " + r.URL.Path
	if target := r.Header.Get("X-Amz-Target"); target != "" {
		asked = target
	}
	a.asked = append(a.asked, strings.TrimSpace(asked+" "+string(body)))
	w.Header().Set("X-Amzn-Errortype", a.code)
	w.WriteHeader(a.status)
	if _, err := io.WriteString(w, a.body); err != nil {
		return
	}
}

func newAWS(t *testing.T, status int, code, body string) (*Engine, *aws1) {
	t.Helper()
	a := &aws1{status: status, code: code, body: body}
	server := httptest.NewServer(a)
	t.Cleanup(server.Close)
	cfg := aws.Config{
		Region: "us-east-1", BaseEndpoint: &server.URL, Credentials: credentials.NewStaticCredentialsProvider("AKID", "SECRET", ""),
		Retryer: func() aws.Retryer { return retry.AddWithMaxAttempts(retry.NewStandard(), 1) },
	}
	return New(Clients{
		S3: s3.NewFromConfig(cfg, func(o *s3.Options) { o.UsePathStyle = true }), Firehose: firehose.NewFromConfig(cfg), Lambda: lambda.NewFromConfig(cfg),
		IAM: iam.NewFromConfig(cfg), API: apigatewayv2.NewFromConfig(cfg), Glue: glue.NewFromConfig(cfg), Athena: athena.NewFromConfig(cfg),
		Logs: cloudwatchlogs.NewFromConfig(cfg), Scheduler: scheduler.NewFromConfig(cfg),
	}), a
}

// kinds are all types of the template: what is asked, an answer that says yes,
// and the error that says no.
var kinds = map[string]struct{ asks, yes, no string }{
	"AWS::ApiGatewayV2::Api":               {"GET /v2/apis/it", "{}", notFound},
	"AWS::ApiGatewayV2::Integration":       {"GET /v2/apis/whole/integrations/it", "{}", notFound},
	"AWS::ApiGatewayV2::Route":             {"GET /v2/apis/whole/routes/it", "{}", notFound},
	"AWS::ApiGatewayV2::Stage":             {"GET /v2/apis/whole/stages/it", "{}", notFound},
	"AWS::Athena::WorkGroup":               {`AmazonAthena.GetWorkGroup {"WorkGroup":"it"}`, "{}", "InvalidRequestException"},
	"AWS::Glue::Crawler":                   {`AWSGlue.GetCrawler {"Name":"it"}`, "{}", entityNotFound},
	"AWS::Glue::Database":                  {`AWSGlue.GetDatabase {"Name":"it"}`, "{}", entityNotFound},
	"AWS::Glue::Table":                     {`AWSGlue.GetTable {"DatabaseName":"whole","Name":"it"}`, "{}", entityNotFound},
	"AWS::IAM::Role":                       {"POST / Action=GetRole&RoleName=it&Version=2010-05-08", "<GetRoleResponse><GetRoleResult></GetRoleResult></GetRoleResponse>", "NoSuchEntity"},
	"AWS::KinesisFirehose::DeliveryStream": {`Firehose_20150804.DescribeDeliveryStream {"DeliveryStreamName":"it"}`, "{}", resourceNotFound},
	"AWS::Lambda::Function":                {"GET /2015-03-31/functions/it", "{}", resourceNotFound},
	"AWS::Lambda::Permission":              {"GET /2015-03-31/functions/whole/policy", `{"Policy": "{\"Sid\":\"it\"}"}`, resourceNotFound},
	"AWS::Logs::LogGroup":                  {`Logs_20140328.DescribeLogGroups {"logGroupNamePrefix":"it"}`, `{"logGroups": [{"logGroupName": "it"}]}`, ""},
	"AWS::Logs::LogStream":                 {`Logs_20140328.DescribeLogStreams {"logGroupName":"whole","logStreamNamePrefix":"it"}`, `{"logStreams": [{"logStreamName": "it"}]}`, resourceNotFound},
	"AWS::S3::Bucket":                      {"HEAD /it", "", "NotFound"},
	"AWS::S3::BucketPolicy":                {"GET /whole", "{}", "NoSuchBucketPolicy"},
	"AWS::Scheduler::Schedule":             {"GET /schedules/it", "{}", resourceNotFound},
}

func TestExists(t *testing.T) {
	for kind, c := range kinds {
		t.Run(kind, func(t *testing.T) {
			r := Resource{Type: kind, ID: "it"}
			if parts[kind] != "" {
				r.Parents = []string{"whole"}
			}
			e, a := newAWS(t, 200, "", c.yes)
			if there, err := e.Exists(t.Context(), r); err != nil || !there {
				t.Errorf("there: %v, %v", there, err)
			}
			if !slices.Equal(a.asked, []string{c.asks}) {
				t.Errorf("asked %q", a.asked)
			}
			e, _ = newAWS(t, 404, c.no, answerOf(kind, c.no))
			if c.no == "" {
				e, _ = newAWS(t, 200, "", `{"logGroups": [{"logGroupName": "it-too"}]}`)
			}
			if there, err := e.Exists(t.Context(), r); err != nil || there {
				t.Errorf("gone: %v, %v", there, err)
			}
			e, _ = newAWS(t, 403, "AccessDeniedException", answerOf(kind, "AccessDenied"))
			if there, err := e.Exists(t.Context(), r); err == nil || there {
				t.Errorf("denied: %v, %v", there, err)
			}
		})
	}
}

// answerOf is an error in the form of the type's service.
func answerOf(kind, code string) string {
	switch {
	case kind == "AWS::S3::Bucket":
		return ""
	case strings.HasPrefix(kind, "AWS::S3"):
		return "<Error><Code>" + code + "</Code></Error>"
	case strings.HasPrefix(kind, "AWS::IAM"):
		return "<ErrorResponse><Error><Code>" + code + "</Code></Error></ErrorResponse>"
	}
	return `{"__type": "` + code + `", "message": "WorkGroup it is not found."}`
}

func TestExistsRefuses(t *testing.T) {
	e, a := newAWS(t, 200, "", "{}")
	if _, err := e.Exists(t.Context(), Resource{Type: "AWS::EC2::VPC", ID: "it"}); !errors.Is(err, ErrUnknownType) {
		t.Errorf("got %v", err)
	}
	for kind := range parts {
		if _, err := e.Exists(t.Context(), Resource{Type: kind, ID: "it"}); !errors.Is(err, ErrNoParent) {
			t.Errorf("%s: %v", kind, err)
		}
	}
	if len(a.asked) > 0 {
		t.Errorf("asked %q", a.asked)
	}
}

// A permission whose statement is gone is gone though the function has others.
func TestPermissionGone(t *testing.T) {
	e, _ := newAWS(t, 200, "", `{"Policy": "{\"Sid\":\"item\"}"}`)
	if there, err := e.Exists(t.Context(), Resource{Type: "AWS::Lambda::Permission", ID: "it", Parents: []string{"f"}}); err != nil || there {
		t.Errorf("%v, %v", there, err)
	}
}

// Another fault of Athena's one error is no missing workgroup.
func TestWorkGroupInvalid(t *testing.T) {
	e, _ := newAWS(t, 400, "InvalidRequestException", `{"__type": "InvalidRequestException", "message": "name is too long"}`)
	if _, err := e.Exists(t.Context(), Resource{Type: "AWS::Athena::WorkGroup", ID: "it"}); err == nil {
		t.Error("taken as missing")
	}
}

func TestAdopt(t *testing.T) {
	got := Adopt([]Resource{
		{Type: "AWS::Glue::Database", ID: "db"},
		{Type: "AWS::Glue::Table", ID: "tp_hits"},
		{Type: "AWS::S3::Bucket", ID: "a"},
		{Type: "AWS::S3::Bucket", ID: "b"},
		{Type: "AWS::S3::BucketPolicy", ID: "b"},
		{Type: "AWS::Lambda::Permission", ID: "p", Parents: []string{"mine"}},
	})
	want := [][]string{nil, {"db"}, nil, nil, {"a", "b"}, {"mine"}}
	for i := range want {
		if !reflect.DeepEqual(got[i].Parents, want[i]) {
			t.Errorf("%s has %q", got[i].Type, got[i].Parents)
		}
	}
	e, a := newAWS(t, 404, "", answerOf("AWS::S3::BucketPolicy", "NoSuchBucket"))
	if there, err := e.Exists(t.Context(), got[4]); err != nil || there || !slices.Equal(a.asked, []string{"GET /b"}) {
		t.Errorf("%v, %v, asked %q", there, err, a.asked)
	}
}

func TestLogs(t *testing.T) {
	for _, c := range []struct {
		status int
		code   string
		kind   fault.Kind
	}{{200, "", 0}, {400, resourceNotFound, 0}, {400, "AccessDeniedException", fault.Credentials}} {
		e, a := newAWS(t, c.status, c.code, answerOf("", c.code))
		if err := e.DeleteCrawlerLogs(t.Context(), "crawler"); fault.KindOf(err) != c.kind {
			t.Errorf("%s: %v", c.code, err)
		}
		if err := e.DeleteLogGroup(t.Context(), "/aws/lambda/f"); fault.KindOf(err) != c.kind {
			t.Errorf("%s: %v", c.code, err)
		}
		want := []string{
			`Logs_20140328.DeleteLogStream {"logGroupName":"/aws-glue/crawlers","logStreamName":"crawler"}`,
			`Logs_20140328.DeleteLogGroup {"logGroupName":"/aws/lambda/f"}`,
		}
		if !slices.Equal(a.asked, want) {
			t.Errorf("asked %q", a.asked)
		}
	}
}
