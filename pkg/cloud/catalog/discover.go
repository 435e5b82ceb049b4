package catalog

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/sync/errgroup"

	"pixelctl/pkg/lake"
)

// Lister lists directories of one bucket: the names one level below prefix, up
// to and with the next slash, passing over keys up to after.
type Lister interface {
	Prefixes(ctx context.Context, prefix, after string) ([]string, error)
}

// listings bounds how many directories are listed at a time.
const listings = 16

// Discover finds the hours of the lake that are not in known, by time. It looks
// from since on, and from the hour before the newest known, because Firehose
// files an object under the hour of its oldest record; the zero hour looks at
// the whole lake. It makes one LIST for each directory above the hours, at
// least one a level. Padded names, such as month=07, are returned by name: they
// are another name of the same hour, and such an hour is missing only if
// neither name is known.
func (e *Engine) Discover(ctx context.Context, l Lister, known []lake.Hour, since lake.Hour) (missing []lake.Hour, padded []string, err error) {
	lies, padded, err := lakeHours(ctx, l, floor(known, since))
	if err != nil {
		return nil, nil, err
	}
	have := make(map[lake.Hour]bool, len(known))
	for _, h := range known {
		have[h] = true
	}
	for h, dir := range lies {
		if !have[h] {
			missing = append(missing, h)
			e.remember(h, dir)
		}
	}
	slices.SortFunc(missing, lake.Hour.Compare)
	return missing, padded, nil
}

// remember keeps the directory of an hour that Register would not guess.
func (e *Engine) remember(h lake.Hour, dir string) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if dir != h.Path() {
		e.dirs[h] = dir
		return
	}
	delete(e.dirs, h)
}

// Gone returns those of the registered hours that have no directory any more.
// Hours that are registered with a place outside the lake's layout are not
// judged.
func (e *Engine) Gone(ctx context.Context, l Lister, registered []lake.Hour) ([]lake.Hour, error) {
	lies, _, err := lakeHours(ctx, l, lake.Hour{})
	if err != nil {
		return nil, err
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	var lost []lake.Hour
	for _, h := range registered {
		if _, there := lies[h]; !there && e.odd[h].location == "" {
			lost = append(lost, h)
		}
	}
	return lost, nil
}

func floor(known []lake.Hour, since lake.Hour) lake.Hour {
	if since == (lake.Hour{}) || len(known) == 0 {
		return since
	}
	late := before(slices.MaxFunc(known, lake.Hour.Compare))
	if late.Compare(since) < 0 {
		return late
	}
	return since
}

// lakeHours returns the hours that have a directory at or after from, with the
// directory to take, which is padded only where no other is.
func lakeHours(ctx context.Context, l Lister, from lake.Hour) (map[lake.Hour]string, []string, error) {
	dirs := []string{lake.DataPrefix + "/"}
	for i, key := range lake.PartitionKeys() {
		var err error
		if dirs, err = level(ctx, l, dirs, key.Name, after(i, from)); err != nil {
			return nil, nil, err
		}
		dirs = slices.DeleteFunc(dirs, func(dir string) bool { return older(dir, from) })
	}
	lies := make(map[lake.Hour]string, len(dirs))
	var padded []string
	for _, dir := range dirs {
		path := strings.TrimSuffix(strings.TrimPrefix(dir, lake.DataPrefix+"/"), "/")
		h, canonical, err := lake.ParseHour(path)
		if err != nil {
			continue
		}
		if !canonical {
			padded = append(padded, path)
		}
		if _, there := lies[h]; canonical || !there {
			lies[h] = path
		}
	}
	slices.Sort(padded)
	return lies, padded, nil
}

// after is where the listing of a level may begin. Only years have as many
// digits each, so that their names are in the order of time.
func after(level int, from lake.Hour) string {
	if level > 0 || from.Year < 1000 {
		return ""
	}
	return lake.DataPrefix + "/year=" + strconv.Itoa(from.Year)
}

// level lists what is named key=… below dirs.
func level(ctx context.Context, l Lister, dirs []string, key, after string) ([]string, error) {
	found := make([][]string, len(dirs))
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(listings)
	for i, dir := range dirs {
		g.Go(func() error {
			list, err := l.Prefixes(ctx, dir, after)
			found[i] = slices.DeleteFunc(list, func(name string) bool { return !strings.HasPrefix(name, dir+key+"=") })
			return err
		})
	}
	if err := g.Wait(); err != nil {
		return nil, err
	}
	return slices.Concat(found...), nil
}

// older reports whether all of a directory is before from.
func older(dir string, from lake.Hour) bool {
	limits := []int{from.Year, from.Month, from.Day, from.Hour}
	parts := strings.Split(strings.TrimSuffix(strings.TrimPrefix(dir, lake.DataPrefix+"/"), "/"), "/")
	for i, part := range parts {
		_, digits, _ := strings.Cut(part, "=")
		n, err := strconv.Atoi(digits)
		if err != nil {
			return true // no number, no hour
		}
		if n != limits[i] {
			return n < limits[i]
		}
	}
	return false
}
