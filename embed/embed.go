// Package embed holds the files that the binary carries.
package embed

import (
	"bytes"
	"embed"
)

//go:generate go run ./build --out beacon.zip

//go:embed beacon.zip
var beaconZip []byte

//go:generate go test -run ^TestTemplateIsGenerated$ . -update

//go:embed template.yaml
var templateYAML []byte

//go:embed demo/*.sql
var demo embed.FS

// DemoQuery returns the SQL of one question of the demo: 1_article,
// 2_campaigns or 3_hours.
func DemoQuery(name string) string {
	b, err := demo.ReadFile("demo/" + name + ".sql")
	if err != nil {
		return ""
	}
	return string(b)
}

// Beacon returns the zip of the Lambda function for arm64, as it is uploaded.
// Each call gives a copy.
func Beacon() []byte { return bytes.Clone(beaconZip) }

// Template returns the CloudFormation template of the stack. Each call gives a
// copy.
func Template() []byte { return bytes.Clone(templateYAML) }
