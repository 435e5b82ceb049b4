package snippet

import (
	"fmt"
	"html"
	"regexp"
	"strings"
)

// mergeTag is a value that a mail platform replaces: {{name}} (SendGrid,
// Liquid, listmonk) or *|NAME|* (Mailchimp). Inside there is nothing that
// ends an attribute or a parameter.
var mergeTag = regexp.MustCompile(`^(\{\{ ?[A-Za-z0-9_.:-]+ ?\}\}|\*\|[A-Za-z0-9_:.-]+\|\*)$`)

// attribute escapes s for a double-quoted HTML attribute.
func attribute(s string) string { return html.EscapeString(s) }

// jsString quotes s for a script inside an HTML page: no quote, no line end
// of any kind, no </script> and no <!-- can come through.
func jsString(s string) string {
	var b strings.Builder
	b.WriteByte('"')
	for _, r := range s {
		switch {
		case r == '"' || r == '\'' || r == '\\' || r == '<' || r == '>' || r < 0x20 || r == 0x7f:
			fmt.Fprintf(&b, `\x%02X`, r)
		case r == 0x2028 || r == 0x2029 || r == 0xfeff:
			fmt.Fprintf(&b, `\u%04X`, r)
		default:
			b.WriteRune(r)
		}
	}
	b.WriteByte('"')
	return b.String()
}

// cssString quotes s for a style sheet, also one inside a <style> element.
// The space ends a CSS escape and belongs to it.
func cssString(s string) string {
	var b strings.Builder
	b.WriteByte('"')
	for _, r := range s {
		switch {
		case r == 0:
			b.WriteRune('\uFFFD') // CSS knows no NUL
		case r == '"' || r == '\'' || r == '\\' || r == '<' || r == '>' || r < 0x20 || r == 0x7f:
			fmt.Fprintf(&b, `\%x `, r)
		default:
			b.WriteRune(r)
		}
	}
	b.WriteByte('"')
	return b.String()
}

// markdownURL escapes what would end a link destination or start markup.
func markdownURL(s string) string {
	return strings.NewReplacer(
		"(", "%28", ")", "%29", "<", "%3C", ">", "%3E", "\\", "%5C", " ", "%20",
		"*", "%2A", "`", "%60",
	).Replace(s)
}

// ShellWord writes s as one word of a POSIX shell, quoted where it must be.
func ShellWord(s string) string {
	if s != "" && strings.Trim(s, plainInShell) == "" {
		return s
	}
	return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'"
}

// plainInShell are the characters that no shell reads as more than themselves.
const plainInShell = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_@%+:,./-"
