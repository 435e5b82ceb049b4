package cloud

import (
	"context"
	"path"
	"slices"
	"strings"

	"pixelctl/pkg/fault"
	"pixelctl/pkg/lake"
	"pixelctl/pkg/pipeline"
)

// surveyed is one file of the lake.
type surveyed struct {
	key          string
	rows, inside int64 // all, and those that are chosen
}

func (f surveyed) whole() bool { return f.inside > 0 && f.inside == f.rows }

// mostHours bounds the hours that one statement names.
const mostHours = 1000

// survey asks for the rows of each file of some hours, by key.
func (r *removal) survey(ctx context.Context, hours []lake.Hour) ([]surveyed, error) {
	var files []surveyed
	for some := range slices.Chunk(hours, mostHours) {
		rows, _, err := r.ask(ctx, surveySQL(some, r.rows))
		if err != nil {
			return nil, fault.New(fault.KindOf(err), "look into the files that hold such rows: %w", err).
				WithHint("%s", hintOr(err, "when a file is damaged remove it, or purge its whole hour"))
		}
		for _, row := range rows {
			if f, ok := r.surveyed(row); ok {
				files = append(files, f)
			}
		}
	}
	slices.SortFunc(files, func(a, b surveyed) int { return strings.Compare(a.key, b.key) })
	return files, nil
}

func (r *removal) surveyed(row []any) (surveyed, bool) {
	if len(row) != 3 {
		return surveyed{}, false
	}
	key, ok := r.key(row[0])
	f := surveyed{key: key}
	f.rows, _ = row[1].(int64)
	f.inside, _ = row[2].(int64)
	return f, ok
}

// key is that of a "$path".
func (r *removal) key(of any) (string, bool) {
	url, _ := of.(string)
	_, key, ok := strings.Cut(url, "://"+r.d.data+"/")
	return key, ok
}

// sizes gives the bytes of files by key, from a listing of each directory.
func (r *removal) sizes(ctx context.Context, keys []string) (map[string]int64, error) {
	all := map[string]int64{}
	listed := map[string]bool{}
	for _, key := range keys {
		dir := path.Dir(key) + "/"
		if listed[dir] {
			continue
		}
		listed[dir] = true
		objects, err := r.t.bucket.List(ctx, r.d.data, dir, 0)
		if err != nil {
			return nil, err
		}
		for _, o := range objects {
			all[o.Key] = o.Size
		}
	}
	return all, nil
}

func keysOf(files []surveyed) []string {
	keys := make([]string, len(files))
	for i, f := range files {
		keys[i] = f.key
	}
	return keys
}

func hourOfKey(key string) (lake.Hour, error) {
	h, _, err := lake.ParseHour(strings.TrimPrefix(path.Dir(key), dataPrefix))
	return h, err
}

// warn tells of directories that are another name of an hour: the table reads
// one name of an hour, so nobody can ask for the rows of the other.
func (r *removal) warn(hours []lake.Hour, padded []string) {
	for _, dir := range padded {
		if h, _, err := lake.ParseHour(dir); err == nil && slices.Contains(hours, h) {
			r.sink.Send(pipeline.Event{Phase: pipeline.Warn, Step: string(r.work), Text: dir + " is a second name of an hour that may hold such rows: look into it yourself"})
		}
	}
}

// prune takes hours out of the catalog that hold no file any more.
func (r *removal) prune(ctx context.Context, known []lake.Hour) error {
	if r.d.projected() || len(known) == 0 {
		return nil
	}
	gone, err := r.d.catalog.Gone(ctx, r.t.lister(r.d), known)
	if err != nil {
		return err
	}
	_, err = r.d.catalog.Prune(ctx, gone)
	return err
}
