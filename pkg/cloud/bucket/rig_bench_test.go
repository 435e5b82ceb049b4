package bucket

import (
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"runtime/metrics"
	"slices"
	"strconv"
	"testing"
	"time"
)

// BenchmarkEmpty empties copies of one bucket by turns with Empty and with
// s5cmd's rm --all-versions, on one versitygw. Of-s5cmd is the median of the
// rounds' ratios of time: below 1, Empty is faster. PIXELCTL_VERSIONS says how
// many versions there are, two for a key, PIXELCTL_ROUNDS how many rounds.
func BenchmarkEmpty(b *testing.B) {
	needRigs(b, "emptying is not measured against s5cmd")
	n, rounds := number(b, "PIXELCTL_VERSIONS", 2000), number(b, "PIXELCTL_ROUNDS", 1)
	g := startGateway(b)
	g.makeBucket(b, "source")
	g.fill(b, "source", n/2, 2)
	var own, other, ratios []float64
	var peak uint64
	for b.Loop() {
		for i := range rounds {
			name := "round-" + strconv.Itoa(i)
			var mine, theirs float64
			var heap uint64
			for turn := range 2 {
				g.clone(b, name)
				if turn == i%2 {
					mine, heap = g.ours(b, name, int64(n))
				} else {
					theirs = g.s5cmd(b, name)
				}
			}
			b.Logf("round %d: Empty %.2f s, s5cmd %.2f s, ratio %.2f, peak heap %.1f MB", i, mine, theirs, mine/theirs, float64(heap)/1e6)
			own, other, ratios, peak = append(own, mine), append(other, theirs), append(ratios, mine/theirs), max(peak, heap)
		}
	}
	b.ReportMetric(0, "ns/op")
	b.ReportMetric(median(own), "s")
	b.ReportMetric(median(other), "s5cmd-s")
	b.ReportMetric(median(ratios), "of-s5cmd")
	b.ReportMetric(float64(peak)/1e6, "peak-heap-MB")
}

func number(b *testing.B, name string, otherwise int) int {
	b.Helper()
	text, ok := os.LookupEnv(name)
	if !ok {
		return otherwise
	}
	n, err := strconv.Atoi(text)
	if err != nil {
		b.Fatal(err)
	}
	return n
}

func median(list []float64) float64 {
	slices.Sort(list)
	return list[len(list)/2]
}

// clone makes bucket name a copy of the bucket source, behind the gateway's back.
func (g *gateway) clone(b *testing.B, name string) {
	b.Helper()
	for _, dir := range []string{g.root, g.versions} {
		if err := os.RemoveAll(filepath.Join(dir, name)); err != nil {
			b.Fatal(err)
		}
		if out, err := exec.Command("cp", "-a", filepath.Join(dir, "source"), filepath.Join(dir, name)).CombinedOutput(); err != nil {
			b.Fatalf("%v: %s", err, out)
		}
	}
}

// ours empties with Empty and returns the seconds and the peak of the heap.
func (g *gateway) ours(b *testing.B, name string, want int64) (float64, uint64) {
	b.Helper()
	e := New(g.client(gatewaySecret))
	peak := watchHeap()
	begin := time.Now()
	got, err := e.Empty(b.Context(), name, "", nil)
	took := time.Since(begin).Seconds()
	heap := peak()
	// Versitygw makes the version before a deleted one the current file, and may
	// then list it once more.
	if err != nil || got.Versions < want {
		b.Fatalf("removed %+v, want %d versions: %v", got, want, err)
	}
	g.wantEmpty(b, name)
	return took, heap
}

func (g *gateway) s5cmd(b *testing.B, name string) float64 {
	b.Helper()
	cmd := exec.Command(rigBinary(b, "s5cmd"), "--endpoint-url", g.endpoint, "--log", "error", "rm", "--all-versions", "s3://"+name+"/*")
	cmd.Env = append(os.Environ(), "AWS_ACCESS_KEY_ID="+gatewayKey, "AWS_SECRET_ACCESS_KEY="+gatewaySecret, "AWS_REGION=us-east-1")
	begin := time.Now()
	if out, err := cmd.CombinedOutput(); err != nil {
		b.Fatalf("s5cmd: %v: %s", err, out)
	}
	took := time.Since(begin).Seconds()
	g.wantEmpty(b, name)
	return took
}

func (g *gateway) wantEmpty(tb testing.TB, name string) {
	tb.Helper()
	u, err := New(g.client(gatewaySecret)).Usage(tb.Context(), name, "")
	if err != nil || u != (Usage{}) {
		tb.Fatalf("left in bucket %s: %+v, %v", name, u, err)
	}
}

// watchHeap samples the live and not yet collected heap until its result is called.
func watchHeap() func() uint64 {
	runtime.GC()
	done, peak := make(chan struct{}), make(chan uint64)
	go func() {
		sample := []metrics.Sample{{Name: "/memory/classes/heap/objects:bytes"}}
		tick := time.NewTicker(5 * time.Millisecond)
		defer tick.Stop()
		var most uint64
		for {
			metrics.Read(sample)
			most = max(most, sample[0].Value.Uint64())
			select {
			case <-tick.C:
			case <-done:
				peak <- most
				return
			}
		}
	}()
	return func() uint64 { close(done); return <-peak }
}
