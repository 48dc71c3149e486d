package pec

import "strings"

// claims say which of the provider's parts one is by its names: mail programs go by either field's, by the plain one or
// that of RFC 2231, and drop folders, drives and what stands behind a blank or before it.
type claims uint8

const (
	claimDaticert claims = 1 << iota
	claimPostacert
)

// claimOf reads one name. RFC 6109 §4.3.3 has the English one.
func claimOf(name string) claims {
	if len(name) < len("daticert.xml") {
		return 0
	}
	var all claims
	for word := range strings.FieldsFuncSeq(name, func(r rune) bool { return r <= ' ' || strings.ContainsRune(`/\:;,`, r) }) {
		switch word = strings.Trim(word, "."); {
		case strings.EqualFold(word, "daticert.xml"), strings.EqualFold(word, "certdata.xml"):
			all |= claimDaticert
		case strings.EqualFold(word, "postacert.eml"):
			all |= claimPostacert
		}
	}
	return all
}

// named notes the names that the parameter key of a field gives, and returns the one that counts.
func (c *content) named(m *media, key string) (string, bool) {
	name, ok := m.text(key)
	if !ok {
		return "", false
	}
	c.call(name)
	if m.star || m.twice {
		for _, p := range m.params {
			if p.name == key {
				c.call(decodeText(word(p.value)))
			}
		}
	}
	return name, true
}

func (c *content) call(name string) {
	c.claims |= claimOf(name)
	if c.name == "" {
		c.name = name
	}
	c.twoNames = c.twoNames || !strings.EqualFold(c.name, name)
}

// isDaticert goes by any name of a part: one under two names is refused later. Parts without a name are seen.
func (c *content) isDaticert() bool {
	return c.claims&claimDaticert != 0 || c.name == "" && (c.typ == "application/xml" || c.typ == "text/xml")
}

func (c *content) isPostacert() bool { return c.claims&claimPostacert != 0 }
