package pectest

import (
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"time"
)

// signedBy makes another identity sign, with the given certificates.
func signedBy(id *Identity, certs ...*x509.Certificate) Variation {
	return func(d *Draft) {
		d.CMS.Signers = []*Identity{id}
		d.CMS.Certificates = append([]*x509.Certificate{id.Cert}, certs...)
	}
}

// issued is a certificate of the world's authority, described by c.
func (c *corpus) issued(cert Certificate) *Identity {
	id, err := c.w.authority.Issue(cert)
	if err != nil {
		panic(err) // the templates below are constants
	}
	return id
}

// forgeSigners are signed by somebody of the same authority who is no provider
// of the index.
func forgeSigners(c *corpus) {
	inter := c.w.authority.Intermediate.Cert
	notice := c.w.Customers.Notice
	untrusted := Want{Statuses: []string{"untrusted"}, Reasons: []string{"not_in_index", "san_mismatch", "usage"}}
	personal := func(name, what string, cert Certificate, v ...Variation) {
		cert.Key = P256
		c.no(name, what, untrusted, append([]Variation{signedBy(c.issued(cert), inter)}, v...)...)
	}
	personal("personal", "a customer's own S/MIME certificate", Certificate{CommonName: "Mario Rossi", Organization: "Persona", Emails: []string{"mario@pec.example.it"}})
	personal("personal-from", "a customer's own certificate and address in From", Certificate{CommonName: "Mario Rossi", Organization: "Persona", Emails: []string{"mario@pec.example.it"}},
		outer("From", "\"Per conto di: mario@pec.example.it\" <mario@pec.example.it>"))
	personal("personal-name", "a person with the provider's name", Certificate{CommonName: "Posta Certificata", Organization: customersName, Emails: []string{"eva@pec.example.it"}})
	personal("same-address", "a certificate for the provider's address, not in the index", Certificate{CommonName: "Posta Certificata", Organization: customersName, Emails: []string{notice}})
	personal("two-addresses", "a certificate for a person and the provider's address", Certificate{CommonName: "Eva", Organization: "Persona", Emails: []string{"eva@pec.example.it", notice}})
	personal("no-address", "a certificate without an address", Certificate{CommonName: notice, Organization: "Persona"})
	personal("two-eku", "a certificate for web clients and mail", Certificate{CommonName: "Eva", Organization: "Persona", Emails: []string{notice}, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth, x509.ExtKeyUsageEmailProtection}})
	c.noFrom(c.w.Unlisted, c.w.request(), "unlisted", "right authority, names and address; not in the index", untrusted)
	newcomer := c.w.request()
	newcomer.From = "mario@example.org"
	c.noFrom(c.w.Newcomer, newcomer, "newcomer", "a provider not in the index, for its own domain", untrusted)
	c.noFrom(c.w.Newcomer, c.w.request(), "newcomer-other", "a provider not in the index, for another's domain", untrusted)
	c.noFrom(c.w.Newcomer, c.w.request(), "newcomer-borrowed", "a provider not in the index with the right one's certificate enclosed", untrusted,
		func(d *Draft) { d.CMS.Certificates = append(d.CMS.Certificates, c.w.Customers.Signer.Cert) })
	c.noFrom(c.w.Misused, c.w.request(), "server-certificate", "a certificate for TLS servers, though in the index", Want{Statuses: []string{"untrusted"}, Reasons: []string{"usage"}})
	c.noFrom(c.w.Revoked, c.w.request(), "revoked", "a certificate revoked nine days before", Want{Statuses: []string{"untrusted"}, Reasons: []string{"revoked"}})
	c.noFrom(c.w.Expired, c.w.request(), "expired", "a certificate expired nine days before", Want{Statuses: []string{"untrusted"}, Reasons: []string{"expired"}})
	c.noFrom(c.w.Future, c.w.request(), "future", "a certificate valid from three weeks later", Want{Statuses: []string{"untrusted"}, Reasons: []string{"not_yet_valid"}})
	c.noFrom(c.w.Expired, c.w.request(), "expired-backdated", "an expired certificate and a signingTime before its end", Want{Statuses: []string{"untrusted"}, Reasons: []string{"expired"}},
		func(d *Draft) { d.CMS.Time = time.Date(2026, 10, 1, 0, 0, 0, 0, rome) })
	for name, u := range map[string]x509.KeyUsage{"encipherment": x509.KeyUsageKeyEncipherment, "agreement": x509.KeyUsageKeyAgreement, "crl": x509.KeyUsageCRLSign} {
		personal("key-usage-"+name, "a key usage without signatures", Certificate{CommonName: "Posta Certificata", Organization: customersName, Emails: []string{notice}, KeyUsage: u})
	}
	for name, u := range map[string]x509.ExtKeyUsage{"codesigning": x509.ExtKeyUsageCodeSigning, "client": x509.ExtKeyUsageClientAuth, "timestamp": x509.ExtKeyUsageTimeStamping} {
		personal("ext-usage-"+name, "an extended usage without e-mail", Certificate{CommonName: "Posta Certificata", Organization: customersName, Emails: []string{notice}, ExtKeyUsage: []x509.ExtKeyUsage{u}})
	}
}

