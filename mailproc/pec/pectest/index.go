package pectest

import (
	"bytes"
	"crypto/sha1"
	"encoding/base64"
	"fmt"
	"strings"
)

// IndexLDIF writes the providers' index (RFC 6109 §4.5) that lists p and the
// others, in the shape of the real one: folded lines, base64 certificates.
func (p *Provider) IndexLDIF(others ...*Provider) []byte {
	return WriteIndex(append([]*Provider{p}, others...)...)
}

// WriteIndex writes the index of the providers. Providers of the same name and unit
// become one entry with several certificates.
func WriteIndex(providers ...*Provider) []byte {
	var b bytes.Buffer
	ldif(&b, "dn", "o=postacert")
	ldif(&b, "objectclass", "top")
	ldif(&b, "objectclass", "organization")
	ldif(&b, "objectclass", "LDIFLocationURLObject")
	ldif(&b, "o", "postacert")
	ldif(&b, "LDIFLocationURL", "https://www.example.org/postacert.ldif")
	ldif(&b, "description", "Indice dei gestori di prova")
	b.WriteString("\n")
	written := map[string]bool{}
	for _, p := range providers {
		if written[p.entryName()] {
			continue
		}
		written[p.entryName()] = true
		p.entry(&b, providers)
	}
	return b.Bytes()
}

// entryName is the distinguished name of the provider's entry.
func (p *Provider) entryName() string {
	dn := "providerName=" + escapeDN(p.Name) + ",o=postacert"
	if p.Unit != "" {
		dn = "providerUnit=" + escapeDN(p.Unit) + "," + dn
	}
	return dn
}

// entry writes one provider with the certificates of all of its name.
func (p *Provider) entry(b *bytes.Buffer, all []*Provider) {
	ldif(b, "dn", p.entryName())
	ldif(b, "objectclass", "top")
	ldif(b, "objectclass", "provider")
	ldif(b, "providerName", p.Name)
	if p.Unit != "" {
		ldif(b, "providerUnit", p.Unit)
	}
	ldif(b, "description", "Servizi di posta certificata di "+p.Name)
	seen := map[string]bool{}
	once := func(name, value string) {
		if key := name + value; !seen[key] {
			seen[key] = true
			ldif(b, name, value)
		}
	}
	for _, q := range all {
		if q.entryName() != p.entryName() {
			continue
		}
		once("providerCertificateHash", fmt.Sprintf("%X", sha1.Sum(q.Signer.Cert.Raw)))
		ldifBytes(b, "providerCertificate;binary", q.Signer.Cert.Raw)
		once("mailReceipt", q.Service)
		for _, d := range q.Domains {
			once("managedDomains", d)
		}
	}
	if p.Unit == "" {
		ldif(b, "LDIFLocationURL", "https://www."+p.host()+"/provider.ldif")
	}
	b.WriteString("\n")
}

// escapeDN escapes the comma of names such as "Gestore, S.p.A.".
func escapeDN(s string) string { return strings.ReplaceAll(s, ",", `\,`) }

// ldif writes one attribute, in base64 when it is not plain (RFC 2849).
func ldif(b *bytes.Buffer, name, value string) {
	for _, r := range value {
		if r > 126 || r < 32 {
			ldifBytes(b, name, []byte(value))
			return
		}
	}
	fold(b, name+": "+value)
}

func ldifBytes(b *bytes.Buffer, name string, value []byte) {
	fold(b, name+":: "+base64.StdEncoding.EncodeToString(value))
}

// fold cuts a line at 76 columns; the rest begins with a space.
func fold(b *bytes.Buffer, line string) {
	for len(line) > 76 {
		b.WriteString(line[:76] + "\n")
		line = " " + line[76:]
	}
	b.WriteString(line + "\n")
}

// SignedIndex wraps an index in a signed PKCS #7 (DER), as it is distributed.
func SignedIndex(ldif []byte, by *Identity) ([]byte, error) {
	return defaultCMS(by, ldif).sign(ldif)
}
