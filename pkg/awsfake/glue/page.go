package glue

import (
	"encoding/base64"
	"fmt"
	"regexp"

	"pixelctl/pkg/awsfake/wire"
)

// cut takes one page of sorted names. The token holds the last name of the
// page before, so that paging goes on when names come and go meanwhile.
func cut(names []string, in paged, most int) (page []string, token string, err error) {
	limit := most
	if in.MaxResults != 0 {
		limit = in.MaxResults
	}
	if limit < 1 || limit > most {
		return nil, "", wire.Error{Code: "ValidationException", Message: fmt.Sprintf("1 validation error detected: Value '%d' at 'maxResults' failed to satisfy constraint: Member must have value between 1 and %d", limit, most)}
	}
	after, err := base64.StdEncoding.DecodeString(in.NextToken)
	if err != nil {
		return nil, "", invalid("Invalid NextToken")
	}
	for _, name := range names {
		if in.NextToken != "" && name <= string(after) {
			continue
		}
		if len(page) == limit {
			return page, base64.StdEncoding.EncodeToString([]byte(page[limit-1])), nil
		}
		page = append(page, name)
	}
	return page, "", nil
}

// matching filters names by a regular expression on the whole name.
func matching(names []string, expression string) ([]string, error) {
	if expression == "" {
		return names, nil
	}
	pattern, err := regexp.Compile("^(?:" + expression + ")$")
	if err != nil {
		return nil, invalid("Invalid expression %s", expression)
	}
	var found []string
	for _, name := range names {
		if pattern.MatchString(name) {
			found = append(found, name)
		}
	}
	return found, nil
}