// forgeDomains are providers that sign for mailboxes they do not manage.
func forgeDomains(c *corpus) {
	want := Want{Statuses: []string{"untrusted", "invalid"}, Reasons: []string{"outside_domains", "daticert_malformed"}}
	c.noFrom(c.w.Desk, c.w.request(), "other-provider", "another provider of the index signs for mario@pec.example.it", want)
	for name, from := range map[string]string{
		"subdomain": "mario@studio.pec.example.it", "parent": "mario@example.org", "suffix": "mario@altrapec.example.it",
		"prefix": "mario@pec.example.it.example.org", "sibling": "mario@legalmail.example.org.pec.example.it", "desk": "mario@pec.example.com",
		"trailing": "mario@pec.example.it.altro.example.org", "dash": "mario@pec-example.it.example.org", "bare": "mario@it",
	} {
		m := c.w.request()
		m.From = from
		c.noFrom(c.w.Customers, m, name, "the provider signs for "+from, want)
	}
	c.noFrom(c.w.Desk, c.w.request(), "other-provider-from", "another provider with the right one's address in From", because("san_mismatch", "outside_domains", "envelope_inconsistent"),
		outer("From", "\"Per conto di: mario@pec.example.it\" <"+c.w.Customers.Notice+">"))
	c.no("from-of-other", "the right provider with another's address in From", because("san_mismatch", "envelope_inconsistent"),
		outer("From", "\"Per conto di: mario@pec.example.it\" <"+c.w.Desk.Notice+">"))
	c.no("from-sender", "the sender's own address in From", because("san_mismatch", "envelope_inconsistent"), outer("From", "Mario Rossi <mario@pec.example.it>"))
	c.no("from-lookalike", "an address like the provider's in From", because("san_mismatch", "envelope_inconsistent"),
		outer("From", "\"Per conto di: mario@pec.example.it\" <posta-certificata@pec.example.it.example.org>"))
}

// forgeChains are signed by somebody under no root of ours.
func forgeChains(c *corpus) {
	want := Want{Statuses: []string{"untrusted", "invalid"}, Reasons: []string{"chain", "no_signer", "usage"}}
	inter, foreign := c.w.authority.Intermediate.Cert, c.w.Foreign.authority
	leaf := Certificate{CommonName: "Posta Certificata", Organization: customersName, Emails: []string{c.w.Customers.Notice}, Key: P256}
	c.noFrom(c.w.Foreign, c.w.request(), "foreign", "another authority with the same names", want)
	c.noFrom(c.w.Foreign, c.w.request(), "foreign-root", "another authority, its root enclosed", want, func(d *Draft) {
		d.CMS.Certificates = append(d.CMS.Certificates, foreign.Root.Cert)
	})
	c.noFrom(c.w.Foreign, c.w.request(), "foreign-mixed", "another authority, our intermediate and provider enclosed", want, func(d *Draft) {
		d.CMS.Certificates = append(d.CMS.Certificates, inter, c.w.Customers.Signer.Cert)
	})
	c.noFrom(c.w.Foreign, c.w.request(), "foreign-leaf-ours", "another authority, only our intermediate enclosed", want, func(d *Draft) {
		d.CMS.Certificates = []*x509.Certificate{d.CMS.Certificates[0], inter}
	})
	self, err := SelfSigned(leaf)
	if err != nil {
		panic(err)
	}
	c.no("self-signed", "a certificate that vouches for itself", want, signedBy(self, inter))
	selfCA := leaf
	selfCA.CA, selfCA.KeyUsage = true, x509.KeyUsageDigitalSignature|x509.KeyUsageCertSign
	selfRoot, err := SelfSigned(selfCA)
	if err != nil {
		panic(err)
	}
	c.no("self-root", "a root of one's own that signs by itself", want, signedBy(selfRoot, inter))
	// A provider's certificate is no authority: what it issues is worth nothing.
	below, err := leaf.issue(c.w.P256.Signer)
	if err != nil {
		panic(err)
	}
	c.no("leaf-issues", "a certificate issued by a provider's leaf", want, signedBy(below, c.w.P256.Signer.Cert, inter))
	c.no("no-intermediate", "the intermediate is missing", want, func(d *Draft) { d.CMS.Certificates = d.CMS.Certificates[:1] })
	c.no("no-leaf", "the signer's certificate is missing", because("no_signer"), func(d *Draft) { d.CMS.Certificates = d.CMS.Certificates[1:] })
	c.no("wrong-leaf", "another certificate of the same authority in its place", because("no_signer"), func(d *Draft) {
		d.CMS.Certificates = []*x509.Certificate{c.w.Desk.Signer.Cert, inter}
	})
	outside := leaf
	outside.Emails, outside.Organization = []string{"posta-certificata@altro.example.org"}, customersName
	c.no("constraints", "an address outside the authority's name constraints", Want{Statuses: []string{"untrusted"}}, signedBy(c.issued(outside), inter),
		outer("From", "\"Per conto di: mario@pec.example.it\" <posta-certificata@altro.example.org>"))
	ca := leaf
	ca.CA, ca.KeyUsage = true, x509.KeyUsageCertSign|x509.KeyUsageDigitalSignature
	sub := c.issued(ca)
	deep, err := leaf.issue(sub)
	if err != nil {
		panic(err)
	}
	c.no("path-length", "an authority below one that may have none", want, signedBy(deep, sub.Cert, inter))
	lent := &Identity{Cert: c.w.Customers.Signer.Cert, Key: self.Key}
	c.no("other-key", "the provider's certificate, another key", because("signature_mismatch", "malformed_cms"), signedBy(lent, inter))
	c.no("critical", "a critical extension nobody knows", Want{Statuses: []string{"untrusted", "invalid"}}, signedBy(c.issued(func() Certificate {
		x := leaf
		x.Extensions = criticalExtension
		return x
	}()), inter))
}

