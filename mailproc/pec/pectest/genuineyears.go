package pectest

import (
	"crypto"
	"crypto/x509"
	"fmt"
	"time"
)

// genuineYears are envelopes and receipts of the years in which certificates were signed with SHA-1, and of authorities that
// write their own name in two ways.
func genuineYears(c *corpus) {
	for _, year := range []int{2012, 2014, 2016} {
		m := c.w.request()
		m.Date = time.Date(year, 2, 3, 11, 12, 13, 0, rome)
		c.okFrom(c.w.Old, m, fmt.Sprint("sha1-", year), "certificates and digest of SHA-1")
	}
	c.okFrom(c.w.Old, c.w.request(), "sha1-certificates", "certificates of SHA-1, a digest of SHA-256", func(d *Draft) { d.CMS.Digest = crypto.SHA256 })
	c.okFrom(c.w.Old, c.w.request(), "sha1-root-too", "the root travels too", func(d *Draft) {
		d.CMS.Certificates = append(d.CMS.Certificates, c.w.Old.authority.Root.Cert)
	})
	c.okFrom(c.w.Old, c.w.request(), "sha1-opaque", "certificates of SHA-1 and an opaque signature", func(d *Draft) { d.Opaque = true })
	c.okFrom(c.w.Renamed, c.w.request(), "authority-renamed", "the certificate names its authority with other string types than the authority itself")
	c.okFrom(c.w.Renamed, c.w.request(), "authority-renamed-strangers", "the same, among certificates that have nothing to do with it", func(d *Draft) {
		d.CMS.Certificates = append([]*x509.Certificate{c.w.Customers.Signer.Cert, c.w.authority.Intermediate.Cert, c.w.Foreign.authority.Root.Cert}, d.CMS.Certificates...)
	})
	letter := Message{From: "anna@pec.example.it", To: c.w.Ours[0], Subject: "x", Text: "x\n"}
	c.add("sha1-receipt", "an acceptance with certificates of SHA-1", c.w.Old.Receipt(Accettazione, letter), letter.date(), Want{Kinds: []string{"receipt"}, Statuses: []string{"valid"}})
}
