package traffic

import (
	"math"
	"strings"
	"testing"

	"pixelctl/pkg/fault"
)

func TestValidate(t *testing.T) {
	tests := []struct {
		name   string
		change func(*Options)
		want   string // part of the message; empty is valid
	}{
		{"least", func(*Options) {}, ""},
		{"everything", func(o *Options) { o.Rate, o.Concurrency, o.Days, o.Profile = 0.5, 1024, 3660, Bots }, ""},
		{"no endpoint", func(o *Options) { o.Endpoint = "" }, "endpoint"},
		{"endpoint without scheme", func(o *Options) { o.Endpoint = "localhost:80" }, "endpoint"},
		{"endpoint with query", func(o *Options) { o.Endpoint += "?a" }, "query"},
		{"count 0", func(o *Options) { o.Count = 0 }, "count is 0"},
		{"negative count", func(o *Options) { o.Count = -3 }, "count is -3"},
		{"negative rate", func(o *Options) { o.Rate = -1 }, "rate is -1"},
		{"rate NaN", func(o *Options) { o.Rate = math.NaN() }, "rate is NaN"},
		{"infinite rate", func(o *Options) { o.Rate = math.Inf(1) }, "rate is +Inf"},
		{"negative concurrency", func(o *Options) { o.Concurrency = -1 }, "concurrency is -1"},
		{"high concurrency", func(o *Options) { o.Concurrency = 1025 }, "concurrency is 1025"},
		{"negative days", func(o *Options) { o.Days = -1 }, "days is -1"},
		{"long campaign", func(o *Options) { o.Campaign = strings.Repeat("x", 257) }, "256 bytes"},
		{"profile", func(o *Options) { o.Profile = "browser" }, `unknown profile "browser"`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			o := Options{Endpoint: "http://localhost:1", Count: 1}
			tt.change(&o)
			err := Validate(o)
			if tt.want == "" {
				if err != nil {
					t.Error(err)
				}
				return
			}
			if err == nil || !strings.Contains(err.Error(), tt.want) || fault.KindOf(err) != fault.Usage {
				t.Errorf("got %v of kind %d, want a usage error with %q", err, fault.KindOf(err), tt.want)
			}
		})
	}
}

func TestProfileHint(t *testing.T) {
	tests := []struct{ profile, want string }{
		{"mial", "did you mean mail?"},
		{"bot", "did you mean bots?"},
		{"everything", "use one of web, mail, bots, mixed"},
	}
	for _, tt := range tests {
		err := Validate(Options{Endpoint: "http://localhost:1", Count: 1, Profile: Profile(tt.profile)})
		if got := fault.HintOf(err); !strings.Contains(got, tt.want) {
			t.Errorf("%s: hint %q, want %q", tt.profile, got, tt.want)
		}
	}
}

func TestParseRate(t *testing.T) {
	tests := []struct {
		in   string
		want float64
		ok   bool
	}{
		{"50", 50, true},
		{"50/s", 50, true},
		{"3000/m", 50, true},
		{" 7200 / h ", 2, true},
		{"0", 0, true},
		{"0.5/s", 0.5, true},
		{"", 0, false},
		{"/s", 0, false},
		{"50/", 0, false},
		{"50/day", 0, false},
		{"-1/s", 0, false},
		{"NaN", 0, false},
		{"inf", 0, false},
		{"1e999", 0, false},
		{"fifty", 0, false},
	}
	for _, tt := range tests {
		got, err := ParseRate(tt.in)
		if (err == nil) != tt.ok || got != tt.want {
			t.Errorf("%q: got %v, %v, want %v, %v", tt.in, got, err, tt.want, tt.ok)
		}
		if err != nil && fault.KindOf(err) != fault.Usage {
			t.Errorf("%q: kind %d", tt.in, fault.KindOf(err))
		}
	}
}
