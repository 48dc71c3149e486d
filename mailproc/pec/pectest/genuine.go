package pectest

import (
	"bytes"
	"crypto"
	"crypto/x509"
	"encoding/asn1"
	"fmt"
	"slices"
	"strings"
	"time"
)

// Genuine returns envelopes and receipts that providers make, each legitimate
// variation alone, and the signature's variations in combination.
func (w *World) Genuine() []Sample {
	c := &corpus{w: w}
	for _, g := range []struct {
		name string
		add  func(*corpus)
	}{
		{"signature", genuineSignatures}, {"rarity", genuineRarities}, {"certificates", genuineCertificates}, {"parts", genuineParts},
		{"mime", genuineMIME}, {"header", genuineHeaders}, {"daticert", genuineDaticert},
		{"time", genuineTimes}, {"text", genuineTexts}, {"original", genuineOriginals},
		{"from", genuineFroms}, {"inside", genuineInsides}, {"receipt", genuineReceipts}, {"anomaly", genuineAnomalies},
		{"provider", genuineProviders}, {"market", genuineMarket},
		{"years", genuineYears}, {"way", genuineWays}, {"form", genuineForms},
		{"habit", genuineHabits}, {"data", genuineData}, {"whole", genuineWholes},
	} {
		c.group = g.name
		g.add(c)
	}
	return c.samples
}

var digests = []crypto.Hash{crypto.SHA1, crypto.SHA256, crypto.SHA384, crypto.SHA512}

func genuineSignatures(c *corpus) {
	for _, k := range []struct {
		name string
		p    *Provider
	}{{"rsa2048", c.w.Customers}, {"rsa4096", c.w.RSA4096}, {"pss", c.w.PSS}, {"p256", c.w.P256}, {"p384", c.w.P384}} {
		for _, h := range digests {
			for _, s := range []struct {
				name string
				v    Variation
			}{
				{"serial", func(*Draft) {}},
				{"keyid", func(d *Draft) { d.CMS.ByKeyID = true }},
				{"ber", func(d *Draft) { d.CMS.Indefinite = true }},
				{"opaque", func(d *Draft) { d.Opaque = true }},
				{"opaque-ber", func(d *Draft) { d.Opaque, d.CMS.Indefinite = true, true }},
			} {
				c.okFrom(k.p, c.w.request(), fmt.Sprintf("%s-%s-%s", k.name, algorithms[h].micalg, s.name),
					"signature written differently", func(d *Draft) { d.CMS.Digest = h }, s.v)
			}
		}
	}
	for _, h := range digests {
		c.ok("long-oid-"+algorithms[h].micalg, "signature algorithm named with its digest", func(d *Draft) { d.CMS.Digest, d.CMS.LongOID = h, true })
	}
	c.ok("no-signing-time", "no signingTime attribute", func(d *Draft) { d.CMS.Time = time.Time{} })
	c.ok("more-attributes", "a signed attribute nobody knows", func(d *Draft) {
		d.CMS.Attributes = func(a [][]byte) [][]byte {
			return append(a, Attribute(asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 9, 15}, tlv(0x30, tlv(0x30, mustDER(oidRSA)))))
		}
	})
}

// genuineRarities are signatures that other programs than the usual write.
func genuineRarities(c *corpus) {
	c.ok("unsorted", "signed attributes not in DER order", func(d *Draft) { d.CMS.Unsorted = true })
	c.ok("open-attributes", "signed attributes of indefinite length", func(d *Draft) { d.CMS.OpenAttributes = true })
	timestamp := Attribute(asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 9, 16, 2, 14}, tlv(0x30, mustDER(oidSignedData)))
	c.ok("unsigned-attribute", "an unsigned attribute, such as a time stamp", func(d *Draft) { d.CMS.Unsigned = [][]byte{timestamp} })
	c.ok("unsigned-attributes-ber", "unsigned attributes and indefinite lengths", func(d *Draft) {
		d.CMS.Unsigned, d.CMS.Indefinite = [][]byte{timestamp, timestamp}, true
	})
	crl, err := c.w.CRL(RevokedAt)
	if err != nil {
		panic(err) // a constant list
	}
	c.ok("crl", "a revocation list sent along", func(d *Draft) { d.CMS.CRLs = [][]byte{crl} })
	c.ok("crl-ber", "a revocation list and indefinite lengths", func(d *Draft) { d.CMS.CRLs, d.CMS.Indefinite = [][]byte{crl}, true })
	for _, salt := range []int{1, 20, 64, 222} {
		c.okFrom(c.w.PSS, c.w.request(), fmt.Sprintf("salt-%d", salt), "another length of salt", func(d *Draft) { d.CMS.Salt = salt })
	}
}

