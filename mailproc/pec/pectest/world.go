package pectest

import (
	"crypto"
	"crypto/x509"
	"slices"
	"time"
)

// World is a small market of PEC: two providers in the index, and the people
// around them who would like to pass for one.
type World struct {
	Customers *Provider // manages pec.example.it, where the customers are
	Desk      *Provider // manages pec.example.com, where the request mailboxes are
	Ours      []string  // the request mailboxes

	RSA4096, PSS, P256, P384 *Provider // other certificates of Customers, in the index too
	Unit                     *Provider // a secondary environment of Customers, which signs with its certificate
	Service                  *Provider // in the index; its service mailbox is not the address its envelopes come from
	Deep                     *Provider // in the index; under two authorities of another root, whose name constraints are critical

	Old     *Provider // in the index; its certificate and its authority's are signed with SHA-1
	Renamed *Provider // in the index; its certificate names the authority with other string types than the authority itself

	Unlisted *Provider // right authority and names of Customers, not in the index
	Newcomer *Provider // right authority, a provider of example.org, not in the index
	Expired  *Provider // in the index; valid until 1 November 2026
	Future   *Provider // in the index; valid from 1 December 2026
	Revoked  *Provider // in the index; revoked on 1 November 2026
	Misused  *Provider // in the index; its certificate is for TLS servers
	Astray   *Provider // in the index; the address of its certificate is of another provider's domain
	Foreign  *Provider // all names as Customers, under another authority

	authority *Authority
}

// RevokedAt is when the certificate of World.Revoked was revoked.
var RevokedAt = time.Date(2026, 11, 1, 0, 0, 0, 0, rome)

// Names of the two providers.
const (
	customersName = "Gestore Uno S.p.A."
	deskName      = "Gestore Due S.r.l."
)

// ProviderOf is the provider of an address; nil for ordinary mail.
func (w *World) ProviderOf(address string) *Provider {
	for _, p := range []*Provider{w.Customers, w.Desk} {
		if p.Manages(address) {
			return p
		}
	}
	return nil
}

// authorities are those of the world: the one of nearly everybody, one that nobody trusts, one of two steps under another root, one of
// before 2014, and one that writes its name in two ways.
type authorities struct{ usual, foreign, deep, old, renamed *Authority }

func newAuthorities() (a authorities, err error) {
	for _, m := range []struct {
		to  **Authority
		opt AuthorityOptions
	}{
		{&a.usual, AuthorityOptions{
			Domains:       []string{"pec.example.it", "pec.example.com", "example.org", "gestore.example.org"},
			Organizations: []string{customersName, deskName, "Gestore Nuovo S.r.l.", "Persona"},
		}},
		{&a.foreign, AuthorityOptions{}},
		{&a.deep, AuthorityOptions{Domains: []string{"pec.example.it"}, Organizations: []string{customersName}, Critical: true, Above: true, Key: P256}},
		{&a.old, AuthorityOptions{Name: "CNIPA CA di prova", SHA1: true}},
		{&a.renamed, AuthorityOptions{Domains: []string{"pec.example.it"}, Organizations: []string{customersName}, Renamed: true, Key: P256}},
	} {
		if *m.to, err = NewAuthority(m.opt); err != nil {
			return a, err
		}
	}
	return a, nil
}

