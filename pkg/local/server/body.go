package server

import (
	"errors"
	"io"

	"pixelctl/pkg/beacon"
)

// readBody appends at most one byte more than the beacon takes, so that it can
// tell a cut body from a whole one. What cannot be read is as if it were not
// sent: the visitor gets the image all the same.
func readBody(dst []byte, r io.Reader) []byte {
	if cap(dst) < beacon.MaxBody+1 {
		dst = make([]byte, 0, beacon.MaxBody+1)
	}
	for len(dst) < beacon.MaxBody+1 {
		n, err := r.Read(dst[len(dst) : beacon.MaxBody+1])
		dst = dst[:len(dst)+n]
		if errors.Is(err, io.EOF) || err != nil {
			break
		}
	}
	return dst
}
