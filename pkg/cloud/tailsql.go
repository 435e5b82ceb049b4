package cloud

import (
	"slices"
	"strings"

	"pixelctl/pkg/cloud/bucket"
	"pixelctl/pkg/event"
	"pixelctl/pkg/lake"
	"pixelctl/pkg/query"
)

// tailSQL gives the newest rows of some objects under conditions, at most so many.
func tailSQL(schema event.Schema, bucketName string, files []bucket.Object, conditions []string, most int) string {
	hours, paths := []lake.Hour{}, make([]string, len(files))
	for i, f := range files {
		paths[i] = "s3://" + bucketName + "/" + f.Key
		if h, err := hourOfKey(f.Key); err == nil && !slices.Contains(hours, h) {
			hours = append(hours, h)
		}
	}
	in := `"$path" IN ` + literals(paths)
	return query.NewestSQL(schema, append([]string{"(" + inHours(hours) + ")", in}, conditions...), most)
}

// tailed is tailSQL over files that are given by their URL, with each kind of
// filter.
func tailed(schema event.Schema, h lake.Hour, files []string) (string, error) {
	var list []bucket.Object
	name := ""
	for _, f := range files {
		rest, key, _ := strings.Cut(strings.TrimPrefix(f, "s3://"), "/")
		name, list = rest, append(list, bucket.Object{Key: key})
	}
	if len(list) == 0 {
		list = []bucket.Object{{Key: dataPrefix + h.Path() + "/none"}}
	}
	var conditions []string
	for _, text := range []string{"site=it's", "site!=x", "page_path~A", "user_agent!~curl", "params.a=b", "screen_width!=1", "value=1.5", "is_bot=false"} {
		filter, err := query.ParseFilter(text)
		if err != nil {
			return "", err
		}
		c, err := filter.Predicate(schema)
		if err != nil {
			return "", err
		}
		conditions = append(conditions, c)
	}
	return tailSQL(schema, name, list, conditions, 10), nil
}
