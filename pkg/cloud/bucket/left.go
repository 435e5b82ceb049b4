package bucket

import (
	"fmt"
	"slices"
	"sync"

	"pixelctl/pkg/fault"
)

// mostLeft bounds the list of what could not be removed.
const mostLeft = 100

// left collects what could not be removed.
type left struct {
	mu     sync.Mutex
	lines  []string
	total  int
	denied bool
}

func (l *left) add(key, version, code string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.denied = l.denied || code == "AccessDenied"
	if l.total++; l.total > mostLeft {
		return
	}
	if version != "" {
		key += " (" + version + ")"
	}
	l.lines = append(l.lines, key+": "+code)
}

// err is nil when nothing is left.
func (l *left) err(bucket string) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.total == 0 {
		return nil
	}
	lines := l.lines
	if more := l.total - len(lines); more > 0 {
		lines = append(slices.Clip(lines), fmt.Sprintf("and %d more", more))
	}
	err := fault.New(fault.Partial, "empty bucket %s: %d could not be removed", bucket, l.total).WithLeft(lines)
	if l.denied {
		err = err.WithHint("pixelctl policy shows the rights it takes; a bucket policy or object lock may deny them, too")
	}
	return err
}
