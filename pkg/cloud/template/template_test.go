package template

import (
	"maps"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"
)

const sample = `AWSTemplateFormatVersion: "2010-09-09"
Metadata:
  Generator: pixelctl
Parameters:
  Cold: {Type: Number, Default: 0}
  Format: {Type: String, Default: parquet}
  Unused: {Type: String, Default: x}
  Years: {Type: String, Default: "2026"}
Rules:
  R: {Assertions: [{Assert: !Equals [!Ref Format, x]}]}
Mappings:
  Rates:
    us-east-1: {rate: 2000}
Conditions:
  HasCold: !Not [!Equals [!Ref Cold, 0]]
  Both: !And [!Condition HasCold, !Equals [!Ref Format, parquet]]
  Other: !Equals [!Ref Unused, y]
Resources:
  # the bucket of the code
  Code:
    Type: AWS::S3::Bucket
    DeletionPolicy: Delete
    Properties:
      BucketName: !Sub "code-${AWS::AccountId}-${Years}-${!Literal}"
      Rate: !FindInMap [Rates, !Ref "AWS::Region", rate]
      Cold: !If [Both, 1, !Ref "AWS::NoValue"]
  Policy:
    Type: AWS::S3::BucketPolicy
    Properties:
      Bucket: !Ref Code
      Arn: !GetAtt Code.Arn
      Text: {"Fn::Sub": ["${Code.Arn}/${Own}", {Own: !Ref Format}]}
  Data:
    Type: AWS::S3::Bucket
    Condition: Other
    DependsOn: [Policy]
Outputs:
  Code: {Value: !Ref Code}
  Data: {Condition: Other, Value: !Ref Data}
  Pair: {Value: !Sub "${Code}/${Data}"}
  Format: {Value: !Ref Format}
`

func sections(t *testing.T, body []byte) map[string][]string {
	t.Helper()
	root, err := parse(body)
	if err != nil {
		t.Fatal(err)
	}
	all := map[string][]string{}
	for name, s := range pairs(root) {
		all[name] = slices.Sorted(maps.Keys(keys(s)))
	}
	return all
}

func TestOnly(t *testing.T) {
	got, err := Only([]byte(sample), "Code", "Policy")
	if err != nil {
		t.Fatal(err)
	}
	want := map[string][]string{
		"AWSTemplateFormatVersion": nil, "Metadata": {"Generator"}, "Parameters": {"Cold", "Format", "Years"},
		"Mappings": {"Rates"}, "Conditions": {"Both", "HasCold"}, "Resources": {"Code", "Policy"}, "Outputs": {"Code"},
	}
	if s := sections(t, got); !reflect.DeepEqual(s, want) {
		t.Errorf("got %v", s)
	}
	for _, kept := range []string{"!Sub \"code-${AWS::AccountId}-${Years}-${!Literal}\"", "!GetAtt Code.Arn", "# the bucket of the code", "!If [Both"} {
		if !strings.Contains(string(got), kept) {
			t.Errorf("lost %s in\n%s", kept, got)
		}
	}
}

func TestOnlyDropsEmptySections(t *testing.T) {
	const body = "Parameters: {A: {Type: String}}\nResources: {B: {Type: X}, C: {Type: Y}}\nOutputs: {D: {Value: !Ref C}}\n"
	got, err := Only([]byte(body), "B")
	if err != nil {
		t.Fatal(err)
	}
	if want := "Resources: {B: {Type: X}}\n"; string(got) != want {
		t.Errorf("got %s", got)
	}
}

func TestOnlyRefuses(t *testing.T) {
	for _, tt := range []struct{ body, id, says string }{
		{sample, "Nope", "no resource Nope"},
		{sample, "Policy", "Policy needs Code"},
		{sample, "Data", "Data needs Policy"},
		{"[1]", "A", "no mapping"},
		{"", "A", "no mapping"},
		{"a: [", "A", "read the template"},
	} {
		if got, err := Only([]byte(tt.body), tt.id); err == nil || !strings.Contains(err.Error(), tt.says) {
			t.Errorf("%s: %v, %s", tt.id, err, got)
		}
	}
}

func TestRetain(t *testing.T) {
	got, err := Retain([]byte(sample), "Code", "Data")
	if err != nil {
		t.Fatal(err)
	}
	var tree struct {
		Resources map[string]struct {
			DeletionPolicy      string `yaml:"DeletionPolicy"`
			UpdateReplacePolicy string `yaml:"UpdateReplacePolicy"`
		} `yaml:"Resources"`
	}
	if err := yaml.Unmarshal(got, &tree); err != nil {
		t.Fatal(err)
	}
	for id, want := range map[string]string{"Code": "Retain", "Data": "Retain", "Policy": ""} {
		if r := tree.Resources[id]; r.DeletionPolicy != want || r.UpdateReplacePolicy != want {
			t.Errorf("%s: %+v", id, r)
		}
	}
	if _, err := Retain([]byte(sample), "Nope"); err == nil {
		t.Error("an unknown resource was retained")
	}
}

func TestReaders(t *testing.T) {
	names, err := Parameters([]byte(sample))
	if err != nil || !slices.Equal(names, []string{"Cold", "Format", "Unused", "Years"}) {
		t.Errorf("parameters %v, %v", names, err)
	}
	for body, want := range map[string]string{sample: "pixelctl", `{"Metadata":{"Generator":"cdk"}}`: "cdk", "Resources: {}": "", "Metadata: [1]": ""} {
		if g, err := Generator([]byte(body)); err != nil || g != want {
			t.Errorf("%.20s: %q, %v", body, g, err)
		}
	}
	if _, err := Generator([]byte("")); err == nil {
		t.Error("an empty template has a generator")
	}
}

// TestEmbedded holds the functions to the template they are made for.
func TestEmbedded(t *testing.T) {
	body, err := os.ReadFile("../../../embed/template.yaml")
	if err != nil {
		t.Fatal(err)
	}
	if g, err := Generator(body); err != nil || g != "pixelctl" {
		t.Errorf("generator %q, %v", g, err)
	}
	part, err := Only(body, "ArtifactBucket", "ArtifactBucketPolicy")
	if err != nil {
		t.Fatal(err)
	}
	s := sections(t, part)
	if !slices.Equal(s["Resources"], []string{"ArtifactBucket", "ArtifactBucketPolicy"}) || !slices.Equal(s["Outputs"], []string{"ArtifactBucket"}) {
		t.Errorf("got %v", s)
	}
	kept, err := Retain(body, "DataBucket", "DataBucketPolicy", "Database", "Table")
	if err != nil {
		t.Fatal(err)
	}
	if len(kept) > MaxBody {
		t.Errorf("%d bytes after Retain, of which a request carries %d", len(kept), MaxBody)
	}
	same, err := Only(body, sections(t, body)["Resources"]...)
	if err != nil {
		t.Fatal(err)
	}
	if a, b := sections(t, body), sections(t, same); !slices.Equal(a["Resources"], b["Resources"]) || !slices.Equal(a["Conditions"], b["Conditions"]) {
		t.Errorf("keeping all lost something: %v, %v", a, b)
	}
}
