package pec

import (
	"bytes"
	"slices"

	"golang.org/x/crypto/cryptobyte"
	casn1 "golang.org/x/crypto/cryptobyte/asn1"
)

// What is signed are the signed attributes as DER (RFC 5652 §5.4), though they may stand there as BER. DER is made of them as
// OpenSSL makes it: an attribute, its kind and the strings among its values are written anew, and several values in their
// order; a value that is built of elements stays as it stands, since nobody here knows what it is.

// attributesDER is the DER of the signed attributes in el, their [0] element, as the SET OF that is signed.
func attributesDER(el []byte) ([]byte, error) {
	if h, err := readHead(el); err != nil || !h.constructd {
		return nil, errBER
	}
	if n, plain, err := derLength(el, 0); err == nil && plain && oneEach(el[:n]) {
		return append([]byte{0x31}, el[1:n]...), nil // as nearly all are
	}
	attrs, err := elementsOf(el)
	if err != nil {
		return nil, err
	}
	var all []byte
	for _, a := range attrs {
		if all, err = appendAttribute(all, a); err != nil {
			return nil, err
		}
	}
	return append(appendHead(nil, 0x31, len(all)), all...), nil
}

// oneEach reports whether each attribute has one value: then there is no order to be mended.
func oneEach(el cryptobyte.String) bool {
	var attrs, attr, values, value cryptobyte.String
	var tag casn1.Tag
	for el.ReadASN1(&attrs, ctx(0)); !attrs.Empty(); {
		if !attrs.ReadASN1(&attr, casn1.SEQUENCE) || !attr.SkipASN1(casn1.OBJECT_IDENTIFIER) || !attr.ReadASN1(&values, casn1.SET) ||
			!values.ReadAnyASN1(&value, &tag) || !values.Empty() {
			return false
		}
	}
	return true
}

// appendAttribute appends one attribute. One that is no attribute is appended as it stands, for its reader to refuse.
func appendAttribute(to, a []byte) ([]byte, error) {
	if a[0] != 0x30 {
		return append(to, a...), nil
	}
	fields, err := elementsOf(a)
	if err != nil {
		return nil, err
	}
	var body []byte
	for i, f := range fields {
		switch {
		case i == 1 && f[0] == 0x31:
			body, err = appendValues(body, f)
		case f[0]&0x20 == 0:
			body, _, err = rewriteBER(body, f, 0)
		default:
			body = append(body, f...)
		}
		if err != nil {
			return nil, err
		}
	}
	return append(appendHead(to, 0x30, len(body)), body...), nil
}

// appendValues appends the values of an attribute in the order of DER (X.690 §11.6).
func appendValues(to, set []byte) ([]byte, error) {
	values, err := elementsOf(set)
	if err != nil {
		return nil, err
	}
	for i, v := range values {
		if h, _ := readHead(v); v[0]&0x20 != 0 && !h.text { // elementsOf has read it
			continue
		}
		if values[i], _, err = rewriteBER(nil, v, 0); err != nil {
			return nil, err
		}
	}
	slices.SortStableFunc(values, bytes.Compare)
	body := bytes.Join(values, nil)
	return append(appendHead(to, 0x31, len(body)), body...), nil
}

// elementsOf splits what a constructed element of BER holds, without looking deeper.
func elementsOf(b []byte) (out [][]byte, err error) {
	h, err := readHead(b)
	if err != nil {
		return nil, err
	}
	size, err := berSize(b, 0)
	if err != nil || !h.constructd {
		return nil, errBER
	}
	in := b[h.size:size]
	if h.length < 0 {
		in = in[:len(in)-2] // its end
	}
	for len(in) > 0 {
		n, err := berSize(in, 0)
		if err != nil {
			return nil, err
		}
		out, in = append(out, in[:n]), in[n:]
	}
	return out, nil
}

// berSize is the length of b's first element.
func berSize(b []byte, depth int) (int, error) {
	h, err := readHead(b)
	switch {
	case err != nil:
		return 0, err
	case h.length >= 0:
		return h.size + h.length, nil
	case depth > maxBERDepth:
		return 0, errBER
	}
	for n := h.size; ; {
		if len(b) >= n+2 && b[n] == 0 && b[n+1] == 0 {
			return n + 2, nil
		}
		m, err := berSize(b[n:], depth+1)
		if err != nil {
			return 0, err
		}
		n += m
	}
}

// attributesAsSent finds the signed attributes of each signer in a signature that is no DER, as they stand there; nil for a signer
// without. What it does not find cannot be read otherwise either.
func attributesAsSent(b []byte) (out [][]byte) {
	last := func(b []byte) []byte {
		if all, err := elementsOf(b); err == nil && len(all) > 0 {
			return all[len(all)-1]
		}
		return nil
	}
	signers, err := elementsOf(last(last(last(b)))) // ContentInfo, [0], SignedData
	if err != nil {
		return nil
	}
	for _, s := range signers {
		var attrs []byte
		if fields, err := elementsOf(s); err == nil && len(fields) > 3 && fields[3][0] == byte(ctx(0)) {
			attrs = fields[3]
		}
		out = append(out, attrs)
	}
	return out
}
