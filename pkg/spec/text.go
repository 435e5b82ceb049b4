package spec

import (
	"fmt"
	"strconv"
	"strings"

	"pixelctl/pkg/fault"
)

// String is the source as the file has it: query:hotel,h.
func (src Source) String() string {
	switch src.Kind {
	case FromPath:
		return string(src.Kind) + ":" + strconv.Itoa(src.Segment)
	case Constant:
		return string(src.Kind) + ":" + src.Value
	case FromQuery, FromHeader, FromCookie, FromBody, FromPage:
	}
	return string(src.Kind) + ":" + strings.Join(src.Names, ",")
}

// ParseSource reads kind:what. What it cannot read it refuses with
// fault.Usage; what it reads may still break a rule of Validate.
func ParseSource(text string) (Source, error) {
	kind, what, ok := strings.Cut(text, ":")
	if !ok {
		return Source{}, fault.New(fault.Usage, "source %q has no kind", head(text)).WithHint("such as query:%s; kinds are %s", head(text), join(sourceKinds()))
	}
	src := Source{Kind: SourceKind(kind)}
	switch src.Kind {
	case Constant:
		src.Value = what
	case FromPath:
		n, err := strconv.Atoi(what)
		if err != nil {
			return Source{}, fault.New(fault.Usage, "source path:%s is no segment", head(what)).WithHint("path:1 is the first: shop of /shop/label.gif")
		}
		src.Segment = n
	case FromQuery, FromHeader, FromCookie, FromBody, FromPage:
		for name := range strings.SplitSeq(what, ",") {
			src.Names = append(src.Names, strings.TrimSpace(name))
		}
	default:
		err := fault.New(fault.Usage, "unknown source %q", head(kind))
		if near := fault.Nearest(kind, sourceKinds()); near != "" {
			return Source{}, err.WithHint("did you mean %q?", near)
		}
		return Source{}, err.WithHint("one of %s", join(sourceKinds()))
	}
	return src, nil
}

// String is the transform in a few words; it does not tell a salt.
func (t Transform) String() string {
	switch t.Kind {
	case Cut:
		return fmt.Sprintf("cut %d", t.N)
	case MapTo:
		return fmt.Sprintf("map of %d", len(t.Values))
	case Regexp:
		return "regexp " + t.Pattern
	case Lower, TrimTo, SHA256, URLHost, URLPath:
	}
	return string(t.Kind)
}

// join is a list in words; of a long one the start.
func join(list []string) string {
	const most = 12
	if len(list) > most {
		return fmt.Sprintf("%s and %d more", strings.Join(list[:most], ", "), len(list)-most)
	}
	return strings.Join(list, ", ")
}

func joinOf[T fmt.Stringer](list []T) string {
	texts := make([]string, len(list))
	for i, v := range list {
		texts[i] = v.String()
	}
	return strings.Join(texts, ", ")
}
