package local

import (
	"bufio"
	"encoding/json"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"pixelctl/pkg/event"
	"pixelctl/pkg/local/spool"
	"pixelctl/pkg/pipeline"
)

// counted is what the file of counts holds.
type counted struct {
	pipeline.Hits

	At time.Time `json:"at"` // by the beacon's clock: hits that were received later are not in it
}

// loadCounts reads the counts and adds the records of the spool that came after
// they were written: a server that is killed writes no last ones. What was
// dropped without a record is lost with it. A file that is gone or damaged
// starts from zero: counts are numbers for people, rows are the truth.
func loadCounts(l Layout) (c counted) {
	if b, err := os.ReadFile(l.Counts()); err == nil {
		_ = json.Unmarshal(b, &c)
	}
	if c.Dropped == nil {
		c.Dropped = map[string]int64{}
	}
	if info, err := os.Stat(l.Counts()); err == nil && c.At.IsZero() { // as older versions wrote it
		c.At = info.ModTime()
	}
	since := c.At
	_ = walkFiles(l.Spool(), spool.Suffix, func(path string, info fs.FileInfo) error {
		if info.ModTime().Before(since) { // a spool that cannot be flushed grows: a start must not wait for it
			return nil
		}
		return c.addLater(path, since)
	})
	return c
}

func saveCounts(l Layout, c counted) error { return saveJSON(l.Counts(), c) }

// addLater counts the whole lines of a segment that came after the counts.
func (c *counted) addLater(segment string, since time.Time) (err error) {
	f, err := os.Open(filepath.Clean(segment))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	for lines := bufio.NewReaderSize(f, 64<<10); ; {
		line, err := lines.ReadBytes('\n')
		if err != nil {
			if errors.Is(err, io.EOF) {
				return nil
			}
			return err
		}
		c.add(line, since)
	}
}

// add counts one record. How many came in one request nobody knows any more.
func (c *counted) add(line []byte, since time.Time) {
	var r struct {
		ReceivedAt string `json:"received_at"`
		Status     string `json:"status"`
	}
	if json.Unmarshal(line, &r) != nil {
		return
	}
	at, err := time.Parse(event.TimeLayout, r.ReceivedAt)
	if err != nil || !at.After(since) {
		return
	}
	if at.After(c.At) {
		c.At = at
	}
	c.Received++
	if reason, dropped := strings.CutPrefix(r.Status, "dropped:"); dropped {
		c.Dropped[reason]++
	} else {
		c.Recorded++
	}
}
