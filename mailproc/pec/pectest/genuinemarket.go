package pectest

import (
	"crypto/x509"
	"strings"
)

// genuineMarket are providers as the index knows them: service mailboxes, secondary environments, authorities of two
// steps, authorities that others certify too.
func genuineMarket(c *corpus) {
	from := func(address string) Message {
		m := c.w.request()
		m.From = address
		return m
	}
	c.okFrom(c.w.Service, from("Anna <anna@gestore.example.org>"), "service-mailbox", "mailReceipt is not where envelopes come from (RFC 6109 §4.5.4)")
	c.okFrom(c.w.Unit, from("anna@unita.example.org"), "unit", "a secondary environment that signs with the provider's certificate")
	c.okFrom(c.w.Deep, c.w.request(), "deep", "two authorities below the root, the lower with critical name constraints")
	c.okFrom(c.w.Deep, c.w.request(), "deep-with-root", "the same, the root first", func(d *Draft) {
		d.CMS.Certificates = append([]*x509.Certificate{c.w.Deep.authority.Root.Cert}, d.CMS.Certificates...)
	})
	c.ok("crossed", "the authority certified by a stranger too", func(d *Draft) {
		d.CMS.Certificates = append(d.CMS.Certificates, c.crossed(), c.w.Foreign.authority.Root.Cert)
	})
	c.ok("english-names", "daticert.xml under the name of RFC 6109 §4.3.3",
		partField("daticert", "Content-Type", `application/xml; name="certdata.xml"`), partField("daticert", "Content-Disposition", ""))
	c.ok("name-case", "the two names of daticert.xml differ in capitals", partField("daticert", "Content-Disposition", `inline; filename="DatiCert.xml"`))
	c.ok("english-from", "On behalf of in From", outer("From", "On behalf of: mario@pec.example.it <"+c.w.Customers.Notice+">"))
	c.ok("sender-in-angles", "mittente in angle brackets", func(d *Draft) { d.Daticert.Sender = "<mario@pec.example.it>" })
	c.ok("from-name-and-address", "name and address of the sender in From's name", outer("From", `"Per conto di: Rossi, Mario (mario@pec.example.it)" <`+c.w.Customers.Notice+">"))
	c.ok("related", "multipart/related in place of multipart/mixed", func(d *Draft) {
		d.Signed = append(d.Signed, func(b []byte) []byte {
			return []byte(strings.Replace(string(b), "multipart/mixed", "multipart/related", 1))
		})
	})
	c.ok("unknown-micalg", "a micalg that names nothing", func(d *Draft) { d.Micalg = "unknown" })
}

// crossed is the authority's name and key in a certificate by a stranger.
func (c *corpus) crossed() *x509.Certificate {
	a, stranger := c.w.authority.Intermediate, c.w.Foreign.authority.Root
	t := &x509.Certificate{Subject: a.Cert.Subject, NotBefore: a.Cert.NotBefore, NotAfter: a.Cert.NotAfter, KeyUsage: a.Cert.KeyUsage, IsCA: true, BasicConstraintsValid: true}
	id, err := issue(t, stranger, a.Key)
	if err != nil {
		panic(err) // a constant template
	}
	return id.Cert
}
