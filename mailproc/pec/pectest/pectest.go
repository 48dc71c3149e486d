package pectest

import (
	"crypto"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"hash/fnv"
	"strings"
	"sync/atomic"
	"time"
	_ "time/tzdata" // Italian time on machines without a zone database
)

// rome is the zone in which providers write their dates.
var rome = func() *time.Location {
	l, err := time.LoadLocation("Europe/Rome")
	if err != nil {
		panic(err) // cannot happen: the zone database is embedded
	}
	return l
}()

// Options describes a provider. Only Domains is needed.
type Options struct {
	Name          string   // organisation; default "Gestore di prova S.p.A."
	Domains       []string // mail domains it manages
	NoticeAddress string   // default posta-certificata@<first domain>
	Service       string   // its service mailbox, mailReceipt in the index; default NoticeAddress
	Unit          string   // a secondary environment of the provider of this name
	NotBefore     time.Time
	NotAfter      time.Time
	Digest        crypto.Hash // of its signatures; default SHA-256
	PSS           bool        // sign with RSASSA-PSS
	Key           KeyType     // default RSA-2048
	Authority     *Authority  // default: one of its own
	Identity      *Identity   // sign with this instead of a new certificate
}

// Provider is a PEC provider: what it makes is signed with its certificate. It
// is safe for concurrent use.
type Provider struct {
	Name    string
	Domains []string
	Notice  string // the address its envelopes and receipts come from
	Service string // the service mailbox
	Unit    string // "" for the provider itself
	Signer  *Identity

	authority *Authority
	digest    crypto.Hash
	pss       bool
	seed      uint32 // sets apart the identifiers of providers and of processes
	counter   atomic.Uint64
}

// New makes a provider.
func New(opt Options) (*Provider, error) {
	if len(opt.Domains) == 0 {
		return nil, errors.New("pectest: a provider needs a domain")
	}
	if opt.Name == "" {
		opt.Name = "Gestore di prova S.p.A."
	}
	if opt.NoticeAddress == "" {
		opt.NoticeAddress = "posta-certificata@" + opt.Domains[0]
	}
	if opt.Service == "" {
		opt.Service = opt.NoticeAddress
	}
	if opt.Digest == 0 {
		opt.Digest = crypto.SHA256
	}
	if opt.Authority == nil {
		_, host, _ := strings.Cut(opt.NoticeAddress, "@")
		a, err := NewAuthority(AuthorityOptions{Domains: []string{host}, Organizations: []string{opt.Name}})
		if err != nil {
			return nil, err
		}
		opt.Authority = a
	}
	if opt.Identity == nil {
		id, err := opt.Authority.Issue(Certificate{
			CommonName: "Posta Certificata " + opt.Name, Organization: opt.Name, Emails: []string{opt.NoticeAddress},
			NotBefore: opt.NotBefore, NotAfter: opt.NotAfter, Key: opt.Key,
		})
		if err != nil {
			return nil, err
		}
		opt.Identity = id
	}
	h := fnv.New32a()
	h.Write(opt.Identity.Cert.Raw)
	return &Provider{
		Name: opt.Name, Domains: opt.Domains, Notice: opt.NoticeAddress, Service: opt.Service, Unit: opt.Unit, Signer: opt.Identity,
		authority: opt.Authority, digest: opt.Digest, pss: opt.PSS, seed: h.Sum32(),
	}, nil
}

// Authority returns the authority that issued the provider's certificate.
func (p *Provider) Authority() *Authority { return p.authority }

// RootsPEM returns the root certificate, the only thing a verifier needs to trust.
func (p *Provider) RootsPEM() []byte { return p.authority.RootPEM() }

// Manages reports whether the address is of one of the provider's domains.
func (p *Provider) Manages(address string) bool {
	_, host, _ := strings.Cut(address, "@")
	for _, d := range p.Domains {
		if strings.EqualFold(host, d) {
			return true
		}
	}
	return false
}

// host is the domain of the provider's notice address, used in identifiers.
func (p *Provider) host() string {
	_, h, _ := strings.Cut(p.Notice, "@")
	return h
}

// identifier makes a new identificativo of the shape providers use.
func (p *Provider) identifier(at time.Time) string {
	n := p.counter.Add(1)
	return fmt.Sprintf("opec%d.%s.%05d.%02d.1.%d@%s", p.seed%9000+1000, at.In(rome).Format("20060102150405"), p.seed%100000, n%97, n, p.host())
}

func certificatePEM(certs ...*x509.Certificate) []byte {
	var out []byte
	for _, c := range certs {
		out = append(out, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: c.Raw})...)
	}
	return out
}
