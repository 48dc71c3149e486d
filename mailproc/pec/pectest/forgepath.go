package pectest

import (
	"crypto/x509"
	"crypto/x509/pkix"
	"net"
	"slices"
)

// forgeWays are paths to a root that do not hold, each by one thing alone; none of the certificates is in the index either.
func forgeWays(c *corpus) {
	chain := because("chain")
	leaf := Certificate{CommonName: "Posta Certificata", Organization: customersName, Emails: []string{c.w.Customers.Notice}, Key: P256}
	old := c.w.Old.authority
	c.noFrom(c.w.Old, c.w.request(), "sha1-changed", "a certificate of SHA-1 whose signature is another's", chain, func(d *Draft) {
		cert := *d.CMS.Certificates[0]
		raw := slices.Clone(cert.Raw)
		raw[len(raw)-1] ^= 1
		cert.Raw = raw
		d.CMS.Certificates = append([]*x509.Certificate{&cert}, d.CMS.Certificates[1:]...)
	})
	stranger := leaf
	stranger.Key, stranger.sha1 = RSA2048, true
	id, err := stranger.issue(old.Intermediate)
	if err != nil {
		panic(err) // a constant template
	}
	c.no("sha1-unlisted", "a certificate of SHA-1 that is not in the index", because("not_in_index"), signedBy(id, old.Intermediate.Cert))
	below, err := leaf.issue(c.w.Old.Signer)
	if err != nil {
		panic(err)
	}
	c.no("sha1-leaf-issues", "issued by a provider's certificate of SHA-1", chain, signedBy(below, c.w.Old.Signer.Cert, old.Intermediate.Cert))
	for name, change := range map[string]func(*x509.Certificate){
		"no-authority":  func(t *x509.Certificate) { t.IsCA, t.KeyUsage = false, x509.KeyUsageDigitalSignature },
		"no-constraint": func(t *x509.Certificate) { t.BasicConstraintsValid, t.IsCA = false, false },
		"no-cert-sign":  func(t *x509.Certificate) { t.KeyUsage = x509.KeyUsageCRLSign },
		"ended":         func(t *x509.Certificate) { t.NotAfter = defaultDate.AddDate(0, 0, -1) },
		"to-begin":      func(t *x509.Certificate) { t.NotBefore = defaultDate.AddDate(0, 0, 1) },
		"critical":      func(t *x509.Certificate) { t.ExtraExtensions = criticalExtension },
		"hosts":         func(t *x509.Certificate) { t.PermittedDNSDomains = []string{"example.org"} },
		"addresses":     func(t *x509.Certificate) { t.ExcludedIPRanges = everywhere },
	} {
		key, err := P256.generate()
		if err != nil {
			panic(err)
		}
		t := &x509.Certificate{Subject: pkix.Name{CommonName: name}, NotBefore: defaultNotBefore, NotAfter: defaultNotAfter, KeyUsage: x509.KeyUsageCertSign, IsCA: true, BasicConstraintsValid: true}
		change(t)
		authority, err := issue(t, c.w.authority.Root, key)
		if err != nil {
			panic(err)
		}
		host := leaf
		host.Hosts = []string{"www.pec.example.it", "127.0.0.1"}
		id, err := host.issue(authority)
		if err != nil {
			panic(err)
		}
		c.no("authority-"+name, "under an authority that may not have issued it: "+name, chain, signedBy(id, authority.Cert))
	}
	c.no("mesh", "authorities of one name that all vouch for each other, and no root", chain, c.mesh(leaf))
}

// everywhere are all IP addresses of version 4.
var everywhere = []*net.IPNet{{IP: net.IPv4zero.To4(), Mask: net.CIDRMask(0, 32)}}

// mesh signs by a certificate that eighteen others may have issued, and each of those the others.
func (c *corpus) mesh(leaf Certificate) Variation {
	key, err := P256.generate()
	if err != nil {
		panic(err)
	}
	var made []*Identity
	for range 18 {
		t := &x509.Certificate{Subject: pkix.Name{CommonName: "Anello"}, NotBefore: defaultNotBefore, NotAfter: defaultNotAfter, KeyUsage: x509.KeyUsageCertSign, IsCA: true, BasicConstraintsValid: true}
		id, err := issue(t, nil, key)
		if err != nil {
			panic(err)
		}
		made = append(made, id)
	}
	id, err := leaf.issue(made[0])
	if err != nil {
		panic(err)
	}
	certs := make([]*x509.Certificate, len(made))
	for i, m := range made {
		certs[i] = m.Cert
	}
	return signedBy(id, certs...)
}
