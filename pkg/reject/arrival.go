package reject

import (
	"encoding/json"
	"fmt"
	"time"
)

// Arrival gives when the record of an error line arrived.
func Arrival(line []byte) (time.Time, error) {
	var l struct {
		ArrivalTimestamp int64 `json:"arrivalTimestamp"`
	}
	if err := json.Unmarshal(line, &l); err != nil {
		return time.Time{}, fmt.Errorf("read error line: %w", err)
	}
	if l.ArrivalTimestamp == 0 {
		return time.Time{}, fmt.Errorf("read error line: it has no arrivalTimestamp")
	}
	return time.UnixMilli(l.ArrivalTimestamp).UTC(), nil
}
