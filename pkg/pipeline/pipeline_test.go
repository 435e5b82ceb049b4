package pipeline

import (
	"testing"
	"time"

	"pixelctl/pkg/fault"
)

func TestValidateBuffer(t *testing.T) {
	t.Parallel()
	for d, ok := range map[time.Duration]bool{
		time.Minute: true, 15 * time.Minute: true, 61 * time.Second: true,
		0: false, -time.Minute: false, 59 * time.Second: false, 15*time.Minute + time.Second: false, time.Minute + time.Millisecond: false,
	} {
		err := ValidateBuffer(d)
		if (err == nil) != ok || err != nil && (fault.KindOf(err) != fault.Usage || fault.HintOf(err) == "") {
			t.Errorf("%s: %v, want valid %v", d, err, ok)
		}
	}
}
