package trino

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"

	"pixelctl/pkg/query"
)

// value turns a value of the protocol into one of query.Rows. Times stay text,
// as Trino prints them like Athena.
func value(v any, typ string) (any, error) {
	base, _ := query.SplitType(typ)
	switch v := v.(type) {
	case nil, bool:
		return v, nil
	case json.Number:
		return number(string(v), base)
	case string:
		return ofText(v, base)
	case []any:
		if base == "row" {
			return row(v, typ)
		}
		return array(v, typ)
	case map[string]any:
		return mapping(v, typ)
	}
	return nil, fmt.Errorf("read %s: got %T", typ, v)
}

func number(text, base string) (any, error) {
	if base == "double" || base == "real" {
		return strconv.ParseFloat(text, 64)
	}
	return strconv.ParseInt(text, 10, 64)
}

// ofText reads what JSON has no form for: NaN, decimals and bytes.
func ofText(text, base string) (any, error) {
	switch base {
	case "double", "real":
		switch text {
		case "NaN":
			return math.NaN(), nil
		case "Infinity", "-Infinity":
			return math.Inf(1 - 2*strings.Count(text, "-")), nil
		}
		return strconv.ParseFloat(text, 64)
	case "tinyint", "smallint", "integer", "bigint": // a key of a map
		return strconv.ParseInt(text, 10, 64)
	case "decimal":
		return query.Decimal(text), nil
	case "varbinary":
		return base64.StdEncoding.DecodeString(text)
	}
	return text, nil
}

func array(list []any, typ string) (any, error) {
	inner := query.TypeParts(typ, "array")
	if len(inner) != 1 {
		return nil, fmt.Errorf("read %s: got an array", typ)
	}
	out := make([]any, len(list))
	for i, v := range list {
		var err error
		if out[i], err = value(v, inner[0]); err != nil {
			return nil, err
		}
	}
	return out, nil
}

func mapping(object map[string]any, typ string) (any, error) {
	inner := query.TypeParts(typ, "map")
	if len(inner) != 2 {
		return nil, fmt.Errorf("read %s: got an object", typ)
	}
	out := query.Pairs{}
	for _, k := range slices.Sorted(maps.Keys(object)) { // the client lost their order
		v := object[k]
		key, err := value(k, inner[0])
		if err != nil {
			return nil, err
		}
		element, err := value(v, inner[1])
		if err != nil {
			return nil, err
		}
		out = append(out, query.Pair{Key: key, Value: element})
	}
	return out, nil
}

func row(list []any, typ string) (any, error) {
	fields := query.TypeParts(typ, "row")
	if len(fields) != len(list) {
		return nil, fmt.Errorf("read %s: got %d fields", typ, len(list))
	}
	out := make(query.Pairs, len(list))
	for i, v := range list {
		name, of := field(fields[i])
		element, err := value(v, of)
		if err != nil {
			return nil, err
		}
		out[i] = query.Pair{Key: name, Value: element}
	}
	return out, nil
}

// field splits name and type of a row's field; the name may stand in quotes.
func field(text string) (name, of string) {
	if rest, ok := strings.CutPrefix(text, `"`); ok {
		name, of, _ = strings.Cut(rest, `" `)
		return name, of
	}
	name, of, _ = strings.Cut(text, " ")
	return name, of
}
