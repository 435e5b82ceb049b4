package cloud

import (
	"context"

	"pixelctl/pkg/lake"
)

// edges removes the rows of the window from files of hours that it does not
// cover.
func (p *purge) edges(ctx context.Context, hours []lake.Hour, padded []string) error {
	p.warn(hours, padded)
	if len(hours) == 0 || p.result.Rows == 0 {
		return nil
	}
	files, err := p.survey(ctx, hours)
	if err != nil {
		return err
	}
	sizes, err := p.sizes(ctx, keysOf(files))
	if err != nil {
		return err
	}
	whole, mixed := sorted(files, surveyed.whole)
	for _, f := range whole {
		p.result.Removed, p.result.Bytes = p.result.Removed+1, p.result.Bytes+sizes[f.key]
	}
	if err := p.t.bucket.RemoveVersions(ctx, p.d.data, keysOf(whole)); err != nil {
		return err
	}
	return p.rewrite(ctx, mixed, sizes, func(files int, freed int64) {
		p.result.Rewritten, p.result.Bytes = p.result.Rewritten+files, p.result.Bytes+freed
	})
}

// sorted tells files that go whole from those that are written anew, by hour.
// Others have no chosen row.
func sorted(files []surveyed, goes func(surveyed) bool) (whole []surveyed, mixed map[lake.Hour][]surveyed) {
	mixed = map[lake.Hour][]surveyed{}
	for _, f := range files {
		if goes(f) {
			whole = append(whole, f)
		} else if h, err := hourOfKey(f.key); f.inside > 0 && err == nil {
			mixed[h] = append(mixed[h], f)
		}
	}
	return whole, mixed
}
