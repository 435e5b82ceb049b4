package sample

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"mvdan.cc/sh/v3/shell"
)

// curl is what the words of a curl command say about its request.
type curl struct {
	method, address string
	header          http.Header
	data            []string
	asQuery         bool // -G: data goes into the query
}

// readCurl takes a command as browsers copy it. Variables are empty, and
// substitutions of the shell are refused.
func readCurl(command string) (*http.Request, error) {
	if strings.HasPrefix(strings.TrimSpace(command[len("curl"):]), `^"`) { // what browsers on Windows call cURL (cmd)
		return nil, errors.New("parse curl command: it is quoted for cmd.exe: copy it as cURL (bash)")
	}
	words, err := shell.Fields(command, func(string) string { return "" })
	if err != nil {
		return nil, fmt.Errorf("parse curl command: %w", err)
	}
	c := curl{header: http.Header{}}
	if err := c.words(words[1:]); err != nil {
		return nil, fmt.Errorf("parse curl command: %w", err)
	}
	return c.request()
}

// words reads options and the address.
func (c *curl) words(words []string) error {
	for len(words) > 0 {
		word := words[0]
		words = words[1:]
		if !strings.HasPrefix(word, "-") {
			if err := c.url(word); err != nil {
				return err
			}
			continue
		}
		name, value, glued := split(word)
		kind := optionOf(name)
		if kind > flagOption && !glued {
			if len(words) == 0 {
				return fmt.Errorf("option %s lacks its value", name)
			}
			value, words = words[0], words[1:]
		}
		if err := c.take(kind, name, value); err != nil {
			return err
		}
	}
	return nil
}

// split takes the value off --name=value and -Xvalue.
func split(word string) (name, value string, glued bool) {
	if strings.HasPrefix(word, "--") {
		return strings.Cut(word, "=")
	}
	if len(word) > 2 && optionOf(word[:2]) > flagOption {
		return word[:2], word[2:], true
	}
	return word, "", false
}

// option is what an option of curl means here. Those behind flagOption have a
// value.
type option uint8

const (
	unknownOption option = iota
	getOption
	headOption
	flagOption // without a value and without a bearing on the request
	ignoredOption
	headerOption
	agentOption
	refererOption
	cookieOption
	methodOption
	dataOption
	rawOption
	jsonOption
	encodedOption
	urlOption
)

// options are those that are understood.
var options = []struct {
	kind  option
	names string
}{
	{getOption, "-G --get"},
	{headOption, "-I --head"},
	{headerOption, "-H --header"},
	{agentOption, "-A --user-agent"},
	{refererOption, "-e --referer"},
	{cookieOption, "-b --cookie"},
	{methodOption, "-X --request"},
	{dataOption, "-d --data --data-ascii --data-binary"},
	{rawOption, "--data-raw"},
	{jsonOption, "--json"},
	{encodedOption, "--data-urlencode"},
	{urlOption, "--url"},
	{ignoredOption, "-o -m -w -x -u -c -D --output --max-time --connect-timeout --write-out --retry --resolve --proxy --cacert"},
	{flagOption, "--compressed --insecure --location --silent --show-error --verbose --include --http1.1 --http2 --fail --globoff"},
}

// flagLetters may stand together, such as -sSL.
const flagLetters = "-0124afgikLnNqRsSv#"

func optionOf(name string) option {
	for _, o := range options {
		if slices.Contains(strings.Fields(o.names), name) {
			return o.kind
		}
	}
	if !strings.HasPrefix(name, "--") && strings.Trim(name, flagLetters) == "" {
		return flagOption
	}
	return unknownOption
}

func (c *curl) take(o option, name, value string) error {
	switch o {
	case unknownOption:
		return fmt.Errorf("option %s is not understood here", name)
	case getOption:
		c.asQuery = true
	case headOption:
		c.method = http.MethodHead
	case headerOption:
		return c.headerLine(value)
	case agentOption:
		c.header.Set("User-Agent", value)
	case refererOption:
		c.header.Set("Referer", value)
	case cookieOption:
		return c.cookie(value)
	case methodOption:
		c.method = value
	case dataOption, rawOption, jsonOption, encodedOption:
		return c.content(o, value)
	case urlOption:
		return c.url(value)
	case flagOption, ignoredOption:
	}
	return nil
}

func (c *curl) headerLine(line string) error {
	name, value, ok := strings.Cut(line, ":")
	if !ok || strings.TrimSpace(name) == "" {
		return fmt.Errorf("header %q has no name and colon", line)
	}
	c.header.Add(strings.TrimSpace(name), strings.TrimSpace(value))
	return nil
}

func (c *curl) cookie(v string) error {
	if !strings.Contains(v, "=") {
		return fmt.Errorf("cookies of file %s are not read: paste them", v)
	}
	c.header.Add("Cookie", v)
	return nil
}

// content takes a piece of the body. Of --data-urlencode curl encodes what
// stands behind the first equals sign.
func (c *curl) content(o option, v string) error {
	name, value, named := strings.Cut(v, "=")
	switch {
	case o == dataOption && strings.HasPrefix(v, "@"), o == encodedOption && !named && strings.Contains(v, "@"):
		return fmt.Errorf("data of file %s is not read: paste it", v[strings.IndexByte(v, '@')+1:])
	case o == encodedOption && name != "" && named:
		v = name + "=" + url.QueryEscape(value)
	case o == encodedOption:
		v = url.QueryEscape(name + value)
	case o == jsonOption:
		c.header.Set("Content-Type", "application/json")
	}
	c.data = append(c.data, v)
	return nil
}

func (c *curl) url(v string) error {
	if c.address != "" {
		return fmt.Errorf("two addresses: %s and %s", c.address, v)
	}
	c.address = v
	return nil
}

func (c *curl) request() (*http.Request, error) {
	if c.address == "" {
		return nil, errors.New("parse curl command: it has no address")
	}
	if !strings.Contains(c.address, "://") {
		c.address = "http://" + c.address
	}
	r, err := readURL(c.address)
	if err != nil {
		return nil, err
	}
	body := strings.Join(c.data, "&")
	if c.asQuery {
		r.URL.RawQuery = strings.Trim(r.URL.RawQuery+"&"+body, "&")
		body = ""
	}
	if body != "" {
		r.Method = http.MethodPost
		if c.header.Get("Content-Type") == "" {
			c.header.Set("Content-Type", "application/x-www-form-urlencoded")
		}
	}
	if c.method != "" {
		r.Method = c.method
	}
	if host := c.header.Get("Host"); host != "" {
		r.Host = host
	}
	r.Header, r.Body = c.header, io.NopCloser(strings.NewReader(body))
	return r, nil
}
