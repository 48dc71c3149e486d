package mailproc

import (
	"slices"
	"strings"
	"testing"
	"time"

	"sportello/mailproc/pec/pectest"
	"sportello/rules"
)

// TestOddReceipts: receipts as real providers write them, late, in odd forms
// and orders, bring the letter where they say.
func TestOddReceipts(t *testing.T) {
	type given struct {
		by   *pectest.Provider
		kind string
		vary []pectest.Variation
	}
	world, err := makeWorld()
	if err != nil {
		t.Fatal(err)
	}
	at := world.Office()
	daticert := func(f func(*pectest.Daticert)) pectest.Variation {
		return func(d *pectest.Draft) { f(&d.Daticert) }
	}
	reference := func(f func(id string) string) pectest.Variation {
		return func(d *pectest.Draft) {
			for i, h := range d.Header {
				if h.Name == "X-Riferimento-Message-ID" {
					d.Header[i].Value = f(h.Value)
				}
			}
		}
	}
	ours := func(kind string, vary ...pectest.Variation) given { return given{at.Desk, kind, vary} }
	theirs := func(kind string, vary ...pectest.Variation) given { return given{at.Customers, kind, vary} }
	hours := func(n int) pectest.Variation {
		return func(d *pectest.Draft) { pectest.At(d.At.Add(time.Duration(n) * time.Hour))(d) }
	}
	for name, c := range map[string]struct {
		receipts []given
		want     rules.LetterState
	}{
		"three days late":             {[]given{ours(pectest.Accettazione, hours(-72))}, rules.Taken},
		"delivered, a week late":      {[]given{theirs(pectest.AvvenutaConsegna, hours(-170))}, rules.Delivered},
		"white space in daticert":     {[]given{ours(pectest.Accettazione, daticert(func(d *pectest.Daticert) { d.Padded = true }))}, rules.Taken},
		"no brackets around msgid":    {[]given{ours(pectest.Accettazione, daticert(func(d *pectest.Daticert) { d.MessageID = strings.Trim(d.MessageID, "<>") }))}, rules.Taken},
		"white space in msgid":        {[]given{ours(pectest.Accettazione, daticert(func(d *pectest.Daticert) { d.MessageID = "\n\t" + d.MessageID + " \n" }))}, rules.Taken},
		"white space within brackets": {[]given{ours(pectest.Accettazione, daticert(func(d *pectest.Daticert) { d.MessageID = "< " + strings.Trim(d.MessageID, "<>") + "\t>" }))}, rules.Taken},
		"folded reference":            {[]given{ours(pectest.Accettazione, reference(func(id string) string { return "\r\n " + id }))}, rules.Taken},
		"encoded reference": {[]given{ours(pectest.Accettazione, reference(func(id string) string {
			return "=?us-ascii?Q?" + strings.Replace(id[:8], "<", "=3C", 1) + "?=\r\n =?us-ascii?Q?" + strings.ReplaceAll(id[8:], ">", "=3E") + "?="
		}))}, rules.Taken},
		"recipient in capitals":       {[]given{theirs(pectest.AvvenutaConsegna, daticert(func(d *pectest.Daticert) { d.Recipients[0].Address = strings.ToUpper(d.Recipients[0].Address) }))}, rules.Delivered},
		"sender in capitals":          {[]given{ours(pectest.Accettazione, daticert(func(d *pectest.Daticert) { d.Sender = strings.ToUpper(d.Sender) }))}, rules.Taken},
		"complete":                    {[]given{theirs(pectest.AvvenutaConsegna, pectest.Form("completa"))}, rules.Delivered},
		"short":                       {[]given{theirs(pectest.AvvenutaConsegna, pectest.Form("breve"))}, rules.Delivered},
		"synthetic":                   {[]given{theirs(pectest.AvvenutaConsegna, pectest.Form("sintetica"))}, rules.Delivered},
		"delivered before accepted":   {[]given{theirs(pectest.AvvenutaConsegna), ours(pectest.Accettazione)}, rules.Delivered},
		"twelve hours, then a day":    {[]given{ours(pectest.Preavviso, hours(-12)), ours(pectest.Preavviso), ours(pectest.ErroreConsegna)}, rules.Failed},
		"by the recipient's provider": {[]given{ours(pectest.Accettazione), theirs(pectest.ErroreConsegna, pectest.Because("altro", "5.2.2 - casella piena"))}, rules.Failed},
		"a virus, by his provider":    {[]given{ours(pectest.Accettazione), theirs(pectest.RilevazioneVirus)}, rules.Failed},
		"refused for a virus":         {[]given{ours(pectest.NonAccettazione, pectest.Because("virus", "trovato un virus"))}, rules.Failed},
		"failed before accepted":      {[]given{ours(pectest.ErroreConsegna), ours(pectest.Accettazione)}, rules.Failed},
		"delivered after all":         {[]given{ours(pectest.Accettazione), ours(pectest.ErroreConsegna), theirs(pectest.AvvenutaConsegna)}, rules.Delivered},
		"delivered, then failed":      {[]given{theirs(pectest.AvvenutaConsegna), ours(pectest.ErroreConsegna)}, rules.Delivered},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newScene(t).start()
			s.behave(pectest.Behaviour{Receipts: pectest.ReceiptsNone})
			s.put(s.request(1))
			l := s.letter(1, 1, rules.Sent)
			about := pectest.Message{From: s.at.Deactivations, To: customerAddress(1), Subject: "Re: x", MessageID: l.MessageID, Date: s.clock.now()}
			for _, g := range c.receipts {
				s.put(g.by.Receipt(g.kind, about, slices.Concat([]pectest.Variation{pectest.For(customerAddress(1))}, g.vary)...))
			}
			s.until("they are read", func() bool {
				n, _ := s.messages()
				sum := 0
				for _, k := range n {
					sum += k
				}
				return sum == 1+len(c.receipts)
			})
			if got := s.of(1).Letter(1); got.State != c.want {
				_, parked := s.messages()
				t.Errorf("the letter is %s by %+v, want %s; parked %v", got.State, got.Receipts, c.want, parked)
			}
			s.once(1)
		})
	}
}
