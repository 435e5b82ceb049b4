package athena

import (
	"errors"
	"strings"
	"testing"

	"pixelctl/pkg/awsfake/wire"
	"pixelctl/pkg/fault"
	"pixelctl/pkg/query"
)

func TestWrongSQLHasAPlace(t *testing.T) {
	const sql = "SELECT x\nFROM tp_hits WHEER site = 'x'"
	tests := []struct {
		name         string
		start        any // refusal of the start, or
		end          any // the state it ends in
		line, column int
		message      string
	}{
		{
			"parser",
			wire.Error{Code: "InvalidRequestException", Message: "MALFORMED_QUERY|line 2:20: mismatched input 'site'. Expecting: ',', 'WHERE', <EOF>"},
			nil, 2, 20, "mismatched input 'site'. Expecting: ',', 'WHERE', <EOF>",
		},
		{
			"parser of Hive",
			wire.Error{Code: "InvalidRequestException", Message: "MALFORMED_QUERY|line 1:6 missing EOF at 'x'"},
			nil, 1, 6, "missing EOF at 'x'",
		},
		{
			"parser of Hive at its end", nil, because("FAILED", "FAILED: ParseException line 1:6 missing EOF at 'x'", nil), 1, 6, "missing EOF at 'x'",
		},
		{
			"no place",
			wire.Error{Code: "InvalidRequestException", Message: "MALFORMED_QUERY|Queries of this type are not supported"},
			nil, 0, 0, "Queries of this type are not supported",
		},
		{
			"column", nil, because("FAILED", "COLUMN_NOT_FOUND: line 1:8: Column 'x' cannot be resolved or requester is not authorized to access requested resources",
				map[string]any{"ErrorCategory": 2, "ErrorType": 1006}),
			1, 8, "Column 'x' cannot be resolved or requester is not authorized to access requested resources",
		},
		{
			"advice cut off", nil, because("FAILED", `SYNTAX_ERROR: line 1:8: Column 'x' cannot be resolved. This query ran against the "db" database, unless qualified by the query.`, nil),
			1, 8, "Column 'x' cannot be resolved.",
		},
		{"semantics", nil, because("FAILED", "SYNTAX_ERROR: Table is bad", nil), 0, 0, "Table is bad"},
		{"outside", nil, because("FAILED", "SYNTAX_ERROR: line 9:8: far", nil), 0, 0, "far"},
		{"huge", nil, because("FAILED", "SYNTAX_ERROR: line 99999999999999999999:8: far", nil), 0, 0, "far"},
	}
	for _, tt := range tests {
		s := newScript(t)
		if tt.start != nil {
			s.on("StartQueryExecution", tt.start)
		} else {
			s.on("GetQueryExecution", tt.end)
		}
		_, err := s.engine(Options{}).Query(t.Context(), sql)
		var wrong *query.SyntaxError
		if !errors.As(err, &wrong) || wrong.SQL != sql || wrong.Line != tt.line || wrong.Column != tt.column || wrong.Message != tt.message {
			t.Errorf("%s: %v (%+v)", tt.name, err, wrong)
		}
	}
}

func TestRefusedStart(t *testing.T) {
	tests := []struct {
		code, message string
		kind          fault.Kind
		text, hint    string
	}{
		{"AccessDeniedException", "User: u is not authorized to perform: athena:StartQueryExecution on resource: w", fault.Credentials, "start query", "athena:StartQueryExecution"},
		{"InvalidRequestException", "INVALID_INPUT|No output location provided.", fault.Failed, "in workgroup pixel: ", ""},
		{"TooManyRequestsException", "Rate exceeded", fault.Failed, "start query", "in a minute"},
	}
	for _, tt := range tests {
		s := newScript(t)
		s.on("StartQueryExecution", wire.Error{Code: tt.code, Message: tt.message})
		_, err := s.engine(Options{}).Query(t.Context(), "SELECT 1")
		if fault.KindOf(err) != tt.kind || !strings.Contains(err.Error(), tt.text) || !strings.Contains(fault.HintOf(err), tt.hint) {
			t.Errorf("%s: %v (kind %d, hint %q)", tt.code, err, fault.KindOf(err), fault.HintOf(err))
		}
		if len(s.made("StopQueryExecution")) > 0 {
			t.Errorf("%s: stopped what did not start", tt.code)
		}
	}
}

