package s3

import (
	"bufio"
	"bytes"
	"crypto/md5"  //nolint:gosec // Content-MD5 is part of the API
	"crypto/sha1" //nolint:gosec // x-amz-checksum-sha1 is part of the API
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"hash"
	"hash/crc32"
	"hash/crc64"
	"io"
	"maps"
	"net/http"
	"strconv"
	"strings"

	"pixelctl/pkg/awsfake/wire"
)

// checksum is what the client declared of a body.
type checksum struct {
	header string // canonical name, such as X-Amz-Checksum-Crc32; "" when none was sent
	text   string // base64
	md5    bool   // Content-MD5 was sent
}

// reversedNVME is the polynomial of CRC-64/NVME in the form of hash/crc64.
const reversedNVME = 0x9a6c9329ac4bc9b5

// algorithms are the checksums of the API by their header.
var algorithms = map[string]func() hash.Hash{
	"X-Amz-Checksum-Crc32":     func() hash.Hash { return crc32.NewIEEE() },
	"X-Amz-Checksum-Crc32c":    func() hash.Hash { return crc32.New(crc32.MakeTable(crc32.Castagnoli)) },
	"X-Amz-Checksum-Crc64nvme": func() hash.Hash { return crc64.New(crc64.MakeTable(reversedNVME)) },
	"X-Amz-Checksum-Sha1":      sha1.New,
	"X-Amz-Checksum-Sha256":    sha256.New,
}

// readBody reads and verifies the body: aws-chunked framing with trailers when
// x-amz-content-sha256 says STREAMING, plain otherwise.
func readBody(r *http.Request) ([]byte, checksum, error) {
	raw, err := io.ReadAll(io.LimitReader(r.Body, maxBody+1))
	if err != nil {
		return nil, checksum{}, wire.Error{Code: "IncompleteBody", Message: err.Error()}
	}
	if len(raw) > maxBody {
		return nil, checksum{}, wire.Error{Code: "EntityTooLarge", Message: "Your proposed upload exceeds the maximum allowed object size."}
	}
	declared := r.Header
	if strings.HasPrefix(r.Header.Get("X-Amz-Content-Sha256"), "STREAMING-") {
		trailer, body, err := unchunk(raw)
		if err != nil {
			return nil, checksum{}, wire.Error{Code: "IncompleteBody", Message: err.Error()}
		}
		if n := r.Header.Get("X-Amz-Decoded-Content-Length"); n != strconv.Itoa(len(body)) {
			return nil, checksum{}, wire.Error{Code: "IncompleteBody", Message: "You did not provide the number of bytes specified by the x-amz-decoded-content-length HTTP header"}
		}
		raw, declared = body, merge(r.Header, trailer)
	}
	sum, err := verify(raw, declared)
	return raw, sum, err
}

func merge(a, b http.Header) http.Header {
	all := a.Clone()
	maps.Copy(all, b)
	return all
}

// unchunk takes the aws-chunked framing off: "<hex size>[;signature]\r\n<data>
// \r\n" until a chunk of size 0, then trailers.
func unchunk(raw []byte) (http.Header, []byte, error) {
	in, body := bufio.NewReader(bytes.NewReader(raw)), []byte{}
	for {
		line, err := in.ReadString('\n')
		if err != nil {
			return nil, nil, errors.New("the chunk has no size")
		}
		text, _, _ := strings.Cut(strings.TrimSpace(line), ";")
		size, err := strconv.ParseInt(text, 16, 32)
		if err != nil || size < 0 || size > maxBody {
			return nil, nil, errors.New("the size of the chunk is no number")
		}
		if size == 0 {
			return trailers(in), body, nil
		}
		chunk := make([]byte, size+2)
		if _, err := io.ReadFull(in, chunk); err != nil {
			return nil, nil, errors.New("the chunk is shorter than its size")
		}
		body = append(body, chunk[:size]...)
	}
}

func trailers(in *bufio.Reader) http.Header {
	found := http.Header{}
	for {
		line, err := in.ReadString('\n')
		if name, value, ok := strings.Cut(line, ":"); ok {
			found.Set(name, strings.TrimSpace(value))
		}
		if err != nil {
			return found
		}
	}
}

// verify compares what the client declared with the body.
func verify(body []byte, declared http.Header) (checksum, error) {
	sum := checksum{md5: declared.Get("Content-Md5") != ""}
	digest := md5.Sum(body) //nolint:gosec // Content-MD5 is part of the API
	if sum.md5 && declared.Get("Content-Md5") != base64.StdEncoding.EncodeToString(digest[:]) {
		return sum, wire.Error{Code: "BadDigest", Message: "The Content-MD5 you specified did not match what we received."}
	}
	plain := sha256.Sum256(body)
	if text := declared.Get("X-Amz-Content-Sha256"); len(text) == 64 && text != hex.EncodeToString(plain[:]) {
		return sum, wire.Error{Code: "XAmzContentSHA256Mismatch", Message: "The provided 'x-amz-content-sha256' header does not match what was computed."}
	}
	for header, algorithm := range algorithms {
		text := declared.Get(header)
		if text == "" {
			continue
		}
		if want := sumOf(algorithm, body); text != want {
			return sum, wire.Error{Code: "BadDigest", Message: "The " + strings.ToUpper(strings.TrimPrefix(header, "X-Amz-Checksum-")) + " you specified did not match the calculated checksum."}
		}
		sum.header, sum.text = header, text
	}
	return sum, nil
}

func sumOf(algorithm func() hash.Hash, body []byte) string {
	h := algorithm()
	h.Write(body)
	return base64.StdEncoding.EncodeToString(h.Sum(nil))
}
