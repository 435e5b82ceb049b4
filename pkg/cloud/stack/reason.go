package stack

import (
	"errors"
	"regexp"
	"strings"

	"pixelctl/pkg/fault"
)

// remedies map words of a resource's reason to what mends it; the first that
// matches wins. The words are those of the services' resource handlers.
var remedies = []struct{ pattern, hint string }{
	{races, "a role made just now is not known everywhere yet: run pixelctl deploy again in a minute"},
	{`Lake Formation`, "Lake Formation guards the catalog: aws lakeformation grant-permissions gives the role its database and table"},
	{`BucketAlreadyExists|BucketAlreadyOwnedByYou|bucket name is not available|S3.*already exists`, "the bucket's name is taken: choose another stack name by --stack NAME"},
	{`LogGroup.*already exists|log group.*already exists`, "an earlier stack left the log group: aws logs delete-log-group --log-group-name NAME, then pixelctl deploy"},
	{`(?i)already ?exists`, "something of this name is there: delete it, or choose another stack name by --stack NAME"},
	{`(?i)not empty`, "pixelctl destroy empties the buckets first"},
	{`(?i)service control policy|permissions boundary`, "an administrator of the organization forbids it; pixelctl policy deploy prints what is needed"},
	{`(?i)access ?denied|not authorized|unauthorized|forbidden|permission`, "pixelctl policy deploy prints the policy that the caller, or the role of --role-arn, needs"},
	{`(?i)limit ?exceeded|quota|too many|maximum number`, "free some, or ask for more: aws service-quotas list-services finds the quota to raise"},
	{`(?i)throttl|rate exceeded|SlowDown`, "AWS slows this account down: run it again in a minute"},
	{`(?i)internal ?(error|failure)|ServiceInternalError|GeneralServiceException`, "AWS failed, not the template: run it again in a minute"},
}

// races are the words in which services refuse a role, made seconds ago, that
// IAM has not spread to them yet.
const races = `(?i)unable to assume( the| provided)? role|cannot be assumed|must allow .* to assume the role|security token included in the request is invalid|provided role.*assume`

// raceError marks a failure that a second attempt is likely to mend.
type raceError struct{ err error }

func (r *raceError) Error() string { return r.err.Error() }

// Unwrap gives the failure.
func (r *raceError) Unwrap() error { return r.err }

// reasoned gives an error the hint, and where it applies the kind, that a
// resource's reason calls for.
func reasoned(err *fault.Error, reason string) error {
	for _, r := range remedies {
		if !regexp.MustCompile(r.pattern).MatchString(reason) {
			continue
		}
		err.Hint = r.hint
		if strings.Contains(r.hint, "pixelctl policy deploy") && err.Kind == fault.Failed {
			err.Kind = fault.Credentials
		}
		if r.pattern == races {
			return &raceError{err: err}
		}
		break
	}
	return err
}

// raced reports whether err is the race of a fresh role.
func raced(err error) bool {
	var r *raceError
	return errors.As(err, &r)
}