func genuineCertificates(c *corpus) {
	order := func(name, what string, f func(certs []*x509.Certificate) []*x509.Certificate) {
		c.ok(name, what, func(d *Draft) { d.CMS.Certificates = f(d.CMS.Certificates) })
	}
	others := []*x509.Certificate{
		c.w.Desk.Signer.Cert, c.w.Foreign.Signer.Cert, c.w.Foreign.authority.Intermediate.Cert, c.w.P384.Signer.Cert,
		c.w.Unlisted.Signer.Cert, c.w.Expired.Signer.Cert, c.w.Foreign.authority.Root.Cert,
	}
	order("reversed", "the intermediate first", func(l []*x509.Certificate) []*x509.Certificate {
		slices.Reverse(l)
		return l
	})
	order("with-root", "the root travels too", func(l []*x509.Certificate) []*x509.Certificate {
		return append(l, c.w.authority.Root.Cert)
	})
	order("strangers-first", "unneeded certificates before", func(l []*x509.Certificate) []*x509.Certificate {
		return slices.Concat(others, l)
	})
	order("strangers-after", "unneeded certificates after", func(l []*x509.Certificate) []*x509.Certificate {
		return slices.Concat(l, others)
	})
	order("twenty", "twenty certificates", func(l []*x509.Certificate) []*x509.Certificate {
		for i := 0; len(l) < 20; i++ {
			l = append(l, others[i%len(others)])
		}
		return l
	})
	order("doubled", "each certificate twice", func(l []*x509.Certificate) []*x509.Certificate { return slices.Concat(l, l) })
	c.okFrom(c.w.Revoked, c.w.request(), "before-revocation", "signed before the certificate was revoked", At(RevokedAt.Add(-24*time.Hour)))
	c.last().Delivered = RevokedAt.Add(-23 * time.Hour)
	c.okFrom(c.w.Expired, c.w.request(), "before-expiry", "signed before the certificate expired", At(time.Date(2026, 10, 31, 12, 0, 0, 0, rome)))
	c.last().Delivered = time.Date(2026, 10, 31, 12, 1, 0, 0, rome)
	c.okFrom(c.w.Future, c.w.request(), "after-start", "signed after the certificate became valid", At(time.Date(2026, 12, 2, 12, 0, 0, 0, rome)))
	c.last().Delivered = time.Date(2026, 12, 2, 12, 1, 0, 0, rome)
}

func (c *corpus) last() *Sample { return &c.samples[len(c.samples)-1] }

// reorder puts the signed parts in the given order.
func reorder(names ...string) Variation {
	return func(d *Draft) {
		d.Parts = append(d.Parts, func(parts []Part) []Part {
			var out []Part
			for _, n := range names {
				for _, p := range parts {
					if p.Name == n {
						out = append(out, p)
					}
				}
			}
			return out
		})
	}
}

// inPart changes the signed part of the given name.
func inPart(name string, f func(*Part)) Variation {
	return func(d *Draft) {
		d.Parts = append(d.Parts, func(parts []Part) []Part {
			for i := range parts {
				if parts[i].Name == name {
					f(&parts[i])
				}
			}
			return parts
		})
	}
}

// partField sets, or removes when value is empty, a field of a signed part.
func partField(part, field, value string) Variation {
	return inPart(part, func(p *Part) {
		i := slices.IndexFunc(p.Header, func(f Field) bool { return strings.EqualFold(f.Name, field) })
		switch {
		case i < 0:
			p.Header = append(p.Header, Field{field, value})
		case value == "":
			p.Header = slices.Delete(p.Header, i, i+1)
		default:
			p.Header[i].Value = value
		}
	})
}

