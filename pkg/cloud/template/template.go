// Package template reads and reduces CloudFormation templates as trees of YAML
// nodes, so that short tags (!Ref, !Sub), order and comments survive. It does
// no I/O.
package template

import (
	"bytes"
	"fmt"

	"go.yaml.in/yaml/v3"

	"pixelctl/pkg/fault"
)

// MaxBody is the most bytes of a template that a request can carry
// (CloudFormation quotas, TemplateBody).
const MaxBody = 51_200

// MaxStored is the most bytes of a template that lies in S3 (the same quotas,
// TemplateURL: 1 MB).
const MaxStored = 1_000_000

// The sections of a template that this package knows.
const (
	parameters = "Parameters"
	resources  = "Resources"
	conditions = "Conditions"
	mappings   = "Mappings"
	outputs    = "Outputs"
)

// Parameters returns the names of the template's parameters, in its order.
func Parameters(body []byte) ([]string, error) {
	root, err := parse(body)
	if err != nil {
		return nil, err
	}
	var names []string
	for name := range pairs(field(root, parameters)) {
		names = append(names, name)
	}
	return names, nil
}

// Generator returns the Generator of the template's Metadata, or "": it says
// which tool made the template.
func Generator(body []byte) (string, error) {
	root, err := parse(body)
	if err != nil {
		return "", err
	}
	return text(field(field(root, "Metadata"), "Generator")), nil
}

// Retain returns the template with the deletion and the replacement policy of
// the named resources set to Retain.
func Retain(body []byte, ids ...string) ([]byte, error) {
	root, err := parse(body)
	if err != nil {
		return nil, err
	}
	for _, id := range ids {
		r := field(field(root, resources), id)
		if r == nil {
			return nil, unknown(id)
		}
		set(r, "DeletionPolicy", "Retain")
		set(r, "UpdateReplacePolicy", "Retain")
	}
	return write(root)
}

// Retained reports whether all of the named resources outlive their stack.
func Retained(body []byte, ids ...string) (bool, error) {
	root, err := parse(body)
	if err != nil {
		return false, err
	}
	for _, id := range ids {
		if text(field(field(field(root, resources), id), "DeletionPolicy")) != "Retain" {
			return false, nil
		}
	}
	return true, nil
}

func unknown(id string) error {
	return fault.New(fault.Failed, "template: there is no resource %s", id)
}

// parse reads a template of YAML or JSON into its top mapping.
func parse(body []byte) (*yaml.Node, error) {
	var doc yaml.Node
	if err := yaml.Unmarshal(body, &doc); err != nil {
		return nil, fault.New(fault.Failed, "read the template: %w", err)
	}
	if len(doc.Content) != 1 || doc.Content[0].Kind != yaml.MappingNode {
		return nil, fault.New(fault.Failed, "read the template: it is no mapping")
	}
	return doc.Content[0], nil
}

// write gives the text of a template.
func write(root *yaml.Node) ([]byte, error) {
	var b bytes.Buffer
	enc := yaml.NewEncoder(&b)
	enc.SetIndent(2)
	if err := enc.Encode(root); err != nil {
		return nil, fmt.Errorf("write the template: %w", err)
	}
	if err := enc.Close(); err != nil {
		return nil, fmt.Errorf("write the template: %w", err)
	}
	return b.Bytes(), nil
}