// NewWorld makes all its keys and certificates: about a second.
func NewWorld() (*World, error) {
	a, err := newAuthorities()
	if err != nil {
		return nil, err
	}
	w := &World{authority: a.usual, Ours: []string{"disattivazioni@pec.example.com", "customer.service@pec.example.com"}}
	customers := Options{Name: customersName, Domains: []string{"pec.example.it", "legalmail.example.org"}, Authority: a.usual}
	with := func(change func(*Options)) Options {
		o := customers
		change(&o)
		return o
	}
	expired, future := time.Date(2026, 11, 1, 0, 0, 0, 0, rome), time.Date(2026, 12, 1, 0, 0, 0, 0, rome)
	for _, m := range []struct {
		p   **Provider
		opt Options
	}{
		{&w.Customers, customers},
		{&w.Desk, Options{Name: deskName, Domains: []string{"pec.example.com"}, Authority: a.usual}},
		{&w.RSA4096, with(func(o *Options) { o.Key = RSA4096 })},
		{&w.PSS, with(func(o *Options) { o.PSS = true })},
		{&w.P256, with(func(o *Options) { o.Key = P256 })},
		{&w.P384, with(func(o *Options) { o.Key = P384 })},
		{&w.Unlisted, with(func(o *Options) { o.Key = P256 })},
		{&w.Newcomer, Options{Name: "Gestore Nuovo S.r.l.", Domains: []string{"example.org"}, Authority: a.usual}},
		{&w.Expired, with(func(o *Options) { o.NotAfter = expired })},
		{&w.Future, with(func(o *Options) { o.NotBefore = future })},
		{&w.Revoked, customers},
		{&w.Foreign, with(func(o *Options) { o.Authority = a.foreign })},
		{&w.Service, Options{Name: "Gestore Nuovo S.r.l.", Domains: []string{"gestore.example.org"}, Service: "presaincarico@servizio.example.org", Authority: a.usual}},
		{&w.Deep, with(func(o *Options) { o.Authority = a.deep })},
		{&w.Old, with(func(o *Options) { o.Authority, o.Digest = a.old, crypto.SHA1 })},
		{&w.Renamed, with(func(o *Options) { o.Authority, o.Key = a.renamed, P256 })},
		{&w.Astray, with(func(o *Options) {
			o.NoticeAddress, o.Service = "posta-certificata@pec.example.com", "posta-certificata@pec.example.it"
		})},
	} {
		if *m.p, err = New(m.opt); err != nil {
			return nil, err
		}
	}
	misused, err := a.usual.Issue(Certificate{
		CommonName: "Posta Certificata", Organization: customersName, Emails: []string{w.Customers.Notice},
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
	})
	if err != nil {
		return nil, err
	}
	if w.Misused, err = New(with(func(o *Options) { o.Identity = misused })); err != nil {
		return nil, err
	}
	w.Unit, err = New(Options{Name: customersName, Unit: "Ambiente secondario", Domains: []string{"unita.example.org"}, NoticeAddress: w.Customers.Notice,
		Service: "ricevute@unita.example.org", Authority: a.usual, Identity: w.Customers.Signer})
	return w, err
}

// RootsPEM returns the roots to trust.
func (w *World) RootsPEM() []byte {
	return slices.Concat(w.authority.RootPEM(), w.Deep.RootsPEM(), w.Old.RootsPEM(), w.Renamed.RootsPEM())
}

// IndexLDIF returns the providers' index.
func (w *World) IndexLDIF() []byte {
	return WriteIndex(w.Customers, w.Desk, w.RSA4096, w.PSS, w.P256, w.P384, w.Expired, w.Future, w.Revoked, w.Misused,
		w.Unit, w.Service, w.Deep, w.Old, w.Renamed, w.Astray)
}

// CRL returns the authority's revocation list (DER), issued at the given instant.
func (w *World) CRL(at time.Time) ([]byte, error) {
	return w.authority.CRL(at, map[*x509.Certificate]time.Time{w.Revoked.Signer.Cert: RevokedAt})
}

// Sample is a message of a corpus and what a verifier must find.
type Sample struct {
	Name      string // group/variation
	What      string // what was varied or forged, for a person
	Raw       []byte
	Delivered time.Time
	Want      Want
}

// Want is what a verifier must find. Lists hold what is acceptable; an empty
// one accepts anything.
type Want struct {
	Proved   bool
	Sender   string // of a proved envelope
	Kinds    []string
	Statuses []string
	Reasons  []string
}

// corpus collects samples.
type corpus struct {
	w       *World
	group   string
	samples []Sample
}

// deliveredAfter is how long a sample takes to arrive.
const deliveredAfter = 2 * time.Minute

// request is the message most samples are about.
func (w *World) request() Message {
	return Message{
		From: "Mario Rossi <mario@pec.example.it>", To: w.Ours[0], Subject: "Disattivazione casella",
		Text: "Il sottoscritto Mario Rossi titolare della casella PEC mario@pec.example.it richiede la disattivazione anticipata della stessa (come da caso di assistenza 12345).\n",
	}
}

// ok adds a genuine envelope of the usual request, changed by v.
func (c *corpus) ok(name, what string, v ...Variation) {
	c.okFrom(c.w.Customers, c.w.request(), name, what, v...)
}

// okFrom adds a genuine envelope of m made by p.
func (c *corpus) okFrom(p *Provider, m Message, name, what string, v ...Variation) {
	c.add(name, what, p.Transport(m, v...), m.date(), Want{
		Proved: true, Sender: address(m.From), Kinds: []string{"transport"}, Statuses: []string{"valid"},
	})
}

func (c *corpus) add(name, what string, raw []byte, at time.Time, want Want) {
	c.samples = append(c.samples, Sample{
		Name: c.group + "/" + name, What: what, Raw: raw, Delivered: at.Add(deliveredAfter), Want: want,
	})
}
