package template

import (
	"bytes"
	"fmt"

	"go.yaml.in/yaml/v3"
)

// Compact returns the template without comments and blank lines, which
// CloudFormation does not look at and MaxBody counts.
func Compact(body []byte) ([]byte, error) {
	root, err := parse(body)
	if err != nil {
		return nil, err
	}
	strip(root)
	var b bytes.Buffer
	enc := yaml.NewEncoder(&b)
	enc.SetIndent(2)
	enc.CompactSeqIndent()
	if err := enc.Encode(root); err != nil {
		return nil, fmt.Errorf("write the template: %w", err)
	}
	if err := enc.Close(); err != nil {
		return nil, fmt.Errorf("write the template: %w", err)
	}
	return b.Bytes(), nil
}

func strip(n *yaml.Node) {
	n.HeadComment, n.LineComment, n.FootComment = "", "", ""
	for _, c := range n.Content {
		strip(c)
	}
}
