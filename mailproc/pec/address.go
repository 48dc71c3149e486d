package pec

import "strings"

// Address is the form in which addresses are compared: surrounding blanks, angle brackets,
// a mailto: prefix and the dot after a domain off, ASCII letters small. Nothing else is folded: an address
// that only looks like another one stays another one, and PEC mailboxes know no capitals.
func Address(s string) string {
	s = lower(trimBlanks(withoutAngles(trimBlanks(s))))
	s = strings.TrimPrefix(s, "mailto:")
	return strings.TrimSuffix(s, ".")
}

// withoutAngles takes off a pair of angle brackets.
func withoutAngles(s string) string {
	if n := len(s); n > 1 && s[0] == '<' && s[n-1] == '>' {
		return s[1 : n-1]
	}
	return s
}

// trimBlanks takes off the blanks of mail and XML, not those of Unicode: a no-break space belongs to an address that
// is another one.
func trimBlanks(s string) string { return strings.Trim(s, " \t\r\n") }

// Domain is the domain of an address, folded as Address does; "" when s is no address.
func Domain(s string) string {
	s = Address(s)
	if !bareAddress(s) {
		return ""
	}
	return s[strings.LastIndexByte(s, '@')+1:]
}

// bareAddress reports whether s is local@domain in the characters that PEC mailboxes use: one @,
// no blanks, quotes, brackets, comments or controls, and a domain with a dot inside.
func bareAddress(s string) bool {
	at := strings.IndexByte(s, '@')
	if at <= 0 || at != strings.LastIndexByte(s, '@') || len(s) > 320 {
		return false
	}
	for i := 0; i < len(s); i++ {
		if c := s[i]; c <= ' ' || c == 0x7f || strings.IndexByte(`"(),:;<>[\]`, c) >= 0 {
			return false
		}
	}
	domain := s[at+1:]
	dot := strings.IndexByte(domain, '.')
	return dot > 0 && domain[len(domain)-1] != '.' && !strings.Contains(domain, "..") && !strings.Contains(domain, "=?")
}

// mailboxOf reads the one mailbox of a From field strictly: a lone address, or a display name and
// one address in angle brackets. Lists, groups, comments within the address, and a second address in a comment or
// anywhere outside quotes, make it ambiguous: readers differ on who is meant.
func mailboxOf(value string) (string, bool) {
	angle, loose, ok := splitMailbox(unfold(value))
	if !ok {
		return "", false
	}
	loose = trimBlanks(loose)
	if angle == "" {
		return loose, bareAddress(loose)
	}
	angle = trimBlanks(angle)
	if strings.Contains(loose, "@") && Address(withoutApostrophes(loose)) != Address(angle) {
		return "", false
	}
	return angle, bareAddress(angle)
}

// splitMailbox separates what stands in angle brackets from what stands loose, quoted strings reduced to
// a quote and comments to a blank. Not ok: unbalanced, two pairs of brackets, a group, something after the
// brackets, or controls.
func splitMailbox(s string) (angle, loose string, ok bool) {
	var a, l strings.Builder
	a.Grow(len(s))
	l.Grow(len(s))
	var angles, comment int
	inside, quoted := false, false
	for i := 0; i < len(s); i++ {
		c := s[i]
		switch {
		case c < ' ' || c == 0x7f:
			return "", "", false
		case c == '\\' && (quoted || comment > 0):
			i++
		case quoted:
			quoted = c != '"'
		case c == '"':
			if inside || angles > 0 {
				return "", "", false
			}
			quoted = true
			l.WriteByte('"') // a mark: what stands before and after is not one word
		case c == '(':
			if inside {
				return "", "", false
			}
			comment++
		case c == ')' && comment > 0:
			comment--
			l.WriteByte(' ')
		case comment > 0:
			if c == '@' {
				return "", "", false // some readers take it for the address
			}
		case c == '<':
			angles++
			if inside || angles > 1 {
				return "", "", false
			}
			inside = true
		case c == '>':
			if !inside || a.Len() == 0 {
				return "", "", false
			}
			inside = false
		case inside:
			a.WriteByte(c)
		case c == ';' || (c == ',' && angles > 0):
			return "", "", false
		case angles > 0 && c != ' ':
			return "", "", false
		default:
			l.WriteByte(c)
		}
	}
	return a.String(), l.String(), !quoted && !inside && comment == 0
}

// withoutApostrophes takes off those that some mail programs put around an address they show as a name.
func withoutApostrophes(s string) string { return strings.Trim(s, "'") }

// envelopeAddress reads the From of an envelope: "Per conto di: x@y" <notice@provider> (in English with On behalf of), often
// without the quotes or as one encoded word. Quotes, brackets and comments must be balanced, one
// address in brackets, nothing behind it; a second address may stand outside quotes only as the
// sender the envelope is for.
func envelopeAddress(value string) (address, display string, ok bool) {
	s := unfold(value)
	angle, loose, ok := splitMailbox(s)
	loose = trimBlanks(loose)
	if !ok || angle == "" {
		return loose, "", ok && bareAddress(loose)
	}
	if strings.Contains(loose, "@") && Address(loose) != Address(angle) {
		on := lower(loose)
		if !strings.HasPrefix(on, "per conto di") && !strings.HasPrefix(on, "on behalf of") || strings.Count(on, "@") > 1 || strings.Contains(on, ",") {
			return "", "", false
		}
	}
	angle = trimBlanks(angle)
	display = strings.ReplaceAll(decodeText(s[:strings.LastIndexByte(s, '<')]), `\`, "") // of quoted pairs
	display = strings.Trim(trimBlanks(display), `"`)
	return angle, display, bareAddress(angle)
}
