package pec_test

import (
	"fmt"
	"log"
	"os"
	"time"

	"sportello/mailproc/pec"
)

// A message is read from a mailbox, and its sender proved.
func Example() {
	read := func(name string) []byte {
		b, err := os.ReadFile("testdata/example/" + name)
		if err != nil {
			log.Fatal(err)
		}
		return b
	}
	roots, err := pec.ParseRoots(read("radici.pem"))
	if err != nil {
		log.Fatal(err)
	}
	index, err := pec.ParseIndex(read("gestori.ldif"), nil)
	if err != nil {
		log.Fatal(err)
	}
	trust, err := pec.NewTrust(pec.TrustConfig{Roots: roots, Index: index})
	if err != nil {
		log.Fatal(err)
	}
	env := pec.OpenBytes(read("busta.eml"), pec.Options{
		Trust:     trust,
		Delivered: time.Date(2026, 11, 10, 9, 23, 0, 0, time.UTC),
		Ours:      []string{"disattivazioni@pec.example.com"},
	})
	fmt.Println(env.Kind, env.Verdict.Status, env.Verdict.Provider, env.Verdict.Digest, env.Verdict.Notes)
	fmt.Println("from", env.Sender(), "at", env.CertifiedAt().Format(time.RFC3339))
	fmt.Println(env.Original.Subject)

	// the same message, one letter changed within what is signed
	forged := []byte(string(read("busta.eml")))
	for i := len(forged) / 2; ; i++ {
		if forged[i] == 'a' {
			forged[i] = 'o'
			break
		}
	}
	env = pec.OpenBytes(forged, pec.Options{Trust: trust})
	fmt.Printf("%s: %s. Sender %q\n", env.Verdict.Status, env.Verdict.Detail, env.Sender())
	// Output:
	// transport valid Gestore Uno S.p.A. sha256 [no_crl]
	// from mario@pec.example.it at 2026-11-10T10:22:05+01:00
	// Disattivazione casella
	// invalid: the signed part was changed after it was signed. Sender ""
}

// A receipt is believed when it is signed, and says itself which letter it is about.
func ExampleOpenBytes_receipt() {
	raw, err := os.ReadFile("testdata/example/consegna.eml")
	if err != nil {
		log.Fatal(err)
	}
	env := pec.OpenBytes(raw, pec.Options{}) // nobody is trusted
	fmt.Println(env.Kind, env.Verdict.Status, env.Verdict.Reason)
	fmt.Println(env.Event(), "of", env.Reference())
	// Output:
	// receipt untrusted chain
	// avvenuta-consegna of 2026-000123.1@pec.example.com
}
