package awsfake

import (
	"crypto/sha256"
	"encoding/binary"
	"strconv"
	"strings"
	"sync"
)

// names makes the names and ids that AWS draws at random. They are the same in
// each run of a test.
type names struct {
	lock sync.Mutex
	n    uint64
}

const (
	upperChars = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
	lowerChars = "abcdefghijklmnopqrstuvwxyz0123456789"
)

// random gives a text of n of the characters.
func (x *names) random(chars string, n int) string {
	x.lock.Lock()
	x.n++
	sum := sha256.Sum256([]byte(strconv.FormatUint(x.n, 10)))
	x.lock.Unlock()
	out := make([]byte, n)
	for i := range out {
		out[i] = chars[int(binary.BigEndian.Uint16(sum[i*2:]))%len(chars)]
	}
	return string(out)
}

// physical is a name as CloudFormation makes it for a resource without one:
// stack, logical id and twelve random characters. What is too long is cut in
// the front parts.
func (x *names) physical(stack, logical string, most int) string {
	const tail = 12
	front := stack + "-" + logical
	if room := most - tail - 1; len(front) > room {
		logical = logical[:min(len(logical), room/2)]
		front = stack[:min(len(stack), room-len(logical)-1)] + "-" + logical
	}
	return front + "-" + x.random(upperChars, tail)
}

// bucket is a name for a bucket: lower case, at most 63 characters.
func (x *names) bucket(stack, logical string) string {
	return strings.ToLower(x.physical(stack, logical, 63))
}
