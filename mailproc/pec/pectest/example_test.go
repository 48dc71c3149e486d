package pectest_test

import (
	"fmt"
	"net/smtp"
	"time"

	"sportello/mailproc/pec"
	"sportello/mailproc/pec/pectest"
)

// A provider certifies a customer's message; a verifier that trusts its root and
// its index proves who wrote it.
func ExampleProvider_Transport() {
	p, err := pectest.New(pectest.Options{Domains: []string{"pec.example.it"}})
	if err != nil {
		fmt.Println(err)
		return
	}
	raw := p.Transport(pectest.Message{
		From: "Mario Rossi <mario@pec.example.it>", To: "disattivazioni@pec.example.it", Subject: "Disattivazione casella",
		Text: "Il sottoscritto Mario Rossi titolare della casella PEC mario@pec.example.it richiede la disattivazione anticipata della stessa.\n",
	})
	roots, _ := pec.ParseRoots(p.RootsPEM())
	index, _ := pec.ParseIndex(p.IndexLDIF(), nil)
	trust, _ := pec.NewTrust(pec.TrustConfig{Roots: roots, Index: index})
	fmt.Println(pec.OpenBytes(raw, pec.Options{Trust: trust}).Sender())
	// Output: mario@pec.example.it
}

// The submission server takes a letter and puts its receipts into the writer's
// mailbox; here the recipient's mailbox does not exist.
func ExampleProvider_Serve() {
	p, err := pectest.New(pectest.Options{Domains: []string{"pec.example.it"}})
	if err != nil {
		fmt.Println(err)
		return
	}
	s, err := p.Serve(pectest.ServerOptions{
		Behave: func(pectest.Letter) pectest.Behaviour {
			return pectest.Behaviour{Receipts: pectest.ReceiptsFailed}
		},
		Deliver: func(mailbox string, raw []byte, _ time.Time) error {
			fmt.Println(mailbox, pec.OpenBytes(raw, pec.Options{}).Event())
			return nil
		},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer s.Close()
	letter := "From: sportello@pec.example.it\r\nTo: mario@pec.example.it\r\nSubject: Re: prova\r\nMessage-ID: <1@pec.example.it>\r\n\r\nBuongiorno.\r\n"
	if err := smtp.SendMail(s.Addr, nil, "sportello@pec.example.it", []string{"mario@pec.example.it"}, []byte(letter)); err != nil {
		fmt.Println(err)
	}
	s.Settle()
	fmt.Println(len(s.Letters()), "letter:", s.Letters()[0].MessageID)
	// Output:
	// sportello@pec.example.it accettazione
	// sportello@pec.example.it errore-consegna
	// 1 letter: <1@pec.example.it>
}
