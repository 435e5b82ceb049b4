package pipeline

import (
	"strings"
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

func TestSubjectValidate(t *testing.T) {
	t.Parallel()
	for s, ok := range map[Subject]bool{
		{"user_id", "u-1"}: true, {"visitor_id", "'; DROP"}: true, {"ip", "203.0.113.7"}: true, {"ip", "2001:db8::1"}: true,
		{"user_id", ""}: false, {"email", "a@b.example"}: false, {"ip", "203.0.113.0/24"}: false, {"ip", "here"}: false,
		{"user_id", strings.Repeat("x", maxSubject+1)}: false,
	} {
		if err := s.Validate(); (err == nil) != ok || err != nil && fault.KindOf(err) != fault.Usage {
			t.Errorf("%v: %v, want valid %v", s, err, ok)
		}
	}
}
