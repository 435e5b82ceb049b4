package template_test

import (
	"strings"
	"testing"

	"pixelctl/pkg/awsfake/cloudformation/template"
)

const head = `
Parameters:
  Text: {Type: String, Default: hello, AllowedPattern: "[a-z]+", MinLength: 2}
  Number: {Type: Number, Default: 7}
  List: {Type: CommaDelimitedList, Default: "a, b"}
  Pick: {Type: String, Default: x, AllowedValues: [x, y]}
Mappings: {M: {us-east-1: {N: 2000}}}
Conditions:
  IsX: !Equals [!Ref Pick, x]
  NotX: !Not [!Condition IsX]
  Both: !And [!Condition IsX, !Or [!Condition NotX, !Equals [!Ref Number, 7]]]
Resources:
  Other: {Type: T}
  Gone: {Type: T, Condition: NotX}
  It:
    Type: T
    Properties:
      V: `

func resolve(t *testing.T, value string) (string, error) {
	t.Helper()
	parsed, err := template.Parse(head + value + "\n")
	if err != nil {
		return "", err
	}
	scope, err := parsed.Bind(nil, map[string]string{"AWS::Region": "us-east-1"})
	if err != nil {
		return "", err
	}
	it, _ := parsed.Resource("It")
	out, err := scope.Resolve(it.Properties, func(id, attribute string) (any, error) { return "<" + id + "/" + attribute + ">", nil })
	return strings.TrimSuffix(strings.TrimPrefix(template.Text(out), "{"), "}"), err
}

func TestResolve(t *testing.T) {
	for value, want := range map[string]string{
		`!Ref Number`:                          `"V":7`,
		`!Ref List`:                            `"V":["a","b"]`,
		`!GetAtt Other.Endpoint.Port`:          `"V":"\u003cOther/Endpoint.Port\u003e"`,
		`!Sub "${Text}-${!x}-${Number}"`:       `"V":"hello-${x}-7"`,
		`!Sub ["${a}${Text}", {a: !Ref Pick}]`: `"V":"xhello"`,
		`!Join [",", !Ref List]`:               `"V":"a,b"`,
		`!Select [1, !Split [".", p.q]]`:       `"V":"q"`,
		`!If [Both, 1, 2]`:                     `"V":1`,
		`!If [NotX, 1, !Ref AWS::NoValue]`:     ``,
		`[1, !Ref AWS::NoValue, true]`:         `"V":[1,true]`,
		`!FindInMap [M, !Ref AWS::Region, N]`:  `"V":2000`,
		`!Base64 hi`:                           `"V":"aGk="`,
		`{Condition: {Bool: {a: "false"}}}`:    `"V":{"Condition":{"Bool":{"a":"false"}}}`,
		`2010-09-09`:                           `"V":"2010-09-09"`,
	} {
		got, err := resolve(t, value)
		if err != nil || got != want {
			t.Errorf("%s: %s (%v), want %s", value, got, err, want)
		}
	}
}

func TestRefused(t *testing.T) {
	for value, part := range map[string]string{
		`!Ref Nothing`:                            "Unresolved resource dependencies [Nothing]",
		`!ImportValue x`:                          "!ImportValue",
		`{"Fn::Cidr": x}`:                         "Fn::Cidr",
		`!If [No, 1, 2]`:                          "Unresolved condition dependency No",
		`!FindInMap [M, x, N]`:                    "Unable to get mapping for M::x::N",
		`!FindInMap [M, x, N, {DefaultValue: 1}]`: "requires three parameters",
		`!Select [5, [a]]`:                        "nonexistent value at index 5",
		`{a: 1, a: 2}`:                            "duplicate key a",
	} {
		if _, err := resolve(t, value); err == nil || !strings.Contains(err.Error(), part) {
			t.Errorf("%s: %v, want %s", value, err, part)
		}
	}
}

func TestParameters(t *testing.T) {
	parsed, err := template.Parse(head + "1\n")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ name, value, part string }{
		{"Text", "UPPER", "must match pattern [a-z]+"},
		{"Text", "a", "must contain at least 2 characters"},
		{"Pick", "z", "Parameter 'Pick' must be one of AllowedValues"},
		{"Number", "z", "must be a number"},
	} {
		if _, err := parsed.Bind(map[string]string{c.name: c.value}, nil); err == nil || !strings.Contains(err.Error(), c.part) {
			t.Errorf("%s=%s: %v", c.name, c.value, err)
		}
	}
	scope, err := parsed.Bind(nil, nil)
	if err != nil || len(scope.Resources()) != 2 {
		t.Errorf("resources without the conditional one: %v", err)
	}
}
