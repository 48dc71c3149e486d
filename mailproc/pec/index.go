package pec

import (
	"bytes"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/hex"
	"encoding/pem"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
)

// Index is the providers' index, the indice dei gestori (RFC 6109 §4.5): who is a provider, which
// certificates it signs with, which mail domains it manages.
type Index struct {
	Providers []Provider
	Signer    *x509.Certificate // of a signed index; nil when the file was plain
	Warnings  []string          // what is odd in it and was read all the same
}

// Provider is one entry of the index: a provider, or one of its units with certificates and
// domains of its own.
type Provider struct {
	Name         string // providerName
	Unit         string // providerUnit, "" for the provider itself
	MailReceipt  string // the service mailbox, for receipts among providers; see Trust.noticeOf
	Domains      []string
	Certificates []*x509.Certificate
	Hashes       []string // providerCertificateHash: SHA-1 of a certificate, lower-case hex
	LDIFLocation string   // where the provider publishes its own entries
}

// ParseIndex reads an index: plain LDIF, or LDIF inside a signed PKCS#7 (DER, PEM or base64)
// whose signer is one of signers. With signers given a plain file is refused.
func ParseIndex(data []byte, signers []*x509.Certificate) (*Index, error) {
	if len(data) > maxIndex {
		return nil, fmt.Errorf("index: larger than %d MiB", maxIndex>>20)
	}
	x := &Index{}
	if der := pkcs7Bytes(data); der != nil {
		ldif, signer, err := openSignedIndex(der, signers)
		if err != nil {
			return nil, fmt.Errorf("index: %w", err)
		}
		data, x.Signer = ldif, signer
	} else if len(signers) > 0 {
		return nil, errors.New("index: the file is not signed, and a signer is configured")
	}
	entries, err := parseLDIF(data)
	if err != nil {
		return nil, fmt.Errorf("index: %w", err)
	}
	for _, e := range entries {
		x.add(e)
	}
	if len(x.Providers) == 0 {
		return nil, errors.New("index: no entry of class provider found")
	}
	x.checkAddresses()
	return x, nil
}

// pkcs7Bytes returns the DER of a signed file, nil when data looks like LDIF.
func pkcs7Bytes(data []byte) []byte {
	if len(data) > 0 && data[0] == 0x30 {
		return data
	}
	if b, _ := pem.Decode(data); b != nil {
		return b.Bytes
	}
	compact := bytes.Join(bytes.Fields(data), nil)
	if bytes.HasPrefix(compact, []byte("MI")) && !bytes.ContainsRune(compact, ':') {
		if der, err := base64.StdEncoding.DecodeString(string(compact)); err == nil {
			return der
		}
	}
	return nil
}

func openSignedIndex(der []byte, signers []*x509.Certificate) ([]byte, *x509.Certificate, error) {
	if len(signers) == 0 {
		return nil, nil, errors.New("the file is signed, and no signer is configured to check it against")
	}
	sd, err := parseSignedData(der, maxIndex)
	if err != nil {
		return nil, nil, err
	}
	if !sd.attached {
		return nil, nil, errors.New("the signature does not hold the index it signs")
	}
	sum := sumOf(sd.signer.digest, sd.content)
	for _, c := range signers {
		if err = sd.signer.verify(c, sum, sd.contentType); err == nil {
			return sd.content, c, nil
		}
	}
	return nil, nil, errors.New("the signer is none of the configured ones, or the signature does not match")
}

// add reads one entry. Entries of other classes (the base o=postacert) are passed over.
func (x *Index) add(e ldifEntry) {
	p := Provider{}
	class := false
	dn := ""
	for _, a := range e.attrs {
		v := strings.TrimSpace(string(a.value))
		switch a.name {
		case "dn":
			dn = v
		case "objectclass":
			class = class || strings.EqualFold(v, "provider")
		case "providername":
			p.Name = v
		case "providerunit":
			p.Unit = v
		case "mailreceipt":
			p.MailReceipt = Address(v)
		case "manageddomains":
			if d := domainValue(v); d != "" {
				p.Domains = append(p.Domains, d)
			}
		case "providercertificatehash":
			if h, ok := hashValue(v); ok {
				p.Hashes = append(p.Hashes, h)
			} else {
				x.warn("%s: providerCertificateHash is not a SHA-1 in hex", dn)
			}
		case "providercertificate;binary", "providercertificate":
			c, err := x509.ParseCertificate(a.value)
			if err != nil {
				x.warn("%s: providerCertificate cannot be read: %v", dn, err)
				continue
			}
			p.Certificates = append(p.Certificates, c)
		case "ldiflocationurl":
			p.LDIFLocation = v
		}
	}
	if !class {
		return
	}
	x.check(dn, &p)
	x.Providers = append(x.Providers, p)
}

// check warns of an entry whose hashes and certificates do not belong together.
func (x *Index) check(dn string, p *Provider) {
	if len(p.Hashes) == 0 {
		return
	}
	for _, c := range p.Certificates {
		sum := sha1.Sum(c.Raw)
		if !slices.Contains(p.Hashes, hex.EncodeToString(sum[:])) {
			x.warn("%s: the certificate of serial number %s is not the one its hash names", dn, c.SerialNumber)
		}
	}
}

