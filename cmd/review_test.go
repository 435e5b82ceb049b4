package cmd

import (
	"bytes"
	"strings"
	"testing"

	"pixelctl/pkg/fault"
	"pixelctl/pkg/pipeline"
	"pixelctl/pkg/ui"
)

// typed is an app at a terminal where somebody types.
func typed(answer string, o ui.TestOptions) (*app, *bytes.Buffer) {
	var out, errs bytes.Buffer
	o.ErrTTY, o.OutTTY = o.InTTY, o.InTTY
	return &app{streams: ui.Test(&out, &errs, strings.NewReader(answer), o), flags: globals{stack: "shop"}}, &errs
}

func TestReviewAsksBeforeALoss(t *testing.T) {
	adds := []pipeline.ResourceChange{{Action: "Add", ID: "DataBucket", Type: "AWS::S3::Bucket"}}
	loses := append(adds, pipeline.ResourceChange{Action: "Replace", ID: "Api", Type: "AWS::ApiGatewayV2::Api", Destroys: "the address of API a1"})
	tests := []struct {
		name, answer string
		list         []pipeline.ResourceChange
		tty          bool
		flags        globals
		want         fault.Kind
		shown        string
	}{
		{"nothing is lost", "", adds, true, globals{}, 0, "DataBucket"},
		{"the name", "shop\n", loses, true, globals{}, 0, "shop"},
		{"another name", "yes\n", loses, true, globals{}, fault.Failed, "destroys the address of API a1"},
		{"end of input", "", loses, true, globals{}, fault.Failed, "Deploy destroys"},
		{"nobody to ask", "shop\n", loses, false, globals{}, fault.Usage, "destroys the address of API a1"},
		{"--yes", "", loses, false, globals{yes: true}, 0, "destroys the address of API a1"},
		{"--quiet", "", adds, true, globals{quiet: true}, 0, ""},
		{"--quiet and a loss", "no\n", loses, true, globals{quiet: true}, fault.Failed, "destroys the address of API a1"},
		{"--quiet --yes", "", loses, true, globals{quiet: true, yes: true}, 0, ""},
		{"--json for a program", "", loses, false, globals{json: true, yes: true}, 0, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			a, errs := typed(tt.answer, ui.TestOptions{InTTY: tt.tty})
			tt.flags.stack = a.flags.stack
			a.flags = tt.flags
			if err := a.review(t.Context(), tt.list); fault.KindOf(err) != tt.want {
				t.Errorf("got %v, want kind %d", err, tt.want)
			}
			if got := errs.String(); !strings.Contains(got, tt.shown) || tt.shown == "" && got != "" {
				t.Errorf("shown %q, want %q", got, tt.shown)
			}
		})
	}
}

func TestConfirmTellsNoFromNobody(t *testing.T) {
	tests := []struct {
		name, answer string
		tty, yes, ok bool
		want         fault.Kind
	}{
		{"yes", "yes\n", true, false, true, 0},
		{"no", "no\n", true, false, false, 0},
		{"end of input", "", true, false, false, 0},
		{"nobody to ask", "yes\n", false, false, false, fault.Usage},
		{"--yes", "", false, true, true, 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			a, _ := typed(tt.answer, ui.TestOptions{InTTY: tt.tty})
			a.flags.yes = tt.yes
			ok, err := a.confirm(t.Context(), "Delete it?")
			if ok != tt.ok || fault.KindOf(err) != tt.want {
				t.Errorf("got %v, %v", ok, err)
			}
		})
	}
}

// TestQuestionsStandAlone asks in the middle of an operation's progress.
func TestQuestionsStandAlone(t *testing.T) {
	a, errs := typed("yes\n", ui.TestOptions{InTTY: true, Settings: ui.Settings{Env: func(string) string { return "" }}})
	err := a.follow(func(sink pipeline.Sink) error {
		sink.Send(pipeline.Event{Phase: pipeline.Begin, Step: "deploy"})
		ok, err := a.confirm(t.Context(), "Delete it?")
		if err == nil && !ok {
			t.Error("yes was no")
		}
		a.tell("a call")
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	asked, told := strings.Index(errs.String(), "Delete it?"), strings.Index(errs.String(), "a call")
	if asked < 0 || told < asked || !strings.Contains(errs.String()[:asked], "deploy") {
		t.Errorf("got %q", errs)
	}
}

func TestParseSize(t *testing.T) {
	a, _ := typed("", ui.TestOptions{})
	c := newQuery(a)
	for s, want := range map[string]int64{
		"": 0, "1": 1, "100B": 100, "10GB": 10e9, "512MiB": 512 << 20, "1.5GiB": 3 << 29, "2 tb": 2e12, "7k": 7000,
	} {
		if got, err := parseSize(c, "max-scan", s); err != nil || got != want {
			t.Errorf("%q is %d, %v; want %d", s, got, err, want)
		}
	}
	for _, s := range []string{"0", "-1GB", "GB", "10PB", "1e30GB", "ten", "1Gi B", "NaN", "Inf", "0.5"} {
		if got, err := parseSize(c, "max-scan", s); fault.KindOf(err) != fault.Usage {
			t.Errorf("%q is %d, %v", s, got, err)
		}
	}
}

func TestParseDays(t *testing.T) {
	a, _ := typed("", ui.TestOptions{})
	c := newDeploy(a)
	for s, want := range map[string]int{"0": 0, "0d": 0, "395d": 395, "395": 395, "36500d": 36500} {
		if got, err := parseDays(c, "retention", s); err != nil || got != want {
			t.Errorf("%q is %d, %v; want %d", s, got, err, want)
		}
	}
	for _, s := range []string{"", "d", "-1d", "36501d", "13 months", "1w", "1dd"} {
		if got, err := parseDays(c, "retention", s); fault.KindOf(err) != fault.Usage {
			t.Errorf("%q is %d, %v", s, got, err)
		}
	}
}
