package cmd

import (
	"math"
	"strconv"
	"strings"

	"github.com/spf13/cobra"
)

// parseSize takes bytes, or a number with a unit: 500MB, 10GB (powers of 1000),
// 512MiB, 1.5GiB (powers of 1024). Empty is 0.
func parseSize(c *cobra.Command, flag, s string) (int64, error) {
	if s == "" {
		return 0, nil
	}
	number := strings.TrimRight(s, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ ")
	factor, ok := unit(strings.TrimSpace(s[len(number):]))
	v, err := strconv.ParseFloat(number, 64)
	if bytes := v * factor; ok && err == nil && bytes >= 1 && bytes < math.MaxInt64 {
		return int64(bytes), nil
	}
	return 0, usage(c, "--%s: %q is no size", flag, s).WithHint("write 10GB, 512MiB, or a number of bytes")
}

func unit(name string) (float64, bool) {
	name = strings.ToUpper(name)
	if name == "" || name == "B" {
		return 1, true
	}
	power := strings.Index("KMGT", name[:1]) + 1
	switch {
	case power == 0:
		return 0, false
	case name[1:] == "B" || name[1:] == "":
		return math.Pow(1000, float64(power)), true
	case name[1:] == "IB":
		return math.Pow(1024, float64(power)), true
	}
	return 0, false
}

const maxDays = 36500

// parseDays takes 395d, or a plain number of days.
func parseDays(c *cobra.Command, flag, s string) (int, error) {
	n, err := strconv.Atoi(strings.TrimSuffix(s, "d"))
	if err != nil || n < 0 || n > maxDays {
		return 0, usage(c, "--%s: %q is no number of days from 0 to %d", flag, s, maxDays).
			WithHint("write days, such as 90d or 395d; 0 is never")
	}
	return n, nil
}