func genuineParts(c *corpus) {
	for _, order := range []string{"notice postacert daticert", "daticert notice postacert", "daticert postacert notice", "postacert notice daticert", "postacert daticert notice"} {
		c.ok("order-"+strings.ReplaceAll(order, " ", "-"), "order of the signed parts", reorder(strings.Fields(order)...))
	}
	c.ok("attachment", "daticert and postacert as attachments", func(d *Draft) { d.Disposition = "attachment" })
	c.ok("no-disposition", "no Content-Disposition", partField("daticert", "Content-Disposition", ""), partField("postacert", "Content-Disposition", ""))
	c.ok("name-only-in-disposition", "names only in Content-Disposition", partField("daticert", "Content-Type", "application/xml"), partField("postacert", "Content-Type", "message/rfc822"))
	c.ok("unquoted-names", "names without quotes", partField("daticert", "Content-Type", "application/xml; name=daticert.xml"), partField("postacert", "Content-Type", "message/rfc822; name=postacert.eml"))
	c.ok("upper-types", "media types in capitals", partField("daticert", "Content-Type", `Application/XML; Name="daticert.xml"`), partField("postacert", "Content-Type", `MESSAGE/RFC822; NAME="postacert.eml"`))
	c.ok("columns-76", "daticert in lines of 76", func(d *Draft) { d.Columns = 76 })
	for _, enc := range []string{"quoted-printable", "8bit", "7bit", "binary"} {
		c.ok("daticert-"+enc, "daticert encoded otherwise", inPart("daticert", func(p *Part) {
			p.Body = encodeBody(bytes.ReplaceAll(decodeLines(p.Body), []byte("\n"), []byte("\r\n")), enc)
		}), partField("daticert", "Content-Transfer-Encoding", enc))
	}
	c.ok("encoding-capitals", "encoding names in capitals", partField("daticert", "Content-Transfer-Encoding", "BASE64"), partField("postacert", "Content-Transfer-Encoding", "7BIT"))
	c.ok("no-encoding", "postacert without Content-Transfer-Encoding", partField("postacert", "Content-Transfer-Encoding", ""))
	c.ok("content-id", "parts with Content-ID and description", partField("daticert", "Content-ID", "<daticert@pec.example.it>"), partField("postacert", "Content-Description", "messaggio originale"))
	c.ok("postacert-base64", "postacert in base64", inPart("postacert", func(p *Part) { p.Body = base64Lines(p.Body, 76) }), partField("postacert", "Content-Transfer-Encoding", "base64"))
	for name, s := range map[string]NoticeStyle{"text-notice": TextOnly, "html-notice": HTMLOnly, "no-notice": NoNotice} {
		c.ok(name, "form of the notice", func(d *Draft) { d.NoticeStyle = s })
	}
	c.ok("logo", "the notice has an inline image", func(d *Draft) {
		d.Parts = append(d.Parts, func(p []Part) []Part {
			return append(p, Part{"logo", []Field{{"Content-Type", `image/png; name="logo.png"`}, {"Content-Transfer-Encoding", "base64"}}, base64Lines([]byte("\x89PNG"), 76)})
		})
	})
}

// decodeLines reverses base64Lines.
func decodeLines(b []byte) []byte {
	out, err := unbase64(b)
	if err != nil {
		panic(err) // our own encoding
	}
	return out
}

