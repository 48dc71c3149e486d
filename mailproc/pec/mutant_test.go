package pec

import (
	"bytes"
	"fmt"
	"math/rand"
)

// node is an element of DER that can be changed before it is written again.
type node struct {
	tag  byte
	kids []*node // of a constructed element, or of octets that hold one
	wrap bool    // the latter
	val  []byte
	raw  []byte // all of it, where it is no tree
	how  int    // it is written: 0 DER, 1 a length longer than it need be, 2 indefinite, 3 in two pieces
}

func parseNode(b []byte) (*node, []byte) {
	h, err := readHead(b)
	if err != nil || h.length < 0 {
		return nil, nil
	}
	n, body := &node{tag: b[0]}, b[h.size:h.size+h.length]
	rest := b[h.size+h.length:]
	if h.constructd {
		for len(body) > 0 {
			var k *node
			if k, body = parseNode(body); k == nil {
				return nil, nil
			}
			n.kids = append(n.kids, k)
		}
		return n, rest
	}
	if b[0] == 4 && len(body) > 1 && (body[0] == 0x30 || body[0] == 3 || body[0] == 4) {
		if k, behind := parseNode(body); k != nil && len(behind) == 0 {
			n.kids, n.wrap = []*node{k}, true
			return n, rest
		}
	}
	n.val = bytes.Clone(body)
	return n, rest
}

func (n *node) constructed() bool { return n.tag&0x20 != 0 }

func (n *node) body() []byte {
	if !n.constructed() && !n.wrap {
		return n.val
	}
	var b []byte
	for _, k := range n.kids {
		b = append(b, k.bytes()...)
	}
	return b
}

func (n *node) bytes() []byte {
	b := n.body()
	switch {
	case n.raw != nil:
		return n.raw
	case n.how == 1:
		return append([]byte{n.tag, 0x84, byte(len(b) >> 24), byte(len(b) >> 16), byte(len(b) >> 8), byte(len(b))}, b...)
	case n.how == 2 && n.constructed():
		return append(append([]byte{n.tag, 0x80}, b...), 0, 0)
	case n.how == 3 && !n.constructed() && len(b) > 1:
		half := len(b) / 2
		pieces := append(appendHead(nil, 4, half), b[:half]...)
		pieces = append(append(pieces, appendHead(nil, 4, len(b)-half)...), b[half:]...)
		return append(append([]byte{n.tag | 0x20, 0x80}, pieces...), 0, 0)
	}
	return append(appendHead(nil, n.tag, len(b)), b...)
}

func (n *node) clone() *node {
	c := *n
	c.val, c.kids = bytes.Clone(n.val), nil
	for _, k := range n.kids {
		c.kids = append(c.kids, k.clone())
	}
	return &c
}

func prim(tag byte, value ...byte) *node { return &node{tag: tag, val: bytes.Clone(value)} }
func text(tag byte, s string) *node      { return prim(tag, []byte(s)...) }

// whole is the tree of b, or b itself where a tree would not write it the same again.
func whole(b []byte) *node {
	if n, rest := parseNode(b); n != nil && len(rest) == 0 && bytes.Equal(n.bytes(), b) {
		return n
	}
	return &node{tag: b[0], raw: b}
}

func built(tag byte, kids ...*node) *node {
	return &node{tag: tag, kids: kids}
}

// mutator changes trees at random, the same each time.
type mutator struct {
	*rand.Rand
	said []string // what was changed
}

// place is where a node stands.
type place struct {
	in *node
	at int
}

func placesOf(n *node, to []place) []place {
	for i, k := range n.kids {
		to = placesOf(k, append(to, place{n, i}))
	}
	return to
}

// values are what primitive elements are changed to, by tag.
var values = map[byte][][]byte{
	1: {{0}, {1}, {}}, 2: {{0}, {1}, {3}, {0xff}, {0, 1}, {}, bytes.Repeat([]byte{0x55}, 21)}, 3: {{0}, {}, {7, 0}, {8, 1}, {5, 0xa0}, {0, 0, 0}}, 4: {{}, {4, 0}}, 5: {{0}},
	6: {oidData, oidSignedData, oidContentType, oidMessageDigest, oidSigningTime, oidCountersigned, oidRSA, oidPSS, oidECPublicKey, digestOIDs[0].oid, digestOIDs[1].oid, signatureOIDs[0].oid,
		signatureOIDs[4].oid, oid(2, 5, 29, 37, 0), oid(2, 5, 29, 14), oid(2, 5, 29, 17), oid(2, 5, 29, 19), oid(2, 5, 29, 30), oid(2, 5, 29, 35), oid(1, 2, 3, 4), {0x80, 1}, {}},
	0x17: {[]byte("2001010000Z"), []byte("200101000000+0100"), []byte("991231235959Z")},
}

// mutate changes one thing in a tree: its elements, their order, their tags, what they hold or how they are written.
func (m *mutator) mutate(tree *node) {
	all := placesOf(tree, nil)
	p := all[m.Intn(len(all))]
	n, kids := p.in.kids[p.at], p.in.kids
	leaf := !n.constructed() && !n.wrap
	how := m.Intn(9)
	switch {
	case how == 0:
		p.in.kids = append(kids[:p.at:p.at], kids[p.at+1:]...)
	case how == 1:
		p.in.kids = append(kids[:p.at+1:p.at+1], append([]*node{n.clone()}, kids[p.at+1:]...)...)
	case how == 2:
		other := m.Intn(len(kids))
		kids[p.at], kids[other] = kids[other], kids[p.at]
	case how == 3:
		other := all[m.Intn(len(all))]
		kids[p.at] = other.in.kids[other.at].clone()
	case how == 4 && leaf:
		n.tag = []byte{0, 1, 2, 3, 4, 5, 6, 0x0c, 0x10, 0x11, 0x13, 0x16, 0x17, 0x1a, 0x1e, 0x80, 0x81, 0x86}[m.Intn(18)]
	case how == 4:
		n.tag = []byte{0x23, 0x24, 0x30, 0x31, 0xa0, 0xa1, 0xa3}[m.Intn(7)]
	case how == 5:
		n.how = 1 + m.Intn(3)
	case leaf && how == 6 && values[n.tag] != nil:
		n.val = bytes.Clone(values[n.tag][m.Intn(len(values[n.tag]))])
	case leaf && how == 7 && len(n.val) > 0:
		n.val[m.Intn(len(n.val))] ^= 1 << m.Intn(8)
	case leaf:
		n.val = append(n.val, byte(m.Intn(256)))
	}
	m.said = append(m.said, fmt.Sprintf("%d: %x[%d] %x", how, p.in.tag, p.at, n.tag))
}