// checkAddresses warns of certificates by which nobody will be proved, for the address they bear.
func (x *Index) checkAddresses() {
	t := &Trust{index: x}
	t.pin(x)
	for _, p := range x.Providers {
		for _, c := range p.Certificates {
			known := newCertificate(c)
			ids := t.signersOf(known)
			if !slices.ContainsFunc(known.addresses, func(a string) bool { return t.noticeOf(ids, a) >= 0 }) {
				x.warn("%s: the certificate of serial number %s bears no address from which this provider may send: %s",
					p.Name, c.SerialNumber, strings.Join(c.EmailAddresses, " "))
			}
		}
	}
}

func (x *Index) warn(format string, args ...any) {
	x.Warnings = append(x.Warnings, fmt.Sprintf(format, args...))
}

// domainValue folds a managed domain; values are seen with a leading @ or a trailing dot.
func domainValue(v string) string {
	return strings.Trim(strings.ToLower(strings.TrimSpace(v)), "@.")
}

func hashValue(v string) (string, bool) {
	h := strings.ToLower(strings.NewReplacer(":", "", " ", "").Replace(v))
	b, err := hex.DecodeString(h)
	return h, err == nil && len(b) == sha1.Size
}

// pin makes the index ready to be asked.
func (t *Trust) pin(x *Index) {
	t.pinned = map[[32]byte][]int{}
	t.pinnedSHA1 = map[string][]int{}
	t.domains = map[string][]int{}
	for i, p := range x.Providers {
		given := map[string]bool{}
		for _, c := range p.Certificates {
			sum, old := sha256.Sum256(c.Raw), sha1.Sum(c.Raw)
			t.pinned[sum] = append(t.pinned[sum], i)
			given[hex.EncodeToString(old[:])] = true
		}
		for _, h := range p.Hashes { // of certificates that are not given, as a new one may be beside the old
			if !given[h] {
				t.pinnedSHA1[h] = append(t.pinnedSHA1[h], i)
			}
		}
		for _, d := range p.Domains {
			t.domains[d] = append(t.domains[d], i)
		}
	}
}

// signersOf returns the providers for which the certificate is pinned.
func (t *Trust) signersOf(c *certificate) []int {
	return append(slices.Clip(t.pinned[c.sum]), t.pinnedSHA1[c.sha1]...)
}

// noticeOf returns the first of the providers that may send envelopes from the address, -1 when there is none. The index
// does not give that address: mailReceipt is the service mailbox for receipts among providers, which may be the same one
// (RFC 6109 §2.2.6, §4.5.4). Envelopes come from posta-certificata@[mail domain] (§3.1.5), and that domain is one
// the provider manages (§7), or at least one of the same house as its service mailbox. Without an index that name is all
// there is to ask for: it keeps out the certificates of persons, which the same authorities issue.
func (t *Trust) noticeOf(providers []int, address string) int {
	host, named := strings.CutPrefix(address, "posta-certificata@")
	if t.index == nil && named {
		return 0
	}
	for _, i := range providers {
		receipt := t.index.Providers[i].MailReceipt
		if address != "" && address == receipt || named && (t.managesHost(i, host) || sameHouse(host, Domain(receipt))) {
			return i
		}
	}
	return -1
}

// managesHost reports whether a provider manages the domain of a host or one above it.
func (t *Trust) managesHost(provider int, host string) bool {
	for strings.IndexByte(host, '.') > 0 {
		if t.manages(provider, host) {
			return true
		}
		_, host, _ = strings.Cut(host, ".")
	}
	return false
}

// sameHouse reports whether one of two domains is the other or lies below it.
func sameHouse(a, b string) bool {
	if len(a) > len(b) {
		a, b = b, a
	}
	return strings.IndexByte(a, '.') > 0 && (a == b || strings.HasSuffix(b, "."+a))
}

// manages reports whether a provider manages the domain.
func (t *Trust) manages(provider int, domain string) bool {
	return slices.Contains(t.domains[domain], provider)
}

// ProviderFor returns the providers that may sign for an address, which may be a bare domain.
func (t *Trust) ProviderFor(address string) []Provider {
	if t == nil || t.index == nil {
		return nil
	}
	domain := Domain(address)
	if domain == "" {
		domain = domainValue(address)
	}
	var out []Provider
	for _, i := range t.domains[domain] {
		out = append(out, t.index.Providers[i])
	}
	return out
}

// Lasts returns the certificate that the proof of a domain's messages will miss first: of the domain's providers the one
// that lasts longest, or a root that ends before it; nil when the index gives none. A root that ended already is not
// meant: it is kept for what was signed in its time.
func (t *Trust) Lasts(domain string, now time.Time) *x509.Certificate {
	var last *x509.Certificate
	for _, p := range t.ProviderFor(domain) {
		for _, c := range p.Certificates {
			if last == nil || c.NotAfter.After(last.NotAfter) {
				last = c
			}
		}
	}
	if last == nil {
		return nil
	}
	for _, r := range t.roots {
		if r.NotAfter.After(now) && r.NotAfter.Before(last.NotAfter) && bytes.Equal(r.RawSubject, last.RawIssuer) {
			last = r
		}
	}
	return last
}
