package local

import (
	"context"
	"fmt"
	"io/fs"
	"os"

	"pixelctl/pkg/pipeline"
)

// Kept tells what the stack keeps of its visitors. Error lines grow as old as
// rows; the server's log, which holds no hits, and answers to queries, which are
// not stored, have no age.
func (t *Target) Kept(ctx context.Context) (pipeline.Kept, error) {
	s, err := t.deployed()
	if err != nil {
		return pipeline.Kept{}, err
	}
	k := pipeline.Kept{
		Stack: s.Stack, Target: TargetName, Location: t.o.Dir, Spec: s.Spec, Buffer: s.Buffer(),
		RetentionDays: s.RetentionDays, ErrorsDays: s.RetentionDays,
	}
	info, err := os.Stat(t.o.Dir)
	if err != nil {
		return k, fmt.Errorf("look at stack directory: %w", err)
	}
	k.Readers = readers(info.Mode().Perm())
	if _, state, err := running(ctx, t.l); err == nil {
		k.Endpoint = state.Endpoint
	}
	return k, nil
}

// readers says who can look into the directory, by its permissions.
func readers(perm fs.FileMode) []string {
	all := []string{"the user of this machine who owns the directory", "the administrators of this machine"}
	if perm&0o050 == 0o050 {
		all = append(all, "members of the directory's group, as far as its files let them")
	}
	if perm&0o005 == 0o005 {
		all = append(all, "every user of this machine, as far as the files let them")
	}
	return all
}