// forgePaths are certificates of which crypto/x509 and OpenSSL judge differently; none of them is in the index.
func forgePaths(c *corpus) {
	leaf := Certificate{CommonName: "Posta Certificata", Organization: customersName, Emails: []string{c.w.Customers.Notice}, Key: P256}
	extension := func(oid asn1.ObjectIdentifier, value []byte) Certificate {
		x := leaf
		x.Extensions = []pkix.Extension{{Id: oid, Value: value}}
		return x
	}
	serial := mustDER(c.w.authority.Intermediate.Cert.SerialNumber) // with the zero before a first bit that is set
	keyID, netscape := asn1.ObjectIdentifier{2, 5, 29, 35}, asn1.ObjectIdentifier{2, 16, 840, 1, 113730, 1, 1}
	for name, s := range map[string]struct {
		cert   Certificate
		reason string
	}{
		"other-key":      {extension(keyID, tlv(0x30, tlv(0x80, []byte{1, 2, 3}))), "chain"},
		"other-serial":   {extension(keyID, tlv(0x30, tlv(0xa1, tlv(0xa4, c.w.authority.Root.Cert.RawSubject)), tlv(0x82, []byte{7}))), "chain"},
		"own-serial":     {extension(keyID, tlv(0x30, tlv(0xa1, tlv(0xa4, c.w.authority.Root.Cert.RawSubject)), tlv(0x82, serial[2:]))), "not_in_index"},
		"netscape-tls":   {extension(netscape, []byte{3, 2, 6, 0x40}), "usage"},
		"netscape-smime": {extension(netscape, []byte{3, 2, 5, 0x20}), "not_in_index"},
	} {
		c.no(name, "a certificate with "+name, because(s.reason), signedBy(c.issued(s.cert), c.w.authority.Intermediate.Cert))
	}
	for name, s := range map[string]struct {
		change func(*x509.Certificate)
		reason string
	}{
		"any-usage-authority": {func(t *x509.Certificate) { t.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageAny} }, "usage"},
		"tls-authority":       {func(t *x509.Certificate) { t.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth} }, "usage"},
		"excludes-above":      {func(t *x509.Certificate) { t.ExcludedEmailAddresses = []string{"example.it"} }, "not_in_index"},
		"excludes-host":       {func(t *x509.Certificate) { t.ExcludedEmailAddresses = []string{"pec.example.it"} }, "chain"},
		"excludes-below":      {func(t *x509.Certificate) { t.ExcludedEmailAddresses = []string{".example.it"} }, "chain"},
	} {
		key, err := P256.generate()
		if err != nil {
			panic(err)
		}
		t := &x509.Certificate{Subject: pkix.Name{CommonName: name}, NotBefore: defaultNotBefore, NotAfter: defaultNotAfter, KeyUsage: x509.KeyUsageCertSign, IsCA: true, BasicConstraintsValid: true}
		s.change(t)
		authority, err := issue(t, c.w.authority.Root, key)
		if err != nil {
			panic(err)
		}
		id, err := leaf.issue(authority)
		if err != nil {
			panic(err)
		}
		c.no(name, "under an authority: "+name, because(s.reason), signedBy(id, authority.Cert))
	}
}