func genuineMIME(c *corpus) {
	c.ok("preamble-none", "no preamble", func(d *Draft) { d.Preamble = "" })
	c.ok("preamble-long", "a long preamble", func(d *Draft) { d.Preamble = strings.Repeat("Messaggio firmato.\r\n", 200) })
	c.ok("preamble-dashes", "a preamble with dashes", func(d *Draft) { d.Preamble = "------\r\n--\r\n-- \r\n" })
	c.ok("no-blank-line", "nothing between the inner and the outer delimiter", func(d *Draft) {
		d.Signed = append(d.Signed, func(b []byte) []byte { return bytes.TrimSuffix(b, []byte("\r\n")) })
	})
	c.ok("blank-lines", "three blank lines between the inner and the outer delimiter", func(d *Draft) {
		d.Signed = append(d.Signed, func(b []byte) []byte { return append(b, "\r\n\r\n"...) })
	})
	c.ok("inner-epilogue", "text between the inner and the outer delimiter", func(d *Draft) {
		d.Signed = append(d.Signed, func(b []byte) []byte { return append(b, "fine\r\n"...) })
	})
	c.ok("epilogue", "text after the last delimiter", func(d *Draft) { d.Epilogue = "\r\nFine del messaggio.\r\n" })
	c.ok("protocol", "protocol application/pkcs7-signature", func(d *Draft) { d.Protocol = "application/pkcs7-signature" })
	for _, m := range []string{"sha256", "SHA-256", "sha-256", "sha1"} {
		d := crypto.SHA256
		if m == "sha1" {
			d = crypto.SHA1
		}
		c.ok("micalg-"+m, "spelling of micalg", func(x *Draft) { x.Micalg, x.CMS.Digest = m, d })
	}
	for name, b := range map[string]string{
		"long": strings.Repeat("b", 70), "one": "x", "punctuation": "a'()+_,-./:=?z", "capitals": "----ABCDEF0123456789",
	} {
		c.ok("boundary-"+name, "boundary "+b, func(d *Draft) { d.Outer = b })
	}
	c.ok("boundary-shared-beginning", "the inner boundary begins like the outer", func(d *Draft) { d.Outer, d.Inner = "----=_A", "----=_B" })
	for name, f := range map[string]func(b string) string{
		"unquoted": func(b string) string { return strings.NewReplacer(`"`, "").Replace(b) },
		"folded":   func(b string) string { return strings.ReplaceAll(b, "; ", ";\r\n\t") },
		"tight":    func(b string) string { return strings.ReplaceAll(b, "; ", ";") },
		"capitals": func(b string) string {
			return strings.NewReplacer("boundary=", "BOUNDARY=", "protocol=", "Protocol=").Replace(b)
		},
		"type-capitals": func(b string) string { return strings.Replace(b, "multipart/signed", "Multipart/Signed", 1) },
		"field-case":    func(b string) string { return strings.Replace(b, "Content-Type:", "content-type:", 1) },
		"semicolon":     func(b string) string { return strings.Replace(b, "\r\n", ";\r\n", 1) },
	} {
		c.ok("content-type-"+name, "writing of the outer Content-Type", onOuterType(f))
	}
	c.ok("lf", "a file saved with LF", func(d *Draft) {
		d.Finish = append(d.Finish, func(b []byte) []byte { return bytes.ReplaceAll(b, []byte("\r\n"), []byte("\n")) })
	})
	c.ok("delimiter-blanks", "blanks after the delimiters", func(d *Draft) {
		d.Finish = append(d.Finish, func(b []byte) []byte {
			return bytes.ReplaceAll(b, []byte("\r\n--"+d.Outer+"\r\n"), []byte("\r\n--"+d.Outer+" \t\r\n"))
		})
	})
	c.ok("no-last-crlf", "nothing after the last delimiter", func(d *Draft) {
		d.Finish = append(d.Finish, func(b []byte) []byte { return bytes.TrimRight(b, "\r\n") })
	})
	c.ok("signature-columns", "smime.p7s in one line", func(d *Draft) {
		d.Finish = append(d.Finish, func(b []byte) []byte {
			i := bytes.LastIndex(b, []byte("smime.p7s\"\r\n\r\n")) + len("smime.p7s\"\r\n\r\n")
			j := bytes.LastIndex(b, []byte("\r\n--"+d.Outer))
			return slices.Concat(b[:i], bytes.ReplaceAll(b[i:j], []byte("\r\n"), nil), b[j:])
		})
	})
}

// onOuterType rewrites the outer Content-Type field.
func onOuterType(f func(field string) string) Variation {
	return func(d *Draft) {
		d.Finish = append(d.Finish, func(b []byte) []byte {
			i := bytes.Index(b, []byte("Content-Type: multipart/signed"))
			j := i + bytes.Index(b[i:], []byte("\r\n")) + 2
			return slices.Concat(b[:i], []byte(f(string(b[i:j]))), b[j:])
		})
	}
}