func TestFailures(t *testing.T) {
	failure := func(category, kind int, retryable bool) map[string]any {
		return map[string]any{"ErrorCategory": category, "ErrorType": kind, "Retryable": retryable, "ErrorMessage": "told by AthenaError"}
	}
	tests := []struct {
		name, state, reason string
		failure             map[string]any
		kind                fault.Kind
		text, hint          string
	}{
		{"bad data", "FAILED", "HIVE_BAD_DATA: Error parsing field value 'x' for field 3", failure(2, 1, false), fault.Failed, "(user error 1, query " + queryID + ")", "pixelctl fields show"},
		{"schema", "FAILED", "HIVE_PARTITION_SCHEMA_MISMATCH: There is a mismatch", failure(2, 1, false), fault.Failed, "mismatch", "pixelctl repair"},
		{"cursor", "FAILED", "HIVE_CURSOR_ERROR: Row is not a valid JSON Object", failure(2, 1, false), fault.Failed, "JSON", `"$path"`},
		{"split", "FAILED", "HIVE_CANNOT_OPEN_SPLIT: Error opening Hive split s3://x", nil, fault.Failed, "split", "run it again"},
		{"resources", "FAILED", "Query exhausted resources at this scale factor", failure(1, 0, true), fault.Failed, "(system error 0, ", "ORDER BY"},
		{"timeout", "FAILED", "Query timeout", nil, fault.Failed, "timeout", "fewer hours"},
		{"slow down", "FAILED", "com.amazonaws.services.s3.model.AmazonS3Exception: Please reduce your request rate. (Error Code: SlowDown)", nil, fault.Failed, "reduce", "buffer 15m"},
		{"lake formation", "FAILED", "Insufficient Lake Formation permission(s): Required Describe on tp_hits", failure(2, 1500, false), fault.Credentials, "(user error 1500", "aws lakeformation grant-permissions"},
		{"a right", "FAILED", "You are not authorized to perform: athena:GetDataCatalog on the resource. After your AWS administrator", failure(3, 9999, false), fault.Credentials, "(other error 9999", "athena:GetDataCatalog:"},
		{
			"a right on a resource", "FAILED", "User: arn:aws:iam::1:user/u is not authorized to perform: glue:GetTable on resource: arn:aws:glue:us-east-1:1:catalog because no policy",
			nil, fault.Credentials, "glue:GetTable", "glue:GetTable on arn:aws:glue:us-east-1:1:catalog:",
		},
		{"denied", "FAILED", "Permission denied on S3 path: Access Denied (Service: Amazon S3)", nil, fault.Credentials, "S3 path", "pixelctl policy query"},
		{"division", "FAILED", "DIVISION_BY_ZERO: / by zero", failure(2, 1001, false), fault.Failed, "/ by zero (user error 1001", ""},
		{"of AWS", "FAILED", "GENERIC_INTERNAL_ERROR: null", failure(1, 2, false), fault.Failed, "system error 2", "run it again"},
		{"told elsewhere", "FAILED", "", failure(2, 7, false), fault.Failed, "told by AthenaError", ""},
		{"no reason", "FAILED", "", nil, fault.Failed, "names no reason", ""},
		{"by somebody", "CANCELLED", "Query cancelled by user", nil, fault.Failed, "somebody else stopped query " + queryID, "workgroup pixel"},
		{"cut-off", "CANCELLED", "Bytes scanned limit was exceeded", nil, fault.Failed, "workgroup pixel stopped query " + queryID + " at its cut-off, after 5.0 MiB", "get-work-group --work-group pixel"},
		{"cut-off as a failure", "FAILED", "Bytes Scanned limit was exceeded", nil, fault.Failed, "at its cut-off", "fewer hours"},
	}
	for _, tt := range tests {
		s := newScript(t)
		s.on("GetQueryExecution", because(tt.state, tt.reason, tt.failure))
		_, err := s.engine(Options{}).Query(t.Context(), "SELECT 1")
		if fault.KindOf(err) != tt.kind || !strings.Contains(err.Error(), tt.text) || !strings.Contains(fault.HintOf(err), tt.hint) || (tt.hint == "") != (fault.HintOf(err) == "") {
			t.Errorf("%s: %v (kind %d, hint %q)", tt.name, err, fault.KindOf(err), fault.HintOf(err))
		}
		if len(s.made("StopQueryExecution"))+len(s.made("GetQueryResults")) > 0 {
			t.Errorf("%s: calls %v", tt.name, s.calls)
		}
	}
}
